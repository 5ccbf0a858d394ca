"""`cqlite diff`: rows that differ between two tables, snapshots or replicas."""

from __future__ import annotations

import sys
import time
from collections import Counter
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli import fail
from cqlite.cli.common import Progress, console, names, note_engine
from cqlite.cli.diff_text import json_line, lines
from cqlite.cli.options import Now, SchemaByData, checked_time
from cqlite.errors import CqliteError, reason_of
from cqlite.schema import TableSchema
from cqlite.table import Table
from cqlite.table.diff import Difference

EXIT_DIFFERENT = 1
EXIT_TROUBLE = 2
_COLOURS = {"-": "red", "+": "green", "~": "bold"}


class Format(StrEnum):
    """What differences are printed as."""

    TEXT = "text"
    JSONL = "jsonl"


def diff(
    left: Annotated[
        str, typer.Argument(help="A table's directory, a snapshot, a backup, or an SSTable.")
    ],
    right: Annotated[
        str | None, typer.Argument(help="What it is compared with; with --as-of, itself.")
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", "-t", help="keyspace.table, where directories hold several."),
    ] = None,
    schema: SchemaByData = None,
    where: Annotated[
        str | None, typer.Option(help="Compare only these: a CQL WHERE on the primary key.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Compare only these columns, separated by commas.")
    ] = None,
    metadata: Annotated[
        bool,
        typer.Option("--metadata", help="Compare what is stored: times of writing, deletions."),
    ] = False,
    now: Now = None,
    as_of: Annotated[
        int | None,
        typer.Option(
            callback=checked_time,
            help="The left side as it stood then: µs since 1970, a time of writing.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop after so many differences.")
    ] = None,
    format: Annotated[Format, typer.Option(help="What is printed.")] = Format.TEXT,
) -> None:
    """Shows rows that differ between two tables, snapshots or replicas.

    All SSTables of each side are merged as Cassandra merges them, and live rows compared:
    `-` is only on the left, `+` only on the right, `~` has other values, which follow with
    the times at which they were written (µs). Nothing is printed where both sides are the
    same. Memory does not grow with the tables.

    Exit code 0: the same; 1: there are differences; 2: trouble.

    \b
    Examples:
      cqlite diff data/shop/orders-*/snapshots/monday data/shop/orders-*/
      cqlite diff --metadata --format jsonl node1/shop/orders-* node2/shop/orders-*
      cqlite diff --as-of 1767225600000000 data/shop/orders-*/
    """
    if right is None and as_of is None:
        raise typer.BadParameter("name what it is compared with, or give --as-of")
    note_engine()
    asked = _Asked(table, schema, where, columns, metadata=metadata, now=now, as_of=as_of)
    try:
        different = _compare(left, left if right is None else right, asked, format, limit)
    except (CqliteError, OSError) as error:
        raise typer.Exit(fail(reason_of(error), EXIT_TROUBLE)) from None
    if different:
        raise typer.Exit(EXIT_DIFFERENT)


class _Asked:
    """What is to be compared."""

    def __init__(
        self,
        table: str | None,
        schema: Path | None,
        where: str | None,
        columns: str | None,
        *,
        metadata: bool,
        now: int | None,
        as_of: int | None,
    ) -> None:
        keyspace, _, name = (table or "").rpartition(".")
        self.keyspace = keyspace or None
        self.table = name or None
        self.schema = schema
        self.where = where
        self.columns = None if columns is None else names(columns)
        self.metadata = metadata
        self.now = int(time.time()) if now is None else now
        self.as_of = as_of

    def open(self, path: str, schema: TableSchema | Path | None) -> Table:
        """One of the sides."""
        return Table(path, keyspace=self.keyspace, table=self.table, schema=schema, now=self.now)


def _compare(left: str, right: str, asked: _Asked, format: Format, limit: int | None) -> bool:
    with asked.open(left, asked.schema) as one, asked.open(right, asked.schema) as other:
        for warning in dict.fromkeys((*one.warnings, *other.warnings)):
            print(f"cqlite: note: {warning}", file=sys.stderr)
        schema = other.schema if not one.schema.names_are_known else one.schema
        earlier = one if asked.as_of is None else one.as_of(asked.as_of)
        size = sum(sstable.data_length for side in (one, other) for sstable in side.sstables)
        sides: Counter[str] = Counter()
        write = _Writer(schema, format)
        with Progress("diff", size) as bar:
            found = earlier.diff(
                other,
                columns=asked.columns,
                where=asked.where,
                metadata=asked.metadata,
                progress=(lambda share: bar.at(int(share * size))) if bar.is_shown else None,
            )
            for difference in islice(found, limit):
                sides[difference.side] += 1
                write(difference)
    sys.stdout.flush()
    if sides and sys.stderr.isatty():
        print(
            f"{sides.total()} differences: {sides['left']} only left, {sides['right']} only "
            f"right, {sides['both']} on both",
            file=sys.stderr,
        )
    return bool(sides)


class _Writer:
    """Prints differences one by one."""

    def __init__(self, schema: TableSchema, format: Format) -> None:
        self._schema = schema
        self._format = format
        self._console = console() if sys.stdout.isatty() else None

    def __call__(self, difference: Difference) -> None:
        if self._format is Format.JSONL:
            print(json_line(difference, self._schema))
            return
        for line in lines(difference, self._schema):
            if self._console is None:
                print(line)
            else:
                self._console.print(line, style=_COLOURS[line[0]], markup=False, soft_wrap=True)
