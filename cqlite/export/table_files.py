"""Files of rows: Parquet, Arrow IPC, CSV and JSON lines, written batch by batch."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from cqlite.errors import UnsupportedFeatureError
from cqlite.export.text_forms import csv_texts, json_texts
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.select.portable import FOR_PARQUET

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP_SIZE: Final = 65_536
"""Rows of a Parquet row group where nothing else is asked for."""

_ROW_GROUP_BYTES: Final = 1 << 25
_LINES: Final = 4096
"""Lines that are made at once; all of their values are Python's strings for a while."""

COMPRESSIONS: Final = {
    "parquet": ("zstd", "snappy", "lz4", "gzip", "brotli", "none"),
    "arrow": ("none", "lz4", "zstd"),
    "csv": ("none", "gzip", "zstd"),
    "jsonl": ("none", "gzip", "zstd"),
}
"""The formats, each with its compressions, the default one first."""


class TableFile(Protocol):
    """A file that is being written."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows."""

    def close(self) -> None:
        """Writes what is left, and what ends the file; the stream stays open."""

    def discard(self) -> None:
        """Gives up, since the file is not wanted any more."""


def open_table_file(
    format: str,
    stream: IO[bytes],
    schema: pa.Schema,
    *,
    compression: str | None = None,
    row_group_size: int = ROW_GROUP_SIZE,
    is_stream: bool = False,
) -> TableFile:
    """A file of ``format`` in ``stream``.

    Args:
        format: ``parquet``, ``arrow``, ``csv`` or ``jsonl``.
        stream: where to.
        schema: the schema of what will be written.
        compression: one of :data:`COMPRESSIONS`, the format's first by default.
        row_group_size: rows of a row group, of Parquet alone.
        is_stream: whether Arrow's IPC stream is wanted rather than its file.

    Raises:
        UnsupportedFeatureError: the format has no such compression.
    """
    known = COMPRESSIONS[format]
    compression = compression or known[0]
    if compression not in known:
        raise UnsupportedFeatureError(
            f"{format} has no compression {compression!r}; it has {', '.join(known)}"
        )
    if format == "parquet":
        return ParquetFile(stream, schema, compression, row_group_size)
    if format == "arrow":
        return ArrowFile(stream, schema, compression, is_stream=is_stream)
    return TextFile(stream, schema, compression, is_csv=format == "csv")


class ParquetFile:
    """Parquet; durations are structs there.

    Holds the rows of two row groups: one is compressed while the next one is read.
    """

    def __init__(
        self, stream: IO[bytes], schema: pa.Schema, compression: str, row_group_size: int
    ) -> None:
        from pyarrow.parquet import ParquetWriter

        self._schema = FOR_PARQUET.schema(schema)
        self._size = row_group_size
        self._writer: Any = ParquetWriter(
            stream,
            self._schema,
            compression=compression,
            use_dictionary=_dictionary_columns(self._schema),
        )
        self._batches: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0
        self._thread = ThreadPoolExecutor(1, "parquet")
        self._pending: Future[None] | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """See ``TableFile``."""
        batch = FOR_PARQUET.batch(batch)
        while batch.num_rows:
            part = batch.slice(0, self._size - self._rows)
            batch = batch.slice(part.num_rows)
            self._batches.append(part)
            self._rows += part.num_rows
            self._bytes += part.nbytes
            if self._rows == self._size or self._bytes >= _ROW_GROUP_BYTES:
                self._flush()

    def _flush(self) -> None:
        table = pyarrow().Table.from_batches(self._batches, self._schema)
        self._batches.clear()
        self._rows = self._bytes = 0
        self._settle()
        self._pending = self._thread.submit(self._writer.write_table, table, self._size)

    def _settle(self) -> None:
        """Waits for the row group that is being written; raises what that raised."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            pending.result()

    def close(self) -> None:
        """See ``TableFile``."""
        if self._batches:
            self._flush()
        self._settle()
        self._thread.shutdown()
        self._writer.close()

    def discard(self) -> None:
        """See ``TableFile``."""
        self._thread.shutdown()
        # Else the writer would try it itself, once the stream is closed.
        self._writer.close()


def _dictionary_columns(schema: pa.Schema) -> list[str]:
    """The paths of Parquet's columns that are worth a dictionary: texts, bytes and dates.

    Numbers and times are mostly distinct: making dictionaries of them took a third of the time
    of an export, and came out larger than plain values compressed with zstd.
    """
    from pyarrow.parquet import ParquetWriter, read_metadata

    sink = pyarrow().BufferOutputStream()
    ParquetWriter(sink, schema).close()
    leaves = read_metadata(pyarrow().BufferReader(sink.getvalue())).schema
    return [
        leaf.path
        for leaf in (leaves.column(i) for i in range(len(leaves)))
        if leaf.physical_type.endswith("BYTE_ARRAY") or leaf.logical_type.type == "DATE"
    ]


class ArrowFile:
    """Arrow's IPC file, or its IPC stream, which can be read from a pipe."""

    def __init__(
        self, stream: IO[bytes], schema: pa.Schema, compression: str, *, is_stream: bool
    ) -> None:
        from pyarrow import ipc

        codec = None if compression == "none" else compression
        options = ipc.IpcWriteOptions(compression=codec)
        make = ipc.new_stream if is_stream else ipc.new_file
        self._writer: Any = make(stream, schema, options=options)

    def write(self, batch: pa.RecordBatch) -> None:
        """See ``TableFile``."""
        self._writer.write_batch(batch)

    def close(self) -> None:
        """See ``TableFile``."""
        self._writer.close()

    def discard(self) -> None:
        """See ``TableFile``."""


class TextFile:
    """CSV with a line of names, or JSON lines."""

    def __init__(
        self, stream: IO[bytes], schema: pa.Schema, compression: str, *, is_csv: bool
    ) -> None:
        self._compressed = _compressed(stream, compression)
        self._sink = stream if self._compressed is None else self._compressed
        self._lines: Callable[[pa.RecordBatch], list[str]] = _csv_lines if is_csv else _json_lines
        if is_csv:
            names = pyarrow().array(schema.names, pyarrow().string())
            self._write([",".join(csv_texts(names))])

    def _write(self, lines: list[str]) -> None:
        self._sink.write("".join(f"{line}\n" for line in lines).encode())

    def write(self, batch: pa.RecordBatch) -> None:
        """See ``TableFile``."""
        for start in range(0, batch.num_rows, _LINES):
            self._write(self._lines(batch.slice(start, _LINES)))

    def close(self) -> None:
        """See ``TableFile``."""
        if self._compressed is not None:
            self._compressed.close()

    def discard(self) -> None:
        """See ``TableFile``."""


def _compressed(stream: IO[bytes], compression: str) -> Any:
    """What writes to ``stream`` compressed, and leaves it open."""
    if compression == "gzip":
        import gzip

        return gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
    if compression == "zstd":
        import zstandard

        return zstandard.ZstdCompressor().stream_writer(stream, closefd=False)
    return None


def _csv_lines(batch: pa.RecordBatch) -> list[str]:
    columns = [csv_texts(column) for column in batch.columns]
    return [",".join(row) for row in zip(*columns, strict=True)]


def _json_lines(batch: pa.RecordBatch) -> list[str]:
    names = [encode_basestring(name) for name in batch.schema.names]
    columns = [json_texts(column) for column in batch.columns]
    return [
        "{" + ", ".join(f"{n}: {v}" for n, v in zip(names, row, strict=True)) + "}"
        for row in zip(*columns, strict=True)
    ]
