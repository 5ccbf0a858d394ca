"""Slices of a partition's rows in one SSTable, in which every range deletion ends."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.rows import DeletionTime, RangeTombstoneMarker, Unfiltered
from cqlite.sstable.select.clusterings import place_of
from cqlite.sstable.select.plan import Slice
from cqlite.sstable.select.slices import SliceReader


def closed_slice(reader: SliceReader, wanted: Slice) -> Iterator[Unfiltered]:
    """Rows and markers within ``wanted``, which is behind those that were read before.

    A range deletion that reaches into the slice starts with it, and one that reaches beyond
    ends with it (``AbstractSSTableIterator.ForwardReader``).

    Raises:
        CorruptSSTableError: data or index are damaged.
    """
    is_inside = False
    for unfiltered, opened in reader.read(wanted):
        if not is_inside:
            is_inside = True
            yield from _opening(wanted, opened)
        yield unfiltered
    if not is_inside:
        yield from _opening(wanted, reader.opened)
    if reader.opened is not None:
        end = place_of(wanted.end, "end")
        yield RangeTombstoneMarker(end.kind, end.values, reader.opened, None)


def _opening(wanted: Slice, opened: DeletionTime | None) -> Iterator[Unfiltered]:
    if opened is not None:
        start = place_of(wanted.start, "start")
        yield RangeTombstoneMarker(start.kind, start.values, None, opened)
