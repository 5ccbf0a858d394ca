"""Sorted fragments to one SSTable, or to several of a size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cqlite.io import Descriptor, Version
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.metadata import SerializationHeader
from cqlite.sstable.write.assemble import partitions
from cqlite.sstable.write.fragments import EncodingStats
from cqlite.sstable.write.settings import Settings
from cqlite.sstable.write.sorter import Sorter
from cqlite.sstable.write.writer import SSTableWriter
from cqlite.types import Partitioner


@dataclass(frozen=True, slots=True)
class Split:
    """What the new SSTables are called, and when another one is begun.

    Attributes:
        directory: where they are made.
        version: their version.
        ids: their ids.
        max_size: bytes of uncompressed rows after which another one is begun.
    """

    directory: Path
    version: Version
    ids: Iterator[str]
    max_size: int | None = None


def write_all(
    sorter: Sorter,
    schema: TableSchema,
    stats: EncodingStats,
    partitioner: Partitioner,
    settings: Settings,
    split: Split,
) -> list[Descriptor]:
    """Writes all that was sorted; the SSTables, none if there was nothing.

    Args:
        sorter: the fragments.
        schema: the table.
        stats: the fragments' least times, and their columns.
        partitioner: what they were sorted by.
        settings: how to write.
        split: see there.

    Raises:
        OutputError: the disk is full.
    """
    header = header_of(schema, stats)
    written: list[Descriptor] = []
    rest = partitions(sorter, schema)
    partition = next(rest, None)
    while partition is not None:
        descriptor = Descriptor(split.directory, split.version, next(split.ids))
        with SSTableWriter(descriptor, header, partitioner, settings) as writer:
            while partition is not None:
                writer.append(partition)
                partition = next(rest, None)
                if split.max_size is not None and writer.position >= split.max_size:
                    break
            writer.finish()
        written.append(descriptor)
    return written


def header_of(schema: TableSchema, stats: EncodingStats) -> SerializationHeader:
    """The serialization header of rows: their least times, and the columns that they have."""
    min_timestamp, min_local_deletion_time, min_ttl = stats.minimums
    return SerializationHeader(
        min_timestamp=min_timestamp,
        min_local_deletion_time=min_local_deletion_time,
        min_ttl=min_ttl,
        key_type=schema.partition_key_type.marshal_name,
        clustering_types=tuple(c.type.marshal_name for c in schema.clustering_columns),
        static_columns=_types(schema.static_columns, stats.static_columns),
        regular_columns=_types(schema.regular_columns, stats.regular_columns),
    )


def _types(columns: tuple[ColumnMetadata, ...], indexes: set[int]) -> dict[str, str]:
    return {columns[index].name: columns[index].type.marshal_name for index in sorted(indexes)}
