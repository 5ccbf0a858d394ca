"""Writing partition and row indexes, BIG and BTI, and Bloom filters."""

from __future__ import annotations

from cqlite.index.write.big import BigIndexWriter
from cqlite.index.write.blocks import BlockCutter, IndexedPartition, WrittenBlock
from cqlite.index.write.bloom import BloomFilterWriter
from cqlite.index.write.bti import BtiIndexWriter

__all__ = [
    "BigIndexWriter",
    "BlockCutter",
    "BloomFilterWriter",
    "BtiIndexWriter",
    "IndexedPartition",
    "WrittenBlock",
]
