"""Functions that hide values: ``org.apache.cassandra.cql3.functions.masking``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from cqlite.codec import be
from cqlite.errors import QueryError
from cqlite.query.functions import parameters, times
from cqlite.query.functions.base import Function, ScalarFunction
from cqlite.query.functions.factory import Factory
from cqlite.query.functions.nulls import is_null
from cqlite.types import (
    CollectionType,
    CqlType,
    Duration,
    TupleType,
    UserType,
    VectorType,
    parse_type,
)

_TEXT, _INT, _BLOB = (parse_type(name) for name in ("UTF8Type", "Int32Type", "BytesType"))
_DEFAULT_HASH: Final = "SHA-256"
_HASHES: Final = {
    "MD5": "md5",
    "SHA": "sha1",
    "SHA1": "sha1",
    "SHA-1": "sha1",
    "SHA-224": "sha224",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
    "SHA-512/224": "sha512_224",
    "SHA-512/256": "sha512_256",
    "SHA3-224": "sha3_224",
    "SHA3-256": "sha3_256",
    "SHA3-384": "sha3_384",
    "SHA3-512": "sha3_512",
}
"""Java's names, in upper case, and Python's."""


def factories() -> Iterator[Factory]:
    """All functions of this kind."""
    anything = parameters.Parameter
    yield Factory("mask_null", _Null.make, anything())
    yield Factory("mask_replace", _Replace.make, anything(from_receiver=True), parameters.SameAs(0))
    yield Factory("mask_default", _Default.make, anything())
    yield Factory("mask_hash", _Hash.make, anything(), parameters.optional(parameters.text()))
    for name in ("mask_inner", "mask_outer"):
        yield Factory(
            name,
            _Partial.make,
            parameters.string(),
            parameters.integer(),
            parameters.integer(),
            parameters.optional(parameters.text()),
        )


class _Null(ScalarFunction):
    @classmethod
    def make(cls, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
        """The function for a call's types."""
        return cls(name, types[0], types)

    def call(self, *arguments: bytes | None) -> bytes | None:
        return None


class _Replace(_Null):
    """The second argument, whatever the first is."""

    @classmethod
    def make(cls, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
        return cls(name, types[1], types)

    def call(self, *arguments: bytes | None) -> bytes | None:
        return arguments[1]


class _Default(_Null):
    """A value that every type has one of, also for null."""

    def call(self, *arguments: bytes | None) -> bytes | None:
        return masked_value(self.return_type)


class _Hash(_Null):
    @classmethod
    def make(cls, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
        # The algorithm's type is text, of whatever type the argument is.
        return cls(name, _BLOB, (types[0], _TEXT)[: len(types)])

    def call(self, *arguments: bytes | None) -> bytes | None:
        value, *rest = arguments
        algorithm = rest[0] if rest else None
        name = _DEFAULT_HASH if algorithm is None else algorithm.decode()
        if name.upper() not in _HASHES:
            raise QueryError(f"Hash algorithm not found: {name}")
        return None if value is None else hashlib.new(_HASHES[name.upper()], value).digest()


class _Partial(_Null):
    """Characters hidden at the ends (``mask_outer``) or between (``mask_inner``)."""

    @classmethod
    def make(cls, name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
        return cls(name, types[0], (types[0], _INT, _INT, _TEXT)[: len(types)])

    def call(self, *arguments: bytes | None) -> bytes | None:
        value, begin, end, *padding = arguments
        # Java's characters are units of UTF-16.
        mark = self._padding(padding[0] if padding else None)
        if not value:
            return value
        units = value.decode("utf-8").encode("utf-16-be")
        size = len(units) // 2
        first, last = _int(begin), size - 1 - _int(end)
        inner = self.name == "mask_inner"
        hidden = b"".join(
            mark if (first <= at <= last) == inner else units[2 * at : 2 * at + 2]
            for at in range(size)
        )
        # Java writes a question mark for half of a surrogate pair.
        charset = "ascii" if self.return_type.class_name == "AsciiType" else "utf-8"
        return hidden.decode("utf-16-be", "surrogatepass").encode(charset, "replace")

    def _padding(self, data: bytes | None) -> bytes:
        text = "*" if data is None else data.decode("utf-8")
        units = text.encode("utf-16-be")
        if len(units) != 2:
            raise QueryError(
                f"The padding argument for function {self.full_name} should be "
                f"single-character, but '{text}' has {len(units) // 2} characters."
            )
        return units


def _int(data: bytes | None) -> int:
    return 0 if data is None or is_null(_INT, data) else be.unpack_signed(data, 4)


_MASKED: Final[dict[str, Callable[[CqlType], bytes]]] = {
    "AsciiType": lambda kind: b"****",
    "UTF8Type": lambda kind: b"****",
    "BytesType": lambda kind: b"",
    "EmptyType": lambda kind: b"",
    "BooleanType": lambda kind: b"\0",
    "ByteType": lambda kind: bytes(1),
    "ShortType": lambda kind: bytes(2),
    "Int32Type": lambda kind: bytes(4),
    "LongType": lambda kind: bytes(8),
    "CounterColumnType": lambda kind: bytes(8),
    "FloatType": lambda kind: bytes(4),
    "DoubleType": lambda kind: bytes(8),
    "IntegerType": lambda kind: kind.encode(0),
    "DecimalType": lambda kind: kind.encode(Decimal(0)),
    "InetAddressType": lambda kind: bytes(4),
    "UUIDType": lambda kind: bytes(16),
    "LexicalUUIDType": lambda kind: bytes(16),
    "TimeUUIDType": lambda kind: times.TIMEUUID.of_millis(0),
    "LegacyTimeUUIDType": lambda kind: times.TIMEUUID.of_millis(0),
    "TimestampType": lambda kind: bytes(8),
    "DateType": lambda kind: bytes(8),
    "SimpleDateType": lambda kind: times.DATE.of_millis(0),
    "TimeType": lambda kind: bytes(8),
    "DurationType": lambda kind: kind.encode(Duration(0, 0, 0)),
}


def masked_value(kind: CqlType) -> bytes:
    """What stands for any value of a type (``AbstractType.getMaskedValue``).

    Raises:
        QueryError: the type has no such value.
    """
    if isinstance(kind, CollectionType):
        return kind.pack(())
    if isinstance(kind, VectorType):
        return kind.build([masked_value(kind.elements)] * kind.dimension)
    if isinstance(kind, TupleType | UserType):
        return kind.build([masked_value(part) for part in kind.subtypes])
    make = _MASKED.get(kind.class_name)
    if make is None:
        raise QueryError(f"There isn't a defined masked value for type {kind.cql_name}")
    return make(kind)
