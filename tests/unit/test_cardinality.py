"""The cardinality sketch against what stream-lib 2.5.2, which Cassandra uses, makes of it.

The vectors are from Java: keys "key0", "key1", … hashed with MurmurHash.hash2_64.
"""

from __future__ import annotations

import zlib

import pytest

from cqlite.codec.murmur2 import hash64
from cqlite.errors import CorruptSSTableError, UnsupportedFeatureError, Where
from cqlite.sstable.cardinality import HyperLogLogPlus, union, unpack_registers

HASHES = [
    ("", 0),
    ("a", 510903276987443985),
    ("é", 11863111082185813623),
    ("0123456", 12284635732915976134),
    ("01234567", 9778579411364587418),
    ("Größe ÿ 日本", 18055629697168747288),
]
SKETCHES = [
    # keys, estimate, CRC32 of the serialized sketch, its length
    (0, 0, 974759724, 8),
    (1, 1, 306443045, 12),
    (2, 2, 393977613, 16),
    (100, 100, 595845763, 311),
    (1536, 1536, 1082031449, 4116),
    (1537, 1537, 612473829, 4119),
    (1538, 1538, 1534564491, 4121),
    (4000, 4000, 885222825, 9553),
    (6200, 6224, 2600566244, 5473),
    (7000, 7077, 4037330277, 5473),
    (9000, 9254, 1368676446, 5473),
    (12000, 12189, 1854111341, 5473),
    (20000, 20353, 655243278, 5473),
    (45000, 45356, 2896110939, 5473),
    (100000, 98709, 2844892481, 5473),
]


@pytest.fixture(scope="module")
def hashes() -> list[int]:
    return [hash64(f"key{i}".encode()) for i in range(SKETCHES[-1][0])]


def uleb(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def pack_registers(registers: tuple[int, ...]) -> list[int]:
    padded = registers + (0,) * (-len(registers) % 6)
    return [
        sum(padded[at + place] << 5 * place for place in range(6))
        for at in range(0, len(padded), 6)
    ]


def serialized(sketch: HyperLogLogPlus) -> bytes:
    """As HyperLogLogPlus.getBytes writes it."""
    head = (-2).to_bytes(4, "big", signed=True) + uleb(13) + uleb(25)
    if sketch.sparse is None:
        words = b"".join(w.to_bytes(4, "big") for w in pack_registers(sketch.registers or ()))
        return head + uleb(0) + uleb(len(words)) + words
    entries = sketch.sparse
    deltas = (k - before for k, before in zip(entries, (0, *entries), strict=False))
    return head + uleb(1) + uleb(len(entries)) + b"".join(uleb(d & 0xFFFFFFFF) for d in deltas)


@pytest.mark.parametrize(("text", "expected"), HASHES)
def test_hash_is_java_s(text: str, expected: int) -> None:
    assert hash64(text.encode()) == expected


@pytest.mark.parametrize(("keys", "estimate", "crc", "length"), SKETCHES)
def test_sketch_is_java_s(
    hashes: list[int], keys: int, estimate: int, crc: int, length: int
) -> None:
    sketch = HyperLogLogPlus()
    for hashed in hashes[:keys]:
        sketch.offer(hashed)
    assert sketch.cardinality() == estimate
    data = serialized(sketch)
    assert len(data) == length
    assert zlib.crc32(data) == crc


def test_reading_back_gives_the_same_estimate(hashes: list[int]) -> None:
    for count in (300, 20000):
        sketch = HyperLogLogPlus()
        for hashed in hashes[:count]:
            sketch.offer(hashed)
        again = HyperLogLogPlus(registers=sketch.registers, sparse=sketch.sparse or ())
        assert again.cardinality() == sketch.cardinality()


def test_registers_are_unpacked_from_the_least_significant_bits() -> None:
    registers = tuple(i % 32 for i in range(16))
    assert tuple(unpack_registers(pack_registers(registers), 4, Where())) == registers


def test_too_few_registers_are_corruption() -> None:
    with pytest.raises(CorruptSSTableError, match="12 registers where precision 4 needs 16"):
        unpack_registers([0, 0], 4, Where())


def test_another_precision_has_no_estimate() -> None:
    with pytest.raises(UnsupportedFeatureError, match="precision 12"):
        HyperLogLogPlus(12, 25, registers=[0] * 4096).cardinality()


@pytest.mark.parametrize(
    "sizes", [(0, 5), (300, 200), (20_000, 10), (10, 20_000), (20_000, 20_000)]
)
def test_a_union_counts_what_any_counted(hashes: list[int], sizes: tuple[int, int]) -> None:
    every = HyperLogLogPlus()
    sketches = []
    for size, start in zip(sizes, (0, 5000), strict=True):
        sketch = HyperLogLogPlus()
        for hashed in hashes[start : start + size]:
            sketch.offer(hashed)
        sketches.append(sketch)
    for hashed in {h for s, at in zip(sizes, (0, 5000), strict=True) for h in hashes[at : at + s]}:
        every.offer(hashed)
    before = [sketch.cardinality() for sketch in sketches]
    merged = union(sketches)
    # Sparse sketches may keep an index twice, as the library's do.
    assert merged.cardinality() == pytest.approx(every.cardinality(), rel=0.01)
    assert [sketch.cardinality() for sketch in sketches] == before


def test_no_union_of_different_precisions() -> None:
    with pytest.raises(UnsupportedFeatureError, match="precisions"):
        union([HyperLogLogPlus(), HyperLogLogPlus(14)])
    assert union([]).cardinality() == 0
