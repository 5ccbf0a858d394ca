"""Reports as one HTML page, which loads nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cqlite.report import plots, shown
from cqlite.report.document import KeyText
from cqlite.report.model import KINDS, PartitionCounts, Rows, SSTableReport, TableReport

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --faint: #6b7585;
  --line: #d9dee6; --bar: #3b7dd8; --part: #d9534f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --paper: #151a21;
  --faint: #98a2b3; --line: #333c49; --bar: #5b9bf0; --part: #ef7570; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { border-bottom: 1px solid var(--line); margin-top: 3rem; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; }
.facts li { list-style: none; border: 1px solid var(--line); border-radius: 8px;
  padding: .6rem 1rem; min-width: 8rem; }
.facts b { display: block; font-size: 1.3rem; } .facts span, .note { color: var(--faint); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
td, th { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; } td:first-child, th:first-child { text-align: left; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.bar, .cell { fill: var(--bar); } .part { fill: var(--part); }
line { stroke: var(--part); stroke-width: 2; stroke-dasharray: 4 3; }
"""


def page(reports: Sequence[tuple[TableReport, KeyText]]) -> Iterator[str]:
    """The page's text in pieces; each report with what shows its keys."""
    names = ", ".join(report.title for report, _ in reports)
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>SSTables of {escape(names)}</title><style>{_STYLE}</style></head><body>"
    yield "<h1>SSTables</h1>"
    for report, key_text in reports:
        yield from _table_part(report, key_text)
    yield "</body></html>\n"


def _table_part(report: TableReport, key_text: KeyText) -> Iterator[str]:
    sstables = report.sstables
    yield f"<h2>{escape(report.title)}</h2>"
    yield f'<p class="note">At {shown.time(report.clock.now)} UTC; tombstones can be dropped '
    yield f"{shown.number(report.clock.gc_grace_seconds)} s after the deletion.</p>"
    yield _facts(report)
    if report.full is not None:
        yield from _full_part(report.full, key_text)
    yield "<h3>Size on disk</h3>" + plots.sizes(sstables)
    yield "<h3>Times of writing</h3>" + plots.timestamps(sstables)
    yield "<h3>Tokens</h3>" + plots.tokens(report)
    if report.overlaps:
        yield "<h3>Overlap</h3><p class='note'>Estimated partitions in both, as a share of the "
        yield "smaller one's.</p>" + plots.overlap(report)
    if report.drop_times:
        yield "<h3>Tombstones and expiring cells by time</h3><p class='note'>What is left of the "
        yield "line can be dropped by its age.</p>" + plots.drop_times(report)
    yield "<h3>Partitions by size</h3>" + plots.partition_sizes(report)
    yield from _expired_part(report)
    yield "<h3>All SSTables</h3>" + _sstable_table(sstables)


def _facts(report: TableReport) -> str:
    sstables = report.sstables
    disk = sum(sstable.disk_size for sstable in sstables)
    facts = [
        ("SSTables", shown.number(len(sstables))),
        ("on disk", shown.size(disk)),
        ("partitions, about", shown.number(report.partitions)),
        ("tombstones and expiring, about", shown.number(sum(s.tombstones for s in sstables))),
        ("droppable, about", shown.number(sum(s.droppable for s in sstables))),
        ("fully expired SSTables", shown.number(sum(s.fully_expired for s in sstables))),
    ]
    items = "".join(f"<li><b>{value}</b><span>{name}</span></li>" for name, value in facts)
    return f'<ul class="facts">{items}</ul>'


def _full_part(rows: Rows, key_text: KeyText) -> Iterator[str]:
    yield f"<p>{shown.number(rows.partitions)} partitions, {shown.number(rows.rows)} rows, "
    yield f"{shown.number(rows.cells)} cells, each version of a row counted.</p>"
    yield "<h3>Tombstones</h3><p class='note'>Red: droppable.</p>" + plots.tombstones(rows)
    yield "<h3>Partitions by number of SSTables</h3>" + plots.by_sstables(rows)
    for title, found in (
        ("Largest partitions", rows.largest),
        ("Partitions with most rows", rows.widest),
        ("Partitions with most tombstones", rows.most_tombstones),
    ):
        if found:
            yield f"<h3>{title}</h3>" + _partition_table(found, key_text)


def _expired_part(report: TableReport) -> Iterator[str]:
    names = [sstable.name for sstable in report.sstables]
    if not any(sstable.fully_expired for sstable in report.sstables):
        return
    yield "<h3>Fully expired SSTables</h3><ul>"
    for position in report.droppable_sstables:
        yield f"<li>{escape(names[position])} can be dropped.</li>"
    for blocker in report.blockers:
        blocked = ", ".join(names[position] for position in blocker.blocks)
        yield f"<li>{escape(names[blocker.sstable])} keeps {escape(blocked)}.</li>"
    yield "</ul>"


def _partition_table(partitions: Sequence[PartitionCounts], key_text: KeyText) -> str:
    heads = ["key", "size", "rows", "cells", "SSTables", *(k.replace("_", " ") for k in KINDS)]
    rows = [
        [
            key_text(p.key),
            shown.size(p.size),
            *map(shown.number, (p.rows, p.cells, p.sstables, *p.tombstones)),
        ]
        for p in partitions
    ]
    return _html_table(heads, rows)


def _sstable_table(sstables: Sequence[SSTableReport]) -> str:
    heads = (
        *("SSTable", "level", "on disk", "uncompressed", "compression", "partitions", "rows"),
        *("cells", "first write", "last write", "first deletion", "last deletion"),
        *("droppable", "largest partition"),
    )
    return _html_table(heads, [_sstable_row(sstable) for sstable in sstables])


def _sstable_row(sstable: SSTableReport) -> list[str]:
    largest = sstable.largest_partition
    return [
        sstable.name,
        str(sstable.level),
        shown.size(sstable.disk_size),
        shown.size(sstable.uncompressed_size),
        sstable.compressor or "none",
        shown.number(sstable.partitions),
        shown.rows(sstable.rows),
        shown.number(sstable.cells),
        shown.timestamp(sstable.min_timestamp),
        shown.timestamp(sstable.max_timestamp),
        shown.time(sstable.min_deletion_time),
        shown.time(sstable.max_deletion_time),
        f"{shown.number(sstable.droppable)} ({shown.share(sstable.droppable_ratio)})",
        "?" if largest is None else f"≤ {shown.size(largest)}",
    ]


def _html_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
