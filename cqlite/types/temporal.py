"""Timestamps, dates, times and durations."""

from __future__ import annotations

import datetime
from typing import Any, Final

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.duration_texts import parse_duration
from cqlite.types.time_texts import (
    DAYS_PER_ERA,
    EPOCH_DAY,
    MILLIS_PER_DAY,
    YEARS_PER_ERA,
    parse_date,
    parse_time,
    parse_timestamp,
)
from cqlite.types.values import Date, Duration, Time, Timestamp

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NANOS_PER_DAY: Final = 86_400_000_000_000
_MILLISECOND: Final = datetime.timedelta(milliseconds=1)
_DAYS_SHIFT: Final = 1 << 31
_INT_BITS: Final = 32


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of days since 1970, in the calendar of today, for any year."""
    era, day = divmod(days + EPOCH_DAY - 1, DAYS_PER_ERA)
    # Python's calendar starts with the year 1; an era of 400 years repeats exactly.
    date = datetime.date.fromordinal(day + 1)
    return date.year + era * YEARS_PER_ERA, date.month, date.day


def _padded_year(year: int) -> str:
    """Four digits, and a plus sign where there are more."""
    return f"+{year}" if year > 9999 else f"{year:04}"


def _timestamp_text(millis: int, separator: str) -> str:
    """A timestamp in UTC; a year before the first one counts back without saying so."""
    days, millis = divmod(millis, MILLIS_PER_DAY)
    year, month, day = _civil(days)
    seconds, millis = divmod(millis, 1000)
    minutes, second = divmod(seconds, 60)
    date = f"{_padded_year(year if year > 0 else 1 - year)}-{month:02}-{day:02}"
    return f"{date}{separator}{minutes // 60:02}:{minutes % 60:02}:{second:02}.{millis:03}Z"


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
            return datetime.date.fromordinal(days + EPOCH_DAY)
        except (ValueError, OverflowError):
            return Date(days)

    def _dump(self, value: Any) -> bytes:
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            days = value.toordinal() - EPOCH_DAY
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
        return be.pack_unsigned(parse_date(text) + _DAYS_SHIFT, 4)

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
        return self._dump(parse_time(text))

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
        return self._dump(parse_duration(text))

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
