"""The native engine's blocks and indexes against the reference engine's, over every SSTable."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cqlite import TruncatedError, write_arrow
from cqlite.blocks import measured_compression_info, open_blocks
from cqlite.io import COMPRESSION_INFO
from cqlite.sstable import SSTable
from cqlite.sstable.chunks import summarised_natively
from cqlite.sstable.select.arguments import output_columns
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.select.plan import Slice, SliceBound
from cqlite.sstable.select.reference import ReferenceReader
from tests.conformance.test_index import absent, sampled
from tests.shared import SSTableFixture

pytestmark = pytest.mark.rust


@contextmanager
def both(case: SSTableFixture) -> Iterator[tuple[SSTable, Any]]:
    """The SSTable as each engine has it open."""
    with SSTable(case.data_path) as reference:
        yield reference, import_module("cqlite._native").Reader(facts_of(reference))


def test_blocks(sstable: SSTableFixture) -> None:
    with both(sstable) as (reference, native):
        blocks = open_blocks(reference.components)
        number = -(-blocks.length // blocks.block_length)
        assert native.num_blocks == number
        for index in range(number):
            assert native.block(index) == blocks.read(index)
        blocks.close()


def test_chunks_in_short(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        if COMPRESSION_INFO not in opened.components:
            assert not opened.is_compressed
            assert opened.data_length == sstable.data_path.stat().st_size
            return
        found = summarised_natively(opened.components)
        info, length = measured_compression_info(opened.components)
        last = info.offsets[-1] if info.offsets else None
        assert found == (length, last, info.data_length)
        assert opened.data_length == info.data_length


def test_every_key_is_found(sstable: SSTableFixture) -> None:
    with both(sstable) as (reference, native):
        keys = list(reference.keys())
        positions = [entry.data_position for entry in reference.index]
        assert [native.find(key) for key in keys] == positions
        assert all(map(native.might_contain, keys))


def test_other_keys_are_not(sstable: SSTableFixture) -> None:
    with both(sstable) as (reference, native):
        for key in absent(list(reference.keys())):
            assert native.find(key) is None
            bloom = reference.bloom_filter
            assert native.might_contain(key) == (bloom is None or bloom.might_contain(key))


def test_bits_of_large_filters_are_read_where_they_are_and_then_as_a_whole(
    tmp_path: Path,
) -> None:
    """A filter that is larger than what is read of it first, asked about more than a few keys."""
    schema = "CREATE TABLE ks.t (id bigint PRIMARY KEY)"
    write_arrow(pa.table({"id": range(2000)}), schema, tmp_path, timestamp=1)
    (data,) = tmp_path.glob("*-Data.db")
    keys = [number.to_bytes(8, "big") for number in (*range(1990, 2060), *range(5, 1000, 50))]
    reader = import_module("cqlite._native").Reader
    with SSTable(data) as opened:
        bloom, facts = opened.bloom_filter, facts_of(opened)
    assert bloom is not None
    expected = [bloom.might_contain(key) for key in keys]
    assert 10 <= expected.count(False) < 70
    assert list(map(reader(facts).might_contain, keys)) == expected
    assert list(map(reader(facts).might_contain, keys[::-1])) == expected[::-1]
    file = data.with_name(data.name.replace("Data.db", "Filter.db"))
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(TruncatedError) as failure:
        reader(facts).might_contain(keys[0])
    assert failure.value.where.field == "filter.body.bits"


def test_the_first_partition_from_any_position(sstable: SSTableFixture) -> None:
    with both(sstable) as (reference, native):
        keys = list(reference.keys())
        positions: list[int | None] = [entry.data_position for entry in reference.index]
        orders = [reference.partitioner.byte_comparable(key) for key in keys]
        assert native.first_from(b"") == positions[0]
        assert [native.first_from(order) for order in orders] == positions
        assert [native.first_from(order + b"\0") for order in orders] == [*positions[1:], None]
        # Between keys, such as before all that share a token.
        for cut in (1, 5, 9, 12):
            for start in {order[:cut] + end for order in orders for end in (b"", b"\x20", b"\xff")}:
                at = bisect_left(orders, start)
                assert native.first_from(start) == [*positions, None][at]


def test_rows_of_partitions(sstable: SSTableFixture) -> None:
    with both(sstable) as (opened, native):
        reference = ReferenceReader(opened)
        wanted = wanted_columns(opened)
        keys = list(opened.keys())
        for key in (keys[i] for i in sampled(keys)):
            assert list(native.rows(key, wanted, None, None)) == list(
                reference.rows(key, wanted, None, None)
            )
            some = wanted[-2:]
            assert list(native.rows(key, some, None, 3)) == list(reference.rows(key, some, None, 3))


def test_slices_of_partitions(sstable: SSTableFixture) -> None:
    with both(sstable) as (opened, native):
        reference = ReferenceReader(opened)
        wanted = wanted_columns(opened)
        keys = list(opened.keys())
        for key in (keys[i] for i in sampled(keys)[:3]):
            for slices in cuts(opened, key):
                expected = list(reference.rows(key, wanted, slices, None))
                assert list(native.rows(key, wanted, slices, None)) == expected


def wanted_columns(opened: SSTable) -> tuple[tuple[str, int | None], ...]:
    """All columns, as `Reader.rows` takes them."""
    return tuple((column.kind, column.position) for column in output_columns(opened, None, {}))


def cuts(opened: SSTable, key: bytes) -> Iterator[tuple[Slice, ...]]:
    """Slices that start and end at rows of a partition, or beside them."""
    partition = opened.find(key)
    assert partition is not None
    places = [row.clustering for row in partition.rows() if None not in row.clustering]
    if not places or not places[0]:
        return
    step = max(1, len(places) // 5)
    some = [
        SliceBound(values, inclusive) for values in places[::step] for inclusive in (True, False)
    ]
    for bound in some:
        yield (Slice(bound, SliceBound()),)
        yield (Slice(SliceBound(), bound),)
        yield (Slice(SliceBound(bound.values[:1]), SliceBound(bound.values[:1])),)
    ends = SliceBound(places[0]), SliceBound(places[len(places) // 2]), SliceBound(places[-1])
    yield tuple(Slice(bound, bound) for bound in dict.fromkeys(ends))
    yield ()
