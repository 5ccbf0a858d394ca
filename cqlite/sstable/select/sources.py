"""Partitions and rows of an SSTable that a restriction lets through, found by its index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqlite.index import ClusteringKind, ClusteringPrefix, RowIndex
from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker, Unfiltered
from cqlite.rows.comparator import ClusteringComparator, prefix_of
from cqlite.sstable.select.plan import PositionRange, Restriction, Slice, SliceBound

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable


@dataclass(frozen=True, slots=True)
class Found:
    """A partition that is wanted.

    Attributes:
        partition: the partition, of which no row has been read yet.
        row_index: the index of its blocks of rows, if it has one and it was looked up.
    """

    partition: Partition
    row_index: RowIndex | None = None


def partitions(sstable: SSTable, restriction: Restriction) -> Iterator[Found]:
    """The partitions that ``restriction`` lets through, in the order of the file.

    Raises:
        MissingComponentError: one is to be looked up, and there is no index.
        CorruptSSTableError: data or index are damaged.
    """
    wanted = restriction.positions
    if restriction.keys is not None:
        for key in restriction.keys:
            if _is_in(sstable, key, wanted):
                yield from find(sstable, key)
        return
    yield from partitions_from(sstable, wanted)


def partitions_from(sstable: SSTable, wanted: PositionRange) -> Iterator[Found]:
    """The partitions in a part of their order, in the order of the file.

    Raises:
        MissingComponentError: the first is to be looked up, and there is no index.
        CorruptSSTableError: data or index are damaged.
    """
    start = _start(sstable, wanted)
    if start is None:
        return
    for partition in sstable.partitions(start):
        if wanted.end is not None and not _is_before(sstable, partition.key, wanted.end):
            return
        yield Found(partition)


def _start(sstable: SSTable, wanted: PositionRange) -> int | None:
    """Where in Data.db the first partition is that is wanted, ``None`` if there is none."""
    if not wanted.start:
        return 0
    first = next(sstable.index.entries(wanted.start), None)
    return None if first is None else first.data_position


def _is_in(sstable: SSTable, key: bytes, wanted: PositionRange) -> bool:
    position = sstable.partitioner.byte_comparable(key)
    return position >= wanted.start and (wanted.end is None or position < wanted.end)


def _is_before(sstable: SSTable, key: bytes, end: bytes) -> bool:
    return sstable.partitioner.byte_comparable(key) < end


def find(sstable: SSTable, key: bytes) -> Iterator[Found]:
    """The partition with serialized ``key``, if the SSTable has it."""
    entry = sstable.find_entry(key)
    if entry is not None:
        yield Found(sstable.partition_of(key, entry), entry.row_index)


Rows = Iterator[tuple[Unfiltered, DeletionTime | None]]
"""Rows and markers, each with the range deletion that is open right before it."""


def unfiltereds(sstable: SSTable, found: Found, slices: tuple[Slice, ...] | None) -> Rows:
    """Rows and markers of a partition, those within ``slices`` if there are any given."""
    if slices is None:
        return _all(found.partition)
    return _sliced(sstable, found, slices)


def _all(partition: Partition) -> Rows:
    opened = None
    for unfiltered in partition:
        yield unfiltered, opened
        if isinstance(unfiltered, RangeTombstoneMarker):
            opened = unfiltered.open


def _sliced(sstable: SSTable, found: Found, slices: tuple[Slice, ...]) -> Rows:
    types = [column.type for column in sstable.header_schema.clustering_columns]
    compare = ClusteringComparator(types).compare
    partition, index = found.partition, found.row_index
    position: int = partition.unfiltered_position
    opened: DeletionTime | None = None
    for piece in slices:
        start, end = _prefix(piece.start, "start"), _prefix(piece.end, "end")
        if index is not None and piece.start.values:
            block = index.block_for(start)
            if block is None:
                return
            if partition.position + block.offset > position:
                position = partition.position + block.offset
                open_there = block.open_deletion
                opened = None if open_there is None else DeletionTime(*open_there)
        for unfiltered in sstable.reader.unfiltereds(position):
            place = prefix_of(unfiltered)
            if compare(place, end) > 0:
                position = unfiltered.position
                break
            if compare(place, start) >= 0:
                yield unfiltered, opened
            if isinstance(unfiltered, RangeTombstoneMarker):
                opened = unfiltered.open
        else:
            return


def _prefix(bound: SliceBound, side: str) -> ClusteringPrefix:
    kind = f"{'incl' if bound.inclusive or not bound.values else 'excl'}_{side}_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[kind])
