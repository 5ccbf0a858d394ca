"""All that a table's SSTables together hold, deletions as rows: scans with ``metadata``."""

from __future__ import annotations

from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker
from cqlite.rows.model import prefix_of
from cqlite.sstable.select.clusterings import place_of
from cqlite.sstable.select.plan import Slice
from cqlite.sstable.select.reference import NOWHERE, Places, Rows
from cqlite.sstable.select.slices import Rows as Stored


class StoredRows(Rows):
    """Rows of the answer from merged partitions, which are of no one file."""

    def _places(self, partition: Partition, row: int) -> Places:
        return NOWHERE


def within(
    partition: Partition, slices: tuple[Slice, ...] | None, order: ClusteringComparator
) -> Stored:
    """Rows and markers of a merged partition, those within ``slices`` if there are any given.

    Args:
        partition: read from its start.
        slices: in the order of rows; at least one.
        order: the order of the partition's rows.
    """
    compare = order.compare
    wanted = (Slice(),) if slices is None else slices
    bounds = [(place_of(piece.start, "start"), place_of(piece.end, "end")) for piece in wanted]
    opened: DeletionTime | None = None
    for unfiltered in partition:
        place = prefix_of(unfiltered)
        while bounds and compare(place, bounds[0][1]) > 0:
            del bounds[0]
        if not bounds:
            return
        if compare(place, bounds[0][0]) >= 0:
            yield unfiltered, opened
        if isinstance(unfiltered, RangeTombstoneMarker):
            opened = unfiltered.open
