"""An SSTable's metadata as text, line for line what Cassandra's sstablemetadata prints."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cqlite.cli import java_format
from cqlite.cli.term_histogram import BLUE, CYAN, WHITE, Style, TermHistogram
from cqlite.sstable.metadata import CommitLogPosition, SSTableMetadata, StatsMetadata
from cqlite.sstable.overview import Overview
from cqlite.sstable.scan import Scan


@dataclass(frozen=True, slots=True)
class Options:
    """What the text depends on beside the SSTable.

    Attributes:
        now: seconds since 1970, by which tombstones' age is judged.
        gc_grace_seconds: how old a tombstone must be to be dropped.
        timestamp_unit: Java's name of the unit that timestamps are in.
        style: colours and characters.
    """

    now: int
    gc_grace_seconds: int = 0
    timestamp_unit: str = "MICROSECONDS"
    style: Style = field(default_factory=Style)


def droppable(stats: StatsMetadata, options: Options) -> float:
    """Estimated droppable tombstones as a share of the cells."""
    return stats.estimated_droppable_tombstone_ratio(options.now - options.gc_grace_seconds)


def lines(overview: Overview, options: Options, scanned: Scan | None = None) -> Iterator[str]:
    """The whole text.

    Args:
        overview: what small components say.
        options: see there.
        scanned: what reading all data said, if that was wanted.
    """
    style = options.style
    metadata = overview.metadata
    stats = metadata.stats
    yield _line(style, "SSTable", str(overview.descriptor))
    if scanned is not None:
        yield from _scan_lines(overview, scanned, style)
    for name, value, comment in _fields(overview, options):
        yield _line(style, name, value, comment)
    yield _line(style, "Estimated tombstone drop times", "")
    drops = TermHistogram(stats.estimated_tombstone_drop_time.points)
    yield from drops.lines("Drop Time", _show_time, style)
    yield _line(style, "Partition Size", "")
    sizes = TermHistogram(tuple(stats.estimated_partition_size.entries()))
    yield from sizes.lines("Size (bytes)", _show_size, style)
    yield _line(style, "Column Count", "")
    cells = TermHistogram(tuple(stats.estimated_cell_per_partition_count.entries()))
    yield from cells.lines("Columns", lambda value, _: str(value), style)
    for name, value, comment in _last_fields(metadata, options):
        yield _line(style, name, value, comment)


def _scan_lines(overview: Overview, scanned: Scan, style: Style) -> Iterator[str]:
    yield _line(style, "Size", str(scanned.size))
    yield _line(style, "Partitions", str(scanned.partitions))
    yield _line(style, "Rows", str(scanned.rows))
    yield _line(style, "Tombstones", str(scanned.tombstones))
    yield _line(style, "Cells", str(scanned.cells))
    yield _line(style, "Widest Partitions", "")
    for key, rows in scanned.widest:
        yield _leader(overview, key, rows, style)
    yield _line(style, "Largest Partitions", "")
    for key, length in scanned.largest:
        size = java_format.size(length) or "0 B"
        yield f"{_leader(overview, key, length, style)}{style.paint(f' ({size})', WHITE)}"
    if scanned.most_tombstones:
        yield _line(style, "Tombstone Leaders", "")
    for key, tombstones in scanned.most_tombstones:
        yield _leader(overview, key, tombstones, style)


def _leader(overview: Overview, key: bytes, number_of: int, style: Style) -> str:
    text = overview.key_text(key)
    return f"  {style.paint('[', CYAN)}{text}{style.paint('] ', CYAN)}{number_of}"


def _line(style: Style, name: str, value: str | None, comment: str | None = None) -> str:
    head = style.paint(name, BLUE) + style.paint(": ", CYAN)
    tail = "" if comment is None else style.paint(f" ({comment})", WHITE)
    return f"{head}{'--' if value is None else value}{tail}"


_Field = tuple[str, str | None, str | None]


def _fields(overview: Overview, options: Options) -> Iterator[_Field]:
    validation, stats = overview.metadata.validation, overview.metadata.stats
    yield "Partitioner", validation.partitioner, None
    yield "Bloom Filter FP chance", java_format.double(validation.bloom_filter_fp_chance), None
    yield from _time_fields(overview, options)
    yield from _range_fields(overview)
    yield "Estimated droppable tombstones", java_format.double(droppable(stats, options)), None
    yield "SSTable Level", str(stats.sstable_level), None
    repaired = java_format.date(stats.repaired_at, "MILLISECONDS")
    yield "Repaired at", str(stats.repaired_at), repaired
    yield "Originating host id", _text(stats.originating_host_id), None
    yield "Pending repair", _text(stats.pending_repair), None
    yield "Replay positions covered", _intervals(stats), None
    yield "totalColumnsSet", str(stats.total_columns_set), None
    yield "totalRows", str(stats.total_rows), None


def _time_fields(overview: Overview, options: Options) -> Iterator[_Field]:
    stats, unit = overview.metadata.stats, options.timestamp_unit
    for name, time in (("Minimum", stats.min_timestamp), ("Maximum", stats.max_timestamp)):
        yield f"{name} timestamp", java_format.date(time, unit), str(time)
    length = stats.max_timestamp - stats.min_timestamp
    yield "Duration", java_format.span(_wrapped(length), unit), None
    for name, time in (
        ("min", stats.min_local_deletion_time),
        ("max", stats.max_local_deletion_time),
    ):
        yield f"SSTable {name} local deletion time", _deletion(time), str(time)
    compression = overview.compression
    yield "Compressor", compression.compressor_class if compression is not None else "-", None
    if compression is not None:
        yield "Compression ratio", java_format.double(stats.compression_ratio), None
    yield "TTL min", str(stats.min_ttl), java_format.duration(stats.min_ttl)
    yield "TTL max", str(stats.max_ttl), java_format.duration(stats.max_ttl)


def _range_fields(overview: Overview) -> Iterator[_Field]:
    for name, position in (("First", overview.first), ("Last", overview.last)):
        if position is not None:
            yield f"{name} token", position.token, position.text
    yield "Covered clusterings", covered_text(overview), None


def _last_fields(metadata: SSTableMetadata, options: Options) -> Iterator[_Field]:
    header, unit = metadata.header, options.timestamp_unit
    yield (
        "Local token space coverage",
        java_format.double(metadata.stats.token_space_coverage),
        None,
    )
    cardinality = metadata.compaction.cardinality_estimator.cardinality()
    yield "Estimated cardinality", str(cardinality), None
    yield "EncodingStats minTTL", str(header.min_ttl), java_format.duration(header.min_ttl)
    deletion = header.min_local_deletion_time_in_int
    yield (
        "EncodingStats minLocalDeletionTime",
        java_format.date(deletion, "SECONDS"),
        str(deletion),
    )
    timestamp = header.min_timestamp
    yield "EncodingStats minTimestamp", java_format.date(timestamp, unit), str(timestamp)
    yield "KeyType", header.key_type, None
    yield "ClusteringTypes", f"[{', '.join(header.clustering_types)}]", None
    yield "StaticColumns", _columns(header.static_columns), None
    yield "RegularColumns", _columns(header.regular_columns), None
    yield "IsTransient", "true" if metadata.stats.is_transient else "false", None


def covered_text(overview: Overview) -> str:
    """The range of clusterings that all rows are in, ``ALL`` if it is not known."""
    covered = overview.metadata.stats.covered_clustering
    if covered is None or overview.covered is None:
        return "ALL"
    start, end = (
        ":".join("null" if text is None else text for text in texts) for texts in overview.covered
    )
    opening = "[" if covered.start.is_inclusive else "("
    return f"{opening}{start}, {end}{']' if covered.end.is_inclusive else ')'}"


def _show_time(time: int, style: Style) -> str:
    return f"{time} {style.note(java_format.date(time, 'SECONDS'))}"


def _show_size(length: int, style: Style) -> str:
    return f"{length} {style.note(java_format.size(length))}"


def _deletion(time: int) -> str | None:
    if time in (0, java_format.MAX_LONG):
        return "no tombstones"
    return java_format.date(time, "SECONDS")


def _intervals(stats: StatsMetadata) -> str:
    shown = (f"{_place(start)}={_place(end)}" for start, end in stats.commit_log_intervals)
    return f"{{{', '.join(shown)}}}"


def _place(position: CommitLogPosition) -> str:
    return f"CommitLogPosition(segmentId={position.segment_id}, position={position.position})"


def _columns(columns: Mapping[str, str]) -> str:
    text = ", ".join(f"{name}:{type_name}" for name, type_name in columns.items())
    # A name may have bytes that are not UTF-8.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _wrapped(value: int) -> int:
    """As 64 bits hold it; the smallest and the largest timestamp may be that far apart."""
    return (value + java_format.MAX_LONG + 1 & (1 << 64) - 1) - java_format.MAX_LONG - 1


def number(value: float) -> float | None:
    """A number that JSON can hold; ``None`` for NaN and infinities."""
    return value if math.isfinite(value) else None
