"""Data.db's uncompressed stream as nodes, one unfiltered at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from cqlite.blocks import open_data
from cqlite.inspect.documents import FieldDocument, type_document
from cqlite.inspect.notes import TableNotes
from cqlite.inspect.sources import StreamSource
from cqlite.inspect.tree import Item, Node, Place, Walker
from cqlite.io import DATA, Components

_KEPT = 256
"""So many of a partition's unfiltereds are kept rather than parsed a second time."""

Parsed = tuple[Any, int, int]
"""A parsed unfiltered, its start and its end."""


class DataSource(StreamSource):
    """Partitions, and in them headers and unfiltereds.

    Args:
        notes: has the header's columns, without which nothing can be parsed.
    """

    def __init__(self, components: Components, walker: Walker, notes: TableNotes) -> None:
        super().__init__(components, DATA, walker)
        self.notes = notes
        self._shapes = (
            list(notes.format.clustering_shapes),
            [column.type.shape for column in notes.format.static_columns],
            [column.type.shape for column in notes.format.regular_columns],
        )

    def _open(self) -> BinaryIO:
        return open_data(self.components)

    def _length(self) -> int:
        return self.stream.seek(0, 2)

    def nodes(self) -> Iterator[Node]:
        """The partitions."""
        document = type_document("data", "Partition")
        position = index = 0
        while position < self.length:
            header, start = self._header(position)
            kept, end = self._scan(start)
            node = Node(
                name := f"partitions[{index}]",
                name,
                position,
                end,
                document.path,
                document.doc,
                "partition",
                note=self.notes.key_text(header.key),
            )
            yield node.with_children(
                lambda n=node, h=header, s=start, k=kept: self._below(n, h, s, k)  # type: ignore[misc]
            )
            position, index = end, index + 1

    def pieces(self) -> Iterator[Node]:
        """Headers and unfiltereds of all partitions, each parsed once."""
        position = index = 0
        while position < self.length:
            path = f"partitions[{index}]"
            header, end = self._header(position)
            yield self._header_node(path, header, position, end)
            for number, (parsed, start, after) in enumerate(self._unfiltereds(end)):
                yield self._unfiltered_node(path, number, parsed, start, after)
                end = after
            position, index = end, index + 1

    def _header(self, position: int) -> tuple[Any, int]:
        return self.parse_at(position, "data.partition_header", self.version)

    def _unfiltereds(self, position: int) -> Iterator[Parsed]:
        while True:
            parsed, end = self.parse_at(position, "data.unfiltered", *self._shapes)
            yield parsed, position, end
            if parsed.is_end_of_partition:
                return
            position = end

    def _scan(self, position: int) -> tuple[list[Parsed] | None, int]:
        """The unfiltereds from ``position`` on unless there are many, and their end."""
        kept: list[Parsed] | None = []
        end = position
        for parsed in self._unfiltereds(position):
            end = parsed[2]
            if kept is not None and len(kept) < _KEPT:
                kept.append(parsed)
            else:
                kept = None
        return kept, end

    def _below(
        self, node: Node, header: Any, start: int, kept: list[Parsed] | None
    ) -> Iterator[Node]:
        yield self._header_node(node.path, header, node.start, start)
        for index, (parsed, begin, end) in enumerate(kept or self._unfiltereds(start)):
            yield self._unfiltered_node(node.path, index, parsed, begin, end)

    def _header_node(self, path: str, header: Any, start: int, end: int) -> Node:
        return self.item("data.partition", "header", header, Place(path, 0), (start, end))

    def _unfiltered_node(self, path: str, index: int, parsed: Any, start: int, end: int) -> Node:
        item = Item(None, "data.partition", "unfiltereds", index, parsed)
        doc = type_document("data", "Unfiltered").doc
        info = FieldDocument("unfiltereds", doc, "unfiltered", 0, "data.unfiltered")
        node = self.walker.node(item, info, Place(path, 0), start, end)
        return node.noted(self._what(parsed)) if self.walker.notes is self.notes else node

    def _what(self, parsed: Any) -> str:
        if parsed.is_end_of_partition:
            return "end of partition"
        if parsed.is_marker:
            bound = parsed.marker.bound
            return f"{bound.kind.name} {self.notes.clustering_text(bound.values)}".rstrip()
        if parsed.is_static:
            return "static row"
        return f"row {self.notes.clustering_text(parsed.row.clustering)}".rstrip()
