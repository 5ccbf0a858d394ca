"""Text files that may be compressed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from cqlite.errors import CqliteError, Where

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@contextmanager
def open_compressed(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """A file's text as bytes, and a function that tells how far it has been read.

    Gzip and Zstandard are recognised by their first bytes.

    Raises:
        CqliteError: what is compressed is damaged.
    """
    import zstandard

    with path.open("rb") as raw:
        start = raw.peek(len(_ZSTD))
        stream: BinaryIO = raw
        if start.startswith(_GZIP):
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        elif start.startswith(_ZSTD):
            reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            stream = cast(BinaryIO, io.BufferedReader(reader))
        try:
            yield stream, raw.tell
        except (gzip.BadGzipFile, EOFError, zstandard.ZstdError) as error:
            raise CqliteError(f"cannot be decompressed: {error}", Where(path)) from error
