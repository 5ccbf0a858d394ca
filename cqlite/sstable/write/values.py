"""Python values to the cells that CQL's INSERT, UPDATE and DELETE make of them.

Follows the ``Setter``, ``Appender`` and ``Discarder`` operations of ``cql3`` (``Lists``,
``Sets``, ``Maps``, ``UserTypes``, ``Constants``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from cqlite.codec.murmur3 import hash128
from cqlite.errors import InvalidValueError, RowError
from cqlite.schema import ColumnMetadata
from cqlite.sstable.write.fragments import CellFragment, ColumnFragment, Times
from cqlite.types import CqlType, ListType, MapType, SetType, UserType

_LONG_MIN = -0x8000000000000000
_UUID_EPOCH = 0x01B21DD213814000
"""100 ns intervals from the start of version 1 UUIDs' time to 1970."""
_INTERVALS = 10
_TIME_BITS = 60
_VERSION, _VARIANT, _VARIANT_MASK = 1, 0x80, 0x3F
_SIGN_OF_EACH_BYTE = 0x80808080
_Items = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class WriteTimes:
    """When something is written, and when it expires.

    Attributes:
        timestamp: microseconds.
        now: seconds since 1970, for the local deletion time of what is deleted.
        ttl: seconds, ``None`` for what does not expire.
    """

    timestamp: int
    now: int
    ttl: int | None = None

    @property
    def expiration(self) -> int | None:
        """Seconds since 1970, ``None`` for what does not expire."""
        return None if self.ttl is None else self.now + self.ttl

    @property
    def deletion(self) -> Times:
        """What deletes everything up to the timestamp."""
        return self.timestamp, self.now

    @property
    def overwriting(self) -> Times | None:
        """What deletes the elements that a new value of a collection takes the place of."""
        before = self.timestamp - 1
        return None if before == _LONG_MIN else (before, self.now)

    def cell(self, raw: bytes, path: bytes | None = None) -> CellFragment:
        """A cell with a value."""
        return CellFragment(path, self.timestamp, raw, self.ttl, self.expiration, False)

    def tombstone(self, path: bytes | None = None) -> CellFragment:
        """A deleted cell."""
        return CellFragment(path, self.timestamp, b"", None, self.now, True)


def encode(kind: CqlType, column: str, value: Any) -> bytes:
    """The bytes of a value that is valid for its type.

    Args:
        kind: the type.
        column: the column's name, for the error.
        value: as in the table of ``cqlite.types``.

    Raises:
        RowError: the value is none of the type.
    """
    try:
        data = kind.encode(value)
        kind.validate(data)
    except InvalidValueError as error:
        raise RowError(error.message, column=column) from error
    return data


class ColumnWriter:
    """Makes the cells of one column.

    Args:
        column: a static or regular column.
        index: its place among these.
    """

    def __init__(self, column: ColumnMetadata, index: int) -> None:
        self._column = column
        self._type = column.type
        self._index = index

    def write(
        self, value: Any, times: WriteTimes, *, append: bool = False
    ) -> ColumnFragment | None:
        """What INSERT makes of a value; ``None`` if that is nothing.

        Args:
            value: ``None`` deletes what there was.
            times: when.
            append: whether elements and fields are added, as ``+`` and ``udt.field =`` do
                in UPDATE, instead of taking the place of all there were.

        Raises:
            RowError: the value is none of the column's type.
        """
        if not self._column.is_complex:
            return self._simple(value, times, append)
        if append:
            cells = self._added(value, times)
            return self._fragment(None, cells) if cells else None
        items = () if value is None else self._items(value, times)
        deletion = times.overwriting
        cells = [times.cell(raw, path) for path, raw in items]
        return self._fragment(deletion, cells) if cells or deletion else None

    def _simple(self, value: Any, times: WriteTimes, append: bool) -> ColumnFragment:
        if append:
            self._refuse("nothing can be added to a value that is one cell")
        if value is None:
            return self._fragment(None, [times.tombstone()])
        return self._fragment(None, [times.cell(encode(self._type, self._column.name, value))])

    def _added(self, value: Any, times: WriteTimes) -> list[CellFragment]:
        if isinstance(self._type, UserType):
            return [
                times.tombstone(path) if raw is None else times.cell(raw, path)
                for path, raw in self._fields(value)
            ]
        return [times.cell(raw, path) for path, raw in self._items(value, times)]

    def delete(self, times: WriteTimes) -> ColumnFragment:
        """What DELETE of the column makes."""
        if self._column.is_complex:
            return self._fragment(times.deletion, [])
        return self._fragment(None, [times.tombstone()])

    def delete_elements(self, elements: Iterable[Any], times: WriteTimes) -> ColumnFragment | None:
        """What DELETE of single elements makes; ``None`` if there are none.

        Args:
            elements: of a set elements, of a map keys, of a UDT the fields' names, of a list
                the UUIDs of its cells.
            times: when.

        Raises:
            RowError: the column has no elements of its own, or one cannot be of it.
        """
        if not self._column.is_complex:
            self._refuse("its elements cannot be deleted, since all of it is one cell")
        paths = {self._path(element) for element in elements}
        cells = [times.tombstone(path) for path in paths]
        return self._fragment(None, cells) if cells else None

    def _path(self, element: Any) -> bytes:
        kind = self._type
        if isinstance(kind, UserType):
            if element not in kind.field_names:
                self._refuse(f"{kind.name} has no field {element!r}")
            return kind.name_comparator.encode(kind.field_names.index(element))
        if isinstance(kind, ListType) and not isinstance(element, UUID):
            self._refuse("elements of lists are deleted by the UUIDs of their cells")
        assert kind.name_comparator is not None
        return encode(kind.name_comparator, self._column.name, element)

    def _fragment(self, deletion: Times | None, cells: list[CellFragment]) -> ColumnFragment:
        comparator = self._type.name_comparator
        if len(cells) > 1 and comparator is not None:
            cells.sort(key=lambda cell: comparator.sort_key(cell.path or b""))
        return ColumnFragment(self._index, deletion, tuple(cells))

    def _items(self, value: Any, times: WriteTimes) -> _Items:
        """Paths and values of a collection's cells or of a UDT's fields that are not null."""
        kind = self._type
        if isinstance(kind, UserType):
            return [(path, raw) for path, raw in self._fields(value) if raw is not None]
        if isinstance(kind, MapType):
            return self._entries(kind, value)
        assert isinstance(kind, ListType | SetType)
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            self._refuse(f"{value!r} cannot be a value of {kind.cql_name}")
        encoded = [self._element(kind.elements, item) for item in value]
        if isinstance(kind, SetType):
            return [(item, b"") for item in _distinct(encoded, kind.elements)]
        return list(zip(_list_paths(encoded, times.timestamp), encoded, strict=True))

    def _entries(self, kind: MapType, value: Any) -> _Items:
        pairs = value.items() if isinstance(value, Mapping) else value
        try:
            pairs = [(key, item) for key, item in pairs]
        except (TypeError, ValueError):
            self._refuse(f"{value!r} cannot be a value of {kind.cql_name}")
        encoded = {self._element(kind.keys, k): self._element(kind.values, v) for k, v in pairs}
        return [(key, encoded[key]) for key in _distinct(list(encoded), kind.keys)]

    def _fields(self, value: Any) -> list[tuple[bytes, bytes | None]]:
        """Paths and values of the fields that a value has, ``None`` for null."""
        kind = self._type
        assert isinstance(kind, UserType)
        if isinstance(value, Mapping):
            unknown = [name for name in value if name not in kind.field_names]
            if unknown:
                self._refuse(f"{kind.name} has no field {unknown[0]!r}")
            named = [(kind.field_names.index(name), item) for name, item in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            if len(value) > len(kind.fields):
                self._refuse(f"{kind.name} has {len(kind.fields)} fields")
            named = list(enumerate(value))
        else:
            self._refuse(f"{value!r} cannot be a value of {kind.cql_name}")
        return [
            (
                kind.name_comparator.encode(index),
                None if item is None else encode(kind.fields[index], self._column.name, item),
            )
            for index, item in named
        ]

    def _element(self, kind: CqlType, value: Any) -> bytes:
        if value is None:
            self._refuse("there are no nulls in collections")
        return encode(kind, self._column.name, value)

    def _refuse(self, reason: str) -> NoReturn:
        raise RowError(reason, column=self._column.name)


def _distinct(values: list[bytes], kind: CqlType) -> list[bytes]:
    """Each value once; of those that the type takes for equal (1.0 and 1.00) the last."""
    if len(values) < 2:
        return values
    by_order: dict[bytes | None, bytes] = {kind.byte_comparable(value): value for value in values}
    return list(by_order.values())


def _list_paths(elements: list[bytes], timestamp: int) -> list[bytes]:
    """UUIDs of a list's cells, in ascending order.

    Cassandra takes them from the clock. Here they follow from the timestamp and all
    elements, so that the same write always makes the same cells; what is added at another
    time sorts by that.
    """
    time = (timestamp * _INTERVALS + _UUID_EPOCH) % (1 << _TIME_BITS)
    digest = hash128(b"".join(b"%d:%b" % (len(item), item) for item in elements))[0]
    sequence, rest = digest >> 24 & 0xFF, (digest & 0xFFFF) << 32
    variant = _VARIANT | digest >> 16 & _VARIANT_MASK
    time_fields = time & 0xFFFFFFFF, time >> 32 & 0xFFFF, time >> 48 | _VERSION << 12
    # The bytes of the second half sort by their sign.
    return [
        UUID(fields=(*time_fields, variant, sequence, rest | index ^ _SIGN_OF_EACH_BYTE)).bytes
        for index in range(len(elements))
    ]
