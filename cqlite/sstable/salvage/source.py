"""What salvage reads from: the header, Data.db's blocks, the stream over them."""

from __future__ import annotations

from contextlib import closing

from cqlite.blocks import (
    Blocks,
    BlockStream,
    CompressedBlocks,
    CompressionInfo,
    read_compression_info,
)
from cqlite.blocks.repair import CutBlocks, RepairingBlocks, recover_compression_info
from cqlite.errors import CorruptSSTableError, CqliteError, UnsupportedFeatureError, Where
from cqlite.index.bloom import BloomFilter
from cqlite.io import COMPRESSION_INFO, CRC, Components
from cqlite.sstable.metadata import NO_COMPRESSION_RATIO, ValidationMetadata, read_intact_parts
from cqlite.sstable.sstable import SSTable

_DEFAULT_PARTITIONER = "org.apache.cassandra.dht.Murmur3Partitioner"


def read_header(sstable: SSTable, notes: list[str]) -> None:
    """Makes ``sstable`` use the header alone where the rest of Statistics.db is damaged.

    Raises:
        MissingComponentError: there is no Statistics.db.
        CorruptSSTableError: the header is damaged too.
    """
    try:
        _ = sstable.metadata
    except CorruptSSTableError as error:
        validation, header = read_intact_parts(sstable.components)
        notes.append(f"only the header of Statistics.db is used: {error}")
        sstable.header = header
        sstable.validation = validation or ValidationMetadata(_DEFAULT_PARTITIONER, 0.0)


def open_salvage_blocks(sstable: SSTable, notes: list[str]) -> Blocks:
    """Data.db's blocks, as far as they can be found.

    Raises:
        MissingComponentError: there is no Data.db.
        CorruptSSTableError: it is compressed, and not even its first chunk can be found.
        UnsupportedFeatureError: the compressor is not one of Cassandra's.
    """
    components = sstable.components
    if COMPRESSION_INFO not in components and not _must_be_compressed(sstable):
        return CutBlocks(components)
    try:
        info = read_compression_info(components)
        if info is not None and _is_of_right_length(components, info):
            return RepairingBlocks(components, info)
    except (CorruptSSTableError, UnsupportedFeatureError):
        # What recovers it says what is wrong with it.
        pass
    recovered = recover_compression_info(components)
    notes.append(f"chunks were found by their checksums: {recovered.problem}")
    return RepairingBlocks(components, recovered.info)


def _is_of_right_length(components: Components, info: CompressionInfo) -> bool:
    """Whether nothing is in a chunk beyond the length that ``info`` states."""
    with closing(CompressedBlocks(components, info)) as blocks:
        try:
            blocks.check_end()
        except CorruptSSTableError:
            return False
    return True


def _must_be_compressed(sstable: SSTable) -> bool:
    """Whether other components tell that there was a CompressionInfo.db."""
    try:
        return sstable.metadata.stats.compression_ratio != NO_COMPRESSION_RATIO
    except CorruptSSTableError:
        return CRC not in sstable.components


class SalvageStream(BlockStream):
    """The uncompressed stream, which knows the blocks that turned out to be damaged."""

    def __init__(self, blocks: Blocks, where: Where) -> None:
        super().__init__(blocks)
        self._where = where
        self._bad: dict[int, CorruptSSTableError] = {}

    def forget(self, index: int) -> None:
        """Reads block ``index`` anew when it is asked for again."""
        self._bad.pop(index, None)
        self._cache.pop(index, None)

    def _block(self, index: int) -> bytes:
        known = self._bad.get(index)
        if known is not None:
            raise type(known)(known.message, known.where)
        try:
            return super()._block(index)
        except OSError as error:
            # A sector of the disk that cannot be read.
            where = self._where.at(index * self._blocks.block_length)
            found = CorruptSSTableError(f"cannot be read: {error.strerror or error}", where)
        except CorruptSSTableError as error:
            found = error.with_traceback(None)
        self._bad[index] = found
        raise type(found)(found.message, found.where)

    def is_known_bad(self, position: int) -> bool:
        """Whether byte ``position`` is in a block that cannot be read."""
        return position // self._blocks.block_length in self._bad


def usable_filter(sstable: SSTable, notes: list[str]) -> BloomFilter | None:
    """The Bloom filter, ``None`` where there is none that can be read."""
    try:
        return sstable.bloom_filter
    except CqliteError as error:
        notes.append(str(error))
        return None
