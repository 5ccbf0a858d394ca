"""GROUP BY: ``db.aggregation.AggregationSpecification`` and ``GroupMaker``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cqlite.errors import QueryError
from cqlite.query.computations import CallExpression
from cqlite.query.computed import CallSelectable
from cqlite.query.expressions import Expression, InputRow
from cqlite.query.select_reader import SelectReader
from cqlite.query.selectables import Columns, ColumnSelectable, Selectable
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.sstable.select.where.restrictions import Restrictions
from cqlite.table.model import TableRow
from cqlite.terms.source import Source

_ORDER: Final = (
    "Group by currently only support groups of columns following their declared order in the "
    "PRIMARY KEY"
)
_PLAIN: Final = (
    "Only column names and monotonic scalar functions are supported in the GROUP BY clause."
)
_MONOTONIC: Final = {
    "to_date", "todate", "to_timestamp", "totimestamp", "to_unix_timestamp", "tounixtimestamp",
    "floor",
}  # fmt: skip


class Groups:
    """Tells where a group of rows ends.

    Args:
        prefix: how many clustering columns the rows of a group have in common.
        function: what is the same of the last one of them, instead of its value.
    """

    def __init__(
        self, schema: TableSchema, prefix: int, function: Expression | None = None
    ) -> None:
        self._columns = schema.clustering_columns[:prefix]
        self._function = function
        self._last: tuple[bytes, list[bytes | None] | None] | None = None

    def is_new(self, row: TableRow) -> bool:
        """Whether a row is of another group than the row before it."""
        mark = self._mark(row)
        last, self._last = self._last, (row.key, mark)
        if last is None or last[0] != row.key or mark is None or last[1] is None:
            return True
        return not self._is_same(last[1], mark)

    def _mark(self, row: TableRow) -> list[bytes | None] | None:
        if row.clustering is None:
            return None
        values = list(row.clustering[: len(self._columns)])
        if self._function is not None:
            values[-1] = self._function.evaluate(InputRow([values[-1]]))
        return values

    def _is_same(self, left: list[bytes | None], right: list[bytes | None]) -> bool:
        types = [column.type for column in self._columns]
        if self._function is not None:
            types[-1] = self._function.type
        for kind, a, b in zip(types, left, right, strict=True):
            if a is None or b is None:
                if a is not b:
                    return False
            elif kind.compare(a, b) != 0:
                return False
        return True


class GroupReader:
    """Reads GROUP BY."""

    def __init__(
        self, schema: TableSchema, restrictions: Restrictions, reader: SelectReader, source: Source
    ) -> None:
        self._schema = schema
        self._restrictions = restrictions
        self._reader = reader
        self._source = source

    def groups(self, contexts: Sequence[Any], *, is_distinct: bool) -> Groups:
        """What makes groups by the ``selectable`` of a GROUP BY.

        Raises:
            QueryError: they are not what Cassandra groups by.
        """
        left = [*self._schema.partition_key, *self._schema.clustering_columns]
        prefix = 0
        function: Expression | None = None
        for context in contexts:
            with self._source.placing(context):
                selectable = self._reader.selectable(context)
                column = self._column(selectable, function is not None)
                if isinstance(selectable, CallSelectable):
                    function = self._function(selectable)
                prefix += self._skip_to(column, left)
        if left and left[0].kind is ColumnKind.PARTITION_KEY:
            self._source.fail(
                contexts[-1], "Group by is not supported on only a part of the partition key"
            )
        if prefix and is_distinct:
            self._source.fail(
                contexts[-1],
                "Grouping on clustering columns is not allowed for SELECT DISTINCT queries",
            )
        if function is not None:
            _check_monotonic(function)
        return Groups(self._schema, prefix, function)

    def _skip_to(self, column: ColumnMetadata, left: list[ColumnMetadata]) -> int:
        """Takes columns off ``left`` up to ``column``; the clustering columns among them."""
        count = 0
        while True:
            if not left:
                raise QueryError(_ORDER)
            found = left.pop(0)
            count += found.kind is ColumnKind.CLUSTERING
            if found == column:
                return count
            if not self._restrictions.is_restricted_by_eq(found):
                raise QueryError(_ORDER)

    def _column(self, selectable: Selectable, is_after_function: bool) -> ColumnMetadata:
        if isinstance(selectable, CallSelectable):
            return self._argument(selectable)
        if not isinstance(selectable, ColumnSelectable):
            raise QueryError(_PLAIN)
        column = selectable.column
        if column.kind not in (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING):
            raise QueryError(
                "Group by is currently only supported on the columns of the PRIMARY KEY, got "
                f"{column.name}"
            )
        if is_after_function:
            raise QueryError(
                "Functions are only supported on the last element of the GROUP BY clause"
            )
        return column

    def _argument(self, selectable: CallSelectable) -> ColumnMetadata:
        if selectable.function.is_aggregate:
            raise QueryError(
                "Aggregate functions are not supported within the GROUP BY clause, got: "
                f"{selectable.function.full_name}"
            )
        columns = Columns()
        selectable.expression(None, columns)
        if not columns.columns:
            raise QueryError("GROUP BY functions must have one clustering column name as parameter")
        if len(columns.columns) > 1:
            names = ",".join(column.cql_name for column in columns.columns)
            raise QueryError(
                f"GROUP BY functions accept only one clustering column as parameter, got: {names}"
            )
        column = columns.columns[0]
        if column.kind is not ColumnKind.CLUSTERING:
            raise QueryError(
                f"Group by functions are only supported on clustering columns, got {column.name}"
            )
        return column

    def _function(self, selectable: CallSelectable) -> Expression:
        return selectable.expression(None, Columns())


def _check_monotonic(function: Expression) -> None:
    """Raises a QueryError if groups by it would not be next to each other."""
    if isinstance(function, CallExpression):
        if function.function.name not in _MONOTONIC:
            raise QueryError(
                "Only monotonic functions are supported in the GROUP BY clause. Got: "
                f"{function.function} "
            )
        for part in function.parts:
            if isinstance(part, CallExpression):
                _check_monotonic(part)
