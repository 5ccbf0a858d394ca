"""A report on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cqlite.cli.common import console
from cqlite.report import KINDS, PartitionCounts, Rows, SSTableReport, TableReport, shown
from cqlite.report.document import KeyText

_HEADS = (
    *("SSTable", "level", "on disk", "ratio", "compression", "partitions", "rows"),
    *("first write", "last write", "tombstones", "droppable", "expired"),
)
_KEY = 60
"""Characters of a key that are shown; JSON and HTML have all of it."""
_PAIRS = 10
"""Pairs of overlapping SSTables that are listed; JSON and HTML have all of them."""


def print_report(report: TableReport, key_text: KeyText) -> None:
    """Prints it on standard output."""
    out = console()
    out.print(report.title, style="bold", markup=False)
    for line in _facts(report):
        out.print(line, markup=False)
    _grid("SSTables", _HEADS, map(_sstable, report.sstables))
    if report.full is not None:
        _print_rows(report.full, key_text)
    _print_overlaps(report)
    names = [sstable.name for sstable in report.sstables]
    for position in report.droppable_sstables:
        out.print(f"{names[position]} has fully expired and can be dropped", markup=False)
    for blocker in report.blockers:
        blocked = ", ".join(names[position] for position in blocker.blocks)
        out.print(f"{names[blocker.sstable]} blocks expired {blocked}", markup=False)
    out.print()


def _facts(report: TableReport) -> Iterable[str]:
    sstables, clock = report.sstables, report.clock
    disk, data = (sum(sizes) for sizes in zip(*map(_sizes, sstables), strict=True))
    yield (
        f"{shown.count(len(sstables), 'SSTable')}, {shown.size(disk)} on disk, "
        f"{shown.size(data)} uncompressed, about {shown.number(report.partitions)} partitions"
    )
    droppable = sum(sstable.droppable for sstable in sstables)
    yield (
        f"at {shown.time(clock.now)} UTC with a grace period of {clock.gc_grace_seconds} s about "
        f"{shown.number(droppable)} tombstones can be dropped"
    )


def _sizes(sstable: SSTableReport) -> tuple[int, int]:
    return sstable.disk_size, sstable.uncompressed_size


def _sstable(sstable: SSTableReport) -> list[str]:
    ratio = sstable.data_size / sstable.uncompressed_size if sstable.uncompressed_size else 1.0
    return [
        sstable.name,
        str(sstable.level),
        shown.size(sstable.disk_size),
        f"{ratio:.2f}",
        sstable.compressor or "none",
        shown.number(sstable.partitions),
        shown.rows(sstable.rows),
        shown.timestamp(sstable.min_timestamp),
        shown.timestamp(sstable.max_timestamp),
        shown.number(sstable.tombstones),
        f"{shown.number(sstable.droppable)} ({shown.share(sstable.droppable_ratio)})",
        "yes" if sstable.fully_expired else "",
    ]


def _print_rows(rows: Rows, key_text: KeyText) -> None:
    console().print(
        f"{shown.number(rows.partitions)} partitions, {shown.number(rows.rows)} rows, "
        f"{shown.number(rows.cells)} cells, each version of a row counted",
        markup=False,
    )
    kinds = zip(KINDS, rows.tombstones, rows.droppable, strict=True)
    total = ("total", sum(rows.tombstones), sum(rows.droppable))
    _grid(
        "Tombstones",
        ("kind", "number", "droppable"),
        ([k.replace("_", " "), f"{n:,}", f"{gone:,}"] for k, n, gone in (*kinds, total)),
    )
    _grid(
        "Partitions by number of SSTables",
        ("SSTables", "partitions"),
        ([str(n), f"{count:,}"] for n, count in rows.by_sstables),
    )
    for title, found in (
        ("Largest partitions", rows.largest),
        ("Partitions with most rows", rows.widest),
        ("Partitions with most tombstones", rows.most_tombstones),
    ):
        heads = ("key", "size", "rows", "cells", "tombstones", "droppable", "SSTables")
        _grid(title, heads, (_partition(partition, key_text) for partition in found))


def _partition(counts: PartitionCounts, key_text: KeyText) -> list[str]:
    numbers = (counts.rows, counts.cells, counts.total_tombstones, sum(counts.droppable))
    return [
        shown.short(key_text(counts.key), _KEY),
        shown.size(counts.size),
        *(f"{number:,}" for number in (*numbers, counts.sstables)),
    ]


def _print_overlaps(report: TableReport) -> None:
    names = [sstable.name for sstable in report.sstables]
    pairs = [pair for pair in report.overlaps if pair.shared]
    more = f", {_PAIRS} of {len(pairs)} pairs" if len(pairs) > _PAIRS else ""
    _grid(
        f"Overlap{more}",
        ("SSTables", "shared partitions", "of the smaller"),
        (
            [
                f"{names[pair.left]} {names[pair.right]}",
                f"{pair.shared:,}",
                shown.share(pair.share),
            ]
            for pair in pairs[:_PAIRS]
        ),
    )


def _grid(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table, the first column to the left, the others to the right; nothing without rows."""
    from rich.markup import escape
    from rich.table import Table

    found = list(rows)
    if not found:
        return
    console().print(f"\n[bold]{title}[/bold]")
    grid = Table(box=None, pad_edge=False)
    for index, head in enumerate(heads):
        grid.add_column(head, justify="right" if index else "left", no_wrap=index > 0)
    for row in found:
        grid.add_row(*map(escape, row))
    console().print(grid)
