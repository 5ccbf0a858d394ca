"""Slices of a partition's rows in one SSTable."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.index import ClusteringPrefix, RowIndex
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import DeletionTime, PartitionReader, RangeTombstoneMarker, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.sstable.select.clusterings import place_of
from cqlite.sstable.select.plan import Slice

Rows = Iterator[tuple[Unfiltered, DeletionTime | None]]
"""Rows and markers, each with the range deletion that is open right before it."""


class SliceReader:
    """Reads slices of a partition in their order.

    Args:
        reader: of the SSTable.
        index: the index of the partition's blocks of rows, if it has one that is of use.
        order: the order of the partition's rows.
        start: offset of the partition in the uncompressed Data.db.
        position: offset of its first row or marker.

    Attributes:
        opened: the range deletion that is open behind what was read.
        num_index_blocks: how often the index was asked for a block.
    """

    def __init__(
        self,
        reader: PartitionReader,
        index: RowIndex | None,
        order: ClusteringComparator,
        start: int,
        position: int,
    ) -> None:
        self._reader = reader
        self._index = index
        self._compare = order.compare
        self._start = start
        self._position: int | None = position
        self.opened: DeletionTime | None = None
        self.num_index_blocks = 0

    def read(self, wanted: Slice) -> Rows:
        """Rows and markers within ``wanted``, which is behind those asked for before.

        Raises:
            CorruptSSTableError: data or index are damaged.
        """
        start, end = place_of(wanted.start, "start"), place_of(wanted.end, "end")
        if wanted.start.values:
            self._skip_to(start)
        if self._position is None:
            return
        position, self._position = self._position, None
        is_inside = False
        for unfiltered in self._reader.unfiltereds(position):
            place = prefix_of(unfiltered)
            if self._compare(place, end) > 0:
                self._position = unfiltered.position
                return
            is_inside = is_inside or self._compare(place, start) >= 0
            if is_inside:
                yield unfiltered, self.opened
            if isinstance(unfiltered, RangeTombstoneMarker):
                self.opened = unfiltered.open

    def _skip_to(self, start: ClusteringPrefix) -> None:
        """Goes to the block of rows in which ``start`` is, if an index tells."""
        if self._index is None or self._position is None:
            return
        block = self._index.block_for(start)
        self.num_index_blocks += 1
        if block is None:
            self._position = self.opened = None
            return
        position = self._start + block.offset
        if position > self._position:
            self._position = position
            opened = block.open_deletion
            self.opened = None if opened is None else DeletionTime(*opened)
