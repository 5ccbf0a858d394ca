"""Parsed objects as trees of named byte ranges, made as they are walked.

The generated Kaitai parsers note where each field starts and ends. A :class:`Node`
brings that together with what the spec says of the field, and makes its children
when they are asked for, so that a walk over a large component holds little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from cqlite.errors import CorruptSSTableError, Where
from cqlite.inspect.documents import FieldDocument, TypeDocument, type_document
from cqlite.layouts.kaitai import FAILURES

Scalar = int | float | str | bytes | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A field of a component, or one of the items of a repeated field.

    Attributes:
        name: the field's name, with an index where it is repeated.
        path: names from the component's root on, such as ``body.toc_entries[0].kind``.
        start: its first byte, counted from the component's start.
        end: the byte after its last.
        bits: for an integer of bits, the first of them in the byte at ``start`` (0 is
            the most significant) and their number.
        type: type in the spec, such as ``statistics.toc_entry`` or ``u4``.
        doc: the spec's description of the field.
        orig_id: Cassandra's name of the field.
        value: the value of a leaf, or of a type that stands for one value.
        note: what is known of the value beyond the layout, such as a column's name.
        is_scalar: whether the children are only the parts of one value.
    """

    name: str
    path: str
    start: int
    end: int
    type: str
    doc: str = ""
    orig_id: str = ""
    value: Scalar = None
    note: str = ""
    bits: tuple[int, int] | None = None
    is_scalar: bool = False
    _children: Callable[[], Iterator[Node]] | None = field(default=None, repr=False)

    @property
    def is_leaf(self) -> bool:
        """Whether it has no fields of its own."""
        return self._children is None

    def noted(self, note: str) -> Node:
        """The same node with another note."""
        return replace(self, note=note)

    def with_children(self, children: Callable[[], Iterator[Node]]) -> Node:
        """The same node with fields of its own, which ``children`` makes."""
        return replace(self, _children=children)

    def children(self) -> Iterator[Node]:
        """Its fields in file order; none for a leaf."""
        return iter(()) if self._children is None else self._children()


@dataclass(frozen=True, slots=True)
class Item:
    """A field that was met on a walk, for those who have something to say about it.

    Attributes:
        parent: the parsed object that has the field.
        type: the parent's type, such as ``data.cell``.
        field: the field's name.
        index: its index where the field is repeated, else ``None``.
        value: its value, a parsed object or a scalar.
    """

    parent: Any
    type: str
    field: str
    index: int | None
    value: Any


class Notes:
    """Says about fields what the layout alone does not; this one says nothing.

    A walk carries a context down from each object to its fields.
    """

    def about(self, item: Item, context: Any) -> tuple[str, Any]:
        """A note on ``item``, and the context for what is below it."""
        return "", context


def set_flags(item: Item) -> str:
    """Cassandra's names of the flags that are set in a field of flags, else nothing."""
    if item.field not in ("flags", "extended_flags") or item.parent is None:
        return ""
    row = getattr(item.parent, "row", None)
    texts = (flag_note(item.parent, item.field), row and flag_note(row.body, item.field))
    return " | ".join(filter(None, texts))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands: its path, and the offset of its stream's position 0."""

    path: str
    base: int
    context: Any = None


def object_document(parsed: Any) -> TypeDocument:
    """What the specs say of the type of a parsed object."""
    kind: type = type(parsed)
    found = _documents.get(kind)
    if found is None:
        spec_name = kind.__module__.rsplit(".", 1)[-1]
        found = _documents[kind] = type_document(spec_name, kind.__qualname__.partition(".")[2])
    return found


_documents: dict[type, TypeDocument] = {}


Expansion = Callable[[Item, Place], Callable[[], Iterator[Node]] | None]
"""From a field of bytes to what makes the nodes of their own layout."""


class Walker:
    """Makes nodes of parsed objects.

    Args:
        where: file and component, for errors.
        notes: who is asked about each field.
        instances: whether computed values are shown among the fields.

    Attributes:
        expansions: for a type and a field of bytes that have a layout of their own,
            what gives their nodes, or ``None`` where there are none.
        pointers: for a type, the instance that leads to an object elsewhere.
    """

    def __init__(
        self, where: Where, notes: Notes | None = None, *, instances: bool = False
    ) -> None:
        self.where = where
        self.notes = notes or Notes()
        self.instances = instances
        self.expansions: dict[tuple[str, str], Expansion] = {}
        self.pointers: dict[str, str] = {}

    def children(self, parsed: Any, place: Place) -> Iterator[Node]:
        """The fields of ``parsed``, which stands at ``place``, in file order."""
        document = object_document(parsed)
        bit = 0
        for name, info in document.fields.items():
            span = parsed._debug.get(name)
            if span is None:
                continue
            if info.num_bits:
                bit = bit or (place.base + span["start"]) * 8
                yield self._bit_node(parsed, document, info, place, bit)
                bit += info.num_bits
                continue
            bit = 0
            yield from self._field(parsed, document, info, place, span)
        if self.instances:
            yield from self._instances(parsed, document, place)
        if document.path in self.pointers:
            yield from self._target(parsed, self.pointers[document.path], place)

    def node(
        self,
        item: Item,
        info: FieldDocument,
        place: Place,
        start: int,
        end: int,
        bits: tuple[int, int] | None = None,
    ) -> Node:
        """The node of one field or item, ``start`` to ``end`` in the component."""
        name = item.field if item.index is None else f"{item.field}[{item.index}]"
        path = f"{place.path}.{name}" if place.path else name
        note, context = self.notes.about(item, place.context)
        kind, doc, value = info.type or "bytes", info.doc, item.value
        is_scalar, below = False, None
        if hasattr(value, "_debug"):
            document = object_document(value)
            kind, doc, is_scalar = document.path, doc or document.doc, document.is_scalar
            below = self._below(item, place, path, start, context)
            value = scalar_value(value, document)
        expansion = self.expansions.get((item.type, item.field))
        if expansion is not None:
            below = expansion(item, Place(path, start, context)) or below
        return Node(
            name, path, start, end, kind, doc, info.orig_id, value, note, bits, is_scalar, below
        )

    def _below(
        self, item: Item, place: Place, path: str, start: int, context: Any
    ) -> Callable[[], Iterator[Node]]:
        shares_stream = item.parent is None or item.value._io is item.parent._io
        inner = Place(path, place.base if shares_stream else start, context)
        return lambda: self.children(item.value, inner)

    def _field(
        self,
        parsed: Any,
        document: TypeDocument,
        info: FieldDocument,
        place: Place,
        span: dict[str, Any],
    ) -> Iterator[Node]:
        value = getattr(parsed, info.id)
        if "arr" not in span:
            item = Item(parsed, document.path, info.id, None, value)
            start, end = place.base + span["start"], place.base + span["end"]
            yield self.node(item, info, place, start, end)
            return
        for index, (element, part) in enumerate(zip(value, span["arr"], strict=True)):
            item = Item(parsed, document.path, info.id, index, element)
            yield self.node(item, info, place, place.base + part["start"], place.base + part["end"])

    def _bit_node(
        self, parsed: Any, document: TypeDocument, info: FieldDocument, place: Place, bit: int
    ) -> Node:
        end = bit + info.num_bits
        item = Item(parsed, document.path, info.id, None, getattr(parsed, info.id))
        bits = (bit % 8, info.num_bits)
        return self.node(item, info, place, bit // 8, -(-end // 8), bits)

    def _target(self, parsed: Any, name: str, place: Place) -> Iterator[Node]:
        """What the instance ``name`` points to, which lies elsewhere in the component."""
        try:
            target = getattr(parsed, name, None)
        except FAILURES as error:
            where = self.where.at(place.base, f"{place.path}.{name}")
            raise CorruptSSTableError(f"invalid pointer: {error}", where) from error
        if target is not None:
            span = parsed._debug[f"_m_{name}"]
            if "end" not in span:
                # It was tried before, and could not be read to its end.
                where = self.where.at(span["start"], f"{place.path}.{name}")
                raise CorruptSSTableError("invalid pointer", where)
            info = object_document(parsed).instances[name]
            item = Item(parsed, object_document(parsed).path, name, None, target)
            yield self.node(item, info, place, span["start"], span["end"])

    def _instances(self, parsed: Any, document: TypeDocument, place: Place) -> Iterator[Node]:
        for name, info in document.instances.items():
            if name == self.pointers.get(document.path):
                continue
            try:
                value = getattr(parsed, name, None)
            except FAILURES:
                # It is only of use to other fields, where there are bytes to compute it of.
                continue
            if value is None or hasattr(value, "_debug"):
                continue
            path = f"{place.path}.{name}"
            yield Node(name, path, -1, -1, "value", info.doc, info.orig_id, value)


def scalar_value(parsed: Any, document: TypeDocument) -> Scalar:
    """The one value that an object of a scalar type stands for, else ``None``."""
    if not document.is_scalar:
        return None
    value = getattr(parsed, "value", None)
    return None if hasattr(value, "_debug") else value


def flag_note(parsed: Any, name: str) -> str:
    """Cassandra's names of the flags in ``name`` that are set, as far as ``parsed`` tells."""
    document = object_document(parsed)
    instances = document.instances
    return " | ".join(
        instances[flag].orig_id or flag
        for flag in document.flags.get(name, ())
        if getattr(parsed, flag, False) is True
    )


def enum_text(value: Any) -> str:
    """A value as text, an enumeration's by name and number."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.name} ({int(value)})" if isinstance(value, IntEnum) else str(value)
