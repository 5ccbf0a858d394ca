"""Functions of time: ``org.apache.cassandra.cql3.functions.TimeFcts``."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from typing import Final

from cqlite.codec import be
from cqlite.query.functions import times
from cqlite.query.functions.base import Function, FunctionContext, ScalarFunction
from cqlite.query.functions.times import DATE, TIME, TIMESTAMP, TIMEUUID, TemporalType
from cqlite.types import CqlType, Duration, parse_type

_LONG: Final = parse_type("LongType")
_DURATION: Final = parse_type("DurationType")
_VARIANT: Final = 0x80


def functions() -> Iterator[ScalarFunction]:
    """All functions of time, those with older names too."""
    yield _Now("now", TIMEUUID)
    for name, kind in (
        ("current_timeuuid", TIMEUUID),
        ("current_timestamp", TIMESTAMP),
        ("current_date", DATE),
        ("current_time", TIME),
    ):
        yield _Now(name, kind)
        yield _Now(name.replace("_", ""), kind)
    for name in ("min_timeuuid", "mintimeuuid"):
        yield _Bound(name, greatest=False)
    for name in ("max_timeuuid", "maxtimeuuid"):
        yield _Bound(name, greatest=True)
    for kind in (TIMEUUID, TIMESTAMP):
        yield Conversion("to_date", kind, DATE)
        yield Conversion("todate", kind, DATE)
    for kind in (TIMEUUID, DATE):
        yield Conversion("to_timestamp", kind, TIMESTAMP)
        yield Conversion("totimestamp", kind, TIMESTAMP)
    for kind in (TIMEUUID, TIMESTAMP, DATE):
        yield _ToUnix("to_unix_timestamp", kind)
        yield _ToUnix("tounixtimestamp", kind)
    for kind, result in ((TIMESTAMP, TIMESTAMP), (TIMEUUID, TIMESTAMP), (DATE, DATE)):
        yield _Floor(kind, result)
        yield _Floor(kind, result, start=result)
    yield _FloorOfDay()


class _Now(ScalarFunction):
    """The query's present. Of UUIDs each one is another."""

    is_pure = False

    def __init__(self, name: str, kind: TemporalType, context: FunctionContext | None = None):
        super().__init__(name, kind.type)
        self.kind = kind
        self.context = context
        node = secrets.token_bytes(8)
        self.node = bytes([node[0] & 0x3F | _VARIANT]) + node[1:]
        self.counter = itertools.count()

    def bound(self, context: FunctionContext) -> Function:
        return _Now(self.name, self.kind, context)

    def call(self, *arguments: bytes | None) -> bytes | None:
        assert self.context is not None, "not bound to a query"
        millis = self.context.now_ms
        if self.kind is TIMEUUID:
            return TIMEUUID.at_ticks(times.ticks_at(millis) + next(self.counter), self.node)
        return self.kind.of_millis(millis)


class _Bound(ScalarFunction):
    """The least or the greatest UUID of a millisecond."""

    def __init__(self, name: str, *, greatest: bool) -> None:
        super().__init__(name, TIMEUUID.type, (TIMESTAMP.type,))
        self.greatest = greatest

    def call(self, *arguments: bytes | None) -> bytes | None:
        millis = TIMESTAMP.millis(arguments[0])
        if millis is None:
            return None
        return TIMEUUID.greatest_at(millis) if self.greatest else TIMEUUID.of_millis(millis)


class Conversion(ScalarFunction):
    """A point in time as another type's."""

    def __init__(self, name: str, source: TemporalType, target: TemporalType) -> None:
        super().__init__(name, target.type, (source.type,))
        self.source, self.target = source, target

    def call(self, *arguments: bytes | None) -> bytes | None:
        millis = self.source.millis(arguments[0])
        return None if millis is None else self.target.of_millis(millis)


class _ToUnix(ScalarFunction):
    """Milliseconds since 1970."""

    def __init__(self, name: str, source: TemporalType) -> None:
        super().__init__(name, _LONG, (source.type,))
        self.source = source

    def call(self, *arguments: bytes | None) -> bytes | None:
        millis = self.source.millis(arguments[0])
        return None if millis is None else be.pack_signed(millis, 8)


class _Floor(ScalarFunction):
    """A point in time rounded down to a multiple of a duration."""

    def __init__(
        self, kind: TemporalType, result: TemporalType, start: TemporalType | None = None
    ) -> None:
        arguments: list[CqlType] = [kind.type, _DURATION]
        if start is not None:
            arguments.append(start.type)
        super().__init__("floor", result.type, arguments)
        self.kind, self.result, self.start = kind, result, start

    def call(self, *arguments: bytes | None) -> bytes | None:
        millis = self.kind.millis(arguments[0])
        start = 0 if self.start is None else self.start.millis(arguments[2])
        if millis is None or arguments[1] is None or start is None:
            return None
        duration: Duration = _DURATION.decode(arguments[1])
        self.kind.check_floor(duration)
        return self.result.of_millis(times.floor(millis, duration, start))


class _FloorOfDay(ScalarFunction):
    """A time of day rounded down to a multiple of a duration."""

    def __init__(self) -> None:
        super().__init__("floor", TIME.type, (TIME.type, _DURATION))

    def call(self, *arguments: bytes | None) -> bytes | None:
        if not arguments[0] or arguments[1] is None:
            return None
        nanos = be.unpack_signed(arguments[0], 8)
        return be.pack_signed(times.floor_of_day(nanos, _DURATION.decode(arguments[1])), 8)
