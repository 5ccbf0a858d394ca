"""The reference engine on damaged SSTables: what can still be read of each, merged.

What was lost may have been newer than what is given, or have deleted it: partitions that
losses name may lack rows, and may show rows that are not there any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqlite.errors import CqliteError, InvalidValueError, Where
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import Partition, Row, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.salvage import Salvage
from cqlite.sstable.select.clusterings import place_of
from cqlite.sstable.select.plan import PositionRange, Restriction
from cqlite.sstable.select.sources import Found
from cqlite.table.reference import ReferenceTableReader
from cqlite.table.source import PartitionSource, Slices, Source
from cqlite.table.trace import SSTableTrace, Trace
from cqlite.types import Partitioner


def unreadable(sstable: SSTable) -> str | None:
    """Why not even the header of an SSTable can be read, in a sentence, if that is so."""
    try:
        with Salvage(sstable):
            return None
    except CqliteError as error:
        return f"all of {sstable.descriptor}: {error}"


class SalvageTableReader(ReferenceTableReader):
    """The SSTables of a table, each read around its damage.

    They are read from front to back, also for one partition: an index may be what is damaged.

    Args:
        sources, schema, partitioner, where: as of ``ReferenceTableReader``.
    """

    def __init__(
        self,
        sources: Sequence[SalvageSource],
        schema: TableSchema,
        partitioner: Partitioner,
        where: Where,
    ) -> None:
        super().__init__(sources, schema, partitioner, where)
        self._damaged = sources
        self._order = ClusteringComparator([c.type for c in schema.clustering_columns])

    @property
    def losses(self) -> list[str]:
        """What the reads up to now did not get, in sentences."""
        return [loss for source in self._damaged for loss in source.losses]

    def partitions(
        self, restriction: Restriction, trace: Trace, *, statics: bool = True
    ) -> Iterator[Partition]:
        """The merged partitions that ``restriction`` lets through, deletions kept."""
        if restriction.slices == ():
            return
        keys = None if restriction.keys is None else set(restriction.keys)
        everything = Restriction(positions=restriction.positions)
        for partition in super().partitions(everything, trace, statics=statics):
            if keys is None or partition.key in keys:
                partition.unfiltereds = self._within(partition.unfiltereds, restriction.slices)
                yield partition

    def _within(self, rows: Iterator[Unfiltered], slices: Slices) -> Iterator[Unfiltered]:
        if slices is None:
            yield from rows
            return
        bounds = [(place_of(s.start, "start"), place_of(s.end, "end")) for s in slices]
        compare = self._order.compare
        for row in rows:
            place = prefix_of(row)
            if not isinstance(row, Row) or any(
                compare(start, place) < 0 < compare(end, place) for start, end in bounds
            ):
                yield row


class SalvageSource(Source):
    """An SSTable that is read around its damage; nothing of it is skipped for what it says.

    Attributes:
        losses: what could not be read, in sentences.
    """

    def __init__(self, sstable: SSTable, as_of: int | None = None) -> None:
        super().__init__(sstable, as_of)
        self.losses: list[str] = []

    def may_have(self, wanted: PositionRange) -> bool:
        """Whether partitions in this part of their order can be in the SSTable."""
        return True

    def may_have_rows(self, slices: Slices) -> bool:
        """Whether rows or range deletions in ``slices`` can be in the SSTable."""
        return True

    @property
    def is_later(self) -> bool:
        """Whether all of it was written after the time that is asked for."""
        return False

    def scan(self, wanted: PositionRange, trace: SSTableTrace) -> Iterator[PartitionSource]:
        """What can be read of the partitions in this part of their order, in it."""
        comparable = self.sstable.partitioner.byte_comparable
        with Salvage(self.sstable, closed_ranges=True) as salvage:
            try:
                for partition in salvage.partitions():
                    place = comparable(partition.key)
                    if place >= wanted.start and (wanted.end is None or place < wanted.end):
                        yield self._source(Found(partition, None), trace)
            finally:
                self.losses = list(self._told(salvage))

    def _told(self, salvage: Salvage) -> Iterator[str]:
        for loss in salvage.losses:
            yield f"{loss} ({loss.error.where})"
            for key in loss.keys:
                yield f"partition {self._shown(key)}"

    def _shown(self, key: bytes) -> str:
        try:
            return self.sstable.schema.key_string(key)
        except InvalidValueError:
            return "0x" + key.hex()
