"""A table's schema from the SSTables of ``system_schema``, of which only its rows are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cqlite.io import find_sstables
from cqlite.schema import TableSchema
from cqlite.schema.system import from_system_schema, system_tables
from cqlite.table.table import Table

_OF_KEYSPACES = ("keyspaces", "types")
_VIEWS = "views"


def system_schema_table(folder: Path, keyspace: str, name: str) -> TableSchema | None:
    """The table or view as ``system_schema`` describes it, ``None`` if it does not.

    Args:
        folder: the keyspace's directory.
        keyspace: the table's.
        name: the table's; of a secondary index's table there is no schema.

    Raises:
        SchemaError: the rows contradict one another.
        CorruptSSTableError: and what derives from it: one of the SSTables is damaged.
    """
    views = list(_rows(folder, _VIEWS, keyspace, [name]))
    names = [name, *(row["base_table_name"] for row in views)]
    rows = {
        table: list(_rows(folder, table, keyspace, names))
        for table in system_tables()
        if table not in (*_OF_KEYSPACES, _VIEWS)
    }
    of_keyspace = {table: list(_rows(folder, table, keyspace, None)) for table in _OF_KEYSPACES}
    return from_system_schema({**rows, **of_keyspace, _VIEWS: views}).table(keyspace, name)


def _rows(
    folder: Path, name: str, keyspace: str, tables: list[str] | None
) -> Iterator[dict[str, Any]]:
    """The rows of a table of ``system_schema`` that are of these tables, or of any."""
    for directory in sorted(folder.iterdir()):
        if directory.name.partition("-")[0] != name or not find_sstables(directory):
            continue
        with Table(directory, schema=system_tables()[name]) as table:
            if tables is None:
                yield from table.get(keyspace)
            for wanted in tables or ():
                yield from table.slice(keyspace, wanted, wanted)
