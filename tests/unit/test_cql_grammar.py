"""The grammar of CQL: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from antlr4 import CommonTokenStream, InputStream, TerminalNode
from cqlite._cql.CqlLexer import CqlLexer
from cqlite._cql.CqlParser import CqlParser

from cqlite.cql import parse_query, parse_rule, split_statements, tokenize
from cqlite.cql.machine import Machine
from cqlite.cql.tree import Context, Cql
from cqlite.errors import SchemaError, Where
from cqlite.schema import parse_cql
from cqlite.types.text import RESERVED
from tests.shared import OWN, ROOT, SHARED

POSITIVE = {
    "select": """
        SELECT * FROM t
        SELECT a, "B c" AS b, ks.f(a) FROM ks.t;
        SELECT JSON a, b FROM t
        SELECT JSON * FROM t
        SELECT json FROM t
        SELECT json, a FROM t
        SELECT DISTINCT k, s FROM t
        SELECT JSON DISTINCT k FROM t
        SELECT distinct FROM t
        SELECT count(*), COUNT(1), count FROM t
        SELECT CAST(a AS double), cast FROM t
        SELECT writetime(a), TTL(b), maxwritetime(c), writetime(u.f), ttl(m['x']) FROM t
        SELECT token(a, b), ttl, writetime FROM t
        SELECT m['k'], s[1], l[1..2], l[..2], l['a'..], l[1..], u.f, u.f.g, m['a'].b FROM t
        SELECT (int) 1, (a, b), [1, 2], {1, 2}, {1: 2}, {}, [] FROM t
        SELECT (list<int>) [], (frozen<u>) {a: 1} FROM t
        SELECT a + b * c - d / e % f, -a, - 1, a + -1 FROM t
        SELECT 1, 1.5, 'x', true, null, 0xff, 1h, NaN, -Infinity, ?, :bind FROM t
        SELECT similarity_cosine(v, [1.0, 2.0]) FROM t ORDER BY v ANN OF [1.0, 2.0] LIMIT 3
        SELECT a FROM t WHERE k = 1 AND c >= 2 AND d != 3 AND e < 4
        SELECT a FROM t WHERE token(k) > token(1) AND token(k, l) <= -9223372036854775808
        SELECT a FROM t WHERE (c, d) > (1, 2) AND (c, d) IN ((1, 2), (3, 4)) AND (c) = (1)
        SELECT a FROM t WHERE (c, d) IN (?, :x) AND (c, d) IN ? AND (c, d) > ? AND (c) IN ()
        SELECT a FROM t WHERE k IN (1, 2) AND c IN ? AND d IN :x AND e IN ()
        SELECT a FROM t WHERE a CONTAINS 1 AND b CONTAINS KEY 'k' AND m['x'] = 1
        SELECT a FROM t WHERE a LIKE '%x%' AND b IS NOT NULL AND (c = 1) AND ((d = 2))
        SELECT a FROM t WHERE expr(idx, 'lucene')
        SELECT a FROM t WHERE k = f(1) AND l = (int) ? AND m = CAST(1 AS bigint)
        SELECT a FROM t WHERE k = 1 + 2 * 3
        SELECT a FROM t GROUP BY k, floor(ts, 1h)
        SELECT a FROM t ORDER BY c DESC, d ASC, e
        SELECT a FROM t PER PARTITION LIMIT 2 LIMIT ? ALLOW FILTERING
        select A from T where K=1 limit 1 allow filtering
    """,
    "insert": """
        INSERT INTO t (a, b) VALUES (1, 'x')
        INSERT INTO ks.t (a) VALUES (?) IF NOT EXISTS USING TTL 3 AND TIMESTAMP :ts
        INSERT INTO t (a) VALUES (now()) USING TIMESTAMP ?
        INSERT INTO t JSON '{"a": 1}' DEFAULT UNSET IF NOT EXISTS
        INSERT INTO t JSON ? DEFAULT NULL USING TTL 1
        INSERT INTO t (a) VALUES ({1: {'x', 'y'}, 2: {}})
        INSERT INTO t (a) VALUES ({street: 'x', "Zip": 1})
        INSERT INTO t (a) VALUES ((1, 'x', null))
        INSERT INTO t (a, b) VALUES (-1.5E-10, 123e4567-e89b-42d3-a456-426614174000)
        INSERT INTO t (a) VALUES ($$it's; "all" $ here$$)
        INSERT INTO t (a) VALUES (-NaN)
        INSERT INTO t (a) VALUES (1y2mo3w4d5h6m7s8ms9us10ns)
        INSERT INTO t (a) VALUES (P1Y2M3DT4H5M6S)
        INSERT INTO t (a) VALUES (-P3W)
        INSERT INTO t (a) VALUES (P0001-02-03T04:05:06)
    """,
    "update": """
        UPDATE t SET a = 1, b = b + 1, c = c - {1}, d = [1] + d, e += {2}, f -= ? WHERE k = 1
        UPDATE t SET a = a -1 WHERE k = 1
        UPDATE t USING TTL 1 AND TIMESTAMP 2 SET m['k'] = 'v', u.f = 3 WHERE k = 1 AND c IN (1)
        UPDATE t SET a = 1 WHERE k = 1 IF EXISTS
        UPDATE t SET a = 1 WHERE k = 1 IF a = 1 AND b IN (1, 2) AND c CONTAINS 1 AND m['x'] > 2
        UPDATE t SET a = 1 WHERE k = 1 IF u.f != 3 AND m[1] IN ? AND l IN :x AND s CONTAINS KEY 1
    """,
    "delete": """
        DELETE FROM t WHERE k = 1
        DELETE a, m['x'], u.f FROM t USING TIMESTAMP 3 WHERE k = 1 AND c > 2 IF EXISTS
        DELETE FROM t WHERE k = 1 IF a = 1
    """,
    "batch": """
        BEGIN BATCH INSERT INTO t (a) VALUES (1); DELETE FROM t WHERE k = 1 APPLY BATCH
        BEGIN UNLOGGED BATCH USING TIMESTAMP 1 UPDATE t SET a = 1 WHERE k = 1; APPLY BATCH;
        BEGIN COUNTER BATCH UPDATE t SET c = c + 1 WHERE k = 1 APPLY BATCH
    """,
    "other": """
        USE ks
        USE "Ks"
        TRUNCATE t
        TRUNCATE TABLE ks.t
    """,
    "tables": """
        CREATE TABLE t (k int PRIMARY KEY)
        CREATE COLUMNFAMILY IF NOT EXISTS t (k int, c text static, PRIMARY KEY ((k, l), c),)
        CREATE TABLE t (k int, PRIMARY KEY (k)) WITH COMPACT STORAGE AND CLUSTERING ORDER BY (c ASC)
        CREATE TABLE t (k int PRIMARY KEY) WITH ID = 5a1c395e-b41f-11e5-9f22-ba0be0483c10
        CREATE TABLE t (k int PRIMARY KEY) WITH compression = {'class': 'X', 'a': 1} AND a = 1.5
        CREATE TABLE t (k int PRIMARY KEY, true text, p1d int, "select" int, type int, key int)
        CREATE TABLE t (k 'org.apache.cassandra.db.marshal.EmptyType' PRIMARY KEY)
        CREATE TABLE t (k vector<float, 3> PRIMARY KEY, l frozen<map<text, set<int>>>, m ks.u)
        CREATE TABLE t (k int PRIMARY KEY, m text MASKED WITH mask_inner(1, null) PRIMARY KEY)
        CREATE TABLE t (k int PRIMARY KEY, m text MASKED WITH DEFAULT, n text STATIC)
        ALTER TABLE t ADD a int
        ALTER TABLE IF EXISTS t ADD IF NOT EXISTS (a int static, b list<int>)
        ALTER TABLE t DROP a USING TIMESTAMP 123
        ALTER TABLE t DROP IF EXISTS (a, b)
        ALTER TABLE t DROP COMPACT STORAGE
        ALTER TABLE t RENAME a TO b AND c TO d
        ALTER TABLE t ALTER a TYPE blob
        ALTER TABLE t ALTER IF EXISTS a MASKED WITH mask_null()
        ALTER TABLE t ALTER a DROP MASKED
        ALTER TABLE t WITH gc_grace_seconds = 1 AND comment = 'x'
        DROP TABLE IF EXISTS ks.t
    """,
    "schema": """
        CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy'} AND durable_writes = false
        CREATE SCHEMA IF NOT EXISTS ks WITH replication = {}
        ALTER KEYSPACE IF EXISTS ks WITH durable_writes = true
        DROP KEYSPACE ks
        CREATE TYPE IF NOT EXISTS ks.u (a int, "B" frozen<list<ks.v>>,)
        ALTER TYPE u ADD x int
        ALTER TYPE u RENAME a TO b AND c TO d
        ALTER TYPE u ALTER a TYPE blob
        DROP TYPE IF EXISTS u
        CREATE INDEX ON t (a)
        CREATE INDEX IF NOT EXISTS i ON ks.t (keys(m))
        CREATE INDEX ON t (entries(m))
        CREATE INDEX ON t (full("L"))
        CREATE INDEX i ON t (values(values))
        CREATE CUSTOM INDEX i ON t (v) USING 'sai' WITH OPTIONS = {'similarity_function': 'cosine'}
        CREATE CUSTOM INDEX ON t () USING 'x'
        DROP INDEX IF EXISTS ks.i
        CREATE MATERIALIZED VIEW v AS SELECT a, b FROM t WHERE a IS NOT NULL PRIMARY KEY ((a), b)
        CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT * FROM t PRIMARY KEY (a) WITH c = ''
        ALTER MATERIALIZED VIEW v WITH comment = 'x'
        DROP MATERIALIZED VIEW IF EXISTS v
        CREATE OR REPLACE FUNCTION ks.f(a int, b text) CALLED ON NULL INPUT RETURNS int \
            LANGUAGE java AS $$ return a; $$
        CREATE FUNCTION IF NOT EXISTS f() RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE j AS 'x'
        DROP FUNCTION IF EXISTS f(int, text)
        CREATE AGGREGATE a(int) SFUNC s STYPE tuple<int, bigint> FINALFUNC f INITCOND (0, 0)
        DROP AGGREGATE a
        CREATE TRIGGER tr ON t USING 'x'
        DROP TRIGGER IF EXISTS tr ON t
        DESCRIBE KEYSPACE ks WITH INTERNALS
        DESC TABLE ks.t
        DESCRIBE FULL SCHEMA
        DESCRIBE TABLES
        DESC t
    """,
    "access": """
        CREATE ROLE IF NOT EXISTS r WITH PASSWORD = 'x' AND LOGIN = true AND SUPERUSER = false
        ALTER ROLE r WITH ACCESS TO DATACENTERS {'a', 'b'} AND OPTIONS = {'a': 1}
        CREATE ROLE r WITH HASHED PASSWORD = 'x' AND ACCESS FROM ALL CIDRS
        DROP ROLE r
        CREATE USER u WITH PASSWORD 'x' SUPERUSER
        ALTER USER u NOSUPERUSER
        DROP USER IF EXISTS u
        ADD IDENTITY 'id' TO ROLE 'r'
        DROP IDENTITY 'id'
        GRANT SELECT PERMISSION ON KEYSPACE ks TO r
        GRANT ALL PERMISSIONS ON ALL TABLES IN KEYSPACE ks TO r
        GRANT r TO s
        REVOKE EXECUTE ON FUNCTION ks.f(int) FROM r
        LIST ALL PERMISSIONS ON t OF r NORECURSIVE
        LIST ROLES OF r
        LIST USERS
    """,
}

NEGATIVE = (
    ("SELECT FROM t", "line 1, column 8: expected a name or a value, found 'FROM'"),
    ("SELECT a b FROM t", "line 1, column 10: "),
    ("SELECT a FROM t WHERE", "column 22: expected .*, found the end of the text"),
    ("SELECT a FROM t WHERE a = b", "line 1, column 28: "),
    ("SELECT a FROM t LIMIT 'x'", "column 23: expected .*an integer or .*found \"'x'\""),
    ("SELECT a FROM t ALLOW", "expected FILTERING, found the end"),
    ("SELECT a FROM t LIMIT 1 WHERE a = 1", "found 'WHERE'"),
    ("SELECT a FROM t\n  WHERE a == 1", "line 2, column 12: expected a name or a value, found '='"),
    ("SELECT select FROM t", "found 'select'"),
    ("INSERT INTO t (a) VALUES 1", "column 26: expected '\\(', found '1'"),
    ("INSERT INTO t VALUES (1)", "column 15: expected '\\(' or JSON, found 'VALUES'"),
    ("INSERT INTO t (a) VALUES (123e4567-e89b)", "column 40: expected '\\('"),
    ("UPDATE t SET a = 1", "column 19: expected .*found the end of the text"),
    ("DELETE FROM t", "expected USING or WHERE, found the end"),
    ("BEGIN BATCH SELECT a FROM t APPLY BATCH", "found 'SELECT'"),
    ("CREATE TABLE t (k int) WITH a = b", "found 'b'"),
    ("CREATE TABLE t (k int) WITH CLUSTERING ORDER BY (c)", r"expected ASC or DESC, found '\)'"),
    ("CREATE TABLE t ()", r"expected a name, found '\)'"),
    ("CREATE TABLE t (k int PRIMARY KEY", "column 34: expected ',' or '\\)', found the end"),
    ("CREATE TABLE t (k list<int)", r"column 27: expected .*'>', found '\)'"),
    ("CREATE TABLE a.b.c (k int)", r"column 17: expected '\(', found '\.'"),
    ("CREATE TYPE t (a)", r"column 17: expected .*a name.*, found '\)'"),
    ("ALTER TABLE t DROP a USING TTL 1", "expected TIMESTAMP, found 'TTL'"),
    ("DROP VIEW v", "column 6: expected .*found 'VIEW'"),
    ("USE", "expected a name, found the end of the text"),
    ("SELECT a FROM t; SELECT b FROM t", "column 18: "),
    ("SELECT 'open FROM t", 'column 8: unexpected "\'"'),
    ("SELECT a # b FROM t", "column 10: unexpected '#'"),
    ("", "line 1, column 1: expected .*found the end of the text"),
    ("nonsense", "line 1, column 1: expected .*found 'nonsense'"),
)


def statements(kind: str) -> list[str]:
    return [line.strip() for line in POSITIVE[kind].strip().splitlines()]


@pytest.mark.parametrize("kind", POSITIVE)
def test_statements(kind: str) -> None:
    for statement in statements(kind):
        assert parse_query(statement).statement() is not None


@pytest.mark.parametrize(("text", "message"), NEGATIVE)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as caught:
        parse_query(text, Where("x.cql"))
    assert str(caught.value).startswith("x.cql: line ")


def shape(tree: Any) -> Any:
    """A tree of ours or of ANTLR's as tuples: contexts' names, and tokens."""
    if isinstance(tree, TerminalNode):
        tree = tree.symbol
    if not hasattr(tree, "children"):
        return tree.type, tree.start, tree.stop
    span = tree.start.start, tree.stop.stop
    return type(tree).__name__, *span, *map(shape, tree.children or ())


@pytest.mark.parametrize("kind", POSITIVE)
def test_trees_are_those_of_antlr(kind: str) -> None:
    for line in filter(None, map(str.strip, POSITIVE[kind].splitlines())):
        parser = CqlParser(CommonTokenStream(CqlLexer(InputStream(line))))
        tree = parser.query()
        assert not parser.getNumberOfSyntaxErrors()
        assert shape(parse_query(line)) == shape(tree), line


def test_parts_are_those_of_antlr() -> None:
    """Each context has the methods that ANTLR's has, which give one part or a list."""
    kinds = {n: k for n, k in vars(CqlParser).items() if n.endswith("Context")}
    assert len(kinds) > 150
    for name, kind in kinds.items():
        ours = getattr(Cql, name)
        parts = {
            part: get
            for part, get in vars(kind).items()
            if not part.startswith(("__", "get", "copy")) and callable(get)
        }
        assert {part for part in vars(ours) if not part.startswith("__")} == {"type", *parts}
        for part, get in parts.items():
            is_list = "i" in get.__code__.co_varnames
            assert getattr(ours(None), part)() == ([] if is_list else None), (name, part)
            assert isinstance(ours(None), Context)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM k.t WHERE id = 77",
        "SELECT a, writetime(b) FROM t WHERE k IN (1, 2) AND c >= 'x' ORDER BY c DESC LIMIT 10",
        "SELECT count(*), max(a) FROM t WHERE token(k) > 5 GROUP BY k ALLOW FILTERING",
        "CREATE TABLE k.t (k int, c text, v frozen<list<int>> static, PRIMARY KEY ((k), c)) "
        "WITH CLUSTERING ORDER BY (c DESC) AND comment = 'x' AND caching = {'keys': 'ALL'}",
    ],
)
def test_ordinary_statements_do_without_the_graph(text: str) -> None:
    tree = parse_query(text)

    def refuse(machine: Machine, decision: int) -> int:
        raise AssertionError(decision)

    assert shape(Machine(tokenize(text), refuse, trusts=True).run("query")) == shape(tree)


def test_a_script() -> None:
    text = "; USE a;; -- one;\n/* two; */ SELECT a FROM t; // three\n USE b"
    assert len(parse_rule("script", text, tokenize(text)).statement()) == 3
    found = [[token.text for token in run] for run in split_statements(tokenize(text))]
    assert [run[0] for run in found] == ["USE", "SELECT", "USE"]
    assert [run[-2] for run in found] == [";", ";", "b"]


def test_reserved_words_are_the_only_ones_that_are_no_names() -> None:
    grammar = (ROOT / "specs" / "cql" / "Cql.g4").read_text(encoding="utf-8")
    keywords = {
        word.lower()
        for line in grammar.splitlines()
        if line.startswith("K_") and "'-" not in line
        for word in line.split("'")[1::2]
    }
    unreserved = set()
    for word in keywords:
        try:
            parse_query(f"SELECT a AS {word} FROM t")
        except SchemaError:
            continue
        unreserved.add(word)
    assert keywords - unreserved == RESERVED
    assert len(unreserved) > 90


def test_names_are_lower_case_unless_quoted() -> None:
    found = parse_cql('CREATE TABLE KS.T (K INT PRIMARY KEY, "Q""x" TEXT)').table("ks", "t")
    assert found is not None
    assert [column.name for column in found.columns()] == ["k", 'Q"x']


def test_names_that_cassandra_leaves_unquoted() -> None:
    found = parse_cql("CREATE TABLE ks.t (true int PRIMARY KEY, p1d text, 1d int)")
    assert [c.name for c in next(found.tables()).columns()] == ["true", "1d", "p1d"]


def test_type_hints_come_before_tuples() -> None:
    tree = parse_query("SELECT (a) [1], (a) FROM t")
    found = tree.statement().select().selectors().selector()
    primaries = [
        s.selectable().selectableProduct(0).selectableUnary(0).selectablePrimary() for s in found
    ]
    assert [type(p).__name__ for p in primaries] == [
        "SelectTypeHintContext",
        "SelectTupleContext",
    ]


def test_fixtures_parse() -> None:
    found = sorted(OWN.glob("*/*/schema.cql"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert list(parse_cql(text, Where(path)).tables()), path
        assert parse_rule("script", text, tokenize(text)).statement()


def test_shared_statements_parse() -> None:
    own = Path(__file__).with_name("snapshot_schema.cql").read_text(encoding="utf-8")
    texts = [own]
    for path in sorted(SHARED.glob("types/cql-*.json")):
        tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
        texts += [table["create"] for table in tables.values()]
    for text in texts:
        parse_rule("script", text, tokenize(text))


def test_values_that_no_option_has() -> None:
    start = "CREATE TABLE t (k int PRIMARY KEY) WITH x = "
    for value in ("{'a': ?}", "{'a': f(1)}", "{'a': null}", "0xf", "{{}: 1}"):
        with pytest.raises(SchemaError, match="line 1, column "):
            parse_cql(start + value)


def test_deep_nesting_is_refused() -> None:
    deep = "frozen<" * 5000 + "int" + ">" * 5000
    with pytest.raises(SchemaError, match="nested too deeply"):
        parse_cql(f"CREATE TABLE t (k {deep} PRIMARY KEY)")


def test_speed() -> None:
    """Large schemas take seconds; the bounds are wide for slow machines."""
    columns = ", ".join(f"column_{i} frozen<map<text, int>>" for i in range(1000))
    wide = f"CREATE TABLE ks.t (k int PRIMARY KEY, {columns});"
    start = time.process_time()
    (table,) = parse_cql(wide).tables()
    assert len(table.regular_columns) == 1000
    assert time.process_time() - start < 10


def test_importing_cqlite_loads_no_parser() -> None:
    code = "import sys, cqlite, cqlite.schema.system; print('antlr4' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
