"""What a node leaves on the disk besides the SSTables that it flushes and compacts."""

from __future__ import annotations

import io
import json
from pathlib import Path

from cqlite import SSTable, Table
from cqlite.export.sstabledump import SSTableDump
from cqlite.sstable.verify import Finding, Severity, verify
from tests.engines import ENGINES, using
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools


def found(data: Path) -> list[Finding]:
    """What verify finds in an SSTable."""
    with SSTable(data) as sstable:
        return list(verify(sstable))


def test_a_scrub_that_cannot_read_a_partition(node: Node) -> None:
    """It takes back what it has written of it, and counts it all the same."""
    node.cql("CREATE TABLE test.scrubbed (p int, c int, v int, PRIMARY KEY (p, c))")
    node.cql_all(
        f"INSERT INTO test.scrubbed (p, c, v) VALUES ({p}, {c}, 5)"
        for p in range(4)
        for c in range(4)
    )
    node.cql("DELETE FROM test.scrubbed WHERE p = 1 AND c > 2")
    node.flush("test", "scrubbed")
    node.flush("system_schema")
    node.nodetool("scrub", "-ns", "test", "scrubbed")
    (data,) = node.sstables("test", "scrubbed")
    (finding,) = found(data)
    assert finding.severity is Severity.WARNING
    assert "as by scrub" in finding.message
    rows = [tuple(row) for row in node.cql("SELECT p, c, v FROM test.scrubbed")]
    assert {p for p, _, _ in rows} == {0, 2, 3}
    for engine in ENGINES:
        with using(engine), Table(data.parent) as table:
            assert [tuple(row.values()) for row in table.scan().to_arrow().to_pylist()] == rows


def test_a_snapshot_whose_schema_lacks_a_type(node: Node) -> None:
    node.cql("CREATE TYPE test.inside (a int, b text)")
    node.cql("CREATE TABLE test.nested (p int PRIMARY KEY, l list<frozen<inside>>)")
    node.cql("INSERT INTO test.nested (p, l) VALUES (1, [{a: 1, b: 'x'}])")
    node.nodetool("snapshot", "-t", "typed", "-cf", "nested", "test")
    snapshot = node.table_folder("test", "nested") / "snapshots" / "typed"
    assert "CREATE TYPE" not in (snapshot / "schema.cql").read_text(encoding="utf-8")
    for engine in ENGINES:
        with using(engine), Table(snapshot) as table:
            assert table.schema_source == str(snapshot / "schema.cql")
            assert table.get(1) == [{"p": 1, "l": [(1, "x")]}]


def test_indexes(node: Node, tools: Tools) -> None:
    """One of the table's own kind in a hidden directory, and one in which no row is."""
    node.cql("CREATE TABLE test.found (p int PRIMARY KEY, v int, w int)")
    node.cql("CREATE INDEX found_by_v ON test.found (v)")
    node.cql("CREATE INDEX found_by_w ON test.found (w) USING 'sai'")
    node.cql_all(f"INSERT INTO test.found (p, v) VALUES ({p}, {p % 2})" for p in range(5))
    node.flush("test", "found")
    (data,) = node.sstables("test", "found")
    assert found(data) == []
    (index,) = data.parent.glob(".found_by_v/*-Data.db")
    out = io.StringIO()
    with SSTable(index) as sstable:
        SSTableDump(out, sstable.header_schema, now=0).write(sstable)
    assert json.loads(out.getvalue()) == json.loads(tools.dump(index))
    assert '"table kind" : "INDEX"' in out.getvalue()
