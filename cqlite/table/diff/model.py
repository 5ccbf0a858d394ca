"""Differences between two tables, the left one and the right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cqlite.rows import DeletionTime, RangeTombstoneMarker, Row
from cqlite.schema import ColumnMetadata
from cqlite.table.model import Times

Clustering = tuple[bytes | None, ...]
Side = Literal["left", "right", "both"]
"""Which of the tables has something: only one, or both with different content."""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A column's value on both sides.

    Attributes:
        column: the column.
        left: the serialized value, ``None`` for null; of a column that is not frozen in its
            frozen form.
        right: the same.
        left_times: when that was written; of a column that is not frozen its elements'.
        right_times: the same.
    """

    column: ColumnMetadata
    left: bytes | None
    right: bytes | None
    left_times: Times
    right_times: Times

    @property
    def left_value(self) -> Any:
        """The decoded value, ``None`` for null.

        Raises:
            InvalidValueError: the bytes are no value of the type.
        """
        return self._decoded(self.left)

    @property
    def right_value(self) -> Any:
        """The same of the right side."""
        return self._decoded(self.right)

    def _decoded(self, data: bytes | None) -> Any:
        return None if data is None else self.column.type.unwrap().freeze().decode(data)


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is on one side only, or has different values.

    Attributes:
        side: which side has it.
        key: the serialized partition key.
        clustering: serialized values, ``None`` for the partition's static columns.
        cells: values that differ; of a row of one side all that it has.
    """

    side: Side
    key: bytes
    clustering: Clustering | None
    cells: tuple[CellDifference, ...]


@dataclass(frozen=True, slots=True)
class MetadataDifference:
    """Something stored that is on one side only, or is not the same on both.

    Attributes:
        kind: ``partition`` for the deletion of one, ``static``, ``row``, or ``marker`` for
            the end of a range deletion.
        key: the serialized partition key.
        left: what is there on the left, ``None`` for nothing.
        right: the same of the right.
    """

    kind: Literal["partition", "static", "row", "marker"]
    key: bytes
    left: DeletionTime | Row | RangeTombstoneMarker | None
    right: DeletionTime | Row | RangeTombstoneMarker | None

    @property
    def side(self) -> Side:
        """Which side has it."""
        if self.right is None:
            return "left"
        return "right" if self.left is None else "both"


Difference = RowDifference | MetadataDifference
