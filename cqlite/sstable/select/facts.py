"""What an engine is told of an SSTable; it reads all else from the components itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cqlite.records import record

if TYPE_CHECKING:
    from cqlite.io.remote import SharedFile
    from cqlite.sstable.sstable import SSTable

NEVER_TIME = (1 << 63) - 1
"""Microseconds up to which cells don't count of columns that the table does not have."""


@record
class ColumnFacts:
    """A column of the SSTable's header.

    Attributes:
        name: the table's name for it, for messages.
        type: class string of its type, by which it is laid out.
        kind: ``partition_key``, ``clustering``, ``static`` or ``regular``.
    """

    name: str
    type: str
    kind: str


@record
class Facts:
    """An SSTable as an engine is given it.

    Attributes:
        components: paths of the components that exist, by name, such as ``Data.db``.
        open: what opens one of them by its name, where they are behind a URL; else ``None``.
        version: number of the format version (``version::id`` in specs/version.ksy).
        format: ``big`` or ``bti``.
        is_compressed: whether Data.db is, as CompressionInfo.db and Statistics.db say.
        min_timestamp: microseconds, what timestamps are differences to.
        min_local_deletion_time: seconds since 1970, the same.
        min_ttl: seconds, the same.
        columns: partition key (a column for each component), clustering, static and
            regular columns, each kind in the header's order.
        dropped: for a column's name the time in microseconds up to which its cells don't
            count; the largest time for columns that the table does not have (any more).
        partitioner: class string of the partitioner.
        last_key: the last partition's serialized key where nothing else would tell that
            Data.db was cut off after a partition (neither compressed nor checksums);
            else ``None``.
    """

    components: Mapping[str, str]
    open: Callable[[str], SharedFile] | None
    version: int
    format: str
    is_compressed: bool
    min_timestamp: int
    min_local_deletion_time: int
    min_ttl: int
    columns: tuple[ColumnFacts, ...]
    dropped: Mapping[str, int]
    partitioner: str
    last_key: bytes | None


def facts_of(sstable: SSTable) -> Facts:
    """The facts of ``sstable``.

    Raises:
        MissingComponentError: Statistics.db, Data.db, or a CompressionInfo.db that must
            be there is missing.
        CorruptSSTableError: Statistics.db or CompressionInfo.db are damaged.
        SchemaError: a schema was given that does not fit the file.
    """
    header = sstable.header
    version = sstable.descriptor.version
    components = sstable.components
    components.size("Data.db")
    start = str(components.path(""))
    return Facts(
        components={name: start + name for name in components},
        open=components.open_shared if components.is_remote else None,
        version=version.number,
        format=version.format,
        is_compressed=sstable.is_compressed,
        min_timestamp=header.min_timestamp,
        min_local_deletion_time=header.min_local_deletion_time,
        min_ttl=header.min_ttl,
        columns=tuple(_columns(sstable)),
        dropped=dropped_times(sstable),
        partitioner=sstable.validation.partitioner,
        last_key=sstable.unchecked_last_key,
    )


def _columns(sstable: SSTable) -> list[ColumnFacts]:
    """The header's columns; those of the key are named by the table's schema."""
    layout, table = sstable.header_schema, sstable.schema
    keys = zip(
        (*layout.partition_key, *layout.clustering_columns),
        (*table.partition_key, *table.clustering_columns),
        strict=True,
    )
    found = [ColumnFacts(named.name, c.type.marshal_name, c.kind.value) for c, named in keys]
    for column in (*layout.static_columns, *layout.regular_columns):
        found.append(ColumnFacts(column.name, column.type.marshal_name, column.kind.value))
    return found


def dropped_times(sstable: SSTable) -> dict[str, int]:
    """Up to when cells of columns don't count, in microseconds, by the columns' names."""
    dropped = {d.name: d.dropped_time for d in sstable.schema.dropped_columns}
    header = sstable.header_schema
    for column in (*header.static_columns, *header.regular_columns):
        if sstable.schema.column(column.name) is None:
            dropped[column.name] = NEVER_TIME
    return dropped
