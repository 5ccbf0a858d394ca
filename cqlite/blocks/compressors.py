"""The compressors that Cassandra ships, by the class name in CompressionInfo.db.

Follows ``org.apache.cassandra.io.compress``. Libraries are imported on first use.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from cqlite import layouts
from cqlite.blocks.info import COMPRESSOR_PACKAGE
from cqlite.errors import CorruptSSTableError, UnsupportedFeatureError, Where
from cqlite.layouts.build import build

Decompress = Callable[[bytes, int], bytes]
"""Compressed bytes and the largest allowed result in bytes, to decompressed bytes."""

Compress = Callable[[bytes], bytes]
"""A chunk's bytes to what its compressor makes of them."""

_DEFAULT_ZSTD_LEVEL = 3
_DEFAULT_LZ4_HIGH_LEVEL = 9


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


def _lz4_compressor(options: Mapping[str, str]) -> Compress:
    function = _lz4_fast()
    if options.get("lz4_compressor_type", "fast") == "high":
        function = _lz4_high(int(options.get("lz4_high_compressor_level", _DEFAULT_LZ4_HIGH_LEVEL)))

    def compress(data: bytes) -> bytes:
        return build("chunk.lz4_block", len_decompressed=len(data), block=function(data))

    return compress


def _lz4_fast() -> Compress:
    # Not the library that decompresses: that one compresses as parts of a stream, which
    # gives other bytes than a block of its own.
    import cramjam

    return lambda data: bytes(cramjam.lz4.compress_block(data, store_size=False))


def _lz4_high(level: int) -> Compress:
    import lz4.block

    settings = {"mode": "high_compression", "compression": level, "store_size": False}
    return lambda data: bytes(lz4.block.compress(data, **settings))


def _snappy_compressor(options: Mapping[str, str]) -> Compress:
    import cramjam

    return lambda data: bytes(cramjam.snappy.compress_raw(data))


def _deflate_compressor(options: Mapping[str, str]) -> Compress:
    # Of nothing Cassandra makes nothing, not a stream without content.
    return lambda data: zlib.compress(data) if data else b""


def _zstd_compressor(options: Mapping[str, str]) -> Compress:
    import zstandard

    level = int(options.get("compression_level", _DEFAULT_ZSTD_LEVEL))
    compressor = zstandard.ZstdCompressor(level=level, write_checksum=True)
    return lambda data: bytes(compressor.compress(data))


def _noop_compressor(options: Mapping[str, str]) -> Compress:
    return bytes


_COMPRESSOR_BY_NAME: Mapping[str, Callable[[Mapping[str, str]], Compress]] = {
    "LZ4Compressor": _lz4_compressor,
    "SnappyCompressor": _snappy_compressor,
    "DeflateCompressor": _deflate_compressor,
    "ZstdCompressor": _zstd_compressor,
    "NoopCompressor": _noop_compressor,
}


def class_of(name: str) -> str:
    """The compressor's class for what people call it: ``lz4`` for ``LZ4Compressor``.

    Raises:
        UnsupportedFeatureError: it is not one of Cassandra's own.
    """
    plain = name.removeprefix(COMPRESSOR_PACKAGE)
    for known in COMPRESSORS:
        if plain.lower() in (known.lower(), known.removesuffix("Compressor").lower()):
            return known
    raise UnsupportedFeatureError(f"compressor {name!r} is not one of {', '.join(COMPRESSORS)}")


def compressor(name: str, options: Mapping[str, str]) -> Compress:
    """The function that compresses chunks as the compressor class ``name`` does.

    Args:
        name: the class, with or without Cassandra's package.
        options: the compressor's options, as in CompressionInfo.db.

    Raises:
        UnsupportedFeatureError: a class that is not one of Cassandra's own.
    """
    made = _COMPRESSOR_BY_NAME.get(name.removeprefix(COMPRESSOR_PACKAGE))
    if made is None:
        raise UnsupportedFeatureError(f"compressor {name!r} is not one of {', '.join(_BY_NAME)}")
    return made(options)


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
