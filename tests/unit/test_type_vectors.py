"""Every type against what Cassandra 5.0.6 itself says about values of it.

The vectors are made by ``tests/cassandra/type_vectors.py``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import InvalidTypeError, InvalidValueError
from cqlite.types import CustomType, LocalPartitioner, Partitioner, parse_partitioner, parse_type

VECTORS = json.loads(Path(__file__).with_name("type_vectors.json").read_text(encoding="utf-8"))
TYPES = [case for case in VECTORS["types"] if "error" not in case]
REFUSED = [case for case in VECTORS["types"] if "error" in case]

# Cassandra takes a class that is not its own for an error, which cqlite shows as bytes; and
# it takes the node's partitioner where there is none.
UNKNOWN_TO_CASSANDRA = {"NoSuchType", "com.example.CustomType", "PartitionerDefinedOrder"}


def ids(cases: list[dict[str, Any]]) -> list[str]:
    return [case["type"] for case in cases]


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_what_the_type_is(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    assert kind.marshal_name == case["marshal"]
    assert parse_type(kind.marshal_name) == kind
    assert kind.cql_name == case["cql"]
    assert kind.value_length_if_fixed == case["length"]
    assert kind.is_multi_cell == case["multi_cell"]
    assert kind.shape == (-2 if case["multi_cell"] else case["length"])
    if case["multi_cell"]:
        assert kind.name_comparator is not None
        assert kind.name_comparator.marshal_name == case["name_comparator"]
    if case["multi_cell"] and case["value_comparator"]:
        assert kind.cell_type(b"").marshal_name == case["value_comparator"]


@pytest.mark.parametrize("case", REFUSED, ids=ids(REFUSED))
def test_types_that_cassandra_refuses(case: dict[str, Any]) -> None:
    if case["type"] == "PartitionerDefinedOrder":
        assert parse_type(case["type"]).name_comparator is None
    elif case["type"] in UNKNOWN_TO_CASSANDRA:
        kind = parse_type(case["type"])
        assert isinstance(kind, CustomType)
        assert kind.marshal_name == case["type"]
        assert kind.to_json(b"\1\2") == '"0x0102"'
    else:
        with pytest.raises(InvalidTypeError):
            parse_type(case["type"])


def is_error(answer: Any) -> bool:
    return isinstance(answer, dict)


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_validation(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    for vector in case["values"]:
        data = bytes.fromhex(vector["hex"])
        valid = vector["valid"]
        if is_error(valid) and valid["error"] != "MarshalException":
            continue
        if kind.is_counter:
            # Cassandra's validate is for the sum, a cell's value is a context.
            continue
        if is_error(valid):
            with pytest.raises(InvalidValueError):
                kind.validate(data)
        else:
            kind.validate(data)


def is_refused(vector: dict[str, Any]) -> bool:
    """Whether it is no value of its type.

    Of some of these Cassandra prints what it can read and passes over the rest; here that
    is an error. A collection of a negative number of elements is none for cqlite.
    """
    negative = vector["hex"] == "ffffffff" and vector["json"] in ("[]", "{}")
    return negative or is_error(vector["valid"])


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
@pytest.mark.parametrize(
    ("question", "method"),
    [("json", "to_json"), ("string", "to_string"), ("cql", "to_cql_literal")],
    ids=["json", "string", "cql"],
)
def test_text(case: dict[str, Any], question: str, method: str) -> None:
    kind = parse_type(case["type"])
    for vector in case["values"]:
        data, expected = bytes.fromhex(vector["hex"]), vector[question]
        if is_refused(vector) or is_error(expected) or kind.is_counter:
            continue
        if case["type"] == "LegacyTimeUUIDType" and is_error(vector["comparable"]):
            # Not of version 1, which Cassandra's literal says of it all the same.
            continue
        assert getattr(kind, method)(data) == expected, vector


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_text_of_bytes_that_cassandra_fails_on(case: dict[str, Any]) -> None:
    """Whatever it is, it is a text or a typed error."""
    kind = parse_type(case["type"])
    for vector in case["values"]:
        data = bytes.fromhex(vector["hex"])
        for method in (kind.to_json, kind.to_string, kind.to_cql_literal, kind.decode):
            with suppress(InvalidValueError):
                method(data)


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_parsing_text(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    for vector in case["values"]:
        expected = vector.get("parsed")
        if expected is None or is_error(expected) or is_refused(vector):
            continue
        if vector["hex"] == "" and case["type"] == "BooleanType":
            # An empty text says false to Cassandra, here it says what it was made of.
            continue
        assert kind.from_string(vector["string"]).hex() == expected, vector


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_byte_comparable(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    for vector in case["values"]:
        expected = vector["comparable"]
        if is_error(expected) or is_refused(vector):
            continue
        found = kind.byte_comparable(bytes.fromhex(vector["hex"]))
        assert (found.hex() if found is not None else None) == expected, vector


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_order(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    values = [v for v in case["values"]][: len(case["order"])]
    for left, row in zip(values, case["order"], strict=True):
        for right, expected in zip(values, row, strict=True):
            if expected == "!" or is_refused(left) or is_refused(right):
                continue
            order = kind.compare(bytes.fromhex(left["hex"]), bytes.fromhex(right["hex"]))
            assert "=><"[(order > 0) - (order < 0)] == expected, (left, right)


@pytest.mark.parametrize("case", TYPES, ids=ids(TYPES))
def test_decoding_and_encoding_again(case: dict[str, Any]) -> None:
    kind = parse_type(case["type"])
    if kind.is_counter:
        return
    for vector in case["values"]:
        data = bytes.fromhex(vector["hex"])
        try:
            kind.validate(data)
            value = kind.decode(data)
        except InvalidValueError:
            continue
        again = kind.encode(value)
        assert kind.decode(again) == value or "nan" in repr(value)
        if not is_error(vector["comparable"]) and kind.cql_name != "duration":
            assert kind.compare(again, data) == 0, vector
        if not is_error(vector["json"]):
            assert kind.to_json(again) == vector["json"], vector


def partitioner(case: dict[str, Any]) -> Partitioner:
    return parse_partitioner(case["partitioner"])


@pytest.mark.parametrize("case", VECTORS["partitioners"], ids=lambda c: c["partitioner"])
def test_partitioner(case: dict[str, Any]) -> None:
    found = partitioner(case)
    if not isinstance(found, LocalPartitioner):
        assert found.name == case["class"]
    for vector in case["keys"]:
        key = bytes.fromhex(vector["hex"])
        assert str(found.token(key)) == vector["token"]
        assert found.byte_comparable(key).hex() == vector["comparable"]


@pytest.mark.parametrize("case", VECTORS["partitioners"], ids=lambda c: c["partitioner"])
def test_order_of_partitions(case: dict[str, Any]) -> None:
    found = partitioner(case)
    keys = [bytes.fromhex(vector["hex"]) for vector in case["keys"]]
    for left, row in zip(keys, case["order"], strict=True):
        for right, expected in zip(keys, row, strict=True):
            assert "=><"[found.compare(left, right)] == expected
            a, b = found.sort_key(left), found.sort_key(right)
            assert (a < b) == (expected == "<")
