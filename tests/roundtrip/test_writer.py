"""The rows of an SSTable, in any order, come out of a Writer as Cassandra flushed them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from cqlite import SchemaError, SSTable, UnsupportedFeatureError, Writer
from cqlite.schema import TableSchema, parse_cql
from cqlite.sstable.write import WRITTEN_VERSIONS
from tests.shared import SSTableFixture, sstables

# Not these: their schema says nothing of what the columns were when they were written, and
# the times of what was overwritten before the flush, or compacted, are in the header alone.
OTHER_COLUMNS = ("/dropped/", "/custom/")
OTHER_MINIMUMS = ("/clusterings/", "/expired/")
COMPACT = "/compact_"
CASES = [
    case
    for case in sstables(versions=WRITTEN_VERSIONS, own_only=True)
    if case.schema is not None and not any(name in case.id for name in OTHER_COLUMNS)
]
SMALL_MEMORY = 10_000


def _schema(case: SSTableFixture) -> TableSchema:
    assert case.schema is not None
    (table,) = parse_cql(case.schema.read_text(encoding="utf-8")).tables()
    return table


def _content(opened: SSTable) -> list[Any]:
    return [
        (partition.key, partition.deletion, partition.static_row, list(partition))
        for partition in opened
    ]


def _data(opened: SSTable) -> bytes:
    stream = opened.open_data()
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize("memory", [SMALL_MEMORY, 1 << 26], ids=["runs", "memory"])
@pytest.mark.parametrize("case", [c for c in CASES if COMPACT not in c.id], ids=str)
def test_shuffled_partitions(case: SSTableFixture, memory: int, tmp_path: Path) -> None:
    with SSTable(case.data_path) as source:
        keys = list(source.keys())
        random.Random(7).shuffle(keys)
        writer = Writer(
            _schema(case),
            tmp_path,
            format=case.version,
            partitioner=source.partitioner.name,
            memory=memory,
        )
        with writer:
            for key in keys:
                partition = source.find(key)
                assert partition is not None
                writer.append(partition)
        (written,) = writer.sstables
        with SSTable(written) as opened:
            assert _content(opened) == _content(source)
            assert opened.metadata.validation == source.metadata.validation
            if not any(name in case.id for name in OTHER_MINIMUMS):
                assert opened.header == source.header
                assert _data(opened) == _data(source)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("case", [c for c in CASES if COMPACT in c.id], ids=str)
def test_compact_storage_is_refused(case: SSTableFixture, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFeatureError, match="COMPACT STORAGE"):
        Writer(_schema(case), tmp_path)


def _copy(source: SSTable, schema: TableSchema, directory: Path) -> None:
    with Writer(schema, directory) as writer:
        for partition in source:
            writer.append(partition)


def test_column_that_the_schema_lacks_is_refused(tmp_path: Path) -> None:
    case = sstables(versions={"da"}, own_only=True, containing="/dropped/da-1")[0]
    with SSTable(case.data_path) as source, pytest.raises(SchemaError, match="gone"):
        _copy(source, _schema(case), tmp_path)
    assert not list(tmp_path.iterdir())


def test_several_sstables_at_a_size(tmp_path: Path) -> None:
    case = sstables(versions={"oa"}, own_only=True, containing="/many/")[0]
    with SSTable(case.data_path) as source:
        with Writer(_schema(case), tmp_path, format="oa", max_sstable_size=700) as writer:
            for partition in source:
                writer.append(partition)
        names = [path.name for path in writer.sstables]
        assert names == [f"oa-{number}-big-Data.db" for number in range(1, len(names) + 1)]
        assert len(names) > 2
        found: list[Any] = []
        for written in writer.sstables:
            with SSTable(written) as opened:
                assert opened.data_length < 800
                found += _content(opened)
        assert found == _content(source)
