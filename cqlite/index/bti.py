"""Partition and row index of the BTI format: the tries of Partitions.db and Rows.db."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, TruncatedError, Where
from cqlite.index.bloom import filter_hash_byte
from cqlite.index.keys import DataKeys
from cqlite.index.model import (
    ClusteringPrefix,
    ClusteringType,
    Deletion,
    IndexEntry,
    Partitioner,
    RowIndexBlock,
    deletion,
)
from cqlite.index.trie import Node, Trie
from cqlite.io import PARTITIONS, ROWS, Components

FOOTER_LENGTH = 24
"""Length of Partitions.db's footer in bytes."""


class BtiRowIndex:
    """A partition's trie in Rows.db (Cassandra's ``RowIndexReader``)."""

    header_length: int | None = None

    def __init__(self, parsed: Any, trie: Trie, types: Sequence[ClusteringType]) -> None:
        """The row index of an entry.

        Args:
            parsed: the parsed ``rows.entry``.
            trie: its trie.
            types: types of the clustering columns.
        """
        self.num_blocks: int = parsed.num_blocks.value
        self.partition_deletion: Deletion | None = deletion(parsed.deletion)
        self._trie = trie
        self._types = types

    def blocks(self) -> Iterator[RowIndexBlock]:
        """All blocks in the order of Data.db; see ``RowIndex.blocks``."""
        walk = self._trie.walk()
        separator, node = next(walk)
        count = 0
        for next_separator, following in walk:
            yield self._block(separator, node, following)
            separator, node = next_separator, following
            count += 1
        if count != self.num_blocks:
            raise self._trie.corrupt(
                f"{count} blocks instead of the {self.num_blocks} of the entry", self._trie.root
            )

    def _block(self, separator: bytes, node: Node, following: Node) -> RowIndexBlock:
        offset, end = _offset(node), _offset(following)
        if not 0 <= offset < end:
            raise self._trie.corrupt(
                f"a block from {offset} to {end}, which are not in order", following.position
            )
        opened = deletion(getattr(node.payload, "open_deletion", None))
        return RowIndexBlock(offset, end - offset, opened, separator=separator)

    def block_for(self, clustering: ClusteringPrefix) -> RowIndexBlock | None:
        """The block to start at for ``clustering``; see ``RowIndex.block_for``."""
        key = clustering.byte_comparable(self._types)
        floor = self._trie.floor(key)
        if floor is None:
            raise self._trie.corrupt("the first block is missing", self._trie.root)
        separator, node = floor
        for _, following in self._trie.walk(key):
            if following.position != node.position:
                return self._block(separator, node, following)
        # What is left is the separator that follows the last block.
        return None


def _offset(node: Node) -> int:
    offset: int = node.payload.offset.value
    return offset


class BtiPartitionIndex:
    """Partitions.db with Rows.db (Cassandra's ``PartitionIndex``); see ``PartitionIndex``.

    Attributes:
        first_key: the first partition's key.
        last_key: the last partition's key.
        num_keys: number of partitions.
    """

    def __init__(
        self,
        components: Components,
        partitioner: Partitioner,
        clustering_types: Sequence[ClusteringType],
        key_at: Callable[[int], bytes] | None = None,
    ) -> None:
        """The index of an SSTable; see ``open_index``."""
        self._components = components
        self._partitioner = partitioner
        self._types = clustering_types
        self._version = components.descriptor.version.number
        self._data_keys = DataKeys(components)
        self._key_at = key_at or self._data_keys.key_at
        self._rows: BinaryIO | None = None
        self._where = components.where(PARTITIONS)
        self._file = components.open(PARTITIONS)
        try:
            self._read_footer()
        except BaseException:
            self._file.close()
            raise

    def _read_footer(self) -> None:
        footer, keys = read_footer(self._file, self._where)
        self.first_key: bytes = keys.first
        self.last_key: bytes = keys.last
        self.num_keys: int = footer.num_keys
        self._trie = Trie(self._file, footer.ofs_root, "partitions.node", (), self._where)

    def __enter__(self) -> BtiPartitionIndex:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[IndexEntry]:
        return self.entries()

    def entries(self, start: bytes = b"") -> Iterator[IndexEntry]:
        """The partitions in order; see ``PartitionIndex.entries``."""
        previous = -1
        for path, node in self._trie.walk(start):
            entry = self._entry(node)
            if entry.data_position <= previous:
                raise self._trie.corrupt(
                    f"position {entry.data_position} in Data.db after {previous}", node.position
                )
            previous = entry.data_position
            # Only the first path can be a prefix of the start, and its key before it.
            if not start.startswith(path) or not start or self._is_from(entry, start):
                yield entry

    def _is_from(self, entry: IndexEntry, start: bytes) -> bool:
        return self._partitioner.byte_comparable(self.key_of(entry)) >= start

    def find(self, key: bytes) -> IndexEntry | None:
        """The partition of ``key``; see ``PartitionIndex.find``."""
        node = self._trie.candidate(self._partitioner.byte_comparable(key))
        if node is None:
            return None
        hash_byte = getattr(node.payload, "hash_byte", None)
        if hash_byte is not None and hash_byte != filter_hash_byte(key):
            return None
        entry = self._entry(node)
        if self.key_of(entry) != key:
            return None
        return IndexEntry(key, entry.data_position, entry.row_index, entry.index_position)

    def key_of(self, entry: IndexEntry) -> bytes:
        """The partition key of ``entry``, from Data.db if the index does not have it.

        Raises:
            CorruptSSTableError: Data.db has no partition there.
        """
        return self._key_at(entry.data_position) if entry.key is None else entry.key

    def row_positions(self) -> Iterator[int]:
        """Where entries are in Rows.db, in order.

        Raises:
            CorruptSSTableError: the trie is damaged.
        """
        return (e.index_position for e in self.entries() if e.index_position is not None)

    def _entry(self, node: Node) -> IndexEntry:
        position: int = node.payload.position
        if not node.payload.is_in_rows:
            return IndexEntry(None, position)
        where = self._components.where(ROWS)
        if self._rows is None:
            self._rows = self._components.open(ROWS)
        if position >= self._components.size(ROWS):
            raise self._trie.corrupt(
                f"position {position} is after the end of Rows.db", node.position
            )
        self._rows.seek(position)
        parsed = layouts.parse("rows.entry", self._rows, self._version, position, where=where)
        if not 0 <= parsed.ofs_root < position:
            raise CorruptSSTableError(
                f"the root at {parsed.ofs_root} is not before the entry",
                where.at(position, "rows.entry.root_delta"),
            )
        trie = Trie(self._rows, parsed.ofs_root, "rows.node", (self._version,), where)
        row_index = BtiRowIndex(parsed, trie, self._types)
        return IndexEntry(parsed.key, parsed.data_position.value, row_index, position)

    def close(self) -> None:
        """Closes the files."""
        self._file.close()
        self._data_keys.close()
        if self._rows is not None:
            self._rows.close()


def read_footer(file: BinaryIO, where: Where) -> tuple[Any, Any]:
    """The parsed footer and keys of Partitions.db.

    Raises:
        CorruptSSTableError: they are not what they should be.
    """
    size = file.seek(0, os.SEEK_END)
    if size < FOOTER_LENGTH:
        raise TruncatedError("the file is shorter than its footer", where.at(size, "footer"))
    start = file.seek(-FOOTER_LENGTH, os.SEEK_END)
    footer = layouts.parse("partitions.footer", file, where=where)
    if not footer.ofs_root < footer.ofs_keys < start:
        raise CorruptSSTableError(
            f"keys at {footer.ofs_keys} and root at {footer.ofs_root} do not fit "
            f"a footer at {start}",
            where.at(start, "partitions.footer"),
        )
    file.seek(footer.ofs_keys)
    return footer, layouts.parse("partitions.keys", file, where=where)
