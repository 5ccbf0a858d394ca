"""Which values count as null, and values of results as JSON."""

from __future__ import annotations

from typing import Final

from cqlite.types import CqlType, parse_type

_LONG: Final = parse_type("LongType")

EMPTY_IS_NULL: Final = frozenset(
    {
        *("LongType", "BooleanType", "CounterColumnType", "DecimalType", "DoubleType"),
        *("FloatType", "InetAddressType", "Int32Type", "TimestampType", "TimeUUIDType"),
        *("UUIDType", "IntegerType", "DateType", "LegacyTimeUUIDType", "LexicalUUIDType"),
    }
)
"""Classes whose values without bytes are as null (``AbstractType.isEmptyValueMeaningless``)."""


def is_null(kind: CqlType, data: bytes | None) -> bool:
    """Whether a function and JSON take a value for null."""
    return data is None or (not data and kind.unwrap().class_name in EMPTY_IS_NULL)


def json_of(kind: CqlType, data: bytes | None) -> str:
    """A value of a result as SELECT JSON has it; counters are their sum as ``bigint``."""
    if data is None or is_null(kind, data):
        return "null"
    return (_LONG if kind.unwrap().is_counter else kind).to_json(data)
