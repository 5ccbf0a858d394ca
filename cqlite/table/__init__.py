"""A table: all of its SSTables, merged."""

from cqlite.table.model import CellTimes, TableRow
from cqlite.table.table import Table, open_table
from cqlite.table.trace import SSTableTrace, Trace

__all__ = ["CellTimes", "SSTableTrace", "Table", "TableRow", "Trace", "open_table"]
