"""Partitions of several SSTables, merged one by one in the partitioner's order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cqlite.rows import Partition, Row, Unfiltered
from cqlite.rows.merge import merge_rows, merge_unfiltereds, newest_deletion
from cqlite.sstable.select.plan import PositionRange, Restriction
from cqlite.table.source import PartitionSource, Slices, Source
from cqlite.table.trace import SSTableTrace, Trace
from cqlite.types import CqlType, Partitioner

_NEVER = -(1 << 63)


@dataclass(frozen=True, slots=True)
class _Input:
    """An SSTable that is read.

    Attributes:
        source: the SSTable.
        trace: what was read of it.
        has_rows: whether it can have rows that are wanted, rather than only deletions of
            partitions and static rows.
    """

    source: Source
    trace: SSTableTrace
    has_rows: bool


_Entry = tuple[bytes, int, PartitionSource, Iterator[PartitionSource]]


class Merger:
    """Merges the partitions of a table.

    Args:
        sources: its SSTables.
        partitioner: that of all of them.
        types: types of the clustering columns.
    """

    def __init__(
        self, sources: Sequence[Source], partitioner: Partitioner, types: Sequence[CqlType]
    ) -> None:
        self._sources = sources
        self._partitioner = partitioner
        self._types = types

    def partitions(
        self, restriction: Restriction, trace: Trace, *, statics: bool = True
    ) -> Iterator[Partition]:
        """The partitions that ``restriction`` lets through, those with the same key as one.

        Their rows and markers can be taken once, before the next partition is asked for.

        Args:
            restriction: what is wanted; of rows, what is within its slices.
            trace: to which is added what was read.
            statics: whether static rows are wanted.

        Raises:
            CorruptSSTableError: and what derives from it, at damage.
            MissingComponentError: an SSTable has no index, which is needed.
        """
        if restriction.slices == ():
            return
        inputs = list(self._inputs(restriction, trace, statics=statics))
        before = [item.source.sstable.blocks_read for item in inputs]
        try:
            if restriction.keys is None:
                yield from self._scan(inputs, restriction)
            else:
                yield from self._lookups(inputs, restriction.keys, restriction)
        finally:
            for item, count in zip(inputs, before, strict=True):
                item.trace.chunks += item.source.sstable.blocks_read - count

    def _inputs(self, restriction: Restriction, trace: Trace, *, statics: bool) -> Iterator[_Input]:
        for source in self._sources:
            of_source = trace.of(str(source.sstable.descriptor))
            has_rows = source.may_have_rows(restriction.slices)
            of_source.skipped = None
            if source.is_later:
                of_source.skipped = "timestamps"
            elif not source.may_have(restriction.positions):
                of_source.skipped = "tokens"
            elif not (has_rows or source.may_delete_partitions or (statics and source.has_static)):
                of_source.skipped = "clusterings"
            else:
                yield _Input(source, of_source, has_rows)

    def _lookups(
        self, inputs: Sequence[_Input], keys: Sequence[bytes], restriction: Restriction
    ) -> Iterator[Partition]:
        # Newest first, so that a partition's deletion spares older SSTables.
        newest_first = sorted(inputs, key=lambda item: -item.source.max_timestamp)
        for key in keys:
            if self._is_in(key, restriction.positions):
                yield from self._find(newest_first, key, restriction.slices)

    def _is_in(self, key: bytes, wanted: PositionRange) -> bool:
        if not wanted.start and wanted.end is None:
            return True
        position = self._partitioner.byte_comparable(key)
        return position >= wanted.start and (wanted.end is None or position < wanted.end)

    def _find(self, inputs: Sequence[_Input], key: bytes, slices: Slices) -> Iterator[Partition]:
        """Follows ``SinglePartitionReadCommand.queryMemtableAndDiskInternal``."""
        group: list[tuple[_Input, PartitionSource]] = []
        deleted = _NEVER
        for item in inputs:
            if item.source.max_timestamp < deleted:
                item.trace.keys_skipped += 1
                continue
            found = item.source.find(key, item.trace)
            if found is not None:
                group.append((item, found))
                if found.deletion is not None:
                    deleted = max(deleted, found.deletion.marked_for_delete_at)
        if group:
            yield self._merged(group, slices)

    def _scan(self, inputs: Sequence[_Input], restriction: Restriction) -> Iterator[Partition]:
        heap: list[_Entry] = []
        for index, item in enumerate(inputs):
            self._push(heap, index, item.source.scan(restriction.positions, item.trace))
        while heap:
            group = [heapq.heappop(heap)]
            while heap and heap[0][0] == group[0][0]:
                group.append(heapq.heappop(heap))
            found = [(inputs[index], source) for _, index, source, _ in group]
            yield self._merged(found, restriction.slices)
            for _, index, _, following in group:
                self._push(heap, index, following)

    def _push(self, heap: list[_Entry], index: int, found: Iterator[PartitionSource]) -> None:
        source = next(found, None)
        if source is not None:
            place = self._partitioner.byte_comparable(source.key)
            heapq.heappush(heap, (place, index, source, found))

    def _merged(self, group: Sequence[tuple[_Input, PartitionSource]], slices: Slices) -> Partition:
        sources = [source for _, source in group]
        deletion = newest_deletion(source.deletion for source in sources)
        statics: list[Row] = [s.static_row for s in sources if s.static_row is not None]
        partition = Partition(
            key=sources[0].key,
            deletion=deletion,
            static_row=merge_rows(statics, deletion) if statics else None,
            position=0,
            unfiltered_position=0,
        )
        with_rows = [source for item, source in group if item.has_rows]
        partition.unfiltereds = self._unfiltereds(with_rows, slices, partition)
        return partition

    def _unfiltereds(
        self, sources: Sequence[PartitionSource], slices: Slices, partition: Partition
    ) -> Iterator[Unfiltered]:
        if slices is None:
            every = [source.all() for source in sources]
            yield from merge_unfiltereds(every, partition.deletion, self._types)
            return
        for piece in slices:
            pieces = [source.slice(piece) for source in sources]
            yield from merge_unfiltereds(pieces, partition.deletion, self._types)
