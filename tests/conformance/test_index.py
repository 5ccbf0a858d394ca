"""Indexes of every SSTable at hand against Cassandra's dump and against Data.db."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from cqlite import layouts
from cqlite.index import ClusteringKind, ClusteringPrefix, IndexEntry
from cqlite.index.bloom import BloomFilter
from cqlite.index.claims import claims
from cqlite.io import PARTITIONS, ROWS
from cqlite.layouts import kaitai
from cqlite.rows import Partition, RangeTombstoneMarker
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture, sstables

BTI = sstables(versions={"da"})
SAMPLE = 8
"""How many partitions of an SSTable are looked up."""


def sampled(entries: list[IndexEntry]) -> list[int]:
    """Indexes of some entries, the first and the last among them."""
    step = max(1, len(entries) // SAMPLE)
    return sorted({*range(0, len(entries), step), len(entries) - 1})


def absent(keys: list[bytes]) -> Iterator[bytes]:
    """Keys like some of those that are there."""
    present = set(keys)
    for key in keys[:SAMPLE]:
        for other in (key + b"\0", key[:-1], bytes((key[0] ^ 1,)) + key[1:], key[:-1] + b"\xfe"):
            if other and other not in present:
                yield other


def test_partitions_are_where_the_dump_has_them(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        entries = list(opened.index)
        partitions = [opened.reader.read_partition(entry.data_position) for entry in entries]
        assert [p.position for p in partitions] == [entry.data_position for entry in entries]
        positions = [p["partition"]["position"] for p in sstable.dump()]
        assert [p.unfiltered_position for p in partitions] == positions
        keys = [p.key for p in partitions]
        assert all(e.key in (None, key) for e, key in zip(entries, keys, strict=True))
        has_key = [entry.row_index is not None or sstable.format == "big" for entry in entries]
        assert [entry.key is not None for entry in entries] == has_key


def test_find(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        entries, keys = list(opened.index), list(opened.keys())
        for i in sampled(entries):
            found = opened.index.find(keys[i])
            assert found is not None
            assert found.key == keys[i]
            assert found.data_position == entries[i].data_position
        assert not any(opened.index.find(key) for key in absent(keys))


def test_entries_from_a_position(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        keys = list(opened.keys())
        positions = [entry.data_position for entry in opened.index]
        for i in {0, len(keys) // 2, len(keys) - 1}:
            start = opened.partitioner.byte_comparable(keys[i])
            assert [e.data_position for e in opened.index.entries(start)] == positions[i:]
            after = [e.data_position for e in opened.index.entries(start + b"\0")]
            assert after == positions[i + 1 :]
            before = [e.data_position for e in opened.index.entries(start[:-1])]
            assert before == positions[i:]
        orders = [opened.partitioner.byte_comparable(key) for key in keys]
        assert orders == sorted(orders)


@pytest.mark.parametrize("case", sstables(component="Filter.db"), ids=str)
def test_bloom_filter_has_every_key(case: SSTableFixture) -> None:
    with SSTable(case.data_path) as opened:
        bloom = BloomFilter.read(opened.components)
        assert all(map(bloom.might_contain, opened.keys()))


def test_bloom_filters_reject_most_other_keys() -> None:
    asked = rejected = 0
    for case in sstables(component="Filter.db"):
        with SSTable(case.data_path) as opened:
            bloom = BloomFilter.read(opened.components)
            for key in absent(list(opened.keys())):
                asked += 1
                rejected += not bloom.might_contain(key)
    assert asked > 50
    assert rejected > 0.95 * asked


def test_row_indexes(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        for entry in opened.index:
            if entry.row_index is not None:
                check_row_index(opened, entry)


def check_row_index(opened: SSTable, entry: IndexEntry) -> None:
    """Blocks start where rows or markers do, and are found by what is in them."""
    row_index = entry.row_index
    assert row_index is not None
    partition = opened.reader.read_partition(entry.data_position)
    deletion = partition.deletion
    expected = deletion and (deletion.marked_for_delete_at, deletion.local_deletion_time)
    assert row_index.partition_deletion == expected
    blocks = list(row_index.blocks())
    assert len(blocks) == row_index.num_blocks > 1
    assert all(a.offset + a.width == b.offset for a, b in pairwise(blocks))

    offsets, prefixes, opens = unfiltereds(partition)
    types = [column.type for column in opened.header_schema.clustering_columns]
    orders = [prefix.byte_comparable(types) for prefix in prefixes]
    assert orders == sorted(orders)
    starts = [offsets.index(block.offset) for block in blocks]
    assert starts[0] == 0
    for number, (block, start) in enumerate(zip(blocks, starts, strict=True)):
        end = starts[number + 1] if number + 1 < len(starts) else len(offsets)
        assert block.open_deletion == opens[start]
        if block.separator is None:
            assert (block.first, block.last) == (prefixes[start], prefixes[end - 1])
        else:
            assert block.separator <= orders[start]
            assert start == 0 or orders[start - 1] < block.separator
        for i in {start, (start + end) // 2, end - 1}:
            found = row_index.block_for(prefixes[i])
            assert found == block
    before = ClusteringPrefix((), ClusteringKind["incl_start_bound"])
    assert row_index.block_for(before) == blocks[0]
    after = ClusteringPrefix((), ClusteringKind["excl_start_bound"])
    # A marker can be the very end of the partition.
    is_after_all = after.byte_comparable(types) > orders[-1]
    assert row_index.block_for(after) == (None if is_after_all else blocks[-1])


Opened = tuple[int, int] | None


def unfiltereds(partition: Partition) -> tuple[list[int], list[ClusteringPrefix], list[Opened]]:
    """Of all rows and markers: offset, clustering or bound, and the deletion open before."""
    offsets: list[int] = []
    prefixes: list[ClusteringPrefix] = []
    opens: list[Opened] = []
    opened: Opened = None
    for unfiltered in partition:
        offsets.append(unfiltered.position - partition.position)
        opens.append(opened)
        if isinstance(unfiltered, RangeTombstoneMarker):
            prefixes.append(ClusteringPrefix(unfiltered.values, unfiltered.kind))
            start = unfiltered.open
            opened = start and (start.marked_for_delete_at, start.local_deletion_time)
        else:
            prefixes.append(ClusteringPrefix(unfiltered.clustering))
    return offsets, prefixes, opens


@pytest.mark.parametrize("component", [PARTITIONS, ROWS])
@pytest.mark.parametrize("case", BTI, ids=str)
def test_every_byte_belongs_to_a_part(case: SSTableFixture, component: str) -> None:
    with SSTable(case.data_path) as opened:
        data = opened.components.read(component)
        end = 0
        for claim in claims(opened.components, component):
            assert claim.offset == end
            end += claim.size
            assert kaitai.build(claim.parsed) == data[claim.offset : end]
        assert end == len(data)


@pytest.mark.parametrize("component", [PARTITIONS, ROWS])
@pytest.mark.parametrize("case", BTI, ids=str)
def test_the_root_of_the_spec_finds_the_same_parts(case: SSTableFixture, component: str) -> None:
    with SSTable(case.data_path) as opened:
        components = opened.components
        version = components.descriptor.version.number
        spec = component.removesuffix(".db").lower()
        body = layouts.parse(f"{spec}.body", components.read(component), version)
        parts = [
            "node" if hasattr(part, "node") else "entry" if hasattr(part, "entry") else "padding"
            for part in body.parts
        ]
        walked = [c.layout for c in claims(components, component)]
        of_body = [f"{spec}.{'page_padding' if part == 'padding' else part}" for part in parts]
        assert of_body == [name for name in walked if not name.endswith((".keys", ".footer"))]
