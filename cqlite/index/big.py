"""Partition and row index of the BIG format: Index.db, sampled in Summary.db."""

from __future__ import annotations

import io
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, Where
from cqlite.index.model import (
    ClusteringPrefix,
    ClusteringType,
    Deletion,
    IndexEntry,
    Partitioner,
    RowIndexBlock,
    clustering_prefix,
    deletion,
)
from cqlite.io import INDEX, SUMMARY, Components


class BigRowIndex:
    """The promoted index of an entry in Index.db (Cassandra's ``IndexedEntry``)."""

    def __init__(
        self,
        data: bytes,
        version: int,
        types: Sequence[ClusteringType],
        where: Where,
        base: int,
    ) -> None:
        """A promoted index.

        Args:
            data: its bytes.
            version: number of the format version.
            types: types of the clustering columns.
            where: file and component, for errors.
            base: where the bytes are in Index.db.

        Raises:
            CorruptSSTableError: the header does not fit its layout.
        """
        self._data = data
        self._version = version
        self._types = types
        self._shapes = [column.shape for column in types]
        self._where = where
        self._base = base
        stream = io.BytesIO(data)
        header = layouts.parse(
            "index.promoted_index_header", stream, version, where=where, base=base
        )
        self._first_block = stream.tell()
        self.num_blocks: int = header.num_blocks.value
        self.header_length: int | None = header.header_length.value
        self.partition_deletion: Deletion | None = deletion(header.partition_deletion)

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each block's entry starts, counted from the first one."""
        parsed = layouts.parse(
            "index.promoted_index_offsets",
            self._data,
            self.num_blocks,
            where=self._where,
            base=self._base,
        )
        offsets: list[int] = parsed.offsets
        return offsets

    def _parsed(self, index: int) -> Any:
        start = self._first_block + self._offsets[index]
        if start >= len(self._data):
            raise self._corrupt(f"block {index} starts after the end of the index", start)
        stream = io.BytesIO(self._data)
        stream.seek(start)
        return layouts.parse(
            "index.block",
            stream,
            self._version,
            self._shapes,
            where=self._where,
            base=self._base,
        )

    def blocks(self) -> Iterator[RowIndexBlock]:
        """All blocks in the order of Data.db; see ``RowIndex.blocks``."""
        opened = None
        end = 0
        for index in range(len(self._offsets)):
            parsed = self._parsed(index)
            block = self._block(parsed, opened)
            if block.offset < end:
                raise self._corrupt(
                    f"block {index} starts at {block.offset}, before {end}",
                    self._first_block + self._offsets[index],
                )
            yield block
            end = block.offset + block.width
            opened = deletion(getattr(parsed, "end_open_marker", None))

    def _block(self, parsed: Any, opened: Deletion | None) -> RowIndexBlock:
        return RowIndexBlock(
            parsed.offset.value,
            parsed.width,
            opened,
            first=clustering_prefix(parsed.first_name),
            last=clustering_prefix(parsed.last_name),
        )

    def block_for(self, clustering: ClusteringPrefix) -> RowIndexBlock | None:
        """The block to start at for ``clustering``; see ``RowIndex.block_for``."""
        key = clustering.byte_comparable(self._types)
        low, high = 0, len(self._offsets)
        while low < high:
            middle = (low + high) // 2
            last = clustering_prefix(self._parsed(middle).last_name)
            if last.byte_comparable(self._types) < key:
                low = middle + 1
            else:
                high = middle
        if low == len(self._offsets):
            return None
        before = self._parsed(low - 1) if low else None
        opened = deletion(getattr(before, "end_open_marker", None))
        return self._block(self._parsed(low), opened)

    def _corrupt(self, message: str, offset: int) -> CorruptSSTableError:
        place = self._where.at(self._base + offset, "index.promoted_index")
        return CorruptSSTableError(message, place)


class BigPartitionIndex:
    """Index.db with Summary.db (Cassandra's ``BigTableReader``); see ``PartitionIndex``."""

    def __init__(
        self,
        components: Components,
        partitioner: Partitioner,
        clustering_types: Sequence[ClusteringType],
    ) -> None:
        """The index of an SSTable; see ``open_index``."""
        self._components = components
        self._partitioner = partitioner
        self._types = clustering_types
        self._version = components.descriptor.version.number
        self._where = components.where(INDEX)
        self._file = components.open(INDEX)
        self._size = self._file.seek(0, os.SEEK_END)

    def __enter__(self) -> BigPartitionIndex:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[IndexEntry]:
        return self.entries()

    @cached_property
    def _samples(self) -> list[tuple[bytes, int]]:
        """Keys of Summary.db and their entries' positions in Index.db, ascending.

        Without a Summary.db, which Cassandra makes anew, there is just the start.
        """
        if SUMMARY not in self._components:
            return []
        where = self._components.where(SUMMARY)
        with self._components.open(SUMMARY) as file:
            parsed = layouts.parse("summary.body", file, self._version, where=where)
        return [(entry.key, entry.position) for entry in parsed.entries]

    def _interval(self, position: bytes) -> tuple[int, int]:
        """Where in Index.db a byte-comparable position is: from one sample to the next.

        Raises:
            CorruptSSTableError: Summary.db does not fit Index.db.
        """
        order = self._partitioner.byte_comparable
        index = bisect_right(self._samples, position, key=lambda sample: order(sample[0]))
        end = self._samples[index][1] if index < len(self._samples) else self._size
        if not index:
            return 0, end
        key, start = self._samples[index - 1]
        if not start < end <= self._size or self._parse(start).key != key:
            raise CorruptSSTableError(
                f"entry {index - 1} of Summary.db does not lead to its key",
                self._where.at(min(start, self._size)),
            )
        return start, end

    def entries(self, start: bytes = b"") -> Iterator[IndexEntry]:
        """The partitions in order; see ``PartitionIndex.entries``."""
        if not start:
            yield from self._scan(0, self._size)
            return
        begun = False
        for entry in self._scan(self._interval(start)[0], self._size):
            if begun or self._partitioner.byte_comparable(entry.key or b"") >= start:
                begun = True
                yield entry

    def find(self, key: bytes) -> IndexEntry | None:
        """The partition of ``key``; see ``PartitionIndex.find``."""
        start, end = self._interval(self._partitioner.byte_comparable(key))
        return next((entry for entry in self._scan(start, end) if entry.key == key), None)

    def _parse(self, position: int) -> Any:
        self._file.seek(position)
        return layouts.parse("index.entry", self._file, where=self._where)

    def _scan(self, position: int, end: int) -> Iterator[IndexEntry]:
        previous = -1
        while position < end:
            parsed = self._parse(position)
            data_position: int = parsed.position.value
            if data_position <= previous:
                raise CorruptSSTableError(
                    f"position {data_position} in Data.db after {previous}",
                    self._where.at(position, "index.entry.position"),
                )
            previous = data_position
            following = self._file.tell()
            yield self._entry(parsed, position, following)
            position = following

    def _entry(self, parsed: Any, position: int, end: int) -> IndexEntry:
        promoted: bytes = parsed.promoted_index
        row_index = None
        if promoted:
            row_index = BigRowIndex(
                promoted, self._version, self._types, self._where, end - len(promoted)
            )
        return IndexEntry(parsed.key, parsed.position.value, row_index, position)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
