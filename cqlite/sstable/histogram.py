"""The two kinds of histograms in Statistics.db, and what Cassandra derives from them.

Follows ``org.apache.cassandra.utils.EstimatedHistogram`` and
``org.apache.cassandra.utils.streamhist.TombstoneHistogram``.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from cqlite.records import record

OVERFLOWED = 0x7FFFFFFFFFFFFFFF
"""``EstimatedHistogram.max`` where values are larger than the last offset."""


@record
class EstimatedHistogram:
    """Counts of values in buckets.

    Attributes:
        offsets: the largest value of each bucket but the last, ascending.
        buckets: how many values each bucket holds; one more than there are offsets, the
            last for values above all offsets.
    """

    offsets: tuple[int, ...]
    buckets: tuple[int, ...]

    @classmethod
    def of(cls, values: Iterable[tuple[int, int]], bucket_count: int) -> EstimatedHistogram:
        """A histogram of ``bucket_count`` buckets with ``values``, pairs of value and count."""
        offsets = new_offsets(bucket_count)
        buckets = [0] * (bucket_count + 1)
        for value, count in values:
            buckets[bisect_left(offsets, value)] += count
        return cls(offsets, tuple(buckets))

    @property
    def overflow_count(self) -> int:
        """How many values are above all offsets."""
        return self.buckets[-1]

    def without_overflow(self) -> EstimatedHistogram:
        """The same without the values above all offsets, as Cassandra loads it."""
        return EstimatedHistogram(self.offsets, (*self.buckets[:-1], 0))

    def entries(self) -> list[tuple[int, int]]:
        """Offset and count of each bucket that holds any value, overflow aside."""
        return [(o, c) for o, c in zip(self.offsets, self.buckets, strict=False) if c > 0]

    def count(self) -> int:
        """Number of values."""
        return sum(self.buckets)

    def min(self) -> int:
        """The smallest value that can have been added."""
        for index, count in enumerate(self.buckets):
            if count > 0:
                return 0 if index == 0 else 1 + self.offsets[index - 1]
        return 0

    def max(self) -> int:
        """The largest value that can have been added; ``OVERFLOWED`` if above all offsets."""
        if self.overflow_count > 0:
            return OVERFLOWED
        entries = self.entries()
        return entries[-1][0] if entries else 0

    def percentile(self, fraction: float) -> int | None:
        """The offset up to which ``fraction`` (0 to 1) of the values lie.

        ``None`` where values are above all offsets, for which Cassandra has no answer.
        """
        if self.overflow_count > 0:
            return None
        wanted = math.ceil(self.count() * fraction)
        if wanted == 0:
            return 0
        seen = 0
        for offset, count in zip(self.offsets, self.buckets, strict=False):
            seen += count
            if seen >= wanted:
                return offset
        return 0

    def mean(self) -> int | None:
        """Mean of the offsets by count, rounded up; 0 without values.

        ``None`` where values are above all offsets, for which Cassandra has no answer.
        """
        if self.overflow_count > 0:
            return None
        count = self.count()
        if count == 0:
            return 0
        total = sum(o * c for o, c in zip(self.offsets, self.buckets, strict=False))
        return math.ceil(total / count)


@cache
def new_offsets(size: int) -> tuple[int, ...]:
    """The first ``size`` offsets that Cassandra's histograms have: 1, 2, … by a fifth more each."""
    offsets = [1]
    while len(offsets) < size:
        last = offsets[-1]
        # As Java rounds: to the nearest, halves up.
        offsets.append(max(math.floor(last * 1.2 + 0.5), last + 1))
    return tuple(offsets)


@record
class TombstoneHistogram:
    """Tombstones and expiring cells by local deletion time.

    Attributes:
        points: pairs of seconds since 1970 and a count, ascending in time.
    """

    points: tuple[tuple[int, int], ...]

    def sum(self, until: int) -> float:
        """Estimate of how many have a local deletion time up to ``until`` (seconds)."""
        total = 0.0
        for index, (point, count) in enumerate(self.points):
            if point <= until:
                total += count
                continue
            if index == 0:
                return 0.0
            before, count_before = self.points[index - 1]
            weight = (until - before) / (point - before)
            at_until = count_before + (count - count_before) * weight
            # In the order in which Cassandra adds, since the last digits depend on it.
            total -= count_before
            total += (count_before + at_until) * weight / 2
            total += count_before / 2.0
            return total
        return total
