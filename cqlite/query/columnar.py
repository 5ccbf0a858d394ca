"""Results that are columns of all rows, which the engines give as Arrow without a row in Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqlite.query.expressions import ColumnExpression
from cqlite.query.selection import JSON_COLUMN
from cqlite.sstable.select.arrow_types import arrow_name, pyarrow
from cqlite.sstable.select.plan import PositionRange

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.query.statement import SelectStatement
    from cqlite.sstable.select.scan import Scan
    from cqlite.table import Table


@dataclass(frozen=True, slots=True)
class ColumnScan:
    """A scan of a table's columns.

    Attributes:
        scan: the scan, whose columns are in an order of its own.
        names: those of the result's columns in the table.
    """

    scan: Scan
    names: tuple[str, ...]

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The rows, with the result's columns in their order and by their titles.

        Raises:
            CqliteError: while the rows are read.
        """
        make = pyarrow().RecordBatch.from_arrays
        for batch in self.scan.to_reader():
            columns = [batch.column(arrow_name(name)) for name in self.names]
            yield make(columns, schema=schema)


def scan_of(statement: SelectStatement, table: Table, *, now: int) -> ColumnScan | None:
    """The scan that gives a statement's result, None for one that is more than columns.

    Values without bytes that Arrow has none for are null in it.

    Args:
        now: seconds since 1970, as for ``execute``.
    """
    names = _columns(statement)
    if names is None or not _takes_all_rows(statement):
        return None
    scan = table.scan(names, now=now, limit=statement.limit, empty="null")
    return ColumnScan(scan, tuple(names))


def _columns(statement: SelectStatement) -> list[str] | None:
    """The columns that are selected, None where it is more than these."""
    expressions = statement.selection.expressions
    if statement.result_columns[0] is JSON_COLUMN:
        return None
    names = [e.column.name for e in expressions if type(e) is ColumnExpression]
    return names if len(names) == len(expressions) == len(set(names)) else None


def _takes_all_rows(statement: SelectStatement) -> bool:
    restrictions = statement.restrictions
    return (
        restrictions.keys is None
        and restrictions.positions == PositionRange()
        and restrictions.slices is None
        and not restrictions.filters
        and statement.groups is None
        and statement.order is None
        and not statement.is_reversed
        and not statement.is_distinct
        and statement.partition_limit is None
    )
