"""The columns that ``metadata=True`` adds, and the rows that deletions are then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from cqlite.errors import UnsupportedFeatureError
from cqlite.rows import (
    Cell,
    ClusteringKind,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    RangeTombstoneMarker,
    Row,
)
from cqlite.sstable.select.arrow_types import arrow_name, pyarrow
from cqlite.sstable.select.plan import OutputColumn
from cqlite.types import parse_type

if TYPE_CHECKING:
    import pyarrow as pa

ROW_COLUMNS: Final = (
    "row_kind",
    "row_writetime",
    "row_ttl",
    "row_expires_at",
    "row_deletion",
    "row_deletion_shadowable",
    "range_open_deletion",
    "range_inclusive",
    "range_columns",
)
"""The columns that describe a row, in their order."""

_INCLUSIVE: Final = frozenset(
    ClusteringKind[name]
    for name in ("incl_start_bound", "incl_end_bound", "incl_end_excl_start_boundary")
)


def is_complex(column: OutputColumn) -> bool:
    """Whether each element of its values has a cell of its own."""
    return not is_key(column) and parse_type(column.type).is_multi_cell


def is_key(column: OutputColumn) -> bool:
    """Whether it is part of the primary key."""
    return column.kind in ("partition_key", "clustering")


def fields(columns: Sequence[OutputColumn]) -> list[pa.Field]:
    """The fields that are added to those of ``columns``.

    Raises:
        UnsupportedFeatureError: a column has the name of one of them.
    """
    pa = pyarrow()
    at = pa.timestamp("s", "UTC")
    deletion = pa.struct([("marked_for_delete_at", pa.int64()), ("local_deletion_time", at)])
    types = (
        pa.string(),
        pa.int64(),
        pa.int32(),
        at,
        deletion,
        pa.bool_(),
        deletion,
        pa.bool_(),
        pa.int32(),
    )
    times = [("writetime", pa.int64()), ("ttl", pa.int32()), ("expires_at", at)]
    times.append(("deletion_time", at))
    cells = pa.list_(pa.struct([("path", pa.binary()), ("value", pa.binary()), *times]))
    found = [pa.field(name, type) for name, type in zip(ROW_COLUMNS, types, strict=True)]
    for column in columns:
        name = arrow_name(column.name)
        if is_complex(column):
            found += [pa.field(f"deletion({name})", deletion), pa.field(f"cells({name})", cells)]
        elif not is_key(column):
            found += [pa.field(f"{what}({name})", type) for what, type in times]
    _check_names(columns, found)
    return found


def _check_names(columns: Sequence[OutputColumn], found: Sequence[pa.Field]) -> None:
    taken = {arrow_name(column.name) for column in columns}
    for field in found:
        if field.name in taken:
            raise UnsupportedFeatureError(
                f"the table has a column {field.name!r}, which metadata=True adds itself"
            )
        taken.add(field.name)


def of_partition(deletion: DeletionTime) -> list[Any]:
    """Values of :data:`ROW_COLUMNS` for a deleted partition."""
    return ["partition", None, None, None, _deletion(deletion), *[None] * 4]


def of_row(row: Row, opened: DeletionTime | None) -> list[Any]:
    """The same for a row or static row, ``opened`` being the range deletion that is open."""
    kind = "static" if row.is_static else "row"
    shadowable = None if row.deletion is None else row.is_shadowable
    return [
        kind,
        *_liveness(row.liveness),
        _deletion(row.deletion),
        shadowable,
        _deletion(opened),
        None,
        None,
    ]


def of_marker(marker: RangeTombstoneMarker) -> list[Any]:
    """The same for the start or end of a range, or a boundary."""
    kind = "boundary" if marker.is_boundary else "start" if marker.open is not None else "end"
    return [
        f"range_tombstone_{kind}",
        *[None] * 3,
        _deletion(marker.close),
        None,
        _deletion(marker.open),
        marker.kind in _INCLUSIVE,
        len(marker.values),
    ]


def of_column(column: OutputColumn, found: Cell | ComplexColumn | None) -> list[Any]:
    """Values of the fields that belong to a static or regular column."""
    if is_complex(column):
        if not isinstance(found, ComplexColumn):
            return [None, None]
        return [_deletion(found.deletion), [_cell(cell) for cell in found.cells]]
    return list(_times(found)) if isinstance(found, Cell) else [None] * 4


def _liveness(liveness: LivenessInfo | None) -> tuple[Any, Any, Any]:
    if liveness is None:
        return None, None, None
    return liveness.timestamp, liveness.ttl, liveness.local_expiration_time


def _deletion(deletion: DeletionTime | None) -> dict[str, int] | None:
    if deletion is None:
        return None
    return {
        "marked_for_delete_at": deletion.marked_for_delete_at,
        "local_deletion_time": deletion.local_deletion_time,
    }


def _times(cell: Cell) -> tuple[Any, Any, Any, Any]:
    """When it was written, its time to live, when it expires and when it was deleted."""
    seconds = cell.local_deletion_time
    expires_at = seconds if cell.ttl is not None else None
    return cell.timestamp, cell.ttl, expires_at, seconds if cell.is_tombstone else None


def _cell(cell: Cell) -> dict[str, Any]:
    writetime, ttl, expires_at, deletion_time = _times(cell)
    return {
        "path": cell.path,
        "value": None if cell.is_tombstone else cell.raw,
        "writetime": writetime,
        "ttl": ttl,
        "expires_at": expires_at,
        "deletion_time": deletion_time,
    }
