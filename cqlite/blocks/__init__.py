"""Data.db's compression chunks and checksummed blocks."""

from cqlite.blocks.info import (
    Chunk,
    CompressionInfo,
    CompressionParameters,
    measured_compression_info,
    read_compression_info,
    read_compression_parameters,
)
from cqlite.blocks.reader import (
    Blocks,
    BlockStream,
    CompressedBlocks,
    PlainBlocks,
    open_blocks,
    open_data,
)

__all__ = [
    "BlockStream",
    "Blocks",
    "Chunk",
    "CompressedBlocks",
    "CompressionInfo",
    "CompressionParameters",
    "PlainBlocks",
    "measured_compression_info",
    "open_blocks",
    "open_data",
    "read_compression_info",
    "read_compression_parameters",
]
