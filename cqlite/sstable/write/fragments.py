"""Parts of partitions as they wait to be sorted: small, and in any order.

A fragment is the least that a mutation says of a partition: that it is deleted, a row,
where the deletion of a range starts, where it ends. It has two keys, which sort by their
bytes: that of the partition, and that of its place in the partition.
"""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cqlite.layouts.build import blank
from cqlite.rows import Cell, ComplexColumn, DeletionTime, LivenessInfo, Row
from cqlite.schema import ColumnMetadata

Record = tuple[bytes, bytes, bytes]
"""A fragment's partition, its place there, and its content: what is sorted."""
Times = tuple[int, int]
"""Of a deletion: the timestamp in microseconds and the local deletion time in seconds."""

OF_PARTITION, OF_STATIC_ROW, OF_CLUSTERING = b"\0", b"\1", b"\2"
"""What a place begins with."""

# Without references, which would make the bytes depend on where objects come from.
_MARSHAL_VERSION = 2


class CellFragment(NamedTuple):
    """A cell; see ``Cell``, but for the column, which whoever holds it tells."""

    path: bytes | None
    timestamp: int
    raw: bytes
    ttl: int | None
    local_deletion_time: int | None
    is_tombstone: bool


class ColumnFragment(NamedTuple):
    """A column of a row.

    ``ordinal`` is its place among the table's static or regular columns, ``deletion`` what
    deletes older cells of a complex column.
    """

    ordinal: int
    deletion: Times | None
    cells: tuple[CellFragment, ...]


class RowFragment(NamedTuple):
    """A row or, without a clustering, a static row; see ``Row``."""

    clustering: tuple[bytes | None, ...]
    liveness: tuple[int, int | None, int | None] | None
    deletion: Times | None
    columns: tuple[ColumnFragment, ...]
    is_shadowable: bool = False


class BoundFragment(NamedTuple):
    """Where the deletion of a range starts or ends."""

    is_start: bool
    is_before: bool
    """Whether the place is before or after all that begins with the values."""
    values: tuple[bytes | None, ...]
    deletion: Times


class PartitionFragment(NamedTuple):
    """The deletion of a partition."""

    deletion: Times


Fragment = PartitionFragment | RowFragment | BoundFragment
"""What a fragment says."""


def packed(key: bytes, fragment: Fragment) -> bytes:
    """A fragment's content as bytes, the same for the same content."""
    if isinstance(fragment, RowFragment):
        return marshal.dumps((key, "row", _plain(fragment)), _MARSHAL_VERSION)
    kind = "bound" if isinstance(fragment, BoundFragment) else "partition"
    return marshal.dumps((key, kind, tuple(fragment)), _MARSHAL_VERSION)


def _plain(row: RowFragment) -> tuple[Any, ...]:
    columns = tuple((c.ordinal, c.deletion, tuple(map(tuple, c.cells))) for c in row.columns)
    return row.clustering, row.liveness, row.deletion, columns, row.is_shadowable


def unpacked(data: bytes) -> tuple[bytes, Fragment]:
    """The partition's key and the fragment that :func:`packed` made bytes of."""
    key, kind, content = marshal.loads(data)
    if kind == "partition":
        return key, PartitionFragment(*content)
    if kind == "bound":
        return key, BoundFragment(*content)
    clustering, liveness, deletion, columns, is_shadowable = content
    made = tuple(
        ColumnFragment(index, of_column, tuple(CellFragment(*cell) for cell in cells))
        for index, of_column, cells in columns
    )
    return key, RowFragment(clustering, liveness, deletion, made, is_shadowable)


def row_of(fragment: RowFragment, columns: Sequence[ColumnMetadata], *, is_static: bool) -> Row:
    """The row that a fragment is of.

    Args:
        fragment: the row's content.
        columns: the table's static or its regular columns.
        is_static: which of them.
    """
    return Row(
        clustering=fragment.clustering,
        liveness=None if fragment.liveness is None else LivenessInfo(*fragment.liveness),
        deletion=None if fragment.deletion is None else DeletionTime(*fragment.deletion),
        columns=tuple(_column(column, columns[column.ordinal]) for column in fragment.columns),
        is_static=is_static,
        is_shadowable=fragment.is_shadowable,
    )


def _column(fragment: ColumnFragment, column: ColumnMetadata) -> Cell | ComplexColumn:
    cells = tuple(
        Cell(column, timestamp, raw, ttl, local_deletion_time, is_tombstone, path)
        for path, timestamp, raw, ttl, local_deletion_time, is_tombstone in fragment.cells
    )
    if not column.is_complex:
        return cells[0]
    deletion = None if fragment.deletion is None else DeletionTime(*fragment.deletion)
    return ComplexColumn(column, deletion, cells)


@dataclass(slots=True)
class EncodingStats:
    """The least times of all fragments, and the columns that they are of.

    Rows are written as differences to the former (Cassandra's ``EncodingStats``).

    Attributes:
        timestamp: microseconds, ``None`` if there was none.
        local_deletion_time: seconds, ``None`` if there was none.
        ttl: seconds, ``None`` if there was none.
        static_columns: indexes of static columns that something was written of.
        regular_columns: the same of regular columns.
    """

    timestamp: int | None = None
    local_deletion_time: int | None = None
    ttl: int | None = None
    static_columns: set[int] = field(default_factory=set)
    regular_columns: set[int] = field(default_factory=set)

    @property
    def minimums(self) -> tuple[int, int, int]:
        """Timestamp, local deletion time and time to live; Cassandra's for what there is not."""
        epochs = blank("statistics.serialization_header")
        timestamp: int = epochs.timestamp_epoch if self.timestamp is None else self.timestamp
        seconds: int = epochs.deletion_time_epoch
        if self.local_deletion_time is not None:
            seconds = self.local_deletion_time
        return timestamp, seconds, self.ttl or 0

    def add(self, fragment: Fragment, *, is_static: bool = False) -> None:
        """Takes what a fragment says into account."""
        if isinstance(fragment, RowFragment):
            self._add_row(fragment, self.static_columns if is_static else self.regular_columns)
        else:
            self._add_times(*fragment.deletion)

    def _add_row(self, row: RowFragment, indexes: set[int]) -> None:
        if row.liveness is not None:
            timestamp, ttl, expiration = row.liveness
            self._add_times(timestamp, expiration, ttl)
        if row.deletion is not None:
            self._add_times(*row.deletion)
        for column in row.columns:
            indexes.add(column.ordinal)
            if column.deletion is not None:
                self._add_times(*column.deletion)
            for cell in column.cells:
                self._add_times(cell.timestamp, cell.local_deletion_time, cell.ttl)

    def _add_times(self, timestamp: int, seconds: int | None, ttl: int | None = None) -> None:
        self.timestamp = _least(self.timestamp, timestamp)
        self.local_deletion_time = _least(self.local_deletion_time, seconds)
        self.ttl = _least(self.ttl, ttl)


def _least(known: int | None, value: int | None) -> int | None:
    if known is None or value is None:
        return value if known is None else known
    return min(known, value)
