"""A report as JSON; docs/stats.md says what its names mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cqlite.report.model import KINDS, PartitionCounts, Rows, TableReport

KeyText = Callable[[bytes], str]


def document(report: TableReport, key_text: KeyText) -> dict[str, Any]:
    """The JSON object.

    Args:
        report: the report.
        key_text: a serialized partition key as people read it.
    """
    names = [sstable.name for sstable in report.sstables]
    return {
        "keyspace": report.keyspace,
        "table": report.table,
        "now": report.clock.now,
        "gc_grace_seconds": report.clock.gc_grace_seconds,
        "partitions": report.partitions,
        "sstables": [asdict(sstable) for sstable in report.sstables],
        "overlaps": [
            {
                "sstables": [names[pair.left], names[pair.right]],
                "shared_partitions": pair.shared,
                "share": pair.share,
            }
            for pair in report.overlaps
        ],
        "blockers": [
            {"sstable": names[b.sstable], "blocks": [names[position] for position in b.blocks]}
            for b in report.blockers
        ],
        "droppable_sstables": [names[position] for position in report.droppable_sstables],
        "drop_times": [{"time": time, "count": count} for time, count in report.drop_times],
        "partition_sizes": [{"size": size, "count": n} for size, n in report.partition_sizes],
        "full": None if report.full is None else _rows(report.full, key_text),
    }


def _rows(rows: Rows, key_text: KeyText) -> dict[str, Any]:
    return {
        "partitions": rows.partitions,
        "rows": rows.rows,
        "cells": rows.cells,
        "tombstones": _by_kind(rows.tombstones),
        "droppable": _by_kind(rows.droppable),
        "partitions_by_sstables": [
            {"sstables": sstables, "count": count} for sstables, count in rows.by_sstables
        ],
        "largest_partitions": [_partition(p, key_text) for p in rows.largest],
        "widest_partitions": [_partition(p, key_text) for p in rows.widest],
        "tombstone_leaders": [_partition(p, key_text) for p in rows.most_tombstones],
    }


def _partition(counts: PartitionCounts, key_text: KeyText) -> dict[str, Any]:
    return {
        "key": key_text(counts.key),
        "key_hex": counts.key.hex(),
        "size": counts.size,
        "rows": counts.rows,
        "cells": counts.cells,
        "tombstones": _by_kind(counts.tombstones),
        "droppable": _by_kind(counts.droppable),
        "sstables": counts.sstables,
    }


def _by_kind(counts: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(KINDS, counts, strict=True)) | {"total": sum(counts)}
