"""The report on one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from cqlite.report.expired import blockers, droppable
from cqlite.report.full import Progress, read_rows
from cqlite.report.model import DEFAULT_GC_GRACE, Clock, SSTableReport, TableReport
from cqlite.report.overlap import distinct_partitions, overlaps
from cqlite.report.summary import summarise
from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.table.find import TableFiles

LEADERS = 10
"""Partitions that a list of the largest ones has, where nothing else is asked for."""


def report(
    files: TableFiles,
    *,
    now: int,
    gc_grace_seconds: int | None = None,
    schema: TableSchema | None = None,
    full: bool = False,
    top: int = LEADERS,
    progress: Progress = lambda size: None,
) -> TableReport:
    """What there is to say of a table's SSTables.

    Args:
        files: the SSTables.
        now: seconds since 1970, the time that the report is for.
        gc_grace_seconds: age at which tombstones can be dropped; else the schema's, else
            ten days.
        schema: the table's, as far as it is known.
        full: read all rows, not only small components.
        top: partitions that lists of the largest ones have.
        progress: see there.

    Raises:
        MissingComponentError, CorruptSSTableError: an SSTable cannot be read.
    """
    if gc_grace_seconds is None:
        options = {} if schema is None else schema.options
        gc_grace_seconds = int(options.get("gc_grace_seconds", DEFAULT_GC_GRACE))
    clock = Clock(now, gc_grace_seconds)
    with ExitStack() as stack:
        sstables = [stack.enter_context(SSTable(path)) for path in files.paths]
        summaries = _named([summarise(sstable, clock) for sstable in sstables])
        found = blockers(summaries)
        return TableReport(
            keyspace=files.keyspace,
            table=files.table,
            clock=clock,
            sstables=summaries,
            partitions=distinct_partitions(sstables),
            overlaps=overlaps(sstables),
            blockers=found,
            droppable_sstables=droppable(summaries, found),
            drop_times=_drop_times(sstables),
            partition_sizes=_partition_sizes(sstables),
            full=read_rows(sstables, clock, top, progress) if full else None,
        )


def _named(sstables: Sequence[SSTableReport]) -> tuple[SSTableReport, ...]:
    """With names that are each of one only: with directories where file names are not."""
    if len({sstable.name for sstable in sstables}) == len(sstables):
        return tuple(sstables)
    return tuple(replace(s, name=str(Path(s.path).parent / s.name)) for s in sstables)


def _drop_times(sstables: Sequence[SSTable]) -> tuple[tuple[int, int], ...]:
    total: Counter[int] = Counter()
    for sstable in sstables:
        total.update(dict(sstable.metadata.stats.estimated_tombstone_drop_time.points))
    return tuple(sorted(total.items()))


def _partition_sizes(sstables: Sequence[SSTable]) -> tuple[tuple[int, int], ...]:
    total: Counter[int] = Counter()
    for sstable in sstables:
        total.update(dict(sstable.metadata.stats.estimated_partition_size.entries()))
    return tuple(sorted(total.items()))
