"""Arrow arrays to Python values of CQL types; the types are those of docs/arrow.md and more."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from uuid import UUID

from cqlite.errors import InvalidValueError
from cqlite.importing.convert import from_text, is_bytes
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.types import (
    CqlType,
    Date,
    Duration,
    ListType,
    MapType,
    SetType,
    Time,
    Timestamp,
    TupleType,
    UserType,
    VectorType,
)

if TYPE_CHECKING:
    import pyarrow as pa

_INTEGERS = ("tinyint", "smallint", "int", "bigint", "varint", "decimal", "float", "double")
_UUIDS = ("uuid", "timeuuid", "LexicalUUIDType", "LegacyTimeUUIDType")
_PER_MILLISECOND = {"s": (1000, 1), "ms": (1, 1), "us": (1, 1000), "ns": (1, 1_000_000)}
_NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}
_MILLISECONDS_PER_DAY = 86_400_000


class _Instant(NamedTuple):
    """A timestamp: milliseconds, or what is left of them where it is between two."""

    milliseconds: int
    rest: int


def fits(kind: pa.DataType, wanted: CqlType) -> bool:
    """Whether values of an Arrow type can be values of a CQL type, as far as types tell."""
    types = pyarrow().types
    wanted = wanted.unwrap()
    if types.is_dictionary(kind):
        return fits(kind.value_type, wanted)
    if types.is_null(kind) or types.is_string(kind) or types.is_large_string(kind):
        return True
    if is_bytes(wanted):
        return _is_binary(kind)
    if isinstance(wanted, ListType | SetType | VectorType):
        return _is_list(kind) and fits(kind.value_type, wanted.elements)
    if isinstance(wanted, MapType):
        return bool(types.is_map(kind)) and (
            fits(kind.key_type, wanted.keys) and fits(kind.item_type, wanted.values)
        )
    if isinstance(wanted, UserType):
        return _struct_fits(kind, dict(zip(wanted.field_names, wanted.fields, strict=True)))
    if isinstance(wanted, TupleType):
        return _struct_fits(kind, {str(i): field for i, field in enumerate(wanted.fields)})
    return not {wanted.cql_name, wanted.class_name}.isdisjoint(_scalars_of(kind))


def _is_binary(kind: pa.DataType) -> bool:
    types = pyarrow().types
    return bool(
        types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    )


def _is_list(kind: pa.DataType) -> bool:
    types = pyarrow().types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _struct_fits(kind: pa.DataType, wanted: dict[str, CqlType]) -> bool:
    return bool(pyarrow().types.is_struct(kind)) and all(
        field.name in wanted and fits(field.type, wanted[field.name]) for field in kind
    )


def _scalars_of(kind: pa.DataType) -> tuple[str, ...]:
    """The CQL types that values of an Arrow type other than text can be of, by name or class."""
    types = pyarrow().types
    if getattr(kind, "extension_name", "") == "arrow.uuid":
        return _UUIDS
    if types.is_fixed_size_binary(kind):
        return _UUIDS if kind.byte_width == 16 else ()
    checks = (
        (types.is_integer, _INTEGERS),
        (types.is_floating, ("float", "double")),
        (types.is_boolean, ("boolean",)),
        (types.is_decimal, ("decimal", "varint")),
        (types.is_timestamp, ("timestamp", "DateType")),
        (types.is_date, ("date",)),
        (types.is_time, ("time",)),
        (types.is_interval, ("duration",)),
        (types.is_struct, ("duration",)),
    )
    return next((names for check, names in checks if check(kind)), ())


def values(array: pa.Array) -> list[Any]:
    """The values of an array as Python has them, exact in all times."""
    types = pyarrow().types
    kind = array.type
    if types.is_dictionary(kind):
        return values(array.dictionary_decode())
    if types.is_timestamp(kind):
        return _instants(array)
    if types.is_date(kind) or types.is_time(kind):
        return _days_or_times(array)
    if _is_list(kind):
        items = values(array.values)
        return _valid(array, (items[a:b] for a, b in _spans(array)))
    if types.is_map(kind):
        pairs = list(zip(values(array.keys), values(array.items), strict=True))
        return _valid(array, (pairs[a:b] for a, b in _spans(array)))
    if types.is_struct(kind):
        # A struct may be of no fields, and is of its length nevertheless.
        made: list[dict[str, Any]] = [{} for _ in range(len(array))]
        for field, child in zip(kind, array.flatten(), strict=True):
            for row, value in zip(made, values(child), strict=True):
                row[field.name] = value
        return _valid(array, made)
    return list(array.to_pylist())


def _valid(array: pa.Array, made: Iterable[Any]) -> list[Any]:
    flags = array.is_valid().to_pylist()
    return [value if valid else None for value, valid in zip(made, flags, strict=True)]


def _spans(array: pa.Array) -> list[tuple[int, int]]:
    if pyarrow().types.is_fixed_size_list(array.type):
        size = array.type.list_size
        start = array.offset
        return [(at * size, at * size + size) for at in range(start, start + len(array))]
    return list(pairwise(array.offsets.to_pylist()))


def _integers(array: pa.Array) -> list[int | None]:
    pa = pyarrow()
    width = pa.int32() if array.type.bit_width == 32 else pa.int64()
    return list(array.view(width).to_pylist())


def _instants(array: pa.Array) -> list[Any]:
    factor, divisor = _PER_MILLISECOND[array.type.unit]
    return [
        None if value is None else _Instant(*divmod(value * factor, divisor))
        for value in _integers(array)
    ]


def _days_or_times(array: pa.Array) -> list[Any]:
    types = pyarrow().types
    integers = _integers(array)
    if types.is_time(array.type):
        unit = _NANOSECONDS[array.type.unit]
        return [None if value is None else Time(value * unit) for value in integers]
    size = _MILLISECONDS_PER_DAY if types.is_date64(array.type) else 1
    return [None if value is None else Date(value // size) for value in integers]


def from_arrow(kind: CqlType, value: Any) -> Any:
    """The value of a CQL type that a value of :func:`values` is.

    Raises:
        InvalidValueError: it is none of the type.
    """
    kind = kind.unwrap()
    if value is None:
        return None
    if isinstance(kind, ListType | SetType | VectorType) and isinstance(value, list):
        return [from_arrow(kind.elements, item) for item in value]
    if isinstance(kind, MapType) and isinstance(value, list):
        return [(from_arrow(kind.keys, k), from_arrow(kind.values, v)) for k, v in value]
    if isinstance(value, dict):
        return _from_struct(kind, value)
    if isinstance(value, str) and kind.cql_name not in ("text", "ascii"):
        return from_text(kind, value)
    return _scalar(kind, value)


def _from_struct(kind: CqlType, value: dict[str, Any]) -> Any:
    if isinstance(kind, UserType):
        named = zip(kind.field_names, kind.fields, strict=True)
        return {name: from_arrow(field, value[name]) for name, field in named if name in value}
    if isinstance(kind, TupleType):
        return tuple(from_arrow(f, value.get(str(i))) for i, f in enumerate(kind.fields))
    if kind.cql_name != "duration" or set(value) != set(Duration._fields):
        _refuse(kind, value)
    return Duration(**value)


def _scalar(kind: CqlType, value: Any) -> Any:
    name = kind.cql_name
    if isinstance(value, bytes) and is_bytes(kind):
        return kind.decode(value)
    if isinstance(value, _Instant):
        if value.rest:
            raise InvalidValueError("the timestamp is between two milliseconds")
        return Timestamp(value.milliseconds)
    if isinstance(value, bytes):
        return UUID(bytes=value)
    if isinstance(value, int) and name in ("float", "double"):
        return _float(kind, value)
    if isinstance(value, int) and name == "decimal":
        return Decimal(value)
    if isinstance(value, Decimal) and name == "varint":
        if value != int(value):
            _refuse(kind, value, "it is no integer")
        return int(value)
    return value


def _float(kind: CqlType, value: int) -> float:
    made = float(value)
    if int(made) != value or (kind.cql_name == "float" and kind.decode(kind.encode(made)) != value):
        _refuse(kind, value, "it would be rounded")
    return made


def _refuse(kind: CqlType, value: Any, reason: str = "") -> NoReturn:
    raise InvalidValueError(f"{value!r} is no {kind.cql_name}" + (f": {reason}" if reason else ""))
