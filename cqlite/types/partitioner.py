"""Partitioners: the order in which partitions stand in SSTables (``IPartitioner``)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import total_ordering
from typing import Any, ClassVar, Final

from cqlite.codec import be
from cqlite.errors import InvalidTypeError
from cqlite.types import byte_comparable as bc
from cqlite.types.base import CqlType

PACKAGE: Final = "org.apache.cassandra.dht."
"""The package of Cassandra's own partitioners."""

_LONG_MIN: Final = -(1 << 63)
_LONG_MAX: Final = (1 << 63) - 1


@total_ordering
class Token:
    """A key's place in the ring. Tokens of one partitioner compare.

    ``value`` is an int, or bytes or str with the partitioners that preserve order;
    ``str`` gives what ``nodetool`` and sstablemetadata print.
    """

    __slots__ = ("_order", "_partitioner", "value")

    def __init__(self, partitioner: Partitioner, value: Any) -> None:
        self.value = value
        self._partitioner = partitioner
        self._order = partitioner.token_order(value)

    @property
    def comparable(self) -> bytes | None:
        """The byte-comparable form, None for a key without bytes whose type has none then."""
        return self._partitioner.token_comparable(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and bool(self._order == other._order)

    def __lt__(self, other: Token) -> bool:
        return bool(self._order < other._order)

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return self._partitioner.token_text(self.value)

    def __repr__(self) -> str:
        return f"<Token {self}>"


class Partitioner(ABC):
    """Makes tokens of partition keys. A key is ``bytes``, in its serialized form."""

    class_name: ClassVar[str]

    @property
    def name(self) -> str:
        """The full class name, as in Statistics.db."""
        return PACKAGE + self.class_name

    @abstractmethod
    def token(self, key: bytes) -> Token:
        """The token of a key; of no bytes, the smallest token."""

    def token_order(self, value: Any) -> Any:
        """What a token's value sorts by."""
        return value

    def token_text(self, value: Any) -> str:
        """What Cassandra prints for a token's value."""
        return str(value)

    @abstractmethod
    def token_comparable(self, value: Any) -> bytes | None:
        """The byte-comparable form of a token's value."""

    def ordering(self, key_type: CqlType | None) -> CqlType:
        """The type that sorts keys as partitions are sorted (``partitionOrdering``)."""
        from cqlite.types.special import PartitionerDefinedOrder

        return PartitionerDefinedOrder(self, key_type)

    def sort_key(self, key: bytes) -> tuple[Token, bytes]:
        """An object that sorts as partitions do: by token, then by the key's bytes."""
        return self.token(key), key

    def compare(self, left: bytes, right: bytes) -> int:
        """Below, at or above 0, as ``DecoratedKey.compareTo``."""
        a, b = self.sort_key(left), self.sort_key(right)
        return int(a > b) - int(a < b)

    def byte_comparable(self, key: bytes, terminator: int = bc.TERMINATOR) -> bytes:
        """The decorated key as BTI's indexes hold it (``DecoratedKey.asComparableBytes``).

        Args:
            key: the partition key.
            terminator: one of ``byte_comparable``; another than the default makes a bound.
        """
        return bc.decorated_key(self.token(key).comparable, key, terminator)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(self.class_name)

    def __repr__(self) -> str:
        return f"<{self.class_name}>"


class Murmur3Partitioner(Partitioner):
    """Tokens are signed 64-bit hashes of the key. Cassandra's default."""

    class_name = "Murmur3Partitioner"

    def token(self, key: bytes) -> Token:
        if not key:
            return Token(self, _LONG_MIN)
        from cqlite.codec import murmur3

        value = be.wrap_s64(murmur3.hash128(key)[0])
        return Token(self, _LONG_MAX if value == _LONG_MIN else value)

    def token_comparable(self, value: int) -> bytes | None:
        return bc.signed_long(value)


class RandomPartitioner(Partitioner):
    """Tokens are the MD5 of the key as a signed integer without its sign, up to 2^127."""

    class_name = "RandomPartitioner"

    def token(self, key: bytes) -> Token:
        if not key:
            return Token(self, -1)
        # Takes longer to load than all else here, for a partitioner that is rare.
        import hashlib

        digest = hashlib.md5(key, usedforsecurity=False).digest()
        return Token(self, abs(be.unpack_signed(digest, 16)))

    def token_comparable(self, value: int) -> bytes | None:
        return bc.varint(be.pack_int(value))


class ByteOrderedPartitioner(Partitioner):
    """Tokens are the key's bytes."""

    class_name = "ByteOrderedPartitioner"

    def token(self, key: bytes) -> Token:
        return Token(self, key)

    def token_text(self, value: bytes) -> str:
        return value.hex()

    def token_comparable(self, value: bytes) -> bytes | None:
        return bc.escaped(value)

    def ordering(self, key_type: CqlType | None) -> CqlType:
        from cqlite.types.scalars import BytesType

        return BytesType()


class OrderPreservingPartitioner(Partitioner):
    """Tokens are the key's text, or its hexadecimal digits if it is not UTF-8."""

    class_name = "OrderPreservingPartitioner"

    def token(self, key: bytes) -> Token:
        try:
            text = key.decode()
        except UnicodeDecodeError:
            text = key.hex()
        return Token(self, text)

    def token_order(self, value: str) -> bytes:
        # Java compares strings by their UTF-16 units.
        return value.encode("utf-16-be")

    def token_comparable(self, value: str) -> bytes | None:
        return bc.escaped(value.encode())

    def ordering(self, key_type: CqlType | None) -> CqlType:
        from cqlite.types.scalars import UTF8Type

        return UTF8Type()


class LocalPartitioner(Partitioner):
    """Tokens are keys in the order of their type: tables of this node and of indexes."""

    class_name = "LocalPartitioner"

    def __init__(self, key_type: CqlType | None = None) -> None:
        self._key_type = key_type

    @property
    def key_type(self) -> CqlType:
        """The type of the keys.

        Raises:
            InvalidTypeError: it was not given.
        """
        if self._key_type is None:
            raise InvalidTypeError("a LocalPartitioner needs the type of the partition key")
        return self._key_type

    def token(self, key: bytes) -> Token:
        return Token(self, key)

    def token_order(self, value: bytes) -> Any:
        return self.key_type.sort_key(value)

    def token_text(self, value: bytes) -> str:
        return self.key_type.to_string(value)

    def token_comparable(self, value: bytes) -> bytes | None:
        return self.key_type.byte_comparable(value)

    def ordering(self, key_type: CqlType | None) -> CqlType:
        return self.key_type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalPartitioner) and self._key_type == other._key_type

    def __hash__(self) -> int:
        return hash((self.class_name, self._key_type))


_SIMPLE: Final[dict[str, type[Partitioner]]] = {
    kind.class_name: kind
    for kind in (
        Murmur3Partitioner,
        RandomPartitioner,
        ByteOrderedPartitioner,
        OrderPreservingPartitioner,
    )
}


def parse_partitioner(name: str, key_type: CqlType | None = None) -> Partitioner:
    """The partitioner of a class string of Statistics.db.

    Args:
        name: the class, with or without its package; a local partitioner's may have the
            type of the keys as a parameter.
        key_type: the partition key's type, for a local partitioner.

    Raises:
        InvalidTypeError: no such partitioner.
    """
    from cqlite.types.parser import parse_type

    simple, _, parameter = name.strip().removeprefix(PACKAGE).partition("(")
    if simple == LocalPartitioner.class_name:
        if parameter:
            key_type = parse_type(parameter.removesuffix(")"))
        return LocalPartitioner(key_type)
    if simple not in _SIMPLE or parameter:
        raise InvalidTypeError(f"unknown partitioner {name!r}")
    return _SIMPLE[simple]()
