"""Tables that a node wrote in several flushes, of all that merging has rules for.

What the node answers before it compacts and after, cqlite reads of the node's files.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from cqlite import Table
from tests.engines import ENGINES, using
from tools.cassandra.node import Node

# For each table the statements of every flush; `{t}` is its name. A time to live of 1 has ended
# when the node is asked, one of a day has not.
FLUSHES: dict[str, list[list[str]]] = {
    "counters": [
        [
            "CREATE TABLE {t} (p int, c int, n counter, m counter, PRIMARY KEY (p, c))",
            *(f"UPDATE {{t}} SET n = n + {c}, m = m - 1 WHERE p = 1 AND c = {c}" for c in range(6)),
        ],
        [
            *(f"UPDATE {{t}} SET n = n + 10 WHERE p = 1 AND c = {c}" for c in range(0, 8, 2)),
            "DELETE FROM {t} WHERE p = 1 AND c = 3",
            "DELETE m FROM {t} WHERE p = 1 AND c = 4",
        ],
        ["UPDATE {t} SET n = n - 100 WHERE p = 1 AND c = 2", "DELETE FROM {t} WHERE p = 2"],
    ],
    "ranges": [
        [
            "CREATE TABLE {t} (p int, a int, b text, v int, s int static, PRIMARY KEY (p, a, b)) "
            "WITH CLUSTERING ORDER BY (a DESC, b ASC)",
            *(
                f"INSERT INTO {{t}} (p, a, b, v, s) VALUES ({p}, {a}, '{b}', {a}, {p}) "
                f"USING TIMESTAMP 1000"
                for p in range(4)
                for a in range(8)
                for b in "xyz"
            ),
        ],
        [
            "DELETE FROM {t} USING TIMESTAMP 1000 WHERE p = 0 AND a = 1",
            "DELETE FROM {t} USING TIMESTAMP 1005 WHERE p = 0 AND a >= 2 AND a < 6",
            "DELETE FROM {t} USING TIMESTAMP 1010 WHERE p = 0 AND a > 3 AND a <= 4",
            "DELETE FROM {t} USING TIMESTAMP 1005 WHERE p = 1 AND a = 4 AND b > 'x'",
            "DELETE FROM {t} USING TIMESTAMP 999 WHERE p = 2",
            "DELETE FROM {t} USING TIMESTAMP 1001 WHERE p = 3",
        ],
        [
            "INSERT INTO {t} (p, a, b, v) VALUES (0, 3, 'x', 33) USING TIMESTAMP 1006",
            "INSERT INTO {t} (p, a, b, v) VALUES (0, 4, 'x', 44) USING TIMESTAMP 1010",
            "INSERT INTO {t} (p, a, b, v) VALUES (0, 4, 'y', 45) USING TIMESTAMP 1011",
            "UPDATE {t} USING TIMESTAMP 1006 SET v = 5 WHERE p = 1 AND a = 4 AND b = 'y'",
            "UPDATE {t} USING TIMESTAMP 1002 SET s = 7 WHERE p = 3",
            "DELETE s FROM {t} WHERE p = 2",
        ],
    ],
    "collections": [
        [
            "CREATE TYPE test.pair (a int, b text)",
            "CREATE TABLE {t} (p int PRIMARY KEY, l list<int>, s set<text>, m map<int, text>, "
            "u pair, f frozen<pair>)",
            "INSERT INTO {t} (p, l, s, m, u, f) VALUES (1, [1, 2], {{'a', 'b'}}, "
            "{{1: 'x', 2: 'y'}}, {{a: 1, b: 'q'}}, {{a: 1}})",
            "INSERT INTO {t} (p, l, s) VALUES (2, [5], {{'z'}})",
        ],
        [
            "ALTER TYPE test.pair ADD c int",
            "UPDATE {t} SET l = l + [3], s = s - {{'a'}}, m[2] = null, m[3] = 'z', u.a = null, "
            "u.c = 9 WHERE p = 1",
            "UPDATE {t} SET l = [7] + l, s = {{'only'}} WHERE p = 2",
        ],
        [
            "UPDATE {t} USING TTL 1 SET m[4] = 'gone', l = l + [9] WHERE p = 1",
            "UPDATE {t} SET l[0] = 100, f = {{a: 2, b: 'n', c: 3}} WHERE p = 1",
            "DELETE l FROM {t} WHERE p = 2",
        ],
    ],
    "columns": [
        [
            "CREATE TABLE {t} (p int, c int, gone int, back text, stay int, PRIMARY KEY (p, c))",
            *(
                f"INSERT INTO {{t}} (p, c, gone, back, stay) VALUES (1, {c}, {c}, 'old', {c})"
                for c in range(4)
            ),
            "UPDATE {t} SET gone = 1 WHERE p = 2 AND c = 1",
        ],
        ["ALTER TABLE {t} DROP gone", "ALTER TABLE {t} DROP back", "ALTER TABLE {t} ADD back text"],
        [
            "ALTER TABLE {t} ADD new int",
            "INSERT INTO {t} (p, c, back, new) VALUES (1, 1, 'new', 5)",
            "UPDATE {t} SET stay = null WHERE p = 1 AND c = 2",
        ],
    ],
    "base": [
        [
            "CREATE TABLE {t} (p int PRIMARY KEY, v int, w int)",
            "CREATE MATERIALIZED VIEW test.by_v AS SELECT * FROM {t} "
            "WHERE p IS NOT NULL AND v IS NOT NULL PRIMARY KEY (v, p)",
            *(f"INSERT INTO {{t}} (p, v, w) VALUES ({p}, {p % 3}, {p})" for p in range(9)),
            "UPDATE {t} USING TTL 1 SET v = 50 WHERE p = 20",
            "UPDATE {t} SET w = 1 WHERE p = 20",
        ],
        [
            "UPDATE {t} SET v = 7 WHERE p = 1",
            "UPDATE {t} SET v = null WHERE p = 2",
            "UPDATE {t} USING TTL 1 SET v = 8 WHERE p = 3",
            "DELETE FROM {t} WHERE p = 4",
            "UPDATE {t} SET w = 99 WHERE p = 5",
        ],
        ["UPDATE {t} SET v = 1 WHERE p = 1", "INSERT INTO {t} (p, v) VALUES (4, 1)"],
    ],
    # What expired gets deletion times below the minimum that they are counted from.
    "expired": [
        [
            "CREATE TABLE {t} (p int, c int, v int, m map<int, int>, s int static, "
            "PRIMARY KEY (p, c))",
            *(
                f"INSERT INTO {{t}} (p, c, v) VALUES ({p}, {c}, {c}) USING TTL {1 if c else 90000}"
                for p in range(3)
                for c in range(4)
            ),
            "UPDATE {t} USING TTL 1 SET m[1] = 1, s = 1 WHERE p = 1 AND c = 1",
        ],
        [
            "UPDATE {t} USING TTL 1 SET m[2] = 2, v = 9 WHERE p = 1 AND c = 2",
            "UPDATE {t} USING TTL 90000 SET m[3] = 3 WHERE p = 1 AND c = 2",
        ],
    ],
    "ends": [
        [
            "CREATE TABLE {t} (p int, c int, v int, w int, PRIMARY KEY (p, c))",
            "INSERT INTO {t} (p, c, v, w) VALUES (1, 1, 1, 1) USING TTL 1",
            "INSERT INTO {t} (p, c, v, w) VALUES (1, 2, 1, 1)",
            "INSERT INTO {t} (p, c, v, w) VALUES (1, 3, 1, 1) USING TTL 86400",
            "UPDATE {t} SET v = 1 WHERE p = 1 AND c = 4",
            "INSERT INTO {t} (p, c) VALUES (1, 5)",
            "INSERT INTO {t} (p, c, v) VALUES (2, 1, 5) USING TIMESTAMP 5",
            "INSERT INTO {t} (p, c, v) VALUES (2, 2, 5) USING TIMESTAMP 5 AND TTL 1",
        ],
        [
            "UPDATE {t} USING TTL 86400 SET w = 2 WHERE p = 1 AND c = 1",
            "INSERT INTO {t} (p, c, v) VALUES (1, 2, 9) USING TTL 1",
            "DELETE v FROM {t} WHERE p = 1 AND c = 3",
            "UPDATE {t} USING TTL 1 SET v = 2 WHERE p = 1 AND c = 4",
            "UPDATE {t} USING TTL 1 SET v = 2 WHERE p = 1 AND c = 5",
            "INSERT INTO {t} (p, c, v) VALUES (2, 1, 6) USING TIMESTAMP 5 AND TTL 1",
            "INSERT INTO {t} (p, c, v) VALUES (2, 2, 6) USING TIMESTAMP 5 AND TTL 86400",
        ],
    ],
}
TABLES = [*FLUSHES, "by_v"]


@pytest.fixture(scope="module")
def answers(node: Node) -> dict[str, list[dict[str, Any]]]:
    """Makes the tables; what the node says of each before it compacts anything."""
    for name, flushes in FLUSHES.items():
        for number, statements in enumerate(flushes):
            for statement in statements:
                node.cql(statement.format(t=f"test.{name}"))
            if number == 0:
                node.nodetool("disableautocompaction", "test")
            node.flush("test")
    # The schema, for those who read the files.
    node.flush("system_schema")
    time.sleep(2)
    return {name: asked(node, name) for name in TABLES}


def asked(node: Node, name: str) -> list[dict[str, Any]]:
    """The node's rows, in its order."""
    return [json.loads(row[0]) for row in node.cql(f"SELECT JSON * FROM test.{name}")]


def read(node: Node, name: str, engine: str, *, snapshot: str = "") -> list[dict[str, Any]]:
    """The rows of the node's files, or of those in a snapshot."""
    directory = node.sstables("test", name)[0].parent
    source = "system_schema"
    if snapshot:
        directory /= f"snapshots/{snapshot}"
        source = "schema.cql"
    with using(engine), Table(directory) as table:
        assert table.warnings == ()
        assert table.schema_source.endswith(source)
        columns = [(c.name, c.type.unwrap().freeze()) for c in table.schema.columns()]
        return [
            {
                column: None if data is None else json.loads(kind.to_json(data))
                for (column, kind), data in zip(columns, row.values, strict=True)
            }
            for row in table.rows()
        ]


@pytest.mark.parametrize("name", TABLES)
def test_flushed_and_compacted_tables(
    name: str, node: Node, answers: dict[str, list[dict[str, Any]]]
) -> None:
    assert len(node.sstables("test", name)) > 1
    assert answers[name]
    for engine in ENGINES:
        assert read(node, name, engine) == answers[name]
    node.compact("test", name)
    assert len(node.sstables("test", name)) == 1
    assert asked(node, name) == answers[name]
    for engine in ENGINES:
        assert read(node, name, engine) == answers[name]


def test_a_view_in_a_snapshot(node: Node, answers: dict[str, list[dict[str, Any]]]) -> None:
    """Its own ``schema.cql`` has CREATE MATERIALIZED VIEW alone."""
    node.nodetool("snapshot", "-t", "whole", "test")
    for engine in ENGINES:
        assert read(node, "by_v", engine, snapshot="whole") == answers["by_v"]
