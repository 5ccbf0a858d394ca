"""One SSTable by its small components."""

from __future__ import annotations

from cqlite.io import DATA
from cqlite.report.model import Clock, SSTableReport
from cqlite.sstable import SSTable
from cqlite.sstable.histogram import OVERFLOWED
from cqlite.sstable.metadata import NO_DELETION_TIME


def summarise(sstable: SSTable, clock: Clock) -> SSTableReport:
    """What Statistics.db and other small components say.

    Raises:
        MissingComponentError: there is no Statistics.db, or nothing tells the first key.
        CorruptSSTableError: a component is damaged.
    """
    stats = sstable.metadata.stats
    components, compression = sstable.components, sstable.compression
    (first, last), (first_token, last_token) = sstable.key_range, sstable.token_range
    largest = stats.estimated_partition_size.max()
    drops = stats.estimated_tombstone_drop_time
    return SSTableReport(
        path=str(components.path(DATA)),
        name=sstable.descriptor.prefix[:-1],
        version=sstable.descriptor.version.name,
        level=stats.sstable_level,
        repaired_at=stats.repaired_at,
        disk_size=sum(components.size(name) for name in components),
        data_size=components.size(DATA),
        uncompressed_size=sstable.data_length,
        compressor=None if compression is None else compression.compressor.rpartition(".")[2],
        chunk_length=None if compression is None else compression.chunk_length,
        partitions=sstable.metadata.compaction.cardinality_estimator.cardinality(),
        rows=stats.total_rows,
        cells=stats.total_columns_set,
        min_timestamp=stats.min_timestamp,
        max_timestamp=stats.max_timestamp,
        min_deletion_time=_time(stats.min_local_deletion_time),
        max_deletion_time=_time(stats.max_local_deletion_time),
        min_ttl=stats.min_ttl,
        max_ttl=stats.max_ttl,
        first_token=str(first_token),
        last_token=str(last_token),
        first_key=sstable.header_schema.key_string(first),
        last_key=sstable.header_schema.key_string(last),
        largest_partition=None if largest == OVERFLOWED else largest,
        tombstones=sum(count for _, count in drops.points),
        droppable=drops.sum(clock.gc_before),
        droppable_ratio=stats.estimated_droppable_tombstone_ratio(clock.gc_before),
        fully_expired=stats.max_local_deletion_time < clock.gc_before,
    )


def _time(value: int) -> int | None:
    return None if value == NO_DELETION_TIME else value
