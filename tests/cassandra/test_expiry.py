"""What expires is gone from the very second on in which it is gone for a node.

A node is asked the same while its rows, cells and elements expire, before it compacts them and
after; cqlite is asked for each of these seconds, on copies of the files.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from cqlite import Table
from tests.cassandra.answers import answered
from tests.engines import on_engines, using
from tools.cassandra.answers import Answer, Asking
from tools.cassandra.node import Node

KEYSPACE: Final = "expiry"
SCHEMA: Final = (
    f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
    "{'class': 'SimpleStrategy', 'replication_factor': 1}",
    f"CREATE TABLE {KEYSPACE}.t (p int, c int, v int, w int, m map<int, int>, f frozen<set<int>>, "
    "s int static, PRIMARY KEY (p, c)) WITH gc_grace_seconds = 2",
    f"CREATE TABLE {KEYSPACE}.base (p int PRIMARY KEY, v int, w int)",
    f"CREATE MATERIALIZED VIEW {KEYSPACE}.by_v AS SELECT * FROM {KEYSPACE}.base "
    "WHERE p IS NOT NULL AND v IS NOT NULL PRIMARY KEY (v, p)",
)
SECONDS: Final = 5
"""Within which all but a few of the writes expire."""

# A row that lives on by one cell, one that lives on by itself, elements that go one by one,
# partitions that are nothing but a static value, and a view's rows that go with their key.
FIRST: Final = (
    *(
        f"INSERT INTO t (p, c, v, w, f) VALUES (1, {c}, {c}, 1, {{{c}}}) USING TTL {1 + c % 5}"
        for c in range(10)
    ),
    *(f"UPDATE t SET w = 7 WHERE p = 1 AND c = {c}" for c in range(0, 10, 3)),
    *(f"INSERT INTO t (p, c, v) VALUES (2, {c}, null)" for c in range(3)),
    *(f"UPDATE t USING TTL {n} SET m[{n}] = {n}, v = {n} WHERE p = 2 AND c = 1" for n in (4, 2, 3)),
    "UPDATE t USING TTL 3 SET s = 1 WHERE p = 3",
    "UPDATE t USING TTL 4 SET s = 2 WHERE p = 2",
    "UPDATE base USING TTL 3 SET v = 1 WHERE p = 1",
    "UPDATE base SET w = 1 WHERE p = 1",
    "INSERT INTO base (p, v, w) VALUES (2, 1, 2) USING TTL 2",
    "INSERT INTO base (p, v, w) VALUES (3, 2, 3) USING TTL 90000",
)
_EQUAL: Final = (
    ("USING TIMESTAMP 9", "USING TIMESTAMP 9 AND TTL 3"),
    ("USING TIMESTAMP 9 AND TTL 4", "USING TIMESTAMP 9 AND TTL 2"),
    ("USING TIMESTAMP 9 AND TTL 2", "USING TIMESTAMP 9 AND TTL 90000"),
    ("USING TIMESTAMP 9 AND TTL 90000", "USING TIMESTAMP 9"),
)
"""Of the same row in two flushes, at the same time."""
FLUSHES: Final = (
    (
        *FIRST,
        *(f"INSERT INTO t (p, c, v) VALUES (4, {c}, 1) {u}" for c, (u, _) in enumerate(_EQUAL)),
    ),
    (
        *(f"INSERT INTO t (p, c, v) VALUES (4, {c}, 0) {u}" for c, (_, u) in enumerate(_EQUAL)),
        "DELETE v FROM t USING TIMESTAMP 9 WHERE p = 4 AND c = 1",
        "UPDATE t USING TTL 3 SET m = {5: 5}, w = 1 WHERE p = 1 AND c = 9",
        "INSERT INTO t (p, c, v) VALUES (1, 4, 0) USING TTL 2",
        "UPDATE base USING TTL 3 SET v = 2 WHERE p = 2",
    ),
)
STATEMENTS: Final = (
    "SELECT JSON * FROM t",
    "SELECT count(*), min(c), max(v), sum(w), count(m) FROM t",
    "SELECT DISTINCT p, s FROM t",
    "SELECT p, c, ttl(v), writetime(w), ttl(m), ttl(f), ttl(s), m[3] FROM t",
    "SELECT p, count(*), max(ttl(v)) FROM t GROUP BY p",
    "SELECT * FROM t PER PARTITION LIMIT 2",
    "SELECT * FROM t WHERE p IN (1, 2, 3) ORDER BY c DESC LIMIT 4",
    "SELECT * FROM t WHERE p = 1 AND c > 3 AND c < 8",
    "SELECT * FROM t WHERE p = 4 AND c IN (0, 1, 2)",
    "SELECT * FROM t WHERE w = 7 ALLOW FILTERING",
    "SELECT JSON * FROM by_v",
    "SELECT * FROM by_v WHERE v = 1",
)


@dataclass(frozen=True)
class Asked:
    """What a node answered within one second (since 1970)."""

    now: int
    statement: str
    answer: Answer
    folder: Path
    """The copy of its table's files."""


def _qualified(statement: str) -> str:
    return re.sub(r"\b(FROM|INTO|UPDATE) ", rf"\1 {KEYSPACE}.", statement)


def _copies(node: Node, target: Path) -> dict[str, Path]:
    copies = {}
    for name in ("t", "by_v"):
        copies[name] = target / KEYSPACE / f"{name}-{'0' * 32}"
        copies[name].mkdir(parents=True)
        for data in node.sstables(KEYSPACE, name):
            for path in data.parent.glob(data.name.replace("Data.db", "*")):
                shutil.copyfile(path, copies[name] / path.name)
    return copies


def _ask(asking: Asking, copies: dict[str, Path], end: float) -> Iterator[Asked]:
    while time.time() < end:
        for text in STATEMENTS:
            statement = _qualified(text)
            folder = copies[statement.split(f"{KEYSPACE}.")[1].split()[0]]
            before = int(time.time())
            answer = asking.ask(statement)
            if int(time.time()) == before:
                yield Asked(before, statement, answer, folder)
        time.sleep(0.3)


@pytest.fixture(scope="module")
def asked(node: Node, asking: Asking, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    folder = tmp_path_factory.mktemp("expiry")
    node.cql_all(SCHEMA)
    node.nodetool("disableautocompaction", KEYSPACE)
    for statements in FLUSHES:
        node.cql_all(map(_qualified, statements))
        node.flush(KEYSPACE)
    end = time.time() + SECONDS
    found = list(_ask(asking, _copies(node, folder / "flushed"), end))
    node.compact(KEYSPACE)
    return found + list(_ask(asking, _copies(node, folder / "compacted"), time.time() + 1))


@on_engines
def test_a_node_and_its_files_answer_alike_in_each_second(engine: str, asked: list[Asked]) -> None:
    assert len({one.now for one in asked}) >= SECONDS
    schema = "".join(f"{statement};" for statement in SCHEMA)
    different = []
    with using(engine):
        for one in asked:
            with Table(one.folder, schema=schema) as table:
                ours = answered(table, one.statement, one.now)
            if ours != one.answer:
                place = f"{one.folder} at {one.now}: {one.statement}"
                different.append(f"{place}\n  node: {one.answer}\n  ours: {ours}")
    assert different == []


def test_much_expires_meanwhile(asked: list[Asked]) -> None:
    """Answers change from second to second, or there was nothing to compare."""
    everything = [one for one in asked if one.statement == f"SELECT JSON * FROM {KEYSPACE}.t"]
    assert len({str(one.answer.rows) for one in everything}) >= 3
