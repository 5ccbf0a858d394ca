"""Partitions, rows and cells, and reading them from Data.db."""

from cqlite.index.model import ClusteringKind, clustering_values
from cqlite.rows.model import (
    Bound,
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
)
from cqlite.rows.reader import (
    PartitionReader,
    RowFormat,
    partition_deletion,
)

__all__ = [
    "Bound",
    "Cell",
    "ClusteringKind",
    "ComplexColumn",
    "DeletionTime",
    "LivenessInfo",
    "Partition",
    "PartitionReader",
    "RangeTombstoneMarker",
    "Row",
    "RowFormat",
    "Unfiltered",
    "clustering_values",
    "partition_deletion",
]
