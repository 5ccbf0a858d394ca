"""Types in front of terms: how titles repeat them and what is refused, as a node of 5.0.6 does."""

from __future__ import annotations

import pytest

from cqlite.errors import QueryError
from cqlite.query.statement import prepare
from cqlite.schema import parse_cql

(SCHEMA,) = parse_cql(
    "CREATE TYPE ks.point (x int, y int); CREATE TABLE ks.t (a int PRIMARY KEY, u point)"
).tables()

TITLES = {
    "(frozen<point>) {x: 1}": "(frozen<ks.point>){x: 1}",
    '("point") {x: 1}': "(ks.point){x: 1}",
    "(POINT) {x: 1}": "(ks.point){x: 1}",
    "(list<frozen<point>>) [{x: 1}]": "(list<frozen<ks.point>>)[{x: 1}]",
    "(tuple<int, list<int>>) (1, [2])": "(tuple<int, frozen<list<int>>>)(1, [2])",
    "(frozen<tuple<int, point>>) (1, {x: 1})": "(tuple<int, frozen<ks.point>>)(1, {x: 1})",
    "(frozen<list<list<int>>>) [[1]]": "(frozen<list<frozen<list<int>>>>)[[1]]",
    "(frozen<map<int, map<int, point>>>) {1: {2: {x: 1}}}":
        "(frozen<map<int, frozen<map<int, frozen<ks.point>>>>>){1: {2: {x: 1}}}",
    "(vector<point,1>) [{x: 1}]": "(vector<ks.point, 1>)[{x: 1}]",
    "(frozen<vector<int, 1>>) [1]": "(vector<int, 1>)[1]",
    "('org.apache.cassandra.db.marshal.Int32Type') 5":
        "('org.apache.cassandra.db.marshal.Int32Type')5",
    "(VARCHAR) 'a'": "(varchar)'a'",
}  # fmt: skip
REFUSED = {
    "(list<list<int>>) [[1]]":
        "Non-frozen collections are not allowed inside collections: list<list<int>>",
    "(map<int, point>) {1: {x: 1}}":
        "Non-frozen UDTs are not allowed inside collections: map<int, point>",
    "(frozen<int>) 1":
        "frozen<> is only allowed on collections, tuples, and user-defined types (got int)",
    "(list<counter>) [1]": "Counters are not allowed inside collections: list<counter>",
    "(tuple<counter>) (1)": "Counters are not allowed inside tuples",
    "(set<duration>) {1h}": "Durations are not allowed inside sets: set<duration>",
    "(frozen<map<duration, int>>) {1h: 1}":
        "Durations are not allowed as map keys: frozen<map<duration, int>>",
    "(vector<int, 0>) []": "vectors may only have positive dimensions; given 0",
    "(tuple<int>) ({x: 1})":
        "Cannot assign value (tuple<int>)({x: 1}) to (tuple<int>)({x: 1}) of type "
        "frozen<tuple<int>>",
    "(set<int>) {x: 1}": "Undefined column name x in table ks.t",
    "(frozen<nothing>) u": "Unknown type ks.nothing",
    "(other.point) u":
        "Statement on keyspace ks cannot refer to a user type in keyspace other; user types can "
        "only be used in the keyspace they are defined in",
}  # fmt: skip


@pytest.mark.parametrize("text", TITLES)
def test_titles(text: str) -> None:
    found = prepare(f"SELECT {text} FROM t", lambda _k, _n: SCHEMA)
    assert [column.name for column in found.result_columns] == [TITLES[text]]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(QueryError) as raised:
        prepare(f"SELECT {text} FROM t", lambda _k, _n: SCHEMA)
    assert raised.value.message == REFUSED[text]
    assert raised.value.at is not None


def test_conditions_are_checked_before_types_in_them() -> None:
    with pytest.raises(QueryError, match="Non-frozen UDT column 'u'"):
        prepare("SELECT a FROM t WHERE u = (list<point>) [{x: 1}]", lambda _k, _n: SCHEMA)
    with pytest.raises(QueryError, match="Unknown type") as raised:
        prepare("SELECT a FROM t WHERE a = (nothing) 1", lambda _k, _n: SCHEMA)
    assert raised.value.at is not None
