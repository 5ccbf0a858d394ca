"""Nodes as lines of text and as JSON, written while the tree is walked."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import IO, Any

from cqlite.inspect.sources import Source
from cqlite.inspect.tree import Node, enum_text

_LINE_HEX = 16
_LINE_VALUE = 100
_JSON_HEX = 4096


@dataclass(frozen=True, slots=True)
class View:
    """What of a tree is shown.

    Attributes:
        source: whose nodes they are, for their bytes.
        depth: levels below the first, ``None`` for all and for the parts of values too.
        docs: whether lines end with the specs' descriptions.
        keep: which nodes are shown at all.
    """

    source: Source
    depth: int | None
    docs: bool = True
    keep: Callable[[Node], bool] = lambda node: True

    def children(self, node: Node, depth: int) -> Iterator[Node]:
        """Those of the fields of ``node``, which is at ``depth``, that are shown."""
        if self.is_closed(node, depth):
            return iter(())
        return (child for child in node.children() if self.keep(child))

    def is_closed(self, node: Node, depth: int) -> bool:
        """Whether fields of ``node`` are left out."""
        if node.is_leaf or self.depth is None:
            return node.is_leaf
        return depth > 0 and (node.is_scalar or depth >= self.depth)


@dataclass(frozen=True, slots=True)
class Line:
    """One node as text.

    Attributes:
        guide: the lines that lead to it.
        parts: kinds of text (name, range, hex, value, note, doc) and the text itself.
    """

    guide: str
    parts: tuple[tuple[str, str], ...]


def lines(view: View, nodes: Iterable[Node]) -> Iterator[Line]:
    """A line for each node that is shown, parents before their fields."""
    for node in nodes:
        if view.keep(node):
            yield Line("", tuple(_parts(view, node, 0)))
            yield from _below(view, node)


def _below(view: View, root: Node) -> Iterator[Line]:
    """Lines of what is below ``root``; without recursion, since tries can be deep."""
    stack = [(_marked_last(view.children(root, 0)), "")]
    while stack:
        siblings, guide = stack[-1]
        child, is_last = next(siblings, (None, False))
        if child is None:
            stack.pop()
            continue
        depth = len(stack)
        yield Line(guide + ("└── " if is_last else "├── "), tuple(_parts(view, child, depth)))
        below = guide + ("    " if is_last else "│   ")
        stack.append((_marked_last(view.children(child, depth)), below))


def _marked_last(nodes: Iterator[Node]) -> Iterator[tuple[Node, bool]]:
    previous = next(nodes, None)
    for node in nodes:
        assert previous is not None
        yield previous, False
        previous = node
    if previous is not None:
        yield previous, True


def _parts(view: View, node: Node, depth: int) -> Iterator[tuple[str, str]]:
    yield "name", node.name
    yield "range", range_text(node)
    is_value = node.is_leaf or node.is_scalar
    if is_value and node.end > node.start:
        yield "hex", _hex(view.source, node, _LINE_HEX)
    value = _value_text(node)
    if value:
        yield "value", value
    if node.note:
        yield "note", node.note
    if view.is_closed(node, depth) and not is_value:
        yield "more", "…"
    if view.docs:
        yield "doc", _doc(node)


def range_text(node: Node) -> str:
    """Where a node's bytes are; the end is not included. A computed value has none."""
    if node.start < 0:
        return "computed"
    if node.bits is None:
        return f"{node.start}:{node.end}"
    first, count = node.bits
    return f"{node.start}:{node.end} bits {first}:{first + count}"


def _hex(source: Source, node: Node, longest: int) -> str:
    data = source.read(node.start, min(node.end - node.start, longest))
    return data.hex() + ("…" if node.end - node.start > longest else "")


def _value_text(node: Node) -> str:
    value = node.value
    if value is None or isinstance(value, bytes):
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else enum_text(value)
    return text if len(text) <= _LINE_VALUE else f"{text[:_LINE_VALUE]}…"


def _doc(node: Node) -> str:
    first = " ".join(node.doc.split())
    sentence = first.partition(". ")[0].rstrip(".")
    return f"{sentence} [{node.orig_id}]" if node.orig_id else sentence


def write_json(view: View, nodes: Iterable[Node], out: IO[str]) -> None:
    """An array with an object for each of ``nodes``, their fields under ``children``."""
    stack: list[Iterator[Node]] = [iter(nodes)]
    out.write("[")
    separator = "\n"
    while stack:
        depth = len(stack) - 1
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            out.write("]" + "}" * bool(stack))
            separator = ",\n"
        elif view.keep(node):
            text = json.dumps(dict(_members(view, node)), ensure_ascii=False, allow_nan=False)
            is_closed = view.is_closed(node, depth)
            out.write(separator + "  " * (depth + 1) + (text if is_closed else text[:-1]))
            separator = ",\n"
            if not is_closed:
                out.write(', "children": [')
                stack.append(view.children(node, depth))
                separator = "\n"
    out.write("\n")


def _members(view: View, node: Node) -> Iterator[tuple[str, Any]]:
    yield "name", node.name
    yield "path", node.path
    yield "type", node.type
    if node.start >= 0:
        yield "start", node.start
        yield "end", node.end
    if node.bits is not None:
        yield "bits", {"first": node.bits[0], "count": node.bits[1]}
    if (node.is_leaf or node.is_scalar) and node.end > node.start:
        yield "hex", _hex(view.source, node, _JSON_HEX)
    if node.value is not None and not isinstance(node.value, bytes):
        yield "value", _json_value(node.value)
    yield from _texts(node)


def _texts(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node.value, IntEnum):
        yield "enum", node.value.name
    if node.note:
        yield "note", node.note
    yield "doc", " ".join(node.doc.split())
    if node.orig_id:
        yield "cassandra", node.orig_id


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return int(value) if isinstance(value, IntEnum) else value
