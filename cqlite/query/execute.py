"""Statements executed over tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from cqlite.query.expressions import InputRow
from cqlite.query.result import ResultSet, Row
from cqlite.query.statement import SelectStatement
from cqlite.sstable.select.plan import Restriction
from cqlite.sstable.select.where.filters import Filter
from cqlite.table.model import TableRow
from cqlite.table.trace import Trace
from cqlite.types import CqlType, parse_type

_LONG = parse_type("LongType")


class Rows(Protocol):
    """What statements read: a ``Table``, or what has rows like one."""

    def rows(
        self,
        columns: Sequence[str] | None = None,
        restriction: Restriction = ...,
        *,
        cells: bool = False,
        now: int | None = None,
        reverse: bool = False,
        trace: Trace | None = None,
    ) -> Iterator[TableRow]:
        """See ``Table.rows``."""


def execute(
    statement: SelectStatement, table: Rows, *, now: int, trace: Trace | None = None
) -> ResultSet:
    """The result of a statement.

    Args:
        statement: what ``prepare`` gave.
        table: what it is about.
        now: seconds since 1970, by which what has a time to live is expired or not.
        trace: to which is added what is read while iterating.

    Raises:
        QueryError: while iterating; a function cannot be applied to the values.
        CorruptSSTableError: while iterating; and what derives from it.
    """
    return ResultSet(
        statement.result_columns,
        _Execution(statement, table, now, trace).result(),
        keyspace=statement.schema.keyspace,
        table=statement.schema.name,
    )


class _Execution:
    """One execution of a statement."""

    def __init__(
        self, statement: SelectStatement, table: Rows, now: int, trace: Trace | None
    ) -> None:
        self._statement = statement
        self._table = table
        self._now = now
        self._trace = trace
        self._selection = statement.selection
        self._filters = [
            (condition, self._selection.index(condition.column))
            for condition in statement.restrictions.filters
        ]
        self._counters = [
            (index, column.type)
            for index, column in enumerate(self._selection.columns)
            if column.type.is_counter
        ]

    def result(self) -> Iterator[Row]:
        """The rows of the result."""
        statement = self._statement
        if statement.aggregates_everything:
            found = self._aggregated()
        elif statement.groups is not None:
            found = self._groups()
        else:
            found = self._limited_by_partition(self._rows())
        order = statement.order
        if order is not None:
            found = iter(sorted(self._ordered(found), key=order.key))
        return map(self._selection.output, islice(found, statement.limit))

    def _ordered(self, rows: Iterator[InputRow]) -> Iterator[InputRow]:
        from cqlite.query.ordering import NearOrder

        order = self._statement.order
        if isinstance(order, NearOrder):
            return (row for row in rows if order.includes(row))
        return rows

    # Rows.

    def _read(self) -> Iterator[TableRow]:
        restrictions = self._statement.restrictions
        names = [column.name for column in self._selection.columns]
        keys = restrictions.keys
        wanted = (
            [Restriction(None, restrictions.positions, restrictions.slices)]
            if keys is None
            else [Restriction((key,), slices=restrictions.slices) for key in keys]
        )
        for restriction in wanted:
            yield from self._table.rows(
                names,
                restriction,
                cells=self._selection.needs_times,
                now=self._now,
                reverse=self._statement.is_reversed,
                trace=self._trace,
            )

    def _rows(self) -> Iterator[tuple[TableRow, InputRow]]:
        """The rows that the restrictions let through; of DISTINCT one for each partition."""
        keeps_static = self._statement.restrictions.keeps_static_rows
        is_distinct = self._statement.is_distinct
        last: bytes | None = None
        for row in self._read():
            if row.clustering is None and not keeps_static:
                continue
            if is_distinct and row.key == last:
                continue
            given = InputRow(self._values(row), row.cells, self._now)
            if all(_accepts(condition, given.values[at]) for condition, at in self._filters):
                last = row.key
                yield row, given

    def _values(self, row: TableRow) -> Sequence[bytes | None]:
        if not self._counters:
            return row.values
        values = list(row.values)
        for index, kind in self._counters:
            values[index] = _total(kind, values[index])
        return values

    def _limited_by_partition(
        self, rows: Iterator[tuple[TableRow, InputRow]]
    ) -> Iterator[InputRow]:
        key, count = b"", 0
        for row, given in rows:
            key, count = row.key, count + 1 if row.key == key else 1
            if not self._is_beyond(count):
                yield given

    # Groups.

    def _aggregated(self) -> Iterator[InputRow]:
        """All rows as one; there is one even without rows."""
        from cqlite.query.totals import known_aggregates

        known = known_aggregates(self._statement, self._table)
        if known is not None:
            yield InputRow([None] * len(self._selection.columns), (), self._now, known)
            return
        first: InputRow | None = None
        aggregates = [one.function.new() for one in self._selection.aggregates]
        for _, row in self._rows():
            first = first or row
            self._add(row, aggregates)
        first = first or InputRow([None] * len(self._selection.columns), (), self._now)
        first.aggregates = aggregates
        yield first

    def _add(self, row: InputRow, aggregates: Sequence[object]) -> None:
        for expression, aggregate in zip(self._selection.aggregates, aggregates, strict=True):
            expression.add(row, aggregate)  # type: ignore[arg-type]

    def _groups(self) -> Iterator[InputRow]:
        """The first row of each group with what the group adds up to.

        Of groups that a partition has too many nothing is computed, as it could fail.
        """
        assert self._statement.groups is not None
        groups = self._statement.groups()
        key, first, count = b"", None, 0
        for row, given in self._rows():
            if groups.is_new(row):
                if first is not None:
                    yield first
                key, count = row.key, count + 1 if row.key == key else 1
                given.aggregates = [one.function.new() for one in self._selection.aggregates]
                first = None if self._is_beyond(count) else given
            if first is not None:
                self._add(given, first.aggregates)
        if first is not None:
            yield first

    def _is_beyond(self, count: int) -> bool:
        """Whether a partition's rows are more than it may have."""
        limit = self._statement.partition_limit
        return limit is not None and count > limit


def _accepts(condition: Filter, value: bytes | None) -> bool:
    return value is not None and condition.accepts(value)


def _total(kind: CqlType, context: bytes | None) -> bytes | None:
    """A counter's sum as ``bigint``."""
    return None if context is None else _LONG.encode(kind.decode(context))
