"""Data.db as one seekable uncompressed stream, every byte checked before it is handed out.

Follows ``CompressedChunkReader`` and ``ChecksummedRandomAccessReader``.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import BinaryIO, Protocol

from cqlite import layouts
from cqlite.blocks.compressors import Decompress, decompress, decompressor
from cqlite.blocks.info import Chunk, CompressionInfo, read_compression_info
from cqlite.codec.checksum import crc32
from cqlite.errors import ChecksumError, CorruptSSTableError, TruncatedError
from cqlite.io import COMPRESSION_INFO, CRC, DATA, Components

_CACHED_BLOCKS = 8
_UNCHECKED_BLOCK = 1 << 16


class Blocks(Protocol):
    """Data.db cut into blocks that are read and checked one by one.

    Attributes:
        length: of the uncompressed stream in bytes.
        block_length: uncompressed bytes in every block but the last.
    """

    length: int
    block_length: int

    def read(self, index: int) -> bytes:
        """The uncompressed bytes of block ``index``.

        Raises:
            ChecksumError: stored and computed checksum differ.
            CorruptSSTableError: the block cannot be decompressed.
            TruncatedError: the file ends within the block.
        """

    def check_end(self) -> None:
        """Checks, where the stream ends, that there should be no further blocks.

        Raises:
            CorruptSSTableError: there are further blocks, or checksums of such.
        """

    def close(self) -> None:
        """Closes the file."""


class CompressedBlocks:
    """The chunks of a compressed Data.db, each with its CRC-32."""

    def __init__(self, components: Components, info: CompressionInfo) -> None:
        self.length = info.data_length
        self.block_length = info.chunk_length
        self.info = info
        self._where = components.where(DATA)
        self._decompress: Decompress = decompressor(
            info.compressor, components.where(COMPRESSION_INFO)
        )
        self._file = components.open(DATA)

    def read(self, index: int) -> bytes:
        """See :class:`Blocks`."""
        chunk = self.info.chunk(index)
        data = self.read_checked(chunk)
        where = self._where.at(chunk.offset, f"chunk[{index}]")
        if chunk.is_raw:
            data = _without_padding(data, chunk.uncompressed_length)
        elif data or chunk.uncompressed_length:
            data = decompress(self._decompress, data, chunk.uncompressed_length, where)
        if len(data) != chunk.uncompressed_length:
            raise CorruptSSTableError(
                f"chunk has {len(data)} uncompressed bytes instead of {chunk.uncompressed_length}",
                where,
            )
        return data

    def read_checked(self, chunk: Chunk) -> bytes:
        """The bytes of ``chunk`` as they stand in the file, once their CRC-32 is right."""
        where = self._where.at(chunk.offset, f"chunk[{chunk.index}]")
        if chunk.length < 0 or chunk.end > self.info.file_length:
            raise TruncatedError("the file ends before the chunk does", where)
        self._file.seek(chunk.offset)
        parsed = layouts.parse("chunk.compressed_chunk", self._file, chunk.length, where=where)
        computed = crc32(parsed.data)
        if computed != parsed.crc32:
            raise ChecksumError(
                f"chunk's CRC-32 is {computed:#010x}, stored is {parsed.crc32:#010x}", where
            )
        return bytes(parsed.data)

    def check_end(self) -> None:
        """See :class:`Blocks`; a chunk may follow, but nothing may be in it."""
        for index in range(-(-self.length // self.block_length), len(self.info)):
            self.read(index)

    def close(self) -> None:
        """See :class:`Blocks`."""
        self._file.close()


def _without_padding(data: bytes, length: int) -> bytes:
    """A last chunk that is stored raw is padded to the maximum compressed length."""
    return data[:length] if not any(data[length:]) else data


class PlainBlocks:
    """An uncompressed Data.db, with the checksums of CRC.db where there is one."""

    def __init__(self, components: Components) -> None:
        self.length = components.size(DATA)
        self.block_length = _UNCHECKED_BLOCK
        self._checksums: list[int] | None = None
        self._where = components.where(DATA)
        if CRC in components:
            body = layouts.parse(
                "crc.body",
                components.read(CRC),
                components.descriptor.version.number,
                where=components.where(CRC),
            )
            self.block_length = body.chunk_size
            self._checksums = list(body.checksums)
            self._check_crc(components)
        self._file = components.open(DATA)

    def _check_crc(self, components: Components) -> None:
        where = components.where(CRC)
        if self.block_length <= 0:
            raise CorruptSSTableError(f"chunk length {self.block_length} is not positive", where)

    def read(self, index: int) -> bytes:
        """See :class:`Blocks`."""
        offset = index * self.block_length
        size = min(self.block_length, self.length - offset)
        where = self._where.at(offset)
        self._file.seek(offset)
        data = self._file.read(size)
        if len(data) != size:
            raise TruncatedError("the file ends before the block does", where)
        if self._checksums is not None:
            self._check_block(index, data, where.offset or 0)
        return data

    def _check_block(self, index: int, data: bytes, offset: int) -> None:
        assert self._checksums is not None
        where = self._where.at(offset)
        if index >= len(self._checksums):
            raise ChecksumError(f"CRC.db has no checksum for block {index}", where)
        computed = crc32(data)
        if computed != self._checksums[index]:
            raise ChecksumError(
                f"block's CRC-32 is {computed:#010x}, CRC.db has {self._checksums[index]:#010x}",
                where,
            )

    def check_end(self) -> None:
        """See :class:`Blocks`."""
        expected = -(-self.length // self.block_length)
        # A file that was synced before its end has the checksum of an empty block last.
        if self._checksums is not None and any(self._checksums[expected:]):
            raise TruncatedError(
                f"the file ends after {expected} blocks, CRC.db has checksums "
                f"of {len(self._checksums)}",
                self._where.at(self.length),
            )

    def close(self) -> None:
        """See :class:`Blocks`."""
        self._file.close()


class BlockStream(io.RawIOBase):
    """The uncompressed stream over ``blocks``, with a small cache of blocks.

    Attributes:
        num_read: how many blocks were read, those again that the cache did not have.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.num_read = 0
        self._blocks = blocks
        self._position = 0
        self._cache: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to a byte of the uncompressed stream; gives the new position."""
        start = (0, self._position, self._blocks.length)[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        """The position in the uncompressed stream."""
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills ``buffer`` up to the end of the current block; errors as in :class:`Blocks`."""
        if self._position >= self._blocks.length:
            self._blocks.check_end()
            return 0
        index, start = divmod(self._position, self._blocks.block_length)
        data = self._block(index)[start : start + len(buffer)]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Closes the file."""
        if not self.closed:
            self._blocks.close()
        super().close()

    def _block(self, index: int) -> bytes:
        data = self._cache.get(index)
        if data is None:
            data = self._blocks.read(index)
            self.num_read += 1
            if len(self._cache) >= _CACHED_BLOCKS:
                self._cache.popitem(last=False)
            self._cache[index] = data
        return data


def open_blocks(components: Components) -> Blocks:
    """Data.db's blocks, compressed or not.

    Raises:
        MissingComponentError: there is no Data.db.
        UnsupportedFeatureError: a compressor that is not Cassandra's own.
        CorruptSSTableError: CompressionInfo.db or CRC.db breaks its layout.
    """
    info = read_compression_info(components)
    return PlainBlocks(components) if info is None else CompressedBlocks(components, info)


def open_data(components: Components) -> BinaryIO:
    """Data.db as a seekable, buffered, uncompressed stream; errors as :func:`open_blocks`."""
    return io.BufferedReader(BlockStream(open_blocks(components)))
