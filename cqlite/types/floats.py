"""Floating-point numbers."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from cqlite.codec import ieee
from cqlite.types import byte_comparable as bc
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.java_numbers import double_text, float_text
from cqlite.types.text import plain_number


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
        return ieee.unpack_f4(data)

    def _dump(self, value: Any) -> bytes:
        return ieee.pack_f4(float(value))

    def _text(self, data: bytes) -> str:
        return float_text(data)

    def _parse(self, text: str) -> bytes:
        number = float(plain_number(text))
        try:
            return ieee.pack_f4(number)
        except ValueError:
            # Java's parser gives infinity where there is no float so large.
            return ieee.pack_f4(math.copysign(math.inf, number))


class DoubleType(_FloatingPoint):
    """``double``: float."""

    class_name, cql, lengths, fixed_length = "DoubleType", "double", (8,), 8

    def _load(self, data: bytes) -> float:
        return ieee.unpack_f8(data)

    def _dump(self, value: Any) -> bytes:
        return ieee.pack_f8(float(value))

    def _text(self, data: bytes) -> str:
        return double_text(data)

    def _parse(self, text: str) -> bytes:
        return ieee.pack_f8(float(plain_number(text)))
