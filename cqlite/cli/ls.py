"""`cqlite ls`: the tables and SSTables below a directory."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli import EXIT_ERROR
from cqlite.cli.common import console
from cqlite.errors import CqliteError, NotAnSSTableError, Where
from cqlite.io import DATA, Components, Descriptor, parse_path
from cqlite.sstable import SSTable


@dataclass(frozen=True)
class Entry:
    """One line of the listing; ``error`` is set where the SSTable can't be read."""

    path: str
    keyspace: str | None
    table: str | None
    version: str
    rows: int | None
    size: int | None
    compression: str | None
    first_key: str | None
    last_key: str | None
    error: str | None


def ls(
    directory: Annotated[
        Path, typer.Argument(help="A data directory, a keyspace, a table, a snapshot, a backup.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Lists the tables and SSTables below a directory.

    For each SSTable: version, rows, size in bytes of all its files, compression, and its
    first and last partition key.

    \b
    Examples:
      cqlite ls /var/lib/cassandra/data
      cqlite ls --json backups/ | jq -r 'select(.version == "mc").path'
    """
    if not directory.is_dir():
        reason = "not a directory" if directory.exists() else "no such file or directory"
        raise NotAnSSTableError(reason, Where(directory))
    failed = False
    entries = []
    for entry in _entries(directory):
        failed = failed or entry.error is not None
        if as_json:
            print(json.dumps(asdict(entry), ensure_ascii=False))
        else:
            entries.append(entry)
    if not as_json:
        _print(entries, directory)
    if failed:
        raise typer.Exit(EXIT_ERROR)


def _entries(directory: Path) -> Iterator[Entry]:
    seen: set[Descriptor] = set()
    for path in sorted(directory.rglob("*.db")):
        try:
            descriptor, _component = parse_path(path)
        except NotAnSSTableError:
            continue
        except CqliteError as error:
            if path.name.endswith(DATA):
                yield _unreadable(path, error)
            continue
        if descriptor in seen:
            continue
        seen.add(descriptor)
        yield _entry(descriptor, path)


def _unreadable(path: Path, error: CqliteError) -> Entry:
    version = path.name.split("-")[0]
    return Entry(str(path), None, None, version, None, None, None, None, None, error.message)


def _entry(descriptor: Descriptor, path: Path) -> Entry:
    components = Components(descriptor)
    rows = compression = first = last = error = None
    try:
        with SSTable(path) as sstable:
            rows = sstable.metadata.stats.total_rows
            info = sstable.compression
            compression = info.compressor.rpartition(".")[2] if info else "none"
            first, last = (sstable.header_schema.key_string(key) for key in sstable.key_range)
    except CqliteError as problem:
        error = str(problem)
    return Entry(
        path=str(components.path(DATA)),
        keyspace=descriptor.keyspace,
        table=descriptor.table,
        version=descriptor.version.name,
        rows=rows,
        size=sum(components.size(name) for name in components),
        compression=compression,
        first_key=first,
        last_key=last,
        error=error,
    )


def _print(entries: list[Entry], directory: Path) -> None:
    from rich.console import JustifyMethod
    from rich.table import Table

    out = console()
    if not entries:
        out.print(f"no SSTables below {directory}", markup=False)
        return
    for (keyspace, table), group in _by_table(entries):
        title = f"{keyspace}.{table}" if table else "(no table directory)"
        out.print(f"[bold]{title}[/bold]" if sys.stdout.isatty() else title)
        grid = Table(box=None, pad_edge=False, show_edge=False)
        for name in ("SSTable", "version", "rows", "bytes", "compression", "keys"):
            justify: JustifyMethod = "right" if name in ("rows", "bytes") else "left"
            grid.add_column(name, justify=justify, no_wrap=name != "keys")
        for entry in group:
            grid.add_row(*_cells(entry, directory))
        out.print(grid)


def _by_table(
    entries: list[Entry],
) -> Iterator[tuple[tuple[str | None, str | None], list[Entry]]]:
    groups: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.keyspace, entry.table), []).append(entry)
    yield from groups.items()


def _cells(entry: Entry, directory: Path) -> list[str]:
    from rich.markup import escape

    name = escape(str(Path(entry.path).relative_to(directory)))
    if entry.error is not None:
        return [name, entry.version, "", "", "", escape(f"error: {entry.error}")]
    rows = "" if entry.rows is None or entry.rows < 0 else str(entry.rows)
    keys = escape(f"{entry.first_key} … {entry.last_key}")
    return [name, entry.version, rows, str(entry.size), entry.compression or "", keys]
