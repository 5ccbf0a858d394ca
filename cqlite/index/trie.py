"""Walking the tries of BTI indexes (Cassandra's ``Walker`` and ``ValueIterator``).

A pointer always leads back in the file, so no walk can go in circles; what bounds the
walk through a damaged file is that every leaf must have a payload, and that callers
require payloads in ascending order, which a branch that is reached twice breaks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, Where

MAX_DEPTH = 1 << 20
"""Bytes in a key's longest byte-comparable form, generously: keys have up to 64 KiB."""

_CACHED_NODES = 256
"""Nodes that a trie keeps; the root of a large one takes long to parse."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a trie.

    Attributes:
        position: where it is in the file.
        end: where it and its payload end.
        transitions: the bytes that lead to children, ascending.
        children: the children's positions, one for each of ``transitions``.
        payload: the parsed payload, ``None`` if there is none.
    """

    position: int
    end: int
    transitions: tuple[int, ...]
    children: tuple[int, ...]
    payload: Any


class Trie:
    """A trie in an open file."""

    def __init__(
        self, file: BinaryIO, root: int, layout: str, params: tuple[Any, ...], where: Where
    ) -> None:
        """The trie whose root is at ``root``.

        Args:
            file: Partitions.db or Rows.db.
            root: position of the root in ``file``.
            layout: the nodes' type, ``partitions.node`` or ``rows.node``.
            params: that type's parameters.
            where: file and component, for errors.
        """
        self._file = file
        self._layout = layout
        self._params = params
        self.root = root
        self.where = where
        self._cached = lru_cache(_CACHED_NODES)(self._read)

    def node(self, position: int) -> Node:
        """The node at ``position``.

        Raises:
            CorruptSSTableError: there is no valid node.
        """
        return self._cached(position)

    def _read(self, position: int) -> Node:
        if position < 0:
            raise self.corrupt("a pointer leads out of the file", position)
        self._file.seek(position)
        parsed = layouts.parse(self._layout, self._file, *self._params, where=self.where)
        header = parsed.node
        slots = [
            (transition, position - delta)
            for transition, delta in zip(_transitions(header), _deltas(header), strict=True)
            if delta or not header.is_dense
        ]
        payload = getattr(parsed, "payload", None)
        if not slots and payload is None:
            raise self.corrupt("a leaf has no payload", position)
        for _, child in slots:
            if not 0 <= child < position:
                raise self.corrupt(f"a pointer leads to {child}, out of the trie", position)
        return Node(
            position,
            self._file.tell(),
            tuple(transition for transition, _ in slots),
            tuple(child for _, child in slots),
            payload,
        )

    def walk(self, start: bytes = b"") -> Iterator[tuple[bytes, Node]]:
        """Nodes with payload, each with the path to it, in the order of their paths.

        Args:
            start: leave out what is certainly before this. As paths are only as long as
                it takes to tell keys apart, the first path may be a prefix of it.

        Raises:
            CorruptSSTableError: the trie is damaged.
        """
        stack: list[tuple[Node, int]] = []
        first = self._descend(start, stack) if start else self._push_root(stack)
        if first is not None:
            yield first
        path = bytearray(start[: len(stack) - 1])
        while stack:
            node, index = stack.pop()
            if index == len(node.children):
                del path[-1:]
                continue
            stack.append((node, index + 1))
            if len(stack) > MAX_DEPTH:
                raise self.corrupt("the trie is too deep", node.position)
            child = self.node(node.children[index])
            path.append(node.transitions[index])
            stack.append((child, 0))
            if child.payload is not None:
                yield bytes(path), child

    def _push_root(self, stack: list[tuple[Node, int]]) -> tuple[bytes, Node] | None:
        root = self.node(self.root)
        stack.append((root, 0))
        return None if root.payload is None else (b"", root)

    def _descend(self, key: bytes, stack: list[tuple[Node, int]]) -> tuple[bytes, Node] | None:
        """Stacks the nodes that are on the way to ``key``, each with its next child.

        Returns the payload that may be that of ``key``: the last one on the way with
        nothing in the trie between it and ``key``.
        """
        candidate = None
        for depth, node, index, exact in self._path(key):
            if index > 0:
                candidate = None
            elif node.payload is not None:
                candidate = key[:depth], node
            stack.append((node, index + 1 if exact else index))
        return candidate

    def _path(self, key: bytes) -> Iterator[tuple[int, Node, int, bool]]:
        """Depth, node, index of the next transition, and whether it is that of ``key``.

        The last item is the first whose transition is not that of ``key``.
        """
        position = self.root
        for depth in range(len(key) + 1):
            node = self.node(position)
            if depth == len(key):
                yield depth, node, 0, False
                return
            index = bisect_left(node.transitions, key[depth])
            exact = index < len(node.transitions) and node.transitions[index] == key[depth]
            yield depth, node, index, exact
            if not exact:
                return
            position = node.children[index]

    def candidate(self, key: bytes) -> Node | None:
        """The node that ``key`` leads to, if its path can be that of ``key``.

        Follows ``PartitionIndex.Reader.exactCandidate``: a node with children is one
        only where ``key`` ends there.
        """
        for depth, node, _, exact in self._path(key):
            if exact:
                continue
            if node.payload is None or (node.children and depth < len(key)):
                return None
            return node
        return None

    def floor(self, key: bytes) -> tuple[bytes, Node] | None:
        """The greatest path that is not above ``key``, and its node.

        A path that is a prefix of ``key`` counts as not above it, see
        ``RowIndexReader.separatorFloor``.
        """
        candidate = None
        lesser = None
        for depth, node, index, _exact in self._path(key):
            if index > 0:
                candidate = None
                path = bytearray(key[:depth])
                path.append(node.transitions[index - 1])
                lesser = path, node.children[index - 1]
            elif node.payload is not None:
                candidate = key[:depth], node
        if candidate is not None or lesser is None:
            return candidate
        return self._last(*lesser)

    def _last(self, path: bytearray, position: int) -> tuple[bytes, Node]:
        """The last path below and including the node at ``position``."""
        node = self.node(position)
        while node.children:
            path.append(node.transitions[-1])
            node = self.node(node.children[-1])
        return bytes(path), node

    def corrupt(self, message: str, position: int) -> CorruptSSTableError:
        """The error that something is wrong at ``position``."""
        return CorruptSSTableError(message, self.where.at(position, self._layout))


def _transitions(header: Any) -> list[int]:
    if header.is_dense:
        return list(range(header.first_transition, header.first_transition + header.num_pointers))
    return list(getattr(header, "transitions", None) or ())


def _deltas(header: Any) -> list[int]:
    """Distances back to the children; 0 where there is none."""
    if header.len_pointer:
        return [pointer.value for pointer in header.pointers]
    if header.is_packed:
        deltas = [delta for pair in header.pairs for delta in (pair.first, pair.second)]
        odd = getattr(header, "odd", None)
        return deltas if odd is None else [*deltas, odd.first]
    if header.is_single:
        return [header.single_pointer]
    return []
