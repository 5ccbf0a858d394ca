"""`cqlite dump`: an SSTable's content as the JSON of Cassandra's sstabledump."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cqlite.cli import EXIT_SALVAGED
from cqlite.cli.common import Progress, note_engine
from cqlite.errors import InvalidValueError
from cqlite.export.debug_dump import write_debug
from cqlite.export.sstabledump import SSTableDump
from cqlite.io import DATA
from cqlite.rows import Partition
from cqlite.sstable import SSTable
from cqlite.sstable.salvage import Salvage
from cqlite.sstable.select.engine import engine


def dump(
    path: Annotated[Path, typer.Argument(help="Any file of the SSTable, or its directory.")],
    debug: Annotated[
        bool, typer.Option("-d", help="One line for each row, in Cassandra's internal notation.")
    ] = False,
    enumerate_keys: Annotated[
        bool, typer.Option("-e", help="Partition keys only, without reading any row.")
    ] = False,
    key: Annotated[
        list[str] | None, typer.Option("-k", help="Only this partition key; may be repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("-x", help="Not this partition key; may be repeated.")
    ] = None,
    lines: Annotated[bool, typer.Option("-l", help="One line of JSON for each partition.")] = False,
    raw_timestamps: Annotated[
        bool, typer.Option("-t", help="Times as numbers instead of dates.")
    ] = False,
    salvage: Annotated[
        bool,
        typer.Option(
            "--salvage",
            help="Read around damage; say what was lost on standard error and end with 3.",
        ),
    ] = False,
    now: Annotated[
        int | None,
        typer.Option(help="Seconds since 1970 by which `expired` is judged.", show_default="now"),
    ] = None,
) -> None:
    """Prints an SSTable's content as JSON, exactly as Cassandra's sstabledump does.

    \b
    Examples:
      cqlite dump oa-1-big-Data.db | jq '.[].partition.key'
      cqlite dump -k 5 -k 7 oa-1-big-Data.db
      cqlite dump -l oa-1-big-Data.db > rows.jsonl
      cqlite dump --salvage damaged/oa-1-big-Data.db > what-is-left.json
    """
    if salvage and (enumerate_keys or key):
        raise typer.BadParameter("--salvage goes through all rows, not with -e or -k")
    with SSTable(path) as sstable, _salvage(sstable, salvage) as salvaged:
        form = _Form(int(time.time()) if now is None else now, raw_timestamps, lines)
        if not (debug or enumerate_keys or salvage):
            note_engine()
            if engine() == "native":
                _dump_natively(sstable, form, key or [], exclude or [])
                return
        writer = SSTableDump(
            sys.stdout,
            sstable.header_schema,
            form.now,
            raw_timestamps=form.raw_timestamps,
            lines=form.lines,
        )
        if enumerate_keys:
            writer.write_keys(sstable.keys())
            return
        partitions = _chosen(sstable, salvaged, key or [], set(exclude or []))
        if debug:
            write_debug(sys.stdout, sstable.header_schema, partitions)
        else:
            writer.write(partitions)
        sys.stdout.flush()
        if salvaged is not None and _report(salvaged, sstable):
            raise typer.Exit(EXIT_SALVAGED)


class _Form(NamedTuple):
    now: int
    raw_timestamps: bool
    lines: bool


def _dump_natively(sstable: SSTable, form: _Form, keys: list[str], exclude: list[str]) -> None:
    from cqlite.export.native import NativeDump

    # Damage in the header comes before anything is printed, other damage after the start.
    _ = sstable.header_schema
    with Progress("dump", sstable.components.size(DATA)) as progress:
        writer = NativeDump(
            sys.stdout,
            sstable,
            form.now,
            raw_timestamps=form.raw_timestamps,
            lines=form.lines,
            excluded=exclude,
            progress=progress.at if progress.is_shown else None,
        )
        if keys:
            found = _found(sstable, [k for k in keys if k not in exclude])
            writer.write_at(partition.position for partition in found)
        else:
            writer.write()


def _salvage(sstable: SSTable, wanted: bool) -> AbstractContextManager[Salvage | None]:
    """Salvage if it is ``wanted``; opened before all else, since the header may be damaged."""
    return Salvage(sstable) if wanted else nullcontext()


def _chosen(
    sstable: SSTable, salvaged: Salvage | None, keys: list[str], exclude: set[str]
) -> Iterator[Partition]:
    schema = sstable.header_schema
    partitions: Iterable[Partition]
    if salvaged is not None:
        partitions, length = salvaged.partitions(), salvaged.length
    else:
        partitions, length = sstable, sstable.data_length
        if keys:
            partitions = _found(sstable, [k for k in keys if k not in exclude])
    with Progress("dump", length) as progress:
        for partition in partitions:
            if not exclude or schema.key_string(partition.key) not in exclude:
                yield partition
            progress.at(partition.position)


def _report(salvaged: Salvage, sstable: SSTable) -> bool:
    """Says on standard error what was lost; whether anything was."""
    for note in salvaged.notes:
        print(f"cqlite: note: {note}", file=sys.stderr)
    for loss in salvaged.losses:
        print(f"cqlite: lost: {loss} ({loss.error.where})", file=sys.stderr)
        for key in loss.keys:
            print(f"cqlite: lost: partition {_shown(sstable, key)}", file=sys.stderr)
    lost = sum(loss.end - loss.start for loss in salvaged.losses)
    print(f"cqlite: lost {lost} of {salvaged.length} uncompressed bytes", file=sys.stderr)
    return bool(salvaged.losses)


def _shown(sstable: SSTable, key: bytes) -> str:
    try:
        return sstable.header_schema.key_string(key)
    except InvalidValueError:
        return "0x" + key.hex()


def _found(sstable: SSTable, keys: list[str]) -> Iterator[Partition]:
    """The partitions of ``keys`` in token order, as Cassandra's scanner gives them."""
    serialized = {sstable.header_schema.key_from_string(key) for key in keys}
    for key in sorted(serialized, key=sstable.partitioner.sort_key):
        partition = sstable.find(key)
        if partition is not None:
            yield partition
