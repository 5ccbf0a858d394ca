"""SELECT statements at random: a node and cqlite give the same rows, or the same errors.

The node's files are read where it flushed them, and once more where it compacted them.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Final

import pytest

from cqlite import Table
from cqlite.errors import CqliteError
from cqlite.query.statement import prepare
from tests.cassandra.answers import answered, difference
from tools.cassandra.answers import Asking, RefusalError
from tools.cassandra.node import Node
from tools.goldmaster.draft import GeneratedSchema
from tools.goldmaster.queries import Queries
from tools.goldmaster.rare_queries import RareQueries
from tools.goldmaster.schemas import generate
from tools.goldmaster.workload import Workload

KEYSPACE: Final = "queries"
RECIPES: Final = {
    "ascii", "bigint", "date", "decimal", "int", "timestamp", "duration", "keys_list",
    "keys_udt", "depth1_list", "depth1_set", "depth1_map", "depth1_udt", "depth1_tuple",
    "depth2_map", "order_da", "order_dda", "key3", "counter", "counter_static", "names",
    "keys_only", "statics_only", "vectors", "o_ttl", "mixed",
}  # fmt: skip
SCHEMAS: Final = 118
FLUSHES, WRITES = 3, 50
STATEMENTS: Final = 30
"""For each table, besides its SELECT JSON."""


@dataclass(frozen=True)
class Case:
    """A table of the node and statements about it, the first of them its SELECT JSON."""

    schema: GeneratedSchema
    statements: list[str]

    def opened(self, node: Node) -> Table:
        """The table by its files."""
        cql = "".join(f"{text.rstrip(';')};" for text in self.schema.statements)
        return Table(node.table_folder(KEYSPACE, self.schema.name), schema=cql)


@pytest.fixture(scope="module")
def cases(node: Node) -> list[Case]:
    node.cql(
        f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
        "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    )
    schemas = [s for s in generate(1, SCHEMAS, KEYSPACE) if s.name[5:] in RECIPES]
    node.cql_all(statement for schema in schemas for statement in schema.statements)
    # Files that go while they are found would be no difference in the answers.
    node.nodetool("disableautocompaction", KEYSPACE)
    works = [
        Workload(s.schema, f"{KEYSPACE}.{s.name}", random.Random(f"work:{s.name}")) for s in schemas
    ]
    for _ in range(FLUSHES):
        for work in works:
            node.cql_concurrently(work.statements(WRITES))
        node.flush(KEYSPACE)
    return [_case(node, schema) for schema in schemas]


def _case(node: Node, schema: GeneratedSchema) -> Case:
    every = f"SELECT JSON * FROM {KEYSPACE}.{schema.name}"
    case = Case(schema, [every])
    with case.opened(node) as table:
        names = [column.name for column in table.schema.columns()]
        rows = [dict(zip(names, row.values, strict=True)) for row in table.rows(names)]
        queries = Queries(table.schema, rows, random.Random(f"queries:{schema.name}"))
        rare = RareQueries(table.schema, rows, random.Random(f"rare:{schema.name}"))
    statements = [*queries.statements(STATEMENTS), *rare.statements(STATEMENTS)]
    return Case(schema, [every, *statements])


def differences(node: Node, asking: Asking, cases: list[Case], share: int = 1) -> list[str]:
    """All that is different, of each case every so many statements."""
    found = []
    for case in cases:
        with case.opened(node) as table:
            assert len(table.sstables) > 0, case.schema.name
            for text in case.statements[::share]:
                one = difference(asking, table, text)
                found += [one] if one else []
    return found


def test_a_node_and_its_flushed_files_answer_alike(
    node: Node, asking: Asking, cases: list[Case]
) -> None:
    assert sum(len(case.statements) for case in cases) > 2000
    found = differences(node, asking, cases)
    assert not found, "\n".join(found)


def test_what_needs_filtering_is_noted(node: Node, asking: Asking, cases: list[Case]) -> None:
    """Statements have notes where the node refuses them without ALLOW FILTERING."""
    different = []
    for case in cases:
        with case.opened(node) as table:
            for text in case.statements[1:]:
                plain = text.removesuffix(" ALLOW FILTERING")
                try:
                    notes = prepare(plain, lambda _k, _n, table=table: table.schema).notes
                    asking.ask(text)
                except (CqliteError, RefusalError):
                    continue
                try:
                    asking.ask(plain)
                    refusal = None
                except RefusalError as error:
                    refusal = str(error)
                if bool(notes) != bool(refusal):
                    different.append((plain, notes, refusal))
    assert different == []


def test_a_node_and_its_compacted_files_answer_alike(
    node: Node, asking: Asking, cases: list[Case]
) -> None:
    node.compact(KEYSPACE)
    found = differences(node, asking, cases, share=5)
    assert not found, "\n".join(found)


OWN: Final = (
    f"CREATE TABLE {KEYSPACE}.own (id int, c timestamp, k text, v int, w double, s text static, "
    "e vector<float, 3>, m map<text, int>, PRIMARY KEY (id, c, k)) "
    "WITH CLUSTERING ORDER BY (c DESC, k ASC)",
    f"CREATE INDEX own_e ON {KEYSPACE}.own (e) USING 'sai' "
    "WITH OPTIONS = {'similarity_function': 'euclidean'}",
)
STATED: Final = (
    "SELECT id, floor(c, 1h), count(*), max(v) FROM @ GROUP BY id, floor(c, 1h)",
    "SELECT id, floor(c, 7m), min(k) FROM @ WHERE id = 1 GROUP BY floor(c, 7m) LIMIT 5",
    "SELECT id, to_date(c), sum(w), avg(v) FROM @ GROUP BY id, to_date(c)",
    "SELECT id, c, count(v) FROM @ GROUP BY id, c PER PARTITION LIMIT 2",
    "SELECT id, count(*) FROM @ GROUP BY id, to_json(c)",
    "SELECT id FROM @ GROUP BY id, floor(c, 1h), k",
    "SELECT id FROM @ GROUP BY floor(c, 1h)",
    "SELECT v FROM @ ORDER BY e ANN OF [1, 2] LIMIT 3",
    "SELECT v FROM @ ORDER BY e ANN OF [1, 2, 3] DESC LIMIT 3",
    "SELECT v FROM @ ORDER BY v ANN OF [1, 2, 3] LIMIT 3",
    "SELECT v FROM @ ORDER BY e ANN OF [1, 2, 3], c ASC LIMIT 3",
    "SELECT max(v) FROM @ ORDER BY e ANN OF [1, 2, 3] LIMIT 3",
    "SELECT v FROM @ ORDER BY e ANN OF [1, 2, 3] PER PARTITION LIMIT 2 LIMIT 3",
    "SELECT similarity_cosine(e, [1, 2, 3]), similarity_dot_product(e, e) FROM @",
    "SELECT v + w, v / 3, v % 4, w * 2, -w, c + 1d, c - 90m FROM @",
    "SELECT (v, k), [v, v], {v, 1}, (map<text, int>) {k: v} FROM @ WHERE v > 3",
    "SELECT {k: v} FROM @",
    "SELECT v FROM @ WHERE v = 1 + 2 * 3",
    "SELECT v FROM @ WHERE v > 10 / 3 AND v <= (int) 9",
    "SELECT v FROM @ WHERE id = CAST(1.7 AS int) AND c >= '2024-01-01' + 1h",
    "SELECT v FROM @ WHERE v = max(3)",
    "SELECT v FROM @ WHERE v = uuid()",
    "SELECT v FROM @ WHERE v = nothing(3)",
    "SELECT v / 0 FROM @ WHERE id = 1",
    "SELECT id, s FROM @ WHERE s = 's1'",
    "SELECT s, v FROM @ WHERE id IN (0, 1, 2, 9) AND v > 2 ORDER BY c ASC",
    "SELECT JSON id, c AS \"When\", m['a'..'b'] FROM @ WHERE id IN (1, 9) ORDER BY c DESC",
    "SELECT JSON DISTINCT id, s FROM @",
    "SELECT count(*), s FROM @ WHERE id = 9",
    "SELECT max(c), min(k) FROM @ WHERE id = 77",
    "SELECT id, token(id), min_timeuuid(c), to_unix_timestamp(c) FROM @ WHERE token(id) > 0",
    "SELECT v FROM @ WHERE (c, k) > ('2024-01-01T01:00Z', 'a') AND id = 1",
    "SELECT v FROM @ WHERE (c, k) IN (('2024-01-01T01:06Z', 'k1'), ('2020-01-01', 'x'))",
    "SELECT v FROM @ WHERE m['a'] = 3 AND m CONTAINS KEY 'b'",
    "SELECT v FROM @ LIMIT 99999999999",
    "SELECT *, v FROM @",
    "SELECT v v FROM @",
)


def _nearest(asking: Asking, table: Table) -> list[str]:
    """Vectors whose nearest rows are not those that the node's similarity tells.

    The node's own ANN is none to compare with: its index leaves rows out.
    """
    wrong = []
    for wanted in ("[0.1, 0.2, 0.3]", "[9, -2, 4]", "[3, 3, -30]"):
        asked = f"SELECT similarity_euclidean(e, {wanted}) FROM {KEYSPACE}.own"
        ours = answered(table, f"{asked} ORDER BY e ANN OF {wanted} LIMIT 9", int(time.time()))
        theirs = [row for row in asking.ask(asked).rows if row[0] is not None]
        # Positive floats sort as their bytes.
        if ours.rows != sorted(theirs, reverse=True)[:9]:
            wrong.append(f"{wanted}: {ours.rows}")
    return wrong


def test_groups_distances_and_calculations(node: Node, asking: Asking, cases: list[Case]) -> None:
    node.cql_all(OWN)
    for flush in range(3):
        for number in range(40):
            n = flush * 17 + number
            values = [
                n % 4, f"'2024-01-01T0{n % 3}:{n * 3 % 60:02}Z'", f"'k{n % 5}'", n % 11, n / 8,
                f"[{n % 7}, {n * n % 13}, {-n / 2}]", f"{{'a': {n % 6}, 'b': {n}}}",
            ]  # fmt: skip
            written = ", ".join(map(str, values))
            node.cql(f"INSERT INTO {KEYSPACE}.own (id, c, k, v, w, e, m) VALUES ({written})")
        node.cql(f"INSERT INTO {KEYSPACE}.own (id, s) VALUES ({9 if flush else 1}, 's{flush}')")
        node.flush(KEYSPACE, "own")
    found = []
    with Table(node.table_folder(KEYSPACE, "own"), schema=f"{';'.join(OWN)};") as table:
        assert len(table.sstables) == 3
        assert _nearest(asking, table) == []
        for text in STATED:
            one = difference(
                asking, table, f"{text.replace('@', f'{KEYSPACE}.own')} ALLOW FILTERING"
            )
            found += [one] if one else []
    assert not found, "\n".join(found)
