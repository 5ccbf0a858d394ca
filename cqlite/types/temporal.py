"""Timestamps, dates, times and durations."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.values import Date, Duration, Time, Timestamp

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_EPOCH_DAY: Final = _EPOCH.date().toordinal()
_MILLIS_PER_DAY: Final = 86_400_000
_NANOS_PER_DAY: Final = 86_400_000_000_000
_MILLISECOND: Final = datetime.timedelta(milliseconds=1)
_DAYS_SHIFT: Final = 1 << 31
_DAYS_PER_ERA: Final = 146_097
_YEARS_PER_ERA: Final = 400
_INT_BITS: Final = 32

# Compiled, and then kept, by ``re`` where a text is read: few programs read any.
_DATE_TEXT: Final = r"([+-]?\d{4,10})-(\d\d)-(\d\d)"
_TIMESTAMP_TEXT: Final = (
    r"(\+?\d{1,10})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.(\d{1,9}))?)?"
    r" ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
)
_TIME_TEXT: Final = r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?"
_DURATION_TEXTS: Final = (
    (
        r"(?i:(?P<sign>-)?(?:(?P<y>\d+)y)?(?:(?P<mo>\d+)mo)?(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?"
        r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?"
        r"(?:(?P<ms>\d+)ms)?(?:(?P<us>\d+)(?:us|µs))?(?:(?P<ns>\d+)ns)?)"
    ),
    # ISO 8601: with designators, of weeks, and like a date and a time.
    (
        r"(?P<sign>-)?P(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<d>\d+)D)?"
        r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
    ),
    r"(?P<sign>-)?P(?P<w>\d+)W",
    (
        r"(?P<sign>-)?P(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)"
        r"T(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)"
    ),
)
_DURATION_UNITS: Final = {
    "y": (0, 12), "mo": (0, 1), "w": (1, 7), "d": (1, 1), "h": (2, 3600 * 10**9),
    "m": (2, 60 * 10**9), "s": (2, 10**9), "ms": (2, 10**6), "us": (2, 10**3), "ns": (2, 1),
}  # fmt: skip
"""Of which of a duration's numbers the units are parts, and how much of it they are."""


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of days since 1970, in the calendar of today, for any year."""
    era, day = divmod(days + _EPOCH_DAY - 1, _DAYS_PER_ERA)
    # Python's calendar starts with the year 1; an era of 400 years repeats exactly.
    date = datetime.date.fromordinal(day + 1)
    return date.year + era * _YEARS_PER_ERA, date.month, date.day


def _days(year: int, month: int, day: int) -> int:
    """The inverse of ``_civil``; raises ValueError if there is no such day."""
    era, rest = divmod(year - 1, _YEARS_PER_ERA)
    ordinal = datetime.date(rest + 1, month, day).toordinal()
    return ordinal + era * _DAYS_PER_ERA - _EPOCH_DAY


def _padded_year(year: int) -> str:
    """Four digits, and a plus sign where there are more."""
    return f"+{year}" if year > 9999 else f"{year:04}"


def _timestamp_text(millis: int, separator: str) -> str:
    """A timestamp in UTC; a year before the first one counts back without saying so."""
    days, millis = divmod(millis, _MILLIS_PER_DAY)
    year, month, day = _civil(days)
    seconds, millis = divmod(millis, 1000)
    minutes, second = divmod(seconds, 60)
    date = f"{_padded_year(year if year > 0 else 1 - year)}-{month:02}-{day:02}"
    return f"{date}{separator}{minutes // 60:02}:{minutes % 60:02}:{second:02}.{millis:03}Z"


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of a date, with or without a time and a zone; else UTC.

    Also plain milliseconds. Raises ValueError.
    """
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    match = re.fullmatch(_TIMESTAMP_TEXT, text)
    if not match:
        raise ValueError("not a timestamp")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("no such time of day")
    millis = int((match[7] or "").ljust(3, "0")[:3])
    seconds = (hour * 60 + minute) * 60 + second - _zone_seconds(match[8])
    return _days(year, month, day) * _MILLIS_PER_DAY + seconds * 1000 + millis


def _zone_seconds(zone: str | None) -> int:
    if zone is None or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds


class TimestampType(ScalarType):
    """``timestamp``: ``datetime`` in UTC, ``Timestamp`` outside of the years 1 to 9999."""

    class_name, cql, lengths, fixed_length = "TimestampType", "timestamp", (8,), 8
    is_quoted = is_json_string = True

    def _millis(self, data: bytes) -> int:
        return be.unpack_signed(data, 8)

    def _load(self, data: bytes) -> datetime.datetime | Timestamp:
        millis = self._millis(data)
        try:
            return _EPOCH + datetime.timedelta(milliseconds=millis)
        except OverflowError:
            return Timestamp(millis)

    def _dump(self, value: Any) -> bytes:
        return be.pack_signed(_to_millis(value), 8)

    def _text(self, data: bytes) -> str:
        return _timestamp_text(self._millis(data), "T")

    def _parse(self, text: str) -> bytes:
        return be.pack_signed(parse_timestamp(text), 8)

    def to_json(self, data: bytes) -> str:
        if not self._checked(data):
            return '""'
        return f'"{_timestamp_text(self._millis(data), " ")}"'

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._millis(left), self._millis(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_signed_fixed(self._checked(data))


def _to_millis(value: Any) -> int:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        millis, rest = divmod(value - _EPOCH, _MILLISECOND)
        if rest:
            raise ValueError("a timestamp has milliseconds, not microseconds")
        return millis
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    raise TypeError("neither a datetime nor milliseconds")


class DateType(TimestampType):
    """``timestamp`` of old tables; times before 1970 sort after the others."""

    class_name = "DateType"

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(left, right)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_fixed(self._checked(data))


class SimpleDateType(ScalarType):
    """``date``: ``datetime.date``, ``Date`` outside of the years 1 to 9999."""

    class_name, cql, lengths, rejects_empty = "SimpleDateType", "date", (4,), True
    is_quoted = is_json_string = True

    def _days(self, data: bytes) -> int:
        return be.unpack_unsigned(data, 4) - _DAYS_SHIFT

    def _load(self, data: bytes) -> datetime.date | Date:
        days = self._days(data)
        try:
            return datetime.date.fromordinal(days + _EPOCH_DAY)
        except (ValueError, OverflowError):
            return Date(days)

    def _dump(self, value: Any) -> bytes:
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            days = value.toordinal() - _EPOCH_DAY
        elif isinstance(value, int) and not isinstance(value, bool):
            days = int(value)
        else:
            raise TypeError("neither a date nor days")
        return be.pack_unsigned(days + _DAYS_SHIFT, 4)

    def _text(self, data: bytes) -> str:
        year, month, day = _civil(self._days(data))
        shown = f"-{-year:04}" if year < 0 else _padded_year(year)
        return f"{shown}-{month:02}-{day:02}"

    def _parse(self, text: str) -> bytes:
        if re.fullmatch(r"-?\d+", text):
            return be.pack_unsigned(int(text), 4)
        match = re.fullmatch(_DATE_TEXT, text)
        if not match:
            raise ValueError("not a date")
        days = _days(int(match[1]), int(match[2]), int(match[3]))
        return be.pack_unsigned(days + _DAYS_SHIFT, 4)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_fixed(self._checked(data))


class TimeType(ScalarType):
    """``time``: ``Time``, an int of nanoseconds since midnight."""

    class_name, cql, lengths, rejects_empty = "TimeType", "time", (8,), True
    is_quoted = is_json_string = True

    def _load(self, data: bytes) -> Time:
        return Time(be.unpack_signed(data, 8))

    def _dump(self, value: Any) -> bytes:
        if isinstance(value, datetime.time):
            seconds = (value.hour * 60 + value.minute) * 60 + value.second
            nanos = seconds * 10**9 + value.microsecond * 1000
        elif isinstance(value, int) and not isinstance(value, bool):
            nanos = int(value)
        else:
            raise TypeError("neither a time nor nanoseconds")
        if not 0 <= nanos < _NANOS_PER_DAY:
            raise ValueError("not within a day")
        return be.pack_signed(nanos, 8)

    def _text(self, data: bytes) -> str:
        value = be.unpack_signed(data, 8)
        if not 0 <= value < _NANOS_PER_DAY:
            self._refuse(data, "not within a day")
        seconds, nanos = divmod(value, 10**9)
        minutes, second = divmod(seconds, 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{nanos:09}"

    def _parse(self, text: str) -> bytes:
        if text.isdecimal():
            return self._dump(int(text))
        match = re.fullmatch(_TIME_TEXT, text)
        if not match:
            raise ValueError("not a time")
        hour, minute, second = int(match[1]), int(match[2]), int(match[3])
        if hour > 23 or minute > 59 or second > 59:
            raise ValueError("no such time of day")
        nanos = int((match[4] or "").ljust(9, "0"))
        return self._dump(((hour * 60 + minute) * 60 + second) * 10**9 + nanos)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_fixed(self._checked(data))


class DurationType(ScalarType):
    """``duration``: ``Duration``. Has no order of use: values sort by their bytes."""

    class_name, cql, rejects_empty = "DurationType", "duration", True
    is_json_string = True

    def _load(self, data: bytes) -> Duration:
        # Cassandra does not mind bytes after the third number.
        parsed = layout.parse(self, "duration_value", data, exact=False)
        value = Duration(parsed.months.signed, parsed.days.signed, parsed.nanoseconds.signed)
        reason = _why_not(value)
        if reason:
            self._refuse(data, reason)
        return value

    def validate(self, data: bytes) -> None:
        super().validate(data)
        self._load(data)

    def _dump(self, value: Any) -> bytes:
        value = Duration(*value)
        reason = _why_not(value)
        if reason:
            raise ValueError(reason)
        return layout.build(
            "duration_value",
            months=layout.signed(value.months),
            days=layout.signed(value.days),
            nanoseconds=layout.signed(value.nanoseconds),
        )

    def _text(self, data: bytes) -> str:
        return str(self._load(data))

    def _parse(self, text: str) -> bytes:
        match = next(filter(None, (re.fullmatch(one, text) for one in _DURATION_TEXTS)), None)
        if not match or text == "-":
            raise ValueError("not a duration")
        parts = match.groupdict()
        sign = -1 if parts.pop("sign") else 1
        totals = [0, 0, 0]
        for unit, digits in parts.items():
            index, size = _DURATION_UNITS[unit]
            totals[index] += sign * int(digits or 0) * size
        return self._dump(totals)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.escaped(data)


def _why_not(value: Duration) -> str:
    """What is wrong with a duration, or nothing."""
    limit = 1 << (_INT_BITS - 1)
    if not (-limit <= value.months < limit and -limit <= value.days < limit):
        return "months and days have 32 bits"
    if min(value) < 0 < max(value):
        return "months, days and nanoseconds are not of one sign"
    return ""
