"""Lays out a trie on pages while its keys come in order.

A branch is kept until it would not fit on a page; then its children are written, the
largest that fits first, so that what is left of a page is used up. Follows
``IncrementalTrieWriterPageAware``, whose bytes it gives.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

from cqlite.errors import CqliteError
from cqlite.index.write import nodes

PAGE = 4096
_AFTER_ALL_TRANSITIONS = 256
_Payload = TypeVar("_Payload")
_Contravariant = TypeVar("_Contravariant", contravariant=True)


class PayloadFormat(Protocol[_Contravariant]):
    """How a trie's payloads are written."""

    def size(self, payload: _Contravariant) -> int:
        """Length of a payload in bytes."""

    def bits(self, payload: _Contravariant) -> int:
        """What the node says of its payload."""

    def encode(self, node: Any, payload: _Contravariant | None) -> bytes:
        """A node, an object ``trie::node``, with its payload."""


class PagedFile:
    """A file that is written from its start and knows of pages.

    Attributes:
        position: how many bytes were written.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.position = 0

    def write(self, data: bytes) -> None:
        """Appends ``data``."""
        self._file.write(data)
        self.position += len(data)

    @property
    def left_in_page(self) -> int:
        """Bytes up to the end of the page, a whole page at its start."""
        return PAGE - self.position % PAGE

    def pad(self) -> None:
        """Goes on to the next page, if not at the start of one."""
        self.write(bytes(-self.position % PAGE))


class _Node(Generic[_Payload]):
    """A node that is not written yet, or of which only the position is left.

    Attributes:
        transition: the byte that leads to it.
        children: ascending by transition.
        payload: what its key leads to, if it is the end of one.
        position: where it is in the file, -1 while it is not there.
        branch_size: bytes of all below it that is not written.
        node_size: its own bytes; may be too small where children are on other pages.
        is_apart_from_children: whether a child is written already, on another page.
        is_apart_from_branch: whether something below the children is.
    """

    __slots__ = (
        "branch_size",
        "children",
        "is_apart_from_branch",
        "is_apart_from_children",
        "node_size",
        "payload",
        "position",
        "transition",
    )

    def __init__(self, transition: int) -> None:
        self.transition = transition
        self.children: list[_Node[_Payload]] = []
        self.payload: _Payload | None = None
        self.position = -1
        self.branch_size = -1
        self.node_size = -1
        self.is_apart_from_children = True
        self.is_apart_from_branch = False

    @property
    def total_size(self) -> int:
        return self.branch_size + self.node_size

    @property
    def order(self) -> tuple[int, int]:
        """What children are chosen by: their size, then their byte."""
        return self.total_size, self.transition

    def farthest(self, position: int) -> int:
        """Distance to the farthest child if the node is written at ``position``."""
        if not self.is_apart_from_children:
            return self.branch_size - self.children[0].branch_size
        written = [position - child.position for child in self.children if child.position >= 0]
        waiting = (
            self.branch_size - child.branch_size for child in self.children if child.position < 0
        )
        return max([*written, next(waiting, 0)])

    def place(self, position: int) -> None:
        """Notes where it was written, and forgets all that is below it."""
        self.position = position
        self.branch_size = self.node_size = 0
        self.is_apart_from_branch = self.is_apart_from_children = False
        self.children = []
        self.payload = None


class TrieWriter(Generic[_Payload]):
    """Writes one trie after what is in the file already.

    Args:
        file: where to write.
        format: how payloads are written.
    """

    def __init__(self, file: PagedFile, format: PayloadFormat[_Payload]) -> None:
        self._file = file
        self._format = format
        self._stack: list[_Node[_Payload]] = [_Node(0)]
        self._last: bytes | None = None
        self.count = 0

    def add(self, key: bytes, payload: _Payload) -> None:
        """Adds a key, which has to be above all those before it."""
        depth = 0 if self._last is None else _common(self._last, key)
        if self._last is not None and not self._last < key:
            raise CqliteError("keys of a trie have to ascend")
        self._last = key
        self.count += 1
        while len(self._stack) > depth + 1:
            self._complete(self._stack.pop())
        node = self._stack[-1]
        for byte in key[depth:]:
            child: _Node[_Payload] = _Node(byte)
            node.children.append(child)
            self._stack.append(child)
            node = child
        node.payload = payload

    def finish(self) -> int:
        """Writes all that is not written; the root's position."""
        root = self._stack[0]
        while self._stack:
            self._complete(self._stack.pop())
        size = self._measure(root, self._file.position)
        if size > self._file.left_in_page:
            self._make_room(root, size)
        return self._write(root)

    def _make_room(self, root: _Node[_Payload], size: int) -> None:
        """For the root's branch, where it does not fit on what is left of the page."""
        if size <= PAGE:
            self._file.pad()
            size = self._measure(root, self._file.position)
        if size > self._file.left_in_page:
            self._lay_out_children(root)
            if root.node_size > self._file.left_in_page:
                self._file.pad()
                self._measure(root, self._file.position)

    def _complete(self, node: _Node[_Payload]) -> None:
        """No key will add to ``node`` any more."""
        node.branch_size = sum(child.total_size for child in node.children)
        size = self._size(node, self._file.position)
        if size + node.branch_size >= PAGE:
            self._lay_out_children(node)
            return
        node.node_size = size
        node.is_apart_from_children = any(child.position >= 0 for child in node.children)
        node.is_apart_from_branch = any(
            child.is_apart_from_children or child.is_apart_from_branch
            for child in node.children
            if child.position < 0
        )

    def _lay_out_children(self, node: _Node[_Payload]) -> None:
        file = self._file
        waiting = sorted(
            (child for child in node.children if child.position < 0), key=lambda c: c.order
        )
        left = file.left_in_page
        while waiting:
            fitting = bisect_right(waiting, (left, _AFTER_ALL_TRANSITIONS), key=lambda c: c.order)
            if not fitting:
                file.pad()
                left = PAGE
                fitting = len(waiting)
            child = waiting.pop(fitting - 1)
            is_known = not child.is_apart_from_children and not child.is_apart_from_branch
            if not is_known and self._measure(child, file.position) > left:
                if left == PAGE:
                    self._lay_out_children(child)
                    left = file.left_in_page
                insort(waiting, child, key=lambda c: c.order)
                continue
            child.place(self._write(child))
            left = file.left_in_page
        node.branch_size = 0
        node.is_apart_from_children = True
        node.is_apart_from_branch = False
        node.node_size = self._size(node, file.position)

    def _size(self, node: _Node[_Payload], position: int) -> int:
        """Length of the node and its payload if it is written at ``position``."""
        has_payload = node.payload is not None
        distance = node.farthest(position) if node.children else 0
        transitions = [child.transition for child in node.children]
        _, size = nodes.choose(transitions, distance, has_payload)
        return size + (0 if node.payload is None else self._format.size(node.payload))

    def _measure(self, node: _Node[_Payload], position: int) -> int:
        """Sizes of a branch anew, for its first byte at ``position``; its total size."""
        # Without recursion, as branches can be deeper than Python's stack: a node, its
        # position, how many of its children are done, and their size.
        stack: list[list[Any]] = [[node, position, 0, 0]]
        while True:
            current, start, done, size = stack[-1]
            children = current.children if current.is_apart_from_branch else []
            if done < len(children):
                stack.append([children[done], start + size, 0, 0])
                continue
            if current.is_apart_from_branch:
                current.branch_size = size
            if current.is_apart_from_children or current.is_apart_from_branch:
                current.node_size = self._size(current, start + current.branch_size)
            stack.pop()
            if not stack:
                return node.total_size
            stack[-1][2] += 1
            stack[-1][3] += current.total_size

    def _write(self, node: _Node[_Payload]) -> int:
        """Writes a branch, children first; the node's position."""
        stack = [(node, iter(node.children))]
        while stack:
            current, children = stack[-1]
            child = next((child for child in children if child.position < 0), None)
            if child is not None:
                stack.append((child, iter(child.children)))
                continue
            stack.pop()
            self._write_node(current)
        return node.position

    def _write_node(self, node: _Node[_Payload]) -> None:
        position = self._file.position
        transitions = [child.transition for child in node.children]
        distances = [position - child.position for child in node.children]
        distance = node.farthest(position) if node.children else 0
        bits = 0 if node.payload is None else self._format.bits(node.payload)
        kind, _ = nodes.choose(transitions, distance, node.payload is not None)
        made = nodes.node(kind, transitions, distances, bits)
        self._file.write(self._format.encode(made, node.payload))
        node.position = position


def _common(left: bytes, right: bytes) -> int:
    """Length of the common beginning."""
    if right.startswith(left):
        return len(left)
    pairs = zip(left, right, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
