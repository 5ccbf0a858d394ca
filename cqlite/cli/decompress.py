"""`cqlite decompress`: Data.db without its compression."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, BinaryIO

import typer

from cqlite.cli.common import Progress, output

if TYPE_CHECKING:
    from cqlite.io import Components

_STEP = 1 << 20


def decompress(
    path: Annotated[Path, typer.Argument(help="Any file of the SSTable, or its directory.")],
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; `-` for standard output."),
    ] = None,
    partitions: Annotated[
        int | None,
        typer.Option("--partitions", "-n", min=1, help="Stop after so many partitions."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=1, help="Stop at the end of the last partition within so many bytes."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Writes the rows of Data.db as one uncompressed stream, every checksum checked.

    This is what `cqlite spec --for` describes. The file appears under its name once it is
    whole; without `-o` its name is that of Data.db with `.uncompressed` after it, in the
    current directory. The Kaitai Web IDE wants small files: `--limit` and
    `--partitions` end the stream where a partition ends.

    \b
    Examples:
      cqlite decompress oa-1-big-Data.db --limit 50000 -o sample.bin
      cqlite decompress oa-1-big-Data.db -o - | xxd | less
    """
    from cqlite.blocks import open_data
    from cqlite.errors import CqliteError, Where
    from cqlite.io import DATA, resolve

    components = resolve(path)
    name = components.descriptor.prefix + DATA
    target = Path(f"{name}.uncompressed") if out is None else out
    if any(target.exists() and target.samefile(components.path(own)) for own in components):
        raise CqliteError("this is one of the SSTable's own files", Where(target))
    end = None
    if partitions is not None or limit is not None:
        end = _end(components, partitions, limit)
    with open_data(components) as stream, output(target, binary=True, force=force) as file:
        written = _copy(stream, file, end)
    if str(target) != "-":
        print(f"{target}: {written} bytes", file=sys.stderr)


def _end(components: Components, partitions: int | None, limit: int | None) -> int:
    """Where to stop: behind the last partition that is within both limits, or the first."""
    from cqlite.io import DATA
    from cqlite.sstable import SSTable

    end = 0
    with SSTable(components.path(DATA)) as sstable:
        stream = sstable.open_data()
        for index, partition in enumerate(sstable.partitions(), start=1):
            for _ in partition:
                pass
            after = stream.tell()
            if limit is not None and after > limit and end:
                return end
            end = after
            if index == partitions or (limit is not None and end >= limit):
                break
    if limit is not None and end > limit:
        print(f"the first partition alone has {end} bytes", file=sys.stderr)
    return end


def _copy(stream: BinaryIO, file: IO[bytes], end: int | None) -> int:
    length = stream.seek(0, 2)
    stream.seek(0)
    written = 0
    with Progress("decompress", length if end is None else end) as progress:
        while data := stream.read(_STEP if end is None else min(_STEP, end - written)):
            file.write(data)
            written += len(data)
            progress.at(written)
    return written
