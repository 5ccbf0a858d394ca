"""Integers, floating-point numbers and decimals."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, ClassVar, Final

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.java_numbers import double_text, float_text
from cqlite.types.text import decimal_text, integer_text

_SCALE_BYTES: Final = 4


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError("not an integer")
    return int(value.__index__())


class _FixedInteger(ScalarType):
    """An integer of a fixed number of bytes, two's complement."""

    size: ClassVar[int]

    def _load(self, data: bytes) -> int:
        return be.unpack_signed(data, self.size)

    def _dump(self, value: Any) -> bytes:
        return be.pack_signed(_integer(value), self.size)

    def _text(self, data: bytes) -> str:
        return str(be.unpack_signed(data, self.size))

    def _parse(self, text: str) -> bytes:
        return be.pack_signed(int(text), self.size)

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._load(left), self._load(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_signed_fixed(self._checked(data))


class ByteType(_FixedInteger):
    """``tinyint``: int. Of variable length for Cassandra."""

    class_name, cql, size, lengths, rejects_empty = "ByteType", "tinyint", 1, (1,), True


class ShortType(_FixedInteger):
    """``smallint``: int. Of variable length for Cassandra."""

    class_name, cql, size, lengths, rejects_empty = "ShortType", "smallint", 2, (2,), True


class Int32Type(_FixedInteger):
    """``int``: int."""

    class_name, cql, size, lengths, fixed_length = "Int32Type", "int", 4, (4,), 4


class LongType(_FixedInteger):
    """``bigint``: int."""

    class_name, cql, size, lengths, fixed_length = "LongType", "bigint", 8, (8,), 8

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.signed_varint(self._load(data)) if self._checked(data) else None


class IntegerType(ScalarType):
    """``varint``: int of any size."""

    class_name, cql = "IntegerType", "varint"

    def _load(self, data: bytes) -> int:
        return be.unpack_int(data)

    def _dump(self, value: Any) -> bytes:
        return be.pack_int(_integer(value))

    def _text(self, data: bytes) -> str:
        return integer_text(be.unpack_int(data))

    def _parse(self, text: str) -> bytes:
        number = Decimal(text)
        if number.as_tuple().exponent != 0:
            raise ValueError("not an integer")
        return be.pack_int(int(number))

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(be.unpack_int(left), be.unpack_int(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.varint(data)


class _FloatingPoint(ScalarType):
    """IEEE 754. Sorts as Java compares: -0.0 below 0.0, NaN above all and equal to itself."""

    size: ClassVar[int]

    def to_json(self, data: bytes) -> str:
        text = super().to_json(data)
        return "null" if text in ("NaN", "Infinity", "-Infinity") else text

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._order(left), self._order(right))

    def _order(self, data: bytes) -> tuple[bool, float, float]:
        value = self._load(data)
        if math.isnan(value):
            return True, 0.0, 0.0
        return False, value, math.copysign(1.0, value)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.optional_signed_float(self._checked(data))


class FloatType(_FloatingPoint):
    """``float``: float, which holds every value of 32 bits."""

    class_name, cql, lengths, fixed_length = "FloatType", "float", (4,), 4

    def _load(self, data: bytes) -> float:
        return be.unpack_f4(data)

    def _dump(self, value: Any) -> bytes:
        return be.pack_f4(float(value))

    def _text(self, data: bytes) -> str:
        return float_text(data)

    def _parse(self, text: str) -> bytes:
        number = float(text)
        try:
            return be.pack_f4(number)
        except ValueError:
            # Java's parser gives infinity where there is no float so large.
            return be.pack_f4(math.copysign(math.inf, number))


class DoubleType(_FloatingPoint):
    """``double``: float."""

    class_name, cql, lengths, fixed_length = "DoubleType", "double", (8,), 8

    def _load(self, data: bytes) -> float:
        return be.unpack_f8(data)

    def _dump(self, value: Any) -> bytes:
        return be.pack_f8(float(value))

    def _text(self, data: bytes) -> str:
        return double_text(data)

    def _parse(self, text: str) -> bytes:
        return be.pack_f8(float(text))


class DecimalType(ScalarType):
    """``decimal``: ``decimal.Decimal``, with the value's own scale; exact at any size."""

    class_name, cql = "DecimalType", "decimal"

    def _checked(self, data: bytes) -> bytes:
        if data and len(data) <= _SCALE_BYTES:
            self._refuse(data, "no digits after the scale")
        return data

    def validate(self, data: bytes) -> None:
        if data and len(data) < _SCALE_BYTES:
            self._refuse(data, f"expected at least 4 bytes, got {len(data)}")

    def _parts(self, data: bytes) -> tuple[int, int]:
        """The unscaled integer and the scale."""
        parsed = self._layout(data)
        return be.unpack_int(parsed.unscaled.magnitude), parsed.scale

    def _layout(self, data: bytes) -> Any:
        return layout.parse(self, "decimal_value", data)

    def _load(self, data: bytes) -> Decimal:
        unscaled, scale = self._parts(data)
        # From a string: what works on decimals would round to the context's precision.
        return Decimal(f"{integer_text(unscaled)}E{-scale}")

    def _dump(self, value: Any) -> bytes:
        number = value if isinstance(value, Decimal) else Decimal(_integer(value))
        sign, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int):
            raise ValueError("not a number")
        be.pack_signed(-exponent, _SCALE_BYTES)
        unscaled = be.pack_int(int(Decimal((sign, digits, 0))))
        varint = layout.part("varint_value", magnitude=unscaled)
        return layout.build("decimal_value", scale=-exponent, unscaled=varint)

    def _text(self, data: bytes) -> str:
        return decimal_text(self._load(data))

    def _parse(self, text: str) -> bytes:
        return self._dump(Decimal(text))

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._load(left), self._load(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        if not self._checked(data):
            return None
        unscaled, scale = self._parts(data)
        return decimal_comparable(unscaled, scale)


def decimal_comparable(unscaled: int, scale: int) -> bytes:
    """A decimal as sign, exponent to the base 100 and digits to the base 100.

    Follows ``DecimalType.asComparableBytes``. A negative number's first digit is rounded
    down, so that all further digits are positive.
    """
    if not unscaled:
        return b"\x80"
    negative = unscaled < 0
    precision = len(integer_text(abs(unscaled)))
    even_scale = (scale - precision) & ~1
    exponent = -even_scale >> 1
    # As a fraction between 1/100 and 1, with an even number of digits after the point.
    length = scale - even_scale
    if length % 2:
        unscaled, length = unscaled * 10, length + 1
    rest_length = length - 2
    first, rest = divmod(unscaled, 10**rest_length)
    pairs = [first]
    digits = integer_text(rest).rjust(rest_length, "0") if rest else ""
    pairs += [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    while not pairs[-1]:
        pairs.pop()
    head = _exponent_bytes(-exponent if negative else exponent, negative)
    return head + bytes(0x80 + pair for pair in pairs) + b"\x00"


def _exponent_bytes(exponent: int, negative: bool) -> bytes:
    """A byte with the number's sign and the exponent's sign and length, then the exponent."""
    length = (abs(exponent).bit_length() + 7) // 8
    head = 0x40 + (-length if exponent < 0 else length) + (0 if negative else 0x80)
    body = be.pack_signed(exponent, length + 1)[1:] if length else b""
    return be.pack_unsigned(head, 1) + body
