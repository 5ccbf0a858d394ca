"""Aggregates over a whole table that its metadata tell, where that is exact."""

from __future__ import annotations

from cqlite.query.computations import AggregateExpression
from cqlite.query.expressions import ColumnExpression, Expression
from cqlite.query.functions import Aggregate
from cqlite.query.statement import SelectStatement
from cqlite.schema import ColumnKind
from cqlite.table import Table
from cqlite.types import parse_type


class Known(Aggregate):
    """An aggregate whose result is known without any row."""

    def __init__(self, value: bytes | None) -> None:
        self._value = value

    def add(self, *arguments: bytes | None) -> None:
        """Rows change nothing."""

    def result(self) -> bytes | None:
        return self._value


def known_aggregates(statement: SelectStatement, table: object) -> list[Aggregate] | None:
    """The statement's aggregates by metadata alone, None where rows have to be read.

    That is so of ``count`` and of ``min`` and ``max`` of the first clustering column, over
    all of a table in which nothing is shadowed or expires; see ``Table.exact_rows``.
    """
    if not isinstance(table, Table) or not statement.aggregates_everything:
        return None
    if not statement.reads_every_row or any(map(_reads_rows, statement.selection.expressions)):
        return None
    found: list[Aggregate] = []
    for expression in statement.selection.aggregates:
        known = _known(expression, table)
        if known is None:
            return None
        found.append(known)
    return found


def _reads_rows(expression: Expression) -> bool:
    """Whether it has a column that is in no aggregate."""
    if isinstance(expression, AggregateExpression):
        return False
    return isinstance(expression, ColumnExpression) or any(map(_reads_rows, expression.parts))


def _known(expression: AggregateExpression, table: Table) -> Known | None:
    name = expression.function.name
    if name == "count_rows" or (name == "count" and _is_key(expression.parts[0])):
        rows = table.exact_rows()
        return None if rows is None else Known(parse_type("LongType").encode(rows))
    if name in ("min", "max") and _is_first_clustering(expression.parts[0]):
        bounds = table.exact_bounds()
        return None if bounds is None else Known(bounds[0 if name == "min" else 1])
    return None


def _is_key(part: Expression) -> bool:
    keys = (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING)
    return isinstance(part, ColumnExpression) and part.column.kind in keys


def _is_first_clustering(part: Expression) -> bool:
    if not isinstance(part, ColumnExpression):
        return False
    return part.column.kind is ColumnKind.CLUSTERING and part.column.position == 0
