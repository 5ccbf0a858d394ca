"""LIKE and ANN OF against a node that has the indexes which it wants for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final

import pytest

from cqlite import Table
from cqlite.errors import QueryError
from cqlite.query.statement import prepare
from tests.cassandra.answers import difference
from tools.cassandra.answers import Asking, RefusalError
from tools.cassandra.node import Node

KEYSPACE: Final = "indexed"
SASI: Final = "org.apache.cassandra.index.sasi.SASIIndex"
ANALYZER: Final = "org.apache.cassandra.index.sasi.analyzer.NonTokenizingAnalyzer"
LIKE_TABLE: Final = (
    "CREATE TABLE @ (id int, c text, s text static, p text, a ascii, n text, l text, u text, "
    "o text, v int, PRIMARY KEY (id, c))"
)
"""Columns: prefixes, parts, parts without case, in lower and in upper case, no index."""


def sasi(column: str, **options: str) -> str:
    """CREATE INDEX for LIKE."""
    pairs = ", ".join(f"'{name}': '{value}'" for name, value in options.items())
    return (
        f"CREATE CUSTOM INDEX like_{column} ON @ ({column}) USING '{SASI}' "
        f"WITH OPTIONS = {{{pairs}}}"
    )


LIKE_SCHEMA: Final = (
    LIKE_TABLE,
    sasi("p", mode="PREFIX"),
    sasi("a", mode="CONTAINS"),
    sasi("n", mode="CONTAINS", analyzer_class=ANALYZER, case_sensitive="false"),
    sasi("l", mode="PREFIX", analyzer_class=ANALYZER, normalize_lowercase="true"),
    sasi("u", mode="CONTAINS", analyzer_class=ANALYZER, normalize_uppercase="true"),
    sasi("s", mode="CONTAINS"),
    sasi("c", mode="CONTAINS"),
)
TEXTS: Final = (
    "one", "One", "ONE", "on", "phone booth", "one by one!", "100%", "a_b", "ein", "Äpfel", "äpfel",
    "ÄPFEL", "straße", "STRASSE", "e\u0301clair", "éclair", "日本語", "日本", "x' y", "%0",
)  # fmt: skip
"""None ends in another one: in CONTAINS mode a node leaves those out where a prefix is wanted."""

PATTERNS: Final = (
    "one", "One%", "%one", "%one%", "%ONE%", "o%", "%n%", "%%", "%", "", "%%%", "100%", "%0%%",
    "a_b", "a_", "o%e", "äp%", "%PFEL", "%ss%", "%ß%", "é%", "%clair", "日%", "%語", "x'' y", " %",
    "nothing%",
)  # fmt: skip

LIKE_AMONG_OTHERS: Final = (
    "p LIKE 'o%' AND p LIKE 'on%'",
    "p LIKE 'o%' AND p = 'one'",
    "p = 'one' AND p LIKE 'o%'",
    "p LIKE 'o%' AND v = 1",
    "p LIKE 'o%' AND n LIKE '%E%'",
    "p LIKE 'o%' AND id = 0",
    "p LIKE 'o%' AND id = 0 AND c > 'a'",
    "p LIKE 'o%' AND token(id) > 0",
    "c LIKE 'o%' AND id = 0",
    "c LIKE '%n%' AND c > 'a'",
    "c LIKE '%n%' AND v = 0",
    "s LIKE 'Static%' AND v = 1",
    "p LIKE 5",
    "p LIKE ('one')",
    "p LIKE 'o' + 'n'",
    "p LIKE to_json('one')",
    "p LIKE [1]",
)


@pytest.fixture(scope="module")
def like(node: Node) -> Iterator[Table]:
    node.cql(
        f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
        "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    )
    schema = [text.replace("@", f"{KEYSPACE}.likes") for text in LIKE_SCHEMA]
    node.cql_all(schema)
    for flush in range(2):
        node.cql_all(_inserted(flush))
        node.flush(KEYSPACE)
    with Table(node.table_folder(KEYSPACE, "likes"), schema=f"{';'.join(schema)};") as table:
        yield table


def _inserted(flush: int) -> Iterator[str]:
    """Each text in one of two flushes, and some in both, with other values."""
    for index, text in enumerate(TEXTS):
        if index % 3 in (flush, 2):
            value = text.replace("'", "''")
            plain = value if value.isascii() else "other"
            texts = ", ".join([f"'{value}'"] * 6)
            yield (
                f"INSERT INTO {KEYSPACE}.likes (id, c, p, n, l, u, o, a, v) VALUES "
                f"({index % 5}, {texts}, '{plain}', {flush})"
            )
    for key in range(flush, 5, 2):
        yield f"INSERT INTO {KEYSPACE}.likes (id, s) VALUES ({key}, 'Static {flush} one')"


def _noted(asking: Asking, table: Table, text: str) -> str | None:
    """What is different about a LIKE; where the node has no index for it, our note says so."""
    try:
        notes = prepare(text, lambda _keyspace, _name: table.schema).notes
    except QueryError:
        return difference(asking, table, text)
    try:
        asking.ask(text)
    except RefusalError as error:
        return None if notes == (str(error),) else f"{text}: {notes}, and not {error}"
    return f"{text}: {notes}" if notes else difference(asking, table, text)


def test_like_is_what_the_indexes_make_of_it(asking: Asking, like: Table) -> None:
    assert len(like.sstables) == 2
    found = []
    for column, pattern in product(("p", "a", "n", "l", "u", "s", "c", "o", "v", "id"), PATTERNS):
        # Without an index, a node does not look at the pattern.
        if column != "o" or pattern.strip("%") or pattern == "%%%":
            text = f"SELECT id, c, {column} FROM {KEYSPACE}.likes WHERE {column} LIKE '{pattern}'"
            found.append(_noted(asking, like, text))
    assert [one for one in found if one] == []


def test_like_with_other_conditions(asking: Asking, like: Table) -> None:
    found = []
    for condition in LIKE_AMONG_OTHERS:
        text = f"SELECT id, c, p, s FROM {KEYSPACE}.likes WHERE {condition} ALLOW FILTERING"
        found.append(difference(asking, like, text))
    assert "\n".join(filter(None, found)) == ""


NEAR: Final = {"cosine": 12, "euclidean": 12, "dot_product": 10}
"""Tables by their similarity, and how many vectors a flush of each has."""


@pytest.fixture(scope="module", params=NEAR)
def near(request: pytest.FixtureRequest, node: Node, like: Table) -> Iterator[Table]:
    function = request.param
    name = f"{KEYSPACE}.near_{function}"
    schema = (
        f"CREATE TABLE {name} (id int, c int, v int, e vector<float, 3>, PRIMARY KEY (id, c))",
        f"CREATE INDEX near_{function} ON {name} (e) USING 'sai' "
        f"WITH OPTIONS = {{'similarity_function': '{function}'}}",
    )
    node.cql_all(schema)
    random = Random(function)
    for flush in range(3):
        for c in range(20 * flush, 20 * flush + NEAR[function]):
            # Of unit length, as the dot product's scores want it.
            numbers = [random.gauss(0, 1) for _ in range(3)]
            length = sum(number * number for number in numbers) ** 0.5
            vector = [number / length for number in numbers]
            key = random.randrange(4)
            node.cql(f"INSERT INTO {name} (id, c, v, e) VALUES ({key}, {c}, {flush}, {vector})")
        node.cql(f"INSERT INTO {name} (id, c, v) VALUES (1, {100 + flush}, {flush})")
        node.flush(KEYSPACE)
    folder = node.table_folder(KEYSPACE, f"near_{function}")
    with Table(folder, schema=f"{';'.join(schema)};") as table:
        yield table


def test_the_nearest_rows_are_those_of_an_index(asking: Asking, near: Table) -> None:
    """The index's graphs are small enough for it to find all that is near."""
    name = f"{KEYSPACE}.{near.schema.name}"
    assert len(near.sstables) == 3
    found = []
    for wanted in ("[1, 0, 0]", "[-0.5, 0.5, 0.7]", "[0.1, -2, 0.3]", "[0.6, 0.8, 0]"):
        for limit in (1, 3, 10, 50):
            text = f"SELECT id, c, v, e FROM {name} ORDER BY e ANN OF {wanted} LIMIT {limit}"
            found.append(difference(asking, near, text))
    assert "\n".join(filter(None, found)) == ""
