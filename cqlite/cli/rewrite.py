"""`cqlite rewrite`: an SSTable written anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

_KIB = 1024


def rewrite(
    path: Annotated[Path, typer.Argument(help="Any file of the SSTable, or its directory.")],
    directory: Annotated[Path, typer.Argument(help="Where the new SSTable is to be.")],
    version: Annotated[
        str | None,
        typer.Option("--format", "-f", help="Format version to write: `nb`, `oa` or `da`."),
    ] = None,
    compression: Annotated[
        str | None,
        typer.Option(
            "--compression", "-c", help="Compressor, such as `LZ4Compressor` or `lz4`; or `none`."
        ),
    ] = None,
    chunk_length: Annotated[
        int | None,
        typer.Option("--chunk-length", min=1, help="KiB to compress at a time."),
    ] = None,
    bloom_fp_chance: Annotated[
        float | None,
        typer.Option(
            "--bloom-fp-chance", min=0, max=1, help="False positive rate of the Bloom filter."
        ),
    ] = None,
    column_index_size: Annotated[
        int | None,
        typer.Option("--column-index-size", min=1, help="KiB in a block of the row index."),
    ] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="The new SSTable's id; without it, the same.")
    ] = None,
) -> None:
    """Writes an SSTable anew from its rows, every component computed again.

    Without options the new one has the same bytes as one that Cassandra 5.0 wrote. With
    them it is converted to another version or compressed in another way. Files
    appear all at once, and nothing is overwritten.

    \b
    Examples:
      cqlite rewrite me-1-big-Data.db new/ --format da
      cqlite rewrite oa-1-big-Data.db new/ --compression zstd --chunk-length 64
    """
    from cqlite.cli.common import Progress, note_engine
    from cqlite.io import FORMAT_OF_VERSION, parse_version
    from cqlite.sstable import SSTable
    from cqlite.sstable.write import rewrite as write_anew
    from cqlite.sstable.write import settings_for

    note_engine()
    directory.mkdir(parents=True, exist_ok=True)
    with SSTable(path) as source:
        own = source.descriptor
        name = version or own.version.name
        target = parse_version(name, FORMAT_OF_VERSION.get(name, ""))
        settings = settings_for(source, target).changed(
            compression,
            None if chunk_length is None else chunk_length * _KIB,
            bloom_fp_chance,
            None if column_index_size is None else column_index_size * _KIB,
        )
        with Progress("rewrite", source.data_length, prints=False) as progress:
            new = id or own.id
            written = write_anew(source, directory, target, new, settings, progress.at)
    print(written, file=sys.stderr)
