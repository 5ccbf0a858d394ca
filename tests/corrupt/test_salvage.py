"""What is left of a damaged SSTable comes out, and nothing else; the rest is named."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from cqlite.blocks import read_compression_info
from cqlite.cli import _run
from cqlite.errors import (
    CorruptSSTableError,
    MissingComponentError,
    TruncatedError,
    UnsupportedFeatureError,
)
from cqlite.sstable import SSTable
from cqlite.sstable.salvage import Loss, salvage
from tests.corrupt.damage import Copy, fixture

Rows = dict[bytes, list[Any]]


def every_row(copy: Copy) -> Rows:
    """The rows and markers of each partition, the static row first."""
    with SSTable(copy.path) as sstable:
        return {p.key: [*([p.static_row] if p.static_row else []), *p] for p in sstable}


def salvaged(copy: Copy) -> tuple[Rows, list[Loss], list[str]]:
    """The same of what is left, and what is not."""
    with SSTable(copy.path) as sstable, salvage(sstable) as left:
        rows = {p.key: [*([p.static_row] if p.static_row else []), *p] for p in left.partitions()}
        return rows, left.losses, left.notes


def is_part(rows: Rows, whole: Rows) -> bool:
    """Whether `rows` are all in `whole`, in its order."""
    order = [key for key in whole if key in rows]
    return order == list(rows) and all(
        [row for row in whole[key] if row in found] == found for key, found in rows.items()
    )


def reblock(copy: Copy, size: int) -> None:
    """An uncompressed Data.db gets checksums of smaller blocks."""
    data = copy.read("Data.db")
    checksums = [zlib.crc32(data[at : at + size]) for at in range(0, len(data), size)]
    copy.write("CRC.db", struct.pack(f">I{len(checksums)}I", size, *checksums))


@pytest.fixture(params=["me", "da"])
def chunks(request: pytest.FixtureRequest, tmp_path: Path) -> Copy:
    """Several chunks, many small partitions."""
    return Copy(fixture(request.param, "many_chunks"), tmp_path)


@pytest.fixture(params=["me", "oa", "da"])
def wide(request: pytest.FixtureRequest, tmp_path: Path) -> Copy:
    """Not compressed, in blocks of 256 bytes; a partition with a row index."""
    copy = Copy(fixture(request.param, "wide"), tmp_path)
    reblock(copy, 256)
    return copy


def test_all_of_it_where_nothing_is_damaged(chunks: Copy) -> None:
    assert salvaged(chunks) == (every_row(chunks), [], [])


# Compressed.


def damaged_chunk(copy: Copy, index: int) -> tuple[int, int, int, int]:
    """Damages a chunk; gives what it covers of the stream and of the file."""
    info = read_compression_info(copy.components)
    assert info is not None
    assert len(info) > index + 1
    chunk = info.chunk(index)
    copy.flip("Data.db", chunk.offset + chunk.length // 2)
    start = chunk.position
    return start, start + chunk.uncompressed_length, chunk.offset, chunk.end


def test_rows_before_and_after_a_damaged_chunk(chunks: Copy) -> None:
    whole = every_row(chunks)
    start, end, file_start, file_end = damaged_chunk(chunks, 1)
    rows, losses, notes = salvaged(chunks)
    assert is_part(rows, whole)
    assert 0 < len(rows) < len(whole)
    assert notes == []
    (loss,) = losses
    assert loss.start <= start
    assert end <= loss.end
    assert loss.file_start <= file_start
    assert file_end <= loss.file_end
    lost = [key for key in whole if rows.get(key) != whole[key]]
    assert loss.num_partitions == len(lost)
    assert set(loss.keys) <= set(lost)


def test_a_chunk_that_cannot_be_decompressed(chunks: Copy) -> None:
    whole = every_row(chunks)
    info = read_compression_info(chunks.components)
    assert info is not None
    chunk = info.chunk(1)
    data = bytearray(chunks.read("Data.db"))
    data[chunk.offset : chunk.end - 4] = b"\xff" * chunk.length
    checksum = zlib.crc32(data[chunk.offset : chunk.end - 4])
    data[chunk.end - 4 : chunk.end] = checksum.to_bytes(4, "big")
    chunks.write("Data.db", bytes(data))
    rows, (loss,), _ = salvaged(chunks)
    assert is_part(rows, whole)
    assert "decompressed" in str(loss.error)


def test_a_file_that_ends_within_a_chunk(chunks: Copy) -> None:
    whole = every_row(chunks)
    info = read_compression_info(chunks.components)
    assert info is not None
    chunks.write("Data.db", chunks.read("Data.db")[: info.chunk(1).offset + 10])
    rows, (loss,), _ = salvaged(chunks)
    assert is_part(rows, whole)
    assert rows
    assert loss.end == info.data_length
    assert loss.num_partitions == sum(rows.get(key) != whole[key] for key in whole)


def test_the_rest_is_lost_without_an_index(chunks: Copy) -> None:
    whole = every_row(chunks)
    chunks.remove("Partitions.db" if "Partitions.db" in chunks.components else "Index.db")
    rows, losses, _ = salvaged(chunks)
    assert (rows, losses) == (whole, [])
    damaged_chunk(chunks, 1)
    rows, (loss,), notes = salvaged(chunks)
    assert is_part(rows, whole)
    info = read_compression_info(chunks.components)
    assert info is not None
    assert loss.end == info.data_length
    assert any("no index" in note for note in notes)


def test_a_wrong_chunk_offset_is_put_right(chunks: Copy) -> None:
    whole = every_row(chunks)
    start, end = chunks.find("CompressionInfo.db", "body.chunk_offsets[1]")
    value = int.from_bytes(chunks.read("CompressionInfo.db")[start:end], "big")
    chunks.put("CompressionInfo.db", start, (value + 3).to_bytes(8, "big"))
    with pytest.raises(CorruptSSTableError):
        every_row(chunks)
    rows, losses, notes = salvaged(chunks)
    assert (rows, losses) == (whole, [])
    assert any("chunk 1 starts at" in note for note in notes)


@pytest.mark.parametrize("left", [0, 1, 10, 30, 60])
def test_compression_info_that_ends_early(chunks: Copy, left: int) -> None:
    whole = every_row(chunks)
    chunks.write("CompressionInfo.db", chunks.read("CompressionInfo.db")[:left])
    with pytest.raises(CorruptSSTableError):
        every_row(chunks)
    rows, losses, notes = salvaged(chunks)
    assert (rows, losses) == (whole, [])
    assert any("found by their checksums" in note for note in notes)


def test_compression_info_that_is_missing(chunks: Copy) -> None:
    whole = every_row(chunks)
    chunks.remove("CompressionInfo.db")
    with pytest.raises(MissingComponentError):
        every_row(chunks)
    rows, losses, _ = salvaged(chunks)
    assert (rows, losses) == (whole, [])


def test_another_compressor_than_the_one_that_is_named(chunks: Copy) -> None:
    whole = every_row(chunks)
    chunks.put("CompressionInfo.db", 2, b"X")
    with pytest.raises(UnsupportedFeatureError):
        every_row(chunks)
    rows, losses, _ = salvaged(chunks)
    assert (rows, losses) == (whole, [])


def test_a_compressor_that_nobody_knows(chunks: Copy) -> None:
    info = read_compression_info(chunks.components)
    assert info is not None
    chunks.put("CompressionInfo.db", 2, b"X")
    first = info.chunk(0)
    noise = b"\xfe" * first.length
    chunks.put("Data.db", 0, noise + zlib.crc32(noise).to_bytes(4, "big"))
    with pytest.raises(UnsupportedFeatureError):
        salvaged(chunks)


# Not compressed.


def test_rows_before_and_after_a_damaged_block(wide: Copy) -> None:
    whole = every_row(wide)
    wide.flip("Data.db", 1000)
    rows, losses, _ = salvaged(wide)
    assert is_part(rows, whole)
    first = next(iter(whole))
    assert rows[first][0] == whole[first][0]
    assert rows[first][-1] == whole[first][-1]
    assert {key: rows[key] for key in rows if key != first} == {
        key: whole[key] for key in whole if key != first
    }
    (loss,) = losses
    assert loss.start <= 1000 < loss.end
    assert (loss.keys, loss.num_partitions) == ((first,), 1)


def test_rows_of_a_partition_whose_start_is_damaged(wide: Copy) -> None:
    whole = every_row(wide)
    first = next(iter(whole))
    wide.flip("Data.db", 4)
    rows, (loss,), _ = salvaged(wide)
    assert list(rows) == list(whole)
    assert 0 < len(rows[first]) < len(whole[first])
    assert rows[first] == whole[first][-len(rows[first]) :]
    assert (loss.start, loss.keys) == (0, (first,))


def test_a_file_that_was_cut_off(wide: Copy) -> None:
    whole = every_row(wide)
    wide.write("Data.db", wide.read("Data.db")[:1000])
    rows, (loss,), notes = salvaged(wide)
    assert is_part(rows, whole)
    first = next(iter(whole))
    # Rows of the last block count, though its checksum is of more bytes than are left.
    assert rows[first][-1].position + rows[first][-1].size > 768
    assert any("cut off" in note for note in notes)
    assert loss.num_partitions == len(whole)
    assert loss.end == 1000


def test_a_file_that_was_cut_off_between_partitions(wide: Copy) -> None:
    whole = every_row(wide)
    with SSTable(wide.path) as sstable:
        second = [p.position for p in sstable][1]
    data = wide.read("Data.db")
    wide.write("Data.db", data[:second])
    wide.remove("CRC.db")
    rows, (loss,), _ = salvaged(wide)
    assert rows == dict(list(whole.items())[:1])
    assert loss.num_partitions == len(whole) - 1
    assert (loss.start, loss.end) == (second, second)


def test_nothing_but_the_index_tells_of_damage(wide: Copy) -> None:
    whole = every_row(wide)
    wide.remove("CRC.db")
    start, end = wide.find("Data.db", "partitions[0].unfiltereds[3].row.len_body.first")
    wide.put("Data.db", start, b"\x7f" * (end - start))
    rows, losses, _ = salvaged(wide)
    assert losses
    assert is_part(rows, whole)
    assert list(rows)[1:] == list(whole)[1:]


def test_a_key_that_the_filter_does_not_have(wide: Copy) -> None:
    wide.remove("CRC.db")
    whole = every_row(wide)
    with SSTable(wide.path) as sstable:
        second = [p.position for p in sstable][1]
    wide.flip("Data.db", second + 3)
    rows, (loss,), _ = salvaged(wide)
    assert is_part(rows, whole)
    assert len(rows) == len(whole) - 1
    assert loss.start == second


def test_a_row_with_an_invalid_value_is_lost_alone(wide: Copy) -> None:
    whole = every_row(wide)
    wide.remove("CRC.db")
    path = "partitions[0].unfiltereds[3].row.body.columns[0].cell.value"
    start, end = wide.find("Data.db", path)
    wide.put("Data.db", start, b"\xff" * (end - start))
    rows, (loss,), _ = salvaged(wide)
    first = next(iter(whole))
    assert len(rows[first]) == len(whole[first]) - 1
    row, _ = wide.find("Data.db", "partitions[0].unfiltereds[3].flags")
    assert loss.start == row
    assert "0xff" in str(loss)


# Statistics.db and indexes.


def test_statistics_of_which_only_the_header_is_left(wide: Copy) -> None:
    whole = every_row(wide)
    path = "body.components[2].content.estimated_partition_size.num_buckets"
    wide.set("Statistics.db", path, b"\xff\xff\xff\xff")
    with pytest.raises(CorruptSSTableError):
        every_row(wide)
    rows, losses, notes = salvaged(wide)
    assert (rows, losses) == (whole, [])
    assert any("only the header" in note for note in notes)


def test_without_a_header_nothing_can_be_read(wide: Copy) -> None:
    start, _ = wide.find("Statistics.db", "body.components[3].content.min_ttl.first")
    wide.put("Statistics.db", start, b"\xff" * 9)
    with pytest.raises(CorruptSSTableError, match="Statistics"):
        salvaged(wide)
    wide.remove("Statistics.db")
    with pytest.raises(MissingComponentError, match="Statistics"):
        salvaged(wide)


def test_summary_and_filter_are_not_needed(chunks: Copy) -> None:
    whole = every_row(chunks)
    for component in ("Summary.db", "Filter.db"):
        if component in chunks.components:
            chunks.write(component, b"\xff" * 7)
    damaged_chunk(chunks, 1)
    rows, losses, _ = salvaged(chunks)
    assert is_part(rows, whole)
    assert list(rows)[-1] == list(whole)[-1]
    assert len(losses) == 1


def test_beyond_damage_of_the_index_by_the_summary(tmp_path: Path) -> None:
    copy = Copy(fixture("oa", "many_chunks"), tmp_path)
    whole = every_row(copy)
    damaged_chunk(copy, 0)
    start, _ = copy.find("Index.db", "body.entries[2].len_key")
    copy.put("Index.db", start, b"\xff\xff")
    rows, _, notes = salvaged(copy)
    assert is_part(rows, whole)
    assert list(rows)[-1] == list(whole)[-1]
    assert any("Index.db" in note for note in notes)


# The command.


def test_the_command(chunks: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["dump", str(chunks.path)]) == 0
    whole = json.loads(capsys.readouterr().out)
    damaged_chunk(chunks, 1)
    assert _run(["dump", str(chunks.path)]) == 1
    before = capsys.readouterr()
    assert "CRC-32" in before.err
    assert json.loads(before.out)[0] == whole[0]
    assert _run(["dump", "--salvage", str(chunks.path)]) == 3
    after = capsys.readouterr()
    assert len(json.loads(before.out)) < len(json.loads(after.out)) <= len(whole)
    assert "lost: bytes" in after.err
    assert "lost: partition" in after.err or "bti" in str(chunks.path)


def test_the_command_with_half_a_statistics(wide: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["dump", str(wide.path)]) == 0
    whole = capsys.readouterr().out
    start, _ = wide.find("Statistics.db", "body.components[2].content.total_rows")
    wide.put("Statistics.db", start - 12, b"\xff" * 12)
    if wide.descriptor.version >= "na":
        assert _run(["dump", str(wide.path)]) == 1
        capsys.readouterr()
    assert _run(["dump", "--salvage", str(wide.path)]) == 0
    assert capsys.readouterr().out == whole


def test_a_missing_end_is_noticed_where_there_are_no_checksums(wide: Copy) -> None:
    with SSTable(wide.path) as sstable:
        second = [p.position for p in sstable][1]
    wide.write("Data.db", wide.read("Data.db")[:second])
    wide.remove("CRC.db")
    with pytest.raises(TruncatedError, match="last partition"):
        every_row(wide)


@pytest.mark.parametrize("position", [-1, 1 << 40, 1 << 63, (1 << 64) - 1])
def test_positions_that_no_file_has(wide: Copy, position: int) -> None:
    with SSTable(wide.path) as sstable, pytest.raises(TruncatedError):
        sstable.reader.read_partition(position)


def test_a_chunk_offset_that_no_file_has(chunks: Copy) -> None:
    start, end = chunks.find("CompressionInfo.db", "body.chunk_offsets[2]")
    chunks.put("CompressionInfo.db", start, b"\xff" * (end - start))
    with pytest.raises(CorruptSSTableError):
        every_row(chunks)
    whole = salvaged(chunks)
    assert whole[1] == []
