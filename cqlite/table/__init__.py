"""A table: all of its SSTables, merged."""

from cqlite.table.model import CellTimes, TableRow
from cqlite.table.table import Table, open_table

__all__ = ["CellTimes", "Table", "TableRow", "open_table"]
