"""What only reading all of an SSTable tells: its largest partitions, how many tombstones.

Follows ``SSTableMetadataViewer.printScannedOverview`` and the ``dataSize`` methods of
rows and cells.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from cqlite.rows import Cell, ComplexColumn, LivenessInfo, Partition, RangeTombstoneMarker, Row
from cqlite.sstable.sstable import SSTable

LEADERS = 5
"""How many partitions each list has at most."""

_TIMESTAMP = 8
_TTL = 4
_LOCAL_DELETION_TIME = 8
_DELETION = 12
_SHADOWABLE = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """Counts over all partitions.

    Each list has pairs of a serialized partition key and a number, the largest first,
    and where numbers are equal in the order of the file.

    Attributes:
        size: length of Data.db in bytes, uncompressed.
        partitions: number of partitions.
        rows: number of rows, static rows included.
        tombstones: deleted partitions, range tombstone markers and deleted cells.
        cells: number of cells; those of static rows are not counted.
        widest: partitions by their number of rows.
        largest: partitions by the bytes of data that their rows have in memory.
        most_tombstones: partitions by their tombstones; none without any.
    """

    size: int
    partitions: int
    rows: int
    tombstones: int
    cells: int
    widest: tuple[tuple[bytes, int], ...]
    largest: tuple[tuple[bytes, int], ...]
    most_tombstones: tuple[tuple[bytes, int], ...]


class _Leaders:
    """The partitions with the largest numbers."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, bytes]] = []

    def add(self, number: int, order: int, key: bytes) -> None:
        entry = (number, -order, key)
        if len(self._heap) < LEADERS:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def list(self) -> tuple[tuple[bytes, int], ...]:
        return tuple((key, number) for number, _, key in sorted(self._heap, reverse=True))


@dataclass(slots=True)
class _Tally:
    """What one partition adds up to."""

    rows: int = 0
    size: int = 0
    tombstones: int = 0
    cells: int = 0

    def add(self, row: Row) -> None:
        self.rows += 1
        self.size += data_size(row)


def scan(sstable: SSTable) -> Scan:
    """Reads all partitions.

    Raises:
        CorruptSSTableError: and what derives from it, at damage.
    """
    total = _Tally()
    partitions = 0
    widest, largest, most_tombstones = _Leaders(), _Leaders(), _Leaders()
    for partition in sstable:
        tally = _tally(partition)
        widest.add(tally.rows, partitions, partition.key)
        largest.add(tally.size, partitions, partition.key)
        if tally.tombstones:
            most_tombstones.add(tally.tombstones, partitions, partition.key)
        partitions += 1
        total.rows += tally.rows
        total.tombstones += tally.tombstones
        total.cells += tally.cells
    return Scan(
        size=sstable.data_length,
        partitions=partitions,
        rows=total.rows,
        tombstones=total.tombstones,
        cells=total.cells,
        widest=widest.list(),
        largest=largest.list(),
        most_tombstones=most_tombstones.list(),
    )


def _tally(partition: Partition) -> _Tally:
    tally = _Tally()
    if partition.static_row is not None and not partition.static_row.is_empty:
        tally.add(partition.static_row)
    if partition.deletion is not None:
        tally.tombstones += 1
    for unfiltered in partition:
        if isinstance(unfiltered, RangeTombstoneMarker):
            tally.tombstones += 1
            continue
        tally.add(unfiltered)
        for cell in unfiltered.cells():
            tally.cells += 1
            tally.tombstones += cell.is_tombstone
    return tally


def data_size(row: Row) -> int:
    """Bytes of data of a row in memory (``Row.dataSize``)."""
    size = sum(len(value) for value in row.clustering if value is not None)
    size += _liveness_size(row.liveness) + _DELETION + _SHADOWABLE
    for column in row.columns:
        if isinstance(column, ComplexColumn):
            size += _DELETION + sum(map(_cell_size, column.cells))
        else:
            size += _cell_size(column)
    return size


def _liveness_size(liveness: LivenessInfo | None) -> int:
    if liveness is None or not liveness.is_expiring:
        return _TIMESTAMP
    return _TIMESTAMP + _TTL + _LOCAL_DELETION_TIME


def _cell_size(cell: Cell) -> int:
    path = 0 if cell.path is None else len(cell.path)
    return _TIMESTAMP + _TTL + _LOCAL_DELETION_TIME + len(cell.raw) + path
