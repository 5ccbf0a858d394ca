"""Data.db from a stream: compressed in chunks, or as it is with checksums beside it.

Follows ``CompressedSequentialWriter``, ``ChecksummedSequentialWriter`` and
``CompressionMetadata.Writer``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cqlite.blocks.compressors import compressor
from cqlite.codec.checksum import crc32
from cqlite.io import COMPRESSION_INFO, CRC, DATA, DIGEST, Output
from cqlite.layouts import build

DEFAULT_CHUNK_LENGTH = 16 * 1024
"""``chunk_length_in_kb`` of tables that don't say otherwise, in bytes."""
NO_LIMIT = 0x7FFFFFFF
"""``max_compressed_length`` where no chunk is stored as it is."""
PLAIN_BLOCK_LENGTH = 64 * 1024
"""Bytes for each checksum of an uncompressed Data.db."""


@dataclass(frozen=True, slots=True)
class Compression:
    """How a table's Data.db is compressed (Cassandra's ``CompressionParams``).

    Attributes:
        compressor: one of Cassandra's classes, such as ``LZ4Compressor``.
        options: the compressor's options.
        chunk_length: uncompressed bytes in each chunk.
        max_compressed_length: from this length on chunks are stored as they are.
    """

    compressor: str = "LZ4Compressor"
    options: Mapping[str, str] = field(default_factory=dict)
    chunk_length: int = DEFAULT_CHUNK_LENGTH
    max_compressed_length: int = NO_LIMIT


class DataWriter(Protocol):
    """Takes the uncompressed stream and writes Data.db and what belongs to it.

    Attributes:
        position: length of the stream up to now, in bytes.
        compression_ratio: compressed over uncompressed length, -1 if not compressed.
    """

    position: int
    compression_ratio: float

    def write(self, data: bytes) -> None:
        """Takes the next bytes of the stream."""

    def finish(self, *, synced_before: bool = False) -> None:
        """Writes what is left, and the components beside Data.db.

        Args:
            synced_before: whether to leave an empty chunk at the end, as there is where
                Cassandra opened the SSTable before it was done (after compaction).
        """


def open_writer(output: Output, compression: Compression | None) -> DataWriter:
    """What writes Data.db.

    Args:
        output: the SSTable's files.
        compression: ``None`` for none.

    Raises:
        UnsupportedFeatureError: the compressor is not one of Cassandra's.
    """
    if compression is None:
        return _PlainWriter(output)
    return _CompressedWriter(output, compression)


class _ChunkWriter:
    """Cuts the stream into pieces of one length and writes each when the next one begins."""

    compression_ratio = -1.0

    def __init__(self, output: Output, length: int) -> None:
        self._output = output
        self._file = output.create(DATA)
        self._length = length
        self._pending = bytearray()
        self._digest = 0
        self.position = 0

    def write(self, data: bytes) -> None:
        self.position += len(data)
        self._pending += data
        # A full one waits, since at the stream's end it is the last.
        while len(self._pending) > self._length:
            self._put(bytes(self._pending[: self._length]))
            del self._pending[: self._length]

    def finish(self, *, synced_before: bool = False) -> None:
        self._put(bytes(self._pending))
        if synced_before:
            self._put(b"")
        self._pending.clear()
        self._output.write(DIGEST, digest(self._digest, self._version))
        self._describe()

    @property
    def _version(self) -> int:
        return self._output.descriptor.version.number

    def _append(self, data: bytes) -> None:
        self._digest = crc32(data, self._digest)
        self._file.write(data)

    def _put(self, data: bytes) -> None:
        raise NotImplementedError

    def _describe(self) -> None:
        raise NotImplementedError


class _CompressedWriter(_ChunkWriter):
    def __init__(self, output: Output, compression: Compression) -> None:
        super().__init__(output, compression.chunk_length)
        self._compression = compression
        self._compress = compressor(compression.compressor, compression.options)
        self._offsets: list[int] = []
        self._offset = 0
        self._compressed_length = 0

    def _put(self, data: bytes) -> None:
        limit = self._compression.max_compressed_length
        chunk = self._compress(data)
        if len(chunk) >= limit:
            chunk = data.ljust(limit, b"\0")
        self._offsets.append(self._offset)
        self._compressed_length += len(chunk)
        stored = build.build("chunk.compressed_chunk", len(chunk), data=chunk, crc32=crc32(chunk))
        self._offset += len(stored)
        self._append(stored)

    def _describe(self) -> None:
        self.compression_ratio = self._compressed_length / self.position
        info = compression_info(self._compression, self._version, self.position, self._offsets)
        self._output.write(COMPRESSION_INFO, info)


class _PlainWriter(_ChunkWriter):
    def __init__(self, output: Output) -> None:
        super().__init__(output, PLAIN_BLOCK_LENGTH)
        self._checksums: list[int] = []

    def _put(self, data: bytes) -> None:
        self._checksums.append(crc32(data))
        self._append(data)

    def _describe(self) -> None:
        made = build.make(
            "crc.body", self._version, chunk_size=PLAIN_BLOCK_LENGTH, checksums=self._checksums
        )
        # Checksums go on to the end, so their length has to be told.
        self._output.write(CRC, build.encoded(made, 4 + 4 * len(self._checksums)))


def digest(checksum: int, version: int) -> bytes:
    """Digest.crc32 for the CRC-32 of all of Data.db."""
    return build.build("digest.body", version, checksum=str(checksum))


def compression_info(
    compression: Compression, version: int, data_length: int, offsets: list[int]
) -> bytes:
    """CompressionInfo.db.

    Args:
        compression: the parameters.
        version: number of the format version.
        data_length: length of the uncompressed stream in bytes.
        offsets: where each chunk starts in Data.db.
    """
    options = [
        build.make("compression_info.option", key=_text(key), value=_text(value))
        for key, value in compression.options.items()
    ]
    return build.build(
        "compression_info.body",
        version,
        compressor_name=_text(compression.compressor),
        num_options=len(options),
        options=options,
        chunk_length=compression.chunk_length,
        max_compressed_length=compression.max_compressed_length,
        data_length=data_length,
        num_chunk_offsets=len(offsets),
        chunk_offsets=offsets,
    )


def _text(value: str) -> object:
    length = len(value.encode())
    return build.make("compression_info.short_string", len_value=length, value=value)
