"""Random values of every type: what is encoded decodes, and sorts alike in both orders."""

from __future__ import annotations

import datetime
import ipaddress
import math
import uuid
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.types import (
    EMPTY,
    CounterColumnType,
    CounterShard,
    CqlType,
    Date,
    Duration,
    Time,
    Timestamp,
    parse_type,
)

S4 = 1 << 31
S8 = 1 << 63


def integers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def timeuuids() -> st.SearchStrategy[uuid.UUID]:
    return st.binary(min_size=16, max_size=16).map(
        lambda data: uuid.UUID(bytes=data[:6] + bytes((data[6] & 0x0F | 0x10,)) + data[7:])
    )


def decimals() -> st.SearchStrategy[Decimal]:
    return st.builds(
        lambda unscaled, scale: Decimal(f"{unscaled}E{-scale}"),
        st.integers(-(10**30), 10**30),
        st.integers(-300, 300),
    )


def durations() -> st.SearchStrategy[Duration]:
    return st.builds(
        lambda sign, m, d, n: Duration(sign * m, sign * d, sign * n),
        st.sampled_from([1, -1]),
        st.integers(0, S4 - 1),
        st.integers(0, S4 - 1),
        st.integers(0, S8 - 1),
    )


timestamps = st.datetimes(timezones=st.just(datetime.UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "AsciiType": st.text(st.characters(max_codepoint=127)),
    "BooleanType": st.booleans(),
    "BytesType": st.binary(),
    "ByteType": integers(8),
    "DateType": timestamps,
    "DecimalType": decimals(),
    "DoubleType": st.floats(),
    "FloatType": st.floats(width=32),
    "InetAddressType": st.ip_addresses(),
    "Int32Type": integers(32),
    "IntegerType": st.integers() | integers(200),
    "LexicalUUIDType": st.uuids(),
    "LongType": integers(64),
    "ShortType": integers(16),
    "SimpleDateType": st.dates() | st.sampled_from([Date(-S4), Date(S4 - 1)]),
    "TimeType": st.integers(0, 86_400_000_000_000 - 1).map(Time),
    "TimestampType": timestamps | st.sampled_from([Timestamp(-S8), Timestamp(S8 - 1)]),
    "TimeUUIDType": timeuuids(),
    "UTF8Type": st.text(),
    "UUIDType": st.uuids() | timeuuids(),
}
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "FrozenType(ListType(Int32Type))": st.lists(integers(32)),
    "FrozenType(ListType(FrozenType(SetType(UTF8Type))))": st.lists(st.sets(st.text())),
    "FrozenType(SetType(DecimalType))": st.sets(decimals(), max_size=5),
    "FrozenType(MapType(UUIDType,FrozenType(ListType(BytesType))))": st.dictionaries(
        st.uuids(), st.lists(st.binary())
    ),
    "TupleType(Int32Type,UTF8Type,DoubleType)": st.tuples(
        st.none() | integers(32), st.none() | st.text(), st.floats(allow_nan=False)
    ),
    "FrozenType(UserType(ks,74,61:Int32Type,62:UTF8Type))": st.tuples(
        st.none() | integers(32), st.none() | st.text()
    ),
    "VectorType(FloatType , 3)": st.lists(
        st.floats(width=32, allow_nan=False), min_size=3, max_size=3
    ),
    "VectorType(UTF8Type , 2)": st.lists(st.text(), min_size=2, max_size=2),
    "ReversedType(LongType)": integers(64),
    "ReversedType(UTF8Type)": st.text(),
    "ReversedType(FrozenType(ListType(IntegerType)))": st.lists(st.integers()),
}
ALL = SCALARS | PARTS
quick = settings(max_examples=80)


def is_same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return bool(left == right)


def tells_all(value: Any) -> bool:
    """Whether Cassandra's text of a value is of that value alone."""
    match value:
        case float():
            return not math.isnan(value)
        case ipaddress.IPv6Address():
            return value.ipv4_mapped is None
        case Timestamp():
            return value > 0
        case Duration():
            return any(value)
        case tuple():
            return False
    return True


@pytest.mark.parametrize("name", [*ALL, "DurationType"])
@quick
@given(data=st.data())
def test_decode_of_encode(name: str, data: st.DataObject) -> None:
    kind = parse_type(name)
    value = data.draw(ALL.get(name, durations()))
    encoded = kind.encode(value)
    kind.validate(encoded)
    assert is_same(kind.decode(encoded), value)
    assert kind.encode(kind.decode(encoded)) == encoded
    if tells_all(value):
        assert kind.from_string(kind.to_string(encoded)) == encoded
    if kind.value_length_if_fixed >= 0:
        assert len(encoded) == kind.value_length_if_fixed
    assert isinstance(kind.to_json(encoded), str)
    assert isinstance(kind.to_cql_literal(encoded), str)


def comparable(kind: CqlType, data: bytes) -> bytes:
    found = kind.byte_comparable(data)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ALL)
@quick
@given(data=st.data())
def test_byte_comparable_sorts_as_compare(name: str, data: st.DataObject) -> None:
    kind = parse_type(name)
    # NaNs with a sign are equal to others, but not in Cassandra's byte-comparable form.
    values = data.draw(st.tuples(ALL[name], ALL[name]).filter(lambda pair: "nan" not in str(pair)))
    left, right = map(kind.encode, values)
    order = kind.compare(left, right)
    assert order == -kind.compare(right, left) or order * kind.compare(right, left) < 0
    assert (kind.sort_key(left) < kind.sort_key(right)) == (order < 0)
    a, b = comparable(kind, left), comparable(kind, right)
    # Weakly prefix free: what follows may be any byte that separates components.
    for one, other in ((b"\x10", b"\xef"), (b"\xef", b"\x10")):
        if order:
            assert (a + one < b + other) == (order < 0)
    if not order:
        assert a == b


@quick
@given(st.binary(max_size=40), st.sampled_from(sorted([*ALL, "DurationType", "EmptyType"])))
def test_any_bytes_decode_or_are_refused(data: bytes, name: str) -> None:
    kind = parse_type(name)
    for method in (kind.validate, kind.decode, kind.to_json, kind.to_string, kind.byte_comparable):
        with suppress(InvalidValueError):
            method(data)


def test_counters() -> None:
    kind = CounterColumnType()
    shards = [
        CounterShard(bytes(16), 1, 7, "global"),
        CounterShard(bytes(15) + b"\1", 2, -2, "local"),
        CounterShard(bytes(15) + b"\2", 3, 1, "remote"),
    ]
    context = kind.encode(shards)
    kind.validate(context)
    assert kind.shards(context) == shards
    assert kind.decode(context) == 6
    assert kind.to_json(context) == "6"
    assert not kind.has_locals_to_clear(context)
    wrapped = kind.encode([CounterShard(bytes(16), 1, S8 - 1, "global")] * 2)
    assert kind.decode(wrapped) == -2


def test_python_cannot_merge_what_cql_keeps_apart() -> None:
    zeros = parse_type("FrozenType(SetType(DoubleType))")
    data = zeros.encode([0.0, -0.0])
    value = zeros.decode(data)
    assert [math.copysign(1, item) for item in value] == [-1, 1]
    assert zeros.encode(value) == data
    pairs = parse_type("FrozenType(MapType(DoubleType,Int32Type))")
    assert pairs.decode(pairs.encode([(0.0, 1), (-0.0, 2)])) == [(-0.0, 2), (0.0, 1)]


def test_parts_of_sets_and_keys_are_hashable() -> None:
    kind = parse_type("FrozenType(SetType(FrozenType(ListType(FrozenType(SetType(Int32Type))))))")
    assert kind.decode(kind.encode([[{1, 2}], []])) == {(frozenset({1, 2}),), ()}
    kind = parse_type("FrozenType(MapType(FrozenType(MapType(Int32Type,UTF8Type)),Int32Type))")
    assert kind.decode(kind.encode([({1: "a"}, 2)])) == {((1, "a"),): 2}


def test_user_type_values() -> None:
    kind = parse_type("UserType(ks,74,61:Int32Type,636c617373:UTF8Type)")
    value = kind.decode(kind.encode({"class": "x", "a": 1}))
    assert value == (1, "x")
    assert value.a == 1
    assert kind.decode(kind.encode({"a": 1})) == (1, None)
    assert kind.decode(b"") is EMPTY
    assert kind.path_string(b"\0\1") == "class"
    assert kind.pack([(b"\0\1", b"z")]) == kind.encode((None, "z"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Int32Type", S4),
        ("Int32Type", "1"),
        ("Int32Type", True),
        ("ByteType", 128),
        ("BooleanType", 1),
        ("AsciiType", "ä"),
        ("UTF8Type", b"x"),
        ("UTF8Type", "\ud800"),
        ("BytesType", "x"),
        ("FloatType", 1e39),
        ("DecimalType", Decimal("NaN")),
        ("DecimalType", 1.5),
        ("UUIDType", "x"),
        ("InetAddressType", "x"),
        ("TimestampType", datetime.datetime(2020, 1, 1)),
        ("TimestampType", datetime.datetime(2020, 1, 1, 0, 0, 0, 1, tzinfo=datetime.UTC)),
        ("SimpleDateType", 1 << 40),
        ("TimeType", -1),
        ("DurationType", (1, -1, 0)),
        ("DurationType", (S4, 0, 0)),
        ("EmptyType", 1),
        ("ListType(Int32Type)", [None]),
        ("ListType(Int32Type)", 5),
        ("SetType(Int32Type)", "abc"),
        ("MapType(Int32Type,Int32Type)", [1]),
        ("TupleType(Int32Type)", (1, 2)),
        ("UserType(ks,74,61:Int32Type)", {"b": 1}),
        ("VectorType(FloatType , 2)", [1.0]),
        ("VectorType(FloatType , 2)", [1.0, None]),
        ("CounterColumnType", 1),
    ],
)
def test_values_that_are_refused(name: str, value: object) -> None:
    kind = parse_type(name)
    with pytest.raises(InvalidValueError):
        kind.encode(value)


def test_other_python_values_that_encode_takes() -> None:
    assert parse_type("TimeType").encode(datetime.time(1, 2, 3)) == (3723 * 10**9).to_bytes(
        8, "big"
    )
    assert parse_type("InetAddressType").encode("127.0.0.1") == bytes((127, 0, 0, 1))
    assert parse_type("DecimalType").decode(parse_type("DecimalType").encode(5)) == 5
    assert parse_type("UUIDType").encode(str(uuid.UUID(int=1))) == uuid.UUID(int=1).bytes
    assert parse_type("DoubleType").encode(1) == b"\x3f\xf0" + bytes(6)
    address = ipaddress.ip_address("::1")
    assert parse_type("InetAddressType").decode(address.packed) == address


def test_numbers_of_any_size() -> None:
    kind = parse_type("IntegerType")
    huge = 10**6000 + 1
    assert kind.decode(kind.encode(huge)) == huge
    assert kind.to_json(kind.encode(huge)) == "1" + "0" * 5999 + "1"
    decimal = parse_type("DecimalType")
    data = decimal.encode(Decimal("-1." + "0" * 6000 + "1"))
    assert decimal.to_string(data) == "-1." + "0" * 6000 + "1"
    assert decimal.byte_comparable(data) is not None


def test_types_within_types_have_a_limit() -> None:
    deep = "FrozenType(" * 1000 + "Int32Type" + ")" * 1000
    with pytest.raises(Exception, match="within one another"):
        parse_type(deep)


def test_classes_that_are_not_cassandras_own_any_more() -> None:
    name = "org.apache.cassandra.db.marshal.ColumnToCollectionType(61:ListType(Int32Type))"
    for text in (name, "com.example.Type(a(b),c)"):
        kind = parse_type(f"MapType(UTF8Type,{text})")
        custom = kind.subtypes[1]
        assert custom.marshal_name == text
        assert custom.cql_name == f"'{text}'"
        assert custom.decode(b"\1") == b"\1"
        assert custom.compare(b"\1", b"\1") == 0
        with pytest.raises(UnsupportedFeatureError, match="no order"):
            custom.compare(b"\1", b"\2")


@pytest.mark.parametrize(
    "name",
    ["ByteType", "Int32Type", "LongType", "IntegerType", "FloatType", "DoubleType", "DecimalType"],
)
@pytest.mark.parametrize("text", ["1_000", "1.x", "one"])
def test_texts_that_are_no_numbers(name: str, text: str) -> None:
    with pytest.raises(InvalidValueError, match=rf"^'{text}' cannot be a value of \w+: [\w ]+"):
        parse_type(name).from_string(text)
