"""Values as JSON and as text to Python values: the forms of ``cqlite export``, read back.

Also those of sstabledump and of ``SELECT JSON``, which differ in tuples (arrays), times
(a space before the time of day) and quotes in the names of fields.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from cqlite.errors import InvalidValueError
from cqlite.types import (
    EMPTY,
    BytesType,
    CompositeType,
    CqlType,
    DynamicCompositeType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
)

_TEXT = ("ascii", "text")
_FLOATS = ("float", "double")
_TEXT_ONLY = ("date", "time", "uuid", "timeuuid", "inet", "duration")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Infinity", re.ASCII)
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "varint", "decimal", *_FLOATS)


def parse_json(text: str) -> Any:
    """JSON with exact decimals, and no name twice in an object.

    Raises:
        InvalidValueError: it is malformed.
    """
    try:
        return JSON.decode(text)
    except RecursionError:
        raise InvalidValueError("not JSON: too deep") from None
    except ValueError as error:
        raise InvalidValueError(f"not JSON: {error}") from None


def _integer(text: str) -> int | Decimal:
    # There is a -0 among floats, which are without a point if they are whole.
    return Decimal(text) if text == "-0" else int(text)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} stands in quotes")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has a name twice")
    return made


JSON = json.JSONDecoder(
    parse_float=Decimal,
    parse_int=_integer,
    parse_constant=_no_constant,
    object_pairs_hook=_object,
)
"""What :func:`parse_json` decodes with; ``ValueError`` for what is malformed."""


def is_bytes(kind: CqlType) -> bool:
    """Whether values are bytes to everyone else: blobs, composites, custom classes."""
    return isinstance(kind, BytesType | CompositeType | DynamicCompositeType)


def from_text(kind: CqlType, text: str, *, of_dump: bool = False) -> Any:
    """The Python value that a text without quotes says, as in a field of CSV.

    Args:
        kind: its type.
        text: the text.
        of_dump: as of :func:`from_json`.

    Raises:
        InvalidValueError: it says none of the type.
    """
    kind = kind.unwrap()
    if is_bytes(kind):
        return _bytes(kind, text, of_dump)
    if kind.subtypes:
        return from_json(kind, parse_json(text), of_dump=of_dump)
    name = kind.cql_name
    if name in _TEXT:
        return text
    if not text or (name in _NUMBERS and not _NUMBER.fullmatch(text)):
        _refuse(kind, text)
    return kind.decode(kind.from_string(text))


def _bytes(kind: CqlType, text: str, of_dump: bool) -> Any:
    if of_dump and not isinstance(kind, BytesType):
        return kind.decode(kind.from_string(text))
    if not text.startswith("0x"):
        _refuse(kind, text, "it does not begin with 0x")
    try:
        return kind.decode(bytes.fromhex(text[2:]))
    except ValueError:
        _refuse(kind, text, "it is not hexadecimal")


def from_json(kind: CqlType, value: Any, *, of_dump: bool = False) -> Any:
    """The Python value that parsed JSON says.

    Args:
        kind: its type.
        value: from :func:`parse_json`.
        of_dump: whether it is sstabledump's: ``""`` is the value without bytes where the
            type has no text that is empty, and composites are texts.

    Raises:
        InvalidValueError: it says none of the type.
    """
    kind = kind.unwrap()
    if value is None:
        return None
    if isinstance(kind, ListType | SetType | VectorType):
        return [
            from_json(kind.elements, item, of_dump=of_dump) for item in _checked(kind, value, list)
        ]
    if isinstance(kind, MapType):
        return [
            (
                from_text(kind.keys, key, of_dump=of_dump),
                from_json(kind.values, item, of_dump=of_dump),
            )
            for key, item in _checked(kind, value, dict).items()
        ]
    if isinstance(kind, UserType):
        return _fields(kind, value, of_dump)
    if isinstance(kind, TupleType):
        return _tuple(kind, value, of_dump)
    return _scalar(kind, value, of_dump)


def _scalar(kind: CqlType, value: Any, of_dump: bool) -> Any:
    name = kind.cql_name
    if isinstance(value, str):
        if not value and of_dump and name not in _TEXT and not is_bytes(kind):
            return EMPTY
        return from_text(kind, value, of_dump=of_dump)
    if name in (*_TEXT, *_TEXT_ONLY) or is_bytes(kind) or isinstance(value, list | dict):
        _refuse(kind, value)
    if isinstance(value, bool) != (name == "boolean"):
        _refuse(kind, value)
    if name in _FLOATS:
        return float(value)
    if name == "decimal":
        return Decimal(value)
    return 0 if str(value) == "-0" else value


def _fields(kind: UserType, value: Any, of_dump: bool) -> Any:
    if value == "" and of_dump:
        return EMPTY
    made = {}
    for name, item in _checked(kind, value, dict).items():
        plain = name if name in kind.field_names else _unquoted(name)
        if plain not in kind.field_names:
            _refuse(kind, value, f"there is no field {name}")
        field = kind.fields[kind.field_names.index(plain)]
        made[plain] = from_json(field, item, of_dump=of_dump)
    return made


def _unquoted(name: str) -> str:
    is_quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return name[1:-1].replace('""', '"') if is_quoted else name


def _tuple(kind: TupleType, value: Any, of_dump: bool) -> Any:
    if value == "" and of_dump:
        return EMPTY
    if isinstance(value, dict):
        names = [str(index) for index in range(len(kind.fields))]
        unknown = [name for name in value if name not in names]
        if unknown:
            _refuse(kind, value, f"there is no field {unknown[0]}")
        value = [value.get(name) for name in names]
    items = _checked(kind, value, list)
    if len(items) > len(kind.fields):
        _refuse(kind, value, f"the type has {len(kind.fields)} fields")
    return tuple(
        from_json(field, item, of_dump=of_dump)
        for field, item in zip(kind.fields, items, strict=False)
    )


def _checked(kind: CqlType, value: Any, wanted: type) -> Any:
    if not isinstance(value, wanted):
        _refuse(kind, value)
    return value


def _refuse(kind: CqlType, value: Any, reason: str = "") -> NoReturn:
    shown = repr(str(value) if isinstance(value, Decimal) else value)
    shown = shown if len(shown) <= 100 else shown[:100] + "..."
    raise InvalidValueError(f"{shown} is no {kind.cql_name}" + (f": {reason}" if reason else ""))
