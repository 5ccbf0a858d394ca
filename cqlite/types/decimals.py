"""Decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from cqlite.codec import be
from cqlite.types import layout
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.numbers import integer
from cqlite.types.text import decimal_text, integer_text, parse_decimal

_SCALE_BYTES: Final = 4


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
        number = value if isinstance(value, Decimal) else Decimal(integer(value))
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
        return self._dump(parse_decimal(text))

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
