"""Constants of CQL: ``cql3.Constants.Literal``."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from cqlite.cql.names import string_of
from cqlite.cql.tree import Cql
from cqlite.errors import InvalidValueError
from cqlite.terms.assignable import Assignable, Receiver, TermError
from cqlite.terms.assignment import Assignment
from cqlite.types import CqlType, parse_type
from cqlite.types.text import from_hex

_LONG: Final = parse_type("LongType")


class ConstantKind(StrEnum):
    """What a constant looks like (``Constants.Type``)."""

    STRING = "STRING"
    INTEGER = "INTEGER"
    UUID = "UUID"
    FLOAT = "FLOAT"
    BOOLEAN = "BOOLEAN"
    HEX = "HEX"
    DURATION = "DURATION"


_KINDS: Final = {
    Cql.STRING_LITERAL: ConstantKind.STRING,
    Cql.INTEGER: ConstantKind.INTEGER,
    Cql.FLOAT: ConstantKind.FLOAT,
    Cql.K_NAN: ConstantKind.FLOAT,
    Cql.K_NEGATIVE_NAN: ConstantKind.FLOAT,
    Cql.K_INFINITY: ConstantKind.FLOAT,
    Cql.K_NEGATIVE_INFINITY: ConstantKind.FLOAT,
    Cql.BOOLEAN: ConstantKind.BOOLEAN,
    Cql.DURATION: ConstantKind.DURATION,
    Cql.UUID: ConstantKind.UUID,
    Cql.HEXNUMBER: ConstantKind.HEX,
}
_SPELLED: Final = {
    Cql.K_NAN: "NaN",
    Cql.K_NEGATIVE_NAN: "NaN",
    Cql.K_INFINITY: "Infinity",
    Cql.K_NEGATIVE_INFINITY: "-Infinity",
}
_WORDS: Final = ("NaN", "Infinity")
_TAKEN_BY: Final = {
    ConstantKind.STRING: {"ascii", "text", "inet", "date", "time", "timestamp"},
    ConstantKind.INTEGER: {
        "bigint", "counter", "date", "decimal", "double", "duration", "float", "int",
        "smallint", "time", "timestamp", "tinyint", "varint",
    },
    ConstantKind.FLOAT: {"decimal", "double", "float"},
    ConstantKind.BOOLEAN: {"boolean"},
    ConstantKind.DURATION: {"duration"},
    ConstantKind.UUID: {"uuid", "timeuuid"},
    ConstantKind.HEX: {"blob"},
}  # fmt: skip
_NATIVE: Final = {name for names in _TAKEN_BY.values() for name in names}


class Constant(Assignable):
    """A constant as it is written, without the quotes of a string."""

    def __init__(self, kind: ConstantKind, text: str) -> None:
        self.kind = kind
        self.text = text

    @classmethod
    def of(cls, context: Any) -> Constant:
        """The constant that a ``constant`` of the grammar is."""
        token = context.start
        kind = _KINDS[token.type]
        text = _SPELLED.get(token.type) or str(context.getText())
        return cls(kind, string_of(text) if kind is ConstantKind.STRING else text)

    def __str__(self) -> str:
        return f"'{self.text}'" if self.kind is ConstantKind.STRING else self.text

    def is_beyond_doubles(self) -> bool:
        """Whether its digits say a number that is infinity as a double, which nothing takes."""
        if self.kind is not ConstantKind.FLOAT or self.text.lstrip("-") in _WORDS:
            return False
        return abs(float(self.text)) == float("inf")

    def exact_type(self) -> CqlType | None:
        return None

    def compatible_type(self) -> CqlType:
        return parse_type(self._preferred_class())

    def _preferred_class(self) -> str:
        match self.kind:
            case ConstantKind.STRING:
                return "AsciiType" if self.text.isascii() else "UTF8Type"
            case ConstantKind.INTEGER:
                bits = (abs(value) - (value < 0) if (value := int(self.text)) else 0).bit_length()
                return "Int32Type" if bits < 32 else "LongType" if bits < 64 else "IntegerType"
            case ConstantKind.UUID:
                from uuid import UUID

                is_time = UUID(self.text).version == 1
                return "TimeUUIDType" if is_time else "UUIDType"
            case ConstantKind.FLOAT:
                return "DoubleType" if _is_double(self.text) else "DecimalType"
            case ConstantKind.BOOLEAN:
                return "BooleanType"
            case ConstantKind.HEX:
                # Not BytesType: so does Cassandra.
                return "ByteType"
            case ConstantKind.DURATION:
                return "DurationType"

    def test_assignment(self, receiver: CqlType) -> Assignment:
        receiver = receiver.unwrap()
        if receiver.is_collection or receiver.class_name in ("UserType", "VectorType"):
            return Assignment.NOT_ASSIGNABLE
        if receiver.cql_name not in _NATIVE:
            return Assignment.WEAKLY_ASSIGNABLE
        if receiver == self.compatible_type():
            return Assignment.EXACT_MATCH
        taken = receiver.cql_name in _TAKEN_BY[self.kind]
        return Assignment.WEAKLY_ASSIGNABLE if taken else Assignment.NOT_ASSIGNABLE

    def value(self, receiver: Receiver) -> bytes:
        """The serialized value that it is for a receiver.

        Raises:
            TermError: it cannot be for a receiver of this type, or is no value of it.
        """
        kind = receiver.type.unwrap()
        if not self.test_assignment(kind):
            raise TermError(
                f'Invalid {self.kind} constant ({self.text}) for "{receiver.name}" '
                f"of type {kind.cql_name}"
            )
        if self.kind is ConstantKind.HEX:
            return self._bytes()
        kind = _LONG if kind.is_counter else kind
        try:
            data = kind.from_string(self.text)
            kind.validate(data)
        except InvalidValueError as error:
            from cqlite.terms.refusals import refusal

            raise TermError(refusal(self.text, kind) or error.message) from error
        return data

    def _bytes(self) -> bytes:
        try:
            return from_hex(self.text[2:])
        except ValueError as error:
            raise TermError(f"cannot parse '{self.text[2:]}' as hex bytes") from error


def _is_double(text: str) -> bool:
    """Whether a double is exactly what a text says, by the digits that Java prints of it."""
    if text.lstrip("-") in _WORDS:
        return True
    from decimal import Decimal

    from cqlite.codec import ieee
    from cqlite.types.java_numbers import double_text

    number = float(text)
    # BigDecimal.valueOf takes the double's text, which Java does not always keep short.
    return Decimal(double_text(ieee.pack_f8(number))) == Decimal(text)
