"""Indexes and Bloom filters from the Rust core are those that the reference engine writes."""

from __future__ import annotations

import random
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqlite.errors import UnsupportedFeatureError
from cqlite.index import ClusteringPrefix, Deletion
from cqlite.index.model import ClusteringKind
from cqlite.index.write import (
    BigIndexWriter,
    BloomFilterWriter,
    BtiIndexWriter,
    IndexedPartition,
    WrittenBlock,
)
from cqlite.io import Descriptor, Output, parse_version
from cqlite.types import CqlType, Partitioner, parse_partitioner, parse_type
from tests.rust import CRATE

pytestmark = pytest.mark.rust

TYPES = ("Int32Type", "ReversedType(org.apache.cassandra.db.marshal.UTF8Type)", "BytesType")
BOUNDS = [kind for kind in ClusteringKind if "bound" in kind.name]
PARTITIONERS = ("Murmur3Partitioner", "RandomPartitioner", "ByteOrderedPartitioner")
COMPONENTS = ("Index.db", "Summary.db", "Partitions.db", "Rows.db", "Filter.db")


@cache
def program() -> Path:
    """The example `indexes`, built if need be."""
    command = ["cargo", "build", "--quiet", "--release", "--example", "indexes"]
    subprocess.run(command, cwd=CRATE, check=True)
    return CRATE / "target" / "release" / "examples" / "indexes"


class Maker:
    """Partitions that may stand in an SSTable, by chance.

    Args:
        chance: what they come from.
        partitioner: what orders them.
        types: types of the clustering columns.
        alphabet: bytes that keys consist of; the fewer, the longer their common beginnings.
    """

    def __init__(
        self,
        chance: random.Random,
        partitioner: Partitioner,
        types: list[CqlType],
        alphabet: bytes,
    ) -> None:
        self._chance, self._partitioner, self._types = chance, partitioner, types
        self._alphabet = alphabet

    def partitions(self, number: int, longest: int, most_blocks: int) -> list[IndexedPartition]:
        keys = {self._bytes(self._chance.randint(1, longest)) for _ in range(number)}
        made, position = [], 0
        for key in sorted(keys, key=self._partitioner.byte_comparable):
            partition = IndexedPartition(key, position, self._deletion())
            partition.header_length = len(key) + 20
            partition.blocks, partition.end = self._blocks(most_blocks, partition.header_length)
            made.append(partition)
            position += partition.end + 1 + self._chance.choice((0, 0, 300, 1 << 20, 1 << 36))
        return made

    def _blocks(self, most: int, start: int) -> tuple[list[WrittenBlock], int]:
        number = self._chance.choice((0, 0, 2, self._chance.randint(2, most)))
        places = {prefix.byte_comparable(self._types): prefix for prefix in self._prefixes(number)}
        ordered = [places[place] for place in sorted(places)]
        blocks, opened = [], None
        for first, last in zip(ordered[::2], ordered[1::2], strict=False):
            width = self._chance.choice((70_000, 65_536, self._chance.randint(1, 1 << 30)))
            after = self._chance.choice((None, None, self._deletion()))
            blocks.append(WrittenBlock(first, last, start, width, opened, after))
            start, opened = start + width, after
        return blocks if len(blocks) > 1 else [], start

    def _prefixes(self, number: int) -> list[ClusteringPrefix]:
        return [self._prefix() for _ in range(2 * number)]

    def _prefix(self) -> ClusteringPrefix:
        values = (
            self._chance.choice((self._chance.randbytes(4), b"\0\0\0\5")),
            self._chance.choice((None, b"", b"text", b"t" * self._chance.randint(1, 300))),
            self._chance.choice((None, b"", self._bytes(self._chance.randint(1, 40)))),
        )
        if self._chance.random() < 0.7:
            return ClusteringPrefix(values)
        return ClusteringPrefix(
            values[: self._chance.randint(0, 3)], ClusteringKind(self._chance.choice(BOUNDS))
        )

    def _deletion(self) -> Deletion | None:
        times = self._chance.randint(0, 1 << 55), self._chance.randint(0, 0x7FFFFFFE)
        return self._chance.choice((None, times))

    def _bytes(self, length: int) -> bytes:
        return bytes(self._chance.choice(self._alphabet) for _ in range(length))


def _deletion(deletion: Deletion | None) -> str:
    return "" if deletion is None else f"{deletion[0]},{deletion[1]}"


def _prefix(prefix: ClusteringPrefix) -> str:
    values = ("-" if value is None else "x" + value.hex() for value in prefix.values)
    return f"{int(prefix.kind)}\t{','.join(values)}"


def _lines(partition: IndexedPartition) -> list[str]:
    head = (
        partition.key.hex(),
        partition.position,
        _deletion(partition.deletion),
        partition.header_length,
        partition.end,
        len(partition.blocks),
    )
    blocks = (
        (
            _prefix(block.first),
            _prefix(block.last),
            block.offset,
            block.width,
            _deletion(block.open_before),
            _deletion(block.open_after),
        )
        for block in partition.blocks
    )
    return ["\t".join(map(str, fields)) for fields in (head, *blocks)]


def _by_reference(
    folder: Path,
    version: str,
    partitioner: Partitioner,
    types: list[CqlType],
    partitions: list[IndexedPartition],
    filled: tuple[int, int, float],
) -> dict[str, bytes]:
    interval, expected, chance = filled
    number = parse_version(version, "big").number
    bloom = BloomFilterWriter(expected, chance)
    with Output(Descriptor(folder, parse_version(version, "big"), "1")) as output:
        writers = (
            BtiIndexWriter(output, partitioner, types),
            BigIndexWriter(output, types, interval),
        )
        for partition in partitions:
            for writer in writers:
                writer.add(partition)
            bloom.add(partition.key)
        for writer in writers:
            writer.finish()
        output.write("Filter.db", bloom.build(number))
        output.commit()
    return {name: (folder / f"{version}-1-big-{name}").read_bytes() for name in COMPONENTS}


def _by_rust(folder: Path, head: tuple[object, ...], partitions: list[IndexedPartition]) -> None:
    lines = ["\t".join(map(str, head))]
    for partition in partitions:
        lines += _lines(partition)
    (folder / "jobs").write_text("\n".join(lines), encoding="ascii")
    subprocess.run([program(), "write", folder / "jobs", folder], check=True)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 1 << 32),
    version=st.sampled_from(("nb", "oa")),
    partitioner=st.sampled_from(PARTITIONERS),
    alphabet=st.sampled_from((bytes(range(256)), b"ab", b"\0\xff", b"\0")),
    number=st.sampled_from((1, 2, 20, 400, 2500)),
    longest=st.sampled_from((1, 3, 16, 300)),
    most_blocks=st.sampled_from((2, 5, 120)),
)
def test_same_files(
    seed: int,
    version: str,
    partitioner: str,
    alphabet: bytes,
    number: int,
    longest: int,
    most_blocks: int,
) -> None:
    chance = random.Random(seed)
    order, types = parse_partitioner(partitioner), [parse_type(name) for name in TYPES]
    maker = Maker(chance, order, types, alphabet)
    partitions = maker.partitions(number, longest, 2 if number > 400 else most_blocks)
    filled = chance.choice((1, 128, 50)), len(partitions) + chance.randint(0, 9), 0.01
    with tempfile.TemporaryDirectory() as folder:
        expected = _by_reference(Path(folder), version, order, types, partitions, filled)
        numbered = parse_version(version, "big").number
        head = (numbered, partitioner, ",".join(TYPES), *filled)
        _by_rust(Path(folder), head, partitions)
        assert {name: (Path(folder) / name).read_bytes() for name in COMPONENTS} == expected


@pytest.mark.parametrize(
    "chance",
    [0.9, 0.6, 0.5, 0.4, 0.393, 0.25, 0.1, 0.0919, 0.092, 0.05, 0.01, 0.001, 1e-4, 1e-5, 7e-5],
)
def test_same_filters(chance: float, tmp_path: Path) -> None:
    keys = [index.to_bytes(4, "big") for index in range(100)]
    order = parse_partitioner("ByteOrderedPartitioner")
    partitions = [IndexedPartition(key, 100 * at, None, 10, 99) for at, key in enumerate(keys)]
    head = (8, order.name, ",".join(TYPES), 128, 100, chance)
    try:
        bloom = BloomFilterWriter(100, chance)
    except UnsupportedFeatureError:
        with pytest.raises(subprocess.CalledProcessError):
            _by_rust(tmp_path, head, partitions)
        return
    for key in keys:
        bloom.add(key)
    _by_rust(tmp_path, head, partitions)
    assert (tmp_path / "Filter.db").read_bytes() == bloom.build(8)
