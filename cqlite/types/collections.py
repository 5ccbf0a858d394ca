"""Lists, sets and maps."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import PACKAGE, CqlType
from cqlite.types.scalars import EmptyType, TimeUUIDType
from cqlite.types.text import escape_json, from_hex


def stringify(types: Iterable[CqlType], *, ignore_freezing: bool = False) -> str:
    """Parameters of a type as they follow its class."""
    return "(" + ",".join(t.marshal_string(ignore_freezing=ignore_freezing) for t in types) + ")"


def frozen_name(name: str) -> str:
    """A type's class string inside of ``FrozenType``."""
    return f"{PACKAGE}FrozenType({name})"


def hashable(value: Any) -> Any:
    """A decoded value such that it can be in a set or a key of a dict."""
    if isinstance(value, list):
        return tuple(map(hashable, value))
    if isinstance(value, dict):
        return tuple((hashable(k), hashable(v)) for k, v in value.items())
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, tuple):
        items = map(hashable, value)
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value


class CollectionType(CqlType):
    """A collection. Frozen, a value is all of it; else each element has a cell.

    The methods that take a value take the frozen form also where the type is not
    frozen; ``pack`` makes it of cells.
    """

    is_collection = True
    kind: ClassVar[str]

    def __init__(self, parameters: tuple[CqlType, ...], *, is_multi_cell: bool) -> None:
        self.parameters = parameters
        self.is_multi_cell = is_multi_cell

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        inner_ignore = ignore_freezing or not self.is_multi_cell
        parameters = stringify(self.parameters, ignore_freezing=inner_ignore)
        name = PACKAGE + self.class_name + parameters
        return name if ignore_freezing or self.is_multi_cell else frozen_name(name)

    @property
    def cql_name(self) -> str:
        name = f"{self.kind}<{', '.join(t.cql_name for t in self.parameters)}>"
        return name if self.is_multi_cell else f"frozen<{name}>"

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return self.parameters

    def freeze(self) -> CqlType:
        if not self.is_multi_cell:
            return self
        return type(self)(tuple(t.freeze() for t in self.parameters), is_multi_cell=False)

    @abstractmethod
    def _read(self, data: bytes) -> list[tuple[bytes | None, ...]]:
        """The elements' bytes: of a map pairs, else single ones."""

    def split(self, data: bytes) -> list[tuple[bytes | None, ...]]:
        """The elements' bytes, one by one; of a map keys and values in pairs.

        Raises:
            InvalidValueError: ``data`` is no collection.
        """
        return self._read(data)

    def validate(self, data: bytes) -> None:
        for element in self._read(data):
            for part, subtype in zip(element, self.parameters, strict=True):
                if part is None:
                    self._refuse(data, "a null inside")
                subtype.validate(part)

    def to_string(self, data: bytes) -> str:
        return data.hex()

    def from_string(self, text: str) -> bytes:
        try:
            return from_hex(text)
        except ValueError as error:
            self._refuse_value(text, str(error))

    def compare(self, left: bytes, right: bytes) -> int:
        if not left or not right:
            return bool(left) - bool(right)
        ours, theirs = self._read(left), self._read(right)
        for a, b in zip(ours, theirs, strict=False):
            for x, y, subtype in zip(a, b, self.parameters, strict=True):
                order = subtype.compare(self._present(x, left), self._present(y, right))
                if order:
                    return order
        return (len(ours) > len(theirs)) - (len(ours) < len(theirs))

    def byte_comparable(self, data: bytes) -> bytes | None:
        if not data:
            return None
        parts: list[bytes | None] = []
        for element in self._read(data):
            for part, subtype in zip(element, self.parameters, strict=True):
                parts.append(subtype.byte_comparable(self._present(part, data)))
        return bc.sequence(parts)

    def _present(self, part: bytes | None, data: bytes) -> bytes:
        if part is None:
            self._refuse(data, "a null inside")
        return part

    def _encode_part(self, subtype: CqlType, value: Any) -> bytes:
        if value is None:
            self._refuse_value(value, "there are no nulls in collections")
        return subtype.encode(value)


class _Elements(CollectionType):
    """A list or a set."""

    brackets: ClassVar[str]

    @property
    def elements(self) -> CqlType:
        """The type of the elements."""
        return self.parameters[0]

    def _read(self, data: bytes) -> list[tuple[bytes | None, ...]]:
        parsed = layout.parse(self, "collection_value", data)
        return [(getattr(element, "value", None),) for element in parsed.elements]

    def _values(self, data: bytes) -> Iterator[bytes]:
        for (part,) in self._read(data):
            yield self._present(part, data)

    def build(self, values: list[bytes]) -> bytes:
        """The value of its elements' bytes; those of a set in its order."""
        elements = [layout.nullable(value) for value in values]
        return layout.build("collection_value", num_elements=len(values), elements=elements)

    def to_json(self, data: bytes) -> str:
        return f"[{', '.join(map(self.elements.to_json, self._values(data)))}]"

    def to_cql_literal(self, data: bytes) -> str:
        inner = ", ".join(map(self.elements.to_cql_literal, self._values(data)))
        return f"{self.brackets[0]}{inner}{self.brackets[1]}"


class ListType(_Elements):
    """``list``: list."""

    class_name, kind, brackets = "ListType", "list", "[]"

    @property
    def name_comparator(self) -> CqlType:
        return TimeUUIDType()

    def cell_type(self, path: bytes | None) -> CqlType:
        return self.elements if self.is_multi_cell else self

    def pack(self, cells: Iterable[tuple[bytes, bytes]]) -> bytes:
        return self.build([value for _, value in cells])

    def decode(self, data: bytes) -> list[Any]:
        return [
            None if part is None else self.elements.decode(part) for (part,) in self._read(data)
        ]

    def encode(self, value: Any) -> bytes:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            self._refuse_value(value)
        return self.build([self._encode_part(self.elements, item) for item in value])


class SetType(_Elements):
    """``set``: set, or a list if Python takes two elements for equal that CQL does not.

    That is so of 0.0 and -0.0. What an element consists of is hashable: tuples for lists.
    """

    class_name, kind, brackets = "SetType", "set", "{}"

    @property
    def name_comparator(self) -> CqlType:
        return self.elements

    def cell_type(self, path: bytes | None) -> CqlType:
        return EmptyType() if self.is_multi_cell else self

    def pack(self, cells: Iterable[tuple[bytes, bytes]]) -> bytes:
        return self.build([path for path, _ in cells])

    def decode(self, data: bytes) -> set[Any] | list[Any]:
        items = [hashable(self.elements.decode(part)) for part in self._values(data)]
        distinct = set(items)
        return distinct if len(distinct) == len(items) else items

    def encode(self, value: Any) -> bytes:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            self._refuse_value(value)
        return self.gather(self._encode_part(self.elements, item) for item in value)

    def gather(self, parts: Iterable[bytes]) -> bytes:
        """The value of elements in any order; of those that CQL takes for equal, the first."""
        kind = self.elements
        found: list[bytes] = []
        for part in sorted(dict.fromkeys(parts), key=kind.sort_key):
            if not found or kind.compare(found[-1], part):
                found.append(part)
        return self.build(found)


class MapType(CollectionType):
    """``map``: dict, or a list of pairs if Python takes two keys for equal that CQL does not.

    That is so of 0.0 and -0.0. What a key consists of is hashable: tuples for lists.
    """

    class_name, kind = "MapType", "map"

    @property
    def keys(self) -> CqlType:
        """The type of the keys."""
        return self.parameters[0]

    @property
    def values(self) -> CqlType:
        """The type of the values."""
        return self.parameters[1]

    @property
    def name_comparator(self) -> CqlType:
        return self.keys

    def cell_type(self, path: bytes | None) -> CqlType:
        return self.values if self.is_multi_cell else self

    def pack(self, cells: Iterable[tuple[bytes, bytes]]) -> bytes:
        return self.build(list(cells))

    def _read(self, data: bytes) -> list[tuple[bytes | None, ...]]:
        parsed = layout.parse(self, "map_value", data)
        return [
            (getattr(entry.key, "value", None), getattr(entry.value, "value", None))
            for entry in parsed.entries
        ]

    def _entries(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        for key, value in self._read(data):
            yield self._present(key, data), self._present(value, data)

    def build(self, entries: list[tuple[bytes, bytes]]) -> bytes:
        """The value of the bytes of keys and values, in the keys' order."""
        parts = [
            layout.part("map_entry", key=layout.nullable(key), value=layout.nullable(value))
            for key, value in entries
        ]
        return layout.build("map_value", num_entries=len(parts), entries=parts)

    def decode(self, data: bytes) -> dict[Any, Any] | list[tuple[Any, Any]]:
        entries = [
            (hashable(self.keys.decode(key)), self.values.decode(value))
            for key, value in self._entries(data)
        ]
        mapping = dict(entries)
        return mapping if len(mapping) == len(entries) else entries

    def encode(self, value: Any) -> bytes:
        pairs = value.items() if isinstance(value, Mapping) else value
        try:
            encoded = [
                (self._encode_part(self.keys, k), self._encode_part(self.values, v))
                for k, v in pairs
            ]
        except (TypeError, ValueError) as error:
            self._refuse_value(value, str(error))
        return self.gather(encoded)

    def gather(self, entries: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The value of entries in any order.

        Of keys that CQL takes for equal, the first with what the last has, as in Java's maps.
        """
        found: list[tuple[bytes, bytes]] = []
        for key, value in sorted(entries, key=lambda entry: self.keys.sort_key(entry[0])):
            if found and not self.keys.compare(found[-1][0], key):
                found[-1] = (found[-1][0], value)
            else:
                found.append((key, value))
        return self.build(found)

    def to_json(self, data: bytes) -> str:
        entries = (
            f"{self._json_key(key)}: {self.values.to_json(value)}"
            for key, value in self._entries(data)
        )
        return f"{{{', '.join(entries)}}}"

    def _json_key(self, key: bytes) -> str:
        text = self.keys.to_json(key)
        return text if text.startswith('"') else f'"{escape_json(text)}"'

    def to_cql_literal(self, data: bytes) -> str:
        entries = (
            f"{self.keys.to_cql_literal(key)}: {self.values.to_cql_literal(value)}"
            for key, value in self._entries(data)
        )
        return f"{{{', '.join(entries)}}}"
