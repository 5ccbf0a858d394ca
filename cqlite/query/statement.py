"""SELECT statements, understood: ``cql3.statements.SelectStatement``."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cqlite.cql import parse_query
from cqlite.cql.names import name_of
from cqlite.errors import QueryError, SchemaError
from cqlite.query.expressions import ColumnExpression
from cqlite.query.functions import FunctionContext
from cqlite.query.result import ResultColumn
from cqlite.query.selectables import Selectable
from cqlite.query.selection import (
    Selection,
    Selectors,
    make_selection,
    read_selectors,
    selects_only_static,
)
from cqlite.records import record, replace
from cqlite.schema import ColumnKind, TableSchema
from cqlite.sstable.select.plan import PositionRange
from cqlite.sstable.select.where.relations import RelationReader
from cqlite.sstable.select.where.restrictions import Restrictions
from cqlite.terms.assignable import Receiver
from cqlite.terms.constants import ConstantKind
from cqlite.terms.names import FunctionName
from cqlite.terms.reader import Reader
from cqlite.terms.source import Source
from cqlite.terms.term import ConstantTerm, Term
from cqlite.types import Murmur3Partitioner, Partitioner, parse_type

if TYPE_CHECKING:
    from cqlite.query.grouping import Groups
    from cqlite.query.ordering import NearOrder, Order, RowOrder
    from cqlite.query.select_reader import SelectReader

SchemaOf = Callable[[str | None, str], TableSchema]
"""Finds a table's schema by its keyspace, if that is written, and its name."""

_INT: Final = parse_type("Int32Type")
_PLACE: Final = re.compile(r"line (\d+), column (\d+): ")
_EXPLAIN: Final = re.compile(r"\s*EXPLAIN\s(?=\s*SELECT\b)", re.IGNORECASE)
_NEEDS_INDEX: Final = "ANN ordering by vector requires the column to be indexed"


@record
class SelectStatement:
    """A SELECT, ready to be executed.

    Attributes:
        text: as it was written.
        schema: the table's.
        selection: what it gives.
        restrictions: what is read, and what is left out then.
        groups: makes what tells groups apart, for each execution; None without GROUP BY.
        order: how rows of several partitions are sorted, None where they are not.
        is_reversed: whether partitions are read from their end.
        is_distinct: whether partitions are given rather than rows.
        limit: rows that the result has at most, else None.
        partition_limit: rows that it has of each partition at most, else None.
        notes: what Cassandra would want ALLOW FILTERING or an index for.
        is_explained: whether EXPLAIN came before it: what it reads is asked for.
    """

    text: str
    schema: TableSchema
    selection: Selection
    restrictions: Restrictions
    groups: Callable[[], Groups] | None
    order: RowOrder | NearOrder | None
    is_reversed: bool
    is_distinct: bool
    limit: int | None
    partition_limit: int | None
    notes: tuple[str, ...]
    is_explained: bool = False

    @property
    def result_columns(self) -> list[ResultColumn]:
        """The result's columns."""
        return self.selection.result_columns

    @property
    def aggregates_everything(self) -> bool:
        """Whether the result is one row, of all rows together."""
        return self.groups is None and bool(self.selection.aggregates)

    @property
    def reads_every_row(self) -> bool:
        """Whether all rows of the table are read, and all that are read are given."""
        restrictions = self.restrictions
        return (
            restrictions.keys is None
            and restrictions.positions == PositionRange()
            and restrictions.slices is None
            and not restrictions.filters
            and not self.is_distinct
        )


def prepare(
    text: str,
    schema_of: SchemaOf,
    *,
    now_ms: int | None = None,
    partitioner: Partitioner | None = None,
) -> SelectStatement:
    """A SELECT as something to be executed.

    Args:
        text: one statement, with or without a semicolon; it may begin with EXPLAIN, which
            is not of CQL.
        schema_of: finds the table's schema; a QueryError or SchemaError from it, for a
            table that there is not, gets the place of the table's name.
        now_ms: the query's present in milliseconds since 1970, for functions such as
            ``now()``; the system's clock by default.
        partitioner: the table's; by default what its schema says, else Murmur3.

    Raises:
        QueryError: it is no SELECT, or Cassandra would refuse it, in its words; but for
            what it wants ALLOW FILTERING or an index for, which is done and noted.
    """
    explain = _EXPLAIN.match(text)
    # Blanks, so that places in the text stay where they are.
    source = Source(" " * explain.end() + text[explain.end() :] if explain else text)
    tree = _parse(source)
    schema = _schema(tree.tableName(), schema_of, source)
    context = FunctionContext(
        now_ms=time.time_ns() // 1_000_000 if now_ms is None else now_ms,
        keyspace=schema.keyspace,
        table=schema.name,
        partition_key_types=tuple(column.type for column in schema.partition_key),
        partitioner=partitioner or _partitioner(schema),
    )
    try:
        statement = _Preparer(tree, source, schema, context).statement()
    except RecursionError:
        # Such as a sum of hundreds, which are calls within calls.
        raise QueryError("the statement is nested too deeply", statement=text) from None
    return replace(statement, text=text, is_explained=explain is not None)


def _parse(source: Source) -> Any:
    try:
        statement = parse_query(source.text).statement()
    except SchemaError as error:
        raise _syntax_error(error, source.text) from None
    select = statement.select()
    if select is None:
        source.fail(statement, "only SELECT statements are answered")
    return select


def _syntax_error(error: SchemaError, text: str) -> QueryError:
    """The parser's error with its place in characters."""
    found = _PLACE.match(error.message)
    if found is None:
        return QueryError(error.message, statement=text)
    line, column = int(found[1]), int(found[2])
    before = text.split("\n")[: line - 1]
    at = sum(len(one) + 1 for one in before) + column - 1
    return QueryError(error.message[found.end() :], statement=text, at=at)


def _schema(context: Any, schema_of: SchemaOf, source: Source) -> TableSchema:
    if context.QMARK() is not None:
        source.fail(context, "Bind variables cannot be used for table names")
    keyspace = context.keyspaceName()
    with source.placing(context):
        return schema_of(None if keyspace is None else name_of(keyspace), name_of(context.name()))


def _partitioner(schema: TableSchema) -> Partitioner:
    return Murmur3Partitioner() if schema.partitioner_name is None else schema.partitioner


class _Preparer:
    """Goes through a statement in the order in which Cassandra does."""

    def __init__(
        self, tree: Any, source: Source, schema: TableSchema, context: FunctionContext
    ) -> None:
        self._tree = tree
        self._source = source
        self._schema = schema
        self._context = context
        self._reader = Reader(source, schema, self._call)
        self._is_distinct = tree.K_DISTINCT() is not None
        self._notes: list[str] = []

    # Most statements have no calls, nor anything but columns in what they ask for, in an order
    # or in groups; so what reads these is loaded when it is needed.

    def _call(self, name: FunctionName, arguments: Sequence[Term]) -> Term:
        from cqlite.query.calls import CallTerm

        return CallTerm(name, arguments, self._context)

    @cached_property
    def _selects(self) -> SelectReader:
        from cqlite.query.select_reader import SelectReader

        return SelectReader(self._reader, self._context)

    def _orders(self) -> list[Order]:
        from cqlite.query.ordering import read_orders

        return read_orders(self._tree.ordering(), self._reader)

    def _checked_near(self, orders: Sequence[Order]) -> Order | None:
        from cqlite.query.ordering import check_near

        return check_near(orders, self._source)

    def statement(self) -> SelectStatement:
        """The statement."""
        selected = Selectors(read_selectors(self._tree.selectors(), self._reader, self._selectable))
        only_static = selects_only_static(selected, self._schema)
        orders = self._orders() if self._tree.ordering() else []
        restrictions = self._restrictions(selects_only_static=only_static)
        near = self._checked_near(orders) if orders else None
        selection = make_selection(
            selected, self._schema, self._source, is_json=self._tree.K_JSON() is not None
        )
        if restrictions.has_key_in or near is not None:
            # What rows are sorted by after they are read is selected with the rest.
            for one in orders:
                selection.index(one.column)
        if self._is_distinct:
            self._check_distinct(selection, restrictions)
        groups = self._groups(restrictions)
        if self._tree.partitionLimit and selection.aggregates and groups is None:
            self._source.fail(
                self._tree.partitionLimit,
                "PER PARTITION LIMIT is not allowed with aggregate queries.",
            )
        reverse = False
        order: RowOrder | NearOrder | None = None
        if near is not None:
            order = self._near(near, selection, restrictions, has_groups=groups is not None)
        elif orders:
            reverse = self._is_reversed(orders, restrictions)
            order = self._row_order(orders, selection, restrictions, reverse=reverse)
        limit = self._limit(self._tree.limit, "[limit]")
        partition_limit = self._limit(self._tree.partitionLimit, "[per_partition_limit]")
        with self._source.placing(self._tree.where() or self._tree):
            restrictions.bind(reads_static=any(c.is_static for c in selection.columns))
        for condition in restrictions.filters:
            selection.index(condition.column)
        return SelectStatement(
            text=self._source.text,
            schema=self._schema,
            selection=selection,
            restrictions=restrictions,
            groups=groups,
            order=order,
            is_reversed=reverse,
            is_distinct=self._is_distinct,
            limit=limit,
            partition_limit=partition_limit,
            notes=(*self._filtering_notes(restrictions), *self._notes),
        )

    def _selectable(self, context: Any) -> Selectable:
        return self._selects.selectable(context)

    def _is_reversed(self, orders: Sequence[Order], restrictions: Restrictions) -> bool:
        from cqlite.query.ordering import is_reversed

        return is_reversed(orders, self._schema, restrictions, self._source)

    def _filtering_notes(self, restrictions: Restrictions) -> Sequence[str]:
        """Why the statement needed ALLOW FILTERING, unless it has that."""
        if self._tree.K_FILTERING() is not None:
            return ()
        return [note.text for note in restrictions.notes]

    def _restrictions(self, *, selects_only_static: bool) -> Restrictions:
        partitioner = self._context.partitioner
        restrictions = Restrictions(self._schema, partitioner)
        where = self._tree.where()
        if where is not None:
            relations = RelationReader(self._reader, partitioner)
            for context in where.relation():
                with self._source.placing(context):
                    restrictions.add(relations.relation(context))
        with self._source.placing(where or self._tree):
            restrictions.check(selects_only_static=selects_only_static)
        return restrictions

    def _check_distinct(self, selection: Selection, restrictions: Restrictions) -> None:
        if self._tree.partitionLimit is not None:
            self._source.fail(
                self._tree.partitionLimit,
                "PER PARTITION LIMIT is not allowed with SELECT DISTINCT queries",
            )
        others = restrictions.others
        if restrictions.has_clustering or not all(column.is_static for column in others):
            self._source.fail(
                self._tree.where(),
                "SELECT DISTINCT with WHERE clause only supports restriction by partition key "
                "and/or static columns.",
            )
        for column in selection.columns:
            if column.kind not in (ColumnKind.PARTITION_KEY, ColumnKind.STATIC):
                self._source.fail(
                    self._tree.selectors(),
                    "SELECT DISTINCT queries must only request partition key columns and/or "
                    f"static columns (not {column.name})",
                )
        if not restrictions.is_key_range:
            return
        for column in self._schema.partition_key:
            if column not in selection.columns:
                self._source.fail(
                    self._tree.selectors(),
                    "SELECT DISTINCT queries must request all the partition key columns "
                    f"(missing {column.name})",
                )

    def _groups(self, restrictions: Restrictions) -> Callable[[], Groups] | None:
        contexts = self._tree.selectable()
        if not contexts:
            return None
        from cqlite.query.grouping import GroupReader

        reader = GroupReader(self._schema, restrictions, self._selects, self._source)

        def make() -> Groups:
            return reader.groups(contexts, is_distinct=self._is_distinct)

        make()
        return make

    def _near(
        self, near: Order, selection: Selection, restrictions: Restrictions, *, has_groups: bool
    ) -> NearOrder:
        from cqlite.query.ordering import near_index, near_order

        if has_groups or selection.aggregates:
            self._source.fail(near.context, "Top-K queries can not be run with aggregation")
        if self._tree.limit is None:
            self._source.fail(
                near.context,
                "Top-K queries must have a limit specified and the limit must be less than the "
                "query page size",
            )
        if self._tree.partitionLimit is not None:
            self._source.fail(near.context, "Top-K queries do not support per-partition limits")
        if near_index(near.column, self._schema) is None:
            self._notes.append(_NEEDS_INDEX)
        index = selection.index(near.column)
        return near_order(near, index, self._schema, self._context)

    def _row_order(
        self,
        orders: Sequence[Order],
        selection: Selection,
        restrictions: Restrictions,
        *,
        reverse: bool,
    ) -> RowOrder | None:
        if not restrictions.has_key_in:
            return None
        from cqlite.query.ordering import RowOrder

        columns = {order.column.name: order.column for order in orders}.values()
        found = [ColumnExpression(column, selection.index(column)) for column in columns]
        return RowOrder(found, reverse=reverse)

    def _limit(self, context: Any, name: str) -> int | None:
        if context is None:
            return None
        self._reader.refuse_marker(context)
        with self._source.placing(context):
            data = ConstantTerm(ConstantKind.INTEGER, context.getText()).value(Receiver(name, _INT))
            value: int = _INT.decode(data)
            if value <= 0:
                raise QueryError("LIMIT must be strictly positive")
        return value
