"""Slices of a partition's rows in one SSTable, in which every range deletion ends."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.rows import DeletionTime, RangeTombstoneMarker, Unfiltered
from cqlite.rows.comparator import ClusteringComparator, prefix_of
from cqlite.sstable import SSTable
from cqlite.sstable.select.plan import Slice, SliceBound
from cqlite.sstable.select.sources import Found
from cqlite.table.trace import SSTableTrace


class SliceReader:
    """Reads slices of a partition in their order.

    A range deletion that reaches into a slice starts with it, and one that reaches beyond
    ends with it (``AbstractSSTableIterator.ForwardReader``).
    """

    def __init__(
        self, sstable: SSTable, found: Found, order: ClusteringComparator, trace: SSTableTrace
    ) -> None:
        self._reader = sstable.reader
        self._index = found.row_index if _has_order(sstable) else None
        self._compare = order.compare
        self._trace = trace
        self._start: int = found.partition.position
        self._position: int | None = found.partition.unfiltered_position
        self._opened: DeletionTime | None = None

    def read(self, wanted: Slice) -> Iterator[Unfiltered]:
        """Rows and markers within ``wanted``, which is behind those asked for before.

        Raises:
            CorruptSSTableError: data or index are damaged.
        """
        start, end = prefix(wanted.start, "start"), prefix(wanted.end, "end")
        if wanted.start.values:
            self._skip_to(start)
        if self._position is None:
            return
        is_inside = False
        position, self._position = self._position, None
        for unfiltered in self._reader.unfiltereds(position):
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
        self._trace.index_blocks += 1
        if block is None:
            self._position = None
            return
        position = self._start + block.offset
        if position > self._position:
            self._position = position
            opened = block.open_deletion
            self._opened = None if opened is None else DeletionTime(*opened)


def _has_order(sstable: SSTable) -> bool:
    """Whether the SSTable's index has the clusterings in the form of the table's types."""
    ours = [column.type for column in sstable.schema.clustering_columns]
    return ours == [column.type for column in sstable.header_schema.clustering_columns]


def prefix(bound: SliceBound, side: str) -> ClusteringPrefix:
    """The place in the order of rows that a slice's ``start`` or ``end`` is."""
    kind = f"{'incl' if bound.inclusive or not bound.values else 'excl'}_{side}_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[kind])
