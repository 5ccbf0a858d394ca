"""What a writer has to be told, since rows do not say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cqlite.blocks.compressors import class_of
from cqlite.blocks.write import DEFAULT_CHUNK_LENGTH, NO_LIMIT, Compression
from cqlite.errors import SchemaError, UnsupportedFeatureError
from cqlite.index.write import big, bti
from cqlite.index.write.bloom import DEFAULT_FP_CHANCE, specification
from cqlite.schema import TableSchema
from cqlite.sstable.metadata import CommitLogPosition

_KIB = 1024
_CLASS_OPTIONS = ("class", "sstable_compression")
_CHUNK_OPTIONS = ("chunk_length_in_kb", "chunk_length_kb")
_OWN_OPTIONS = (*_CHUNK_OPTIONS, "min_compress_ratio", "crc_check_chance")

PARTITION_SIZE_BUCKETS = 155
"""Offsets of the histogram of partition sizes since 5.0; 4.x had 150."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an SSTable comes from, as Statistics.db has it besides what follows from rows.

    Attributes:
        sstable_level: level in leveled compaction.
        repaired_at: milliseconds since 1970, 0 if not repaired.
        pending_repair: the repair session that it belongs to, if any.
        is_transient: whether it is of a transient replica.
        originating_host_id: the host whose commit log the intervals are of, if any.
        commit_log_intervals: the parts of the commit log that it covers.
        token_space_coverage: share of the node's tokens, NaN if not known.
    """

    sstable_level: int = 0
    repaired_at: int = 0
    pending_repair: UUID | None = None
    is_transient: bool = False
    originating_host_id: UUID | None = None
    commit_log_intervals: tuple[tuple[CommitLogPosition, CommitLogPosition], ...] = ()
    token_space_coverage: float = float("nan")


@dataclass(frozen=True, slots=True)
class Settings:
    """How an SSTable is written.

    Attributes:
        compression: ``None`` for none.
        bloom_fp_chance: the false positive rate for Filter.db; with 1 there is no such file.
        expected_partitions: how many the Bloom filter is sized for; ``None`` for those that
            there are.
        block_size: from this length on, in bytes, a block of a row index is complete;
            ``None`` for the format's default.
        min_index_interval: partitions from one entry of Summary.db to the next.
        partition_size_buckets: offsets of the histogram of partition sizes.
        synced_before_end: whether Data.db has an empty chunk at its end; see
            ``blocks.write.DataWriter.finish``.
        provenance: see there.
    """

    compression: Compression | None = field(default_factory=Compression)
    bloom_fp_chance: float = DEFAULT_FP_CHANCE
    expected_partitions: int | None = None
    block_size: int | None = None
    min_index_interval: int = big.DEFAULT_MIN_INDEX_INTERVAL
    partition_size_buckets: int = PARTITION_SIZE_BUCKETS
    synced_before_end: bool = False
    provenance: Provenance = field(default_factory=Provenance)

    @classmethod
    def of_table(cls, schema: TableSchema) -> Settings:
        """What the options of a table ask for, Cassandra's defaults where there are none.

        Raises:
            UnsupportedFeatureError: the compressor is not one of Cassandra's.
            SchemaError: an option is not a number where it must be one.
        """
        options = schema.options
        return cls(
            compression=_compression_of(options.get("compression")),
            bloom_fp_chance=_number(options, "bloom_filter_fp_chance", DEFAULT_FP_CHANCE),
            min_index_interval=int(
                _number(options, "min_index_interval", big.DEFAULT_MIN_INDEX_INTERVAL)
            ),
        )

    def changed(
        self,
        compression: Compression | str | None = None,
        chunk_length: int | None = None,
        bloom_fp_chance: float | None = None,
        column_index_size: int | None = None,
    ) -> Settings:
        """The same but for what is given.

        Args:
            compression: a compressor, such as ``LZ4Compressor`` or ``lz4``; ``none`` for none.
            chunk_length: uncompressed bytes in each chunk, a power of two.
            bloom_fp_chance: the false positive rate for Filter.db.
            column_index_size: bytes of rows from one entry of a row index to the next.

        Raises:
            UnsupportedFeatureError: Cassandra has no such compressor, chunks, Bloom filter or
                row index.
        """
        made = self.compression
        if isinstance(compression, Compression):
            made = compression
        elif compression is not None:
            made = None if compression == "none" else Compression(class_of(compression))
        if chunk_length is not None and made is not None:
            made = replace(made, chunk_length=chunk_length)
        _check_chunks(made)
        settings = replace(self, compression=made)
        if column_index_size is not None:
            if column_index_size <= 0:
                raise UnsupportedFeatureError(f"blocks of a row index of {column_index_size} bytes")
            settings = replace(settings, block_size=column_index_size)
        if bloom_fp_chance is None:
            return settings
        _check_chance(bloom_fp_chance)
        return replace(settings, bloom_fp_chance=bloom_fp_chance, expected_partitions=None)

    def block_size_of(self, format: str) -> int:
        """The length of blocks in ``big`` or ``bti``."""
        if self.block_size is not None:
            return self.block_size
        return big.DEFAULT_BLOCK_SIZE if format == "big" else bti.DEFAULT_BLOCK_SIZE


def _check_chunks(compression: Compression | None) -> None:
    length = 1 if compression is None else compression.chunk_length
    if length <= 0 or length & (length - 1):
        raise UnsupportedFeatureError(f"chunks of {length} bytes; only powers of two are possible")


def _check_chance(fp_chance: float) -> None:
    if not 0 < fp_chance <= 1:
        raise UnsupportedFeatureError(f"a Bloom filter's false positive rate of {fp_chance}")
    if fp_chance < 1:
        specification(fp_chance)


def _compression_of(option: Mapping[str, Any] | None) -> Compression | None:
    """The table option ``compression`` (``CompressionParams.fromMap``)."""
    if option is None:
        return Compression()
    options = {str(name): str(value) for name, value in option.items()}
    names = [options.pop(name) for name in _CLASS_OPTIONS if name in options]
    if options.pop("enabled", "true").lower() == "false" or not any(names):
        return None
    kib = [_number(options, name, 0) for name in _CHUNK_OPTIONS if name in options]
    length = int(kib[0]) * _KIB if kib else DEFAULT_CHUNK_LENGTH
    ratio = _number(options, "min_compress_ratio", 0)
    own = {name: value for name, value in options.items() if name not in _OWN_OPTIONS}
    limit = math.ceil(min(length / ratio, NO_LIMIT)) if ratio > 0 else NO_LIMIT
    return Compression(class_of(names[0]), own, length, limit)


def _number(options: Mapping[str, Any], name: str, default: float) -> float:
    value = options.get(name, default)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise SchemaError(f"option {name} is {value!r}, not a number") from None
