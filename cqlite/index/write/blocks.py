"""Cuts a partition that is being written into the blocks of its row index.

Follows ``SortedTablePartitionWriter``, ``BigFormatPartitionWriter`` and
``BtiFormatPartitionWriter``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cqlite.index.model import ClusteringPrefix, Deletion


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A block of rows and markers.

    Attributes:
        first: clustering or bound of its first row or marker.
        last: clustering or bound of its last one.
        offset: where it starts, in bytes from the partition's start.
        width: its length in bytes; of the last one with the partition's end.
        open_before: deletion of the range tombstone that is open where it starts.
        open_after: the same where it ends.
    """

    first: ClusteringPrefix
    last: ClusteringPrefix
    offset: int
    width: int
    open_before: Deletion | None
    open_after: Deletion | None


@dataclass(slots=True)
class IndexedPartition:
    """A partition as it was written, for its index entry.

    Attributes:
        key: the serialized partition key.
        position: where it starts in Data.db, before compression.
        deletion: what deletes the whole partition, else ``None``.
        header_length: length of key, deletion and static row in bytes.
        end: where the last row or marker ends, in bytes from the partition's start.
        blocks: all blocks, or none where there would be just one.
    """

    key: bytes
    position: int
    deletion: Deletion | None
    header_length: int = 0
    end: int = 0
    blocks: list[WrittenBlock] = field(default_factory=list)


class BlockCutter:
    """Takes a partition's rows and markers one by one.

    Args:
        block_size: from this length on, in bytes, a block is complete
            (``column_index_size``).
    """

    def __init__(self, block_size: int) -> None:
        self._block_size = block_size
        self._blocks: list[WrittenBlock] = []
        self._first: ClusteringPrefix | None = None
        self._last: ClusteringPrefix | None = None
        self._start = 0
        self._open_before: Deletion | None = None
        self._open: Deletion | None = None

    def add_row(self, clustering: ClusteringPrefix, start: int, end: int) -> None:
        """Takes a row that stands from byte ``start`` to ``end`` of the partition."""
        self._add(clustering, start, end, self._open)

    def add_marker(
        self, bound: ClusteringPrefix, start: int, end: int, opened: Deletion | None
    ) -> None:
        """Takes a range tombstone marker, after which ``opened`` is open."""
        self._add(bound, start, end, opened)

    def _add(self, prefix: ClusteringPrefix, start: int, end: int, opened: Deletion | None) -> None:
        if self._first is None:
            self._first = prefix
            self._start = start
            self._open_before = self._open
        self._last = prefix
        self._open = opened
        if end - self._start >= self._block_size:
            self._cut(end)

    def _cut(self, end: int) -> None:
        if self._first is not None and self._last is not None:
            width = end - self._start
            self._blocks.append(
                WrittenBlock(
                    self._first, self._last, self._start, width, self._open_before, self._open
                )
            )
        self._first = None

    def finish(self, end: int) -> list[WrittenBlock]:
        """The partition's blocks, of which an index needs more than one.

        Args:
            end: length of the partition in bytes, its end included.
        """
        self._cut(end)
        return self._blocks if len(self._blocks) > 1 else []
