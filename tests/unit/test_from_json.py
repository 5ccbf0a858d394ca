"""What from_json takes and refuses, as a node of 5.0.6 does."""

from __future__ import annotations

import pytest

from cqlite.errors import QueryError
from cqlite.query.statement import prepare
from cqlite.schema import parse_cql

(SCHEMA,) = parse_cql(
    "CREATE TABLE ks.t (k int PRIMARY KEY, ti tinyint, vi varint, de decimal, f float, d date, "
    "u uuid, tu timeuuid, b boolean, i inet, l frozen<list<int>>)"
).tables()

REFUSED = {
    ("ti", "1.5"): "Unable to make byte from '1.5'",
    ("ti", "1e2"): "Unable to make byte from '100.0'",
    ("ti", '"x"'): "Unable to make byte from 'x'",
    ("ti", "true"): "Expected a byte value, but got a Boolean: true",
    ("vi", "1.5"): "Value '1.5' is not a valid representation of a varint value",
    ("vi", '""'): "Value '' is not a valid representation of a varint value",
    ("de", '{"a": 1}'): "Value '{a=1}' is not a valid representation of a decimal value",
    ("d", '""'): "Unable to coerce '' to a formatted date (long)",
    ("d", '"-1"'): "Unable to make unsigned int (for date) from: '-1'",
    ("u", '"x"'): "Unable to make UUID from 'x'",
    ("tu", '"x"'): "Unknown timeuuid representation: x",
    ("b", '"x"'): "Unable to make boolean from 'x'",
    ("i", '"x"'): "Unable to make inet address from 'x'",
    ("l", '["x"]'): "Unable to make int from 'x'",
}


def value(column: str, json: str) -> object:
    """Reads a statement that compares a column with JSON."""
    return prepare(
        f"SELECT k FROM t WHERE {column} = from_json('{json}')", lambda _k, _n: SCHEMA
    ).restrictions.filters


@pytest.mark.parametrize(("column", "json"), REFUSED)
def test_refused(column: str, json: str) -> None:
    with pytest.raises(QueryError) as raised:
        value(column, json)
    assert raised.value.message == REFUSED[column, json]


@pytest.mark.parametrize("json", ["NaN", "Infinity", "-Infinity", "x", "[1", ""])
def test_no_json(json: str) -> None:
    with pytest.raises(QueryError, match="Could not decode JSON string"):
        value("f", json)


def test_no_json_within_a_string() -> None:
    with pytest.raises(QueryError, match="Error decoding JSON string: "):
        value("l", '""')


@pytest.mark.parametrize(
    ("column", "json"),
    [("ti", "1"), ("ti", '"1"'), ("vi", "12345678901234567890123"), ("de", '"1.50"'), ("f", "1")],
)
def test_taken(column: str, json: str) -> None:
    assert value(column, json)
