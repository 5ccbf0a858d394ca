"""Partitions of several SSTables, merged one by one in the partitioner's order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from cqlite.rows import Partition, Row, Unfiltered
from cqlite.rows.merge import merge_rows, merge_unfiltereds, newest_deletion
from cqlite.sstable.select.plan import Restriction, Slice
from cqlite.table.source import PartitionSource, Source
from cqlite.types import CqlType, Partitioner

_Entry = tuple[bytes, int, PartitionSource, Iterator[PartitionSource]]


def merged_partitions(
    sources: Sequence[Source],
    restriction: Restriction,
    partitioner: Partitioner,
    types: Sequence[CqlType],
) -> Iterator[Partition]:
    """The partitions of all ``sources``, those with the same key as one.

    Their rows and markers can be taken once, before the next partition is asked for.

    Args:
        sources: the SSTables.
        restriction: what is wanted; of rows, what is within its slices.
        partitioner: that of all of them.
        types: types of the clustering columns.

    Raises:
        CorruptSSTableError: and what derives from it, at damage.
    """
    heap: list[_Entry] = []
    for index, source in enumerate(sources):
        _push(heap, index, source.partitions(restriction), partitioner)
    while heap:
        group = [heapq.heappop(heap)]
        while heap and heap[0][0] == group[0][0]:
            group.append(heapq.heappop(heap))
        yield merged([entry[2] for entry in group], restriction.slices, types)
        for _, index, _, following in group:
            _push(heap, index, following, partitioner)


def _push(
    heap: list[_Entry], index: int, found: Iterator[PartitionSource], partitioner: Partitioner
) -> None:
    source = next(found, None)
    if source is not None:
        place = partitioner.byte_comparable(source.partition.key)
        heapq.heappush(heap, (place, index, source, found))


def merged(
    sources: Sequence[PartitionSource],
    slices: tuple[Slice, ...] | None,
    types: Sequence[CqlType],
) -> Partition:
    """One partition of several with the same key; see :func:`merged_partitions`."""
    deletion = newest_deletion(source.partition.deletion for source in sources)
    statics: list[Row] = [s.static_row for s in sources if s.static_row is not None]
    partition = Partition(
        key=sources[0].partition.key,
        deletion=deletion,
        static_row=merge_rows(statics, deletion) if statics else None,
        position=0,
        unfiltered_position=0,
    )
    if slices is None:
        partition.unfiltereds = merge_unfiltereds([s.all() for s in sources], deletion, types)
    else:
        partition.unfiltereds = _sliced(sources, slices, partition, types)
    return partition


def _sliced(
    sources: Sequence[PartitionSource],
    slices: tuple[Slice, ...],
    partition: Partition,
    types: Sequence[CqlType],
) -> Iterator[Unfiltered]:
    for piece in slices:
        yield from merge_unfiltereds([s.slice(piece) for s in sources], partition.deletion, types)
