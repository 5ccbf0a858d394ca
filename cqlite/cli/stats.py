"""`cqlite stats`: what a table's SSTables hold and cost."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli.common import Progress, check_file, note_engine, output
from cqlite.cli.options import checked_time
from cqlite.cli.stats_text import print_report
from cqlite.cli.tables import schema_at_hand
from cqlite.report import TableFiles, TableReport, find_tables, report
from cqlite.report.document import KeyText, document
from cqlite.report.table import LEADERS
from cqlite.schema import TableSchema
from cqlite.sstable import SSTable


def stats(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Any file of an SSTable; a table's directory, or one of tables; or a URL."
        ),
    ],
    full: Annotated[
        bool, typer.Option("--full", help="Read all rows: exact counts, largest partitions.")
    ] = False,
    top: Annotated[
        int, typer.Option(min=1, help="With --full, how many partitions each list has.")
    ] = LEADERS,
    now: Annotated[
        int | None,
        typer.Option(
            callback=checked_time,
            help="Seconds since 1970 for which to say what has expired and can be dropped.",
            show_default="now",
        ),
    ] = None,
    gc_grace_seconds: Annotated[
        int | None,
        typer.Option(
            "--gc-grace-seconds",
            "-g",
            callback=checked_time,
            help="Age at which a tombstone can be dropped.",
            show_default="the schema's, else 864000",
        ),
    ] = None,
    schema: Annotated[
        Path | None, typer.Option(help="CQL of the table, for keys and the grace period.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, for each table.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with plots here, which stands by itself.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the page if it exists.")] = False,
) -> None:
    """Says what a table's SSTables hold and cost, and what keeps tombstones.

    For each table: its SSTables with sizes, compression, times and droppable tombstones,
    how far they overlap, which ones have fully expired and what blocks their removal.
    All of that is in small files and quick; with `--full` all rows are read, for the
    largest partitions and tombstones by kind.

    \b
    Examples:
      cqlite stats /var/lib/cassandra/data/shop/orders-*/
      cqlite stats --full --html orders.html data/shop/orders-*/
      cqlite stats --json --now 1767225600 data/ | jq '.droppable_sstables'
    """
    if html is not None:
        # At once rather than after all the work.
        check_file(html, force=force)
    if full:
        note_engine()
    clock = int(time.time()) if now is None else now
    reports: list[tuple[TableReport, KeyText]] = []
    tables = find_tables(paths)
    for warning in tables[0].warnings:
        print(f"cqlite: note: {warning}", file=sys.stderr)
    for files in tables:
        known = schema_at_hand(files.paths[-1], schema)
        with Progress(files.table or "reading", _total(files) if full else 0) as bar:
            position = 0

            def advance(size: int, bar: Progress = bar) -> None:
                nonlocal position
                position += size
                bar.at(position)

            found = report(
                files,
                now=clock,
                gc_grace_seconds=gc_grace_seconds,
                schema=known,
                full=full,
                top=top,
                progress=advance,
            )
        text = _key_text(files, known)
        if as_json:
            print(json.dumps(document(found, text), ensure_ascii=False))
        elif html is None:
            print_report(found, text)
        if html is not None:
            reports.append((found, text))
    sys.stdout.flush()
    if html is not None:
        _write(html, reports, force)


def _total(files: TableFiles) -> int:
    total = 0
    for path in files.paths:
        with SSTable(path) as sstable:
            total += sstable.data_length
    return total


def _key_text(files: TableFiles, schema: TableSchema | None) -> KeyText:
    if schema is None:
        with SSTable(files.paths[-1]) as sstable:
            schema = sstable.header_schema
    return schema.key_string


def _write(path: Path, reports: list[tuple[TableReport, KeyText]], force: bool) -> None:
    from cqlite.report.page import page

    with output(path, force=force) as file:
        for piece in page(reports):
            file.write(piece)
