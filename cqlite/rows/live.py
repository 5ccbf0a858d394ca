"""What of a merged row counts at a point in time, as ``SELECT`` takes it.

Follows ``Row.hasLiveData``, ``Cell.isLive`` and ``LivenessInfo.isLive``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cqlite.rows.model import (
    EXPIRED_LIVENESS_TTL,
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Row,
)

_NEVER = -(1 << 63)

LiveCells = Mapping[str, Cell | Sequence[Cell]]
"""Live cells by their columns' names; of a column that is not frozen at least one."""


def deleted_up_to(*deletions: DeletionTime | None) -> int:
    """The time in microseconds up to which these deletions delete."""
    return max((d.marked_for_delete_at for d in deletions if d is not None), default=_NEVER)


def live_cells(row: Row, now: int) -> LiveCells:
    """The cells of a merged row, or static row, that count at ``now`` (seconds)."""
    deleted = deleted_up_to(row.deletion)
    found: dict[str, Cell | Sequence[Cell]] = {}
    for column in row.columns:
        if isinstance(column, ComplexColumn):
            up_to = max(deleted, deleted_up_to(column.deletion))
            cells = [c for c in column.cells if c.timestamp > up_to and c.is_live(now)]
            if cells:
                found[column.column.name] = cells
        elif column.timestamp > deleted and column.is_live(now):
            found[column.column.name] = column
    return found


def has_deletion(row: Row, now: int) -> bool:
    """Whether anything of a row is deleted or has expired at ``now`` (``Row.hasDeletion``)."""
    if row.deletion is not None or any(
        isinstance(column, ComplexColumn) and column.deletion is not None for column in row.columns
    ):
        return True
    if row.liveness is not None and row.liveness.is_expiring:
        expired = row.liveness.local_expiration_time
        if expired is not None and expired <= now:
            return True
    return any(not cell.is_live(now) for cell in row.cells())


def is_live(liveness: LivenessInfo | None, deleted: int, now: int) -> bool:
    """Whether a primary key was inserted, and counts at ``now``.

    Args:
        liveness: of the row.
        deleted: microseconds up to which the row is deleted.
        now: seconds since 1970.
    """
    if liveness is None or liveness.ttl == EXPIRED_LIVENESS_TTL or liveness.timestamp <= deleted:
        return False
    return liveness.local_expiration_time is None or now < liveness.local_expiration_time
