"""A million rows that cqlite wrote: a node loads, answers, changes and compacts them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cqlite import SSTable, write_arrow
from cqlite.schema import parse_cql
from tests.cassandra.answers import objections
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools

PARTITIONS, ROWS = 1000, 1000
SCHEMA = "CREATE TABLE test.million (p int, c int, n bigint, d double, v text, PRIMARY KEY (p, c))"
START = 1_700_000_000_000_000
"""Microseconds, before what the node is told."""

CHANGES = (
    *(f"UPDATE test.million SET v = 'later' WHERE p = 7 AND c = {c}" for c in range(300)),
    *(f"DELETE FROM test.million WHERE p = 8 AND c = {c}" for c in range(0, ROWS, 2)),
    "DELETE FROM test.million WHERE p = 9 AND c >= 100 AND c < 300",
    "DELETE FROM test.million WHERE p = 10",
    *(f"DELETE n FROM test.million WHERE p = 11 AND c = {c}" for c in range(5)),
    *(f"INSERT INTO test.million (p, c, n) VALUES (5000, {c}, {c})" for c in range(100)),
)


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    """All rows, by their keys."""
    number = pa.array(range(PARTITIONS * ROWS), pa.int64())
    p = pc.divide(number, ROWS)
    spread = pc.bit_wise_and(pc.multiply(number, 2_654_435_761), 0xFFFFFF)
    columns = {
        "p": pc.cast(p, pa.int32()),
        "c": pc.cast(pc.subtract(number, pc.multiply(p, ROWS)), pa.int32()),
        "n": spread,
        "d": pc.divide(pc.cast(spread, pa.float64()), 64.0),
        "v": pc.binary_join_element_wise("reading", pc.cast(spread, pa.string()), " "),
    }
    return pa.table(columns)


def _changed(rows: pa.Table) -> pa.Table:
    """What :data:`CHANGES` leave of the rows."""
    p, c = rows["p"], rows["c"]

    def at(key: int, condition: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.and_(pc.equal(p, key), condition)

    later, without_n = at(7, pc.less(c, 300)), at(11, pc.less(c, 5))
    rows = rows.set_column(4, "v", pc.if_else(later, "later", rows["v"]))
    rows = rows.set_column(2, "n", pc.if_else(without_n, pa.scalar(None, pa.int64()), rows["n"]))
    is_even = pc.equal(pc.bit_wise_and(c, 1), 0)
    gone = [at(8, is_even), at(9, pc.and_(pc.greater_equal(c, 100), pc.less(c, 300)))]
    gone.append(pc.equal(p, 10))
    rows = rows.filter(pc.invert(pc.or_(pc.or_(gone[0], gone[1]), gone[2])))
    new = {"p": [5000] * 100, "c": range(100), "n": range(100), "d": [None] * 100}
    added = pa.table({**new, "v": [None] * 100}, schema=rows.schema)
    return pa.concat_tables([rows, added])


def _read(paths: Iterable[Path]) -> pa.Table:
    """The rows of one SSTable, by their keys."""
    (path,) = paths
    (table,) = parse_cql(SCHEMA).tables()
    with SSTable(path, schema=table) as opened:
        found = opened.scan().to_arrow().sort_by([("p", "ascending"), ("c", "ascending")])
    return found.select(["p", "c", "n", "d", "v"])


def _answers(node: Node) -> pa.Table:
    """What the node counts and adds up in every partition."""
    query = "SELECT count(*), sum(n), min(d), max(v) FROM test.million WHERE p = {}"
    found = [node.cql(query.format(p))[0] for p in range(PARTITIONS)]
    names = ("count", "sum", "min", "max")
    return pa.table({name: [row[i] for row in found] for i, name in enumerate(names)})


@pytest.mark.rust
def test_a_node_takes_a_million_rows(
    rows: pa.Table, node: Node, tools: Tools, tmp_path: Path
) -> None:
    start = node.log.stat().st_size
    node.cql(SCHEMA)
    node.nodetool("disableautocompaction", "test")
    made = tmp_path / "made"
    write_arrow(rows, SCHEMA, made, timestamp=START)
    (data,) = made.glob("*-Data.db")
    assert tools.verify(data) == ""
    node.import_sstables("test", "million", made.iterdir())
    sums = rows.group_by("p").aggregate([("c", "count"), ("n", "sum"), ("d", "min"), ("v", "max")])
    sums = sums.sort_by("p").drop_columns("p").rename_columns(["count", "sum", "min", "max"])
    assert _answers(node).equals(sums)

    # Changed by the node, and compacted with what it flushed.
    node.cql_all(CHANGES)
    node.flush("test", "million")
    node.compact("test", "million")
    expected = _changed(rows)
    assert _read(node.sstables("test", "million")).equals(expected)

    # The same rows again, from us and from Cassandra.
    node.import_sstables("test", "million", made.iterdir())
    node.compact("test", "million")
    assert _read(node.sstables("test", "million")).equals(expected)
    assert objections(node, start) == []
    node.cql("DROP TABLE test.million")
