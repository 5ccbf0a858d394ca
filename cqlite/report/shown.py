"""Numbers and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def size(length: float) -> str:
    """A number of bytes with its unit."""
    unit = 0
    while length >= 1024 and unit < len(_UNITS) - 1:
        length /= 1024
        unit += 1
    return f"{length:,.0f} B" if unit == 0 else f"{length:,.1f} {_UNITS[unit]}"


def number(value: float) -> str:
    """A count with commas; what is estimated is rounded."""
    return f"{value:,.0f}"


def count(value: int, what: str) -> str:
    """So many of something, whose name gets an ``s`` but for one."""
    return f"{value:,} {what}{'' if value == 1 else 's'}"


def short(text: str, most: int) -> str:
    """A text's start where it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def rows(value: int) -> str:
    """An SSTable's number of rows, which early formats do not know."""
    return number(value) if value >= 0 else "?"


def share(value: float) -> str:
    """A share from 0 to 1 in percent."""
    return f"{value:.1%}"


def time(seconds: float | None) -> str:
    """Seconds since 1970 in UTC; the bare number where no calendar has it, a dash for none."""
    if seconds is None:
        return "—"
    try:
        return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return f"{seconds:.0f}"


def timestamp(microseconds: int) -> str:
    """Microseconds since 1970 in UTC, to the second."""
    return time(microseconds / 1_000_000)
