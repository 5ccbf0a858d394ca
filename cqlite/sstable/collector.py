"""Collects from rows what Statistics.db says, the way Cassandra did when it wrote them.

Follows ``MetadataCollector``, ``Rows.collectStats`` and ``Cells.collectStats``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from cqlite.codec.murmur2 import hash64
from cqlite.errors import InvalidValueError
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import (
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
)
from cqlite.rows.model import prefix_of
from cqlite.sstable.cardinality import HyperLogLogPlus
from cqlite.sstable.metadata import NO_DELETION_TIME
from cqlite.sstable.tombstone_builder import TombstoneHistogramBuilder
from cqlite.types import CounterColumnType, CqlType

MAX_START = ClusteringPrefix((), ClusteringKind["excl_start_bound"])
"""After all clusterings (``ClusteringBound.MAX_START``)."""
MIN_END = ClusteringPrefix((), ClusteringKind["excl_end_bound"])
"""Before all clusterings (``ClusteringBound.MIN_END``)."""

MAX_DROP_TIMES = 100
"""As many points a histogram of local deletion times has; with more, some were merged."""


class Range:
    """The least and the greatest of some numbers.

    Attributes:
        min: ``None`` where there was no number.
        max: ``None`` where there was no number.
    """

    def __init__(self) -> None:
        self.min: int | None = None
        self.max: int | None = None

    def add(self, value: int) -> None:
        """Takes ``value`` into account."""
        if self.min is None or value < self.min:
            self.min = value
        if self.max is None or value > self.max:
            self.max = value


class Buckets:
    """Counts of numbers in buckets, as ``EstimatedHistogram`` has them.

    Attributes:
        offsets: the largest number of each bucket but the last, ascending.
        counts: how many numbers were above the offset before and up to the bucket's
            own; the last bucket is for those above all offsets.
    """

    def __init__(self, offsets: Sequence[int]) -> None:
        self.offsets = offsets
        self.counts = [0] * (len(offsets) + 1)

    def add(self, value: int) -> None:
        """Counts ``value``."""
        self.counts[bisect_left(self.offsets, value)] += 1


class CoveredClusterings:
    """The least and the greatest clustering or bound, as Cassandra tracks them.

    Attributes:
        min: a clustering or a start; ``MAX_START`` where there was none.
        max: a clustering or an end; ``MIN_END`` where there was none.
    """

    def __init__(self, comparator: ClusteringComparator) -> None:
        self._compare = comparator.compare
        self.min = MAX_START
        self.max = MIN_END

    def add(self, prefix: ClusteringPrefix) -> None:
        """Takes a row's clustering or a marker's bound into account; boundaries don't count."""
        name = prefix.kind.name
        if name.endswith("boundary"):
            return
        if not name.endswith("end_bound") and self._compare(prefix, self.min) < 0:
            self.min = prefix
        if not name.endswith("start_bound") and self._compare(prefix, self.max) > 0:
            self.max = prefix


class MetadataCollector:
    """What the rows of an SSTable add up to.

    Attributes:
        timestamps: of cells, liveness infos and deletions, in microseconds.
        local_deletion_times: seconds, ``NO_DELETION_TIME`` of what is not deleted.
        ttls: seconds, 0 of what has none.
        encoded_deletion_times: those of what is deleted or expires.
        encoded_ttls: those of what expires.
        drop_times: the histogram of local deletion times as releases since 3.11 build it.
        exact_drop_times: how often each local deletion time stands; ``None`` if there are
            more than ``MAX_DROP_TIMES``.
        num_drop_times: how many local deletion times there are.
        total_rows: number of rows, static ones included.
        total_columns_set: number of columns in them that have cells.
        partition_sizes: partitions by their size in bytes.
        cell_counts: partitions by their number of cells.
        covered: the range of clusterings.
        cardinality: sketch of the keys.
        has_partition_level_deletions: whether any partition is deleted as a whole.
        has_legacy_counter_shards: whether any counter has local or remote shards.
        first_key: serialized key of the first partition.
        last_key: serialized key of the last partition.
    """

    def __init__(
        self,
        clustering_types: Sequence[CqlType],
        size_offsets: Sequence[int],
        cell_offsets: Sequence[int],
    ) -> None:
        """A collector that has seen nothing.

        Args:
            clustering_types: types of the clustering columns.
            size_offsets: the buckets to sort partition sizes into.
            cell_offsets: the buckets to sort numbers of cells into.
        """
        self.timestamps = Range()
        self.local_deletion_times = Range()
        self.ttls = Range()
        self.encoded_deletion_times = Range()
        self.encoded_ttls = Range()
        self.drop_times = TombstoneHistogramBuilder()
        self.exact_drop_times: Counter[int] | None = Counter()
        self.num_drop_times = 0
        self.total_rows = 0
        self.total_columns_set = 0
        self.partition_sizes = Buckets(size_offsets)
        self.cell_counts = Buckets(cell_offsets)
        self.covered = CoveredClusterings(ClusteringComparator(clustering_types))
        self.cardinality = HyperLogLogPlus()
        self.has_partition_level_deletions = False
        self.has_legacy_counter_shards = False
        self.first_key: bytes | None = None
        self.last_key: bytes | None = None
        self._partition_cells = 0

    def start_partition(self, partition: Partition) -> None:
        """Counts a partition's key, deletion and static row."""
        self._partition_cells = 0
        self.first_key = partition.key if self.first_key is None else self.first_key
        self.last_key = partition.key
        self.cardinality.offer(hash64(partition.key))
        if partition.deletion is not None:
            self.has_partition_level_deletions = True
            self._deletion(partition.deletion)
        if partition.static_row is not None:
            self._row(partition.static_row)

    def add(self, unfiltered: Unfiltered) -> None:
        """Counts a row or a range tombstone marker."""
        self.covered.add(prefix_of(unfiltered))
        if isinstance(unfiltered, RangeTombstoneMarker):
            for deletion in (unfiltered.close, unfiltered.open):
                self._deletion(deletion)
        else:
            self._row(unfiltered)

    def end_partition(self, size: int) -> None:
        """Counts the partition that was started last, of ``size`` bytes."""
        self.partition_sizes.add(size)
        self.cell_counts.add(self._partition_cells)

    def _row(self, row: Row) -> None:
        self.total_rows += 1
        self._liveness(row.liveness)
        self._deletion(row.deletion)
        for column in row.columns:
            if isinstance(column, ComplexColumn):
                self._deletion(column.deletion)
                self.total_columns_set += bool(column.cells)
                for cell in column.cells:
                    self._cell(cell)
            else:
                self.total_columns_set += 1
                self._cell(column)

    def _liveness(self, liveness: LivenessInfo | None) -> None:
        if liveness is None:
            return
        self.timestamps.add(liveness.timestamp)
        self._expiration(liveness.ttl, liveness.local_expiration_time)

    def _cell(self, cell: Cell) -> None:
        self._partition_cells += 1
        self.timestamps.add(cell.timestamp)
        self._expiration(cell.ttl, cell.local_deletion_time)
        if cell.column.type.is_counter and not cell.is_tombstone:
            self.has_legacy_counter_shards |= _has_legacy_shards(cell)

    def _expiration(self, ttl: int | None, local_deletion_time: int | None) -> None:
        self.ttls.add(ttl or 0)
        if ttl is not None:
            self.encoded_ttls.add(ttl)
        self._local_deletion_time(local_deletion_time)

    def _deletion(self, deletion: DeletionTime | None) -> None:
        if deletion is None:
            return
        self.timestamps.add(deletion.marked_for_delete_at)
        self._local_deletion_time(deletion.local_deletion_time)

    def _local_deletion_time(self, time: int | None) -> None:
        if time is None:
            self.local_deletion_times.add(NO_DELETION_TIME)
            return
        self.local_deletion_times.add(time)
        self.encoded_deletion_times.add(time)
        self.num_drop_times += 1
        self.drop_times.add(time)
        if self.exact_drop_times is not None:
            self.exact_drop_times[time] += 1
            if len(self.exact_drop_times) > MAX_DROP_TIMES:
                self.exact_drop_times = None


def _has_legacy_shards(cell: Cell) -> bool:
    """Whether a counter has local or remote shards (``CounterContext.hasLegacyShards``)."""
    kind = cell.column.type
    if not isinstance(kind, CounterColumnType):
        return False
    try:
        return any(shard.kind != "global" for shard in kind.shards(cell.raw))
    except InvalidValueError:
        # Reported where values are checked.
        return False
