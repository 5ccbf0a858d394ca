"""The schema that a table's SSTables are read by, and what of them it does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cqlite.errors import SchemaError, Where
from cqlite.io import DATA, STATISTICS, Descriptor, as_path
from cqlite.records import record, replace
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.schema.columns import DroppedColumn
from cqlite.schema.matching import reads_alike
from cqlite.schema.views import view_of_header
from cqlite.sstable import SSTable
from cqlite.sstable.schema_source import (
    FoundSchema,
    lone_view_near,
    no_table,
    schema_in,
    schema_near,
    system_schema_folder,
    table_of,
)
from cqlite.sstable.select.facts import NEVER_TIME

_CREATE = r"(?i)\bcreate\s"

_LACKS_BASE = (
    "whether rows of {0.keyspace}.{0.name} without a live primary key count is not known: {1} "
    "has the view without its base table; give a schema with both"
)

Given = TableSchema | str | Path | None
"""A schema, CQL text, the path of a file with it, or nothing."""


@record
class TableSchemaFound:
    """A table's schema.

    Attributes:
        schema: the columns as they are asked for.
        source: what told it: ``given``, a file, a folder, or ``Statistics.db``.
        warnings: what SSTables have that it does not say, in sentences.
    """

    schema: TableSchema
    source: str
    warnings: tuple[str, ...] = ()


def schema_of_table(
    sstables: Sequence[SSTable], given: Given, schema_files: Sequence[Path] = ()
) -> TableSchemaFound:
    """The schema of the table with these SSTables.

    In this order: what is given; a ``schema.cql`` that belongs to the backup or stands in a
    directory above one of the SSTables; SSTables of ``system_schema`` in the same data
    directory; all Statistics.db together, which don't know the key columns' names.

    Args:
        sstables: those of the table, at least one.
        given: what the user says.
        schema_files: files that belong to where the SSTables were found.

    Raises:
        SchemaError: the schema has no such table, an SSTable can't be of it, or SSTables
            have partitioners that differ.
    """
    headers = [sstable.header_schema for sstable in sstables]
    found = _given(sstables, given) or _near(sstables, schema_files)
    if found is None:
        found = FoundSchema(_united(headers), STATISTICS)
    schema = replace(found.schema, partitioner_name=headers[0].partitioner_name)
    warnings = [w for s in sstables for w in _check(schema, s, found.source)]
    if found.lacks_base:
        warnings.append(_LACKS_BASE.format(found.schema, found.source))
    return TableSchemaFound(schema, found.source, tuple(dict.fromkeys(warnings)))


def _given(sstables: Sequence[SSTable], given: Given) -> FoundSchema | None:
    if given is None:
        return None
    if isinstance(given, TableSchema):
        return FoundSchema(given, "given")
    descriptor = sstables[0].descriptor
    if isinstance(given, Path) or _is_path(given):
        return schema_in(as_path(given), descriptor, lambda: _united_of(sstables))
    from cqlite.schema import parse_cql

    schema = parse_cql(given)
    table = table_of(schema, descriptor)
    if table is not None:
        return FoundSchema(table, "given")
    view = schema.lone_view(descriptor.keyspace, descriptor.table or "")
    if view is None:
        raise no_table(descriptor)
    return FoundSchema(view_of_header(view, _united_of(sstables)), "given", lacks_base=True)


def _is_path(text: str) -> bool:
    """Whether it is a path rather than CQL."""
    return re.search(_CREATE, text) is None


def _near(sstables: Sequence[SSTable], files: Sequence[Path]) -> FoundSchema | None:
    for file in files:
        if file.is_file():
            return schema_in(file, sstables[0].descriptor, lambda: _united_of(sstables))
    places = {sstable.descriptor.directory: sstable.descriptor for sstable in sstables}
    for descriptor in places.values():
        near = schema_near(descriptor, lambda: _united_of(sstables)) or _system(descriptor)
        if near is not None:
            return near
    views = (
        lone_view_near(descriptor, lambda: _united_of(sstables)) for descriptor in places.values()
    )
    return next((view for view in views if view is not None), None)


def _united_of(sstables: Sequence[SSTable]) -> TableSchema:
    return _united([sstable.header_schema for sstable in sstables])


def _system(descriptor: Descriptor) -> FoundSchema | None:
    """What SSTables of ``system_schema`` say."""
    from cqlite.table.system import system_schema_table

    folder = system_schema_folder(descriptor)
    if folder is None or descriptor.keyspace is None or descriptor.table is None:
        return None
    table = system_schema_table(folder, descriptor.keyspace, descriptor.table)
    return None if table is None else FoundSchema(table, str(folder))


# All headers together.


def _united(headers: Sequence[TableSchema]) -> TableSchema:
    """All columns that any of the headers has, of types that all of them can be read as."""
    first = headers[0]
    for header in headers[1:]:
        if len(header.clustering_columns) != len(first.clustering_columns) or len(
            header.partition_key
        ) != len(first.partition_key):
            raise SchemaError("the SSTables are not of one table: their primary keys differ")
    return replace(
        first,
        partition_key=_keys([header.partition_key for header in headers]),
        clustering_columns=_keys([header.clustering_columns for header in headers]),
        static_columns=_columns([header.static_columns for header in headers]),
        regular_columns=_columns([header.regular_columns for header in headers]),
    )


def _keys(headers: Sequence[Sequence[ColumnMetadata]]) -> tuple[ColumnMetadata, ...]:
    return tuple(_widest(versions) for versions in zip(*headers, strict=True))


def _columns(headers: Sequence[Sequence[ColumnMetadata]]) -> tuple[ColumnMetadata, ...]:
    by_name: dict[str, list[ColumnMetadata]] = {}
    for column in (column for columns in headers for column in columns):
        by_name.setdefault(column.name, []).append(column)
    found = (_widest(versions) for versions in by_name.values())
    return tuple(sorted(found, key=lambda column: column.sort_key()))


def _widest(versions: Sequence[ColumnMetadata]) -> ColumnMetadata:
    """The column of a type that values of all these types can be read as."""
    distinct = {version.type.marshal_name: version for version in versions}
    # Of user-defined types the one with most fields, which has the longest name.
    for candidate in sorted(distinct.values(), key=lambda c: -len(c.type.marshal_name)):
        if all(reads_alike(candidate.type, other.type) for other in distinct.values()):
            return candidate
    types = ", ".join(sorted(version.type.cql_name for version in distinct.values()))
    raise SchemaError(f"column {versions[0].cql_name} is of types that don't fit: {types}")


# Mismatches.


def fitted(schema: TableSchema, header: TableSchema) -> TableSchema:
    """``schema``, in which columns that only ``header`` has are dropped ones."""
    unknown = [DroppedColumn(column, NEVER_TIME) for column in _unknown(schema, header)]
    return replace(schema, dropped_columns=(*schema.dropped_columns, *unknown))


def _unknown(schema: TableSchema, header: TableSchema) -> Iterator[ColumnMetadata]:
    dropped = {column.name for column in schema.dropped_columns}
    for column in (*header.static_columns, *header.regular_columns):
        if schema.column(column.name) is None and column.name not in dropped:
            yield column


def _check(schema: TableSchema, sstable: SSTable, source: str) -> Iterator[str]:
    """What of ``sstable`` the schema leaves out.

    Raises:
        SchemaError: it can't be of the table.
    """
    header = sstable.header_schema
    where = Where(sstable.components.path(DATA))
    if header.partitioner_name != schema.partitioner_name:
        raise SchemaError(
            f"its partitioner is {header.partitioner_name}, that of other SSTables "
            f"{schema.partitioner_name}",
            where,
        )
    try:
        fitted(schema, header).matched_to(header)
    except SchemaError as error:
        raise SchemaError(error.message, where) from None
    for column in _unknown(schema, header):
        yield (
            f"column {column.cql_name} ({column.type.cql_name}) of {sstable.descriptor} is left "
            f"out: the schema ({source}) does not have it"
        )
