"""Data.db's chunks where CompressionInfo.db is damaged, or Data.db ends too early.

Each compressed chunk is followed by its CRC-32, so that where it ends can be found
without an offset. All of what is found so has a checksum that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from cqlite import layouts
from cqlite.blocks.compressors import COMPRESSORS, decompress, decompressor
from cqlite.blocks.info import CHECKSUM_LENGTH, CompressionInfo, read_compression_info
from cqlite.blocks.reader import CompressedBlocks, PlainBlocks
from cqlite.codec.checksum import ends_before_crc32
from cqlite.errors import CorruptSSTableError, CqliteError, UnsupportedFeatureError
from cqlite.io import COMPRESSION_INFO, DATA, Components

_MAX_CHUNK_LENGTH = 1 << 20
"""Uncompressed length of the largest chunk that is looked for where none is known."""

_TAKES_ANYTHING = "NoopCompressor"


def _window(chunk_length: int) -> int:
    """More than any of the compressors makes of a chunk that does not compress."""
    return chunk_length + chunk_length // 5 + 64 + CHECKSUM_LENGTH


class RepairingBlocks(CompressedBlocks):
    """Compressed chunks that are found also where CompressionInfo.db has wrong offsets.

    Attributes:
        repairs: what was wrong with CompressionInfo.db.
    """

    def __init__(self, components: Components, info: CompressionInfo) -> None:
        super().__init__(components, info)
        self.repairs: list[str] = []
        self._tried: set[int] = set()

    def read(self, index: int) -> bytes:
        """See :class:`~cqlite.blocks.Blocks`."""
        try:
            return super().read(index)
        except CorruptSSTableError:
            if not self._repair(index):
                raise
        return super().read(index)

    def _repair(self, index: int) -> bool:
        """Looks for the ends of this chunk and, as it may be wrong, of the one before."""
        if index in self._tried:
            return False
        self._tried.add(index)
        before = self.info.offsets
        for candidate in (index - 1, index):
            if candidate >= 0 and not self._is_whole(candidate):
                self._find_end(candidate)
        return self.info.offsets != before

    def _is_whole(self, index: int) -> bool:
        try:
            self.read_checked(self.info.chunk(index))
        except CorruptSSTableError:
            return False
        return True

    def _find_end(self, index: int) -> None:
        """Corrects the offset of the chunk after ``index`` if its own CRC-32 shows the end."""
        offsets = list(self.info.offsets)
        if index + 1 >= len(offsets) or offsets[index] >= self.info.file_length:
            return
        self._file.seek(offsets[index])
        data = self._file.read(_window(self.info.chunk_length))
        for end in ends_before_crc32(data):
            following = offsets[index] + end + CHECKSUM_LENGTH
            self.repairs.append(
                f"chunk {index + 1} starts at {following}, not at {offsets[index + 1]}"
            )
            offsets[index + 1] = following
            self.info = replace(self.info, offsets=tuple(offsets))
            return


class CutBlocks(PlainBlocks):
    """Uncompressed blocks of a file that may have been cut off within the last one.

    Attributes:
        trusts_last: whether the last block is given although its checksum, which is of
            more bytes than are left, does not fit.
    """

    trusts_last = False

    @property
    def is_checked(self) -> bool:
        """Whether there is a CRC.db."""
        return self._checksums is not None

    @property
    def last_position(self) -> int:
        """Where the last block starts."""
        return max(0, self.length - 1) // self.block_length * self.block_length

    def _check_block(self, index: int, data: bytes, offset: int) -> None:
        if not (self.trusts_last and offset == self.last_position):
            super()._check_block(index, data, offset)


@dataclass(frozen=True, slots=True)
class RecoveredInfo:
    """What could be found of CompressionInfo.db.

    Attributes:
        info: the compression parameters and chunks.
        problem: why CompressionInfo.db itself could not be used.
    """

    info: CompressionInfo
    problem: str


def recover_compression_info(components: Components) -> RecoveredInfo:
    """CompressionInfo.db's content from what is left of it and from the chunks themselves.

    Raises:
        CorruptSSTableError: not even the first chunk can be found or decompressed.
        UnsupportedFeatureError: the same, and the compressor is not one of Cassandra's.
    """
    error, partial = _what_is_left(components)
    offsets = tuple(_found_offsets(components))
    if len(offsets) < 2:
        raise error
    info = CompressionInfo(
        compressor=getattr(getattr(partial, "compressor_name", None), "value", ""),
        options={},
        chunk_length=_MAX_CHUNK_LENGTH,
        max_compressed_length=getattr(partial, "max_compressed_length", None),
        data_length=len(offsets) * _MAX_CHUNK_LENGTH,
        offsets=offsets[:-1],
        file_length=offsets[-1],
    )
    info = _with_compressor(components, info, error)
    return RecoveredInfo(_with_lengths(components, info), error.message)


def _what_is_left(components: Components) -> tuple[CqliteError, Any]:
    """The error of reading CompressionInfo.db, and its fields as far as they can be read."""
    where = components.where(COMPRESSION_INFO)
    if COMPRESSION_INFO not in components:
        return CorruptSSTableError("the file is missing, and no chunk can be found", where), None
    partial, error = layouts.parse_partial(
        "compression_info.body",
        components.read(COMPRESSION_INFO),
        components.descriptor.version.number,
        where=where,
    )
    if error is None:
        try:
            info = read_compression_info(components)
            if info is not None:
                with closing(CompressedBlocks(components, info)) as blocks:
                    blocks.check_end()
        except (CorruptSSTableError, UnsupportedFeatureError) as contradiction:
            return contradiction, partial
    return error or CorruptSSTableError("no chunk can be found", where), partial


def _found_offsets(components: Components) -> Iterator[int]:
    """Where chunks start, up to the first that cannot be found, and where the last ends."""
    offset, size = 0, components.size(DATA)
    with components.open(DATA) as file:
        yield offset
        while offset < size:
            file.seek(offset)
            length = next(ends_before_crc32(file.read(_window(_MAX_CHUNK_LENGTH))), None)
            if length is None:
                return
            offset += length + CHECKSUM_LENGTH
            yield offset


def _with_compressor(
    components: Components, info: CompressionInfo, error: CqliteError
) -> CompressionInfo:
    """``info`` with the compressor that decompresses the first chunk."""
    # The one that takes anything is right only where CompressionInfo.db names it.
    guesses = (name for name in COMPRESSORS if name != _TAKES_ANYTHING)
    for name in dict.fromkeys((info.compressor, *guesses)):
        candidate = replace(info, compressor=name)
        try:
            _uncompressed_length(components, candidate, 0)
        except (CorruptSSTableError, UnsupportedFeatureError):
            continue
        return candidate
    raise error


def _with_lengths(components: Components, info: CompressionInfo) -> CompressionInfo:
    """``info`` with the lengths that the first and the last chunk show."""
    first = _uncompressed_length(components, info, 0)
    if len(info) == 1:
        return replace(info, chunk_length=max(first, 1), data_length=first)
    info = replace(info, chunk_length=first, data_length=len(info) * first)
    last = _uncompressed_length(components, info, len(info) - 1)
    return replace(info, data_length=(len(info) - 1) * first + last)


def _uncompressed_length(components: Components, info: CompressionInfo, index: int) -> int:
    where = components.where(DATA)
    function = decompressor(info.compressor, components.where(COMPRESSION_INFO))
    with closing(CompressedBlocks(components, info)) as blocks:
        chunk = info.chunk(index)
        data = blocks.read_checked(chunk)
        if chunk.is_raw:
            return len(data)
        return len(decompress(function, data, _MAX_CHUNK_LENGTH, where.at(chunk.offset)))
