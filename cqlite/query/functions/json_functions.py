"""Values as JSON and back: ``ToJsonFct``, ``FromJsonFct`` and ``AbstractType.fromJSONObject``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from cqlite.codec import ieee
from cqlite.errors import InvalidValueError, QueryError
from cqlite.query.functions import parameters
from cqlite.query.functions.base import ScalarFunction
from cqlite.query.functions.factory import Factory
from cqlite.query.functions.nulls import json_of
from cqlite.query.functions.numeric import DOUBLE, FLOAT
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
from cqlite.types.java_numbers import double_text

_TEXT: Final = parse_type("UTF8Type")


def factories() -> Iterator[Factory]:
    """Both functions, by both of their names."""
    for name in ("to_json", "tojson"):
        yield Factory(name, _ToJson, parameters.Parameter())
    for name in ("from_json", "fromjson"):
        yield Factory(name, _FromJson, parameters.text())


class _ToJson(ScalarFunction):
    def __init__(self, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> None:
        super().__init__(name, _TEXT, types)

    def call(self, *arguments: bytes | None) -> bytes | None:
        return json_of(self.argument_types[0], arguments[0]).encode()


class _FromJson(ScalarFunction):
    def __init__(self, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> None:
        if receiver is None:
            raise QueryError(
                f"{name}() cannot be used in the selection clause of a SELECT statement"
            )
        super().__init__(name, receiver, (_TEXT,))

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        if data is None:
            return None
        try:
            value = json.loads(data, parse_constant=_refuse_constant)
        except ValueError as error:
            raise QueryError(
                f"execution of '{self.full_name}[text]' failed: "
                f"Could not decode JSON string '{data.decode()}': {error}"
            ) from None
        try:
            return None if value is None else bytes_of_json(self.return_type, value)
        except InvalidValueError as error:
            raise QueryError(error.message) from None


def _refuse_constant(text: str) -> Any:
    """Raises a ValueError for numbers that Python has in JSON, and nobody else."""
    raise ValueError(f"Non-standard token '{text}'")


def bytes_of_json(kind: CqlType, value: Any) -> bytes:
    """A value other than null, as ``json.loads`` gives it, serialized.

    Raises:
        QueryError: in Cassandra's words, it is none of that type.
        InvalidValueError: likewise, where Cassandra says it otherwise.
    """
    kind = kind.unwrap().freeze()
    for made, convert in _NESTED:
        if isinstance(kind, made):
            return convert(kind, _decoded(value) if isinstance(value, str) else value)
    return _scalar(kind, value)


def _decoded(text: str) -> Any:
    """What is within a string where a collection or a tuple is wanted."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise QueryError(f"Error decoding JSON string: {error}") from None


def _scalar(kind: CqlType, value: Any) -> bytes:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    name = kind.class_name
    if name in ("DecimalType", "IntegerType"):
        return _of_any_text(kind, _text_of(value))
    if name in ("ByteType", "ShortType") and is_number:
        return _of_text(kind, _java_text(value))
    if name == "BytesType" and isinstance(value, str) and not value.startswith("0x"):
        raise QueryError(
            f"Value '{value}' is not a valid blob representation: "
            f"String representation of blob is missing 0x prefix: {value}"
        )
    if isinstance(value, str):
        return _of_text(kind, value.removeprefix("0x") if name == "BytesType" else value)
    if name in _NUMBERS and is_number:
        return _NUMBERS[name](value)
    if name == "BooleanType" and isinstance(value, bool):
        return kind.encode(value)
    if is_number and _java_name(value) in _WHOLE.get(name, ()):
        return kind.encode(value)
    raise _unexpected(_EXPECTED.get(name, f"a {kind.cql_name} value"), value)


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else _java_text(value)


def _of_any_text(kind: CqlType, text: str) -> bytes:
    """A decimal or varint, which take the text of whatever is there."""
    try:
        if text or kind.class_name == "DecimalType":
            return kind.from_string(text)
    except InvalidValueError:
        pass
    raise QueryError(f"Value '{text}' is not a valid representation of a {kind.cql_name} value")


def _of_text(kind: CqlType, text: str) -> bytes:
    message = f"'{text}' cannot be a value of {kind.cql_name}"
    try:
        if text or kind.class_name not in ("SimpleDateType", "TimeType"):
            return kind.from_string(text)
    except InvalidValueError as error:
        message = error.message
    from cqlite.terms.refusals import refusal

    raise QueryError(refusal(text, kind) or message)


def _unexpected(expected: str, value: Any) -> QueryError:
    return QueryError(f"Expected {expected}, but got a {_java_name(value)}: {_java_text(value)}")


def _java_name(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if -(1 << 31) <= value < 1 << 31:
            return "Integer"
        return "Long" if -(1 << 63) <= value < 1 << 63 else "BigInteger"
    names = {bool: "Boolean", str: "String", list: "ArrayList", dict: "LinkedHashMap"}
    return names.get(type(value), "Double")


def _java_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_java_text, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float):
        return double_text(ieee.pack_f8(value))
    return "null" if value is None else str(value)


def _elements(kind: CqlType, value: Any, expected: str) -> list[bytes]:
    if not isinstance(value, list):
        raise _unexpected(expected, value)
    if any(item is None for item in value):
        what = "set" if isinstance(kind, SetType) else "list"
        raise QueryError(f"Invalid null element in {what}")
    return [bytes_of_json(kind.subtypes[0], item) for item in value]


def _list(kind: ListType, value: Any) -> bytes:
    return kind.build(_elements(kind, value, "a list"))


def _set(kind: SetType, value: Any) -> bytes:
    return kind.gather(_elements(kind, value, "a list (representing a set)"))


def _vector(kind: VectorType, value: Any) -> bytes:
    if isinstance(value, list) and len(value) != kind.dimension:
        raise QueryError(
            f"List had incorrect size: expected {kind.dimension} but given {len(value)}; "
            f"{_java_text(value)}"
        )
    return kind.build(_elements(kind, value, "a list"))


def _map(kind: MapType, value: Any) -> bytes:
    if not isinstance(value, dict):
        raise _unexpected("a map", value)
    if any(item is None for item in value.values()):
        raise QueryError("Invalid null value in map")
    return kind.gather(
        (bytes_of_json(kind.keys, key), bytes_of_json(kind.values, item))
        for key, item in value.items()
    )


def _tuple(kind: TupleType, value: Any) -> bytes:
    if not isinstance(value, list):
        raise _unexpected("a list representation of a tuple", value)
    if len(value) != len(kind.fields):
        problem = "contains extra" if len(value) > len(kind.fields) else "is missing"
        raise QueryError(
            f"Tuple {problem} items (expected {len(kind.fields)}): {_java_text(value)}"
        )
    pairs = zip(kind.fields, value, strict=True)
    return kind.build([None if item is None else bytes_of_json(own, item) for own, item in pairs])


def _user_type(kind: UserType, value: Any) -> bytes:
    if not isinstance(value, dict):
        raise _unexpected("a map", value)
    named = {_field_name(name): item for name, item in value.items()}
    for name, item in named.items():
        if name not in kind.field_names and item is not None:
            raise QueryError(f"Unknown field '{name}' in value of user defined type {kind.name}")
    parts = []
    for name, own in zip(kind.field_names, kind.fields, strict=True):
        item = named.get(name)
        parts.append(None if item is None else bytes_of_json(own, item))
    return kind.build(parts)


def _field_name(name: str) -> str:
    quoted = len(name) > 1 and name.startswith('"') and name.endswith('"')
    return name[1:-1] if quoted else name.lower()


_NESTED: Final[tuple[tuple[type, Callable[[Any, Any], bytes]], ...]] = (
    (ListType, _list),
    (SetType, _set),
    (MapType, _map),
    (VectorType, _vector),
    (UserType, _user_type),
    (TupleType, _tuple),
)

_NUMBERS: Final[dict[str, Callable[[Any], bytes]]] = {
    "FloatType": lambda value: FLOAT.dump(FLOAT.of(value)),
    "DoubleType": lambda value: DOUBLE.dump(DOUBLE.of(value)),
}
_WHOLE: Final = {
    "ByteType": ("Integer", "Long"),
    "ShortType": ("Integer", "Long"),
    "Int32Type": ("Integer",),
    "LongType": ("Integer", "Long"),
    "TimestampType": ("Long",),
}
"""The classes of Java's numbers that each type takes."""

_EXPECTED: Final = {
    "AsciiType": "an ascii string",
    "UTF8Type": "a UTF-8 string",
    "ByteType": "a byte value",
    "ShortType": "a short value",
    "Int32Type": "an int value",
    "DurationType": "a string representation of a duration",
    "InetAddressType": "a string representation of an inet value",
    "SimpleDateType": "a string representation of a date value",
    "TimeType": "a string representation of a time value",
    "TimestampType": "a long or a datestring representation of a timestamp value",
    "UUIDType": "a string representation of a uuid",
    "TimeUUIDType": "a string representation of a timeuuid",
}
