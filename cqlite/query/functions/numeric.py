"""Numeric types as functions compute with them: ``org.apache.cassandra.db.marshal.NumberType``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal, Overflow
from typing import Any, Final

from cqlite.codec import be, ieee
from cqlite.query.functions import java_math as java
from cqlite.types import CqlType, parse_type
from cqlite.types.java_numbers import double_text

Number = int | float | Decimal


class NumericType(ABC):
    """A numeric type. Numbers are ``int``, ``float`` or ``Decimal``, in the type's range.

    Raises, of all operations:
        ArithmeticError: as Java's ``ArithmeticException``, with its words.
    """

    def __init__(self, class_name: str, size: int) -> None:
        self.type = parse_type(class_name)
        self.size = size
        """How many bytes a number has, a huge number if they differ."""

    is_floating = False

    def load(self, data: bytes | None) -> Any:
        """The number, None for null and for a value without bytes."""
        return self.of_bytes(data) if data else None

    @abstractmethod
    def of_bytes(self, data: bytes) -> Any:
        """The number in at least one byte."""

    @abstractmethod
    def dump(self, number: Any) -> bytes:
        """A number of this type, serialized."""

    @abstractmethod
    def of(self, number: Number) -> Any:
        """A number of any type as one of this type, as Java converts it."""

    def operand(self, number: Any, source: NumericType) -> Any:
        """A number of the type ``source`` as an operator's result of this type wants it."""
        return self.of(number)

    @abstractmethod
    def add(self, left: Any, right: Any) -> Any:
        """``left + right``."""

    @abstractmethod
    def subtract(self, left: Any, right: Any) -> Any:
        """``left - right``."""

    @abstractmethod
    def multiply(self, left: Any, right: Any) -> Any:
        """``left * right``."""

    @abstractmethod
    def divide(self, left: Any, right: Any) -> Any:
        """``left / right``."""

    @abstractmethod
    def modulo(self, left: Any, right: Any) -> Any:
        """``left % right``."""

    def negate(self, number: Any) -> Any:
        """``-number``."""
        return self.of(-number)

    def abs(self, number: Any) -> Any:
        """``number`` without its sign."""
        return self.of(abs(number))

    @abstractmethod
    def exp(self, number: Any) -> Any:
        """e to the power of ``number``."""

    @abstractmethod
    def log(self, number: Any, *, base_10: bool = False) -> Any:
        """The natural or decimal logarithm."""

    @abstractmethod
    def round(self, number: Any) -> Any:
        """The nearest whole number."""


class _Integer(NumericType):
    """``tinyint``, ``smallint``, ``int``, ``bigint`` and ``counter``: they wrap around."""

    def of_bytes(self, data: bytes) -> int:
        return be.unpack_signed(data, self.size)

    def dump(self, number: int) -> bytes:
        return be.pack_signed(number, self.size)

    def of(self, number: Number) -> int:
        if isinstance(number, float):
            return java.narrow(number, self.size)
        return java.wrap(int(number), self.size)

    def add(self, left: int, right: int) -> int:
        return java.wrap(left + right, self.size)

    def subtract(self, left: int, right: int) -> int:
        return java.wrap(left - right, self.size)

    def multiply(self, left: int, right: int) -> int:
        return java.wrap(left * right, self.size)

    def divide(self, left: int, right: int) -> int:
        _check_divisor(right, "/ by zero")
        return java.wrap(java.divide_whole(left, right), self.size)

    def modulo(self, left: int, right: int) -> int:
        _check_divisor(right, "/ by zero")
        return java.remainder_whole(left, right)

    def exp(self, number: int) -> int:
        return java.narrow(java.exponential(float(number)), self.size)

    def log(self, number: int, *, base_10: bool = False) -> int:
        return java.narrow(java.logarithm(float(number), base_10=base_10), self.size)

    def round(self, number: int) -> int:
        return number


class _Floating(NumericType):
    """``float`` and ``double``."""

    is_floating = True

    def of_bytes(self, data: bytes) -> float:
        return ieee.unpack_f4(data) if self.size == FLOAT_SIZE else ieee.unpack_f8(data)

    def dump(self, number: float) -> bytes:
        return ieee.pack_f4(number) if self.size == FLOAT_SIZE else ieee.pack_f8(number)

    def of(self, number: Number) -> float:
        return java.to_float(number) if self.size == FLOAT_SIZE else java.to_double(number)

    def add(self, left: float, right: float) -> float:
        return self.of(left + right)

    def subtract(self, left: float, right: float) -> float:
        return self.of(left - right)

    def multiply(self, left: float, right: float) -> float:
        return self.of(left * right)

    def divide(self, left: float, right: float) -> float:
        return self.of(java.divide_floating(left, right))

    def modulo(self, left: float, right: float) -> float:
        return self.of(java.remainder_floating(left, right))

    def exp(self, number: float) -> float:
        return self.of(java.exponential(number))

    def log(self, number: float, *, base_10: bool = False) -> float:
        return self.of(java.logarithm(number, base_10=base_10))

    def round(self, number: float) -> float:
        return self.of(java.round_half_up(number, self.size))


class _BigDecimal(NumericType):
    """``decimal``."""

    is_floating = True

    def of_bytes(self, data: bytes) -> Decimal:
        value: Decimal = self.type.decode(data)
        return value

    def dump(self, number: Decimal) -> bytes:
        return self.type.encode(number)

    def of(self, number: Number) -> Decimal:
        """Of an integer too, Java takes the text of the ``double``: 1 becomes 1.0."""
        if isinstance(number, Decimal):
            return number
        value = float(number)
        if value != value:
            raise ArithmeticError("A NaN cannot be converted into a decimal")
        if value in (float("inf"), float("-inf")):
            raise ArithmeticError("An infinite number cannot be converted into a decimal")
        return Decimal(double_text(ieee.pack_f8(value)))

    def operand(self, number: Any, source: NumericType) -> Decimal:
        return Decimal(number) if source is VARINT else self.of(number)

    def add(self, left: Decimal, right: Decimal) -> Decimal:
        return java.WIDE.add(left, right)

    def subtract(self, left: Decimal, right: Decimal) -> Decimal:
        return java.WIDE.subtract(left, right)

    def multiply(self, left: Decimal, right: Decimal) -> Decimal:
        return java.WIDE.multiply(left, right)

    def divide(self, left: Decimal, right: Decimal) -> Decimal:
        return java.divide_decimal(left, right)

    def modulo(self, left: Decimal, right: Decimal) -> Decimal:
        return java.remainder_decimal(left, right)

    def negate(self, number: Decimal) -> Decimal:
        return number.copy_negate() if number else number

    def abs(self, number: Decimal) -> Decimal:
        return number.copy_abs()

    def exp(self, number: Decimal) -> Decimal:
        try:
            return java.digits_context(number).exp(number)
        except Overflow:
            raise ArithmeticError("Overflow") from None

    def log(self, number: Decimal, *, base_10: bool = False) -> Decimal:
        if number <= 0:
            kind = "Log10" if base_10 else "Natural log"
            raise ArithmeticError(f"{kind} of number zero or less")
        return java.log10_decimal(number) if base_10 else java.digits_context(number).ln(number)

    def round(self, number: Decimal) -> Decimal:
        return java.round_decimal(number)


class _BigInteger(NumericType):
    """``varint``."""

    def of_bytes(self, data: bytes) -> int:
        return be.unpack_int(data)

    def dump(self, number: int) -> bytes:
        return be.pack_int(number)

    def of(self, number: Number) -> int:
        if isinstance(number, int):
            return number
        if isinstance(number, float):
            return java.narrow(number, LONG_SIZE)
        return java.wrap(int(number), LONG_SIZE)

    def add(self, left: int, right: int) -> int:
        return left + right

    def subtract(self, left: int, right: int) -> int:
        return left - right

    def multiply(self, left: int, right: int) -> int:
        return left * right

    def divide(self, left: int, right: int) -> int:
        _check_divisor(right, "BigInteger divide by zero")
        return java.divide_whole(left, right)

    def modulo(self, left: int, right: int) -> int:
        _check_divisor(right, "BigInteger divide by zero")
        return java.remainder_whole(left, right)

    def exp(self, number: int) -> int:
        return int(DECIMAL.exp(Decimal(number)))

    def log(self, number: int, *, base_10: bool = False) -> int:
        return int(DECIMAL.log(Decimal(number), base_10=base_10))

    def round(self, number: int) -> int:
        return number


def _check_divisor(divisor: int, message: str) -> None:
    if not divisor:
        raise ZeroDivisionError(message)


FLOAT_SIZE: Final = 4
LONG_SIZE: Final = 8
_ANY_SIZE: Final = 1 << 31

BYTE: Final = _Integer("ByteType", 1)
SHORT: Final = _Integer("ShortType", 2)
INT: Final = _Integer("Int32Type", 4)
LONG: Final = _Integer("LongType", LONG_SIZE)
COUNTER: Final = _Integer("CounterColumnType", LONG_SIZE)
FLOAT: Final = _Floating("FloatType", FLOAT_SIZE)
DOUBLE: Final = _Floating("DoubleType", 8)
VARINT: Final = _BigInteger("IntegerType", _ANY_SIZE)
DECIMAL: Final = _BigDecimal("DecimalType", _ANY_SIZE)

NUMERIC: Final = (BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, DECIMAL, VARINT, COUNTER)
"""All numeric types."""

_OF_TYPE: Final = {kind.type: kind for kind in NUMERIC}


def numeric_of(kind: CqlType) -> NumericType | None:
    """How to compute with values of a type, None if they are no numbers."""
    return _OF_TYPE.get(kind.unwrap())


def result_of(left: NumericType, right: NumericType) -> NumericType:
    """The type of what an operator makes of two numbers (``OperationFcts.returnType``)."""
    size = max(left.size, right.size)
    if left.is_floating or right.is_floating:
        return {4: FLOAT, 8: DOUBLE}.get(size, DECIMAL)
    return {1: BYTE, 2: SHORT, 4: INT, 8: LONG}.get(size, VARINT)
