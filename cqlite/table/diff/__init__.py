"""What differs between two tables: as their rows are read, or as they are stored."""

from cqlite.table.diff.model import CellDifference, Difference, MetadataDifference, RowDifference
from cqlite.table.diff.progress import Compared
from cqlite.table.diff.rows import diff_rows
from cqlite.table.diff.stored import diff_stored

__all__ = [
    "CellDifference",
    "Compared",
    "Difference",
    "MetadataDifference",
    "RowDifference",
    "diff_rows",
    "diff_stored",
]
