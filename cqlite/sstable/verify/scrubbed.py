"""Statistics of what scrub began to write and took back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cqlite.index import ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.sstable.collector import MetadataCollector, Range
from cqlite.sstable.metadata import NO_DELETION_TIME, StatsMetadata

_COUNTED_TOO_EARLY = frozenset(
    {
        "min_timestamp",
        "max_timestamp",
        "min_local_deletion_time",
        "max_local_deletion_time",
        "min_ttl",
        "max_ttl",
        "total_rows",
        "total_columns_set",
        "has_legacy_counter_shards",
        "has_partition_level_deletions",
        "estimated_cell_per_partition_count",
        "estimated_tombstone_drop_time",
        "covered_clustering",
        "compression_ratio",
    }
)
"""What is collected before a partition is complete. Sizes and keys are collected after that."""

_FEWEST_FIELDS = 2
"""A partition of a single field that differs would be one without cells, TTLs and deletions."""


def has_taken_back(
    differing: Iterable[str],
    stats: StatsMetadata,
    collected: MetadataCollector,
    covered: tuple[ClusteringPrefix, ClusteringPrefix] | None,
    comparator: ClusteringComparator,
) -> bool:
    """Whether statistics differ from the rows as those of scrub may.

    When it fails to read a partition it cuts off what it has written of that
    (``SSTableRewriter.tryAppend``), which has been counted by then; 5.0.6 fails on every
    partition with a range tombstone (``RowMergingSSTableIterator``).

    Args:
        differing: names of the fields that differ.
        stats: what Statistics.db says.
        collected: what the rows add up to.
        covered: first and last clustering by Statistics.db, ``None`` where it has them not.
        comparator: of the table's clusterings.
    """
    names = set(differing)
    if len(names) < _FEWEST_FIELDS or not names <= _COUNTED_TOO_EARLY:
        return False
    if covered is not None and not _covers(covered, collected, comparator):
        return False
    return all(less <= more for less, more in _ordered(stats, collected))


def _ordered(stats: StatsMetadata, collected: MetadataCollector) -> Iterator[tuple[int, int]]:
    """Pairs of which the second is not less than the first one."""
    yield collected.total_rows, stats.total_rows
    yield collected.total_columns_set, stats.total_columns_set
    yield collected.num_drop_times, sum(n for _, n in stats.estimated_tombstone_drop_time.points)
    # The cells of what was taken back are counted with those of the next partition.
    partitions = sum(stats.estimated_cell_per_partition_count.buckets)
    yield partitions, sum(collected.cell_counts.counts)
    yield from _wider(stats.min_timestamp, collected.timestamps, stats.max_timestamp)
    yield from _wider(stats.min_ttl, collected.ttls, stats.max_ttl)
    times = collected.local_deletion_times
    yield from _wider(stats.min_local_deletion_time, times, NO_DELETION_TIME)


def _wider(least: int, found: Range, greatest: int) -> Iterator[tuple[int, int]]:
    if found.min is not None and found.max is not None:
        yield least, found.min
        yield found.max, greatest


def _covers(
    covered: tuple[ClusteringPrefix, ClusteringPrefix],
    collected: MetadataCollector,
    comparator: ClusteringComparator,
) -> bool:
    start, end = covered
    compare = comparator.compare
    return compare(start, collected.covered.min) <= 0 <= compare(end, collected.covered.max)
