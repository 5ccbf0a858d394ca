"""`cqlite metadata`: what the small components say, as Cassandra's sstablemetadata."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cqlite.cli.metadata_text import Options, droppable, lines, number
from cqlite.cli.term_histogram import Style, TermHistogram
from cqlite.errors import NotAnSSTableError, Where
from cqlite.io import STATISTICS, Components, find_sstables, resolve
from cqlite.sstable import SSTable
from cqlite.sstable.metadata import (
    NO_DELETION_TIME,
    CommitLogPosition,
    StatsMetadata,
)
from cqlite.sstable.overview import IndexSummary, KeyPosition, Overview, read_overview
from cqlite.sstable.scan import Scan, scan


class TimestampUnit(StrEnum):
    """Java's names of time units."""

    NANOSECONDS = "NANOSECONDS"
    MICROSECONDS = "MICROSECONDS"
    MILLISECONDS = "MILLISECONDS"
    SECONDS = "SECONDS"


def metadata(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Any file of an SSTable, or a directory for all SSTables in it."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, for each SSTable.")
    ] = False,
    colors: Annotated[
        bool | None,
        typer.Option("--colors/--no-colors", "-c/-C", help="Colours.", show_default="terminal"),
    ] = None,
    unicode: Annotated[
        bool, typer.Option("--unicode", "-u", help="Draw histograms with block characters.")
    ] = False,
    gc_grace_seconds: Annotated[
        int,
        typer.Option("--gc-grace-seconds", "-g", help="Age at which a tombstone can be dropped."),
    ] = 0,
    timestamp_unit: Annotated[
        TimestampUnit, typer.Option("--timestamp-unit", "-t", help="The unit of timestamps.")
    ] = TimestampUnit.MICROSECONDS,
    with_scan: Annotated[
        bool, typer.Option("--scan", "-s", help="Read all data for the largest partitions.")
    ] = False,
    now: Annotated[
        int | None,
        typer.Option(help="Seconds since 1970 that tombstones age to.", show_default="now"),
    ] = None,
) -> None:
    """Prints what is known of SSTables without reading their data.

    Ranges of timestamps, keys and clusterings, counts, histograms, tombstones, repair
    state, columns with their types: all that Cassandra's sstablemetadata prints, in the
    same words, with dates in UTC. With `--json` the same and more for programs.

    \b
    Examples:
      cqlite metadata oa-1-big-Data.db
      cqlite metadata --json backups/ks/t/ | jq '{sstable, total_rows, max_timestamp}'
    """
    options = Options(
        now=int(time.time()) if now is None else now,
        gc_grace_seconds=gc_grace_seconds,
        timestamp_unit=timestamp_unit.value,
        style=Style(sys.stdout.isatty() if colors is None else colors, unicode),
    )
    for components in _sstables(paths):
        overview = read_overview(components)
        scanned = _scan(components) if with_scan else None
        if as_json:
            print(json.dumps(document(overview, options, scanned)))
        else:
            for line in lines(overview, options, scanned):
                print(line)
    sys.stdout.flush()


def _sstables(paths: list[Path]) -> Iterator[Components]:
    for path in paths:
        if not path.is_dir():
            yield resolve(path)
            continue
        found = find_sstables(path)
        if not found:
            raise NotAnSSTableError("no SSTable in this directory", Where(path))
        yield from map(Components, found)


def _scan(components: Components) -> Scan:
    with SSTable(components.path(STATISTICS)) as sstable:
        return scan(sstable)


def document(overview: Overview, options: Options, scanned: Scan | None = None) -> dict[str, Any]:
    """The JSON object; docs/metadata-json.md says what its keys mean."""
    descriptor, metadata = overview.descriptor, overview.metadata
    return {
        "sstable": str(descriptor),
        "version": descriptor.version.name,
        "format": descriptor.version.format,
        "id": descriptor.id,
        "keyspace": descriptor.keyspace,
        "table": descriptor.table,
        "partitioner": metadata.validation.partitioner,
        "bloom_filter_fp_chance": number(metadata.validation.bloom_filter_fp_chance),
        **_stats(overview, metadata.stats),
        "estimated_droppable_tombstones": number(droppable(metadata.stats, options)),
        "estimated_cardinality": metadata.compaction.cardinality_estimator.cardinality(),
        **_header(overview),
        "compression": _compression(overview),
        "index_summary": _summary(overview.summary),
        **({} if scanned is None else {"scan": _scanned(overview, scanned)}),
    }


def _scanned(overview: Overview, scanned: Scan) -> dict[str, Any]:
    def leaders(found: tuple[tuple[bytes, int], ...], name: str) -> list[dict[str, Any]]:
        return [{"key": overview.key_text(key), name: number_of} for key, number_of in found]

    return {
        "size": scanned.size,
        "partitions": scanned.partitions,
        "rows": scanned.rows,
        "tombstones": scanned.tombstones,
        "cells": scanned.cells,
        "widest_partitions": leaders(scanned.widest, "rows"),
        "largest_partitions": leaders(scanned.largest, "size"),
        "tombstone_leaders": leaders(scanned.most_tombstones, "tombstones"),
    }


def _stats(overview: Overview, stats: StatsMetadata) -> dict[str, Any]:
    return {
        "min_timestamp": stats.min_timestamp,
        "max_timestamp": stats.max_timestamp,
        "min_local_deletion_time": _deletion_time(stats.min_local_deletion_time),
        "max_local_deletion_time": _deletion_time(stats.max_local_deletion_time),
        "min_ttl": stats.min_ttl,
        "max_ttl": stats.max_ttl,
        "first": _key(overview.first),
        "last": _key(overview.last),
        "covered_clusterings": _covered(overview),
        "has_partition_level_deletions": stats.has_partition_level_deletions,
        "has_legacy_counter_shards": stats.has_legacy_counter_shards,
        "sstable_level": stats.sstable_level,
        "repaired_at": stats.repaired_at,
        "pending_repair": stats.pending_repair and str(stats.pending_repair),
        "is_transient": stats.is_transient,
        "originating_host_id": stats.originating_host_id and str(stats.originating_host_id),
        "commit_log_intervals": [
            {"start": _place(start), "end": _place(end)}
            for start, end in stats.commit_log_intervals
        ],
        "total_columns_set": stats.total_columns_set,
        "total_rows": stats.total_rows,
        "token_space_coverage": number(stats.token_space_coverage),
        "tombstone_drop_times": _histogram(stats.estimated_tombstone_drop_time.points),
        "partition_sizes": _histogram(tuple(stats.estimated_partition_size.entries())),
        "cells_per_partition": _histogram(
            tuple(stats.estimated_cell_per_partition_count.entries())
        ),
    }


def _header(overview: Overview) -> dict[str, Any]:
    header = overview.metadata.header
    return {
        "encoding_stats": {
            "min_timestamp": header.min_timestamp,
            "min_local_deletion_time": header.min_local_deletion_time_in_int,
            "min_ttl": header.min_ttl,
        },
        "key_type": header.key_type,
        "clustering_types": list(header.clustering_types),
        "static_columns": dict(header.static_columns),
        "regular_columns": dict(header.regular_columns),
    }


def _compression(overview: Overview) -> dict[str, Any] | None:
    compression = overview.compression
    if compression is None:
        return None
    return {
        "compressor": compression.compressor_class,
        "options": dict(compression.options),
        "chunk_length": compression.chunk_length,
        "max_compressed_length": compression.max_compressed_length,
        "data_length": compression.data_length,
        "chunks": len(compression),
        "ratio": number(overview.metadata.stats.compression_ratio),
    }


def _summary(summary: IndexSummary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    return {
        "min_index_interval": summary.min_index_interval,
        "sampling_level": summary.sampling_level,
        "size": summary.size,
        "size_at_full_sampling": summary.size_at_full_sampling,
    }


def _deletion_time(value: int) -> int | None:
    return None if value == NO_DELETION_TIME else value


def _key(position: KeyPosition | None) -> dict[str, str] | None:
    if position is None:
        return None
    return {"token": position.token, "key": position.text, "key_hex": position.key.hex()}


def _covered(overview: Overview) -> dict[str, Any] | None:
    covered = overview.metadata.stats.covered_clustering
    if covered is None or overview.covered is None:
        return None
    start, end = overview.covered
    return {
        "start": {"inclusive": covered.start.is_inclusive, "values": start},
        "end": {"inclusive": covered.end.is_inclusive, "values": end},
    }


def _place(position: CommitLogPosition) -> dict[str, int]:
    return {"segment_id": position.segment_id, "position": position.position}


def _histogram(entries: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    histogram = TermHistogram(entries)
    return {
        "entries": [
            {"value": value, "count": count, "percent": histogram.percent(count)}
            for value, count in entries
        ],
        "percentiles": {name.lower(): value for name, value in histogram.percentiles().items()},
    }
