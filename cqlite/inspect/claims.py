"""Which named field each byte of a component belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cqlite.inspect.components import component_source
from cqlite.inspect.sources import Source
from cqlite.inspect.tree import Node
from cqlite.io import Components


@dataclass(frozen=True, slots=True)
class Claim:
    """A range of bytes that one field of the layout owns.

    Attributes:
        start: first byte, counted from the component's start.
        end: the byte after the last.
        path: the field, such as ``body.toc_entries[0].kind``.
        type: its type in the spec.
        bits: for an integer of bits, the first of them in the byte at ``start`` (0 is
            the most significant) and their number; ``None`` for whole bytes.
    """

    start: int
    end: int
    path: str
    type: str
    bits: tuple[int, int] | None = None

    @property
    def first_bit(self) -> int:
        """Number of bits from the component's start to the first that is claimed."""
        return self.start * 8 + (self.bits[0] if self.bits else 0)

    @property
    def end_bit(self) -> int:
        """Number of bits from the component's start to behind the last that is claimed."""
        return self.first_bit + self.bits[1] if self.bits else self.end * 8


def claims(components: Components, component: str) -> Iterator[Claim]:
    """The fields without further fields in them, in file order, as they are read.

    For a compressed Data.db offsets count in the uncompressed stream; its chunks on
    disk are what :func:`on_disk_claims` gives. Fields of no length are left out.

    Raises:
        CqliteError: as :func:`~cqlite.inspect.components.component_source`, and
            CorruptSSTableError at the first field that cannot be read.
    """
    with component_source(components, component, annotate=False) as source:
        yield from source_claims(source)


def on_disk_claims(components: Components, component: str) -> Iterator[Claim]:
    """The same, for a compressed Data.db of the file's own bytes: its chunks.

    Raises:
        UnsupportedFeatureError: the component is not a compressed Data.db.
        CorruptSSTableError: a field cannot be read.
    """
    with component_source(components, component, raw=True) as source:
        yield from source_claims(source)


def source_claims(source: Source) -> Iterator[Claim]:
    """The claims of an open source."""
    return _leaves(source.pieces())


def _leaves(nodes: Iterable[Node]) -> Iterator[Claim]:
    for node in nodes:
        if not node.is_leaf:
            yield from _leaves(node.children())
        elif node.end > node.start:
            yield Claim(node.start, node.end, node.path, node.type, node.bits)
