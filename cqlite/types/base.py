"""What every CQL type has in common: ``org.apache.cassandra.db.marshal.AbstractType``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property, cmp_to_key
from typing import Any, ClassVar, Final, NoReturn

from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.types import byte_comparable as bc
from cqlite.types.text import quote_json

PACKAGE: Final = "org.apache.cassandra.db.marshal."
"""The package of Cassandra's own type classes."""

MULTI_CELL_SHAPE: Final = -2
"""``shape`` of a type whose values are spread over many cells, each with a path."""


class _Empty:
    """The type of :data:`EMPTY`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "EMPTY"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "EMPTY"


EMPTY: Final = _Empty()
"""A value without bytes of a type for which that has no meaning, such as ``int``.

It is neither null (``None``) nor zero: Thrift clients could write it, and CQL's
``blobAsInt(0x)`` still can. Cassandra shows it as null to CQL clients.
"""


class CqlType(ABC):
    """A type of values in SSTables, with all that Cassandra's class for it does.

    Values are ``bytes`` in their serialized form. No method takes null: a null has no
    bytes, and whoever holds the length sees that. Types are immutable, equal where
    their ``marshal_name`` is equal, and hashable.

    ``bytes`` without anything in them are a value of most types. ``decode`` gives
    :data:`EMPTY` for them where the type has no such value itself
    (``text`` and ``blob`` do), and ``to_json`` gives ``""``, as Cassandra does.
    """

    class_name: ClassVar[str]
    """The class's name in Cassandra, without its package."""

    is_multi_cell: bool = False
    """Whether each element has a cell of its own: collections and UDTs that are not frozen."""
    is_counter: ClassVar[bool] = False
    """Whether it is ``counter``."""
    is_reversed: ClassVar[bool] = False
    """Whether values sort in descending order."""
    is_collection: ClassVar[bool] = False
    """Whether it is a list, a set or a map."""
    is_udt: ClassVar[bool] = False
    """Whether it is a user-defined type."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CqlType) and self.marshal_name == other.marshal_name

    def __hash__(self) -> int:
        return hash(self.marshal_name)

    def __repr__(self) -> str:
        return f"<CqlType {self.cql_name}>"

    # What the type is.

    @cached_property
    def marshal_name(self) -> str:
        """The class with its parameters, as in SSTables: what ``parse_type`` takes."""
        return self.marshal_string()

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        """``marshal_name``, on demand without ``FrozenType`` (``AbstractType.toString``)."""
        return PACKAGE + self.class_name

    @property
    @abstractmethod
    def cql_name(self) -> str:
        """The type in CQL, such as ``frozen<list<int>>``; a class in quotes if it has none."""

    @property
    def value_length_if_fixed(self) -> int:
        """Length of every value in bytes, -1 where lengths differ.

        What ``AbstractType.valueLengthIfFixed`` says, which decides how values are
        written: also ``tinyint``, ``smallint``, ``date`` and ``time`` are -1.
        """
        return -1

    @property
    def shape(self) -> int:
        """What the layouts take: -2 if multi-cell, else ``value_length_if_fixed``."""
        return MULTI_CELL_SHAPE if self.is_multi_cell else self.value_length_if_fixed

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        """The types of elements, keys and values, fields or components."""
        return ()

    def unwrap(self) -> CqlType:
        """The type without ``ReversedType``."""
        return self

    def freeze(self) -> CqlType:
        """The same type with all of a value in one cell."""
        return self

    @property
    def name_comparator(self) -> CqlType | None:
        """The type of cell paths, None where it cannot be multi-cell."""
        return None

    def cell_type(self, path: bytes | None) -> CqlType:
        """The type of the values of cells, at ``path`` if it is multi-cell.

        Raises:
            InvalidValueError: there is no such field in a UDT.
        """
        return self

    def path_string(self, path: bytes) -> str:
        """A cell's path as sstabledump prints it: of a UDT, the field's name.

        Raises:
            InvalidValueError: there is no such path.
        """
        comparator = self.name_comparator
        return path.hex() if comparator is None else comparator.to_string(path)

    def pack(self, cells: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The frozen form of the cells of a value, as (path, value), in their order.

        Follows ``serializeForNativeProtocol`` of collections and UDTs.

        Raises:
            UnsupportedFeatureError: the type cannot be multi-cell.
        """
        raise UnsupportedFeatureError(f"a value of {self.cql_name} has one cell")

    # What values are.

    @abstractmethod
    def decode(self, data: bytes) -> Any:
        """The Python value, see the package's table.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """

    @abstractmethod
    def encode(self, value: Any) -> bytes:
        """The bytes of a Python value; takes back what ``decode`` gives, and more.

        Raises:
            InvalidValueError: ``value`` is none of this type, or not within its range.
        """

    @abstractmethod
    def validate(self, data: bytes) -> None:
        """Check what Cassandra's ``TypeSerializer.validate`` checks.

        Raises:
            InvalidValueError: where that raises ``MarshalException``.
        """

    @abstractmethod
    def to_json(self, data: bytes) -> str:
        """JSON as ``AbstractType.toJSONString`` writes it, the type's form of it.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """

    @abstractmethod
    def to_string(self, data: bytes) -> str:
        """Text as ``AbstractType.getString`` writes it, for partition keys and paths.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """

    @abstractmethod
    def from_string(self, text: str) -> bytes:
        """The inverse of ``to_string`` (``AbstractType.fromString``).

        Raises:
            InvalidValueError: ``text`` does not say a value of this type.
        """

    @abstractmethod
    def to_cql_literal(self, data: bytes) -> str:
        """The value in a CQL statement (``AbstractType.toCQLString``).

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """

    # How values sort.

    def compare(self, left: bytes, right: bytes) -> int:
        """Below, at or above 0, in the order that clusterings and paths are sorted in.

        By default the order of unsigned bytes; a value without bytes is the least.

        Raises:
            InvalidValueError: one of them is no value of this type.
            UnsupportedFeatureError: the type has no order (``counter``).
        """
        return (left > right) - (left < right)

    def sort_key(self, data: bytes) -> Any:
        """An object that sorts as ``compare`` says."""
        return self._key_class(data)

    @cached_property
    def _key_class(self) -> Any:
        return cmp_to_key(self.compare)

    def byte_comparable(self, data: bytes) -> bytes | None:
        """Bytes whose unsigned order is that of ``compare``, as BTI's indexes hold them.

        Follows ``asComparableBytes`` in the version ``OSS50``. None for a value that has
        no such form, in most types the empty one; what holds the value marks that.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
            UnsupportedFeatureError: the type has no order (``counter``).
        """
        return bc.escaped(data)

    # For subclasses.

    def _refuse(self, data: bytes, reason: str) -> NoReturn:
        shown = data[:32].hex() + ("..." if len(data) > 32 else "")
        raise InvalidValueError(f"0x{shown} is no value of {self.cql_name}: {reason}")

    def _refuse_value(self, value: object, reason: str = "") -> NoReturn:
        shown = repr(value)
        shown = shown if len(shown) <= 100 else shown[:100] + "..."
        because = f": {reason}" if reason else ""
        raise InvalidValueError(f"{shown} cannot be a value of {self.cql_name}{because}")

    def _no_order(self) -> NoReturn:
        raise UnsupportedFeatureError(f"values of {self.cql_name} have no order")


def compare_numbers(left: Any, right: Any) -> int:
    """Below, at or above 0 as ``left`` is below, at or above ``right``."""
    return int(left > right) - int(left < right)


class ScalarType(CqlType):
    """A type whose values have no parts. Subclasses say how one that has bytes is read.

    ``lengths`` are the lengths that a value with bytes can have, None for any.
    """

    cql: ClassVar[str]
    """The type's name in CQL."""
    lengths: ClassVar[tuple[int, ...] | None] = None
    fixed_length: ClassVar[int] = -1
    rejects_empty: ClassVar[bool] = False
    """Whether ``validate`` refuses a value without bytes."""
    is_quoted: ClassVar[bool] = False
    """Whether CQL literals are in single quotes."""
    is_json_string: ClassVar[bool] = False
    """Whether JSON has it in quotes."""

    @property
    def cql_name(self) -> str:
        return self.cql

    @property
    def value_length_if_fixed(self) -> int:
        return self.fixed_length

    @abstractmethod
    def _load(self, data: bytes) -> Any:
        """The Python value of at least one byte, of a length that is right."""

    @abstractmethod
    def _dump(self, value: Any) -> bytes:
        """The bytes of a value other than EMPTY; may raise ValueError or TypeError."""

    @abstractmethod
    def _text(self, data: bytes) -> str:
        """What ``TypeSerializer.toString`` says of at least one byte."""

    @abstractmethod
    def _parse(self, text: str) -> bytes:
        """The inverse of ``_text``, of at least one character; may raise ValueError."""

    def _checked(self, data: bytes) -> bytes:
        if data and self.lengths is not None and len(data) not in self.lengths:
            wanted = " or ".join(map(str, self.lengths))
            self._refuse(data, f"expected {wanted} bytes, got {len(data)}")
        return data

    def decode(self, data: bytes) -> Any:
        return self._load(data) if self._checked(data) else EMPTY

    def encode(self, value: Any) -> bytes:
        if value is EMPTY:
            return b""
        try:
            return self._dump(value)
        except (ValueError, TypeError, OverflowError, AttributeError, ArithmeticError) as error:
            self._refuse_value(value, str(error))

    def validate(self, data: bytes) -> None:
        if not data and self.rejects_empty:
            self._refuse(data, "a value without bytes")
        self._checked(data)

    def to_json(self, data: bytes) -> str:
        if not self._checked(data):
            return '""'
        return quote_json(self._text(data)) if self.is_json_string else self._text(data)

    def to_string(self, data: bytes) -> str:
        self.validate(data)
        return self._text(data) if data else ""

    def from_string(self, text: str) -> bytes:
        if not text:
            return b""
        try:
            return self._parse(text)
        except (ValueError, ArithmeticError) as error:
            self._refuse_value(text, str(error))

    def to_cql_literal(self, data: bytes) -> str:
        if not self._checked(data):
            return "null"
        text = self._text(data)
        return f"'{text}'" if self.is_quoted else text

    def compare(self, left: bytes, right: bytes) -> int:
        if not left or not right:
            return bool(left) - bool(right)
        return self._compare(self._checked(left), self._checked(right))

    def _compare(self, left: bytes, right: bytes) -> int:
        """The order of two values that have bytes."""
        return compare_numbers(left, right)
