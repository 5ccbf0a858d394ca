"""What a Writer and `cqlite import` make: a node loads it and has the same rows as by CQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cqlite import SSTable, Writer
from cqlite.blocks.compressors import COMPRESSORS
from cqlite.cli import _run
from cqlite.sstable.verify import Severity, verify
from tests.cassandra.answers import objections, rows_of
from tests.cassandra.operations import SCHEMA, START, Operation, operations
from tests.cassandra.test_written import TABLES
from tests.shared import SSTableFixture
from tools.cassandra.loader import stream
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools

NUMBER = 6000
WRITTEN = [
    *(("da", name) for name in (*COMPRESSORS, "none")),
    *((version, name) for version in ("oa", "nb") for name in ("ZstdCompressor", "none")),
]
TIMES = "writetime(v), writetime(n), writetime(z), writetime(s), writetime(vec)"
NOT_IN_ROWS = ("/counters/", "/expired/", "/ttl", "/shadowable/")
"""Tables of which an export does not have everything."""
WIDE_ROWS = 6000
REPLICATION = "replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"


@pytest.fixture(scope="module")
def writes() -> list[Operation]:
    return list(operations(6, NUMBER))


@pytest.fixture(scope="module")
def told(node: Node, writes: list[Operation]) -> Node:
    """The node with a table that was told all writes in CQL, and an empty one like it."""
    node.cql(f"CREATE KEYSPACE acc WITH {REPLICATION}")
    node.cql(SCHEMA[0].format(keyspace="acc"))
    for table in ("told", "copy", "both"):
        node.cql(SCHEMA[1].format(keyspace="acc", table=table))
    node.nodetool("disableautocompaction", "acc")
    node.cql_concurrently([write.statement("acc.told") for write in writes])
    node.flush("acc", "told")
    return node


def _schema(table: str) -> str:
    return "".join(part.format(keyspace="acc", table=table) + ";" for part in SCHEMA)


def _times(node: Node, table: str) -> list[object]:
    return [tuple(row) for row in node.cql(f"SELECT p, a, b, {TIMES} FROM acc.{table}")]


def _write(directory: Path, writes: list[Operation], version: str, compression: str) -> Path:
    size = 100_000 if compression == "none" else None
    with Writer(
        _schema("copy"),
        directory,
        format=version,
        compression=compression,
        memory=1 << 20,
        max_sstable_size=size,
    ) as writer:
        for write in writes:
            write.call(writer)
    assert len(writer.sstables) == 1 or size is not None
    return directory


def _errors(data: Path) -> list[str]:
    with SSTable(data) as sstable:
        assert sum(1 for _ in sstable) > 0
        return [str(found) for found in verify(sstable) if found.severity is not Severity.NOTE]


@pytest.mark.parametrize(("version", "compression"), WRITTEN)
def test_the_same_writes_give_the_same_rows(
    version: str,
    compression: str,
    told: Node,
    writes: list[Operation],
    tools: Tools,
    tmp_path: Path,
) -> None:
    start = told.log.stat().st_size
    expected, times = rows_of(told, "acc", "told"), _times(told, "told")
    assert len(expected) > 1000
    made = _write(tmp_path / "made", writes, version, compression)
    assert {tools.verify(data) for data in made.glob("*-Data.db")} == {""}
    for table in ("copy", "both"):
        told.cql(f"TRUNCATE acc.{table}")
        told.import_sstables("acc", table, made.iterdir())
    assert rows_of(told, "acc", "copy") == expected
    assert _times(told, "copy") == times
    # Together with what Cassandra wrote itself of the same, before and after a compaction.
    told.import_sstables("acc", "both", _components(told, "told"))
    both = rows_of(told, "acc", "both")
    assert [*map(_but_lists, both)] == [*map(_but_lists, expected)]
    for table, rows in (("copy", expected), ("both", both)):
        told.compact("acc", table)
        assert rows_of(told, "acc", table) == rows
        assert _times(told, table) == times
        assert [_errors(data) for data in told.sstables("acc", table)] == [[]]
    assert objections(told, start) == []


def _components(node: Node, table: str) -> list[Path]:
    """All files of the SSTables that a table has."""
    return [
        path
        for data in node.sstables("acc", table)
        for path in data.parent.glob(data.name.removesuffix("Data.db") + "*")
    ]


def _but_lists(row: str) -> object:
    """Without the column of lists: written twice at one time they have all elements twice."""
    return {name: value for name, value in json.loads(row).items() if name != "l"}


def test_the_way_back(told: Node, writes: list[Operation], tmp_path: Path) -> None:
    """What the node flushes and compacts of what it loaded, cqlite reads and writes again."""
    made = _write(tmp_path / "made", writes, "da", "zstd")
    told.cql("TRUNCATE acc.copy")
    told.import_sstables("acc", "copy", made.iterdir())
    for write in operations(7, 500):
        told.cql(write.statement("acc.copy"))
    told.flush("acc", "copy")
    expected = rows_of(told, "acc", "copy")
    again = tmp_path / "again"
    with Writer(_schema("copy"), again, format="oa") as writer:
        for data in told.sstables("acc", "copy"):
            with SSTable(data) as sstable:
                for partition in sstable:
                    writer.append(partition)
    told.compact("acc", "copy")
    (compacted,) = told.sstables("acc", "copy")
    assert _errors(compacted) == []
    told.cql("TRUNCATE acc.copy")
    told.import_sstables("acc", "copy", again.iterdir())
    assert rows_of(told, "acc", "copy") == expected


@pytest.fixture(scope="module")
def exported(node: Node) -> Node:
    """The node with the fixtures' tables, once as fixtures say and once in `imported`."""
    for keyspace in ("exported", "imported"):
        node.cql(f"CREATE KEYSPACE {keyspace} WITH {REPLICATION}")
        for case in TABLES:
            about = json.loads((case.data_path.parent / "provenance.json").read_text("utf-8"))
            for statement in about["schema"]:
                node.cql(statement.replace("cqlite.", f"{keyspace}."))
    return node


@pytest.mark.parametrize("format", ["parquet", "csv"])
@pytest.mark.parametrize(
    "case", [case for case in TABLES if not any(n in case.id for n in NOT_IN_ROWS)], ids=str
)
def test_rows_of_files(case: SSTableFixture, format: str, exported: Node, tmp_path: Path) -> None:
    """Every type: exported rows that are imported and loaded are those of the fixture."""
    start, table = exported.log.stat().st_size, case.id.split("/")[2]
    rows, made = tmp_path / f"rows.{format}", tmp_path / "made"
    assert _run(["export", "--empty", "null", str(case.data_path), "-o", str(rows)]) == 0
    options = ["--schema", str(case.schema), "-o", str(made), "--timestamp", str(START)]
    assert _run(["import", str(rows), *options]) == 0
    for keyspace in ("exported", "imported"):
        exported.cql(f"TRUNCATE {keyspace}.{table}")
    exported.import_sstables("exported", table, case.components().values())
    exported.import_sstables("imported", table, made.iterdir())
    expected = rows_of(exported, "exported", table)
    assert [*map(_without_empty, rows_of(exported, "imported", table))] == [
        *map(_without_empty, expected)
    ]
    assert objections(exported, start) == []


def _without_empty(row: str) -> object:
    """A row with null for values without bytes, which files don't tell from null."""
    return {name: None if value == "" else value for name, value in json.loads(row).items()}


def test_wide_partition(node: Node, tools: Tools, tmp_path: Path) -> None:
    """Of many blocks, so that the node finds rows by the row index; with deletions among them."""
    node.cql("CREATE TABLE test.broad (p int, c int, v text, PRIMARY KEY (p, c))")
    schema = "CREATE TABLE test.broad (p int, c int, v text, PRIMARY KEY (p, c))"
    with Writer(schema, tmp_path / "made", memory=1 << 19) as writer:
        for c in range(WIDE_ROWS):
            writer.write({"p": 1, "c": c * 7 % WIDE_ROWS, "v": f"{c:0200}"}, timestamp=START)
        writer.delete_range({"p": 1}, (1000,), (3000,), timestamp=START + 1)
    (data,) = writer.sstables
    assert tools.verify(data) == ""
    node.import_sstables("test", "broad", data.parent.iterdir())
    left = [row.c for row in node.cql("SELECT c FROM test.broad WHERE p = 1")]
    assert left == [c for c in range(WIDE_ROWS) if not 1000 <= c <= 3000]
    for c in (0, 999, 1000, 3000, 3001, WIDE_ROWS - 1):
        found = node.cql(f"SELECT v FROM test.broad WHERE p = 1 AND c = {c}")
        assert len(found) == (not 1000 <= c <= 3000)
    last = node.cql("SELECT c FROM test.broad WHERE p = 1 ORDER BY c DESC LIMIT 2")
    assert [row.c for row in last] == [WIDE_ROWS - 1, WIDE_ROWS - 2]


@pytest.fixture(scope="module")
def plain_node(tools: Tools) -> Iterator[Node]:
    """Without vectors in user-defined types, which sstableloader's driver doesn't know."""
    with Node(tools=tools) as running:
        running.cql(f"CREATE KEYSPACE test WITH {REPLICATION}")
        yield running


@pytest.mark.parametrize("version", ["da", "oa", "nb"])
def test_sstableloader_streams_it(version: str, plain_node: Node, tmp_path: Path) -> None:
    node = plain_node
    table = f"streamed_{version}"
    schema = f"CREATE TABLE test.{table} (p int, c int, v text, PRIMARY KEY (p, c))"
    node.cql(schema)
    with Writer(schema, tmp_path / "test" / table, format=version) as writer:
        for number in range(500):
            row = {"p": number % 17, "c": number, "v": str(number)}
            writer.write(row, timestamp=START)
        writer.delete_range({"p": 3}, (100,), (200,), timestamp=START + 1)
    start = node.log.stat().st_size
    stream(node, tmp_path / "test" / table)
    found = {(row.p, row.c, row.v) for row in node.cql(f"SELECT p, c, v FROM test.{table}")}
    assert found == {
        (number % 17, number, str(number))
        for number in range(500)
        if not (number % 17 == 3 and 100 <= number <= 200)
    }
    assert objections(node, start) == []
