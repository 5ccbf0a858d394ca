"""The schema that a table's SSTables are read by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cqlite.errors import SchemaError
from cqlite.io import DATA, Descriptor
from cqlite.schema import TableSchema, parse_cql
from cqlite.schema.columns import ColumnMetadata, DroppedColumn
from cqlite.sstable import SSTable
from cqlite.sstable.schema_source import schema_of
from cqlite.sstable.select.facts import NEVER_TIME


@dataclass(frozen=True, slots=True)
class TableSchemaFound:
    """A table's schema.

    Attributes:
        schema: the columns as they are asked for.
        source: the file or folder that told it.
        warnings: what SSTables have that it does not say.
    """

    schema: TableSchema
    source: str
    warnings: tuple[str, ...] = ()


def find_schema(
    descriptors: Sequence[Descriptor], given: TableSchema | str | Path | None
) -> TableSchemaFound:
    """The schema of the table with these SSTables.

    Args:
        descriptors: its SSTables, at least one.
        given: a schema, CQL text, or the path of a file with it; else what is found near
            the SSTables, or what their Statistics.db tell.

    Raises:
        SchemaError: the schema has no such table, or an SSTable can't be of it.
    """
    headers = [SSTable(d.path(DATA)).header_schema for d in descriptors]
    if isinstance(given, TableSchema):
        found = TableSchemaFound(given, "given")
    elif isinstance(given, str) and not Path(given).is_file():
        found = TableSchemaFound(_named(given, headers[0]), "given")
    else:
        path = None if given is None else Path(given)
        near = schema_of(SSTable(descriptors[0].path(DATA)), path)
        found = TableSchemaFound(near.schema, near.source)
    if found.schema.names_are_known:
        return replace(
            found, schema=replace(found.schema, partitioner_name=headers[0].partitioner_name)
        )
    return replace(found, schema=_united(headers))


def _named(text: str, header: TableSchema) -> TableSchema:
    schema = parse_cql(text)
    found = schema.table(header.keyspace, header.name)
    if found is not None:
        return found
    tables = list(schema.tables())
    if len(tables) != 1:
        raise SchemaError(f"the schema has no table {header.keyspace}.{header.name}")
    return tables[0]


def _united(headers: Sequence[TableSchema]) -> TableSchema:
    """All columns that any of the headers has."""
    return replace(
        headers[0],
        static_columns=_columns([header.static_columns for header in headers]),
        regular_columns=_columns([header.regular_columns for header in headers]),
    )


def _columns(headers: Sequence[Sequence[ColumnMetadata]]) -> tuple[ColumnMetadata, ...]:
    found = {column.name: column for columns in headers for column in columns}
    return tuple(sorted(found.values(), key=lambda column: column.sort_key()))


def without(schema: TableSchema, header: TableSchema) -> TableSchema:
    """``schema``, with what it does not know of ``header`` as dropped columns."""
    unknown = [
        DroppedColumn(column, NEVER_TIME)
        for column in (*header.static_columns, *header.regular_columns)
        if schema.column(column.name) is None
    ]
    return replace(schema, dropped_columns=(*schema.dropped_columns, *unknown))
