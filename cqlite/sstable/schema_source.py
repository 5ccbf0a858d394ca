"""Where a table's schema can be had without a node, and what it was taken from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cqlite.errors import SchemaError, Where
from cqlite.io import Descriptor, find_sstables
from cqlite.io.descriptor import DATA, STATISTICS
from cqlite.schema import TableSchema
from cqlite.sstable.sstable import SSTable

if TYPE_CHECKING:
    from cqlite.schema import CqlSchema

SCHEMA_FILE = "schema.cql"


@dataclass(frozen=True, slots=True)
class FoundSchema:
    """A table's schema and the file or folder that told it."""

    schema: TableSchema
    source: str


def schema_of(sstable: SSTable, schema_file: Path | None = None) -> FoundSchema:
    """The best schema at hand for ``sstable``.

    In this order: ``schema_file``; a ``schema.cql`` in the SSTable's directory (where
    snapshots have one) or in a directory above it up to the data directory; SSTables of
    ``system_schema`` in the same data directory; Statistics.db alone, which doesn't
    know the key columns' names.

    Raises:
        SchemaError: ``schema_file`` lacks the table, or a schema does not fit the SSTable.
    """
    header = sstable.header_schema
    found = find_schema(sstable.descriptor, header, schema_file)
    if found.schema is header:
        return found
    return FoundSchema(found.schema.matched_to(header), found.source)


def find_schema(
    descriptor: Descriptor, header: TableSchema, schema_file: Path | None = None
) -> FoundSchema:
    """The same for the SSTable that ``descriptor`` names, whether or not ``header`` fits.

    Raises:
        SchemaError: ``schema_file`` lacks the table, or a schema is malformed.
    """
    if schema_file is not None:
        table = _from_file(schema_file, descriptor)
        if table is None:
            name = f"{descriptor.keyspace}.{descriptor.table}"
            raise SchemaError(f"no table {name} that fits the SSTable", Where(schema_file))
        return FoundSchema(table, str(schema_file))
    found = schema_near(descriptor)
    if found is not None:
        return found
    folder = system_schema_folder(descriptor)
    if folder is not None:
        table = _system_schema(folder).table(descriptor.keyspace, descriptor.table or "")
        if table is not None:
            return FoundSchema(table, str(folder))
    return FoundSchema(header, STATISTICS)


def schema_near(descriptor: Descriptor) -> FoundSchema | None:
    """What a ``schema.cql`` in a directory above the SSTable says of its table, if anything.

    Raises:
        SchemaError: the file is malformed.
    """
    for candidate in _schema_files(descriptor):
        table = _from_file(candidate, descriptor)
        if table is not None:
            return FoundSchema(table, str(candidate))
    return None


def system_schema_folder(descriptor: Descriptor) -> Path | None:
    """The folder of ``system_schema`` in the SSTable's data directory, if there is one."""
    if descriptor.keyspace is None or descriptor.table is None:
        return None
    folder = descriptor.table_directory.parent.parent / "system_schema"
    return folder if folder.is_dir() else None


def _schema_files(descriptor: Descriptor) -> Iterator[Path]:
    directory = descriptor.directory
    top = descriptor.table_directory.parent.parent
    while True:
        if (directory / SCHEMA_FILE).is_file():
            yield directory / SCHEMA_FILE
        if directory in (top, directory.parent):
            return
        directory = directory.parent


def _from_file(path: Path, descriptor: Descriptor) -> TableSchema | None:
    """The table that ``path`` describes: by name, else the only one in the file."""
    if not path.is_file():
        raise SchemaError("no such file", Where(path))
    modified = path.stat().st_mtime_ns
    if descriptor.keyspace is None or descriptor.table is None:
        return table_of(_parse_file(path, modified), descriptor)
    schema = _parse_file_for(path, modified, descriptor.keyspace, descriptor.table)
    return table_of(schema, descriptor)


def table_of(schema: CqlSchema, descriptor: Descriptor) -> TableSchema | None:
    """The table of an SSTable: by its directory's name, else the only one in the schema."""
    if descriptor.keyspace is not None and descriptor.table is not None:
        found = schema.table(descriptor.keyspace, descriptor.table)
        if found is not None:
            return found
    tables = list(schema.tables())
    if len(tables) == 1 and descriptor.table in (None, tables[0].name):
        return tables[0]
    return None


@cache
def _parse_file(path: Path, modified: int) -> CqlSchema:
    """The parsed file; ``modified`` makes a changed file parse anew."""
    from cqlite.schema.cql import parse_cql

    return parse_cql(_text_of(path), where=Where(path))


@cache
def _parse_file_for(path: Path, modified: int, keyspace: str, name: str) -> CqlSchema:
    """What the file says of one table, if it has that, else all of it."""
    from cqlite.schema.cql import parse_table

    return parse_table(_text_of(path), keyspace, name, Where(path))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SchemaError("not UTF-8 text", Where(path, offset=error.start)) from None


@cache
def _system_schema(folder: Path) -> CqlSchema:
    """All tables that the SSTables in a ``system_schema`` directory describe."""
    from cqlite.schema.system import from_system_schema, system_tables

    now = int(time.time())
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in system_tables()}
    for directory in sorted(folder.iterdir()):
        name = directory.name.partition("-")[0]
        if name in rows and directory.is_dir():
            rows[name].extend(_rows_of(directory, system_tables()[name], now))
    return from_system_schema(rows)


def _rows_of(directory: Path, schema: TableSchema, now: int) -> Iterator[dict[str, Any]]:
    from cqlite.sstable.latest import latest_rows

    sstables = [SSTable(d.path(DATA), schema=schema) for d in find_sstables(directory)]
    try:
        yield from latest_rows(sstables, schema, now)
    finally:
        for sstable in sstables:
            sstable.close()
