"""A partition's row index (Index.db, Rows.db) against its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqlite.errors import CqliteError, InvalidValueError, Where
from cqlite.index import ClusteringPrefix, IndexEntry, RowIndexBlock
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.sstable.verify.findings import Finding, error, raised
from cqlite.types import CqlType

CHECK = "row-index"


class RowIndexCheck:
    """Follows the blocks of a partition's row index while its rows are read."""

    def __init__(self, entry: IndexEntry, types: Sequence[CqlType], where: Where) -> None:
        """The check of one partition.

        Args:
            entry: the partition's entry.
            types: types of the clustering columns.
            where: file, component and offset of the entry, for findings.
        """
        self._row_index = entry.row_index
        self._types = types
        self._comparator = ClusteringComparator(types)
        self._where = where
        self._blocks = None if entry.row_index is None else entry.row_index.blocks()
        self._block: RowIndexBlock | None = None
        self._num_blocks = 0
        self._last: ClusteringPrefix | None = None
        self._open: DeletionTime | None = None

    def start(self, partition: Partition) -> Iterator[Finding]:
        """Compares what the index says of the partition as a whole."""
        index = self._row_index
        if index is None:
            return
        if index.partition_deletion != _pair(partition.deletion):
            yield self._error(
                f"partition deletion is {index.partition_deletion}, "
                f"in Data.db {_pair(partition.deletion)}"
            )
        length = partition.unfiltered_position - partition.position
        if index.header_length is not None and index.header_length != length:
            yield self._error(
                f"header length is {index.header_length}, in Data.db the first row or marker "
                f"is {length} bytes after the partition's start"
            )

    def add(self, unfiltered: Unfiltered, offset: int) -> Iterator[Finding]:
        """Takes the next row or marker, ``offset`` bytes after the partition's start."""
        if self._blocks is not None:
            prefix = prefix_of(unfiltered)
            block = self._block
            if block is None or offset >= block.offset + block.width:
                yield from self._next_block(prefix, offset)
            self._last = prefix
        if isinstance(unfiltered, RangeTombstoneMarker):
            self._open = unfiltered.open

    def _next_block(self, first: ClusteringPrefix, offset: int) -> Iterator[Finding]:
        yield from self._check_last()
        try:
            block = next(self._blocks, None) if self._blocks is not None else None
        except CqliteError as exception:
            yield raised(CHECK, exception)
            block, self._blocks = None, None
            return
        if block is None:
            yield self._error(f"no block holds what is {offset} bytes after the partition's start")
            self._blocks = None
            return
        self._num_blocks += 1
        yield from self._check_block(block, first, offset)
        self._block = block

    def _check_block(
        self, block: RowIndexBlock, first: ClusteringPrefix, offset: int
    ) -> Iterator[Finding]:
        if block.offset != offset:
            yield self._error(
                f"{self._name()} starts at {block.offset}, "
                f"but the row or marker there starts at {offset}"
            )
        if block.first is not None and block.first != first:
            stored, found = self._text(block.first), self._text(first)
            yield self._error(f"{self._name()} starts with {stored}, in Data.db with {found}")
        if block.separator is not None:
            yield from self._check_separator(block.separator, first)
        if block.open_deletion != _pair(self._open):
            yield self._error(
                f"{self._name()} starts in range deletion {block.open_deletion}, "
                f"in Data.db in {_pair(self._open)}"
            )

    def _check_separator(self, separator: bytes, first: ClusteringPrefix) -> Iterator[Finding]:
        """BTI: above all before the block, not above what it starts with."""
        try:
            if separator > first.byte_comparable(self._types):
                yield self._error(f"{self._name()} has a separator above its first row or marker")
            if self._last and separator <= self._last.byte_comparable(self._types):
                yield self._error(f"{self._name()} has a separator not above the row before it")
        except InvalidValueError as exception:
            yield raised(CHECK, exception)

    def _check_last(self) -> Iterator[Finding]:
        block = self._block
        if block is not None and block.last is not None and block.last != self._last:
            yield self._error(
                f"{self._name()} ends with {self._text(block.last)}, "
                f"in Data.db with {self._text(self._last)}"
            )

    def end(self, offset: int) -> Iterator[Finding]:
        """Compares the end of the rows, ``offset`` bytes after the partition's start."""
        if self._blocks is None:
            return
        yield from self._check_last()
        block = self._block
        # BIG counts the byte that ends the partition in the last block, unless the
        # block was complete before the end was known.
        if block is not None and block.offset + block.width not in (offset, offset + 1):
            yield self._error(
                f"{self._name()} ends at {block.offset + block.width}, the rows at {offset}"
            )
        try:
            left = sum(1 for _ in self._blocks)
        except CqliteError as exception:
            yield raised(CHECK, exception)
            return
        if left:
            yield self._error(f"{left} blocks start after the end of the rows")

    def _text(self, prefix: ClusteringPrefix | None) -> str:
        return "nothing" if prefix is None else self._comparator.text(prefix)

    def _name(self) -> str:
        return f"block {max(self._num_blocks - 1, 0)}"

    def _error(self, message: str) -> Finding:
        return error(CHECK, message, self._where)


def _pair(deletion: DeletionTime | None) -> tuple[int, int] | None:
    if deletion is None:
        return None
    return deletion.marked_for_delete_at, deletion.local_deletion_time
