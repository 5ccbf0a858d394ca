"""Python values that CQL values decode to where Python has no type of its own."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from cqlite.records import record

_MONTHS_PER_YEAR: Final = 12
_NANOSECOND_UNITS: Final = (
    (3_600_000_000_000, "h"),
    (60_000_000_000, "m"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
)


class Duration(NamedTuple):
    """A CQL duration; its parts do not convert into each other.

    All are positive or zero, or all negative or zero. ``str`` gives Cassandra's text,
    such as ``1y2mo3d4h5m6s``; follows ``org.apache.cassandra.cql3.Duration``.
    """

    months: int
    days: int
    nanoseconds: int

    def __str__(self) -> str:
        parts = ["-"] if min(self) < 0 else []
        months, nanoseconds = abs(self.months), abs(self.nanoseconds)
        units = [(months // _MONTHS_PER_YEAR, "y"), (months % _MONTHS_PER_YEAR, "mo")]
        units.append((abs(self.days), "d"))
        for size, unit in _NANOSECOND_UNITS:
            units.append((nanoseconds // size, unit))
            nanoseconds %= size
        parts += [f"{number}{unit}" for number, unit in units if number]
        return "".join(parts)


class Timestamp(int):
    """Milliseconds since 1970 in UTC, of a timestamp that ``datetime`` cannot hold."""

    def __repr__(self) -> str:
        return f"Timestamp({int(self)})"


class Date(int):
    """Days since 1970-01-01, of a date that ``datetime.date`` cannot hold."""

    def __repr__(self) -> str:
        return f"Date({int(self)})"


class Time(int):
    """Nanoseconds since midnight; ``datetime.time`` has microseconds only."""

    def __repr__(self) -> str:
        return f"Time({int(self)})"


class Composite(NamedTuple):
    """A value of ``CompositeType`` or ``DynamicCompositeType``.

    ``components`` are decoded values, of a dynamic composite :class:`DynamicComponent`;
    ``end_of_component`` is that of the last one, other than 0 only in bounds;
    ``is_static`` says that the name of a static column is meant.
    """

    components: tuple[Any, ...]
    end_of_component: int = 0
    is_static: bool = False


class DynamicComponent(NamedTuple):
    """A component of a dynamic composite: its type's alias or name, and its value."""

    type_name: str
    value: Any


@record
class CounterShard:
    """What one replica contributed to a counter.

    ``counter_id`` has 16 bytes; ``kind`` is ``global``, ``local`` or ``remote``.
    """

    counter_id: bytes
    clock: int
    count: int
    kind: str
