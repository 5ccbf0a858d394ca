"""One of the SSTables that a table's rows are merged from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cqlite.index import ClusteringKind, ClusteringPrefix, IndexEntry
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import DeletionTime, Row, Unfiltered
from cqlite.sstable import SSTable
from cqlite.sstable.metadata_model import ClusteringBound
from cqlite.sstable.overview import read_overview
from cqlite.sstable.select.clusterings import place_of
from cqlite.sstable.select.plan import PositionRange, Slice, SliceBound
from cqlite.sstable.select.sources import Found, partitions_from, slice_reader
from cqlite.table.as_of import deletion_as_of, row_as_of, unfiltereds_as_of
from cqlite.table.slices import closed_slice
from cqlite.table.trace import SSTableTrace

Slices = tuple[Slice, ...] | None


class Source:
    """An SSTable, read for a table.

    Args:
        sstable: opened with the table's schema.
        as_of: microseconds; what was written later is not there. ``None`` for all.
    """

    def __init__(self, sstable: SSTable, as_of: int | None = None) -> None:
        self.sstable = sstable
        self.as_of = as_of
        self._order = ClusteringComparator([c.type for c in sstable.schema.clustering_columns])

    # What need not be read.

    @cached_property
    def _ends(self) -> tuple[bytes, bytes] | None:
        """Positions of the first and the last partition, ``None`` where that is not known."""
        overview = read_overview(self.sstable.components)
        if overview.first is None or overview.last is None:
            return None
        comparable = self.sstable.partitioner.byte_comparable
        return comparable(overview.first.key), comparable(overview.last.key)

    def may_have(self, wanted: PositionRange) -> bool:
        """Whether partitions in this part of their order can be in the SSTable."""
        if not wanted.start and wanted.end is None:
            return True
        if self._ends is None:
            return True
        first, last = self._ends
        return last >= wanted.start and (wanted.end is None or first < wanted.end)

    def may_have_rows(self, slices: Slices) -> bool:
        """Whether rows or range deletions in ``slices`` can be in the SSTable.

        Follows ``ReadCommand.intersects``.
        """
        covered = self.sstable.metadata.stats.covered_clustering
        if slices is None or covered is None:
            return True
        first, last = _covered(covered.start, "start"), _covered(covered.end, "end")
        return any(
            self._order.compare(place_of(piece.start, "start"), last) <= 0
            and self._order.compare(first, place_of(piece.end, "end")) <= 0
            for piece in slices
        )

    @property
    def may_delete_partitions(self) -> bool:
        """Whether there can be deletions of whole partitions."""
        return self.sstable.metadata.stats.has_partition_level_deletions

    @property
    def has_static(self) -> bool:
        """Whether there can be static rows."""
        return bool(self.sstable.header_schema.static_columns)

    @property
    def is_later(self) -> bool:
        """Whether all of it was written after the time that is asked for."""
        return self.as_of is not None and self.min_timestamp > self.as_of

    @property
    def min_timestamp(self) -> int:
        """Microseconds; nothing in the SSTable was written before."""
        return self.sstable.metadata.stats.min_timestamp

    @property
    def max_timestamp(self) -> int:
        """Microseconds; nothing in the SSTable was written after."""
        return self.sstable.metadata.stats.max_timestamp

    # Reading.

    def scan(self, wanted: PositionRange, trace: SSTableTrace) -> Iterator[PartitionSource]:
        """The partitions in this part of their order, in it.

        Raises:
            CorruptSSTableError: data or index are damaged.
        """
        for found in partitions_from(self.sstable, wanted):
            yield self._source(found, trace)

    def find(self, key: bytes, trace: SSTableTrace) -> PartitionSource | None:
        """The partition with serialized ``key``, ``None`` where there is none.

        Raises:
            CorruptSSTableError: data or index are damaged.
            MissingComponentError: there is no index.
        """
        entry = self._entry(key, trace)
        if entry is None:
            return None
        return self._source(Found(self.sstable.partition_of(key, entry), entry.row_index), trace)

    def _entry(self, key: bytes, trace: SSTableTrace) -> IndexEntry | None:
        bloom = self.sstable.bloom_filter
        if bloom is not None and not bloom.might_contain(key):
            trace.keys_filtered += 1
            return None
        if bloom is None and self._ends is not None:
            position = self.sstable.partitioner.byte_comparable(key)
            if not self._ends[0] <= position <= self._ends[1]:
                trace.keys_filtered += 1
                return None
        trace.index_lookups += 1
        return self.sstable.index.find(key)

    def _source(self, found: Found, trace: SSTableTrace) -> PartitionSource:
        trace.partitions += 1
        return PartitionSource(self, found, self._order, trace)


class PartitionSource:
    """A partition of one SSTable.

    Attributes:
        key: the serialized partition key.
        deletion: what deletes the partition, if anything.
        static_row: the static row, if there is one.
    """

    def __init__(
        self, source: Source, found: Found, order: ClusteringComparator, trace: SSTableTrace
    ) -> None:
        partition = found.partition
        self.key = partition.key
        self.deletion: DeletionTime | None = partition.deletion
        self.static_row: Row | None = partition.static_row
        self._as_of = source.as_of
        self._found = found
        self._slices = slice_reader(source.sstable, found, order)
        self._trace = trace
        if self._as_of is not None:
            self.deletion = deletion_as_of(self.deletion, self._as_of)
            if self.static_row is not None:
                self.static_row = row_as_of(self.static_row, self._as_of)

    def all(self) -> Iterator[Unfiltered]:
        """All rows and markers; once, and instead of slices."""
        return self._filtered(self._found.partition.unfiltereds)

    def slice(self, wanted: Slice) -> Iterator[Unfiltered]:
        """Rows and markers within ``wanted``, which is behind those asked for before."""
        return self._filtered(self._sliced(wanted))

    def _sliced(self, wanted: Slice) -> Iterator[Unfiltered]:
        before = self._slices.num_index_blocks
        try:
            yield from closed_slice(self._slices, wanted)
        finally:
            self._trace.index_blocks += self._slices.num_index_blocks - before

    def _filtered(self, unfiltereds: Iterator[Unfiltered]) -> Iterator[Unfiltered]:
        if self._as_of is None:
            return unfiltereds
        return unfiltereds_as_of(unfiltereds, self._as_of)


def _covered(bound: ClusteringBound, side: str) -> ClusteringPrefix:
    if not bound.values or None not in bound.values:
        values = tuple(value for value in bound.values if value is not None)
        return place_of(SliceBound(values, bound.is_inclusive), side)
    kind = f"{'incl' if bound.is_inclusive else 'excl'}_{side}_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[kind])
