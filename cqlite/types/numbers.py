"""Integers."""

from __future__ import annotations

from typing import Any, ClassVar

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.text import integer_text, parse_decimal, plain_number


def integer(value: Any) -> int:
    """A value that is an integer.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError("not an integer")
    return int(value.__index__())


class _FixedInteger(ScalarType):
    """An integer of a fixed number of bytes, two's complement."""

    size: ClassVar[int]

    def _load(self, data: bytes) -> int:
        return be.unpack_signed(data, self.size)

    def _dump(self, value: Any) -> bytes:
        return be.pack_signed(integer(value), self.size)

    def _text(self, data: bytes) -> str:
        return str(be.unpack_signed(data, self.size))

    def _parse(self, text: str) -> bytes:
        return be.pack_signed(int(plain_number(text)), self.size)

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
        return be.pack_int(integer(value))

    def _text(self, data: bytes) -> str:
        return integer_text(be.unpack_int(data))

    def _parse(self, text: str) -> bytes:
        number = parse_decimal(text)
        if number.as_tuple().exponent != 0:
            raise ValueError("not an integer")
        return be.pack_int(int(number))

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(be.unpack_int(left), be.unpack_int(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.varint(data)
