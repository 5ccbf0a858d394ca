"""Each component as nodes: small ones whole, large ones item by item.

Data.db, Index.db, Partitions.db and Rows.db are read one item at a time, with the
generated type of the item, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from cqlite import layouts
from cqlite.blocks import Chunk, CompressionInfo, read_compression_info
from cqlite.errors import UnsupportedFeatureError
from cqlite.index.bti import FOOTER_LENGTH, read_footer
from cqlite.inspect.documents import FieldDocument, TypeDocument, type_document
from cqlite.inspect.tree import Item, Node, Place, Walker
from cqlite.io import (
    DATA,
    INDEX,
    PARTITIONS,
    ROWS,
    SPEC_OF_COMPONENT,
    Components,
)


class Source:
    """One component's bytes and who makes nodes of them; a context manager."""

    def __init__(self, components: Components, component: str, walker: Walker) -> None:
        self.components = components
        self.component = component
        self.walker = walker
        self.version = components.descriptor.version.number
        self.where = components.where(component)
        self.spec = SPEC_OF_COMPONENT[component]

    def nodes(self) -> Iterator[Node]:
        """The component's fields at the top."""
        raise NotImplementedError

    def pieces(self) -> Iterator[Node]:
        """Nodes that hold every byte once, in file order; by default :meth:`nodes`."""
        return self.nodes()

    @property
    def size(self) -> int:
        """Length of what is shown, in bytes."""
        raise NotImplementedError

    def read(self, start: int, length: int) -> bytes:
        """Bytes of what is shown."""
        raise NotImplementedError

    def close(self) -> None:
        """Closes what was opened."""

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse(self, stream: Any, name: str, *params: Any, base: int = 0) -> Any:
        """An object of type ``name``, such as ``index.entry``, from ``stream``."""
        with layouts.use("kaitai"):
            return layouts.parse(name, stream, *params, where=self.where, base=base)

    def item(
        self, owner: str, field: str, parsed: Any, place: Place, span: tuple[int, int],
        index: int | None = None,
    ) -> Node:  # fmt: skip
        """The node of an object that was parsed on its own as ``field`` of type ``owner``."""
        spec, _, kind = owner.partition(".")
        info = _document(spec, kind).fields[field]
        return self.walker.node(Item(None, owner, field, index, parsed), info, place, *span)

    def body(self, children: Callable[[], Iterator[Node]]) -> Node:
        """The node of the spec's field ``body``, with ``children`` that are read one by one."""
        info = type_document(self.spec, "").fields["body"]
        kind = f"{self.spec}.body"
        return Node("body", "body", 0, self.size, kind, info.doc, info.orig_id, _children=children)


def _document(spec: str, kind: str) -> TypeDocument:
    return type_document(spec, "".join(part.capitalize() for part in kind.split("_")))


class WholeSource(Source):
    """A component that is parsed in one go."""

    def __init__(self, components: Components, component: str, walker: Walker) -> None:
        super().__init__(components, component, walker)
        self.data = components.read(component)

    @property
    def size(self) -> int:
        """See :class:`Source`."""
        return len(self.data)

    def read(self, start: int, length: int) -> bytes:
        """See :class:`Source`."""
        return self.data[start : start + length]

    def nodes(self) -> Iterator[Node]:
        """See :class:`Source`."""
        parsed = self.parse(self.data, f"{self.spec}.body", self.version)
        yield self.item(self.spec, "body", parsed, Place("", 0), (0, self.size))


class StreamSource(Source):
    """A component that is read from its file item by item."""

    def __init__(self, components: Components, component: str, walker: Walker) -> None:
        super().__init__(components, component, walker)
        self.stream: BinaryIO = self._open()
        self.length = self._length()

    def _open(self) -> BinaryIO:
        return self.components.open(self.component)

    def _length(self) -> int:
        return self.components.size(self.component)

    @property
    def size(self) -> int:
        """See :class:`Source`."""
        return self.length

    def read(self, start: int, length: int) -> bytes:
        """See :class:`Source`."""
        self.stream.seek(start)
        return self.stream.read(length)

    def close(self) -> None:
        """See :class:`Source`."""
        self.stream.close()

    def parse_at(self, position: int, name: str, *params: Any) -> tuple[Any, int]:
        """An object that starts at ``position``, and where it ends."""
        self.stream.seek(position)
        parsed = self.parse(self.stream, name, *params)
        return parsed, self.stream.tell()

    def nodes(self) -> Iterator[Node]:
        """See :class:`Source`."""
        yield self.body(self.fields)

    def pieces(self) -> Iterator[Node]:
        """See :class:`Source`."""
        return self.fields()

    def fields(self) -> Iterator[Node]:
        """The fields of the spec's body."""
        raise NotImplementedError


class IndexSource(StreamSource):
    """Index.db of the BIG format, with the layout of its indexes of blocks."""

    def __init__(
        self, components: Components, walker: Walker, clustering_shapes: list[int]
    ) -> None:
        super().__init__(components, INDEX, walker)
        self.clustering_shapes = clustering_shapes
        walker.expansions["index.entry", "promoted_index"] = self._blocks

    def fields(self) -> Iterator[Node]:
        """See :class:`StreamSource`."""
        position = index = 0
        while position < self.length:
            entry, end = self.parse_at(position, "index.entry")
            span = (position, end)
            yield self.item("index.body", "entries", entry, Place("body", 0), span, index)
            position, index = end, index + 1

    def _blocks(self, item: Item, place: Place) -> Callable[[], Iterator[Node]] | None:
        if not item.value:
            return None

        def children() -> Iterator[Node]:
            parsed = self.parse(
                item.value,
                "index.promoted_index",
                self.version,
                self.clustering_shapes,
                base=place.base,
            )
            return self.walker.children(parsed, place)

        return children


class PartitionsSource(StreamSource):
    """Partitions.db: the trie's nodes in file order, and the trie from its root on."""

    def __init__(self, components: Components, walker: Walker, *, tries: bool) -> None:
        super().__init__(components, PARTITIONS, walker)
        self.tries = tries
        if tries:
            walker.pointers["partitions.child"] = "branch"

    def fields(self) -> Iterator[Node]:
        """See :class:`StreamSource`."""
        place = Place("body", 0)
        footer, _ = read_footer(self.stream, self.where)
        position = index = 0
        while position < footer.ofs_keys:
            part, after = self.parse_at(position, "partitions.part", position, footer.ofs_keys)
            yield self.item("partitions.body", "parts", part, place, (position, after), index)
            position, index = after, index + 1
        footer_at = self.length - FOOTER_LENGTH
        keys, after = self.parse_at(position, "partitions.keys")
        yield self.item("partitions.body", "keys", keys, place, (position, after))
        yield self.item("partitions.body", "footer", footer, place, (footer_at, self.length))
        if self.tries:
            yield from self._root(footer.ofs_root)

    def _root(self, position: int) -> Iterator[Node]:
        root, end = self.parse_at(position, "partitions.branch", position)
        info = _document("partitions", "body").instances["root"]
        item = Item(None, "partitions.body", "root", None, root)
        yield self.walker.node(item, info, Place("body", 0), position, end)


class RowsSource(StreamSource):
    """Rows.db: nodes and entries in file order, and from each entry its trie."""

    def __init__(self, components: Components, walker: Walker, *, tries: bool) -> None:
        super().__init__(components, ROWS, walker)
        if tries:
            walker.pointers["rows.entry"] = "root"
            walker.pointers["rows.child"] = "branch"

    def fields(self) -> Iterator[Node]:
        """See :class:`StreamSource`."""
        position = index = 0
        possible_root = -1
        while position < self.length:
            part, end = self.parse_at(position, "rows.part", self.version, position, possible_root)
            possible_root = part.ofs_root
            yield self.item("rows.body", "parts", part, Place("body", 0), (position, end), index)
            position, index = end, index + 1


class ChunksSource(StreamSource):
    """A compressed Data.db as it is on disk."""

    def __init__(self, components: Components, walker: Walker, info: CompressionInfo) -> None:
        super().__init__(components, DATA, walker)
        self.spec = "chunk"
        self.info = info
        walker.expansions["chunk.compressed_chunk", "data"] = self._block

    def nodes(self) -> Iterator[Node]:
        """See :class:`Source`."""
        return self.fields()

    def fields(self) -> Iterator[Node]:
        """See :class:`StreamSource`."""
        layout = "chunk.compressed_chunk"
        doc = _document("chunk", "compressed_chunk").doc
        info = FieldDocument("chunks", doc, "chunk", 0, layout)
        for chunk in self.info.chunks():
            parsed, end = self.parse_at(chunk.offset, layout, chunk.length)
            item = Item(None, "chunk.body", "chunks", chunk.index, parsed)
            node = self.walker.node(item, info, Place("", 0, chunk), chunk.offset, end)
            yield node.noted(_chunk_note(chunk))

    def _block(self, item: Item, place: Place) -> Callable[[], Iterator[Node]] | None:
        if place.context.is_raw or self.info.compressor.rpartition(".")[2] != "LZ4Compressor":
            return None

        def children() -> Iterator[Node]:
            parsed = self.parse(item.value, "chunk.lz4_block", base=place.base)
            return self.walker.children(parsed, place)

        return children


def _chunk_note(chunk: Chunk) -> str:
    span = f"{chunk.position}:{chunk.position + chunk.uncompressed_length} of the stream"
    return f"{span}, stored raw" if chunk.is_raw else span


def chunks_source(components: Components, walker: Walker) -> ChunksSource:
    """Data.db's chunks on disk.

    Raises:
        UnsupportedFeatureError: Data.db is not compressed.
    """
    info = read_compression_info(components)
    if info is None:
        raise UnsupportedFeatureError(
            "Data.db is not compressed, so it has no chunks", components.where(DATA)
        )
    return ChunksSource(components, walker, info)
