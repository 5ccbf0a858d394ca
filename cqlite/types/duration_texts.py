"""Texts of durations, as ``cql3.Duration.from`` takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_HOUR: Final = 3600 * 10**9
_UNITS: Final = {
    "y": (1, "years", 0, 12),
    "mo": (2, "months", 0, 1),
    "w": (3, "weeks", 1, 7),
    "d": (4, "days", 1, 1),
    "h": (5, "hours", 2, _HOUR),
    "m": (6, "minutes", 2, 60 * 10**9),
    "s": (7, "seconds", 2, 10**9),
    "ms": (8, "milliseconds", 2, 10**6),
    "us": (9, "microseconds", 2, 10**3),
    "µs": (9, "microseconds", 2, 10**3),
    "ns": (10, "nanoseconds", 2, 1),
}
"""Of each unit its place, its name, which of a duration's numbers it is part of, and how much."""

_PARTS: Final = (("months", (1 << 31) - 1), ("days", (1 << 31) - 1), ("nanoseconds", (1 << 63) - 1))

# Compiled, and then kept, by ``re`` where a text is read: few programs read any.
_STANDARD: Final = r"([0-9]+)(mo|ms|us|µs|ns|[ywdhsm])"
_ISO: Final = {
    r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?": ("y", "mo", "d", "h", "m", "s"),
    r"P([0-9]+)W": ("w",),
    r"P([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})": (
        *("y", "mo", "d", "h", "m", "s"),
    ),
}


def parse_duration(text: str) -> tuple[int, int, int]:
    """Months, days and nanoseconds.

    Raises:
        ValueError: it is no duration; the message is Cassandra's.
    """
    source = text.removeprefix("-")
    totals = [0, 0, 0]
    last = 0
    for digits, unit in _numbers(source):
        place, name, index, size = _UNITS[unit]
        _check_order(last, place, name)
        last = place
        part, most = _PARTS[index]
        if int(digits) > (most - totals[index]) // size:
            raise ValueError(
                f"Invalid duration. The total number of {part} must be less or equal to 2147483647"
            )
        totals[index] += int(digits) * size
    sign = -1 if text is not source else 1
    months, days, nanoseconds = (sign * total for total in totals)
    return months, days, nanoseconds


def _numbers(source: str) -> Iterator[tuple[str, str]]:
    """The numbers of a duration without a sign, each with its unit."""
    if source.startswith("P"):
        for pattern, units in _ISO.items():
            if match := re.fullmatch(pattern, source):
                pairs = zip(match.groups(), units, strict=True)
                yield from ((digits, unit) for digits, unit in pairs if digits is not None)
                return
        raise ValueError(f"Unable to convert '{source}' to a duration")
    end = 0
    standard = re.compile(_STANDARD, re.IGNORECASE)
    # Cassandra looks at units before it knows whether all of the text is a duration.
    while match := standard.match(source, end):
        yield match[1], match[2].lower()
        end = match.end()
    if not end or end < len(source):
        raise ValueError(f"Unable to convert '{source}' to a duration")


def _check_order(last: int, place: int, name: str) -> None:
    if place == last:
        raise ValueError(f"Invalid duration. The {name} are specified multiple times")
    if place < last:
        before = next(unit[1] for unit in _UNITS.values() if unit[0] == last)
        raise ValueError(f"Invalid duration. The {before} should be after {name}")
