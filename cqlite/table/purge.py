"""Deletions that nothing needs any more, and what has expired, as compactions leave them out.

Follows ``Row.purge``, ``Cell.purge`` and ``DeletionPurger``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cqlite.rows import (
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
)
from cqlite.rows.live import has_deletion, is_live
from cqlite.rows.merge import BEFORE_VALUES, marker_kind

_NEVER = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Purger:
    """Purges what was deleted or has expired long ago.

    Attributes:
        now: seconds since 1970; what has expired by then is deleted.
        gc_before: seconds since 1970; what was deleted before counts no more
            (``now - gc_grace_seconds``).
        strict_liveness: whether only a live primary key makes a row (``Row.purge``).
    """

    now: int
    gc_before: int
    strict_liveness: bool = False

    def partition(self, partition: Partition) -> Partition:
        """``partition`` without that; its rows are taken as they are asked for."""
        static = partition.static_row
        return Partition(
            key=partition.key,
            deletion=self.deletion(partition.deletion),
            static_row=None if static is None else self.row(static),
            position=partition.position,
            unfiltered_position=partition.unfiltered_position,
            unfiltereds=self._unfiltereds(partition.unfiltereds),
        )

    def deletion(self, deletion: DeletionTime | None) -> DeletionTime | None:
        """``deletion``, unless it counts no more."""
        if deletion is None or deletion.local_deletion_time < self.gc_before:
            return None
        return deletion

    def _unfiltereds(self, unfiltereds: Iterable[Unfiltered]) -> Iterator[Unfiltered]:
        for unfiltered in unfiltereds:
            found = (
                self.row(unfiltered) if isinstance(unfiltered, Row) else self._marker(unfiltered)
            )
            if found is not None:
                yield found

    def row(self, row: Row) -> Row | None:
        """What is left of ``row``, ``None`` if nothing is."""
        columns = (self._column(column) for column in row.columns)
        found = replace(
            row,
            liveness=self._liveness(row.liveness),
            deletion=self.deletion(row.deletion),
            columns=tuple(column for column in columns if column is not None),
        )
        if self.strict_liveness and found.deletion is None and found.liveness is None:
            return None if has_deletion(row, self.now) else found
        return None if found.is_empty else found

    def _liveness(self, liveness: LivenessInfo | None) -> LivenessInfo | None:
        if liveness is None or is_live(liveness, _NEVER, self.now):
            return liveness
        expired = liveness.local_expiration_time
        return None if expired is not None and expired < self.gc_before else liveness

    def _column(self, column: Cell | ComplexColumn) -> Cell | ComplexColumn | None:
        if isinstance(column, Cell):
            return self._cell(column)
        deletion = self.deletion(column.deletion)
        cells = tuple(found for cell in column.cells if (found := self._cell(cell)) is not None)
        if deletion is None and not cells:
            return None
        return replace(column, deletion=deletion, cells=cells)

    def _cell(self, cell: Cell) -> Cell | None:
        """The cell, or the tombstone that one is that has expired, unless it counts no more."""
        deleted = cell.local_deletion_time
        if deleted is None or cell.is_live(self.now):
            return cell
        if deleted < self.gc_before:
            return None
        if cell.ttl is None:
            return cell
        tombstone = replace(
            cell, raw=b"", ttl=None, local_deletion_time=deleted - cell.ttl, is_tombstone=True
        )
        return self._cell(tombstone)

    def _marker(self, marker: RangeTombstoneMarker) -> RangeTombstoneMarker | None:
        close, opened = self.deletion(marker.close), self.deletion(marker.open)
        if close is None and opened is None:
            return None
        kind = marker_kind(marker.kind.name in BEFORE_VALUES, close, opened)
        return replace(marker, kind=kind, close=close, open=opened)
