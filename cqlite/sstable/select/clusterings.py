"""Slices of a partition's rows from restrictions of clustering columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cmp_to_key
from itertools import product
from typing import Any

from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.sstable.select.plan import Range, Slice, SliceBound
from cqlite.types import CqlType

Values = tuple[bytes, ...]


class SliceMaker:
    """Makes slices of clusterings with columns of these ``types``."""

    def __init__(self, types: Sequence[CqlType]) -> None:
        self._types = types
        self._compare = ClusteringComparator(types).compare

    def slices(
        self,
        equal: Sequence[Sequence[Values]],
        above: Range | None = None,
        below: Range | None = None,
    ) -> tuple[Slice, ...]:
        """The slices of clusterings that fit, in the order of the file, not overlapping.

        Args:
            equal: for one or several columns each, in their order, the values they may have.
            above: what the columns after those are above, if anything.
            below: the same for below.
        """
        found: list[Slice] = []
        for parts in product(*equal):
            prefix = tuple(value for part in parts for value in part)
            found += self._within(prefix, above, below)
        return tuple(self._merged(found))

    def _within(self, prefix: Values, above: Range | None, below: Range | None) -> list[Slice]:
        whole = Slice(SliceBound(prefix), SliceBound(prefix))
        if above is None and below is None:
            return [whole]
        starts = [whole] if above is None else list(self._beyond(prefix, above, is_above=True))
        ends = [whole] if below is None else list(self._beyond(prefix, below, is_above=False))
        both = (self._intersection(start, end) for start, end in product(starts, ends))
        return [piece for piece in both if piece is not None]

    def _beyond(self, prefix: Values, limit: Range, *, is_above: bool) -> Iterator[Slice]:
        """Slices of what is above or below values of several columns, column by column."""
        columns = range(len(prefix), len(prefix) + len(limit.values))
        directions = {self._types[column].is_reversed for column in columns}
        if len(directions) == 1:
            yield self._one_way(prefix, limit, prefix, is_above=is_above)
            return
        for count in range(len(limit.values)):
            same = prefix + limit.values[:count]
            last = count == len(limit.values) - 1
            piece = Range(limit.values[count : count + 1], limit.inclusive and last)
            yield self._one_way(same, piece, same, is_above=is_above)

    def _one_way(self, prefix: Values, limit: Range, other: Values, *, is_above: bool) -> Slice:
        bound = SliceBound(prefix + limit.values, limit.inclusive)
        is_reversed = self._types[len(prefix)].is_reversed
        if is_above != is_reversed:
            return Slice(bound, SliceBound(other))
        return Slice(SliceBound(other), bound)

    def _intersection(self, left: Slice, right: Slice) -> Slice | None:
        start = max(left.start, right.start, key=self._start_key)
        end = min(left.end, right.end, key=self._end_key)
        is_empty = self._compare(place_of(start, "start"), place_of(end, "end")) >= 0
        return None if is_empty else Slice(start, end)

    def _start_key(self, bound: SliceBound) -> Any:
        return cmp_to_key(self._compare)(place_of(bound, "start"))

    def _end_key(self, bound: SliceBound) -> Any:
        return cmp_to_key(self._compare)(place_of(bound, "end"))

    def _merged(self, slices: Iterable[Slice]) -> Iterator[Slice]:
        """In order, those that are within another left out: values that were given twice."""
        last: Slice | None = None
        for piece in sorted(slices, key=lambda piece: self._start_key(piece.start)):
            if last is not None and self._intersection(last, piece) is not None:
                continue
            last = piece
            yield piece


def place_of(bound: SliceBound, side: str) -> ClusteringPrefix:
    """The place in the order of rows that a slice's ``start`` or ``end`` is."""
    kind = f"{'incl' if bound.inclusive or not bound.values else 'excl'}_{side}_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[kind])
