"""An SSTable written anew from its rows: as it is, or in another version or compression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from cqlite import layouts
from cqlite.blocks import CompressionInfo
from cqlite.blocks.write import NO_LIMIT, PLAIN_BLOCK_LENGTH, Compression
from cqlite.index.write.bloom import BloomFilterWriter, specification
from cqlite.io import CRC, FILTER, SUMMARY, Descriptor, Version
from cqlite.io.native import native_function
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.write.native import rewrite_natively
from cqlite.sstable.write.settings import Provenance, Settings
from cqlite.sstable.write.writer import SSTableWriter

_WORD = 64
_EXCESS_BITS = 20


def _ignore(position: int) -> None:
    pass


def rewrite(
    source: SSTable,
    directory: Path,
    version: Version,
    id: str,
    settings: Settings,
    progress: Callable[[int], None] = _ignore,
) -> Descriptor:
    """Writes the partitions of ``source`` to a new SSTable.

    Args:
        source: what to write.
        directory: where to; it must be there.
        version: the format version of the new SSTable: ``nb``, ``oa`` or ``da``.
        id: the new SSTable's id.
        settings: how to write; :func:`settings_of` gives those of ``source``.
        progress: is told now and then, and in the end, how many of the ``data_length`` bytes
            of ``source`` were read. What it raises ends the writing, and nothing is left.

    Raises:
        UnsupportedFeatureError: the version is not written, or cannot hold what is there.
        CorruptSSTableError: ``source`` is damaged.
        OutputError: the new one exists, or cannot be written.
    """
    descriptor = Descriptor(directory, version, id)
    native = native_function("rewrite")
    if native is not None:
        rewrite_natively(native, source, descriptor, settings, progress)
        return descriptor
    with SSTableWriter(descriptor, source.header, source.partitioner, settings) as writer:
        for partition in source.partitions():
            progress(partition.position)
            writer.append(partition)
        progress(source.data_length)
        writer.finish()
    return descriptor


def settings_for(source: SSTable, version: Version) -> Settings:
    """The settings of ``source`` as far as they mean anything in another version."""
    settings = settings_of(source)
    if version == source.descriptor.version:
        return settings
    defaults = Settings()
    settings = replace(
        settings,
        partition_size_buckets=defaults.partition_size_buckets,
        synced_before_end=False,
    )
    if version.format != source.descriptor.version.format:
        return replace(settings, block_size=None)
    return settings


def settings_of(source: SSTable) -> Settings:
    """The settings with which ``source`` comes out as it is.

    What a file does not say outright is taken from what it shows: the size of row index
    blocks from the smallest, the number of partitions that the Bloom filter was sized
    for from its size.
    """
    stats = source.metadata.stats
    fp_chance = source.validation.bloom_filter_fp_chance if FILTER in source.components else 1.0
    info = source.compression
    return Settings(
        compression=None if info is None else _compression(info),
        bloom_fp_chance=fp_chance,
        expected_partitions=_expected_partitions(source, fp_chance),
        block_size=_block_size(source),
        min_index_interval=_index_interval(source),
        partition_size_buckets=len(stats.estimated_partition_size.offsets),
        synced_before_end=_has_empty_end(source, info),
        provenance=Provenance(
            sstable_level=stats.sstable_level,
            repaired_at=stats.repaired_at,
            pending_repair=stats.pending_repair,
            is_transient=stats.is_transient,
            originating_host_id=stats.originating_host_id,
            commit_log_intervals=stats.commit_log_intervals,
            token_space_coverage=stats.token_space_coverage,
        ),
    )


def _compression(info: CompressionInfo) -> Compression:
    limit = info.max_compressed_length
    return Compression(
        info.compressor, info.options, info.chunk_length, NO_LIMIT if limit is None else limit
    )


def _has_empty_end(source: SSTable, info: CompressionInfo | None) -> bool:
    if info is not None:
        return len(info) > 1 and info.chunk(len(info) - 1).uncompressed_length == 0
    if CRC not in source.components:
        return False
    parsed = layouts.parse(
        "crc.body",
        source.components.read(CRC),
        source.descriptor.version.number,
        where=source.components.where(CRC),
    )
    return len(parsed.checksums) > -(-source.data_length // PLAIN_BLOCK_LENGTH)


def _expected_partitions(source: SSTable, fp_chance: float) -> int:
    """The number of partitions, or where the Bloom filter was made for others, a number
    that makes it as large as it is."""
    count = source.metadata.stats.estimated_partition_size.count()
    if fp_chance >= 1 or source.bloom_filter is None:
        return count
    words = source.bloom_filter.capacity // _WORD
    if BloomFilterWriter(count, fp_chance).num_words == words:
        return count
    _, bits_per_key = specification(fp_chance)
    return (words * _WORD - _EXCESS_BITS) // bits_per_key


def _block_size(source: SSTable) -> int | None:
    """The smallest block of a row index that another follows, ``None`` for the default.

    Every block was closed by the row that brought it to the size that was set, so with the
    smallest all are closed by the same rows again.
    """
    smallest = _smallest_block(source)
    if smallest is not None:
        return smallest
    largest = source.metadata.stats.estimated_partition_size.max()
    default = Settings().block_size_of(source.descriptor.version.format)
    # Nothing has an index, so nothing reached the size.
    return largest + 1 if largest >= default else None


def _smallest_block(source: SSTable) -> int | None:
    native = native_function("smallest_block")
    if native is None:
        return min(_block_lengths(source), default=None)
    found: int | None = native(facts_of(source))
    return found


def _block_lengths(source: SSTable) -> Iterator[int]:
    for entry in source.index:
        if entry.row_index is not None:
            offsets = [block.offset for block in entry.row_index.blocks()]
            yield from (after - before for before, after in pairwise(offsets))


def _index_interval(source: SSTable) -> int:
    if SUMMARY not in source.components:
        return Settings().min_index_interval
    parsed = layouts.parse(
        "summary.body",
        source.components.read(SUMMARY),
        source.descriptor.version.number,
        where=source.components.where(SUMMARY),
    )
    interval: int = parsed.min_index_interval
    return interval
