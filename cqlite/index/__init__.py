"""Where partitions and blocks of rows are: BIG and BTI indexes, Bloom filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cqlite.index.model import (
    ClusteringKind,
    ClusteringPrefix,
    ClusteringType,
    Deletion,
    IndexEntry,
    Partitioner,
    PartitionIndex,
    RowIndex,
    RowIndexBlock,
)
from cqlite.io import Components

__all__ = [
    "ClusteringKind",
    "ClusteringPrefix",
    "ClusteringType",
    "Deletion",
    "IndexEntry",
    "PartitionIndex",
    "Partitioner",
    "RowIndex",
    "RowIndexBlock",
    "open_index",
]


def open_index(
    components: Components,
    partitioner: Partitioner,
    clustering_types: Sequence[ClusteringType] = (),
    *,
    key_at: Callable[[int], bytes] | None = None,
) -> PartitionIndex:
    """The partition index of an SSTable.

    Args:
        components: the SSTable's files.
        partitioner: what orders the partitions.
        clustering_types: types of the clustering columns, for row indexes.
        key_at: gives the key of the partition at a position in Data.db, which a BTI
            index needs to be sure of what it found; reads Data.db itself by default.

    Raises:
        MissingComponentError: Index.db or Partitions.db is missing.
        CorruptSSTableError: Partitions.db is damaged.
    """
    if components.descriptor.version.format == "bti":
        from cqlite.index.bti import BtiPartitionIndex

        return BtiPartitionIndex(components, partitioner, clustering_types, key_at)
    from cqlite.index.big import BigPartitionIndex

    return BigPartitionIndex(components, partitioner, clustering_types)
