"""How much SSTables overlap: by their ranges of tokens and the sketches of their keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from cqlite.report.model import Overlap
from cqlite.sstable import SSTable
from cqlite.sstable.cardinality import HyperLogLogPlus, union


def distinct_partitions(sstables: Sequence[SSTable]) -> int:
    """The estimated number of distinct partition keys of all SSTables."""
    return union(map(_sketch, sstables)).cardinality()


def overlaps(sstables: Sequence[SSTable]) -> tuple[Overlap, ...]:
    """The pairs of SSTables with tokens in common, those that share most first."""
    ranges = [sstable.token_range for sstable in sstables]
    sizes = [_sketch(sstable).cardinality() for sstable in sstables]
    found = []
    for left, right in combinations(range(len(sstables)), 2):
        (start, end), (other_start, other_end) = ranges[left], ranges[right]
        if end < other_start or other_end < start:
            continue
        both = union((_sketch(sstables[left]), _sketch(sstables[right]))).cardinality()
        smaller = min(sizes[left], sizes[right])
        # Estimates can contradict each other.
        shared = min(max(sizes[left] + sizes[right] - both, 0), smaller)
        found.append(Overlap(left, right, shared, shared / smaller if smaller else 0.0))
    return tuple(sorted(found, key=lambda pair: -pair.shared))


def _sketch(sstable: SSTable) -> HyperLogLogPlus:
    return sstable.metadata.compaction.cardinality_estimator
