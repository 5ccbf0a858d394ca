"""The latest state of small tables: all SSTables of a table reconciled in memory.

Enough for the schema tables: it keeps a whole table in memory and knows no counters.
Follows ``Rows.merge`` and ``Cells.reconcile``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

from cqlite.rows import Bound, Cell, ComplexColumn, DeletionTime, RangeTombstoneMarker, Row
from cqlite.schema import TableSchema
from cqlite.sstable.sstable import SSTable

_NEVER = -0x8000000000000000
_CellKey = tuple[str, bytes | None]
_Clustering = tuple[bytes | None, ...]


@dataclass(slots=True)
class _RowState:
    """What is known of one row: its liveness, deletions and the newest of each cell."""

    liveness: int = _NEVER
    deleted: int = _NEVER
    column_deleted: dict[str, int] = field(default_factory=dict)
    cells: dict[_CellKey, Cell] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        if row.liveness is not None:
            self.liveness = max(self.liveness, row.liveness.timestamp)
        if row.deletion is not None:
            self.deleted = max(self.deleted, row.deletion.marked_for_delete_at)
        for column in row.columns:
            if isinstance(column, ComplexColumn) and column.deletion is not None:
                name, at = column.column.name, column.deletion.marked_for_delete_at
                self.column_deleted[name] = max(self.column_deleted.get(name, _NEVER), at)
        for cell in row.cells():
            key = (cell.column.name, cell.path)
            known = self.cells.get(key)
            if known is None or _rank(cell) > _rank(known):
                self.cells[key] = cell

    def live_cells(self, deleted: int, now: int) -> Iterator[Cell]:
        for (name, _), cell in self.cells.items():
            limit = max(deleted, self.deleted, self.column_deleted.get(name, _NEVER))
            if cell.timestamp > limit and cell.is_live(now):
                yield cell


def _rank(cell: Cell) -> tuple[int, bool, bytes]:
    """On equal timestamps a deletion wins, then the greater value."""
    return cell.timestamp, cell.is_tombstone, cell.raw


@dataclass(slots=True)
class _PartitionState:
    deleted: int = _NEVER
    static: _RowState = field(default_factory=_RowState)
    rows: dict[_Clustering, _RowState] = field(default_factory=dict)
    ranges: list[tuple[Bound, Bound, int]] = field(default_factory=list)


def latest_rows(sstables: Iterable[SSTable], now: int) -> Iterator[dict[str, Any]]:
    """The live rows of the table that ``sstables`` hold, as dicts by column name.

    Args:
        sstables: all SSTables of one table, opened with its schema.
        now: seconds since 1970, by which cells with a time to live have expired or not.

    Yields:
        decoded values by column name, key columns and static columns among them;
        columns without a value are absent.
    """
    partitions: dict[bytes, _PartitionState] = {}
    schema: TableSchema | None = None
    for sstable in sstables:
        schema = sstable.schema
        for partition in sstable:
            state = partitions.setdefault(partition.key, _PartitionState())
            if partition.deletion is not None:
                state.deleted = max(state.deleted, partition.deletion.marked_for_delete_at)
            if partition.static_row is not None:
                state.static.add(partition.static_row)
            _add_unfiltereds(state, partition)
    if schema is not None:
        for key, state in partitions.items():
            yield from _live_rows(schema, key, state, now)


def _add_unfiltereds(state: _PartitionState, unfiltereds: Iterable[Any]) -> None:
    opened: tuple[Bound, DeletionTime] | None = None
    for unfiltered in unfiltereds:
        if isinstance(unfiltered, Row):
            state.rows.setdefault(unfiltered.clustering, _RowState()).add(unfiltered)
        else:
            opened = _add_marker(state, unfiltered, opened)


def _add_marker(
    state: _PartitionState,
    marker: RangeTombstoneMarker,
    opened: tuple[Bound, DeletionTime] | None,
) -> tuple[Bound, DeletionTime] | None:
    for bound in marker.bounds():
        if not bound.is_start and opened is not None:
            state.ranges.append((opened[0], bound, opened[1].marked_for_delete_at))
            opened = None
        elif bound.is_start and marker.open is not None:
            opened = bound, marker.open
    return opened


def _live_rows(
    schema: TableSchema, key: bytes, state: _PartitionState, now: int
) -> Iterator[dict[str, Any]]:
    key_values = dict(
        zip((c.name for c in schema.partition_key), schema.decode_key(key), strict=True)
    )
    statics = _decoded(state.static.live_cells(state.deleted, now))
    order = cmp_to_key(schema.compare_clusterings)
    for clustering in sorted(state.rows, key=order):
        row = state.rows[clustering]
        deleted = max(state.deleted, _range_deletion(schema, state, clustering))
        values = _decoded(row.live_cells(deleted, now))
        if values or row.liveness > max(deleted, row.deleted):
            columns = zip(schema.clustering_columns, clustering, strict=True)
            names = {c.name: None if v is None else c.type.decode(v) for c, v in columns}
            yield key_values | names | statics | values


def _range_deletion(schema: TableSchema, state: _PartitionState, clustering: _Clustering) -> int:
    return max(
        (
            deleted
            for start, end, deleted in state.ranges
            if _is_after(schema, start, clustering) and _is_before(schema, end, clustering)
        ),
        default=_NEVER,
    )


def _is_after(schema: TableSchema, start: Bound, clustering: _Clustering) -> bool:
    order = schema.compare_clusterings(clustering[: len(start.values)], start.values)
    return order > 0 or (order == 0 and start.is_inclusive)


def _is_before(schema: TableSchema, end: Bound, clustering: _Clustering) -> bool:
    order = schema.compare_clusterings(clustering[: len(end.values)], end.values)
    return order < 0 or (order == 0 and end.is_inclusive)


def _decoded(cells: Iterable[Cell]) -> dict[str, Any]:
    """Values by column; the cells of a complex column become one collection."""
    values: dict[str, Any] = {}
    complex_cells: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.path is None:
            values[cell.column.name] = cell.value
        else:
            complex_cells.setdefault(cell.column.name, []).append(cell)
    for name, parts in complex_cells.items():
        column_type = parts[0].column.type
        packed = column_type.pack((part.path or b"", part.raw) for part in parts)
        values[name] = column_type.freeze().decode(packed)
    return values
