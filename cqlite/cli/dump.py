"""`cqlite dump`: an SSTable's content as the JSON of Cassandra's sstabledump."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli.common import Progress
from cqlite.export.debug_dump import write_debug
from cqlite.export.sstabledump import SSTableDump
from cqlite.rows import Partition
from cqlite.sstable import SSTable


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
    lines: Annotated[
        bool, typer.Option("-l", help="One line of JSON for each partition.")
    ] = False,
    raw_timestamps: Annotated[
        bool, typer.Option("-t", help="Times as numbers instead of dates.")
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
      cqlite dump -k alice -k bob oa-1-big-Data.db
      cqlite dump -l oa-1-big-Data.db > rows.jsonl
    """
    with SSTable(path) as sstable:
        writer = SSTableDump(
            sys.stdout,
            sstable.header_schema,
            int(time.time()) if now is None else now,
            raw_timestamps=raw_timestamps,
            lines=lines,
        )
        if enumerate_keys:
            writer.write_keys(sstable.keys())
        else:
            partitions = _chosen(sstable, key or [], set(exclude or []))
            if debug:
                write_debug(sys.stdout, sstable.header_schema, partitions)
            else:
                writer.write(partitions)
    sys.stdout.flush()


def _chosen(sstable: SSTable, keys: list[str], exclude: set[str]) -> Iterator[Partition]:
    schema = sstable.header_schema
    partitions: Iterable[Partition]
    if keys:
        partitions = _found(sstable, [k for k in keys if k not in exclude])
    else:
        partitions = sstable
    with Progress("dump", sstable.data_length) as progress:
        for partition in partitions:
            if not exclude or schema.key_string(partition.key) not in exclude:
                yield partition
            progress.at(partition.position)


def _found(sstable: SSTable, keys: list[str]) -> Iterator[Partition]:
    """The partitions of ``keys`` in token order, as Cassandra's scanner gives them."""
    serialized = {sstable.header_schema.key_from_string(key) for key in keys}
    for key in sorted(serialized, key=sstable.partitioner.sort_key):
        partition = sstable.find(key)
        if partition is not None:
            yield partition
