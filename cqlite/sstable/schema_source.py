"""Where a table's schema can be had without a node, and what it was taken from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cqlite.errors import SchemaError, UnknownTypeError, Where
from cqlite.io import Descriptor, find_sstables
from cqlite.io.descriptor import DATA, STATISTICS
from cqlite.io.text import read_cql
from cqlite.records import record, replace
from cqlite.schema import TableSchema
from cqlite.schema.views import KIND as VIEW
from cqlite.schema.views import view_of_header
from cqlite.sstable.sstable import SSTable

if TYPE_CHECKING:
    from cqlite.schema import CqlSchema
    from cqlite.schema.cql_ast import CreateView

SCHEMA_FILE = "schema.cql"


@record
class FoundSchema:
    """A table's schema and what told it.

    Attributes:
        schema: the table.
        source: the file or folder.
        lacks_base: whether it is a view, and the base table is not known: types are those of
            the SSTable, and whether rows without a live primary key count is not known.
    """

    schema: TableSchema
    source: str
    lacks_base: bool = False


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
    return replace(found, schema=found.schema.matched_to(header))


def find_schema(
    descriptor: Descriptor, header: TableSchema, schema_file: Path | None = None
) -> FoundSchema:
    """The same for the SSTable that ``descriptor`` names, whether or not ``header`` fits.

    Raises:
        SchemaError: ``schema_file`` lacks the table, or a schema is malformed.
    """
    if schema_file is not None:
        return schema_in(schema_file, descriptor, lambda: header)
    found = schema_near(descriptor, lambda: header) or _in_system_schema(descriptor)
    return found or lone_view_near(descriptor, lambda: header) or FoundSchema(header, STATISTICS)


def schema_in(path: Path, descriptor: Descriptor, header: Callable[[], TableSchema]) -> FoundSchema:
    """What a file says of the SSTable's table; ``header`` is asked for what the file lacks.

    That are types, and the columns of a view without its base.

    Raises:
        SchemaError: the file lacks the table, or is malformed.
    """
    table = _from_file(path, descriptor, header)
    if table is not None:
        return FoundSchema(table, str(path))
    view = _lone_view(path, descriptor)
    if view is None:
        raise no_table(descriptor, Where(path))
    return FoundSchema(view_of_header(view, header()), str(path), lacks_base=True)


def schema_near(descriptor: Descriptor, header: Callable[[], TableSchema]) -> FoundSchema | None:
    """What a ``schema.cql`` in a directory above the SSTable says of its table, if anything.

    Args:
        descriptor: the SSTable.
        header: is asked for types that the file lacks.

    Raises:
        SchemaError: the file is malformed.
    """
    for candidate in _schema_files(descriptor):
        table = _from_file(candidate, descriptor, header)
        if table is not None:
            return FoundSchema(table, str(candidate))
    return None


def lone_view_near(descriptor: Descriptor, header: Callable[[], TableSchema]) -> FoundSchema | None:
    """The same for a view whose base table such a file lacks, as a snapshot's does."""
    for candidate in _schema_files(descriptor):
        view = _lone_view(candidate, descriptor)
        if view is not None:
            return FoundSchema(view_of_header(view, header()), str(candidate), lacks_base=True)
    return None


def _in_system_schema(descriptor: Descriptor) -> FoundSchema | None:
    folder = system_schema_folder(descriptor)
    if folder is None:
        return None
    table = _system_schema(folder).table(descriptor.keyspace, descriptor.table or "")
    return None if table is None else FoundSchema(table, str(folder))


def system_schema_folder(descriptor: Descriptor) -> Path | None:
    """The folder of ``system_schema`` in the SSTable's data directory, if there is one."""
    if descriptor.keyspace is None or descriptor.table is None:
        return None
    folder = descriptor.table_directory.parent.parent / "system_schema"
    return folder if folder.is_dir() else None


def _schema_files(descriptor: Descriptor) -> Iterator[Path]:
    directory = descriptor.location
    top = descriptor.table_directory.parent.parent
    while True:
        if (directory / SCHEMA_FILE).is_file():
            yield directory / SCHEMA_FILE
        if directory in (top, directory.parent):
            return
        directory = directory.parent


def _from_file(
    path: Path, descriptor: Descriptor, header: Callable[[], TableSchema]
) -> TableSchema | None:
    """The table that ``path`` describes: by name, else the only one in the file."""
    if not path.is_file():
        raise SchemaError("no such file", Where(path))
    try:
        return table_of(_schema_in(path, descriptor), descriptor)
    except UnknownTypeError:
        # A snapshot's file has types of columns, but none that is only within another type.
        from cqlite.schema.write import needed_types, type_to_cql

        types = "\n".join(map(type_to_cql, needed_types(header())))
        return table_of(_schema_in(path, descriptor, types), descriptor)


def _schema_in(path: Path, descriptor: Descriptor, types: str = "") -> CqlSchema:
    """What a file says of the SSTable's table, if that has a name, after CREATE TYPEs."""
    modified = path.stat().st_mtime_ns
    if descriptor.keyspace is None or descriptor.table is None:
        return _parse_file(path, modified, types)
    schema = _parse_file_for(path, modified, descriptor.keyspace, descriptor.table, types)
    view = schema.lone_view(descriptor.keyspace, descriptor.table)
    if view is not None:
        schema = _with_base(path, descriptor, view.base.name, types) or schema
    return schema


def _with_base(path: Path, descriptor: Descriptor, base: str, types: str) -> CqlSchema | None:
    """What a view's file and that of its base table in the same snapshot say together."""
    from cqlite.schema.cql import parse_cql

    table = descriptor.table_directory
    if not path.is_relative_to(table):
        return None
    places = [folder / path.relative_to(table) for folder in table.parent.glob(f"{base}-*")]
    found = [place for place in places if place.is_file()]
    if len(found) != 1:
        return None
    return parse_cql(f"{types}{read_cql(found[0])}\n;{read_cql(path)}", Where(path))


def _lone_view(path: Path, descriptor: Descriptor) -> CreateView | None:
    if descriptor.keyspace is None or descriptor.table is None:
        return None
    modified = path.stat().st_mtime_ns
    schema = _parse_file_for(path, modified, descriptor.keyspace, descriptor.table)
    return schema.lone_view(descriptor.keyspace, descriptor.table)


def table_of(schema: CqlSchema, descriptor: Descriptor) -> TableSchema | None:
    """The table of an SSTable: by its directory's name, else the only one that is no view."""
    if descriptor.keyspace is not None and descriptor.table is not None:
        found = schema.table(descriptor.keyspace, descriptor.table)
        if found is not None:
            return found
    tables = [table for table in schema.tables() if table.kind != VIEW]
    if len(tables) == 1 and descriptor.table in (None, tables[0].name):
        return tables[0]
    return None


def no_table(descriptor: Descriptor, where: Where | None = None) -> SchemaError:
    """What is wrong where :func:`table_of` finds nothing."""
    if descriptor.table is None:
        message = "the schema has several tables, and the directory's name does not tell which"
    else:
        message = f"no table {descriptor.keyspace}.{descriptor.table} that fits the SSTable"
    return SchemaError(message, where)


@cache
def _parse_file(path: Path, modified: int, types: str) -> CqlSchema:
    """The parsed file; ``modified`` makes a changed file parse anew."""
    from cqlite.schema.cql import parse_cql

    return parse_cql(types + read_cql(path), where=Where(path))


@cache
def _parse_file_for(
    path: Path, modified: int, keyspace: str, name: str, types: str = ""
) -> CqlSchema:
    """What the file says of one table, if it has that, else all of it."""
    from cqlite.schema.cql import parse_table

    return parse_table(types + read_cql(path), keyspace, name, Where(path))


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
