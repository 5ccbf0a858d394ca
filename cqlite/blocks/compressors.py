"""The compressors that Cassandra ships, by the class name in CompressionInfo.db.

Follows ``org.apache.cassandra.io.compress``. Libraries are imported on first use.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from cqlite import layouts
from cqlite.blocks.info import COMPRESSOR_PACKAGE
from cqlite.errors import CorruptSSTableError, UnsupportedFeatureError, Where

Decompress = Callable[[bytes, int], bytes]
"""Compressed bytes and the largest allowed result in bytes, to decompressed bytes."""


def _lz4(data: bytes, limit: int) -> bytes:
    import lz4.block

    block = layouts.parse("chunk.lz4_block", data)
    size = block.len_decompressed
    if size > limit:
        raise ValueError(f"decompressed length {size} exceeds the chunk length {limit}")
    return bytes(lz4.block.decompress(block.block, uncompressed_size=size))


def _snappy(data: bytes, limit: int) -> bytes:
    import cramjam

    # Asked first, since the data states its length and memory is allocated for it.
    size = cramjam.snappy.decompress_raw_len(data)
    if size > limit:
        raise ValueError(f"decompressed length {size} exceeds the chunk length {limit}")
    return bytes(cramjam.snappy.decompress_raw(data))


def _deflate(data: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj()
    # For zlib a limit of 0 is none.
    result = inflater.decompress(data, max(limit, 1))
    if not inflater.eof and inflater.decompress(inflater.unconsumed_tail, 1):
        raise ValueError(f"more than the chunk length {limit}")
    if not inflater.eof:
        raise ValueError("the stream is incomplete")
    return result


def _zstd(data: bytes, limit: int) -> bytes:
    import zstandard

    size = zstandard.frame_content_size(data)
    if size > limit:
        raise ValueError(f"decompressed length {size} exceeds the chunk length {limit}")
    return bytes(zstandard.ZstdDecompressor().decompress(data, max_output_size=limit))


def _noop(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise ValueError(f"{len(data)} bytes exceed the chunk length {limit}")
    return data


_BY_NAME: Mapping[str, Decompress] = {
    "LZ4Compressor": _lz4,
    "SnappyCompressor": _snappy,
    "DeflateCompressor": _deflate,
    "ZstdCompressor": _zstd,
    "NoopCompressor": _noop,
}

COMPRESSORS = tuple(_BY_NAME)
"""The class names of Cassandra's compressors."""


def decompressor(name: str, where: Where) -> Decompress:
    """The function that decompresses what the compressor class ``name`` wrote.

    The function raises :class:`CorruptSSTableError` at ``where`` on invalid data.

    Raises:
        UnsupportedFeatureError: a class that is not one of Cassandra's own.
    """
    function = _BY_NAME.get(name.removeprefix(COMPRESSOR_PACKAGE))
    if function is None:
        raise UnsupportedFeatureError(
            f"compressor {name!r} is not one of {', '.join(_BY_NAME)}", where
        )
    return function


def decompress(function: Decompress, data: bytes, limit: int, where: Where) -> bytes:
    """``data`` decompressed by ``function`` to at most ``limit`` bytes.

    Raises:
        CorruptSSTableError: the data is invalid, with the library's reason.
    """
    try:
        return function(data, limit)
    except Exception as error:  # each library has errors of its own, some of no common base
        raise CorruptSSTableError(f"chunk cannot be decompressed: {error}", where) from error
