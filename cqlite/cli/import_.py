"""`cqlite import`: SSTables of rows in other formats."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cqlite.errors import RowError
    from cqlite.importing import Input
    from cqlite.importing.load import Reject
    from cqlite.schema import TableSchema

_KIB, _MIB = 1024, 1024 * 1024


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(help="Files: .csv, .jsonl, .parquet, .arrow, .json (of sstabledump)."),
    ],
    schema_file: Annotated[
        Path, typer.Option("--schema", help="CQL file that has the table's CREATE TABLE.")
    ],
    directory: Annotated[
        Path,
        typer.Option("--output", "-o", help="Where the SSTables are to be: a new directory."),
    ],
    table: Annotated[
        str | None, typer.Option(help="The table, if the CQL file has several.")
    ] = None,
    input_format: Annotated[
        str | None,
        typer.Option(help="csv, jsonl, parquet, arrow or dump, if the names don't say it."),
    ] = None,
    version: Annotated[
        str, typer.Option("--format", "-f", help="Format version to write: `da`, `oa` or `nb`.")
    ] = "da",
    compression: Annotated[
        str | None,
        typer.Option(
            "--compression",
            "-c",
            help="Compressor, such as `lz4`, or `none`; else as the table says.",
        ),
    ] = None,
    chunk_length: Annotated[
        int | None, typer.Option(min=1, help="KiB to compress at a time.")
    ] = None,
    bloom_fp_chance: Annotated[
        float | None, typer.Option(min=0, max=1, help="False positive rate of the Bloom filter.")
    ] = None,
    column_index_size: Annotated[
        int | None, typer.Option(min=1, help="KiB in a block of the row index.")
    ] = None,
    max_sstable_size: Annotated[
        int | None, typer.Option(min=1, help="MiB of rows after which an SSTable is full.")
    ] = None,
    partitioner: Annotated[
        str, typer.Option(help="The cluster's partitioner.")
    ] = "Murmur3Partitioner",
    timestamp: Annotated[
        int | None,
        typer.Option(help="Time of writing of all rows in microseconds; else the clock."),
    ] = None,
    ttl: Annotated[
        int | None,
        typer.Option(min=0, help="Seconds until the rows expire; else as the table says."),
    ] = None,
    null_deletes: Annotated[
        bool, typer.Option("--null-deletes", help="Null deletes; else it is as if not there.")
    ] = False,
    is_sorted: Annotated[
        bool, typer.Option("--sorted", help="Rows not in the table's order are an error.")
    ] = False,
    uuid_ids: Annotated[
        bool, typer.Option("--uuid-ids", help="Names with UUIDs instead of numbers.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(help="CSV file for rows that can't be written; else the first is an error."),
    ] = None,
) -> None:
    """Writes SSTables of rows in files, for `nodetool import` or sstableloader.

    Columns are matched by their names, and checked before anything is written. CSV and JSON
    have the forms of docs/export.md; docs/writing.md has the rest. The directory appears once
    all of it is written: on an error and on Ctrl-C, nothing is left behind. With --rejects,
    rows that cannot be written are passed over, and the exit code is 3 if there are any.

    \b
    Examples:
      cqlite import rows.parquet --schema table.cql -o new/
      cqlite import a.csv b.csv --schema table.cql -o new/ --rejects bad.csv --ttl 86400
      cqlite import dump.json --schema table.cql -o new/ --format nb
    """
    from cqlite.cli import EXIT_SALVAGED
    from cqlite.importing import Options, write

    _check_directory(directory)
    schema = _table(schema_file, table)
    inputs = [_opened(path, input_format, schema) for path in files]
    how = {
        "format": version,
        "compression": compression,
        "chunk_length": None if chunk_length is None else chunk_length * _KIB,
        "bloom_fp_chance": bloom_fp_chance,
        "column_index_size": None if column_index_size is None else column_index_size * _KIB,
        "max_sstable_size": None if max_sstable_size is None else max_sstable_size * _MIB,
        "partitioner": partitioner,
        "sorted": is_sorted,
        "ids": "uuid" if uuid_ids else "number",
    }
    options = Options(timestamp, ttl, null_deletes)
    with _rejecting(rejects) as reject, _progress(inputs) as at:
        counts, sstables = write(inputs, schema, directory, options, reject, at, **how)
    for path in sstables:
        print(path)
    print(f"{counts.written} rows written, {counts.rejected} rejected", file=sys.stderr)
    if counts.rejected:
        raise typer.Exit(EXIT_SALVAGED)


def _check_directory(directory: Path) -> None:
    """Refuses a directory that has something in it."""
    from cqlite.errors import OutputError, Where

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise OutputError("it exists; nothing is overwritten", Where(directory))


def _table(path: Path, name: str | None) -> TableSchema:
    from cqlite.errors import SchemaError, Where
    from cqlite.io.text import read_cql
    from cqlite.schema import parse_cql

    where = Where(path)
    tables = list(parse_cql(read_cql(path), where).tables())
    found = [table for table in tables if name in (None, table.name)]
    if len(found) != 1:
        names = ", ".join(table.name for table in tables) or "none"
        raise SchemaError(f"the file has these tables: {names}; --table names one", where)
    return found[0]


def _opened(path: Path, format: str | None, schema: TableSchema) -> Input:
    from cqlite.importing import FORMATS, format_of, open_input

    chosen = format or format_of(path)
    if chosen not in FORMATS:
        raise typer.BadParameter(f"{path.name}: give --input-format, one of {', '.join(FORMATS)}")
    return open_input(path, chosen, schema)


@contextmanager
def _rejecting(path: Path | None) -> Iterator[Reject | None]:
    """What writes rejected rows to a file; ``None`` without a file."""
    import csv

    from cqlite.cli.common import output

    if path is None:
        yield None
        return
    with output(path) as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("file", "row", "column", "reason"))

        def reject(source: Input, error: RowError) -> None:
            rows.writerow((source.path, error.row, error.column or "", error.reason))

        yield reject


@contextmanager
def _progress(inputs: list[Input]) -> Iterator[Callable[[int], None]]:
    from cqlite.cli.common import Progress

    with Progress("import", sum(each.size for each in inputs), prints=False) as progress:
        yield progress.at
