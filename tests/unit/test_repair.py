"""Ends of chunks by their checksums, and what CompressionInfo.db must have said."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from cqlite.blocks import read_compression_info
from cqlite.blocks.repair import recover_compression_info
from cqlite.codec.checksum import ends_before_crc32
from cqlite.sstable.tombstone_builder import TombstoneHistogramBuilder
from tests.corrupt.damage import Copy
from tests.shared import SSTableFixture, sstables


def test_ends_before_their_checksum() -> None:
    data = bytes(range(200))
    sealed = data + zlib.crc32(data).to_bytes(4, "big") + b"more"
    assert list(ends_before_crc32(sealed)) == [200]
    assert list(ends_before_crc32(sealed[:203])) == []
    assert list(ends_before_crc32(b"")) == []


COMPRESSED = [
    case
    for name in ("many_chunks", "chunks_zstd", "types", "keys", "collections")
    for case in sstables(own_only=True, component="CompressionInfo.db", containing=f"/{name}/")
]


@pytest.mark.parametrize("case", COMPRESSED, ids=str)
def test_chunks_and_lengths_without_compression_info(case: SSTableFixture, tmp_path: Path) -> None:
    copy = Copy(case, tmp_path)
    info = read_compression_info(copy.components)
    assert info is not None
    copy.remove("CompressionInfo.db")
    found = recover_compression_info(copy.components).info
    assert (found.offsets, found.data_length) == (info.offsets, info.data_length)
    assert found.compressor == info.compressor
    if len(info) > 1:
        assert found.chunk_length == info.chunk_length


def test_deletion_times_are_rounded_up_and_merged_once_there_are_too_many() -> None:
    builder = TombstoneHistogramBuilder()
    for time in (1, 60, 61, 120, 120):
        builder.add(time)
    assert builder.build().points == ((60, 2), (120, 3))
    for minute in range(1, 201):
        builder.add(minute * 3600)
    points = builder.build().points
    assert len(points) == 100
    assert sum(count for _, count in points) == 205
    assert list(points) == sorted(points)
