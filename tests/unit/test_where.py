"""WHERE clauses: which rows they let through, and what is refused with which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cqlite.errors import InvalidValueError, SchemaError, UnsupportedFeatureError
from cqlite.schema import TableSchema, parse_cql
from cqlite.sstable import SSTable
from cqlite.sstable.select.plan import Restriction, Slice, SliceBound
from cqlite.sstable.select.where.compiled import compile_where
from cqlite.types import parse_partitioner, parse_type
from tests.arrow import rows
from tests.engines import on_engines, using
from tests.shared import sstables

MURMUR3 = parse_partitioner("Murmur3Partitioner")
INT = parse_type("Int32Type")


def table(key: str, columns: str, order: str = "") -> TableSchema:
    text = f"CREATE TABLE k.t ({columns}, PRIMARY KEY ({key}))"
    text += f" WITH CLUSTERING ORDER BY ({order})" if order else ""
    return next(parse_cql(text + ";").tables())


PLAIN = table("p, a, b, c", "p int, a int, b int, c int, s int static, v int")
MIXED = table("p, a, b, c", "p int, a int, b int, c int, v int", "a ASC, b DESC, c ASC")
TWO_KEYS = table("(p, q), a", "p int, q text, a int")
TYPES = table(
    "p, t, l, m, u",
    "p timeuuid, t timestamp, l frozen<list<int>>, m frozen<map<text, int>>, "
    "u frozen<tuple<int, text>>",
)


def compiled(text: str, schema: TableSchema = PLAIN) -> Restriction:
    return compile_where(text, schema, MURMUR3)


def ints(*values: int) -> tuple[bytes, ...]:
    return tuple(INT.encode(value) for value in values)


def bound(*values: int, inclusive: bool = True) -> SliceBound:
    return SliceBound(ints(*values), inclusive)


# Which clusterings a restriction lets through, by trying them all.


def _clusterings() -> Iterator[tuple[int, int, int]]:
    numbers = range(-1, 3)
    return ((a, b, c) for a in numbers for b in numbers for c in numbers)


def _in_order(schema: TableSchema) -> list[tuple[int, int, int]]:
    """All of them in the order of rows."""
    sign = -1 if schema is MIXED else 1
    return sorted(_clusterings(), key=lambda values: (values[0], sign * values[1], values[2]))


def _let_through(slices: tuple[Slice, ...], schema: TableSchema) -> list[tuple[int, ...]]:
    """The clusterings within slices, in the order of the slices."""
    from cqlite.index import ClusteringPrefix
    from cqlite.index.comparator import ClusteringComparator
    from cqlite.sstable.select.clusterings import place_of

    types = [column.type for column in schema.clustering_columns]
    compare = ClusteringComparator(types).compare
    found = []
    for piece in slices:
        start, end = place_of(piece.start, "start"), place_of(piece.end, "end")
        for values in _in_order(schema):
            prefix = ClusteringPrefix(ints(*values))
            if compare(prefix, start) > 0 and compare(prefix, end) < 0:
                found.append(values)
    return found


@pytest.mark.parametrize("schema", [PLAIN, MIXED], ids=["ascending", "mixed"])
@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a = 1", lambda a, b, c: a == 1),
        ("a = 1 AND b > 0", lambda a, b, c: a == 1 and b > 0),
        ("a = 1 AND b >= 0 AND b < 2", lambda a, b, c: a == 1 and 0 <= b < 2),
        ("a IN (0, 2, 0) AND b <= 1", lambda a, b, c: a in (0, 2) and b <= 1),
        ("a > 0", lambda a, b, c: a > 0),
        ("a = 1 AND b = 1 AND c IN (2, 0)", lambda a, b, c: a == 1 and b == 1 and c in (0, 2)),
        ("(a, b) = (1, 2)", lambda a, b, c: (a, b) == (1, 2)),
        ("(a, b) > (0, 1)", lambda a, b, c: (a, b) > (0, 1)),
        ("(a, b, c) >= (0, 1, 1)", lambda a, b, c: (a, b, c) >= (0, 1, 1)),
        ("(a, b, c) < (1, 0, 1)", lambda a, b, c: (a, b, c) < (1, 0, 1)),
        (
            "(a, b, c) > (0, 1, 1) AND (a, b) <= (1, 1)",
            lambda a, b, c: (a, b, c) > (0, 1, 1) and (a, b) <= (1, 1),
        ),
        ("a = 0 AND (b, c) > (0, 1)", lambda a, b, c: a == 0 and (b, c) > (0, 1)),
        (
            "(a, b) IN ((1, 2), (0, 0), (1, 2)) AND c > 0",
            lambda a, b, c: (a, b) in ((1, 2), (0, 0)) and c > 0,
        ),
        ("(a) > (0) AND (a, b) < (2, 1)", lambda a, b, c: a > 0 and (a, b) < (2, 1)),
        ("a > 1 AND a < 1", lambda a, b, c: False),
        ("a >= 1 AND a <= 1", lambda a, b, c: a == 1),
        ("(a = 1) AND ((b) = (2))", lambda a, b, c: (a, b) == (1, 2)),
        ("a IN ()", lambda a, b, c: False),
    ],
)
def test_slices_let_through_what_fits(
    schema: TableSchema, text: str, fits: Callable[[int, int, int], bool]
) -> None:
    slices = compiled(text, schema).slices
    assert slices is not None
    found = _let_through(slices, schema)
    # Each once, and in the order of rows.
    assert found == [values for values in _in_order(schema) if fits(*values)]


def test_descending_columns_turn_bounds_around() -> None:
    expected = Slice(bound(1), bound(1, 5, inclusive=False))
    assert compiled("a = 1 AND b > 5", MIXED).slices == (expected,)
    assert compiled("a = 1 AND b > 5").slices == (Slice(bound(1, 5, inclusive=False), bound(1)),)


# Keys and tokens.


def test_keys_are_in_the_order_of_tokens() -> None:
    keys = compiled("p IN (3, 1, 2, 1)").keys
    assert keys == tuple(sorted(ints(1, 2, 3), key=MURMUR3.sort_key))
    assert compiled("p = 5").keys == ints(5)
    assert compiled("a = 5").keys is None


def test_keys_of_several_columns_are_combined() -> None:
    keys = compiled("q IN ('x', 'y') AND p = 1", TWO_KEYS).keys
    expected = {TWO_KEYS.join_key([*ints(1), text]) for text in (b"x", b"y")}
    assert keys is not None
    assert set(keys) == expected


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("token(p) > token(5)", lambda t, five: t > five),
        ("token(p) >= token(5)", lambda t, five: t >= five),
        ("token(p) < token(5)", lambda t, five: t < five),
        ("token(p) <= token(5)", lambda t, five: t <= five),
        ("token(p) = token(5)", lambda t, five: t == five),
        ("token(p) > -1000000000000 AND token(p) <= 4000000000000000000",
         lambda t, five: -1000000000000 < t <= 4 * 10**18),
    ],
)  # fmt: skip
def test_tokens(text: str, fits: Callable[[int, int], bool]) -> None:
    positions = compiled(text).positions
    five = MURMUR3.token(*ints(5)).value
    for number in range(200):
        (key,) = ints(number)
        position = MURMUR3.byte_comparable(key)
        inside = position >= positions.start and (positions.end is None or position < positions.end)
        assert inside is fits(MURMUR3.token(key).value, five), number


# Literals.


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("t = 5", "TimestampType", 5),
        ("t = '1970-01-01T00:00:00.005Z'", "TimestampType", 5),
        ("t = '1970-01-01' AND l = [1, -2]", "FrozenType(ListType(Int32Type))", [1, -2]),
        (
            "t = 5 AND l = [] AND m = {'b': 2, 'a': 1}",
            "FrozenType(MapType(UTF8Type,Int32Type))",
            {"a": 1, "b": 2},
        ),
        (
            "t = 5 AND l = [] AND m = {} AND u = (1, 'it''s')",
            "TupleType(Int32Type,UTF8Type)",
            (1, "it's"),
        ),
    ],
)
def test_literals(text: str, column: str, value: Any) -> None:
    slices = compiled(text, TYPES).slices
    assert slices is not None
    assert slices[0].start.values[-1] == parse_type(column).encode(value)


# What is refused.


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("b = 1", SchemaError, 'line 1, column 1: PRIMARY KEY column "b" cannot be restricted as '
         'preceding column "a" is not restricted'),
        ("a > 1 AND b = 1", SchemaError, 'column 11: Clustering column "b" cannot be restricted '
         r'\(preceding column "a" is restricted by a non-EQ relation\)'),
        ("a = 1 AND a = 2", SchemaError, "more than one relation if it includes an Equal"),
        ("a IN (1, 2) AND a = 2", SchemaError, "more than one relation if it includes a IN"),
        ("a = 1 AND a > 2", SchemaError, "more than one relation if it includes an Equal"),
        ("a > 2 AND a = 1", SchemaError, "both an equality and an inequality"),
        ("a > 1 AND a > 2", SchemaError, "More than one restriction was found for the start bound"),
        ("a < 1 AND a <= 2", SchemaError, "More than one restriction was found for the end bound"),
        ("(a, b) > (1, 1) AND b < 2", SchemaError, "two inequalities not starting with the same"),
        ("(a, c) = (1, 1)", SchemaError, "must appear in the PRIMARY KEY order"),
        ("(a, a) = (1, 1)", SchemaError, "appeared twice in a relation"),
        ("(a, b) = (1)", SchemaError, r"Expected 2 elements in value tuple, but got 1: \(1\)"),
        ("(p, a) = (1, 1)", SchemaError, "only be applied to clustering columns.*: p"),
        ("p > 1", SchemaError, "Only EQ and IN relation are supported on the partition key"),
        ("p = 1 AND p = 2", SchemaError, "p cannot be restricted by more than one relation"),
        ("p != 1", SchemaError, 'Unsupported "!=" relation: p != 1'),
        ("token(a) > 1", SchemaError, "all partition key components or none"),
        ("token(p, a) > 1", SchemaError, "only partition key components"),
        ("token(p) > 1 AND token(p) = 2", SchemaError, "both an equality and an inequality"),
        ("nope = 1", SchemaError, "line 1, column 1: Undefined column name nope in table k.t"),
        ("p = null", SchemaError, "Invalid null value in condition for column p"),
        ("p = ?", SchemaError, "Invalid amount of bind variables"),
        ("p = 1 LIMIT 5", SchemaError, "column 7: expected AND or the end, found 'LIMIT'"),
        ("p = 1;", SchemaError, "expected AND or the end, found ';'"),
        ("p =", SchemaError, "found the end of the text"),
        ("", SchemaError, "line 1, column 1: expected"),
        ("p = 'x'", InvalidValueError, r'Invalid STRING constant \(x\) for "p" of type int'),
        ("p = 1.5", InvalidValueError, r'Invalid FLOAT constant \(1.5\) for "p" of type int'),
        ("p = 99999999999", InvalidValueError, "line 1, column 5: Unable to make int from"),
        ("p = [1]", InvalidValueError, "Unexpected receiver type 'int'"),
        ("p = (1, 2)", InvalidValueError, "Invalid tuple type literal for p of type int"),
        ("p = 1 + 1", UnsupportedFeatureError, "calculations, functions and casts are not"),
        ("p = intAsBlob(1)", UnsupportedFeatureError, "functions and casts are not"),
        ("v = 1", UnsupportedFeatureError, "columns outside of the primary key"),
        ("s = 1", UnsupportedFeatureError, "columns outside of the primary key"),
        ("a CONTAINS 1", SchemaError, "Cannot use CONTAINS on non-collection column a"),
        ("a LIKE 'x'", InvalidValueError, r'Invalid STRING constant \(x\) for "a" of type int'),
        ("a LIKE 5", SchemaError, "LIKE restriction is only supported on properly indexed"),
    ],
)  # fmt: skip
def test_refusals(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        compiled(text)


def test_a_part_of_the_key_would_need_filtering() -> None:
    with pytest.raises(UnsupportedFeatureError, match=r"data filtering.*; restrict q too"):
        compiled("p = 1", TWO_KEYS)


# Rows of real SSTables.

WIDE = [case for case in sstables(own_only=True) if "/wide/" in case.id]
CLAUSES: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("c = 20", lambda r: r["c"] == 20),
    ("c > 10 AND c <= 30", lambda r: 10 < r["c"] <= 30),
    ("c IN (5, 6, 39, 1000)", lambda r: r["c"] in (5, 6, 39)),
    ("c < 3", lambda r: r["c"] < 3),
    ("(c, d) > (20, 'm')", lambda r: (r["c"], r["d"]) > (20, "m")),
]


@on_engines
@pytest.mark.parametrize("case", WIDE, ids=str)
@pytest.mark.parametrize("key", ["", "p = 1", "p IN (3, 2, 1)"])
def test_slices_are_what_filtering_gives(case: Any, key: str, engine: str) -> None:
    schema = next(parse_cql(case.schema.read_text()).tables())
    with using(engine), SSTable(case.data_path, schema=schema) as sstable:
        everything = [row for row in rows(sstable.to_arrow()) if row["c"] is not None]
        for clause, fits in CLAUSES:
            where = f"{key} AND {clause}" if key else clause
            found = rows(sstable.to_arrow(where=where))
            of_keys = [row for row in everything if not key or key != "p = 1" or row["p"] == 1]
            assert found == [row for row in of_keys if fits(row)], where


@on_engines
@pytest.mark.parametrize("case", WIDE, ids=str)
def test_metadata_within_slices(case: Any, engine: str) -> None:
    schema = next(parse_cql(case.schema.read_text()).tables())
    with using(engine), SSTable(case.data_path, schema=schema) as sstable:
        everything = rows(sstable.to_arrow(metadata=True, where="p = 1"))
        within = rows(sstable.to_arrow(metadata=True, where="p = 1 AND c >= 10 AND c < 30"))
    expected = [
        row for row in everything if row["row_kind"] in ("partition", "static") or _is_within(row)
    ]
    assert within == expected


def _is_within(row: dict[str, Any]) -> bool:
    if row["row_kind"] == "row":
        return bool(10 <= row["c"] < 30)
    return row["c"] is not None and bool(10 <= row["c"] < 30)


@on_engines
@pytest.mark.parametrize("case", WIDE, ids=str)
def test_slice_and_get(case: Any, engine: str) -> None:
    with using(engine), SSTable(case.data_path) as sstable:
        everything = sstable.get(1)
        names = list(everything[0])
        assert names == [column.name for column in sstable.schema.columns()]
        clustering = names[1]
        start, end = sorted([everything[3][clustering], everything[-3][clustering]])
        if sstable.schema.clustering_columns[0].is_descending:
            start, end = end, start
        found = list(sstable.slice(1, start, (end,), columns=names[:2]))
        low, high = min(start, end), max(start, end)
        assert found == [
            {name: row[name] for name in names[:2]}
            for row in everything
            if low <= row[clustering] <= high
        ]
        assert list(sstable.slice(1, limit=2)) == everything[:2]
        assert sstable.get(12345) == []
        with pytest.raises(InvalidValueError, match="cannot be a value of int"):
            sstable.get("1")
        with pytest.raises(SchemaError, match="of 1 columns"):
            sstable.get((1, 2))
        with pytest.raises(SchemaError, match="Undefined column name"):
            sstable.get(1, columns=["nope"])
