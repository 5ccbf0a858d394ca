"""What each byte of Partitions.db and Rows.db belongs to.

The two files have no order that could be read from start to end without doubt, so
the tries are walked from their roots, and what lies between nodes has to be padding.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, Where
from cqlite.index.bti import FOOTER_LENGTH, read_footer
from cqlite.index.trie import Node, Trie
from cqlite.io import PARTITIONS, ROWS, Components


@dataclass(frozen=True, slots=True)
class Claim:
    """A part of a file.

    Attributes:
        offset: where it starts.
        size: its length in bytes.
        layout: its type in the specs, such as ``partitions.node``.
        params: that type's parameters.
        parsed: the parsed object.
    """

    offset: int
    size: int
    layout: str
    params: tuple[Any, ...]
    parsed: Any


_Place = tuple[int, str, tuple[Any, ...]]
"""Offset, layout and its parameters."""


def claims(components: Components, component: str) -> Iterator[Claim]:
    """All parts of Partitions.db or Rows.db in the order of the file.

    Args:
        components: the SSTable's files.
        component: ``Partitions.db`` or ``Rows.db``, which needs Partitions.db too.

    Raises:
        MissingComponentError: there is no such file.
        CorruptSSTableError: a trie is damaged, or bytes belong to nothing.
    """
    version = components.descriptor.version.number
    with components.open(PARTITIONS) as file:
        where = components.where(PARTITIONS)
        if component == PARTITIONS:
            yield from _claims(file, where, _partitions_places(file, where), "partitions")
            return
        entries = _row_entries(file, where)
    with components.open(ROWS) as file:
        where = components.where(ROWS)
        yield from _claims(file, where, _rows_places(file, where, version, entries), "rows")


def _partitions_places(file: BinaryIO, where: Where) -> Iterator[_Place]:
    footer, _ = read_footer(file, where)
    trie = Trie(file, footer.ofs_root, "partitions.node", (), where)
    for node in _nodes(trie):
        yield node.position, "partitions.node", ()
    yield footer.ofs_keys, "partitions.keys", ()
    yield file.seek(-FOOTER_LENGTH, os.SEEK_END), "partitions.footer", ()


def _row_entries(file: BinaryIO, where: Where) -> list[int]:
    """Where the entries are in Rows.db, as Partitions.db says."""
    footer, _ = read_footer(file, where)
    trie = Trie(file, footer.ofs_root, "partitions.node", (), where)
    payloads = (node.payload for node in _nodes(trie) if node.payload is not None)
    return sorted({payload.position for payload in payloads if payload.is_in_rows})


def _rows_places(
    file: BinaryIO, where: Where, version: int, entries: Iterable[int]
) -> Iterator[_Place]:
    size = file.seek(0, os.SEEK_END)
    for position in entries:
        if position >= size:
            raise CorruptSSTableError(f"no entry can start at {position}", where.at(size))
        file.seek(position)
        parsed = layouts.parse("rows.entry", file, version, position, where=where)
        trie = Trie(file, parsed.ofs_root, "rows.node", (version,), where)
        for node in _nodes(trie):
            yield node.position, "rows.node", (version,)
        yield position, "rows.entry", (version, position)


def _nodes(trie: Trie) -> Iterator[Node]:
    """All nodes of a trie, parents before children."""
    seen: set[int] = set()
    waiting = [trie.root]
    while waiting:
        position = waiting.pop()
        if position in seen:
            raise trie.corrupt("two pointers lead to one node", position)
        seen.add(position)
        node = trie.node(position)
        waiting.extend(node.children)
        yield node


def _claims(file: BinaryIO, where: Where, places: Iterable[_Place], spec: str) -> Iterator[Claim]:
    end = 0
    for offset, layout, params in sorted(places):
        if offset > end:
            yield _padding(file, where, end, offset, spec)
        elif offset < end:
            raise CorruptSSTableError("two parts of the file overlap", where.at(offset, layout))
        claim = _claim(file, where, offset, layout, params)
        yield claim
        end = offset + claim.size
    size = file.seek(0, os.SEEK_END)
    if end != size:
        raise CorruptSSTableError(f"{size - end} bytes belong to nothing", where.at(end))


def _claim(
    file: BinaryIO, where: Where, offset: int, layout: str, params: tuple[Any, ...]
) -> Claim:
    file.seek(offset)
    parsed = layouts.parse(layout, file, *params, where=where)
    return Claim(offset, file.tell() - offset, layout, params, parsed)


def _padding(file: BinaryIO, where: Where, start: int, end: int, spec: str) -> Claim:
    """The padding that must be between two parts."""
    claim = _claim(file, where, start, f"{spec}.page_padding", (start, end))
    if any(claim.parsed.zeros) or claim.size != end - start:
        raise CorruptSSTableError(f"{end - start} bytes belong to nothing", where.at(start))
    return claim
