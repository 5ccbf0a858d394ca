"""Dates, durations and sizes as Cassandra's tools print them.

Java's formatting, in UTC: ``SimpleDateFormat`` with its Julian calendar before 1582,
``DurationFormatUtils.formatDurationWords`` and rounding of halves up.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from cqlite.codec import ieee
from cqlite.types.java_numbers import double_text

MAX_LONG = 0x7FFFFFFFFFFFFFFF
_MAX_INT = 0x7FFFFFFF
_MILLIS_PER_DAY = 86_400_000
_GREGORIAN_START = -12_219_292_800_000
"""1582-10-15 in milliseconds, when Java's calendar turns from Julian to Gregorian."""

UNITS = {
    "NANOSECONDS": 1_000_000_000,
    "MICROSECONDS": 1_000_000,
    "MILLISECONDS": 1_000,
    "SECONDS": 1,
}
"""Java's names of time units, and how many make a second."""


def double(value: float) -> str:
    """A number as Java prints a ``double``."""
    return double_text(ieee.pack_f8(value))


def date(time: int, unit: str) -> str | None:
    """``time`` since 1970 as ``MM/dd/yyyy HH:mm:ss``; ``None`` for 0."""
    if time == 0:
        return None
    millis = _to_millis(time, unit)
    days, rest = divmod(millis, _MILLIS_PER_DAY)
    year, month, day = _civil(days, is_julian=millis < _GREGORIAN_START)
    seconds = rest // 1000
    era_year = year if year > 0 else 1 - year
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{month:02}/{day:02}/{era_year:04} {clock}"


def _to_millis(time: int, unit: str) -> int:
    """Towards zero, and no further than 64 bits."""
    per_second = UNITS[unit]
    if per_second <= 1000:
        return max(-MAX_LONG - 1, min(time * (1000 // per_second), MAX_LONG))
    return _truncate(time, per_second // 1000)


def _truncate(value: int, divisor: int) -> int:
    quotient = abs(value) // divisor
    return quotient if value >= 0 else -quotient


def _civil(days: int, *, is_julian: bool) -> tuple[int, int, int]:
    """Year (0 is 1 BC), month and day of ``days`` since 1970-01-01.

    Counts in years that start in March, so that a leap day is a year's last.
    """
    if is_julian:
        year, day_of_year = _years(days + 719470, 4)
    else:
        since_march_0 = days + 719468
        era, day_of_era = divmod(since_march_0, 146097)
        century = min(day_of_era // 36524, 3)
        year, day_of_year = _years(day_of_era - century * 36524, 4)
        year += era * 400 + century * 100
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    return year + (month > 9), month + 3 if month < 10 else month - 9, day


def _years(days: int, cycle: int) -> tuple[int, int]:
    """Years and the days left over, where every ``cycle``-th year is a leap year."""
    cycles, rest = divmod(days, 365 * cycle + 1)
    years = min(rest // 365, cycle - 1)
    return cycles * cycle + years, rest - years * 365


def duration(seconds: int) -> str | None:
    """A time to live in words; ``None`` for 0, ``never`` for the largest integer."""
    if seconds == 0:
        return None
    if seconds == _MAX_INT:
        return "never"
    if seconds < 0:
        return f"{seconds} seconds"
    units = {
        "day": seconds // 86400,
        "hour": seconds // 3600 % 24,
        "minute": seconds // 60 % 60,
        "second": seconds % 60,
    }
    used = [index for index, value in enumerate(units.values()) if value]
    words = [f"{value} {name}{'' if value == 1 else 's'}" for name, value in units.items()]
    return " ".join(words[used[0] : used[-1] + 1])


def span(length: int, unit: str) -> str:
    """The time between two timestamps, in days, hours, minutes and seconds."""
    seconds = _truncate(length, UNITS[unit])
    sign = -1 if seconds < 0 else 1
    seconds = abs(seconds)
    days, hours = sign * (seconds // 86400), sign * (seconds // 3600 % 24)
    minutes, rest = sign * (seconds // 60 % 60), sign * (seconds % 60)
    return f"Days: {days} Hours: {hours} Minutes: {minutes} Seconds: {rest}"


def size(length: int) -> str | None:
    """A number of bytes with a unit; ``None`` for 0."""
    if length == 0:
        return None
    if length < 1024:
        return f"{length} B"
    exponent = int(math.log(length) / math.log(1024))
    scaled = Decimal(double(length / math.pow(1024, exponent)))
    return f"{scaled.quantize(Decimal('0.1'), ROUND_HALF_UP)} {'kMGTPE'[exponent - 1]}B"
