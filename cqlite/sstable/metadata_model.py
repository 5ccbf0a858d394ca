"""What Statistics.db says of an SSTable as a whole.

Follows the classes of ``org.apache.cassandra.io.sstable.metadata``, whose names the
classes and fields here have. Timestamps are microseconds, deletion times and times to
live seconds, all since 1970 where they are points in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cqlite.records import record

if TYPE_CHECKING:
    from uuid import UUID

    from cqlite.sstable.cardinality import HyperLogLogPlus
    from cqlite.sstable.histogram import EstimatedHistogram, TombstoneHistogram

NO_DELETION_TIME = 0x7FFFFFFFFFFFFFFF
"""Local deletion time where something neither is deleted nor expires."""

NO_COMPRESSION_RATIO = -1.0
"""Compression ratio where Data.db is not compressed."""


@record
class ValidationMetadata:
    """What must fit for the SSTable to be opened at all.

    Attributes:
        partitioner: class name.
        bloom_filter_fp_chance: the false positive rate that Filter.db was sized for.
    """

    partitioner: str
    bloom_filter_fp_chance: float


@record
class CompactionMetadata:
    """What compaction takes into account.

    Attributes:
        cardinality_estimator: sketch of the partition keys.
    """

    cardinality_estimator: HyperLogLogPlus


@record
class CommitLogPosition:
    """A place in the commit log.

    Attributes:
        segment_id: number of the segment, -1 for none.
        position: offset in it in bytes.
    """

    segment_id: int
    position: int

    def __lt__(self, other: CommitLogPosition) -> bool:
        return (self.segment_id, self.position) < (other.segment_id, other.position)


@record
class ClusteringBound:
    """Where a range of clusterings starts or ends.

    Attributes:
        values: serialized values of the first clustering columns; ``None`` for null.
        is_inclusive: whether clusterings that start with ``values`` are in the range.
    """

    values: tuple[bytes | None, ...]
    is_inclusive: bool


@record
class Slice:
    """A range of clusterings."""

    start: ClusteringBound
    end: ClusteringBound


@record
class StatsMetadata:
    """Ranges, counts, histograms and the state of repair.

    Attributes:
        estimated_partition_size: partitions by their uncompressed size in bytes.
        estimated_cell_per_partition_count: partitions by their number of cells.
        commit_log_intervals: the parts of the commit log that are covered, both ends
            inclusive; before ``mc`` one that may start before what really is covered.
        min_timestamp: microseconds.
        max_timestamp: microseconds.
        min_local_deletion_time: seconds, ``NO_DELETION_TIME`` if nothing is deleted or
            expires.
        max_local_deletion_time: seconds, ``NO_DELETION_TIME`` if something neither is
            deleted nor expires.
        min_ttl: seconds, 0 if something has none.
        max_ttl: seconds.
        compression_ratio: compressed size over uncompressed size.
        estimated_tombstone_drop_time: tombstones by local deletion time.
        sstable_level: level in leveled compaction.
        repaired_at: milliseconds, 0 if not repaired.
        covered_clustering: a range that all rows are in; ``None`` if all clusterings
            must be taken to be, as before ``md``.
        has_legacy_counter_shards: whether there are counter shards from before 2.1.
        total_columns_set: number of cells, a collection counting once.
        total_rows: number of rows.
        token_space_coverage: share of the node's tokens; NaN if not known.
        originating_host_id: the host that wrote the SSTable, if known.
        pending_repair: the repair session that it belongs to, if any.
        is_transient: whether it is of a transient replica.
        has_partition_level_deletions: whether partitions may be deleted; before ``oa``
            also if anything else is.
        first_key: serialized key of the first partition; ``None`` before ``oa``.
        last_key: serialized key of the last partition; ``None`` before ``oa``.
    """

    estimated_partition_size: EstimatedHistogram
    estimated_cell_per_partition_count: EstimatedHistogram
    commit_log_intervals: tuple[tuple[CommitLogPosition, CommitLogPosition], ...]
    min_timestamp: int
    max_timestamp: int
    min_local_deletion_time: int
    max_local_deletion_time: int
    min_ttl: int
    max_ttl: int
    compression_ratio: float
    estimated_tombstone_drop_time: TombstoneHistogram
    sstable_level: int
    repaired_at: int
    covered_clustering: Slice | None
    has_legacy_counter_shards: bool
    total_columns_set: int
    total_rows: int
    token_space_coverage: float
    originating_host_id: UUID | None
    pending_repair: UUID | None
    is_transient: bool
    has_partition_level_deletions: bool
    first_key: bytes | None
    last_key: bytes | None

    def estimated_droppable_tombstone_ratio(self, gc_before: int) -> float:
        """Tombstones that can be dropped, as a share of the estimated number of cells.

        Args:
            gc_before: seconds; tombstones up to then can be dropped.
        """
        cells = self.estimated_cell_per_partition_count
        estimated = (cells.mean() or 0) * cells.count()
        if estimated <= 0:
            return 0.0
        return self.estimated_tombstone_drop_time.sum(gc_before) / estimated


@record
class SerializationHeader:
    """What rows in Data.db are read with. Types are names of marshal classes.

    Attributes:
        min_timestamp: microseconds, which timestamps in Data.db are counted from.
        min_local_deletion_time: seconds, which deletion times are counted from.
        min_ttl: seconds, which times to live are counted from.
        key_type: type of the partition key, a composite if it has several columns.
        clustering_types: types of the clustering columns.
        static_columns: types of the static columns by name, in the order of rows.
        regular_columns: types of the regular columns by name, in the order of rows.
            Bytes of a name that are not UTF-8 stand as surrogates, as in file names.
    """

    min_timestamp: int
    min_local_deletion_time: int
    min_ttl: int
    key_type: str
    clustering_types: tuple[str, ...]
    static_columns: Mapping[str, str]
    regular_columns: Mapping[str, str]

    @property
    def min_local_deletion_time_in_int(self) -> int:
        """``min_local_deletion_time`` in 32 bits, so negative after January 2038.

        That is what Cassandra computes and prints; it adds up to the same deletion
        times, since those are unsigned.
        """
        return (self.min_local_deletion_time + (1 << 31)) % (1 << 32) - (1 << 31)


@record
class SSTableMetadata:
    """All parts of Statistics.db."""

    validation: ValidationMetadata
    compaction: CompactionMetadata
    stats: StatsMetadata
    header: SerializationHeader
