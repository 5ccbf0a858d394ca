"""Text files that may be compressed."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cqlite.errors import CqliteError, Where

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_BLOCK = 4096
"""So little is decompressed at a time since it can be ten thousand times as much."""


@contextmanager
def open_compressed(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """A file's text as bytes, and a function that tells how far it has been read.

    Gzip and Zstandard are recognised by their first bytes.

    Raises:
        CqliteError: what is compressed is damaged or ends too early.
    """
    import zstandard

    with path.open("rb") as raw:
        start = raw.peek(len(_ZSTD))
        stream: BinaryIO = raw
        if start.startswith(_GZIP):
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        elif start.startswith(_ZSTD):
            stream = cast(BinaryIO, io.BufferedReader(_Zstandard(raw)))
        try:
            yield stream, raw.tell
        except (gzip.BadGzipFile, zlib.error, EOFError, zstandard.ZstdError) as error:
            raise CqliteError(f"cannot be decompressed: {error}", Where(path)) from error


class _Zstandard(io.RawIOBase):
    """The text of one frame after another; zstandard's own reader takes a part for a whole one.

    Raises:
        EOFError: the file ends within a frame.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame: Any = None
        self._rest = b""
        self._text = memoryview(b"")

    def readable(self) -> bool:
        """See ``io.RawIOBase``."""
        return True

    def readinto(self, target: WriteableBuffer) -> int:
        """See ``io.RawIOBase``."""
        view = memoryview(target).cast("B")
        while not self._text:
            data = self._rest or self._raw.read(_BLOCK)
            if not data:
                if self._frame is not None:
                    raise EOFError("it ends within a frame")
                return 0
            self._text = memoryview(self._decompressed(data))
        count = min(len(view), len(self._text))
        view[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _decompressed(self, data: bytes) -> bytes:
        import zstandard

        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        text: bytes = self._frame.decompress(data)
        self._rest = self._frame.unused_data
        if self._frame.eof:
            self._frame = None
        return text
