"""What a table is asked for, in terms that every engine executes in the same way.

As ``cqlite.sstable.select.plan``, for many SSTables: the answer's columns are named by
their places among the schema's.
"""

from __future__ import annotations

from cqlite.records import record
from cqlite.sstable.select.plan import ScanPlan


@record
class TablePlan(ScanPlan):
    """A scan or a lookup over the merged SSTables of a table.

    ``position`` of its columns is the index among the schema's columns of their kind.

    Attributes:
        now: seconds since 1970, by which what has a time to live is expired or not.
        as_of: microseconds; what was written later is not there. ``None`` for all.
        strict_liveness: whether only live primary keys make rows
            (``TableMetadata.enforceStrictLiveness``).
        reverse: whether rows of a partition come in reversed order.
    """

    now: int = 0
    as_of: int | None = None
    strict_liveness: bool = False
    reverse: bool = False
