"""Rewriting by the native engine, which leaves Statistics.db and the TOC to Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cqlite.blocks.write import Compression
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.io import (
    COMPRESSION_INFO,
    CRC,
    DATA,
    DIGEST,
    FILTER,
    INDEX,
    PARTITIONS,
    ROWS,
    SUMMARY,
    Descriptor,
    Output,
    Version,
)
from cqlite.sstable.cardinality import HyperLogLogPlus
from cqlite.sstable.collector import MetadataCollector, Range
from cqlite.sstable.histogram import TombstoneHistogram
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.write.settings import Settings
from cqlite.sstable.write.writer import (
    Collected,
    check_deletion_times,
    check_version,
    complete,
    new_collector,
)

Rewrite = Callable[..., Mapping[str, Any]]
"""``rewrite`` of the native module, see rust/python/src/write.rs."""


@dataclass(frozen=True, slots=True)
class WriteCompression:
    """``blocks.write.Compression`` with its options as pairs, in their order."""

    compressor: str
    options: list[tuple[str, str]]
    chunk_length: int
    max_compressed_length: int


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """What the native engine is told of an SSTable that it is to write.

    Attributes:
        version: number of the format version.
        format: ``big`` or ``bti``.
        compression: ``None`` for none.
        bloom_fp_chance: see ``Settings``.
        expected_partitions: see ``Settings``.
        block_size: see ``Settings``.
        min_index_interval: see ``Settings``.
        synced_before_end: see ``Settings``.
        size_offsets: buckets of partition sizes.
        cell_offsets: buckets of numbers of cells.
    """

    version: int
    format: str
    compression: WriteCompression | None
    bloom_fp_chance: float
    expected_partitions: int | None
    block_size: int
    min_index_interval: int
    synced_before_end: bool
    size_offsets: tuple[int, ...]
    cell_offsets: tuple[int, ...]


def write_settings(
    settings: Settings, version: Version, collected: MetadataCollector
) -> WriteSettings:
    """``settings`` as the native engine takes them, with the buckets of ``collected``."""
    return WriteSettings(
        version=version.number,
        format=version.format,
        compression=_compression(settings.compression),
        bloom_fp_chance=settings.bloom_fp_chance,
        expected_partitions=settings.expected_partitions,
        block_size=settings.block_size_of(version.format),
        min_index_interval=settings.min_index_interval,
        synced_before_end=settings.synced_before_end,
        size_offsets=tuple(collected.partition_sizes.offsets),
        cell_offsets=tuple(collected.cell_counts.offsets),
    )


def _compression(given: Compression | None) -> WriteCompression | None:
    if given is None:
        return None
    options = list(given.options.items())
    return WriteCompression(
        given.compressor, options, given.chunk_length, given.max_compressed_length
    )


def rewrite_natively(
    function: Rewrite,
    source: SSTable,
    descriptor: Descriptor,
    settings: Settings,
    progress: Callable[[int], None],
) -> None:
    """Writes the rows of ``source`` to a new SSTable.

    Args:
        function: the native module's.
        source: what to write.
        descriptor: the new SSTable.
        settings: how to write.
        progress: see :func:`cqlite.sstable.write.rewrite`.

    Raises:
        UnsupportedFeatureError: the version is not written, or cannot hold what is there.
        CorruptSSTableError: ``source`` is damaged.
        OutputError: the new one exists, or cannot be written.
    """
    check_version(descriptor.version)
    types = [column.type for column in source.header_schema.clustering_columns]
    collected = new_collector(types, settings)
    with Output(descriptor) as output:
        paths = {name: output.create(name).name for name in components(settings, descriptor)}
        asked = write_settings(settings, descriptor.version, collected)
        found = function(facts_of(source), asked, paths, progress)
        fill(collected, found)
        check_deletion_times(collected, descriptor.version)
        whole = Collected(source.header, collected, found["compression_ratio"])
        complete(output, whole, source.partitioner, settings)


def components(settings: Settings, descriptor: Descriptor) -> list[str]:
    """The components that the native engine writes."""
    index = [PARTITIONS, ROWS] if descriptor.version.format == "bti" else [INDEX, SUMMARY]
    beside = CRC if settings.compression is None else COMPRESSION_INFO
    names = [DATA, beside, DIGEST, *index]
    return names if settings.bloom_fp_chance >= 1 else [*names, FILTER]


def fill(collected: MetadataCollector, found: Mapping[str, Any]) -> None:
    """Puts what the native engine says that rows add up to into ``collected``."""
    _fill_range(collected.timestamps, found["timestamps"])
    _fill_range(collected.local_deletion_times, found["local_deletion_times"])
    _fill_range(collected.ttls, found["ttls"])
    _fill_range(collected.encoded_deletion_times, found["encoded_deletion_times"])
    collected.partition_sizes.counts = found["partition_sizes"]
    collected.cell_counts.counts = found["cell_counts"]
    collected.drop_times.start_with(TombstoneHistogram(tuple(found["drop_times"])))
    collected.total_rows = found["total_rows"]
    collected.total_columns_set = found["total_columns_set"]
    collected.has_partition_level_deletions = found["has_partition_level_deletions"]
    collected.has_legacy_counter_shards = found["has_legacy_counter_shards"]
    collected.first_key, collected.last_key = found["first_key"], found["last_key"]
    if found["least"] is not None:
        collected.covered.min = _prefix(*found["least"])
    if found["greatest"] is not None:
        collected.covered.max = _prefix(*found["greatest"])
    collected.cardinality = HyperLogLogPlus(
        registers=found.get("registers"), sparse=found.get("sparse", ())
    )


def _fill_range(range: Range, bounds: tuple[int, int] | None) -> None:
    if bounds is not None:
        range.min, range.max = bounds


def _prefix(kind: int, values: list[bytes | None]) -> ClusteringPrefix:
    return ClusteringPrefix(tuple(values), ClusteringKind(kind))
