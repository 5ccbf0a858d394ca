"""Several versions of rows and partitions to one: what is newest counts.

Follows ``Cells.reconcile``, ``Row.Merger``, ``UnfilteredRowIterators.merge`` and
``RangeTombstoneMarker.Merger``. What a deletion shadows is left out.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import reduce
from itertools import groupby

from cqlite.index.model import ClusteringKind
from cqlite.rows.counters import merge_contexts
from cqlite.rows.model import (
    EXPIRED_LIVENESS_TTL,
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
    prefix_of,
)
from cqlite.types import CqlType

BEFORE_VALUES = ("incl_start_bound", "excl_end_bound", "excl_end_incl_start_boundary")
"""Names of the kinds of markers that are before all that begins with their values."""

_Keyed = tuple[bytes, int, Unfiltered]
_Times = tuple[int, int]


def merge_cells(left: Cell, right: Cell) -> Cell:
    """The cell that counts of two of the same column and path.

    Follows ``Cells.reconcile``.

    Raises:
        InvalidValueError: a counter's value is no counter context.
    """
    # Two deletions are not of counters any more.
    if left.column.type.is_counter and not (left.is_tombstone and right.is_tombstone):
        return _merge_counters(left, right)
    return left if _cell_rank(left) >= _cell_rank(right) else right


def _merge_counters(left: Cell, right: Cell) -> Cell:
    """Follows ``Cells.resolveCounter``: a deletion counts, whatever its timestamp."""
    if left.is_tombstone or right.is_tombstone:
        return left if left.is_tombstone else right
    timestamp = max(left.timestamp, right.timestamp)
    if left.raw and right.raw:
        merged = merge_contexts(left.column.type, left.raw, right.raw)
        return replace(left, timestamp=timestamp, raw=merged)
    if bool(left.raw) != bool(right.raw):
        return right if left.raw else left
    return left if left.timestamp >= right.timestamp else right


def _cell_rank(cell: Cell) -> tuple[int, bool, bool, int, int, bytes]:
    """Newer first; at the same time a deletion, then what expires later, then the value."""
    ends = cell.local_deletion_time is not None
    return (
        cell.timestamp,
        ends,
        ends and not cell.is_expiring,
        cell.local_deletion_time or 0,
        -(cell.ttl or 0),
        cell.raw,
    )


def merge_rows(rows: Sequence[Row], active: DeletionTime | None) -> Row | None:
    """One row of several with the same clustering, ``None`` if nothing is left.

    Args:
        rows: the versions, at least one.
        active: the newest deletion of the partition or of a range that the row is in.
    """
    if len(rows) == 1 and active is None:
        return rows[0]
    liveness = max((row.liveness for row in rows), key=_liveness_rank)
    deleting = max(rows, key=lambda row: _times(row.deletion))
    deletion = deleting.deletion
    if deletion is not None and deleting.is_shadowable and liveness is not None:
        deletion = None if liveness.timestamp > deletion.marked_for_delete_at else deletion
    if _times(deletion) > _times(active):
        active = deletion
    else:
        deletion = None
    if _deletes(active, liveness.timestamp if liveness else None):
        liveness = None
    columns: dict[str, list[Cell | ComplexColumn]] = {}
    for row in rows:
        for data in row.columns:
            columns.setdefault(_name(data), []).append(data)
    merged = [_merge_column(versions, active) for versions in columns.values()]
    kept = [data for data in merged if data is not None]
    if liveness is None and deletion is None and not kept:
        return None
    return replace(
        rows[0],
        liveness=liveness,
        deletion=deletion,
        columns=tuple(sorted(kept, key=lambda data: data.column.sort_key())),
        is_shadowable=deletion is not None and deleting.is_shadowable,
    )


def _name(data: Cell | ComplexColumn) -> str:
    return data.column.name


def _merge_column(
    versions: Sequence[Cell | ComplexColumn], active: DeletionTime | None
) -> Cell | ComplexColumn | None:
    cells = [v for v in versions if isinstance(v, Cell) and not _deletes(active, v.timestamp)]
    if cells:
        return reduce(merge_cells, cells)
    complexes = [version for version in versions if isinstance(version, ComplexColumn)]
    return _merge_complex(complexes, active) if complexes else None


def _merge_complex(
    versions: Sequence[ComplexColumn], active: DeletionTime | None
) -> ComplexColumn | None:
    deletion = max((version.deletion for version in versions), key=_times)
    if _times(deletion) > _times(active):
        active = deletion
    else:
        deletion = None
    by_path: dict[bytes, Cell] = {}
    for cell in (cell for version in versions for cell in version.cells):
        if _deletes(active, cell.timestamp):
            continue
        path = cell.path or b""
        known = by_path.get(path)
        by_path[path] = cell if known is None else merge_cells(known, cell)
    if deletion is None and not by_path:
        return None
    column = versions[0].column
    return ComplexColumn(column, deletion, tuple(_in_order(by_path, column.type.name_comparator)))


def _in_order(by_path: dict[bytes, Cell], order: CqlType | None) -> list[Cell]:
    """Cells sorted by their paths; those whose paths are equal, if not in their bytes, are one."""
    if order is None:
        return [by_path[path] for path in sorted(by_path)]
    cells: list[Cell] = []
    last: bytes | None = None
    for path in sorted(by_path, key=order.sort_key):
        if last is not None and order.compare(last, path) == 0:
            cells[-1] = merge_cells(cells[-1], by_path[path])
        else:
            cells.append(by_path[path])
        last = path
    return cells


def _liveness_rank(liveness: LivenessInfo | None) -> tuple[int, bool, bool, int, int]:
    """What ``LivenessInfo.supersedes`` compares; no liveness is the least."""
    if liveness is None:
        return (-0x8000000000000000, False, False, 0, 0)
    return (
        liveness.timestamp,
        liveness.ttl == EXPIRED_LIVENESS_TTL,
        liveness.is_expiring,
        liveness.local_expiration_time or 0,
        -(liveness.ttl or 0),
    )


def newest_deletion(deletions: Iterable[DeletionTime | None]) -> DeletionTime | None:
    """The deletion that supersedes the others (``DeletionTime.supersedes``), if any."""
    return max(deletions, key=_times, default=None)


def _times(deletion: DeletionTime | None) -> _Times:
    """What deletions are compared by; none is the least."""
    if deletion is None:
        return (-0x8000000000000000, 0)
    return deletion.marked_for_delete_at, deletion.local_deletion_time


def _deletes(deletion: DeletionTime | None, timestamp: int | None) -> bool:
    return (
        deletion is not None
        and timestamp is not None
        and timestamp <= deletion.marked_for_delete_at
    )


def merge_partitions(partitions: Sequence[Partition], types: Sequence[CqlType]) -> Partition:
    """One partition of several with the same key; their rows are taken as they are asked for.

    Args:
        partitions: the versions, at least one.
        types: types of the clustering columns.
    """
    deletion = newest_deletion(partition.deletion for partition in partitions)
    statics = [p.static_row for p in partitions if p.static_row is not None]
    return Partition(
        key=partitions[0].key,
        deletion=deletion,
        static_row=merge_rows(statics, deletion) if statics else None,
        position=0,
        unfiltered_position=0,
        unfiltereds=merge_unfiltereds([p.unfiltereds for p in partitions], deletion, types),
    )


def merge_unfiltereds(
    sources: Iterable[Iterable[Unfiltered]],
    deletion: DeletionTime | None,
    types: Sequence[CqlType],
) -> Iterator[Unfiltered]:
    """The rows and markers of several sources of one partition, as one source.

    Args:
        sources: each in clustering order, every range that it opens closed.
        deletion: the partition's deletion, which shadows what is not newer.
        types: types of the clustering columns.
    """
    keyed = [_keyed(index, source, types) for index, source in enumerate(sources)]
    merged = heapq.merge(*keyed, key=lambda item: item[:2])
    ranges = _OpenRanges(deletion)
    for _, group in groupby(merged, key=lambda item: item[0]):
        items = list(group)
        rows = [item[2] for item in items if isinstance(item[2], Row)]
        if rows:
            row = merge_rows(rows, ranges.active)
            if row is not None:
                yield row
            continue
        marker = ranges.pass_markers(items)
        if marker is not None:
            yield marker


def _keyed(index: int, source: Iterable[Unfiltered], types: Sequence[CqlType]) -> Iterator[_Keyed]:
    for unfiltered in source:
        yield prefix_of(unfiltered).byte_comparable(types), index, unfiltered


class _OpenRanges:
    """Which range deletions of the sources are open.

    Attributes:
        active: the newest of them or of the partition.
    """

    def __init__(self, deletion: DeletionTime | None) -> None:
        self._partition = deletion
        self._by_source: dict[int, _Times] = {}
        self._sorted: list[_Times] = []
        self._opened: DeletionTime | None = None

    @property
    def active(self) -> DeletionTime | None:
        return self._partition if self._opened is None else self._opened

    def pass_markers(self, items: Sequence[_Keyed]) -> RangeTombstoneMarker | None:
        """Goes on past markers at one place; the marker that says what that changes."""
        before = self._opened
        for _, source, marker in items:
            if isinstance(marker, RangeTombstoneMarker):
                self._set(source, marker.open)
        newest = self._sorted[-1] if self._sorted else _times(None)
        self._opened = DeletionTime(*newest) if newest > _times(self._partition) else None
        if before == self._opened:
            return None
        marker = items[0][2]
        assert isinstance(marker, RangeTombstoneMarker)
        kind = marker_kind(marker.kind.name in BEFORE_VALUES, before, self._opened)
        return RangeTombstoneMarker(kind, marker.values, before, self._opened)

    def _set(self, source: int, opened: DeletionTime | None) -> None:
        previous = self._by_source.pop(source, None)
        if previous is not None:
            del self._sorted[bisect_left(self._sorted, previous)]
        if opened is not None:
            self._by_source[source] = _times(opened)
            insort(self._sorted, _times(opened))


def marker_kind(
    is_before: bool, closed: DeletionTime | None, opened: DeletionTime | None
) -> IntEnum:
    """The kind of a marker.

    Args:
        is_before: whether it is before or after all that begins with its values.
        closed: the deletion that ends there, if any.
        opened: the deletion that starts there, if any; not both are ``None``.
    """
    if closed is None:
        name = "incl_start_bound" if is_before else "excl_start_bound"
    elif opened is None:
        name = "excl_end_bound" if is_before else "incl_end_bound"
    else:
        name = "excl_end_incl_start_boundary" if is_before else "incl_end_excl_start_boundary"
    return ClusteringKind[name]
