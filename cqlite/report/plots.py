"""Which plots a report has."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.report import shown, svg
from cqlite.report.model import KINDS, Rows, SSTableReport, TableReport
from cqlite.report.svg import Bar, Span

_TIME_BUCKETS = 60


def sizes(sstables: Sequence[SSTableReport]) -> str:
    """SSTables by their size on disk."""
    return svg.bars([Bar(s.name, s.disk_size, shown.size(s.disk_size)) for s in sstables])


def tombstones(rows: Rows) -> str:
    """Tombstones by kind, with those that can be dropped."""
    counted = zip(KINDS, rows.tombstones, rows.droppable, strict=True)
    return svg.bars(
        [
            Bar(kind.replace("_", " "), n, f"{shown.number(n)} ({shown.number(gone)})", gone)
            for kind, n, gone in counted
        ]
    )


def by_sstables(rows: Rows) -> str:
    """Partitions by how many SSTables they are in."""
    return svg.bars([Bar(str(n), count, shown.number(count)) for n, count in rows.by_sstables])


def timestamps(sstables: Sequence[SSTableReport]) -> str:
    """When what is in the SSTables was written."""
    start = min(sstable.min_timestamp for sstable in sstables)
    end = max(sstable.max_timestamp for sstable in sstables)
    rows = [
        Span(
            sstable.name,
            _place(sstable.min_timestamp, start, end),
            _place(sstable.max_timestamp, start, end),
            f"{shown.timestamp(sstable.min_timestamp)} – {shown.timestamp(sstable.max_timestamp)}",
        )
        for sstable in sstables
    ]
    return svg.spans(rows, (shown.timestamp(start), shown.timestamp(end)))


def tokens(report: TableReport) -> str:
    """Ranges of tokens; where tokens are no numbers, in the order of what there are."""
    ends = [(s.first_token, s.last_token) for s in report.sstables]
    if all(_is_number(token) for pair in ends for token in pair):
        start = min(int(first) for first, _ in ends)
        end = max(int(last) for _, last in ends)
        places = [(_place(int(a), start, end), _place(int(b), start, end)) for a, b in ends]
    else:
        known = sorted({token for pair in ends for token in pair})
        last = max(len(known) - 1, 1)
        places = [(known.index(a) / last, known.index(b) / last) for a, b in ends]
    rows = [
        Span(sstable.name, *place, f"{sstable.first_token} – {sstable.last_token}")
        for sstable, place in zip(report.sstables, places, strict=True)
    ]
    return svg.spans(rows, ("first token", "last token"))


def overlap(report: TableReport) -> str:
    """Which SSTables share partitions."""
    names = [sstable.name for sstable in report.sstables]
    shares: list[list[float | None]] = [[None] * len(names) for _ in names]
    for pair in report.overlaps:
        shares[pair.left][pair.right] = shares[pair.right][pair.left] = pair.share
    return svg.matrix(names, shares)


def drop_times(report: TableReport) -> str:
    """Tombstones by local deletion time, with a line at which they can be dropped."""
    start, end = report.drop_times[0][0], report.drop_times[-1][0]
    counts = [0] * _TIME_BUCKETS
    for time, count in report.drop_times:
        bucket = int(_place(time, start, end) * _TIME_BUCKETS)
        counts[min(bucket, _TIME_BUCKETS - 1)] += count
    width = (end - start) / _TIME_BUCKETS
    values = [
        Bar(shown.time(start + index * width), count, shown.number(count))
        for index, count in enumerate(counts)
    ]
    mark = _place(report.clock.gc_before, start, end)
    return svg.columns(values, (shown.time(start), shown.time(end)), mark)


def partition_sizes(report: TableReport) -> str:
    """How many partitions are how large."""
    if not report.partition_sizes:
        return ""
    values = [Bar(f"≤ {shown.size(s)}", n, shown.number(n)) for s, n in report.partition_sizes]
    return svg.columns(values, (values[0].label, values[-1].label))


def _place(value: float, start: float, end: float) -> float:
    """Where ``value`` is between ``start`` and ``end``; the middle where these are one."""
    return 0.5 if start == end else (value - start) / (end - start)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdigit()
