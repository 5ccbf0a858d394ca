"""The Arrow type of every CQL type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidTypeError, UnsupportedFeatureError
from cqlite.sstable.select.plan import OutputColumn
from cqlite.types import (
    CqlType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
    parse_type,
)

if TYPE_CHECKING:
    import pyarrow as pa

MAX_DECIMAL128 = 38
MAX_DECIMAL256 = 76


def pyarrow() -> Any:
    """The module ``pyarrow``, which is an extra.

    Raises:
        UnsupportedFeatureError: it is not installed.
    """
    try:
        import pyarrow
    except ModuleNotFoundError:
        raise UnsupportedFeatureError(
            "this needs pyarrow: pip install 'cqlite-sstable[arrow]'"
        ) from None
    return pyarrow


def arrow_type(cql: CqlType) -> pa.DataType:
    """The Arrow type of values of ``cql``; see the table in docs/arrow.md.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed.
    """
    pa = pyarrow()
    cql = cql.unwrap()
    if isinstance(cql, ListType | SetType):
        return pa.list_(arrow_type(cql.elements))
    if isinstance(cql, MapType):
        return pa.map_(arrow_type(cql.keys), arrow_type(cql.values))
    if isinstance(cql, VectorType):
        return pa.list_(arrow_type(cql.elements), cql.dimension)
    if isinstance(cql, UserType | TupleType):
        return pa.struct(
            [
                pa.field(name, arrow_type(field))
                for name, field in zip(field_names(cql), cql.fields, strict=True)
            ]
        )
    return _scalar(pa, cql.class_name)


def field_names(cql: UserType | TupleType) -> list[str]:
    """Names of the fields of a UDT's or a tuple's struct."""
    if isinstance(cql, UserType):
        return [arrow_name(name) for name in cql.field_names]
    return [str(index) for index in range(len(cql.fields))]


def arrow_name(name: str) -> str:
    """A column's or field's name as Arrow can have it: bytes that are not UTF-8 escaped."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _scalar(pa: Any, class_name: str) -> pa.DataType:
    """Of a class that is not listed, such as a composite or a custom class, the bytes."""
    types = {
        "AsciiType": pa.string(),
        "BooleanType": pa.bool_(),
        "ByteType": pa.int8(),
        "CounterColumnType": pa.int64(),
        "DateType": pa.timestamp("ms", "UTC"),
        "DecimalType": pa.string(),
        "DoubleType": pa.float64(),
        "DurationType": pa.month_day_nano_interval(),
        "EmptyType": pa.null(),
        "FloatType": pa.float32(),
        "InetAddressType": pa.string(),
        "Int32Type": pa.int32(),
        "IntegerType": pa.string(),
        "LegacyTimeUUIDType": pa.uuid(),
        "LexicalUUIDType": pa.uuid(),
        "LongType": pa.int64(),
        "ShortType": pa.int16(),
        "SimpleDateType": pa.date32(),
        "TimeType": pa.time64("ns"),
        "TimeUUIDType": pa.uuid(),
        "TimestampType": pa.timestamp("ms", "UTC"),
        "UTF8Type": pa.string(),
        "UUIDType": pa.uuid(),
    }
    return types.get(class_name, pa.binary())


def column_type(column: OutputColumn) -> pa.DataType:
    """The Arrow type of an output column.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed.
    """
    if column.decimal is None:
        return arrow_type(parse_type(column.type))
    pa = pyarrow()
    precision, scale = column.decimal
    make = pa.decimal128 if precision <= MAX_DECIMAL128 else pa.decimal256
    return make(precision, scale)


def check_decimal(name: str, cql: CqlType, decimal: tuple[int, int]) -> None:
    """Refuses what cannot be an Arrow decimal.

    Raises:
        InvalidTypeError: the column is no decimal or varint, or Arrow has no such decimal.
    """
    if cql.unwrap().class_name not in ("DecimalType", "IntegerType"):
        raise InvalidTypeError(
            f"{name} is {cql.cql_name}; only decimal and varint can be an Arrow decimal"
        )
    precision, scale = decimal
    if not 1 <= precision <= MAX_DECIMAL256 or abs(scale) > precision:
        raise InvalidTypeError(
            f"decimal({precision}, {scale}) of {name}: the precision is from 1 to "
            f"{MAX_DECIMAL256}, the scale not above it"
        )
