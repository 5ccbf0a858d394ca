"""Writes Partitions.db and Rows.db.

Follows ``PartitionIndexBuilder``, ``RowIndexWriter`` and ``BtiTableWriter.IndexWriter``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cqlite.errors import CqliteError
from cqlite.index.bloom import filter_hash_byte
from cqlite.index.build import deletion_time
from cqlite.index.model import ClusteringType, Deletion, Partitioner
from cqlite.index.write.blocks import IndexedPartition, WrittenBlock
from cqlite.index.write.nodes import size_of_int, sized_int
from cqlite.index.write.trie import PagedFile, TrieWriter
from cqlite.io import PARTITIONS, ROWS, Output
from cqlite.layouts.build import build, encoded, make, signed_vint, vint
from cqlite.types.byte_comparable import separator_above

DEFAULT_BLOCK_SIZE = 16 * 1024
"""``column_index_size`` where cassandra.yaml doesn't say otherwise, in bytes."""
_HAS_HASH = 8
_HAS_OPEN_DELETION = 8
_MAX_BYTE = 0xFF
_PartitionPayload = tuple[int, int]
"""The byte of the hash, and the position or its inverse."""
_BlockPayload = tuple[int, Deletion | None]
"""The offset in the partition, and the deletion that is open there."""


class _PartitionFormat:
    """Payloads of Partitions.db (``PartitionIndexSerializer``)."""

    def size(self, payload: _PartitionPayload) -> int:
        return 1 + size_of_int(payload[1])

    def bits(self, payload: _PartitionPayload) -> int:
        return _HAS_HASH + size_of_int(payload[1]) - 1

    def encode(self, node: Any, payload: _PartitionPayload | None) -> bytes:
        if payload is None:
            return build("partitions.node", node=node)
        hash_byte, position = payload
        made = make(
            "partitions.payload",
            self.bits(payload),
            hash_byte=hash_byte,
            position_or_inverse=sized_int(position),
        )
        return build("partitions.node", node=node, payload=made)


class _BlockFormat:
    """Payloads of Rows.db (``RowIndexReader.getSerializer``)."""

    def __init__(self, version: int) -> None:
        self._version = version

    def size(self, payload: _BlockPayload) -> int:
        offset, deletion = payload
        length = 0
        if deletion is not None:
            length = len(encoded(deletion_time(self._version, deletion)))
        return size_of_int(offset) + length

    def bits(self, payload: _BlockPayload) -> int:
        offset, deletion = payload
        return size_of_int(offset) | _HAS_OPEN_DELETION * (deletion is not None)

    def encode(self, node: Any, payload: _BlockPayload | None) -> bytes:
        if payload is None:
            return build("rows.node", self._version, node=node)
        offset, deletion = payload
        fields: dict[str, Any] = {"offset": sized_int(offset)}
        if deletion is not None:
            fields["open_deletion"] = deletion_time(self._version, deletion)
        made = make("rows.payload", self._version, self.bits(payload), **fields)
        return build("rows.node", self._version, node=node, payload=made)


class BtiIndexWriter:
    """Partitions.db and Rows.db of one SSTable.

    Args:
        output: the SSTable's files.
        partitioner: what orders the partitions.
        clustering_types: types of the clustering columns.
    """

    def __init__(
        self,
        output: Output,
        partitioner: Partitioner,
        clustering_types: Sequence[ClusteringType],
    ) -> None:
        self._version = output.descriptor.version.number
        self._partitioner = partitioner
        self._types = clustering_types
        self._rows = PagedFile(output.create(ROWS))
        self._file = PagedFile(output.create(PARTITIONS))
        self._trie: TrieWriter[_PartitionPayload] = TrieWriter(self._file, _PartitionFormat())
        self._first: bytes | None = None
        self._last = b""
        self._last_path = b""
        self._last_payload: _PartitionPayload = (0, 0)
        self._last_length = 0

    def add(self, partition: IndexedPartition) -> None:
        """Writes the next partition's row index if it has one, and takes note of its key."""
        position = self._write_rows(partition) if partition.blocks else ~partition.position
        path = self._partitioner.byte_comparable(partition.key)
        if self._first is None:
            self._first = partition.key
        else:
            length = _length_of_difference(self._last_path, path)
            self._add_last(max(length, self._last_length))
            self._last_length = length
        self._last, self._last_path = partition.key, path
        self._last_payload = filter_hash_byte(partition.key), position

    def _add_last(self, length: int) -> None:
        """As much of the last key as tells it from those before and after it."""
        self._trie.add(self._last_path[:length], self._last_payload)

    def finish(self) -> None:
        """Writes what is left of the trie, the first and last key and the footer."""
        if self._first is None:
            raise CqliteError("an SSTable without partitions cannot be written")
        self._add_last(self._last_length)
        root = self._trie.finish()
        position = self._file.position
        self._file.write(
            build(
                "partitions.keys",
                len_first=len(self._first),
                first=self._first,
                len_last=len(self._last),
                last=self._last,
            )
        )
        count = self._trie.count
        self._file.write(
            build("partitions.footer", ofs_keys=position, num_keys=count, ofs_root=root)
        )

    def _write_rows(self, partition: IndexedPartition) -> int:
        """Writes a partition's trie and entry to Rows.db; the entry's position."""
        root = self._write_blocks(partition.blocks, partition.end)
        position = self._rows.position
        key = partition.key
        self._rows.write(
            build(
                "rows.entry",
                self._version,
                position,
                len_key=len(key),
                key=key,
                data_position=vint(partition.position),
                root_delta=signed_vint(root - (position + 2 + len(key))),
                num_blocks=vint(len(partition.blocks)),
                deletion=deletion_time(self._version, partition.deletion),
            )
        )
        return position

    def _write_blocks(self, blocks: Sequence[WrittenBlock], end: int) -> int:
        trie: TrieWriter[_BlockPayload] = TrieWriter(self._rows, _BlockFormat(self._version))
        previous = separator = b""
        for block in blocks:
            if previous:
                first = block.first.byte_comparable(self._types)
                separator = separator_above(previous, first)
            trie.add(separator, (block.offset, block.open_before))
            previous = block.last.byte_comparable(self._types)
        trie.add(_nudged(previous, separator), (end, None))
        return trie.finish()


def _length_of_difference(left: bytes, right: bytes) -> int:
    """Length of the shortest beginning of ``right`` that ``left`` does not have."""
    pairs = zip(left, right, strict=False)
    return next(index for index, (a, b) in enumerate(pairs) if a != b) + 1


def _nudged(last: bytes, separator: bytes) -> bytes:
    """A short string just above ``last``, which is above ``separator``."""
    pairs = zip(last, separator, strict=False)
    at = next((index for index, (a, b) in enumerate(pairs) if a != b), len(separator))
    while at < len(last) and last[at] == _MAX_BYTE:
        at += 1
    following = last[at] + 1 if at < len(last) else 0
    return last[:at] + bytes((following,))
