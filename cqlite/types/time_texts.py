"""Texts of timestamps, dates and times, as Cassandra takes them by Java's formatters."""

from __future__ import annotations

import datetime
import re
from typing import Final, NamedTuple

MILLIS_PER_DAY: Final = 86_400_000
EPOCH_DAY: Final = datetime.date(1970, 1, 1).toordinal()
DAYS_PER_ERA: Final = 146_097
YEARS_PER_ERA: Final = 400
_LAST_YEAR: Final = 999_999_999
_MOST_OFFSET: Final = 18 * 3600

# Compiled, and then kept, by ``re`` where a text is read: few programs read any.
_RAW: Final = r"-?[0-9]+"
_ISO_DATE: Final = r"(-?[0-9]{4}|[+-][0-9]{5,10})-([0-9]{2})-([0-9]{2})"
_DATE_AND_ZONE: Final = _ISO_DATE + r"((?: .+|[Zz]|[+-].+)?)"
_DATE_AND_TIME: Final = (
    # With a plus sign: no text that Cassandra takes, but one that it prints.
    r"([0-9]{1,19}|\+[0-9]{5,10})-([0-9]{1,19})-([0-9]{1,19})[T ]([0-9]{1,19}):([0-9]{1,19})"
    r"(?::([0-9]{1,19})(?:\.([0-9]{0,9}))?)?((?: .+|Z|[+-].+)?)"
)
_OFFSET: Final = r"([+-])([0-9]{2})(?::?([0-9]{2}))?"
_LONG_OFFSET: Final = r"([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
_TIME: Final = r"([+-]?\d+):([+-]?\d+):([+-]?\d+)(?:\.(\d{1,9}))?"
_BLANKS: Final = "".join(map(chr, range(0x21)))

_REGIONS: Final = {
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "BST": "Europe/London",
    "CEST": "CET",
    "EEST": "EET",
    "HST": "Pacific/Honolulu",
    "JST": "Asia/Tokyo",
    "MSK": "Europe/Moscow",
    "WEST": "WET",
}
"""Regions of the short names that Java knows and the time zone database does not have so."""


class _Day(NamedTuple):
    """A day of a year, of any number, as it is written."""

    year: int
    month: int
    day: int

    def days(self) -> int:
        """Days since 1970; raises ValueError if there is no such day."""
        era, rest = divmod(self.year - 1, YEARS_PER_ERA)
        ordinal = datetime.date(rest + 1, self.month, self.day).toordinal()
        return ordinal + era * DAYS_PER_ERA - EPOCH_DAY

    def of_its_month(self) -> _Day:
        """The last day of the month for those up to 31 that it does not have."""
        if not 28 < self.day <= 31:
            return self
        for day in range(self.day, 28, -1):
            try:
                self._replace(day=day).days()
            except ValueError:
                continue
            return self._replace(day=day)
        return self._replace(day=28)


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of a date, with or without a time and a zone; else UTC.

    Also plain milliseconds (``TimestampSerializer.dateStringToTimestamp``). Raises ValueError.
    """
    if re.fullmatch(_RAW, text):
        return int(text)
    if match := re.fullmatch(_DATE_AND_TIME, text):
        return _date_and_time(match)
    match = re.fullmatch(_DATE_AND_ZONE, text)
    if not match:
        raise ValueError("not a timestamp")
    millis = _iso_day(match).of_its_month().days() * MILLIS_PER_DAY
    return _at_zone(millis, match[4], is_date=True)


def _date_and_time(match: re.Match[str]) -> int:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction = match[7] or ""
    # The end of a day may be told as its 24th hour.
    is_end = hour == 24 and not minute and not second and not int(fraction or 0)
    if not 0 < year <= _LAST_YEAR or minute > 59 or second > 59 or (hour > 23 and not is_end):
        raise ValueError("no such time of day")
    seconds = (hour * 60 + minute) * 60 + second
    millis = _Day(year, month, day).of_its_month().days() * MILLIS_PER_DAY + seconds * 1000
    return _at_zone(millis + int(fraction.ljust(3, "0")[:3]), match[8], is_date=False)


def _iso_day(match: re.Match[str]) -> _Day:
    year = match[1]
    if year == "-0000" or (year[0] == "+" and len(year) < 6) or abs(int(year)) > _LAST_YEAR:
        raise ValueError("no such year")
    return _Day(int(year), int(match[2]), int(match[3]))


def _at_zone(millis: int, zone: str, *, is_date: bool) -> int:
    """UTC of a local time in milliseconds, by the text of a zone, which may begin with a space."""
    name = zone.removeprefix(" ")
    if name in ("", "Z") or (is_date and zone == "z"):
        if zone == " ":
            raise ValueError("no zone")
        return millis
    match = re.fullmatch(_OFFSET, name)
    if not match and (zone[0] == " " or is_date):
        prefixed = re.sub(r"^(UTC|GMT|UT)(?=[+-]|$)", "", name) if zone[0] == " " else name
        if not prefixed:
            return millis
        match = re.fullmatch(_LONG_OFFSET, prefixed)
    if match:
        return millis - _offset(match) * 1000
    if zone[0] != " " or name.startswith("Etc/GMT"):
        raise ValueError("no such zone")
    return _at_region(millis, name)


def _offset(match: re.Match[str]) -> int:
    """The seconds of an offset."""
    hours, minutes, seconds = (int(part or 0) for part in (*match.groups()[1:], 0)[:3])
    total = (hours * 60 + minutes) * 60 + seconds
    if minutes > 59 or seconds > 59 or total > _MOST_OFFSET:
        raise ValueError("no such offset")
    return -total if match[1] == "-" else total


def _at_region(millis: int, name: str) -> int:
    """UTC of a local time in milliseconds in a region of the time zone database."""
    from zoneinfo import ZoneInfo

    try:
        region = ZoneInfo(_REGIONS.get(name, name))
    except (OSError, KeyError) as error:
        raise ValueError("no such zone") from error
    days, rest = divmod(millis, MILLIS_PER_DAY)
    try:
        local = datetime.datetime.fromordinal(days + EPOCH_DAY)
    except (ValueError, OverflowError) as error:
        raise ValueError("regions have no times outside of the years 1 to 9999") from error
    offset = (local + datetime.timedelta(milliseconds=rest)).replace(tzinfo=region).utcoffset()
    assert offset is not None
    return millis - offset // datetime.timedelta(milliseconds=1)


def parse_date(text: str) -> int:
    """Days since 1970 of a date, or of those days plus 2³¹ in digits.

    As ``SimpleDateSerializer.dateStringToDays``. Raises ValueError.
    """
    if re.fullmatch(_RAW, text):
        days = int(text)
        if not 0 <= days < 1 << 32:
            raise ValueError("not 32 bits")
        return days - (1 << 31)
    match = re.fullmatch(_ISO_DATE, text)
    if not match:
        raise ValueError("not a date")
    return _iso_day(match).days()


def parse_time(text: str) -> int:
    """Nanoseconds since midnight of a time, or of those in digits.

    As ``TimeSerializer.timeStringToLong``. Raises ValueError; not for too many nanoseconds.
    """
    if re.fullmatch(_RAW, text):
        return int(text)
    match = re.fullmatch(_TIME, text.strip(_BLANKS))
    if not match:
        raise ValueError("not a time")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise ValueError("no such time of day")
    nanos = int((match[4] or "").ljust(9, "0"))
    return ((hour * 60 + minute) * 60 + second) * 10**9 + nanos
