"""What of a row counts once the deletions of its SSTable are applied; there is no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cqlite.rows import Cell, ComplexColumn, LivenessInfo, Row
from cqlite.rows.live import LiveCells, deleted_up_to
from cqlite.rows.model import EXPIRED_LIVENESS_TTL

_NEVER = -(1 << 63)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A row that is there.

    Attributes:
        row: the row as it is in the file, ``None`` where there are static cells alone.
        cells: its live cells.
    """

    row: Row | None
    cells: LiveCells


def live_row(row: Row, deleted: int, dropped: Mapping[str, int]) -> LiveRow | None:
    """What counts of a row, ``None`` if nothing does.

    Args:
        row: the row, or a static row.
        deleted: microseconds up to which partition and ranges are deleted.
        dropped: the same for columns, by their names.
    """
    deleted = max(deleted, _row_deletion(row))
    cells: dict[str, Cell | Sequence[Cell]] = {}
    for column in row.columns:
        name = column.column.name
        found = _live_cells(column, max(deleted, dropped.get(name, _NEVER)))
        if found:
            cells[name] = found
    if not cells and not _is_live(row.liveness, deleted):
        return None
    return LiveRow(row, cells)


def _row_deletion(row: Row) -> int:
    if row.deletion is None:
        return _NEVER
    deleted = row.deletion.marked_for_delete_at
    liveness = row.liveness
    if row.is_shadowable and liveness is not None and liveness.timestamp > deleted:
        return _NEVER
    return deleted


def _is_live(liveness: LivenessInfo | None, deleted: int) -> bool:
    if liveness is None or liveness.ttl == EXPIRED_LIVENESS_TTL:
        return False
    return liveness.timestamp > deleted


def _live_cells(column: Cell | ComplexColumn, deleted: int) -> Cell | Sequence[Cell] | None:
    if isinstance(column, Cell):
        return column if _counts(column, deleted) else None
    deleted = max(deleted, deleted_up_to(column.deletion))
    return [cell for cell in column.cells if _counts(cell, deleted)]


def _counts(cell: Cell, deleted: int) -> bool:
    return not cell.is_tombstone and cell.timestamp > deleted
