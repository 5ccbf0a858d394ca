"""Writes Index.db with its promoted indexes, and Summary.db.

Follows ``BigTableWriter.IndexWriter``, ``RowIndexEntry`` and ``IndexSummaryBuilder``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cqlite.errors import CqliteError
from cqlite.index.build import clustering_prefix, deletion_time
from cqlite.index.model import ClusteringType
from cqlite.index.write.blocks import IndexedPartition, WrittenBlock
from cqlite.io import INDEX, SUMMARY, Output
from cqlite.layouts.build import build, encoded, make, signed_vint, vint

DEFAULT_BLOCK_SIZE = 64 * 1024
"""``column_index_size`` where cassandra.yaml doesn't say otherwise, in bytes."""
DEFAULT_MIN_INDEX_INTERVAL = 128
"""``min_index_interval`` of tables that don't say otherwise."""
_WIDTH_BASE = 64 * 1024
_FULL_SAMPLING = 128
_LENGTH_OF_POSITION = 8


class BigIndexWriter:
    """Index.db and Summary.db of one SSTable.

    Args:
        output: the SSTable's files.
        clustering_types: types of the clustering columns.
        min_index_interval: partitions from one entry of the summary to the next.
    """

    def __init__(
        self,
        output: Output,
        clustering_types: Sequence[ClusteringType],
        min_index_interval: int = DEFAULT_MIN_INDEX_INTERVAL,
    ) -> None:
        self._output = output
        self._version = output.descriptor.version.number
        self._shapes = [column.shape for column in clustering_types]
        self._file = output.create(INDEX)
        self._position = 0
        self._summary = _Summary(min_index_interval)

    def add(self, partition: IndexedPartition) -> None:
        """Writes the entry of the next partition."""
        promoted = self._promoted(partition) if partition.blocks else b""
        entry = build(
            "index.entry",
            len_key=len(partition.key),
            key=partition.key,
            position=vint(partition.position),
            len_promoted_index=vint(len(promoted)),
            promoted_index=promoted,
        )
        self._summary.add(partition.key, self._position)
        self._file.write(entry)
        self._position += len(entry)

    def finish(self) -> None:
        """Writes the summary."""
        self._output.write(SUMMARY, self._summary.build(self._version))

    def _promoted(self, partition: IndexedPartition) -> bytes:
        blocks = [self._block(block) for block in partition.blocks]
        offsets = []
        offset = 0
        for block in blocks:
            offsets.append(offset)
            offset += len(encoded(block))
        header = make(
            "index.promoted_index_header",
            self._version,
            header_length=vint(partition.header_length),
            partition_deletion=deletion_time(self._version, partition.deletion),
            num_blocks=vint(len(blocks)),
        )
        return build(
            "index.promoted_index",
            self._version,
            self._shapes,
            header=header,
            blocks=blocks,
            offsets=offsets,
        )

    def _block(self, block: WrittenBlock) -> Any:
        fields: dict[str, Any] = {"has_end_open_marker": int(block.open_after is not None)}
        if block.open_after is not None:
            fields["end_open_marker"] = deletion_time(self._version, block.open_after)
        return make(
            "index.block",
            self._version,
            self._shapes,
            first_name=clustering_prefix(self._shapes, block.first),
            last_name=clustering_prefix(self._shapes, block.last),
            offset=vint(block.offset),
            width_delta=signed_vint(block.width - _WIDTH_BASE),
            **fields,
        )


class _Summary:
    """A sample of the index at full sampling, as every writer of Cassandra's makes it."""

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._num_keys = 0
        self._samples: list[tuple[bytes, int]] = []
        self._last: bytes | None = None

    def add(self, key: bytes, position: int) -> None:
        """Takes a key and its entry's position in Index.db."""
        if self._num_keys % self._interval == 0:
            self._samples.append((key, position))
        self._num_keys += 1
        self._last = key

    def build(self, version: int) -> bytes:
        """Summary.db."""
        if self._last is None:
            raise CqliteError("an SSTable without partitions cannot be written")
        entries = []
        offsets = []
        offset = 4 * len(self._samples)
        for key, position in self._samples:
            length = len(key) + _LENGTH_OF_POSITION
            entries.append(make("summary.entry", length, key=key, position=position))
            offsets.append(offset)
            offset += length
        first = self._samples[0][0]
        return build(
            "summary.body",
            version,
            min_index_interval=self._interval,
            num_offsets=len(offsets),
            len_table=offset,
            sampling_level=_FULL_SAMPLING,
            size_at_full_sampling=-(-self._num_keys // self._interval),
            offsets=offsets,
            entries=entries,
            len_first_key=len(first),
            first_key=first,
            len_last_key=len(self._last),
            last_key=self._last,
        )
