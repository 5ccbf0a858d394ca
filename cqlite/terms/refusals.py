"""What Cassandra says of constants that are no values of what they are for."""

from __future__ import annotations

from typing import Final

from cqlite.errors import InvalidValueError
from cqlite.types import CqlType, TupleType
from cqlite.types.duration_texts import parse_duration
from cqlite.types.time_texts import MILLIS_PER_DAY, parse_date
from cqlite.types.tuples import split_text

_UNREADABLE: Final = {
    "ascii": "Invalid ASCII character in string literal: {}",
    "tinyint": "Unable to make byte from '{}'",
    "smallint": "Unable to make short from '{}'",
    "int": "Unable to make int from '{}'",
    "bigint": "Unable to make long from '{}'",
    "varint": "unable to make int from '{}'",
    "float": "Unable to make float from '{}'",
    "double": "Unable to make double from '{}'",
    "decimal": "unable to make BigDecimal from '{}'",
    "blob": "cannot parse '{}' as hex bytes",
    "boolean": "Unable to make boolean from '{}'",
    "uuid": "Unable to make UUID from '{}'",
    "timeuuid": "Unknown timeuuid representation: {}",
    "inet": "Unable to make inet address from '{}'",
    "date": "Unable to coerce '{}' to a formatted date (long)",
    "time": "(TimeType) Unable to coerce '{}' to a formatted time (long)",
    "timestamp": "Unable to parse a date/time from '{}'",
}
"""What Cassandra's types say of texts that are none of their values."""

_OUT_OF_RANGE: Final = {
    "date": "Unable to make unsigned int (for date) from: '{}'",
    "time": "Unable to make long (for time) from: '{}'",
    "timestamp": "Unable to make long (for date) from: '{}'",
}
"""What they say of digits."""

_DATES_OUT_OF_RANGE: Final = {
    "-": "Input date {} is less than min supported date -5877641-06-23T00:00Z",
    "+": "Input date {} is greater than max supported date +5881580-07-11T00:00Z",
}


def refusal(text: str, kind: CqlType) -> str | None:
    """What Cassandra says of a text that is no value of a type, None if that isn't known."""
    if isinstance(kind, TupleType):
        return _tuple_refusal(text, kind)
    name = kind.cql_name
    if name == "ascii":
        # Java counts UTF-16 units of the first character that doesn't fit.
        strange = next((character for character in text if not character.isascii()), "")
        units = len(strange.encode("utf-16-le", "surrogatepass")) // 2
        text = f"java.nio.charset.UnmappableCharacterException: Input length = {units}"
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal()
    if name == "duration":
        return _duration_refusal(text)
    words = _OUT_OF_RANGE.get(name) if is_number else None
    if name == "date" and _is_date(text):
        words = _DATES_OUT_OF_RANGE[text[0]]
    words = words or _UNREADABLE.get(name)
    return words.format(text) if words else None


def _duration_refusal(text: str) -> str | None:
    try:
        parse_duration(text)
    except ValueError as error:
        return str(error)
    return None


def _is_date(text: str) -> bool:
    """Whether a text that is no ``date`` is one of a year with more than four digits."""
    if text[:1] not in _DATES_OUT_OF_RANGE:
        return False
    try:
        millis = parse_date(text) * MILLIS_PER_DAY
    except ValueError:
        return False
    return -(1 << 63) <= millis < 1 << 63


def _tuple_refusal(text: str, kind: TupleType) -> str | None:
    parts = split_text(text)
    if len(parts) > len(kind.fields):
        return (
            f"Invalid tuple literal: too many elements. Type {kind.cql_name} expects "
            f"{len(kind.fields)} but got {len(parts)}"
        )
    for part, field in zip(parts, kind.fields, strict=False):
        try:
            field.from_string(part)
        except InvalidValueError:
            return refusal(part, field)
    return None
