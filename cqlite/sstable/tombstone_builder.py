"""Builds the histogram of local deletion times, down to Cassandra's way of merging points.

Follows ``org.apache.cassandra.utils.streamhist.StreamingTombstoneHistogramBuilder`` as
``MetadataCollector`` sets it up. Memory does not grow with the number of points.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from cqlite.codec.be import wrap_s32
from cqlite.sstable.histogram import TombstoneHistogram

MAX_POINTS = 100
ROUND_SECONDS = 60
MAX_DELETION_TIME = 0xFFFFFFFF - 2
_MAX_INT = 0x7FFFFFFF
_SPOOL_CAPACITY = 1 << 17
_SPOOL_CELLS = 2 * _SPOOL_CAPACITY
_SPOOL_ATTEMPTS = 100
_PRIME = 948701839


class TombstoneHistogramBuilder:
    """Takes local deletion times one by one."""

    def __init__(self) -> None:
        self._spool: dict[int, list[int]] = {}
        self._points: list[int] = []
        self._counts: list[int] = []

    def add(self, time: int) -> None:
        """Counts a local deletion time, in seconds since 1970."""
        point = _rounded(time)
        if not self._try_spool(point):
            self._flush()
            self._try_spool(point)

    def start_with(self, histogram: TombstoneHistogram) -> None:
        """Begins with what another builder built."""
        self._points = [point for point, _ in histogram.points]
        self._counts = [count for _, count in histogram.points]

    def build(self) -> TombstoneHistogram:
        """The histogram of all times up to now."""
        self._flush()
        return TombstoneHistogram(tuple(zip(self._points, self._counts, strict=True)))

    def _try_spool(self, point: int) -> bool:
        """Counts ``point`` in the hash table in front, unless that is too full."""
        if len(self._spool) > _SPOOL_CAPACITY:
            return False
        start = _SPOOL_CAPACITY - 1 & wrap_s32(point * _PRIME)
        for attempt in range(_SPOOL_ATTEMPTS):
            found = self._spool.setdefault((start + attempt) % _SPOOL_CELLS, [point, 0])
            if found[0] == point:
                found[1] = min(found[1] + 1, _MAX_INT)
                return True
        return False

    def _flush(self) -> None:
        """Moves what is in the hash table to the points, in the order of the table."""
        for cell in sorted(self._spool):
            point, count = self._spool[cell]
            index = bisect_left(self._points, point)
            if index < len(self._points) and self._points[index] == point:
                self._counts[index] = min(self._counts[index] + count, _MAX_INT)
                continue
            self._points.insert(index, point)
            self._counts.insert(index, count)
            if len(self._points) > MAX_POINTS:
                self._merge_nearest()
        self._spool.clear()

    def _merge_nearest(self) -> None:
        """Makes one point of the two that are nearest, at their weighted mean."""
        points, counts = self._points, self._counts
        gaps = [after - before for before, after in pairwise(points)]
        index = gaps.index(min(gaps))
        first, second = points[index : index + 2]
        total = counts[index] + counts[index + 1]
        mean = (first * counts[index] + second * counts[index + 1]) // total
        mean = min(max(mean, first + 1), second)
        points[index : index + 2] = [_rounded(mean)]
        counts[index : index + 2] = [min(total, _MAX_INT)]


def _rounded(time: int) -> int:
    if time % ROUND_SECONDS == 0:
        return time
    return min(time + ROUND_SECONDS - time % ROUND_SECONDS, MAX_DELETION_TIME)
