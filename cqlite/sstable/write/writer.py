"""Writes one SSTable, partition by partition.

Follows ``SortedTableWriter`` with ``BigTableWriter`` and ``BtiTableWriter``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol

from cqlite.blocks.write import open_writer
from cqlite.errors import InvalidValueError, UnsupportedFeatureError, shown
from cqlite.index import ClusteringPrefix
from cqlite.index.write import (
    BigIndexWriter,
    BlockCutter,
    BloomFilterWriter,
    BtiIndexWriter,
    IndexedPartition,
)
from cqlite.io import FILTER, STATISTICS, TOC, Descriptor, Output, Version, failure
from cqlite.layouts.build import encoded, make
from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker, RowFormat, Unfiltered
from cqlite.rows.write import RowWriter
from cqlite.schema import TableSchema
from cqlite.sstable.collector import MetadataCollector
from cqlite.sstable.histogram import new_offsets
from cqlite.sstable.metadata import SerializationHeader, ValidationMetadata
from cqlite.sstable.write.settings import Settings
from cqlite.sstable.write.statistics import StatisticsWriter
from cqlite.types import CqlType, Partitioner

WRITTEN_VERSIONS = ("nb", "oa", "da")
"""The format versions that can be written, those that Cassandra 5.0 writes."""
_CELL_BUCKETS = 118
_MAX_LEGACY_DELETION_TIME = 0x7FFFFFFF - 1
_MAX_DELETION_TIME = 0xFFFFFFFF - 2


class _IndexWriter(Protocol):
    def add(self, partition: IndexedPartition) -> None:
        """Writes the next partition's entry."""

    def finish(self) -> None:
        """Writes what is left."""


class SSTableWriter:
    """A new SSTable, whose files appear all at once when it is finished.

    A context manager: what was not finished leaves nothing, and what the system says of
    files that cannot be written becomes an ``OutputError``.

        with SSTableWriter(descriptor, header, partitioner, settings) as writer:
            for partition in partitions:
                writer.append(partition)
            writer.finish()

    Args:
        descriptor: where it is to be, and in which version: ``nb``, ``oa`` or ``da``.
        header: the columns, and the minimums that times are counted from. Any minimums
            will do, but those just below all times give the shortest files.
        partitioner: what orders the partitions.
        settings: how to write.

    Raises:
        OutputError: it exists already, or the directory cannot be written.
        UnsupportedFeatureError: another version, or compressor or Bloom filter are not
            Cassandra's.
    """

    def __init__(
        self,
        descriptor: Descriptor,
        header: SerializationHeader,
        partitioner: Partitioner,
        settings: Settings,
    ) -> None:
        check_version(descriptor.version)
        self._version = descriptor.version
        self._header = header
        self._partitioner = partitioner
        self._settings = settings
        schema = _schema(header, partitioner)
        self._types = [column.type for column in schema.clustering_columns]
        self._rows = RowWriter(_row_format(self._version.number, header, schema))
        self._has_static = bool(schema.static_columns)
        self._collected = new_collector(self._types, settings)
        self._filter: BloomFilterWriter | None = None
        if settings.bloom_fp_chance < 1:
            self._filter = BloomFilterWriter(settings.expected_partitions, settings.bloom_fp_chance)
        self._last_key: bytes | None = None
        self._output = Output(descriptor)
        self._data = open_writer(self._output, settings.compression)
        self._index = self._open_index()

    def _open_index(self) -> _IndexWriter:
        if self._version.format == "bti":
            return BtiIndexWriter(self._output, self._partitioner, self._types)
        interval = self._settings.min_index_interval
        return BigIndexWriter(self._output, self._types, interval)

    @property
    def position(self) -> int:
        """Length of the uncompressed Data.db up to now, in bytes."""
        return self._data.position

    def append(self, partition: Partition) -> None:
        """Writes a partition, whose rows and markers are taken as they come.

        Raises:
            InvalidValueError: its key is not above that of the partition before it.
        """
        key = partition.key
        if self._last_key is not None and self._partitioner.compare(self._last_key, key) >= 0:
            raise InvalidValueError(
                f"partition {shown(key)} after {shown(self._last_key)}; "
                "partitions have to be in the order of their tokens, each once"
            )
        self._last_key = key
        entry = self._write(partition)
        self._index.add(entry)
        if self._filter is not None:
            self._filter.add(key)

    def _write(self, partition: Partition) -> IndexedPartition:
        start = self._data.position
        self._collected.start_partition(partition)
        self._data.write(self._rows.header(partition.key, partition.deletion))
        if self._has_static:
            self._data.write(self._rows.static_row(partition.static_row))
        entry = IndexedPartition(partition.key, start, _times(partition.deletion))
        entry.header_length = self._data.position - start
        cutter = BlockCutter(self._settings.block_size_of(self._version.format))
        self._write_unfiltereds(partition.unfiltereds, start, cutter)
        entry.end = self._data.position - start
        self._data.write(self._rows.end_of_partition)
        size = self._data.position - start
        entry.blocks = cutter.finish(size)
        self._collected.end_partition(size)
        return entry

    def _write_unfiltereds(
        self, unfiltereds: Iterable[Unfiltered], start: int, cutter: BlockCutter
    ) -> None:
        previous = 0
        for unfiltered in unfiltereds:
            position = self._data.position - start
            self._data.write(self._rows.unfiltered(unfiltered, position - previous))
            previous = position
            end = self._data.position - start
            if isinstance(unfiltered, RangeTombstoneMarker):
                prefix = ClusteringPrefix(unfiltered.values, unfiltered.kind)
                cutter.add_marker(prefix, position, end, _times(unfiltered.open))
            else:
                cutter.add_row(ClusteringPrefix(unfiltered.clustering), position, end)
            self._collected.add(unfiltered)

    def finish(self) -> None:
        """Writes what is left; then all files are in their place and on the disk.

        Raises:
            OutputError: the disk is full, say; nothing is left then.
            UnsupportedFeatureError: the version cannot hold a deletion time that a row has.
            CqliteError: no partition was written.
        """
        check_deletion_times(self._collected, self._version)
        self._index.finish()
        self._data.finish(synced_before=self._settings.synced_before_end)
        if self._filter is not None:
            self._output.write(FILTER, self._filter.build(self._version.number))
        collected = Collected(self._header, self._collected, self._data.compression_ratio)
        complete(self._output, collected, self._partitioner, self._settings)

    def __enter__(self) -> SSTableWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._output.abort()
        if self._filter is not None:
            self._filter.close()
        if isinstance(error, OSError):
            raise failure(error, self._output.descriptor.directory) from error


@dataclass(frozen=True, slots=True)
class Collected:
    """What is known once all rows are written.

    Attributes:
        header: the columns and minimums that they were written with.
        rows: what they add up to.
        compression_ratio: compressed over uncompressed length, -1 if not compressed.
    """

    header: SerializationHeader
    rows: MetadataCollector
    compression_ratio: float


def complete(
    output: Output, collected: Collected, partitioner: Partitioner, settings: Settings
) -> None:
    """Writes Statistics.db and the TOC to all that is there; then the SSTable appears.

    Raises:
        OutputError: the disk is full, say; nothing is left then.
    """
    version = output.descriptor.version.number
    statistics = StatisticsWriter(version, collected.header, collected.rows).build(
        ValidationMetadata(partitioner.name, settings.bloom_fp_chance),
        collected.compression_ratio,
        settings.provenance,
    )
    output.write(STATISTICS, statistics)
    output.write(TOC, toc([*output.components, TOC], version))
    output.commit()


def new_collector(types: Sequence[CqlType], settings: Settings) -> MetadataCollector:
    """A collector with the buckets that Cassandra has, for clustering columns of ``types``."""
    sizes = new_offsets(settings.partition_size_buckets)
    return MetadataCollector(types, sizes, new_offsets(_CELL_BUCKETS))


def check_version(version: Version) -> None:
    """Raises UnsupportedFeatureError where a version is not written."""
    if version.name not in WRITTEN_VERSIONS:
        raise UnsupportedFeatureError(
            f"version {version}; {', '.join(WRITTEN_VERSIONS)} can be written"
        )


def check_deletion_times(collected: MetadataCollector, version: Version) -> None:
    """Raises UnsupportedFeatureError where a version does not have one of the times."""
    latest = collected.encoded_deletion_times.max
    if latest is None or latest <= max_deletion_time(version):
        return
    last = max_deletion_time(version)
    raise UnsupportedFeatureError(
        f"something is deleted or expires {latest} seconds after 1970; version "
        f"{version} has no deletion times after {last}, in {datetime.fromtimestamp(last, UTC).year}"
    )


def max_deletion_time(version: Version) -> int:
    """The last time of deletion or expiration that a version has, in seconds since 1970."""
    return _MAX_DELETION_TIME if version >= "oa" else _MAX_LEGACY_DELETION_TIME


def toc(components: Iterable[str], version: int) -> bytes:
    """TOC.txt of these components."""
    names = sorted(components)
    made = make("toc.body", version, components=names)
    return encoded(made, sum(len(name.encode()) + 1 for name in names))


def _schema(header: SerializationHeader, partitioner: Partitioner) -> TableSchema:
    return TableSchema.from_header(
        key_type=header.key_type,
        clustering_types=header.clustering_types,
        static_columns=header.static_columns,
        regular_columns=header.regular_columns,
        partitioner=partitioner.name,
    )


def _row_format(version: int, header: SerializationHeader, schema: TableSchema) -> RowFormat:
    return RowFormat(
        version=version,
        clustering_shapes=tuple(column.type.shape for column in schema.clustering_columns),
        static_columns=schema.static_columns,
        regular_columns=schema.regular_columns,
        min_timestamp=header.min_timestamp,
        min_local_deletion_time=header.min_local_deletion_time,
        min_ttl=header.min_ttl,
        dropped={},
    )


def _times(deletion: DeletionTime | None) -> tuple[int, int] | None:
    if deletion is None:
        return None
    return deletion.marked_for_delete_at, deletion.local_deletion_time
