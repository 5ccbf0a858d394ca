"""`cqlite export`: rows of SSTables as Parquet, CSV, JSON lines or Arrow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cqlite.cli.common import names, note_engine
from cqlite.cli.options import Now

if TYPE_CHECKING:
    from cqlite.cli.export_files import Target
    from cqlite.export.tables import ExportedRows, Query
    from cqlite.schema import TableSchema
    from cqlite.sstable.select.plan import Empty

_SUFFIXES = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arrow": "arrow",
    ".feather": "arrow",
}


def export(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="SSTables: any file of each, or directories with all of a table's, as snapshots."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="Where to write: .parquet, .csv, .jsonl or .arrow; `-` for standard output.",
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option(help="parquet, csv, jsonl or arrow, if the name does not say it."),
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Names of the columns wanted, with commas between them.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(help="A CQL WHERE clause on columns of the primary key, without the word."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most.")] = None,
    metadata: Annotated[
        bool,
        typer.Option("--metadata", help="Deletions as rows; times of writing and expiry too."),
    ] = False,
    decimal: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=PRECISION,SCALE: an exact decimal instead of text; repeatable."),
    ] = None,
    empty: Annotated[
        str, typer.Option(help="Values without bytes that are no text: `error` or `null`.")
    ] = "error",
    compression: Annotated[
        str | None,
        typer.Option(help="zstd (default of Parquet), snappy, lz4, gzip, brotli, none."),
    ] = None,
    row_group_size: Annotated[
        int, typer.Option(min=1, help="Rows of a Parquet row group.")
    ] = 65_536,
    split: Annotated[
        int | None,
        typer.Option(min=1, help="A directory of so many files, by ranges of tokens."),
    ] = None,
    as_stored: Annotated[
        bool,
        typer.Option(
            "--as-stored",
            help="Each SSTable's rows as they stand in it, one after another, not merged.",
        ),
    ] = False,
    now: Now = None,
    schema_file: Annotated[
        Path | None,
        typer.Option("--schema", help="CQL file that has the table's CREATE TABLE."),
    ] = None,
    threads: Annotated[
        int, typer.Option(min=1, help="Threads that the native engine may use.")
    ] = 1,
    force: Annotated[bool, typer.Option("--force", help="Replace what exists.")] = False,
) -> None:
    """Writes the rows of SSTables to a file for analysis.

    The rows are those that SELECT would give: of several SSTables, or of a directory, merged.
    A file's SSTable alone is shown as it stands, as are all with --as-stored or --metadata:
    what has expired is there, and several SSTables' rows come one after another. The file
    appears under its name once it is whole: on an error, nothing is left behind.
    docs/arrow.md has the rows and types, docs/export.md the forms of CSV and JSON. Needs
    pyarrow (`pip install 'cqlite-sstable[arrow]'`).

    \b
    Examples:
      cqlite export data/shop/orders-* -o orders.parquet
      cqlite export oa-1-big-Data.db --columns id,total --where "id = 5" -o - --format jsonl
      cqlite export data/shop/orders-* --split 8 -o orders.parquet
      cqlite export oa-1-big-Data.db --metadata -o everything.arrow
    """
    from cqlite.cli.export_files import Target, check_target, write
    from cqlite.cli.export_progress import ExportProgress
    from cqlite.export.tables import Query
    from cqlite.io import as_path

    target = Target(out, _format(out, format), compression, row_group_size, split, force)
    _check(target)
    query = Query(
        columns=None if columns is None else names(columns),
        where=where,
        limit=limit,
        metadata=metadata,
        decimals=_decimals(decimal or []),
        empty=_empty(empty),
        threads=threads,
    )
    check_target(target)
    note_engine()
    is_merged = not (as_stored or metadata) and (len(paths) > 1 or as_path(paths[0]).is_dir())
    opened = (
        _merged(paths, schema_file, now, query) if is_merged else _stored(paths, schema_file, query)
    )
    with opened as rows, ExportProgress(rows, is_piped=target.is_standard_output) as progress:
        write(rows, target, progress)


# Arguments.


def _format(out: Path, format: str | None) -> str:
    from cqlite.export.table_files import COMPRESSIONS

    if format is None:
        format = _SUFFIXES.get(out.suffix.lower())
    if format is None:
        raise typer.BadParameter(
            f"{out} says no format; name it .parquet, .csv, .jsonl or .arrow, or give --format"
        )
    if format not in COMPRESSIONS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(COMPRESSIONS)}")
    return format


def _check(target: Target) -> None:
    """Refuses what the target's format can't be."""
    from cqlite.export.table_files import COMPRESSIONS

    known = COMPRESSIONS[target.format]
    if target.compression not in (None, *known):
        raise typer.BadParameter(
            f"{target.format} has no compression {target.compression!r}; it has {', '.join(known)}"
        )
    if target.is_standard_output and target.format == "parquet":
        raise typer.BadParameter("Parquet can't be streamed; csv, jsonl and arrow can")
    if target.is_standard_output and target.parts is not None:
        raise typer.BadParameter("--split needs a name for a directory")


def _decimals(texts: list[str]) -> dict[str, tuple[int, int]]:
    found = {}
    for text in texts:
        name, _, numbers = text.rpartition("=")
        precision, _, scale = numbers.partition(",")
        try:
            found[name] = (int(precision), int(scale))
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not of the form COLUMN=P,S") from None
    return found


def _empty(text: str) -> Empty:
    if text == "error":
        return "error"
    if text == "null":
        return "null"
    raise typer.BadParameter(f"--empty is error or null, not {text!r}")


# SSTables.


@contextmanager
def _merged(
    paths: list[Path], schema_file: Path | None, now: int | None, query: Query
) -> Iterator[ExportedRows]:
    """The rows of the table that ``paths`` have."""
    from cqlite.export.merged import MergedRows
    from cqlite.table import Table

    with Table(*paths, schema=schema_file, now=now) as table:
        for warning in table.warnings:
            print(f"cqlite: {warning}", file=sys.stderr)
        yield MergedRows(table, query)


@contextmanager
def _stored(paths: list[Path], schema_file: Path | None, query: Query) -> Iterator[ExportedRows]:
    """The rows of the SSTables of ``paths``, all of them with the table's schema."""
    from cqlite.export.tables import TableRows, common_schema
    from cqlite.sstable import SSTable

    files = [file for path in paths for file in _files(path)]
    found = [_schema(file, schema_file) for file in files]
    schema = common_schema(found)
    with ExitStack() as stack:
        opened = [stack.enter_context(SSTable(file, schema=schema)) for file in files]
        yield TableRows(opened, query)


def _files(path: Path) -> list[Path]:
    """The SSTables that a path names, in the order in which they were made."""
    from cqlite.errors import NotAnSSTableError, Where
    from cqlite.io import DATA, find_sstables, resolve

    if not path.is_dir():
        return [resolve(path).path(DATA)]
    found = [descriptor.path(DATA) for descriptor in find_sstables(path)]
    if not found:
        raise NotAnSSTableError("no SSTable in this directory", Where(path))
    return found


def _schema(file: Path, schema_file: Path | None) -> TableSchema:
    from cqlite.cli.tables import schema_at_hand
    from cqlite.sstable import SSTable

    schema = schema_at_hand(file, schema_file)
    if schema is not None:
        return schema
    with SSTable(file) as sstable:
        return sstable.header_schema
