"""Results that are columns of all rows, which the engines give as Arrow without a row in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqlite.query.expressions import ColumnExpression
from cqlite.query.result import ColumnScan
from cqlite.query.selection import JSON_COLUMN

if TYPE_CHECKING:
    from cqlite.query.statement import SelectStatement
    from cqlite.table import Table


def scan_of(statement: SelectStatement, table: Table, *, now: int) -> ColumnScan | None:
    """The scan that gives a statement's result, None for one that is more than columns.

    Values without bytes that Arrow has none for are null in it.

    Args:
        now: seconds since 1970, as for ``execute``.
    """
    names = _columns(statement)
    if names is None or not _gives_rows_as_read(statement):
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


def _gives_rows_as_read(statement: SelectStatement) -> bool:
    return (
        statement.reads_every_row
        and statement.groups is None
        and statement.order is None
        and not statement.is_reversed
        and statement.partition_limit is None
    )
