"""What a table's SSTables hold and cost: sizes, tombstones, overlap, what blocks what.

Follows ``SSTablePartitions``, ``SSTableExpiredBlockers`` and
``CompactionController.getFullyExpiredSSTables``.
"""

from cqlite.report.model import (
    KINDS,
    Blocker,
    Clock,
    Overlap,
    PartitionCounts,
    Rows,
    SSTableReport,
    TableReport,
)
from cqlite.report.table import report
from cqlite.table.find import TableFiles, find_tables

__all__ = [
    "KINDS",
    "Blocker",
    "Clock",
    "Overlap",
    "PartitionCounts",
    "Rows",
    "SSTableReport",
    "TableFiles",
    "TableReport",
    "find_tables",
    "report",
]
