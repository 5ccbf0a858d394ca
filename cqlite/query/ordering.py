"""ORDER BY: ``cql3.Ordering`` and what ``SelectStatement`` allows of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any, Final

from cqlite.errors import QueryError
from cqlite.query.calls import resolve
from cqlite.query.computations import CallExpression, ConstantExpression
from cqlite.query.expressions import ColumnExpression, Expression, InputRow
from cqlite.query.functions import FunctionContext, ScalarFunction
from cqlite.query.selectables import ColumnSelectable
from cqlite.records import record
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.schema.index import TableIndex, indexes_on
from cqlite.sstable.select.where.restrictions import Restrictions
from cqlite.terms.assignable import Receiver
from cqlite.terms.names import FunctionName
from cqlite.terms.reader import Reader
from cqlite.terms.source import Source
from cqlite.types import VectorType


@record
class Order:
    """One of what ORDER BY names.

    Attributes:
        column: what it names.
        is_descending: whether DESC follows.
        near: the serialized vector that ANN OF has, None without it.
        context: its place in the statement.
    """

    column: ColumnMetadata
    is_descending: bool
    near: bytes | None
    context: Any


def read_orders(contexts: Sequence[Any], reader: Reader) -> list[Order]:
    """What the ``ordering`` of a statement say.

    Raises:
        QueryError: there is no such column, or what ANN OF has is none of its values.
    """
    orders: list[Order] = []
    for context in contexts:
        column = reader.column(context.columnName())
        near = None
        if context.term() is not None:
            with reader.source.placing(context.term()):
                near = reader.term(context.term()).value(Receiver(column.name, column.type))
                if near is None:
                    raise QueryError(f"Unsupported null value for column {column.name}")
        orders.append(Order(column, context.K_DESC() is not None, near, context))
    return orders


def check_near(orders: Sequence[Order], source: Source) -> Order | None:
    """The ANN among ``orders``, if there is one.

    Raises:
        QueryError: it is not alone, descending, or not on a vector of floats.
    """
    near = [order for order in orders if order.near is not None]
    if not near:
        return None
    first = near[0]
    if len(near) > 1:
        source.fail(near[1].context, "Cannot specify more than one ANN ordering")
    if len(orders) > 1:
        source.fail(first.context, "ANN ordering does not support any other ordering")
    if first.is_descending:
        source.fail(first.context, "Descending ANN ordering is not supported")
    kind = first.column.type.unwrap()
    if not isinstance(kind, VectorType) or kind.elements.cql_name != "float":
        source.fail(first.context, "ANN ordering is only supported on float vector indexes")
    return first


def is_reversed(
    orders: Sequence[Order], schema: TableSchema, restrictions: Restrictions, source: Source
) -> bool:
    """Whether clustering columns come in the reverse of the table's order.

    Raises:
        QueryError: it is neither the table's order nor its reverse.
    """
    if restrictions.is_key_range:
        source.fail(
            orders[0].context,
            "ORDER BY is only supported when the partition key is restricted by an EQ or an IN.",
        )
    found = None
    position = 0
    # Of a column that is named twice, the last one counts.
    for order in {order.column.name: order for order in orders}.values():
        with source.placing(order.context):
            position = _check_position(order, position, schema, restrictions)
            reverses = order.is_descending != order.column.is_descending
            if found is not None and reverses != found:
                raise QueryError("Unsupported order by relation")
            found = reverses
    return bool(found)


def _check_position(
    order: Order, position: int, schema: TableSchema, restrictions: Restrictions
) -> int:
    if order.column.kind is not ColumnKind.CLUSTERING:
        raise QueryError(
            "Order by is currently only supported on the clustered columns of the PRIMARY KEY, "
            f"got {order.column.name}"
        )
    while position != order.column.position:
        columns = schema.clustering_columns
        if position >= len(columns) or not restrictions.is_restricted_by_eq(columns[position]):
            raise QueryError(
                "Order by currently only supports the ordering of columns following their "
                "declared order in the PRIMARY KEY"
            )
        position += 1
    return position + 1


class RowOrder:
    """The order of rows that come of several partitions."""

    def __init__(self, columns: Sequence[ColumnExpression], *, reverse: bool) -> None:
        self._columns = columns
        self._sign = -1 if reverse else 1

    def key(self, row: InputRow) -> Any:
        """What a row sorts by."""
        return _BY_COLUMNS([(c.column.type, c.evaluate(row), self._sign) for c in self._columns])


def _compare(left: list[Any], right: list[Any]) -> int:
    for (kind, a, sign), (_, b, _) in zip(left, right, strict=True):
        order = kind.compare(a, b) if a is not None and b is not None else _nulls_first(a, b)
        if order:
            return int(order * sign)
    return 0


def _nulls_first(left: bytes | None, right: bytes | None) -> int:
    return (left is not None) - (right is not None)


_BY_COLUMNS: Final = cmp_to_key(_compare)


class NearOrder:
    """The order by similarity to a vector, the most similar rows first.

    Args:
        column: the vectors.
        near: the vector that is wanted.
        name: the function that tells how similar two are.
    """

    def __init__(
        self, column: ColumnExpression, near: bytes, name: str, context: FunctionContext
    ) -> None:
        self._column = column
        wanted = ConstantExpression("", column.type, near)
        arguments = [ColumnSelectable(column.column)] * 2
        function = resolve(FunctionName(name), arguments, context)
        assert isinstance(function, ScalarFunction)
        self._similarity: Expression = CallExpression(function, [column, wanted])

    def includes(self, row: InputRow) -> bool:
        """Whether a row has a vector."""
        return self._column.evaluate(row) is not None

    def key(self, row: InputRow) -> Any:
        """What a row sorts by."""
        value = self._similarity.evaluate(row)
        return float("inf") if value is None else -self._similarity.type.decode(value)


def near_order(
    order: Order, index: int, schema: TableSchema, context: FunctionContext
) -> NearOrder:
    """The order that ANN OF asks for, by the similarity of the column's index."""
    assert order.near is not None
    column = ColumnExpression(order.column, index)
    return NearOrder(column, order.near, _similarity(order.column, schema), context)


def near_index(column: ColumnMetadata, schema: TableSchema) -> TableIndex | None:
    """The index that Cassandra would ask for an ANN, None if there is none."""
    return next((index for index in indexes_on(schema, column.name) if index.is_sai), None)


def _similarity(column: ColumnMetadata, schema: TableSchema) -> str:
    index = near_index(column, schema)
    options = {} if index is None else index.options
    return f"similarity_{options.get('similarity_function', 'cosine').lower()}"
