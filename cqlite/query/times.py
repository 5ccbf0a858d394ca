"""Write times and times to live of values: ``cql3.selection.ColumnTimestamps``."""

from __future__ import annotations

from enum import Enum
from typing import Final

from cqlite.records import record
from cqlite.table.model import CellTimes
from cqlite.types import CqlType, ListType, parse_type

_LONG: Final = parse_type("LongType")
_INT: Final = parse_type("Int32Type")


class TimeKind(Enum):
    """What is asked of cells."""

    WRITETIME = "writetime"
    TTL = "ttl"

    @property
    def type(self) -> CqlType:
        """The type of one of them: microseconds, or seconds."""
        return _LONG if self is TimeKind.WRITETIME else _INT

    @property
    def list_type(self) -> ListType:
        """The type of those of a value with many cells."""
        return ListType((self.type,), is_multi_cell=False)

    def of(self, cell: CellTimes | None, now: int) -> int | None:
        """Of one cell: when it was written, or the seconds that it has left."""
        if cell is None:
            return None
        if self is TimeKind.WRITETIME:
            return cell.writetime
        if cell.ttl is None or cell.expires_at is None:
            return None
        left = cell.expires_at - now
        return left if left >= 0 else None


@record
class Times:
    """Of one cell, or of the cells of a value that has one for each element.

    Attributes:
        values: None where there is none.
        is_single: whether they are of one cell, for whatever part of it is asked.
    """

    values: tuple[int | None, ...]
    is_single: bool = False

    @classmethod
    def single(cls, value: int | None) -> Times:
        """Of one cell."""
        return cls((value,), is_single=True)

    def at(self, index: int) -> Times:
        """Those of an element."""
        if self.is_single:
            return self
        return Times.single(self.values[index]) if index < len(self.values) else NO_TIMES

    def slice(self, inside: range) -> Times:
        """Those of several elements."""
        return self if self.is_single else Times(self.values[inside.start : inside.stop])

    def maximum(self) -> Times:
        """The latest one."""
        known = [value for value in self.values if value is not None]
        return Times.single(max(known, default=None))

    def serialized(self, kind: TimeKind) -> bytes | None:
        """The value of the selection, None for null."""
        if not self.values:
            return None
        parts = [None if value is None else kind.type.encode(value) for value in self.values]
        if self.is_single:
            return parts[0]
        # Nulls stand for fields without a cell.
        return kind.list_type.build(parts)  # type: ignore[arg-type]


NO_TIMES: Final = Times(())
"""Of what has no cell."""
