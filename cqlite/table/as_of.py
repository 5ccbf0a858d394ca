"""Partitions as they stood at an earlier time: without what was written later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cqlite.rows import Cell, ComplexColumn, DeletionTime, RangeTombstoneMarker, Row, Unfiltered
from cqlite.rows.merge import BEFORE_VALUES, marker_kind


def deletion_as_of(deletion: DeletionTime | None, timestamp: int) -> DeletionTime | None:
    """``deletion``, if it was made up to ``timestamp`` (microseconds)."""
    if deletion is None or deletion.marked_for_delete_at > timestamp:
        return None
    return deletion


def row_as_of(row: Row, timestamp: int) -> Row | None:
    """What of ``row`` was written up to ``timestamp``, ``None`` if nothing was."""
    liveness = row.liveness
    if liveness is not None and liveness.timestamp > timestamp:
        liveness = None
    columns = (_column(column, timestamp) for column in row.columns)
    found = replace(
        row,
        liveness=liveness,
        deletion=deletion_as_of(row.deletion, timestamp),
        columns=tuple(column for column in columns if column is not None),
    )
    return None if found.is_empty else found


def _column(column: Cell | ComplexColumn, timestamp: int) -> Cell | ComplexColumn | None:
    if isinstance(column, Cell):
        return column if column.timestamp <= timestamp else None
    deletion = deletion_as_of(column.deletion, timestamp)
    cells = tuple(cell for cell in column.cells if cell.timestamp <= timestamp)
    if deletion is None and not cells:
        return None
    return replace(column, deletion=deletion, cells=cells)


def unfiltereds_as_of(unfiltereds: Iterable[Unfiltered], timestamp: int) -> Iterator[Unfiltered]:
    """Rows and markers without what was written after ``timestamp``."""
    for unfiltered in unfiltereds:
        found = (
            row_as_of(unfiltered, timestamp)
            if isinstance(unfiltered, Row)
            else _marker(unfiltered, timestamp)
        )
        if found is not None:
            yield found


def _marker(marker: RangeTombstoneMarker, timestamp: int) -> RangeTombstoneMarker | None:
    close = deletion_as_of(marker.close, timestamp)
    opened = deletion_as_of(marker.open, timestamp)
    if close is None and opened is None:
        return None
    kind = marker_kind(marker.kind.name in BEFORE_VALUES, close, opened)
    return replace(marker, kind=kind, close=close, open=opened)
