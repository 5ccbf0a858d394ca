"""Adding months to times as ``java.util.GregorianCalendar`` does.

Java's calendar is the Julian one before 15 October 1582.
"""

from __future__ import annotations

import datetime
from typing import Final

MILLIS_PER_DAY: Final = 86_400_000
_CUTOVER_DAY: Final = -141_427
"""Days from 1970 to 15 October 1582."""
_UNIX_ORDINAL: Final = datetime.date(1970, 1, 1).toordinal()
_ERA_YEARS, _ERA_DAYS = 400, 146_097
_JULIAN_CYCLE_DAYS: Final = 1461
_JULIAN_SHIFT: Final = 719_470
"""Days from 1 March of the year 0 in the Julian calendar to 1970."""


def add_months(millis: int, months: int) -> int:
    """``millis`` since 1970 with months added; the day is the month's last if it has no such."""
    days, rest = divmod(millis, MILLIS_PER_DAY)
    year, month, day = civil(days)
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    return _days(year, month, min(day, _length(year, month))) * MILLIS_PER_DAY + rest


def civil(days: int) -> tuple[int, int, int]:
    """Year (0 is the one before 1), month and day of days since 1970."""
    if days < _CUTOVER_DAY:
        return _julian(days)
    era, day = divmod(days + _UNIX_ORDINAL - 1, _ERA_DAYS)
    date = datetime.date.fromordinal(day + 1)
    return date.year + era * _ERA_YEARS, date.month, date.day


def _days(year: int, month: int, day: int) -> int:
    if (year, month, day) < (1582, 10, 15):
        return _of_julian(year, month, day)
    era, rest = divmod(year - 1, _ERA_YEARS)
    return datetime.date(rest + 1, month, day).toordinal() + era * _ERA_DAYS - _UNIX_ORDINAL


def _length(year: int, month: int) -> int:
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    last = _days(*after, 1) - 1
    return civil(last)[2]


def _julian(days: int) -> tuple[int, int, int]:
    """Years of 365 days, every fourth of 366, which here begin in March."""
    cycle, day = divmod(days + _JULIAN_SHIFT, _JULIAN_CYCLE_DAYS)
    in_cycle = min(day // 365, 3)
    day -= in_cycle * 365
    shifted = (5 * day + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = cycle * 4 + in_cycle + (month <= 2)
    return year, month, day - (153 * shifted + 2) // 5 + 1


def _of_julian(year: int, month: int, day: int) -> int:
    year -= month <= 2
    cycle, in_cycle = divmod(year, 4)
    shifted = month - 3 if month > 2 else month + 9
    day_of_year = (153 * shifted + 2) // 5 + day - 1
    return cycle * _JULIAN_CYCLE_DAYS + in_cycle * 365 + day_of_year - _JULIAN_SHIFT
