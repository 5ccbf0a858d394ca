"""SELECT statements over a small table: what they give, and how they are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cqlite import Table, Writer
from cqlite.errors import QueryError
from cqlite.query.execute import execute
from cqlite.query.explain import explain
from cqlite.query.statement import SelectStatement, prepare
from cqlite.schema import TableSchema, parse_cql
from cqlite.terms.java_order import java_order
from cqlite.types import parse_partitioner

NOW = 1_700_000_000
T = NOW * 1_000_000
MURMUR3 = parse_partitioner("Murmur3Partitioner")
CREATE = """
CREATE TYPE ks.point (x int, y int);
CREATE TABLE ks.t (
    a int, b text, c int, d int, s int STATIC, v int, w text, m map<text, int>, n set<int>,
    l list<text>, f frozen<list<decimal>>, u point, e vector<float, 2>, z duration,
    PRIMARY KEY ((a, b), c, d)
) WITH CLUSTERING ORDER BY (c DESC, d ASC);
"""
(SCHEMA,) = parse_cql(CREATE).tables()


def row(a: int, c: int, d: int, **more: object) -> dict[str, object]:
    """A row of the partition (a, 'k')."""
    return {"a": a, "b": "k", "c": c, "d": d, **more}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """Partitions 1 and 2 with rows, 3 with a static column alone."""
    directory = tmp_path_factory.mktemp("query") / "ks" / "t-5a1b1ca866023f77a0459273d308917a"
    for rows in (
        [row(1, 1, 1, v=10, w="one", m={"a": 1, "b": 2}, e=[1.0, 0.0], s=7)],
        [
            row(1, 1, 2, v=20, n={1, 2, 3}, l=["x"], f=[1], e=[0.0, 1.0]),
            row(1, 2, 1, v=30, w="two", u={"x": 1, "y": None}),
            row(2, 1, 1, v=40, e=[1.0, 1.0]),
        ],
        [{"a": 3, "b": "k", "s": 9}],
    ):
        with Writer(CREATE, directory, format="oa", now=NOW) as writer:
            for index, values in enumerate(rows):
                writer.write(values, timestamp=T + index, ttl=100 if "u" in values else None)
    with Table(directory, schema=CREATE, now=NOW) as opened:
        yield opened


def schema_of(keyspace: str | None, name: str) -> TableSchema:
    """The one table that there is."""
    if name != "t":
        raise QueryError(f"table {name} does not exist")
    return SCHEMA


def statement(text: str) -> SelectStatement:
    """A statement on the table."""
    return prepare(text, schema_of, now_ms=NOW * 1000)


def answers(table: Table, text: str) -> list[str]:
    """The rows of a result, values in JSON."""
    result = execute(statement(text), table, now=NOW)
    return [
        " ".join(
            "-" if value is None else column.value_type.to_json(value)
            for column, value in zip(result.columns, values, strict=True)
        )
        for values in result
    ]


ANSWERS = {
    # Order of partitions by token, of rows as the table has it; partitions without rows.
    "SELECT a, c, d, s FROM t": ["1 2 1 7", "1 1 1 7", "1 1 2 7", "2 1 1 -", "3 - - 9"],
    "SELECT a, s FROM t WHERE s = 9": ["3 9"],
    "SELECT a FROM t WHERE v > 10 AND v <= 30": ["1", "1"],
    "SELECT a, c FROM t WHERE c >= 1": ["1 2", "1 1", "1 1", "2 1"],
    "SELECT DISTINCT a, b, s FROM t": ['1 "k" 7', '2 "k" -', '3 "k" 9'],
    "SELECT DISTINCT a, b FROM t LIMIT 2": ['1 "k"', '2 "k"'],
    # Keys, in the order of their values; slices.
    "SELECT a, v FROM t WHERE a IN (3, 2, 1, 2) AND b = 'k'": [
        "1 30", "1 10", "1 20", "2 40", "3 -",
    ],
    "SELECT a FROM t WHERE a IN () AND b = 'k'": [],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND c = 1 AND d IN (2, 1)": ["10", "20"],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND (c, d) > (1, 1)": ["30", "20"],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND (c, d) IN ((1, 2), (2, 1))": ["30", "20"],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND d = 1": ["30", "10"],
    "SELECT a FROM t WHERE a = 2": ["2"],
    "SELECT a FROM t WHERE a > 1": ["2", "3"],
    "SELECT a FROM t WHERE token(a, b) > token(1, 'k')": ["2", "3"],
    "SELECT a FROM t WHERE token(a, b) <= token(1, 'k') AND a = 1": ["1", "1", "1"],
    "SELECT a FROM t WHERE token(a, b) < -9223372036854775808 LIMIT 1": ["1"],
    # Order.
    "SELECT v FROM t WHERE a = 1 AND b = 'k' ORDER BY c ASC": ["20", "10", "30"],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND c = 1 ORDER BY d DESC LIMIT 1": ["20"],
    "SELECT a, c FROM t WHERE a IN (1, 2) AND b = 'k' ORDER BY c DESC": [
        "1 2", "1 1", "1 1", "2 1",
    ],
    "SELECT a, d FROM t WHERE a IN (1, 2) AND b = 'k' ORDER BY c ASC, d DESC LIMIT 3": [
        "1 2", "1 1", "2 1",
    ],
    "SELECT v FROM t ORDER BY e ANN OF [1, 0.1] LIMIT 2": ["10", "40"],
    # Collections and UDTs.
    "SELECT m['a'], m['b'..], m[..'a'], m['c'] FROM t WHERE m CONTAINS KEY 'a'": [
        '1 {"b": 2} {"a": 1} -',
    ],
    "SELECT v FROM t WHERE m['b'] = 2": ["10"],
    "SELECT n[2], n[2..3], n[9], n[7..8] FROM t WHERE n CONTAINS 1": ["2 [2, 3] - -"],
    "SELECT v FROM t WHERE l CONTAINS 'x' AND f CONTAINS 1": ["20"],
    "SELECT v FROM t WHERE f = [1]": ["20"],
    "SELECT u.x, u.y FROM t WHERE v = 30": ["1 -"],
    "SELECT v FROM t WHERE w LIKE 't%'": ["30"],
    "SELECT v FROM t WHERE w LIKE '%n%'": ["10"],
    # Nulls end what IN looks for; frozen collections have values of the same scale.
    "SELECT v FROM t WHERE v IN (10, null, 20)": ["10"],
    "SELECT v FROM t WHERE v IN (null, 20)": [],
    "SELECT v FROM t WHERE f CONTAINS 1.0": [],
    "SELECT v FROM t WHERE f = [1.0]": ["20"],
    # To a column of the key null is a value before all others, as rows are stored: c descends.
    "SELECT v FROM t WHERE c < null AND c > 1": ["30"],
    "SELECT v FROM t WHERE c > null": [],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND c = 1 AND d > null": ["10", "20"],
    "SELECT v FROM t WHERE a = 1 AND b = 'k' AND c = 1 AND d <= null": [],
    # What no group needs is not computed; what no token lets through is not refused.
    "SELECT c, d, avg(8 / (d - 2)) FROM t WHERE a = 1 AND b = 'k' AND c = 1 GROUP BY c, d "
    "PER PARTITION LIMIT 1": ["1 1 -8"],
    # Durations as ISO 8601 has them.
    "SELECT (duration) P1Y2M3DT4H5M6S, (duration) -P3W, (duration) P0001-02-03T04:05:06 FROM t "
    "LIMIT 1": ['"1y2mo3d4h5m6s" "-21d" "1y2mo3d4h5m6s"'],
    # Masks.
    "SELECT mask_default((point) {x: 5, y: 6}) FROM t LIMIT 1": ['{"x": 0, "y": 0}'],
    # Times.
    "SELECT writetime(v), ttl(v) FROM t WHERE v = 30": ["1700000000000001 100"],
    "SELECT writetime(m), maxwritetime(m), writetime(m['a']), writetime(m['x']) FROM t LIMIT 2": [
        "- - - -",
        "[1700000000000000, 1700000000000000] 1700000000000000 1700000000000000 -",
    ],
    "SELECT ttl(u.x), ttl(u.y), writetime(n[1..2]) FROM t WHERE v IN (20, 30)": [
        "100 - -", "- - [1700000000000000, 1700000000000000]",
    ],
    # Computed.
    "SELECT v + 1, -v, v * 2 - 1, v / 3, v % 7 FROM t WHERE v = 20": ["21 -20 39 6 6"],
    "SELECT CAST(v AS text), (bigint) 5, (v, c), [v, 1] FROM t WHERE v = 10": [
        '"10" 5 [10, 1] [10, 1]',
    ],
    "SELECT (map<text, int>) {w: v}, (point) {x: v} FROM t WHERE v = 10": [
        '{"one": 10} {"x": 10, "y": null}',
    ],
    # Aggregates and groups.
    "SELECT count(*), count(1), count(w), sum(v), max(w) FROM t": ['5 5 2 100 "two"'],
    "SELECT count(*), max(v), v FROM t WHERE v > 1000": ["0 - -"],
    "SELECT a, c, count(*), v FROM t GROUP BY a, b, c": [
        "1 2 1 30", "1 1 2 10", "2 1 1 40", "3 - 1 -",
    ],
    "SELECT a, c FROM t GROUP BY a, b, c PER PARTITION LIMIT 1 LIMIT 2": ["1 2", "2 1"],
    "SELECT d, sum(v) FROM t WHERE a = 1 AND b = 'k' AND c = 1 GROUP BY d": ["1 10", "2 20"],
    "SELECT a, v FROM t PER PARTITION LIMIT 1": ["1 30", "2 40", "3 -"],
    "SELECT max(v) + 1 FROM t LIMIT 1": ["41"],
    # JSON.
    'SELECT JSON a AS "A", m, count(*) FROM t WHERE v = 10': [
        r'"{\"\\\"A\\\"\": 1, \"m\": {\"a\": 1, \"b\": 2}, \"count\": 1}"',
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", ANSWERS)
def test_answers(table: Table, text: str) -> None:
    assert answers(table, text) == ANSWERS[text]


def test_titles(table: Table) -> None:
    text = (
        "SELECT v AS \"X\", m['a'], n[1..2], u.x, writetime(v), sum(v), count(*), v + 1, -v, "
        "cast(v as text), (int) 5, token(a, b) FROM t"
    )
    assert execute(statement(text), table, now=NOW).names == (
        "X", "m['a']", "n[1..2]", "u.x", "writetime(v)", "system.sum(v)", "count", "v + 1", "-v",
        "cast(v as text)", "(int)5", "system.token(a, b)",
    )  # fmt: skip


def test_all_columns_come_in_the_order_of_cql(table: Table) -> None:
    names = execute(statement("SELECT * FROM t"), table, now=NOW).names
    assert "".join(names) == "abcdseflmnuvwz"


def test_keys_of_equal_values_are_one() -> None:
    (schema,) = parse_cql("CREATE TABLE ks.n (k decimal PRIMARY KEY)").tables()
    found = prepare("SELECT k FROM n WHERE k IN (2, 0.00, 0, 1)", lambda _k, _n: schema)
    kind = schema.partition_key[0].type
    assert found.restrictions.keys is not None
    assert [str(kind.decode(key)) for key in found.restrictions.keys] == ["0.00", "1", "2"]


def test_minus_zero_of_integer_digits_is_a_double_s(table: Table) -> None:
    assert answers(table, "SELECT (double) -0, (float) -0, -0.0 + 4.9e-324 FROM t LIMIT 1") == [
        "-0.0 -0.0 4.9E-324"
    ]


def test_tokens_do_not_matter_where_no_row_can_be(table: Table) -> None:
    text = "SELECT v FROM t WHERE token(a, b) > null AND c > 5 AND c < 4"
    assert answers(table, text) == []
    with pytest.raises(QueryError, match="Invalid null token value"):
        statement(text.replace("v FROM", "v, s FROM"))


def test_what_expires(table: Table) -> None:
    result = execute(statement("SELECT v FROM t WHERE a = 1 AND b = 'k'"), table, now=NOW + 101)
    assert len(list(result)) == 2


REFUSED = {
    "SELECT a FROM t WHERE z = ~-5~": "Unable to convert '5' to a duration",
    "SELECT a FROM t WHERE m[null] = ~1.5~":
        'Invalid FLOAT constant (1.5) for "value(m)" of type int',
    "SELECT a FROM t WHERE ~(c, d) > (1, null)~":
        "Invalid null value in condition for column d",
    "SELECT a FROM t WHERE d > 1 AND v = ~?~": "Invalid amount of bind variables",
    "SELECT a FROM t WHERE ~m = ?~":
        "Collection column 'm' (map<text, int>) cannot be restricted by a '=' relation",
    "SELECT a FROM t WHERE ~token(a, b) > null~ LIMIT 5": "Invalid null token value",
    "SELECT a FROM t WHERE token(a, b) = null AND ~token(a, b) > 1~":
        "a, b cannot be restricted by more than one relation if it includes an Equal",
    "SELECT v FROM t WHERE (c, d) = (1, 1) AND ~(c, d) > (1, 1)~":
        "c ,d cannot be restricted by more than one relation if it includes an Equal",
    "SELECT v FROM t WHERE (d) IN ((1), (2)) ORDER BY ~c ASC~":
        "ORDER BY is only supported when the partition key is restricted by an EQ or an IN.",
    "SELECT v FROM t WHERE ~a = 1 AND b = 'k' AND (c) = (null)~": "Invalid null value for column c",
    "SELECT v FROM t WHERE ~a = 1 AND b = 'k' AND (c, d) IN ((1, null), (1, 1))~":
        "Invalid null value in condition for columns: [c, d]",
    "SELECT a FROM t WHERE ~w LIKE null~":
        "LIKE restriction is only supported on properly indexed columns. w LIKE NULL is not valid.",
    "SELECT a FROM t WHERE ~v != 1 + 2~": 'Unsupported "!=" relation: v != system."_add"(1, 2)',
    "SELECT s, c, ~CAST(z AS blob)~, nothing(z) FROM t": "s cannot be cast to blob",
    "SELECT ~x~ FROM t": "Undefined column name x in table ks.t",
    "SELECT ~X~ FROM t": "Undefined column name x in table ks.t",
    'SELECT ~"X"~ FROM t': 'Undefined column name "X" in table ks.t',
    "SELECT v FROM t WHERE v = ~1e400~":
        "Failed parsing statement: [SELECT v FROM t WHERE v = 1e400] reason: NumberFormatException "
        'Character I is neither a decimal digit number, decimal point, nor "e" notation '
        "exponential mark.",
    "SELECT ~max(l[0])~ FROM t":
        "Element selection is only allowed on sets and maps, but l is a list",
    "SELECT ~collection_count(l[0])~ FROM t":
        "Function system.collection_count requires a collection argument, but found argument l[0] "
        "of type timeuuid",
    "SELECT ~map_keys(u)~ FROM t":
        "Function system.map_keys requires a map argument, but found argument u of type point",
    "SELECT ~similarity_cosine(l, e)~ FROM t":
        "Function system.similarity_cosine requires a float vector argument, but found argument l "
        "of type list<text>",
    "SELECT ~(frozen<point>) {}~ FROM t":
        "Cannot assign value (frozen<ks.point>){} to (frozen<ks.point>){} of type frozen<point>",
    "SELECT a FROM t WHERE z = ~1d1mo~":
        "Invalid duration. The days should be after months",
    "SELECT a FROM ~other~": "table other does not exist",
    "SELECT a FROM t WHERE v = ~'x'~": 'Invalid STRING constant (x) for "v" of type int',
    "SELECT a FROM t WHERE ~v != 1~": 'Unsupported "!=" relation: v != 1',
    "SELECT a FROM t WHERE ~v IS NOT NULL~": "Unsupported restriction: v IS NOT NULL",
    "SELECT a FROM t WHERE ~m = {'a': 1}~":
        "Collection column 'm' (map<text, int>) cannot be restricted by a '=' relation",
    "SELECT a FROM t WHERE ~v CONTAINS 1~": "Cannot use CONTAINS on non-collection column v",
    "SELECT a FROM t WHERE ~n CONTAINS KEY 1~": "Cannot use CONTAINS KEY on non-map column n",
    "SELECT a FROM t WHERE ~n[1] = 1~": "Column n cannot be used as a map",
    "SELECT a FROM t WHERE ~m['a'] > 1~": "Only EQ relations are supported on map entries",
    "SELECT a FROM t WHERE ~u = {x: 1}~":
        "Non-frozen UDT column 'u' (point) cannot be restricted by any relation",
    "SELECT a FROM t WHERE ~z > 1h~": "Slice restrictions are not supported on duration columns",
    "SELECT a FROM t WHERE v = 1 AND ~v > 0~":
        "v cannot be restricted by more than one relation if it includes an Equal",
    "SELECT a FROM t WHERE v > 1 AND ~v >= 0~":
        "More than one restriction was found for the start bound on v",
    "SELECT a FROM t WHERE v > 1 AND ~v = 2~":
        'Column "v" cannot be restricted by both an equality and an inequality relation',
    "SELECT a FROM t WHERE (~a~, c) = (1, 2)":
        "Multi-column relations can only be applied to clustering columns but was applied to: a",
    "SELECT a FROM t WHERE (c, d) = ~(1, 2, 3)~":
        "Expected 2 elements in value tuple, but got 3: (1, 2, 3)",
    "SELECT a FROM t WHERE ~token(a) > 1~":
        "The token() function must be applied to all partition key components or none of them",
    "SELECT a FROM t WHERE ~token(b, a) > 1~":
        "The token function arguments must be in the partition key order: a, b",
    "SELECT a FROM t WHERE a = ~?~": "Invalid amount of bind variables",
    "SELECT a FROM t WHERE ~a = null AND b = 'k'~":
        "Invalid null value in condition for column a",
    "SELECT s FROM t WHERE ~c = 1~":
        "Cannot restrict clustering columns when selecting only static columns",
    "SELECT DISTINCT ~v~ FROM t":
        "SELECT DISTINCT queries must only request partition key columns and/or static columns "
        "(not v)",
    "SELECT DISTINCT ~a, b~ FROM t WHERE a IN (1, 2) AND b = 'k' ORDER BY c":
        "SELECT DISTINCT queries must only request partition key columns and/or static columns "
        "(not c)",
    "SELECT DISTINCT ~a~ FROM t":
        "SELECT DISTINCT queries must request all the partition key columns (missing b)",
    "SELECT ~writetime(a)~ FROM t": "Cannot use selection function writetime on PRIMARY KEY part a",
    "SELECT ~l[0]~ FROM t": "Element selection is only allowed on sets and maps, but l is a list",
    "SELECT ~v.x~ FROM t": "Invalid field selection: v of type int is not a user type",
    "SELECT ~u.q~ FROM t": "u of type point has no field q",
    "SELECT ~nothing(v)~ FROM t": "Unknown function 'nothing'",
    "SELECT ~max(min(v))~ FROM t":
        "aggregate functions cannot be used as arguments of aggregate functions",
    "SELECT ~5~ FROM t":
        "Cannot infer type for term 5 in selection clause (try using a cast to force a type)",
    "SELECT a FROM t ORDER BY ~c~":
        "ORDER BY is only supported when the partition key is restricted by an EQ or an IN.",
    "SELECT a FROM t WHERE a = 1 AND b = 'k' ORDER BY ~v~":
        "Order by is currently only supported on the clustered columns of the PRIMARY KEY, got v",
    "SELECT a FROM t WHERE a = 1 AND b = 'k' ORDER BY c ASC, ~d ASC~":
        "Unsupported order by relation",
    "SELECT a FROM t GROUP BY ~v~":
        "Group by is currently only supported on the columns of the PRIMARY KEY, got v",
    "SELECT a FROM t GROUP BY ~a~":
        "Group by is not supported on only a part of the partition key",
    "SELECT a FROM t LIMIT ~0~": "LIMIT must be strictly positive",
    "SELECT max(v) FROM t PER PARTITION LIMIT ~1~":
        "PER PARTITION LIMIT is not allowed with aggregate queries.",
    "SELECT a FROM t WHERE w = 'x' AND v = ~99999999999~":
        "Unable to make int from '99999999999'",
    "SELECT a FROM t WHERE v = ~[1]~":
        "Unexpected receiver type 'int'; only list and vector are expected",
    "~INSERT INTO t (a) VALUES (1)~": "only SELECT statements are answered",
}  # fmt: skip


@pytest.mark.parametrize("marked", REFUSED)
def test_refused_as_cassandra_does(marked: str) -> None:
    text = marked.replace("~", "")
    with pytest.raises(QueryError) as raised:
        statement(text)
    error = raised.value
    assert error.message == REFUSED[marked]
    assert error.at is not None
    assert text[: error.at] + "~" + text[error.at : error.at + error.length] + "~" in marked


def test_malformed() -> None:
    with pytest.raises(QueryError) as raised:
        statement("SELECT a,\n FROM t")
    assert (raised.value.at, raised.value.message[:8]) == (11, "expected")


@pytest.mark.parametrize(
    "deep",
    [
        lambda n: f"SELECT {'(int)' * n}v FROM t",
        lambda n: f"SELECT {'abs(' * n}v{')' * n} FROM t",
        lambda n: f"SELECT {'cast(' * n}v{' AS int)' * n} FROM t",
        lambda n: f"SELECT v{' + v' * n} FROM t",
        lambda n: f"SELECT v FROM t WHERE {'(' * n}v > 0{')' * n}",
        lambda n: f"SELECT v FROM t WHERE v < {'abs(' * n}-100{')' * n}",
    ],
)
def test_what_is_too_deep_is_refused(table: Table, deep: Callable[[int], str]) -> None:
    def count(depth: int) -> int:
        return len(list(execute(statement(deep(depth)), table, now=NOW)))

    assert count(50) >= 4
    for depth in range(60, 1000, 45):
        with suppress(QueryError):
            assert count(depth) >= 4
    with pytest.raises(QueryError, match="nested too deeply"):
        count(1000)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("SELECT a FROM t", 0),
        ("SELECT a FROM t WHERE a = 1 AND b = 'k' AND c = 1", 0),
        ("SELECT a FROM t WHERE a = 1", 1),
        ("SELECT a FROM t WHERE a = 1 AND b = 'k' AND d = 1", 1),
        ("SELECT a FROM t WHERE v = 1", 1),
        ("SELECT a FROM t ORDER BY e ANN OF [1, 2] LIMIT 1", 1),
    ],
)
def test_what_would_need_filtering_is_noted(text: str, count: int) -> None:
    assert len(statement(text).notes) == count


def explained(table: Table, text: str) -> dict[str, str]:
    """What EXPLAIN says of what is read and what is done with it."""
    found = explain(statement(f"EXPLAIN {text}"), table, now=NOW)
    assert len(found.sstables) == 3
    return dict(found.plan) | {"result": str(found.rows)}


def test_explain(table: Table) -> None:
    text = "SELECT a FROM t WHERE a = 1 AND b = 'k' AND c >= 1 AND v > 10 ORDER BY c ASC"
    assert explained(table, text) == {
        "partitions": "by key: 1:k",
        "rows": "from the last one of each partition",
        "filter": "v > 10",
        "result": "2",
    }
    assert explained(table, "SELECT count(*) FROM t WHERE token(a, b) > 5 AND c > 1") == {
        "partitions": "those of a range of tokens",
        "rows": "before (1)",
        "aggregate": "all rows become one",
        "result": "1",
    }


def test_explain_tells_what_was_skipped(table: Table) -> None:
    found = explain(statement("SELECT a FROM t WHERE a = 3 AND b = 'k'"), table, now=NOW)
    read = [one for one in found.sstables.values() if one.partitions]
    assert [(one.partitions, one.index_lookups) for one in read] == [(1, 1)]
    result = dict(found.lines())
    assert result["result"] == "1 rows"
    assert sum("partitions read" in line for line in result.values()) == 1


def test_explain_marks_the_place_of_an_error() -> None:
    with pytest.raises(QueryError) as raised:
        statement("EXPLAIN SELECT x FROM t")
    assert raised.value.at == len("EXPLAIN SELECT ")


def test_udt_literals_are_shown_in_the_order_of_a_java_hash_map() -> None:
    assert java_order(["f0", "f1", "f2", "name"]) == ["f2", "f1", "f0", "name"]
    with pytest.raises(QueryError, match=r"^Unsupported \"!=\" relation: v != \{f1: 2, f0: 1\}$"):
        statement("SELECT v FROM t WHERE v != {f0: 1, f1: 2}")


# Indexes.

SASI = "CREATE CUSTOM INDEX ON ks.t (w) USING 'org.apache.cassandra.index.sasi.SASIIndex'"
WHOLE = "'analyzer_class': 'org.apache.cassandra.index.sasi.analyzer.NonTokenizingAnalyzer'"


def liked(table: Table, pattern: str, index: str = "") -> tuple[list[str], tuple[str, ...]]:
    """The rows that a LIKE gives, and its notes, where the schema has an index."""
    (schema,) = parse_cql(f"{CREATE}{index}").tables()
    text = f"SELECT v FROM t WHERE w LIKE '{pattern}'"
    found = prepare(text, lambda _keyspace, _name: schema)
    return [
        str(int.from_bytes(row[0] or b"")) for row in execute(found, table, now=NOW)
    ], found.notes


def test_like_is_what_the_index_makes_of_it(table: Table) -> None:
    refusal = (
        "LIKE restriction is only supported on properly indexed columns. w LIKE 'T%' is not valid."
    )
    assert liked(table, "T%") == ([], (refusal,))
    assert liked(table, "T%", f"{SASI};") == ([], ())
    mode = f"{SASI} WITH OPTIONS = {{'mode': 'CONTAINS', {WHOLE}, 'case_sensitive': 'false'}};"
    assert liked(table, "T%", mode) == liked(table, "%W%", mode) == (["30"], ())
    upper = f"{SASI} WITH OPTIONS = {{{WHOLE}, 'normalize_uppercase': 'true'}};"
    assert liked(table, "Two", upper) == (["30"], ())
    found, notes = liked(table, "%w%", upper)
    assert found == ["30"]
    assert notes == ("w LIKE '%<term>%' w is only supported on properly indexed columns",)
    words = f"{SASI} WITH OPTIONS = {{'analyzed': 'true'}};"
    assert liked(table, "two", words) == (
        ["30"],
        ("w's index has words by its StandardAnalyzer; here are whole values",),
    )


def test_ann_wants_a_sai_index_of_its_column() -> None:
    text = "SELECT v FROM t ORDER BY e ANN OF [1, 1] LIMIT 1"
    needed = ("ANN ordering by vector requires the column to be indexed",)
    for index, notes in (
        ("", needed),
        ("CREATE INDEX e ON ks.t (w) USING 'sai';", needed),
        ("CREATE INDEX other ON ks.t (e) USING 'sai';", ()),
        ("CREATE CUSTOM INDEX ON ks.t (e) USING 'StorageAttachedIndex';", ()),
    ):
        (schema,) = parse_cql(f"{CREATE}{index}").tables()
        assert prepare(text, lambda _k, _n, schema=schema: schema).notes == notes


# Metadata alone.

PLAIN = "CREATE TABLE ks.p (id int, c int, v int, PRIMARY KEY (id, c)) WITH CLUSTERING ORDER BY {}"


def plain(directory: Path, *sstables: list[dict[str, object]], order: str = "(c DESC)") -> Table:
    """A table without static columns, of some SSTables."""
    create = PLAIN.format(order)
    for rows in sstables:
        with Writer(create, directory, format="da", now=NOW) as writer:
            for values in rows:
                ttl = 50 if values.get("v") == 99 else None
                writer.write(values, timestamp=T, ttl=ttl, update="v" in values)
    return Table(directory, schema=create, now=NOW)


def whole(table: Table, what: str) -> tuple[list[str], bool]:
    """The answer over the whole table, and whether metadata told it."""
    found = prepare(f"SELECT {what} FROM p", lambda _keyspace, _name: table.schema)
    (values,) = execute(found, table, now=NOW)
    columns = execute(found, table, now=NOW).columns
    shown = [
        "-" if value is None else column.value_type.to_json(value)
        for column, value in zip(columns, values, strict=True)
    ]
    return shown, explain(found, table, now=NOW).plan[0][1].endswith("metadata alone")


@pytest.mark.parametrize("order", ["(c DESC)", "(c ASC)"])
def test_count_min_and_max_by_metadata(tmp_path: Path, order: str) -> None:
    one = [{"id": 1, "c": 5}, {"id": 1, "c": -3, "v": 1}, {"id": 2, "c": 8}]
    with plain(tmp_path, one, order=order) as table:
        assert whole(table, "count(*), min(c), max(c) + 1, count(id)") == (
            ["3", "-3", "9", "3"],
            True,
        )
        assert whole(table, "count(*), c")[1] is False
        assert whole(table, "max(id)") == (["2"], False)
        assert whole(table, "DISTINCT count(id)") == (["2"], False)


def test_rows_of_several_sstables_are_counted_where_they_may_meet(tmp_path: Path) -> None:
    with plain(tmp_path, [{"id": 1, "c": 5}], [{"id": 1, "c": 5}, {"id": 1, "c": 6}]) as table:
        assert whole(table, "count(*)") == (["2"], False)
        assert whole(table, "min(c), max(c)") == (["5", "6"], True)


def test_rows_that_may_expire_are_read(tmp_path: Path) -> None:
    with plain(tmp_path, [{"id": 1, "c": 5}, {"id": 1, "c": 9, "v": 99}]) as table:
        assert whole(table, "count(*), max(c)") == (["2", "9"], False)
        later = prepare("SELECT count(*) FROM p", lambda _keyspace, _name: table.schema)
        assert [*execute(later, table, now=NOW + 51)] == [((1).to_bytes(8, "big"),)]


def test_sstables_without_tokens_in_common_are_summed(tmp_path: Path) -> None:
    rows = sorted(range(20), key=lambda n: MURMUR3.token(n.to_bytes(4, "big")))
    halves = [[{"id": n, "c": n} for n in part] for part in (rows[:9], rows[9:])]
    with plain(tmp_path, *halves) as table:
        assert whole(table, "count(*), min(c), max(c)") == (["20", "0", "19"], True)
