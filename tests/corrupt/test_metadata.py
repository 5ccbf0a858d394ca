"""Damaged Statistics.db: always a typed error that says where, never a wrong answer."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

import pytest

from cqlite import layouts
from cqlite.errors import ChecksumError, CorruptSSTableError, CqliteError, TruncatedError
from cqlite.io import parse_path
from cqlite.sstable.metadata import parse_metadata
from tests.shared import SSTableFixture, sstables

MUTATIONS_EACH = 12


def load(case: SSTableFixture) -> tuple[bytes, int]:
    return (
        case.component("Statistics.db").read_bytes(),
        parse_path(case.data_path)[0].version.number,
    )


def first(*versions: str) -> tuple[bytes, int]:
    return load(next(c for c in sstables() if c.version in versions))


def resealed(data: bytes, version: int, kind: int, change: Callable[[bytes], bytes]) -> bytes:
    """`data` with a part changed, its length kept, and its checksum right again."""
    toc = layouts.parse("statistics.toc", data, version)
    starts = [entry.ofs_component for entry in toc.entries]
    start, end = starts[kind], [*starts[1:], len(data)][kind]
    part = change(data[start : end - 4])
    assert len(part) == end - 4 - start
    return data[:start] + part + zlib.crc32(part).to_bytes(4, "big") + data[end:]


def test_every_bit_of_a_checksummed_file_counts() -> None:
    data, version = first("oa")
    step = max(1, len(data) // 400)
    for at in range(0, len(data), step):
        damaged = bytearray(data)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(CorruptSSTableError):
            parse_metadata(bytes(damaged), version)


@pytest.mark.parametrize("versions", [("oa",), ("ma", "mb", "mc", "md", "me")])
def test_truncation(versions: tuple[str, ...]) -> None:
    data, version = first(*versions)
    for length in [*range(0, 40), *range(40, len(data), 97)]:
        with pytest.raises(CorruptSSTableError):
            parse_metadata(data[:length], version)


def test_an_empty_file_is_truncated() -> None:
    with pytest.raises(TruncatedError, match=r"Statistics\.db, byte 0"):
        parse_metadata(b"", 8)


def test_the_checksum_error_names_the_part() -> None:
    data, version = first("oa")
    with pytest.raises(ChecksumError, match="of part header") as caught:
        parse_metadata(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:], version)
    assert caught.value.where.offset is not None


def test_the_table_of_contents_has_checksums_of_its_own() -> None:
    data, version = first("oa")
    with pytest.raises(ChecksumError, match="num_entries_checksum") as caught:
        parse_metadata(data[:4] + bytes([data[4] ^ 1]) + data[5:], version)
    assert caught.value.where.offset == 4
    with pytest.raises(ChecksumError, match="entries_checksum") as caught:
        parse_metadata(data[:15] + bytes([data[15] ^ 1]) + data[16:], version)
    assert caught.value.where.offset == 40


def test_a_missing_part() -> None:
    data, version = first("oa")
    head = bytes([0, 0, 0, 3])
    toc = layouts.parse("statistics.toc", data, version)
    starts = [entry.ofs_component for entry in toc.entries]
    entries = b"".join(
        kind.to_bytes(4, "big") + (start - 8).to_bytes(4, "big")
        for kind, start in enumerate(starts[:3])
    )
    shorter = (
        head
        + zlib.crc32(head).to_bytes(4, "big")
        + entries
        + zlib.crc32(head + entries).to_bytes(4, "big")
        + data[starts[0] : starts[3]]
    )
    with pytest.raises(CorruptSSTableError, match="there is no part header"):
        parse_metadata(shorter, version)


def test_bytes_that_no_field_claims() -> None:
    data, version = first("nb")
    longer = data[:-4] + b"\0" + zlib.crc32(_header_of(data, version) + b"\0").to_bytes(4, "big")
    with pytest.raises(CorruptSSTableError, match="1 bytes after the end of part header"):
        parse_metadata(longer, version)


def _header_of(data: bytes, version: int) -> bytes:
    toc = layouts.parse("statistics.toc", data, version)
    return data[toc.entries[3].ofs_component : -4]


def test_histograms_must_ascend() -> None:
    data, version = first("oa")
    swapped = resealed(data, version, 2, lambda part: part[:20] + b"\x7f" + part[21:])
    with pytest.raises(CorruptSSTableError, match="do not ascend") as caught:
        parse_metadata(swapped, version)
    assert "estimated_partition_size" in str(caught.value)


def test_random_damage_below_right_checksums() -> None:
    """What gets past the checksums still ends in a typed error or in metadata."""
    random_ = random.Random(20)
    outcomes, places = set(), set()

    def damage(part: bytes) -> bytes:
        changed = bytearray(part)
        for _ in range(random_.choice((1, 2, 4))):
            changed[random_.randrange(len(changed))] = random_.choice((0, 1, 0x7F, 0x80, 0xFF))
        return bytes(changed)

    cases = [c for c in sstables() if c.version >= "na" or c.version == "da"]
    for case in cases[:: max(1, len(cases) // 40)]:
        data, version = load(case)
        for _ in range(MUTATIONS_EACH):
            damaged = resealed(data, version, random_.choice((0, 1, 2, 2, 3)), damage)
            try:
                metadata = parse_metadata(damaged, version)
                metadata.compaction.cardinality_estimator.cardinality()
                metadata.stats.estimated_droppable_tombstone_ratio(1_800_000_000)
                outcomes.add("read")
            except CqliteError as error:
                outcomes.add(type(error).__name__)
                places.add(error.where.component)
    assert {"read", "CorruptSSTableError"} <= outcomes
    assert places == {"Statistics.db"}
