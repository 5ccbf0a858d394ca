"""Partitions, rows, cells and tombstones, as one SSTable holds them.

Names follow ``org.apache.cassandra.db.rows``. Timestamps are microseconds and times
to live and deletion times seconds, all as integers since 1970 where they are
points in time. Values are bytes in the serialized form of their types; ``value``
properties decode them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from cqlite.index.model import ClusteringKind, ClusteringPrefix
from cqlite.schema import ColumnMetadata

_START_KINDS = frozenset({ClusteringKind["incl_start_bound"], ClusteringKind["excl_start_bound"]})
_INCLUSIVE_KINDS = frozenset({ClusteringKind["incl_start_bound"], ClusteringKind["incl_end_bound"]})

NO_DELETION_TIME = 0x7FFFFFFFFFFFFFFF
"""Local deletion time of a cell that neither is deleted nor expires."""
EXPIRED_LIVENESS_TTL = 0x7FFFFFFF
"""The time to live by which materialized views mark rows as expired (``LivenessInfo``)."""


@dataclass(frozen=True, slots=True)
class DeletionTime:
    """When something was deleted (Cassandra's ``DeletionTime``).

    Attributes:
        marked_for_delete_at: microseconds; shadows everything written up to then.
        local_deletion_time: seconds, from which the tombstone's age counts.
    """

    marked_for_delete_at: int
    local_deletion_time: int


@dataclass(frozen=True, slots=True)
class LivenessInfo:
    """When a row itself was inserted (Cassandra's ``LivenessInfo``).

    Attributes:
        timestamp: microseconds.
        ttl: seconds, ``None`` where it does not expire.
        local_expiration_time: seconds since 1970, ``None`` where it does not expire.
    """

    timestamp: int
    ttl: int | None = None
    local_expiration_time: int | None = None

    @property
    def is_expiring(self) -> bool:
        """Whether it has a time to live."""
        return self.ttl is not None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a column, or its deletion (Cassandra's ``Cell``).

    Attributes:
        column: the column it belongs to.
        timestamp: microseconds.
        raw: the serialized value; empty for a tombstone.
        ttl: seconds, ``None`` where it does not expire.
        local_deletion_time: seconds since 1970 when it was deleted or expires, else ``None``.
        is_tombstone: whether it is a deletion.
        path: which cell of a complex column, else ``None``.
    """

    column: ColumnMetadata
    timestamp: int
    raw: bytes
    ttl: int | None = None
    local_deletion_time: int | None = None
    is_tombstone: bool = False
    path: bytes | None = None

    @property
    def is_expiring(self) -> bool:
        """Whether it has a time to live."""
        return self.ttl is not None

    @property
    def value(self) -> Any:
        """The decoded value, ``None`` for a tombstone.

        Raises:
            InvalidValueError: the bytes are no value of the type.
        """
        if self.is_tombstone:
            return None
        return self.column.type.cell_type(self.path).decode(self.raw)

    @property
    def decoded_path(self) -> Any:
        """The decoded path: a list's UUID, a set's element, a map's key, a field's index."""
        comparator = self.column.type.name_comparator
        return None if self.path is None or comparator is None else comparator.decode(self.path)

    def is_live(self, now: int) -> bool:
        """Whether the cell counts at ``now``, in seconds since 1970."""
        if self.is_tombstone:
            return False
        return self.local_deletion_time is None or now < self.local_deletion_time


@dataclass(frozen=True, slots=True)
class ComplexColumn:
    """The cells of a column that is not frozen (Cassandra's ``ComplexColumnData``).

    Attributes:
        column: the column.
        deletion: what deletes older cells of the column, else ``None``.
        cells: in the order of their paths.
    """

    column: ColumnMetadata
    deletion: DeletionTime | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row or a static row (Cassandra's ``Row``).

    Attributes:
        clustering: a serialized value for each clustering column, ``None`` for null;
            empty for a static row.
        liveness: when the row itself was inserted, ``None`` if only columns were set.
        deletion: what deletes the row, else ``None``.
        columns: cells and complex columns that the row has, in the header's order.
        is_static: whether it is the partition's static row.
        is_shadowable: whether the deletion yields to newer liveness (materialized views).
        position: offset of the row's first byte in the uncompressed Data.db.
        size: its length in bytes.
        previous_size: the length of what is before it, as it says itself.
        num_unread: bytes in it that nothing explains.
    """

    clustering: tuple[bytes | None, ...]
    liveness: LivenessInfo | None
    deletion: DeletionTime | None
    columns: tuple[Cell | ComplexColumn, ...]
    is_static: bool = False
    is_shadowable: bool = False
    position: int = field(default=0, compare=False)
    size: int = field(default=0, compare=False)
    previous_size: int = field(default=0, compare=False, repr=False)
    num_unread: int = field(default=0, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing, as when all of its columns were dropped."""
        return self.liveness is None and self.deletion is None and not self.columns

    def cells(self) -> Iterator[Cell]:
        """All cells, those of complex columns one by one."""
        for column in self.columns:
            if isinstance(column, ComplexColumn):
                yield from column.cells
            else:
                yield column


@dataclass(frozen=True, slots=True)
class Bound:
    """A place before or after rows (Cassandra's ``ClusteringBound``).

    Attributes:
        is_start: whether a range starts here, else it ends.
        is_inclusive: whether rows with these values are in the range.
        values: serialized values of the first clustering columns, ``None`` for null.
    """

    is_start: bool
    is_inclusive: bool
    values: tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class RangeTombstoneMarker:
    """Where deletions of ranges end and start (Cassandra's ``RangeTombstoneMarker``).

    Attributes:
        kind: one of :data:`ClusteringKind`.
        values: serialized values of the first clustering columns, ``None`` for null.
        close: the deletion that ends here, else ``None``.
        open: the deletion that starts here, else ``None``.
        position: offset of the marker's first byte in the uncompressed Data.db.
        size: its length in bytes.
        previous_size: the length of what is before it, as it says itself.
        num_unread: bytes in it that nothing explains.
    """

    kind: IntEnum
    values: tuple[bytes | None, ...]
    close: DeletionTime | None
    open: DeletionTime | None
    position: int = field(default=0, compare=False)
    size: int = field(default=0, compare=False)
    previous_size: int = field(default=0, compare=False, repr=False)
    num_unread: int = field(default=0, compare=False, repr=False)

    @property
    def is_boundary(self) -> bool:
        """Whether one deletion ends and another starts."""
        return self.close is not None and self.open is not None

    def bounds(self) -> tuple[Bound, ...]:
        """The start or end, or for a boundary the end and then the start."""
        if not self.is_boundary:
            is_inclusive = self.kind in _INCLUSIVE_KINDS
            return (Bound(self.kind in _START_KINDS, is_inclusive, self.values),)
        end_inclusive = self.kind == ClusteringKind["incl_end_excl_start_boundary"]
        return (
            Bound(False, end_inclusive, self.values),
            Bound(True, not end_inclusive, self.values),
        )


Unfiltered = Row | RangeTombstoneMarker
"""What a partition holds besides its static row (Cassandra's ``Unfiltered``)."""


@dataclass(slots=True)
class Partition:
    """A partition whose rows are read as they are asked for.

    Iterating gives its rows and range tombstone markers once, in file order. Going
    on to the next partition of an SSTable skips what was not read of this one.

    Attributes:
        key: the serialized partition key.
        deletion: what deletes the whole partition, else ``None``.
        static_row: the static row, else ``None``.
        position: offset of the partition in the uncompressed Data.db.
        unfiltered_position: offset of what follows the header and the static row.
        unfiltereds: the rows and markers, which can be taken once.
        end: offset behind the partition, ``None`` until all of it has been read.
    """

    key: bytes
    deletion: DeletionTime | None
    static_row: Row | None
    position: int
    unfiltered_position: int
    unfiltereds: Iterator[Unfiltered] = field(
        default_factory=lambda: iter(()), repr=False, compare=False
    )
    end: int | None = field(default=None, repr=False, compare=False)

    def __iter__(self) -> Iterator[Unfiltered]:
        return self.unfiltereds

    def rows(self) -> Iterator[Row]:
        """The rows alone, without markers and without the static row."""
        return (u for u in self.unfiltereds if isinstance(u, Row))


def prefix_of(unfiltered: Unfiltered) -> ClusteringPrefix:
    """The clustering of a row, or the bound or boundary of a marker."""
    if isinstance(unfiltered, RangeTombstoneMarker):
        return ClusteringPrefix(unfiltered.values, unfiltered.kind)
    return clustering_of(unfiltered)


def clustering_of(row: Row) -> ClusteringPrefix:
    """The clustering of a row."""
    return ClusteringPrefix(row.clustering)
