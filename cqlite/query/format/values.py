"""Values as cqlsh shows them: its ``formatting.py``, but with all digits of floats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cqlite.query.functions.nulls import is_null
from cqlite.query.result import ResultColumn
from cqlite.records import record
from cqlite.types import CqlType

if TYPE_CHECKING:
    from cqlite.types import MapType, TupleType, UserType

Show = Callable[[bytes], str]
"""Makes text of a serialized value."""

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\xa0]")
_SINGLE_DIGITS: Final = range(6, 10)


@record
class Forms:
    """How values are written.

    Attributes:
        null: what stands for null.
        is_escaped: whether characters that terminals act on are written as escapes.
        timestamp: ``strftime`` format of timestamps.
        booleans: what stands for true and for false.
        decimal_separator: the point of numbers.
        thousands_separator: what stands between groups of three digits, if anything.
    """

    null: str = "null"
    is_escaped: bool = True
    timestamp: str = "%Y-%m-%d %H:%M:%S.%f%z"
    booleans: tuple[str, str] = ("True", "False")
    decimal_separator: str = "."
    thousands_separator: str = ""


TERMINAL: Final = Forms()
"""As cqlsh prints."""

CSV: Final = Forms(null="", is_escaped=False)
"""As cqlsh's COPY TO writes."""


def column_texts(
    columns: Iterable[ResultColumn], forms: Forms
) -> list[Callable[[bytes | None], str | None]]:
    """For each column what makes text of its values, None of null."""
    return [_nullable(column.value_type, shower(column.value_type, forms)) for column in columns]


def _nullable(kind: CqlType, show: Show) -> Callable[[bytes | None], str | None]:
    def text(data: bytes | None) -> str | None:
        # What has no bytes is null for those who ask Cassandra.
        return None if data is None or is_null(kind, data) else show(data)

    return text


def shower(kind: CqlType, forms: Forms, *, quoted: bool = False) -> Show:
    """What makes text of values of a type; ``quoted``, a string as in a collection."""
    kind = kind.unwrap()
    nested = _NESTED.get(kind.class_name)
    if nested is not None:
        return nested(kind, forms)
    if kind.class_name in ("UTF8Type", "AsciiType"):
        return partial(_text, kind, forms, quoted)
    convert = _SCALARS.get(kind.class_name, _other)
    return partial(_scalar, kind, forms, convert)


def _scalar(
    kind: CqlType, forms: Forms, convert: Callable[[CqlType, bytes, Forms], str], data: bytes
) -> str:
    return convert(kind, data, forms) if data else ""


def _text(kind: CqlType, forms: Forms, quoted: bool, data: bytes) -> str:
    text: str = kind.decode(data)
    if forms.is_escaped:
        text = text.replace("\\", "\\\\")
    if quoted:
        text = text.replace("'", "''")
    if forms.is_escaped:
        text = _CONTROLS.sub(lambda match: repr(match[0])[1:-1], text)
    return f"'{text}'" if quoted else text


def _other(kind: CqlType, data: bytes, forms: Forms) -> str:
    return f"0x{data.hex()}"


def _plain(kind: CqlType, data: bytes, forms: Forms) -> str:
    return kind.to_string(data)


def _integer(kind: CqlType, data: bytes, forms: Forms) -> str:
    return _separated(kind.to_string(data), forms)


def _boolean(kind: CqlType, data: bytes, forms: Forms) -> str:
    return forms.booleans[not kind.decode(data)]


def _decoded(kind: CqlType, data: bytes, forms: Forms) -> str:
    return str(kind.decode(data))


def _decimal(kind: CqlType, data: bytes, forms: Forms) -> str:
    return _separated(str(kind.decode(data)), forms)


def _floating(kind: CqlType, data: bytes, forms: Forms) -> str:
    import math

    from cqlite.codec import ieee

    value: float = kind.decode(data)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if kind.class_name == "DoubleType":
        text = repr(value)
    else:
        texts = (f"{value:.{digits}g}" for digits in _SINGLE_DIGITS)
        text = next(text for text in texts if ieee.pack_f4(float(text)) == data)
    return _separated(text.removesuffix(".0"), forms)


def _separated(text: str, forms: Forms) -> str:
    """A number with the separators that are asked for."""
    if forms.decimal_separator == "." and not forms.thousands_separator:
        return text
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(.*)", text)
    assert match is not None, text
    sign, whole, fraction, rest = match.groups()
    if forms.thousands_separator:
        whole = f"{int(whole):,}".replace(",", forms.thousands_separator)
    return sign + whole + (forms.decimal_separator + fraction if fraction else "") + rest


def _timestamp(kind: CqlType, data: bytes, forms: Forms) -> str:
    from datetime import datetime

    value = kind.decode(data)
    if not isinstance(value, datetime):
        return str(int(value))
    # %Y has no zeros before a year of fewer digits than four.
    return value.strftime(forms.timestamp.replace("%Y", f"{value.year:04}"))


def _sequence(brackets: str, kind: Any, forms: Forms) -> Show:
    show = _element(kind.elements, forms)

    def text(data: bytes) -> str:
        parts = kind.split(data)
        inner = (show(part[0] if isinstance(part, tuple) else part) for part in parts)
        return f"{brackets[0]}{', '.join(inner)}{brackets[1]}"

    return text


def _map(kind: MapType, forms: Forms) -> Show:
    key, value = _element(kind.keys, forms), _element(kind.values, forms)

    def text(data: bytes) -> str:
        return "{" + ", ".join(f"{key(k)}: {value(v)}" for k, v in kind.split(data)) + "}"

    return text


def _tuple(kind: TupleType, forms: Forms) -> Show:
    shows = [_element(field, forms) for field in kind.fields]

    def text(data: bytes) -> str:
        parts = kind.split(data)
        parts += [None] * (len(shows) - len(parts))
        pairs = zip(shows, parts, strict=True)
        return f"({', '.join(show(part) for show, part in pairs)})"

    return text


def _user_type(kind: UserType, forms: Forms) -> Show:
    shows = [_element(field, forms) for field in kind.fields]

    def text(data: bytes) -> str:
        parts = kind.split(data)
        parts += [None] * (len(shows) - len(parts))
        named = zip(kind.field_names, shows, parts, strict=True)
        return "{" + ", ".join(f"{name}: {show(part)}" for name, show, part in named) + "}"

    return text


def _element(kind: CqlType, forms: Forms) -> Callable[[bytes | None], str]:
    """Text of a part of a value; null always is "null" there."""
    show = shower(kind, forms, quoted=True)
    return lambda data: "null" if data is None else show(data)


_NESTED: Final[dict[str, Callable[[Any, Forms], Show]]] = {
    "ListType": partial(_sequence, "[]"),
    "SetType": partial(_sequence, "{}"),
    "VectorType": partial(_sequence, "[]"),
    "MapType": _map,
    "TupleType": _tuple,
    "UserType": _user_type,
}

_SCALARS: Final[dict[str, Callable[[CqlType, bytes, Forms], str]]] = {
    "BooleanType": _boolean,
    "ByteType": _integer,
    "ShortType": _integer,
    "Int32Type": _integer,
    "LongType": _integer,
    "IntegerType": _integer,
    "CounterColumnType": _integer,
    "DecimalType": _decimal,
    "FloatType": _floating,
    "DoubleType": _floating,
    "TimestampType": _timestamp,
    "DateType": _timestamp,
    "SimpleDateType": _plain,
    "TimeType": _plain,
    "DurationType": _decoded,
    "InetAddressType": _decoded,
    "UUIDType": _decoded,
    "TimeUUIDType": _decoded,
    "LexicalUUIDType": _decoded,
    "LegacyTimeUUIDType": _decoded,
}
