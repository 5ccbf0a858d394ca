"""What metadata alone tell of a table's rows, where that is exact."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cqlite.schema import TableSchema
from cqlite.sstable.metadata import NO_DELETION_TIME

if TYPE_CHECKING:
    from cqlite.sstable import SSTable

_EXACT_BOUNDS = ("oa", "da")
"""Versions whose metadata have the least and the greatest clustering as they are."""


def exact_rows(sstables: Sequence[SSTable], schema: TableSchema) -> int | None:
    """The number of live rows, ``None`` where rows have to be read for it.

    It is the sum of what the SSTables count if none of their rows can be shadowed, expired
    or be the same as one of another SSTable.
    """
    if not all(_is_plain(sstable, schema) for sstable in sstables):
        return None
    ranges = sorted(sstable.token_range for sstable in sstables)
    if any(not last < first for (_, last), (first, _) in pairwise(ranges)):
        return None
    return sum(sstable.metadata.stats.total_rows for sstable in sstables)


def exact_bounds(sstables: Sequence[SSTable], schema: TableSchema) -> tuple[bytes, bytes] | None:
    """The least and the greatest value of the first clustering column, as CQL orders them.

    ``None`` where rows have to be read for it, or where there are none.
    """
    if not schema.clustering_columns or not sstables:
        return None
    found = []
    for sstable in sstables:
        covered = sstable.metadata.stats.covered_clustering
        is_exact = sstable.descriptor.version.name in _EXACT_BOUNDS
        if covered is None or not is_exact or not _is_plain(sstable, schema):
            return None
        for bound in (covered.start, covered.end):
            if not bound.values or bound.values[0] is None:
                return None
            found.append(bound.values[0])
    kind = schema.clustering_columns[0].type.unwrap()
    return min(found, key=kind.sort_key), max(found, key=kind.sort_key)


def _is_plain(sstable: SSTable, schema: TableSchema) -> bool:
    """Whether each row is live as it is, and there is nothing else but rows."""
    if schema.static_columns or schema.dropped_columns or schema.is_compact:
        return False
    if schema.kind != "REGULAR" or schema.strict_liveness:
        return False
    header = sstable.header_schema
    known = {column.name for column in schema.regular_columns}
    if header.static_columns or not {column.name for column in header.regular_columns} <= known:
        return False
    stats = sstable.metadata.stats
    return stats.min_local_deletion_time == NO_DELETION_TIME and stats.total_rows > 0
