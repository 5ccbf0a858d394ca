"""All rows of a table's SSTables, read once, partition by partition."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from cqlite.report.count import count_partitions
from cqlite.report.model import KINDS, Clock, PartitionCounts, Rows
from cqlite.sstable import SSTable

Progress = Callable[[int], None]
"""Called with the bytes of uncompressed Data.db that were read since the last call."""

_Measure = Callable[[PartitionCounts], int]
_STEP = 1 << 22


def read_rows(sstables: Sequence[SSTable], clock: Clock, top: int, progress: Progress) -> Rows:
    """Counts of all partitions, and the ``top`` first by size, rows and tombstones.

    The SSTables are read side by side in the order of tokens, so that memory does not
    grow with them.

    Raises:
        CorruptSSTableError: and what derives from it, at damage.
    """
    leaders = (
        _Leaders(top, lambda counts: counts.size),
        _Leaders(top, lambda counts: counts.rows),
        _Leaders(top, lambda counts: counts.total_tombstones),
    )
    by_sstables: Counter[int] = Counter()
    rows = cells = unsaid = 0
    tombstones, droppable = [0] * len(KINDS), [0] * len(KINDS)
    for counts in _merged(sstables, clock):
        by_sstables[counts.sstables] += 1
        rows += counts.rows
        cells += counts.cells
        if counts.total_tombstones:
            _add_to(tombstones, counts.tombstones)
            _add_to(droppable, counts.droppable)
        for leader in leaders:
            leader.add(counts)
        unsaid += counts.size
        if unsaid >= _STEP:
            progress(unsaid)
            unsaid = 0
    progress(unsaid)
    largest, widest, most_tombstones = (leader.list() for leader in leaders)
    return Rows(
        partitions=by_sstables.total(),
        rows=rows,
        cells=cells,
        tombstones=tuple(tombstones),
        droppable=tuple(droppable),
        by_sstables=tuple(sorted(by_sstables.items())),
        largest=largest,
        widest=widest,
        most_tombstones=most_tombstones,
    )


def _merged(sstables: Sequence[SSTable], clock: Clock) -> Iterator[PartitionCounts]:
    """The counts of all partitions in the order of tokens, each once."""
    if len(sstables) == 1:
        yield from count_partitions(sstables[0], clock)
        return
    streams = [_placed(sstable, clock) for sstable in sstables]
    in_order = heapq.merge(*streams, key=lambda item: item[0])
    for _, same in groupby(in_order, key=lambda item: item[0]):
        yield _sum([counts for _, counts in same])


def _placed(sstable: SSTable, clock: Clock) -> Iterator[tuple[bytes, PartitionCounts]]:
    place = sstable.partitioner.byte_comparable
    for counts in count_partitions(sstable, clock):
        yield place(counts.key), counts


def _sum(parts: Sequence[PartitionCounts]) -> PartitionCounts:
    if len(parts) == 1:
        return parts[0]
    return PartitionCounts(
        key=parts[0].key,
        size=sum(part.size for part in parts),
        rows=sum(part.rows for part in parts),
        cells=sum(part.cells for part in parts),
        tombstones=tuple(map(sum, zip(*(part.tombstones for part in parts), strict=True))),
        droppable=tuple(map(sum, zip(*(part.droppable for part in parts), strict=True))),
        sstables=len(parts),
    )


def _add_to(total: list[int], counts: Sequence[int]) -> None:
    for position, count in enumerate(counts):
        total[position] += count


class _Leaders:
    """The partitions with the largest numbers, the earlier first where they are equal."""

    def __init__(self, count: int, measure: _Measure) -> None:
        self._count = count
        self._measure = measure
        self._order = 0
        self._heap: list[tuple[int, int, PartitionCounts]] = []

    def add(self, counts: PartitionCounts) -> None:
        number = self._measure(counts)
        self._order -= 1
        if not number:
            return
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, (number, self._order, counts))
        elif self._heap and number > self._heap[0][0]:
            heapq.heapreplace(self._heap, (number, self._order, counts))

    def list(self) -> tuple[PartitionCounts, ...]:
        return tuple(counts for _, _, counts in sorted(self._heap, reverse=True, key=_rank))


def _rank(entry: tuple[int, int, PartitionCounts]) -> tuple[int, int]:
    return entry[:2]
