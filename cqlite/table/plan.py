"""What a table is asked for, in terms that every engine executes in the same way.

As ``cqlite.sstable.select.plan``, for many SSTables: the answer's columns are named by
their places among the schema's, and for each SSTable by their places in its header.
"""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.records import record
from cqlite.schema import TableSchema
from cqlite.sstable.select.plan import OutputColumn, ScanPlan


@record
class TablePlan(ScanPlan):
    """A scan or a lookup over the merged SSTables of a table.

    ``position`` of its columns is the index among the schema's columns of their kind.

    Attributes:
        now: seconds since 1970, by which what has a time to live is expired or not.
        as_of: microseconds; what was written later is not there. ``None`` for all.
        sources: for each SSTable, in their order, and for each of ``columns`` the index
            among the columns of this kind in the SSTable's header; ``None`` where it has
            no such column. Those of the key are at the same place in all.
        strict_liveness: whether only live primary keys make rows
            (``TableMetadata.enforceStrictLiveness``).
        reverse: whether rows of a partition come in reversed order.
    """

    now: int = 0
    as_of: int | None = None
    sources: tuple[tuple[int | None, ...], ...] = ()
    strict_liveness: bool = False
    reverse: bool = False


def source_positions(
    columns: Sequence[OutputColumn], header: TableSchema
) -> tuple[int | None, ...]:
    """Where an SSTable with ``header`` has the columns; see ``TablePlan.sources``."""
    stored = {
        (kind, column.name): index
        for kind, found in (("static", header.static_columns), ("regular", header.regular_columns))
        for index, column in enumerate(found)
    }
    return tuple(
        column.position
        if column.kind in ("partition_key", "clustering")
        else stored.get((column.kind, column.name))
        for column in columns
    )
