"""Arrow types: the table of docs/arrow.md, values at their limits, empty ones, decimals."""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import Any

import arrow_reference
import pyarrow as pa
import pytest

from cqlite.errors import InvalidTypeError, InvalidValueError
from cqlite.sstable.select.arrow_types import arrow_type, check_decimal
from cqlite.sstable.select.builders import builder_of, column_builder
from cqlite.sstable.select.plan import Empty, OutputColumn
from cqlite.sstable.select.portable import FOR_PARQUET, FOR_POLARS
from cqlite.types import Duration, parse_type
from tests.arrow import plain

POINT = "UserType(ks,70,78:Int32Type,79:UTF8Type)"

# A value in Python as `CqlType.encode` takes it, and as Arrow has it.
VALUES: dict[str, list[tuple[Any, Any]]] = {
    "AsciiType": [("a", "a"), ("", "")],
    "UTF8Type": [("ü", "ü"), ("", "")],
    "BytesType": [(b"\x00", b"\x00"), (b"", b"")],
    "BooleanType": [(True, True), (False, False)],
    "ByteType": [(-128, -128), (127, 127)],
    "ShortType": [(-(1 << 15), -(1 << 15))],
    "Int32Type": [((1 << 31) - 1, (1 << 31) - 1)],
    "LongType": [((1 << 63) - 1, (1 << 63) - 1), (-(1 << 63), -(1 << 63))],
    "IntegerType": [(10**50, str(10**50)), (-1, "-1")],
    "DecimalType": [(Decimal("1.50"), "1.50"), (Decimal("1E+3"), "1E+3")],
    "FloatType": [(1.5, 1.5), (float("-inf"), float("-inf"))],
    "DoubleType": [(0.1, 0.1)],
    "SimpleDateType": [(-(1 << 31), -(1 << 31)), ((1 << 31) - 1, (1 << 31) - 1), (0, 0)],
    "TimeType": [(86_399_999_999_999, 86_399_999_999_999)],
    "TimestampType": [(-(1 << 63), -(1 << 63)), ((1 << 63) - 1, (1 << 63) - 1)],
    "DurationType": [(Duration(-1, -2, -(1 << 63)), (-1, -2, -(1 << 63)))],
    "InetAddressType": [("::1", "0:0:0:0:0:0:0:1"), ("::ffff:1.2.3.4", "1.2.3.4")],
    "ListType(Int32Type)": [([1, 2], [1, 2]), ([], [])],
    "SetType(UTF8Type)": [({"b", "a"}, ["a", "b"])],
    "MapType(UTF8Type,Int32Type)": [({"b": 1, "a": 2}, [("a", 2), ("b", 1)])],
    "TupleType(Int32Type,UTF8Type)": [((1,), {"0": 1, "1": None})],
    POINT: [({"y": "b"}, {"x": None, "y": "b"})],
    "VectorType(FloatType , 2)": [([1.0, 2.0], [1.0, 2.0])],
    "ListType(FrozenType(MapType(Int32Type,FrozenType(SetType(TimeType)))))": [
        ([{1: {5}}], [[(1, [5])]])
    ],
    "ReversedType(Int32Type)": [(5, 5)],
    "CompositeType(Int32Type,UTF8Type)": [((1, "a"), bytes.fromhex("0004000000010000016100"))],
    "com.example.Thing": [(b"x", b"x")],
}


def array(text: str, *values: bytes | None, empty: Empty = "error") -> pa.Array:
    builder = builder_of(parse_type(text).freeze(), empty)
    for value in values:
        builder.append(value)
    made = builder.finish(len(values))
    made.validate(full=True)
    return made


def encoded(text: str, value: Any) -> bytes:
    return parse_type(text).freeze().encode(value)


def test_the_table_of_the_page_is_current() -> None:
    text = arrow_reference.PAGE.read_text(encoding="utf-8")
    assert text == arrow_reference.page(text)


@pytest.mark.parametrize("text", VALUES)
def test_values_and_nulls(text: str) -> None:
    pairs = VALUES[text]
    made = array(text, *(encoded(text, value) for value, _ in pairs), None)
    assert made.type == arrow_type(parse_type(text))
    assert plain(made) == [expected for _, expected in pairs] + [None]


def test_each_type_of_the_table_has_values_here() -> None:
    named = {name for row in arrow_reference._ROWS for name in row[1:]}
    assert all(arrow_type(parse_type(name)) is not None for name in named)
    leaves = {name for name in named if "(" not in name}
    assert leaves - set(VALUES) <= {
        "CounterColumnType", "DateType", "EmptyType", "LegacyTimeUUIDType", "LexicalUUIDType",
        "TimeUUIDType", "UUIDType",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["UUIDType", "TimeUUIDType", "LexicalUUIDType"])
def test_uuids_are_of_the_extension_type(text: str) -> None:
    data = bytes.fromhex("c79fa6b029bb11e5b345feff819cdc9f")
    made = array(text, data, None)
    assert made.type == pa.uuid()
    assert [None if v is None else v.bytes for v in made.to_pylist()] == [data, None]


def test_not_a_bit_of_a_nan_is_lost() -> None:
    for text, bits, view in (
        ("FloatType", 0x7F800001, pa.int32()),
        ("DoubleType", 0x7FF0000000000001, pa.int64()),
    ):
        data = struct.pack(">i" if text == "FloatType" else ">q", bits)
        assert array(text, data).view(view).to_pylist() == [bits]


def test_any_byte_but_zero_is_true() -> None:
    assert array("BooleanType", b"\x02", b"\x00").to_pylist() == [True, False]


@pytest.mark.parametrize(
    "text",
    ["Int32Type", "BooleanType", "IntegerType", "TimestampType", "UUIDType", "InetAddressType",
     "ListType(Int32Type)", "TupleType(Int32Type)", POINT, "VectorType(FloatType , 2)"],
)  # fmt: skip
def test_a_value_without_bytes_is_refused_or_null(text: str) -> None:
    with pytest.raises(InvalidValueError, match="without bytes"):
        array(text, b"")
    assert array(text, b"", empty="null").null_count == 1


def test_empty_values_within_others() -> None:
    data = encoded("ListType(BytesType)", [b"", b"\0\0\0\1"])
    assert array("ListType(Int32Type)", data, empty="null").to_pylist() == [[None, 1]]
    with pytest.raises(InvalidValueError, match="a int without bytes"):
        array("ListType(Int32Type)", data)
    data = encoded("MapType(BytesType,Int32Type)", {b"": 1})
    with pytest.raises(InvalidValueError, match="a int without bytes"):
        array("MapType(Int32Type,Int32Type)", data, empty="null")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("Int32Type", b"\0\0\0"),
        ("UTF8Type", b"\xff"),
        ("AsciiType", b"\x80"),
        ("TimeType", struct.pack(">q", 86_400_000_000_000)),
        ("TimeType", struct.pack(">q", -1)),
        ("DecimalType", b"\0\0\0\1"),
        ("SetType(Int32Type)", bytes.fromhex("00000001ffffffff")),
        ("MapType(Int32Type,Int32Type)", bytes.fromhex("000000010000000400000001ffffffff")),
        ("TupleType(Int32Type)", bytes.fromhex("ffffffffffffffff")),
        ("ListType(Int32Type)", bytes.fromhex("00000002")),
        ("FloatType", b"\0"),
        ("UUIDType", b"\0"),
        ("EmptyType", b"\0"),
    ],
)
def test_what_is_no_value_is_refused(text: str, data: bytes) -> None:
    with pytest.raises(InvalidValueError):
        array(text, data)


def test_a_null_in_a_list_is_null() -> None:
    assert array("ListType(Int32Type)", bytes.fromhex("00000001ffffffff")).to_pylist() == [[None]]


def test_what_was_added_before_an_error_stays_whole() -> None:
    builder = builder_of(parse_type("ListType(FrozenType(VectorType(Int32Type , 2)))"), "error")
    builder.append(encoded("ListType(FrozenType(VectorType(Int32Type , 2)))", [[1, 2]]))
    broken = encoded("ListType(BytesType)", [b"\0\0\0\1\0\0\0\2", b"\0"])
    with pytest.raises(InvalidValueError):
        builder.append(broken)
    made = builder.finish(1)
    made.validate(full=True)
    assert made.to_pylist() == [[[1, 2]]]


# Decimals.


def decimals(cql: str, precision: int, scale: int, *values: Any) -> pa.Array:
    column = OutputColumn("d", cql, "regular", 0, (precision, scale))
    builder = column_builder(column, "error")
    for value in values:
        builder.append(parse_type(cql).encode(value))
    return builder.finish(len(values))


def test_decimals_on_request() -> None:
    made = decimals("DecimalType", 5, 1, Decimal("1.50"), Decimal("-12.3"), Decimal("1E+2"))
    assert made.type == pa.decimal128(5, 1)
    assert made.to_pylist() == [Decimal("1.5"), Decimal("-12.3"), Decimal("100.0")]
    assert decimals("DecimalType", 3, 2, Decimal("0E-30")).to_pylist() == [Decimal("0.00")]
    assert decimals("IntegerType", 76, 0, 10**75).type == pa.decimal256(76, 0)
    assert decimals("IntegerType", 76, 0, 10**75).to_pylist() == [Decimal(10**75)]


@pytest.mark.parametrize(
    "value", ["0.01", "12345", "1E+2147483647", "1E-2147483647", "10.01", "99999.9"]
)
def test_nothing_is_rounded(value: str) -> None:
    with pytest.raises(InvalidValueError, match="is no decimal of 5 digits, 1 after the point"):
        decimals("DecimalType", 5, 1, Decimal(value))


@pytest.mark.parametrize(
    ("text", "decimal", "message"),
    [
        ("Int32Type", (5, 1), "only decimal and varint"),
        ("DecimalType", (0, 0), "from 1 to 76"),
        ("DecimalType", (77, 0), "from 1 to 76"),
        ("DecimalType", (5, 6), "not above it"),
    ],
)
def test_decimals_that_arrow_does_not_have(
    text: str, decimal: tuple[int, int], message: str
) -> None:
    with pytest.raises(InvalidTypeError, match=message):
        check_decimal("d", parse_type(text), decimal)


# Types for others.


@pytest.mark.parametrize("text", VALUES)
def test_types_for_parquet_and_polars_keep_values(text: str) -> None:
    made = array(text, *(encoded(text, value) for value, _ in VALUES[text]), None)
    table = pa.table({"v": made})
    for portable in (FOR_PARQUET, FOR_POLARS):
        replaced = portable.table(table)
        replaced.validate(full=True)
        assert replaced.num_rows == table.num_rows
        assert replaced["v"].null_count == 1
        if text != "DurationType":
            as_dicts = [_without_pairs(v) for v in plain(replaced["v"].chunk(0))]
            assert as_dicts == plain(made)


def _without_pairs(value: Any) -> Any:
    """Structs of key and value as the pairs that they are of."""
    if isinstance(value, list):
        return [_without_pairs(item) for item in value]
    if isinstance(value, dict) and set(value) == {"key", "value"}:
        return value["key"], _without_pairs(value["value"])
    if isinstance(value, tuple):
        return tuple(_without_pairs(item) for item in value)
    return value
