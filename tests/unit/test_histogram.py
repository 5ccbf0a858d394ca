"""Histograms against what Cassandra 5.0.6 makes of the same values."""

from __future__ import annotations

import pytest

from cqlite.sstable.histogram import (
    OVERFLOWED,
    EstimatedHistogram,
    TombstoneHistogram,
    new_offsets,
)

VALUES = [1, 1, 3, 8, 9, 10, 11, 500, 12345, 99999, 1795218480]
PERCENTILES = [
    (0.0, 0),
    (0.01, 1),
    (0.25, 10),
    (0.5, 12),
    (0.75, 105778),
    (0.95, 1996099046),
    (0.98, 1996099046),
    (0.99, 1996099046),
    (1.0, 1996099046),
]
SUMS = [
    (0, 0.0),
    (999, 0.0),
    (1000, 2.5),
    (1001, 2.505001),
    (1500, 5.25),
    (1999, 8.493001),
    (2000, 8.5),
    (2250, 11.25),
    (7777, 19.573240840236686),
    (9000, 33.0),
    (10000, 33.0),
]


@pytest.fixture(scope="module")
def histogram() -> EstimatedHistogram:
    return EstimatedHistogram.of([(v, v % 7 + 1) for v in VALUES], 165)


def test_offsets() -> None:
    offsets = new_offsets(165)
    assert offsets[:14] == (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24)
    assert offsets[164] == 21798451083967
    assert sum(offsets) == 130790706503830


def test_extremes_and_mean(histogram: EstimatedHistogram) -> None:
    assert histogram.count() == 43
    assert (histogram.min(), histogram.max()) == (0, 1996099046)
    assert histogram.mean() == 324960366


@pytest.mark.parametrize(("fraction", "expected"), PERCENTILES)
def test_percentile(histogram: EstimatedHistogram, fraction: float, expected: int) -> None:
    assert histogram.percentile(fraction) == expected


def test_entries_leave_out_empty_buckets() -> None:
    histogram = EstimatedHistogram.of([(3, 2), (9, 1), (10, 1)], 90)
    assert histogram.entries() == [(3, 2), (10, 2)]


def test_empty() -> None:
    empty = EstimatedHistogram.of([], 90)
    assert (empty.mean(), empty.min(), empty.max(), empty.percentile(0.5)) == (0, 0, 0, 0)


def test_values_above_all_offsets_leave_no_answer() -> None:
    histogram = EstimatedHistogram.of([(2, 1), (10**9, 4)], 10)
    assert histogram.overflow_count == 4
    assert histogram.max() == OVERFLOWED
    assert histogram.mean() is None
    assert histogram.percentile(0.5) is None
    cleared = histogram.without_overflow()
    assert (cleared.overflow_count, cleared.count(), cleared.max()) == (0, 1, 2)


@pytest.mark.parametrize(("until", "expected"), SUMS)
def test_tombstones_up_to(until: int, expected: float) -> None:
    # What Cassandra keeps of 5 at 1000, 7 at 2000, 1 at 2500 and 20 at 9000.
    points = ((1000, 5), (2000, 7), (2500, 1), (9000, 20))
    assert TombstoneHistogram(points).sum(until) == expected
