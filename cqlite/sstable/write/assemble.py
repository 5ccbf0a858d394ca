"""Partitions of sorted fragments, one after another, each row once.

What several fragments say of one row is reconciled by Cassandra's rules, and what a
deletion among them shadows is left out, as when a memtable is flushed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from itertools import groupby

from cqlite.rows import DeletionTime, Partition, RangeTombstoneMarker, Row, Unfiltered
from cqlite.rows.merge import marker_kind, merge_rows
from cqlite.schema import TableSchema
from cqlite.sstable.write.fragments import (
    OF_PARTITION,
    OF_STATIC_ROW,
    BoundFragment,
    Fragment,
    Record,
    RowFragment,
    Times,
    row_of,
    unpacked,
)

_Group = tuple[bytes, list[Fragment]]


def partitions(records: Iterable[Record], schema: TableSchema) -> Iterator[Partition]:
    """The partitions that sorted records are of; each has to be read before the next.

    Args:
        records: in their order.
        schema: the table.
    """
    for _, group in groupby(records, key=lambda record: record[0]):
        yield _Assembly(group, schema).partition()


class _Assembly:
    """One partition, of which rows are made as they are asked for."""

    def __init__(self, records: Iterable[Record], schema: TableSchema) -> None:
        self._schema = schema
        self._key = b""
        self._groups = self._by_place(records)
        self._next = next(self._groups, None)
        self._ranges = _OpenRanges()

    def _by_place(self, records: Iterable[Record]) -> Iterator[_Group]:
        for place, group in groupby(records, key=lambda record: record[1]):
            fragments = []
            for _, _, content in group:
                self._key, fragment = unpacked(content)
                fragments.append(fragment)
            yield place, fragments

    def _take(self, place: bytes) -> list[Fragment]:
        """The fragments at ``place`` if they are next."""
        if self._next is None or self._next[0] != place:
            return []
        fragments = self._next[1]
        self._next = next(self._groups, None)
        return fragments

    def partition(self) -> Partition:
        deletions = [fragment.deletion for fragment in self._take(OF_PARTITION)]
        newest = max((times for times in deletions if times is not None), default=None)
        deletion = None if newest is None else DeletionTime(*newest)
        self._ranges = _OpenRanges(deletion)
        columns = self._schema.static_columns
        statics = [
            row_of(fragment, columns, is_static=True)
            for fragment in self._take(OF_STATIC_ROW)
            if isinstance(fragment, RowFragment)
        ]
        static_row = merge_rows(statics, deletion) if statics else None
        return Partition(self._key, deletion, static_row, 0, 0, self._unfiltereds())

    def _unfiltereds(self) -> Iterator[Unfiltered]:
        while self._next is not None:
            fragments = self._next[1]
            # Before the next group is read, since this one's rows come first.
            made = self._row(fragments) or self._ranges.pass_bounds(fragments)
            self._next = next(self._groups, None)
            if made is not None:
                yield made

    def _row(self, fragments: list[Fragment]) -> Row | None:
        columns = self._schema.regular_columns
        rows = [
            row_of(fragment, columns, is_static=False)
            for fragment in fragments
            if isinstance(fragment, RowFragment)
        ]
        return merge_rows(rows, self._ranges.active) if rows else None


class _OpenRanges:
    """The deletions of ranges that are open at some place of a partition."""

    def __init__(self, partition: DeletionTime | None = None) -> None:
        self._partition = partition
        self._open: list[Times] = []
        self._shown: DeletionTime | None = None

    @property
    def active(self) -> DeletionTime | None:
        """The newest of them, or of the partition."""
        return self._partition if self._shown is None else self._shown

    def pass_bounds(self, fragments: list[Fragment]) -> RangeTombstoneMarker | None:
        """Goes on past the bounds at one place; the marker that says what that changes."""
        bounds = [fragment for fragment in fragments if isinstance(fragment, BoundFragment)]
        for bound in bounds:
            if bound.is_start:
                insort(self._open, bound.deletion)
        for bound in bounds:
            if not bound.is_start:
                del self._open[bisect_left(self._open, bound.deletion)]
        before, self._shown = self._shown, self._newest()
        if before == self._shown:
            return None
        kind = marker_kind(bounds[0].is_before, before, self._shown)
        return RangeTombstoneMarker(kind, bounds[0].values, before, self._shown)

    def _newest(self) -> DeletionTime | None:
        if not self._open:
            return None
        newest = DeletionTime(*self._open[-1])
        if self._partition is None:
            return newest
        shadowed = (self._partition.marked_for_delete_at, self._partition.local_deletion_time)
        return newest if self._open[-1] > shadowed else None
