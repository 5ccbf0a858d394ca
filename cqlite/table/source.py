"""One of the SSTables that a table's rows are merged from."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker, Row, Unfiltered
from cqlite.rows.comparator import ClusteringComparator, prefix_of
from cqlite.sstable import SSTable
from cqlite.sstable.select.plan import Restriction, Slice, SliceBound
from cqlite.sstable.select.sources import Found, partitions


class Source:
    """An SSTable, read for a table.

    Args:
        sstable: opened with the table's schema.
    """

    def __init__(self, sstable: SSTable) -> None:
        self.sstable = sstable
        types = [column.type for column in sstable.schema.clustering_columns]
        self._comparator = ClusteringComparator(types)

    def partitions(self, restriction: Restriction) -> Iterator[PartitionSource]:
        """The partitions that are wanted, in the partitioner's order.

        Raises:
            CorruptSSTableError: data or index are damaged.
            MissingComponentError: one is to be looked up, and there is no index.
        """
        for found in partitions(self.sstable, restriction):
            yield PartitionSource(self.sstable, found, self._comparator)


class PartitionSource:
    """A partition of one SSTable, of which slices are read in their order."""

    def __init__(self, sstable: SSTable, found: Found, order: ClusteringComparator) -> None:
        self._reader = sstable.reader
        self._index = found.row_index
        self._compare = order.compare
        self._position: int | None = found.partition.unfiltered_position
        self._opened: DeletionTime | None = None
        self.partition: Partition = found.partition

    @property
    def static_row(self) -> Row | None:
        """The static row, if there is one."""
        return self.partition.static_row

    def all(self) -> Iterator[Unfiltered]:
        """All rows and markers; once, and instead of slices."""
        return self.partition.unfiltereds

    def slice(self, wanted: Slice) -> Iterator[Unfiltered]:
        """Rows and markers within ``wanted``, which is behind those asked for before.

        A range deletion that reaches into the slice starts with it, and one that reaches
        beyond ends with it (``AbstractSSTableIterator.ForwardReader``).
        """
        start, end = _prefix(wanted.start, "start"), _prefix(wanted.end, "end")
        if wanted.start.values:
            self._skip_to(start)
        if self._position is None:
            return
        yield from self._until(start, end)

    def _until(self, start: ClusteringPrefix, end: ClusteringPrefix) -> Iterator[Unfiltered]:
        is_inside = False
        position, self._position = self._position, None
        for unfiltered in self._reader.unfiltereds(position or 0):
            place = prefix_of(unfiltered)
            if self._compare(place, end) > 0:
                self._position = unfiltered.position
                break
            if not is_inside and self._compare(place, start) >= 0:
                is_inside = True
                yield from self._opening(start)
            if is_inside:
                yield unfiltered
            if isinstance(unfiltered, RangeTombstoneMarker):
                self._opened = unfiltered.open
        if not is_inside:
            yield from self._opening(start)
        if self._opened is not None:
            yield RangeTombstoneMarker(end.kind, end.values, self._opened, None)

    def _opening(self, start: ClusteringPrefix) -> Iterator[Unfiltered]:
        if self._opened is not None:
            yield RangeTombstoneMarker(start.kind, start.values, None, self._opened)

    def _skip_to(self, start: ClusteringPrefix) -> None:
        """Goes to the block of rows in which ``start`` is, if an index tells."""
        if self._index is None or self._position is None:
            return
        block = self._index.block_for(start)
        if block is None:
            self._position = None
            return
        position = self.partition.position + block.offset
        if position > self._position:
            self._position = position
            opened = block.open_deletion
            self._opened = None if opened is None else DeletionTime(*opened)


def _prefix(bound: SliceBound, side: str) -> ClusteringPrefix:
    kind = f"{'incl' if bound.inclusive or not bound.values else 'excl'}_{side}_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[kind])
