"""Temporal types as functions compute with them: ``org.apache.cassandra.db.marshal.TemporalType``.

Their common measure is milliseconds since 1970.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from cqlite.codec import be
from cqlite.errors import QueryError
from cqlite.query.functions import java_math as java
from cqlite.query.functions.months import MILLIS_PER_DAY, add_months, civil
from cqlite.types import Duration, parse_type

NANOS_PER_MILLI: Final = 1_000_000
NANOS_PER_DAY: Final = MILLIS_PER_DAY * NANOS_PER_MILLI
_SECONDS_PER_DAY: Final = 86_400
_DAY_SHIFT: Final = 1 << 31
_INT, _LONG = 4, 8
_UUID_EPOCH_MILLIS: Final = -12_219_292_800_000
_TICKS_PER_MILLI: Final = 10_000
_TICKS_PER_MICRO: Final = 10
_VERSION_1: Final = 0x1000
_MASK: Final = 0xFFFF_FFFF_FFFF_FFFF
_LEAST_NODE: Final = bytes([0x80]) * 8
_GREATEST_NODE: Final = bytes([0x7F]) * 8


class TemporalType(ABC):
    """A type of points in time.

    Attributes:
        type: the type.
        empty_is_null: whether a value without bytes is as null.
    """

    def __init__(self, class_name: str, *, empty_is_null: bool) -> None:
        self.type = parse_type(class_name)
        self.empty_is_null = empty_is_null

    def millis(self, data: bytes | None) -> int | None:
        """Milliseconds since 1970, None for null.

        Raises:
            QueryError: a value without bytes of a type that has no such.
        """
        if data:
            return self._of_bytes(data)
        if data is not None and not self.empty_is_null:
            raise QueryError(f"a value of {self.type.cql_name} without bytes")
        return None

    @abstractmethod
    def _of_bytes(self, data: bytes) -> int:
        """Milliseconds of at least one byte."""

    @abstractmethod
    def of_millis(self, millis: int) -> bytes:
        """The value at that time, serialized."""

    def check_added(self, duration: Duration, shown: bytes) -> None:
        """Whether ``duration`` is no finer than the type; ``shown`` is how it was written.

        Raises:
            QueryError: it is, or nothing can be added.
        """
        raise QueryError(f"{self.type.cql_name} and {_DURATION.to_string(shown)} have no sum")

    def check_floor(self, duration: Duration) -> None:
        """Whether times can be rounded down to multiples of ``duration``.

        Raises:
            QueryError: they can't.
        """
        if duration.nanoseconds % NANOS_PER_MILLI:
            raise QueryError(
                f"The floor cannot be computed for the {duration} duration "
                "as precision is below 1 millisecond"
            )


class _Timestamp(TemporalType):
    def _of_bytes(self, data: bytes) -> int:
        return be.unpack_signed(data, _LONG)

    def of_millis(self, millis: int) -> bytes:
        return be.pack_signed(java.wrap(millis, _LONG), _LONG)

    def check_added(self, duration: Duration, shown: bytes) -> None:
        if duration.nanoseconds % NANOS_PER_MILLI:
            raise QueryError(
                f"The duration must have a millisecond precision. Was: {_DURATION.to_string(shown)}"
            )


class _Date(TemporalType):
    def _of_bytes(self, data: bytes) -> int:
        return (be.unpack_unsigned(data, _INT) - _DAY_SHIFT) * MILLIS_PER_DAY

    def of_millis(self, millis: int) -> bytes:
        # Of whole seconds, the days are cut off towards 1970 (``java.time.Duration.toDays``).
        days = java.divide_whole(millis // 1000, _SECONDS_PER_DAY)
        return be.pack_signed(java.wrap(days + _DAY_SHIFT, _INT), _INT)

    def check_added(self, duration: Duration, shown: bytes) -> None:
        if duration.nanoseconds:
            raise QueryError(
                f"The duration must have a day precision. Was: {_DURATION.to_string(shown)}"
            )

    def check_floor(self, duration: Duration) -> None:
        if duration.nanoseconds:
            raise QueryError(
                f"The floor on date values cannot be computed for the {duration} duration "
                "as precision is below 1 day"
            )


class _TimeUuid(TemporalType):
    def _of_bytes(self, data: bytes) -> int:
        ticks = be.unpack_unsigned(
            bytes([data[6] & 0x0F]) + data[7:8] + data[4:6] + data[0:4], _LONG
        )
        micros = ticks // _TICKS_PER_MICRO + _UUID_EPOCH_MILLIS * 1000
        return java.divide_whole(micros, 1000)

    def of_millis(self, millis: int) -> bytes:
        return self.at_ticks(ticks_at(millis), _LEAST_NODE)

    def greatest_at(self, millis: int) -> bytes:
        """The greatest value of that millisecond."""
        return self.at_ticks(ticks_at(millis + 1) - 1, _GREATEST_NODE)

    def at_ticks(self, ticks: int, node: bytes) -> bytes:
        """A UUID of version 1 at 100 ns since 1582; ``node`` has eight bytes, the clock too."""
        ticks &= _MASK
        high = _VERSION_1 | ticks >> 48 | (ticks & 0xFFFF_0000_0000) >> 16 | ticks << 32 & _MASK
        return be.pack_unsigned(high, _LONG) + node


class _Time(TemporalType):
    """Nanoseconds of a day; not a point in time, so only ``now`` makes one."""

    def _of_bytes(self, data: bytes) -> int:
        return be.unpack_signed(data, _LONG)

    def of_millis(self, millis: int) -> bytes:
        return be.pack_signed(millis % MILLIS_PER_DAY * NANOS_PER_MILLI, _LONG)


_DURATION: Final = parse_type("DurationType")
TIMESTAMP: Final = _Timestamp("TimestampType", empty_is_null=True)
DATE: Final = _Date("SimpleDateType", empty_is_null=False)
TIMEUUID: Final = _TimeUuid("TimeUUIDType", empty_is_null=True)
TIME: Final = _Time("TimeType", empty_is_null=False)


def ticks_at(millis: int) -> int:
    """Units of 100 ns from 1582, as UUIDs count, at milliseconds since 1970."""
    return (millis - _UUID_EPOCH_MILLIS) * _TICKS_PER_MILLI


def add(millis: int, duration: Duration) -> int:
    """A time and a duration later (``Duration.addTo``)."""
    later = java.divide_whole(duration.nanoseconds, NANOS_PER_MILLI)
    if duration.months:
        millis = add_months(millis, duration.months)
        # Java's calendar takes the rest as an int.
        later = be.wrap_s32(later)
    return be.wrap_s64(millis + duration.days * MILLIS_PER_DAY + later)


def floor(millis: int, duration: Duration, start: int) -> int:
    """The last of ``start``, ``start + duration`` ... that is not after ``millis``.

    Follows ``Duration.floorTimestamp``.

    Raises:
        QueryError: ``start`` is after ``millis``, or ``duration`` is negative.
    """
    if start > millis:
        raise QueryError("The floor function starting time is greater than the provided time")
    _check_not_negative(duration)
    step = duration.days * MILLIS_PER_DAY + duration.nanoseconds // NANOS_PER_MILLI
    if not duration.months:
        return millis - (millis - start) % step if step else millis
    return _floor_by_months(millis, duration.months, step, start)


def _floor_by_months(millis: int, months: int, step: int, start: int) -> int:
    (year, month, _), (first_year, first_month, _) = (
        civil(time // MILLIS_PER_DAY) for time in (millis, start)
    )
    times = ((year - first_year) * 12 + month - first_month) // months
    at = add_months(start, times * months)
    if not step:
        return at
    found = at + times * step
    while found > millis:
        times -= 1
        at = add_months(at, -months)
        found = at + times * step
    return max(start, found)


def floor_of_day(nanos: int, duration: Duration) -> int:
    """A time of day rounded down to a multiple of ``duration`` (``Duration.floorTime``).

    Raises:
        QueryError: ``duration`` is negative or longer than a day.
    """
    _check_not_negative(duration)
    if duration.months or duration.days or duration.nanoseconds > NANOS_PER_DAY:
        raise QueryError(
            "For time values, the floor can only be computed for durations smaller that a day"
        )
    return nanos - nanos % duration.nanoseconds if duration.nanoseconds else nanos


def _check_not_negative(duration: Duration) -> None:
    if min(duration) < 0:
        raise QueryError("Negative durations are not supported by the floor function")
