"""Rows, cells and tombstones of partitions, counted as Cassandra's sstablepartitions does.

Beyond that tool, static rows' cells and tombstones and deletions of partitions count,
and what expires does so at its second, as a query sees it, not one later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cqlite.io.native import native_function
from cqlite.report.model import KINDS, Clock, PartitionCounts
from cqlite.rows import (
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
)
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import facts_of

_BATCH: Final = 4096
"""Partitions that the native engine gives at a time."""

_PARTITION, _ROW, _RANGE, _COMPLEX, _CELL, _EXPIRED_ROW, _EXPIRED_CELL = range(len(KINDS))


def count_partitions(sstable: SSTable, clock: Clock) -> Iterator[PartitionCounts]:
    """The counts of each partition, in the order of the file, by the engine that is chosen.

    Raises:
        CorruptSSTableError: and what derives from it, at damage; what was read before it
            has been given.
    """
    make = native_function("PartitionCounter")
    if make is None:
        return (_count_partition(partition, clock) for partition in sstable)
    return _natively(make, sstable, clock)


def _natively(make: Any, sstable: SSTable, clock: Clock) -> Iterator[PartitionCounts]:
    counter = make(facts_of(sstable), clock.now, clock.gc_before)
    last = None
    while found := counter.next(_BATCH):
        for key, size, rows, cells, tombstones, droppable in found:
            yield PartitionCounts(key, size, rows, cells, tuple(tombstones), tuple(droppable))
        last = found[-1][0]
    sstable.check_last(last)


def _count_partition(partition: Partition, clock: Clock) -> PartitionCounts:
    """The counts of one partition, of which no row has been taken."""
    counter = _Counter(clock)
    if partition.deletion is not None:
        counter.delete(_PARTITION, partition.deletion)
    if partition.static_row is not None:
        counter.add_row(partition.static_row)
    rows = 0
    for unfiltered in partition:
        if isinstance(unfiltered, Row):
            rows += 1
            counter.add_row(unfiltered)
        else:
            counter.add_marker(unfiltered)
    end = partition.position if partition.end is None else partition.end
    return PartitionCounts(
        key=partition.key,
        size=end - partition.position,
        rows=rows,
        cells=counter.cells,
        tombstones=tuple(counter.tombstones),
        droppable=tuple(counter.droppable),
    )


class _Counter:
    """Adds up one partition.

    Attributes:
        cells: number of cells.
        tombstones: how many of each of ``KINDS``.
        droppable: how many of these are older than the grace period.
    """

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now
        self._gc_before = clock.gc_before
        self.cells = 0
        self.tombstones = [0] * len(KINDS)
        self.droppable = [0] * len(KINDS)

    def add(self, kind: int, deleted_at: int) -> None:
        """A tombstone whose age counts from ``deleted_at`` (seconds)."""
        self.tombstones[kind] += 1
        self.droppable[kind] += deleted_at < self._gc_before

    def delete(self, kind: int, deletion: DeletionTime) -> None:
        """A tombstone that is a deletion."""
        self.add(kind, deletion.local_deletion_time)

    def add_marker(self, marker: RangeTombstoneMarker) -> None:
        """A start or an end of a range; a boundary goes when both of its deletions do."""
        times = [d.local_deletion_time for d in (marker.close, marker.open) if d is not None]
        self.add(_RANGE, max(times))

    def add_row(self, row: Row) -> None:
        """A row or a static row with all in it."""
        if row.deletion is not None:
            self.delete(_ROW, row.deletion)
        liveness = row.liveness
        expires = None if liveness is None else liveness.local_expiration_time
        if expires is not None and expires <= self._now:
            self.add(_EXPIRED_ROW, expires)
        for data in row.columns:
            if isinstance(data, ComplexColumn):
                if data.deletion is not None:
                    self.delete(_COMPLEX, data.deletion)
                for cell in data.cells:
                    self._add_cell(cell, liveness)
            else:
                self._add_cell(data, liveness)

    def _add_cell(self, cell: Cell, liveness: LivenessInfo | None) -> None:
        self.cells += 1
        deleted_at = cell.local_deletion_time
        if deleted_at is None:
            return
        if cell.ttl is None:
            self.add(_CELL, deleted_at)
        elif deleted_at <= self._now and (liveness is None or liveness.ttl != cell.ttl):
            # Compaction makes it a deletion of the time at which it was written.
            self.add(_EXPIRED_CELL, deleted_at - cell.ttl)
