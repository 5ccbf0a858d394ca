"""What a partition index says, the same for BIG and BTI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, Protocol

from cqlite import layouts
from cqlite.records import record
from cqlite.types import byte_comparable as bc

ClusteringKind: type[IntEnum] = layouts.enum("clustering.kind")
"""Kinds of clustering prefixes (Cassandra's ``ClusteringPrefix.Kind``)."""

Deletion = tuple[int, int]
"""Timestamp in microseconds and local deletion time in seconds since 1970."""

INVALID_DELETION_TIME = 0xFFFFFFFE
"""Local deletion time, in seconds, that stands for one that no valid write can have."""

_TERMINATORS = {
    "clustering": bc.TERMINATOR,
    "static_clustering": bc.EXCLUDED,
    "incl_start_bound": bc.LT_NEXT_COMPONENT,
    "excl_end_bound": bc.LT_NEXT_COMPONENT,
    "excl_end_incl_start_boundary": bc.LT_NEXT_COMPONENT,
    "excl_start_bound": bc.GT_NEXT_COMPONENT,
    "incl_end_bound": bc.GT_NEXT_COMPONENT,
    "incl_end_excl_start_boundary": bc.GT_NEXT_COMPONENT,
}


class ClusteringType(Protocol):
    """What an index needs to know of a clustering column's type; ``CqlType`` is one."""

    @property
    def is_reversed(self) -> bool:
        """Whether the column is in descending order."""

    @property
    def shape(self) -> int:
        """The values' length in bytes where the type fixes that, else -1."""

    def byte_comparable(self, data: bytes) -> bytes | None:
        """The value in byte-comparable form, ``None`` if it has none."""


class Partitioner(Protocol):
    """What an index needs to know of the partitioner; ``cqlite.types``' are such."""

    def byte_comparable(self, key: bytes) -> bytes:
        """Token and key in the order of the SSTable's partitions."""


@record
class ClusteringPrefix:
    """A full clustering, or a bound (Cassandra's ``ClusteringPrefix``).

    Attributes:
        values: serialized values, ``None`` for null; fewer than columns in a bound.
        kind: a member of ``ClusteringKind``.
    """

    values: tuple[bytes | None, ...]
    kind: IntEnum = ClusteringKind["clustering"]

    def byte_comparable(self, types: Sequence[ClusteringType]) -> bytes:
        """Its place in the order of the clustering columns' ``types``."""
        return bc.clustering(
            [
                None if value is None else column.byte_comparable(value)
                for value, column in zip(self.values, types, strict=False)
            ],
            [column.is_reversed for column in types],
            null_values=[value is None for value in self.values],
            terminator=_TERMINATORS[self.kind.name],
        )


@record
class RowIndexBlock:
    """A block of a partition's rows (Cassandra's ``IndexInfo``).

    Attributes:
        offset: where the block starts, in bytes from the partition's start.
        width: its length in bytes.
        open_deletion: deletion of the range tombstone that is open where it starts.
        separator: BTI: a byte-comparable string that is not above the block's first
            clustering and above all clusterings before; empty for the first block.
        first: BIG: the clustering or bound it starts with.
        last: BIG: the clustering or bound it ends with.
    """

    offset: int
    width: int
    open_deletion: Deletion | None
    separator: bytes | None = None
    first: ClusteringPrefix | None = None
    last: ClusteringPrefix | None = None


class RowIndex(Protocol):
    """The index of a large partition's blocks of rows.

    Attributes:
        num_blocks: number of blocks.
        partition_deletion: what deletes the whole partition, if anything.
        header_length: length in bytes of the partition's header and static row, where
            the index has it (BIG).
    """

    num_blocks: int
    partition_deletion: Deletion | None
    header_length: int | None

    def blocks(self) -> Iterator[RowIndexBlock]:
        """All blocks in the order of Data.db.

        Raises:
            CorruptSSTableError: the index is damaged.
        """

    def block_for(self, clustering: ClusteringPrefix) -> RowIndexBlock | None:
        """The block to start reading at for ``clustering`` and what follows it.

        It is the first that can have anything not before ``clustering``; ``None`` where
        all of the partition's rows are before.

        Raises:
            CorruptSSTableError: the index is damaged.
        """


@record
class IndexEntry:
    """A partition as the index knows it (Cassandra's ``AbstractRowIndexEntry``).

    Attributes:
        key: the partition key; ``None`` where the index does not have it (BTI, for a
            partition that is not in Rows.db) and nobody has looked it up.
        data_position: where the partition starts in Data.db, in bytes before compression.
        row_index: the index of its blocks, if it has one.
        index_position: where its entry is in Index.db or Rows.db, if it is there.
    """

    key: bytes | None
    data_position: int
    row_index: RowIndex | None = None
    index_position: int | None = None


class PartitionIndex(Protocol):
    """Where the partitions are. A context manager, since it holds files open."""

    def __enter__(self) -> PartitionIndex:
        """The index itself."""

    def __exit__(self, *exc: object) -> None:
        """Closes the files."""

    def __iter__(self) -> Iterator[IndexEntry]:
        """All partitions, see ``entries``."""

    def entries(self, start: bytes = b"") -> Iterator[IndexEntry]:
        """The partitions in the order of Data.db.

        Args:
            start: leave out partitions before this byte-comparable position, such as
                ``partitioner.byte_comparable(key)`` or ``byte_comparable.token_bound``.

        Raises:
            CorruptSSTableError: the index is damaged.
        """

    def find(self, key: bytes) -> IndexEntry | None:
        """The partition of ``key``; ``None`` if there is none.

        Raises:
            CorruptSSTableError: the index is damaged.
        """

    def close(self) -> None:
        """Closes the files."""


def deletion(parsed: Any) -> Deletion | None:
    """What a parsed ``deletion_time::deletion`` says, ``None`` for a live one."""
    if parsed is None or parsed.is_live:
        return None
    modern = getattr(parsed, "modern", None)
    if modern:
        return modern.marked_for_delete_at, modern.local_deletion_time
    legacy = parsed.legacy
    return legacy.marked_for_delete_at, valid_deletion_time(legacy.local_deletion_time)


def valid_deletion_time(seconds: int) -> int:
    """``seconds`` if a deletion can have it as local deletion time (``DeletionTime.build``)."""
    return seconds if 0 <= seconds < INVALID_DELETION_TIME else INVALID_DELETION_TIME


def clustering_values(parsed: Any) -> tuple[bytes | None, ...]:
    """The serialized values of a parsed ``clustering::values``; ``None`` for null."""
    return tuple(
        item.value if item.is_present else (b"" if item.is_empty else None)
        for block in parsed.blocks
        for item in block.items
    )


def clustering_prefix(parsed: Any) -> ClusteringPrefix:
    """What a parsed ``clustering::prefix`` says."""
    return ClusteringPrefix(clustering_values(parsed.values), ClusteringKind(parsed.kind))
