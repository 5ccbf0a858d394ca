"""Damaged indexes end in a typed error or in an answer, and never in a hang."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cqlite.errors import CorruptSSTableError, CqliteError, Where
from cqlite.index import PartitionIndex, open_index
from cqlite.index.bloom import BloomFilter
from cqlite.index.claims import claims
from cqlite.io import FILTER, INDEX, PARTITIONS, ROWS, SUMMARY, Components, resolve
from cqlite.types import ByteOrderedPartitioner, Murmur3Partitioner, Partitioner
from tests.shared import SSTableFixture, sstables
from tests.unit import tries

COMPONENTS = (PARTITIONS, ROWS, INDEX, SUMMARY, FILTER)
CASES = [
    *sstables(versions={"da"}, containing="wide")[:1],
    *sstables(versions={"da"}, containing="many")[:1],
    *sstables(versions={"oa"}, containing="many")[:1],
    *sstables(versions={"nb"}, containing="wide")[:1],
    *sstables(versions={"ma"}, containing="clust")[:1],
]


def partitioner(case: SSTableFixture) -> Partitioner:
    if "ByteOrderedPartitioner" in case.metadata():
        return ByteOrderedPartitioner()
    return Murmur3Partitioner()


def copied(case: SSTableFixture, to: Path) -> Components:
    for path in case.components().values():
        shutil.copy(path, to)
    return resolve(to / case.data_path.name)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bits flipped, the end cut off, a length made huge, or bytes moved."""
    out = bytearray(data)
    at = rng.randrange(len(out))
    kind = rng.randrange(4)
    if kind == 0:
        out[at] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del out[at:]
    elif kind == 2:
        out[at : at + 8] = b"\xff" * len(out[at : at + 8])
    else:
        other, size = rng.randrange(len(out)), rng.randrange(1, 20)
        out[at : at + size] = out[other : other + size]
    return bytes(out)


def everything(components: Components, partitioner: Partitioner) -> Iterator[Callable[[], object]]:
    """All ways of reading the indexes, each as a call."""

    def on_index(use: Callable[[PartitionIndex], object]) -> object:
        with open_index(components, partitioner) as index:
            return use(index)

    start = partitioner.byte_comparable(b"1")
    yield lambda: on_index(list)
    yield lambda: on_index(lambda index: index.find(b"1"))
    yield lambda: on_index(lambda index: next(index.entries(start), None))
    yield lambda: on_index(
        lambda index: [list(e.row_index.blocks()) for e in index if e.row_index is not None]
    )
    if FILTER in components:
        yield lambda: BloomFilter.read(components).might_contain(b"1")
    for component in (PARTITIONS, ROWS):
        if component in components:
            yield lambda component=component: list(claims(components, component))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_mutations(case: SSTableFixture, tmp_path: Path) -> None:
    rng = random.Random(str(case))
    components = copied(case, tmp_path)
    ordered_by = partitioner(case)
    present = [c for c in COMPONENTS if c in components and components.size(c)]
    places: list[Where] = []
    for _ in range(150):
        component = rng.choice(present)
        original = components.read(component)
        components.path(component).write_bytes(mutated(original, rng))
        started = time.process_time()
        for call in everything(components, ordered_by):
            try:
                call()
            except CqliteError as error:
                places.append(error.where)
        assert time.process_time() - started < 10
        components.path(component).write_bytes(original)
    assert places
    assert all(place.component is not None for place in places)


def partitions_file(trie: bytes, root: int, keys: tuple[bytes, bytes], count: int) -> bytes:
    """A Partitions.db."""
    out = trie
    for key in keys:
        out += len(key).to_bytes(2, "big") + key
    return out + b"".join(n.to_bytes(8, "big") for n in (len(trie), count, root))


@pytest.fixture
def bti(tmp_path: Path) -> Components:
    """The components of a BTI SSTable that has only what a test writes."""
    return resolve_bti(tmp_path)


def resolve_bti(folder: Path) -> Components:
    (folder / "da-1-bti-Partitions.db").write_bytes(b"")
    (folder / "da-1-bti-Rows.db").write_bytes(b"")
    return resolve(folder / "da-1-bti-Partitions.db")


def write_partitions(bti: Components, data: bytes) -> None:
    bti.path(PARTITIONS).write_bytes(data)


def entries(bti: Components) -> list[int]:
    with open_index(bti, Murmur3Partitioner()) as index:
        return [entry.data_position for entry in index]


def test_branches_that_share_a_child(bti: Components) -> None:
    """Sixty levels of two pointers to the same child: 2**60 paths if they were followed."""
    bits, payload = tries.payload(~0, hash_byte=0)
    data, start = tries.node("payload_only", bits, {}) + payload, 0
    for _ in range(60):
        position = len(data)
        data += tries.node("sparse_8", 0, {1: position - start, 2: position - start})
        start = position
    write_partitions(bti, partitions_file(data, start, (b"a", b"b"), 1))
    with pytest.raises(CorruptSSTableError, match=r"position 0 in Data\.db after 0"):
        entries(bti)
    with pytest.raises(CorruptSSTableError, match="two pointers lead to one node"):
        list(claims(bti, PARTITIONS))


def test_a_very_long_path(bti: Components) -> None:
    """No recursion limit is in the way of keys of 64 KiB."""
    path = bytes(50_000)
    bits, payload = tries.payload(~7, hash_byte=0)
    data = tries.node("payload_only", bits, {}) + payload
    data += tries.node("single_8", 0, {0: len(data)})
    data += tries.node("single_nopayload_4", 0, {0: 3})
    data += tries.node("single_nopayload_4", 0, {0: 2}) * (len(path) - 2)
    write_partitions(bti, partitions_file(data, len(data) - 2, (b"a", b"b"), 1))
    assert entries(bti) == [7]


def test_bytes_that_nothing_points_to(bti: Components) -> None:
    data, root = tries.write({b"a": ~0, b"b": ~1})
    write_partitions(bti, partitions_file(b"\x09" + data, root + 1, (b"a", b"b"), 2))
    assert entries(bti) == [0, 1]
    with pytest.raises(CorruptSSTableError, match="1 bytes belong to nothing"):
        list(claims(bti, PARTITIONS))


def test_zeros_are_padding_only_to_the_end_of_a_page(bti: Components) -> None:
    data, root = tries.write({b"a": ~0, b"b": ~1})
    padded = bytes(4096) + data
    write_partitions(bti, partitions_file(padded, 4096 + root, (b"a", b"b"), 2))
    layouts = [claim.layout for claim in claims(bti, PARTITIONS)]
    assert layouts[0] == "partitions.page_padding"
    padded = bytes(4097) + data
    write_partitions(bti, partitions_file(padded, 4097 + root, (b"a", b"b"), 2))
    with pytest.raises(CorruptSSTableError, match="belong to nothing"):
        list(claims(bti, PARTITIONS))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "shorter than its footer"),
        (bytes(23), "shorter than its footer"),
        (bytes(24), "do not fit"),
        (b"\xff" * 40, "do not fit"),
        (partitions_file(b"\x08\x00\xff", 3, (b"a", b"b"), 1), "do not fit"),
    ],
)
def test_footers(bti: Components, data: bytes, message: str) -> None:
    write_partitions(bti, data)
    with pytest.raises(CorruptSSTableError, match=message) as caught:
        entries(bti)
    assert caught.value.where.component == PARTITIONS


def test_entries_beyond_rows(bti: Components) -> None:
    data, root = tries.write({b"a": 2**62})
    write_partitions(bti, partitions_file(data, root, (b"a", b"a"), 1))
    with pytest.raises(CorruptSSTableError, match=r"after the end of Rows\.db"):
        entries(bti)
    with pytest.raises(CorruptSSTableError, match="no entry can start"):
        list(claims(bti, ROWS))


def test_empty_bloom_filter(bti: Components) -> None:
    bti.path(FILTER).write_bytes(bytes((0, 0, 0, 5, 0, 0, 0, 0)))
    with pytest.raises(CorruptSSTableError, match="cannot be empty"):
        BloomFilter.read(bti)
    bti.path(FILTER).write_bytes(bytes((0, 0, 0, 99, 0, 0, 0, 1)) + bytes(8))
    with pytest.raises(CorruptSSTableError, match="99 hashes"):
        BloomFilter.read(bti)
