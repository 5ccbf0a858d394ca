"""`cqlite sql`: SQL over the tables of data directories, by DuckDB."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cqlite.cli import EXIT_REFUSED, fail
from cqlite.cli.common import check_file, note_engine, output
from cqlite.cli.options import Data, Now, SchemaByData
from cqlite.errors import InvalidValueError

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.frames.duck import Catalog
    from cqlite.sstable.select.plan import Empty

_PAGE = 1000
_BATCH = 65_536


class Format(StrEnum):
    """What rows are printed or written as."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


class Empties(StrEnum):
    """What becomes of values without bytes."""

    ERROR = "error"
    NULL = "null"


def sql(
    statement: Annotated[
        str, typer.Argument(help="SQL as DuckDB has it; `-` reads it from standard input.")
    ],
    data: Data,
    schema: SchemaByData = None,
    now: Now = None,
    empty: Annotated[
        Empties, typer.Option(help="Values without bytes that are no text.")
    ] = Empties.ERROR,
    format: Annotated[
        Format | None,
        typer.Option(
            help="What rows are printed as.", show_default="the output's suffix, else table"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file to write rows to.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Answers SQL over tables: joins, windows, all that DuckDB can do.

    Tables are named keyspace.table; the keyspace can be left out where all are in one. The
    SSTables of each are merged as Cassandra merges them. Columns that are not needed are
    not read, and rows are looked up where the primary key is compared with values. Needs
    DuckDB (`pip install 'cqlite-sstable[sql]'`).

    Exit code 2 if DuckDB refuses the statement.

    \b
    Examples:
      cqlite sql "SELECT status, count(*) FROM shop.orders GROUP BY 1" --data data/
      cqlite sql "FROM orders WHERE id = 5" --data data/shop --format jsonl
      cqlite sql "FROM a.t JOIN b.u USING (id)" --data data/ -o joined.parquet
    """
    from cqlite.frames.duck import Catalog

    if format is None:
        suffix = "" if out is None else out.suffix[1:]
        format = next((one for one in Format if one == suffix), Format.TABLE)
    if format is Format.PARQUET and (out is None or str(out) == "-"):
        raise typer.BadParameter("Parquet can't be streamed; name a file with --output")
    if format is Format.ARROW and out is None and sys.stdout.isatty():
        raise typer.BadParameter("arrow is not for terminals; name a file with --output")
    if out is not None and str(out) != "-":
        # At once rather than after all the work.
        check_file(out, force=force)
    note_engine()
    text = sys.stdin.read() if statement == "-" else statement
    wanted: Empty = "null" if empty is Empties.NULL else "error"
    with Catalog(data, schema=schema, now=now, empty=wanted) as catalog:
        try:
            _write(catalog, text, format, out, force=force)
        except InvalidValueError as error:
            if error.where.file is not None:
                raise
            raise typer.Exit(fail(str(error), EXIT_REFUSED)) from None


def _write(catalog: Catalog, text: str, format: Format, out: Path | None, *, force: bool) -> None:
    is_text = format in (Format.TABLE, Format.JSONL)
    batches = catalog.rows(text, _PAGE if is_text else _BATCH)
    first = next(batches, None)
    for warning in catalog.warnings:
        print(f"cqlite: note: {warning}", file=sys.stderr)
    if first is None:
        return
    every = chain((first,), batches)
    if is_text:
        _write_lines(every, format, out, force=force)
        return
    from cqlite.export.table_files import open_table_file

    with output(out, binary=True, force=force) as file:
        is_stream = out is None or str(out) == "-"
        written = open_table_file(format.value, file, first.schema, is_stream=is_stream)
        try:
            for batch in every:
                written.write(batch)
        except BaseException:
            written.discard()
            raise
        written.close()


def _write_lines(
    batches: Iterator[pa.RecordBatch], format: Format, out: Path | None, *, force: bool
) -> None:
    with output(out, force=force) as file:
        count = 0
        for batch in batches:
            for line in _lines(batch, format, is_first=not count):
                file.write(f"{line}\n")
            count += batch.num_rows
        if format is Format.TABLE:
            file.write(f"\n({count} row{'' if count == 1 else 's'})\n")


def _lines(batch: pa.RecordBatch, format: Format, *, is_first: bool) -> list[str]:
    from cqlite.frames.results import json_lines, table_lines

    if format is Format.JSONL:
        return json_lines(batch)
    if not batch.num_rows and not is_first:
        return []
    return [*([] if is_first else [""]), *table_lines(batch)]
