"""Every native function against what Cassandra 5.0.6 itself makes of the same arguments.

The vectors are made by ``tests/cassandra/function_vectors.py``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import CqliteError, QueryError
from cqlite.query.functions import (
    AggregateFunction,
    Assignment,
    Function,
    FunctionContext,
    ScalarFunction,
    assignment,
)
from cqlite.query.functions.resolve import find_function
from cqlite.types import CqlType, parse_partitioner, parse_type

VECTORS = json.loads(Path(__file__).with_name("function_vectors.json").read_text(encoding="utf-8"))
PACKAGE = "org.apache.cassandra.db.marshal."
CONTEXT = FunctionContext(now_ms=1_700_000_000_123, keyspace="ks", table="t")


@dataclass(frozen=True)
class Typed:
    """An argument of which only the type is known, as a column is."""

    type: CqlType

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return assignment(self.type, receiver)

    def compatible_type(self) -> CqlType | None:
        return self.type

    def array_size(self) -> int | None:
        return None

    def __str__(self) -> str:
        return self.type.marshal_name


def by_name() -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for case in VECTORS["functions"]:
        found[case["asked"].split("\t")[0]].append(case)
    return found


CASES = by_name()


def call(name: str, types: list[str], receiver: str = "") -> Function | None:
    return find_function(
        name,
        [Typed(parse_type(kind)) for kind in types],
        CONTEXT,
        keyspace="system",
        receiver=parse_type(receiver) if receiver else None,
    )


def rows_of(text: str) -> list[list[bytes | None]]:
    def value(part: str) -> bytes | None:
        return None if part == "null" else b"" if part == "-" else bytes.fromhex(part)

    return [list(map(value, row.split(","))) for row in text.split(";")] if text else []


@pytest.mark.parametrize("name", CASES)
def test_function(name: str) -> None:
    for case in CASES[name]:
        _, types, rows, receiver = case["asked"].split("\t")
        check(case, types.split(";") if types else [], rows_of(rows), receiver)


def check(
    case: dict[str, Any], types: list[str], rows: list[list[bytes | None]], receiver: str
) -> None:
    name = case["asked"].split("\t")[0]
    if "error" in case:
        with pytest.raises(QueryError) as caught:
            call(name, types, receiver)
        assert comparable(caught.value.message) == comparable(case["error"])
        return
    function = call(name, types, receiver)
    if "function" not in case:
        assert function is None
        return
    assert function is not None, case["asked"]
    assert list(function.argument_types) == [own_type(kind) for kind in case["arguments"]]
    assert function.return_type == own_type(case["result"])
    assert function.column_name([f"c{at}" for at in range(len(types))]) == case["title"]
    if isinstance(function, AggregateFunction):
        got = outcome(lambda: total(function, rows))
        assert same(got, case["total"], function.return_type), (case, got)
        return
    assert isinstance(function, ScalarFunction)
    for row, answer in zip(rows, case["values"], strict=True):
        got = outcome(lambda row=row: function.call(*row))  # type: ignore[misc]
        assert same(got, answer, function.return_type), (name, types, row, got, answer)


def own_type(name: str) -> CqlType:
    """A type; what Cassandra gives user-defined functions for a ``timeuuid`` equals that."""
    return parse_type(name.replace("LegacyTimeUUIDType", "TimeUUIDType"))


def total(function: AggregateFunction, rows: list[list[bytes | None]]) -> bytes | None:
    state = function.new()
    for row in rows:
        state.add(*row)
    return state.result()


def outcome(compute: Any) -> str | None:
    try:
        value = compute()
    except CqliteError as error:
        return f"error {comparable(error.message)}"
    return None if value is None else value.hex()


def same(got: str | None, answer: Any, kind: CqlType) -> bool:
    """Whether ``got`` is Cassandra's answer."""
    if isinstance(answer, dict):
        wanted = f"error {comparable(answer['error'])}"
        return got == wanted or (not is_worded(wanted) and str(got).startswith("error"))
    if kind.class_name in ("FloatType", "DoubleType") and got and answer:
        # The sign of a NaN is the processor's.
        both_nan = all(kind.to_string(bytes.fromhex(text)) == "NaN" for text in (got, answer))
        return both_nan or got == answer
    return bool(got == answer)


def is_worded(message: str) -> bool:
    """Whether Cassandra has an error for it, rather than a value's or Java's own."""
    unworded = ("error null", "Unexpected error", "Unable to ", "by zero")
    return not any(text in message for text in (*unworded, "Invalid ", "Value '", "Unrecognized"))


def comparable(message: str) -> str:
    """A message without what is Java's alone in it, and with signatures in one order."""
    message = message.split(" (known type signatures")[0].replace(PACKAGE, "")
    message = message.removeprefix("org.apache.cassandra.serializers.MarshalException: ")
    head, found, tail = message.partition(" (can be matched by following signatures: ")
    signatures, _, rest = tail.partition("): use")
    return (
        head
        + found
        + " ".join(sorted(signatures.removeprefix("system.").split(", system.")))
        + rest
    )


def test_the_present_is_the_query_s() -> None:
    at = {name: call(name, []) for name in ("current_timestamp", "currentdate", "current_time")}
    values = {
        name: function.return_type.decode(function.call() or b"")
        for name, function in at.items()
        if isinstance(function, ScalarFunction)
    }
    assert values["current_timestamp"].timestamp() == 1_700_000_000.123
    assert str(values["currentdate"]) == "2023-11-14"
    assert values["current_time"] == 80_000_123_000_000


def test_uuids_of_the_present_differ() -> None:
    for name in ("now", "current_timeuuid", "currenttimeuuid"):
        function = call(name, [])
        assert isinstance(function, ScalarFunction)
        first, second = (function.return_type.decode(function.call() or b"") for _ in range(2))
        assert first != second
        assert {first.version, second.version} == {1}
        to_timestamp = call("to_timestamp", ["TimeUUIDType"])
        assert isinstance(to_timestamp, ScalarFunction)
        assert to_timestamp.call(first.bytes) == (1_700_000_000_123).to_bytes(8, "big")
        assert not function.is_pure


def test_uuid() -> None:
    function = call("uuid", [])
    assert isinstance(function, ScalarFunction)
    assert function.call() != function.call()
    assert function.return_type.decode(function.call() or b"").version == 4


@pytest.mark.parametrize(
    ("partitioner", "types", "values", "token"),
    [
        ("Murmur3Partitioner", ["UTF8Type"], [b"abc"], -5434086359492102041),
        ("RandomPartitioner", ["UTF8Type"], [b"abc"], None),
        ("ByteOrderedPartitioner", ["UTF8Type"], [b"abc"], b"abc"),
    ],
)
def test_token(partitioner: str, types: list[str], values: list[bytes], token: Any) -> None:
    kinds = tuple(map(parse_type, types))
    made = parse_partitioner(f"org.apache.cassandra.dht.{partitioner}")
    context = FunctionContext(0, "ks", "t", kinds, made)
    function = find_function("token", [Typed(kind) for kind in kinds], context)
    assert isinstance(function, ScalarFunction)
    assert function.column_name(["pk"]) == "system.token(pk)"
    found = function.return_type.decode(function.call(*values) or b"")
    assert found == (made.token(values[0]).value if token is None else token)
    assert function.call(None) is None


def test_token_of_several_columns() -> None:
    kinds = (parse_type("Int32Type"), parse_type("UTF8Type"))
    context = FunctionContext(0, "ks", "t", kinds)
    function = find_function("token", [Typed(kind) for kind in kinds], context)
    assert isinstance(function, ScalarFunction)
    key = b"\0\4\0\0\0\1\0\0\1a\0"
    token = context.partitioner.token(key).value
    assert function.return_type.decode(function.call(b"\0\0\0\1", b"a") or b"") == token
    with pytest.raises(QueryError, match="2 required but 1 provided"):
        find_function("token", [Typed(kinds[0])], context)
