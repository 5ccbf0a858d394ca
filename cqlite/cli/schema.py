"""`cqlite schema`: a CREATE TABLE for an SSTable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cqlite.sstable import SSTable
from cqlite.sstable.schema_source import schema_of


def schema(
    path: Annotated[Path, typer.Argument(help="Any file of the SSTable, or its directory.")],
    schema_file: Annotated[
        Path | None,
        typer.Option("--schema", help="CQL file that has the table's CREATE TABLE."),
    ] = None,
    header_only: Annotated[
        bool, typer.Option("--header-only", help="From Statistics.db alone.")
    ] = False,
) -> None:
    """Prints a CREATE TABLE statement for an SSTable.

    The names of key columns are not in an SSTable. They are taken from a `schema.cql`
    beside it or above it, or from the `system_schema` SSTables in the same data
    directory; failing these they are made up, and a comment says so.

    \b
    Examples:
      cqlite schema data/shop/orders-*/oa-1-big-Data.db
      cqlite schema --schema backup/schema.cql oa-1-big-Data.db
    """
    with SSTable(path) as sstable:
        if header_only:
            print(sstable.header_schema.to_cql())
            return
        found = schema_of(sstable, schema_file)
        print(found.schema.to_cql())
        print(f"schema taken from {found.source}", file=sys.stderr)
