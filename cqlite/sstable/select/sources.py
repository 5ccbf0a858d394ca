"""Partitions and rows of an SSTable that a restriction lets through, found by its index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqlite.index import RowIndex
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import Partition, RangeTombstoneMarker
from cqlite.sstable.select.plan import PositionRange, Restriction, Slice
from cqlite.sstable.select.slices import Rows, SliceReader

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
    types = [column.type for column in sstable.schema.clustering_columns]
    reader = slice_reader(sstable, found, ClusteringComparator(types))
    for piece in slices:
        yield from reader.read(piece)


def slice_reader(sstable: SSTable, found: Found, order: ClusteringComparator) -> SliceReader:
    """Reads slices of a partition that was found, whose rows are in this ``order``."""
    # The index has clusterings in the form of the types that they were written as.
    written = [column.type for column in sstable.header_schema.clustering_columns]
    index = found.row_index if list(order.types) == written else None
    partition = found.partition
    return SliceReader(
        sstable.reader, index, order, partition.position, partition.unfiltered_position
    )
