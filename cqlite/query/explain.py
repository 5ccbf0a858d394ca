"""EXPLAIN: what a statement reads, by its restrictions and as it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cqlite.query.execute import Rows, execute
from cqlite.query.ordering import NearOrder
from cqlite.query.result import ResultColumn, ResultSet
from cqlite.query.statement import SelectStatement
from cqlite.query.totals import known_aggregates
from cqlite.schema import TableSchema
from cqlite.sstable.select.plan import PositionRange, Slice, SliceBound
from cqlite.table.trace import SSTableTrace, Trace
from cqlite.types import parse_type

_MOST_SHOWN: Final = 5
_TEXT: Final = parse_type("UTF8Type")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a statement reads.

    Attributes:
        plan: which partitions and rows are read, and what is done with them.
        notes: what Cassandra would want ALLOW FILTERING or an index for.
        rows: how many rows the result has.
        sstables: by their names, what was read of them, or why nothing was.
    """

    plan: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    rows: int
    sstables: dict[str, SSTableTrace]

    def lines(self) -> Iterator[tuple[str, str]]:
        """All of it for people: what it is about, and what there is to say."""
        yield from self.plan
        for note in self.notes:
            yield "filtering", note
        for name, trace in self.sstables.items():
            yield name, shown_trace(trace)
        yield "result", f"{self.rows} rows"

    def result(self) -> ResultSet:
        """The lines as a result of two columns."""
        columns = [ResultColumn("what", _TEXT), ResultColumn("how", _TEXT)]
        return ResultSet(columns, ((a.encode(), b.encode()) for a, b in self.lines()))


def explain(statement: SelectStatement, table: Rows, *, now: int) -> Explanation:
    """Executes a statement and tells what was read.

    Args:
        statement: what ``prepare`` gave.
        table: what it is about.
        now: seconds since 1970, as for ``execute``.

    Raises:
        QueryError, CorruptSSTableError: see ``execute``.
    """
    trace = Trace()
    rows = sum(1 for _ in execute(statement, table, now=now, trace=trace))
    return explanation(statement, table, trace, rows)


def explanation(statement: SelectStatement, table: Rows, trace: Trace, rows: int) -> Explanation:
    """What was read for a statement that has been executed.

    Args:
        trace: that of the execution.
        rows: how many rows came of it.
    """
    plan = [*plan_of(statement)]
    if known_aggregates(statement, table) is not None:
        plan = [("aggregate", "told by the SSTables' metadata alone")]
    return Explanation(tuple(plan), statement.notes, rows, trace.sstables)


def plan_of(statement: SelectStatement) -> Iterator[tuple[str, str]]:
    """What a statement reads and what it does with it, before it is executed."""
    schema, restrictions = statement.schema, statement.restrictions
    yield "partitions", _partitions(statement)
    if restrictions.slices is not None:
        yield "rows", _slices(schema, restrictions.slices)
    if statement.is_reversed:
        yield "rows", "from the last one of each partition"
    if restrictions.filters:
        yield "filter", " AND ".join(map(str, restrictions.filters))
    if statement.is_distinct:
        yield "distinct", "one row of each partition"
    if statement.groups is not None:
        yield "groups", "rows are grouped as they come"
    elif statement.aggregates_everything:
        yield "aggregate", "all rows become one"
    if isinstance(statement.order, NearOrder):
        yield "order", "all rows are compared with the vector and sorted"
    elif statement.order is not None:
        yield "order", "rows of all partitions are sorted"


def _partitions(statement: SelectStatement) -> str:
    restrictions, schema = statement.restrictions, statement.schema
    if restrictions.keys is None:
        return "all" if restrictions.positions == PositionRange() else "those of a range of tokens"
    keys = [schema.key_string(key) for key in restrictions.keys[:_MOST_SHOWN]]
    more = len(restrictions.keys) - len(keys)
    shown = ", ".join(keys) + (f" and {more} more" if more else "")
    return f"by key: {shown}" if keys else "none"


def _slices(schema: TableSchema, slices: tuple[Slice, ...]) -> str:
    shown = [_slice(schema, one) for one in slices[:_MOST_SHOWN]]
    if len(slices) > _MOST_SHOWN:
        shown.append(f"{len(slices) - _MOST_SHOWN} more")
    return "; ".join(shown) or "none"


def _slice(schema: TableSchema, one: Slice) -> str:
    start, end = _bound(schema, one.start), _bound(schema, one.end)
    if one.start == one.end:
        return f"those that begin with {start}" if one.start.values else "all"
    low = f"{'from' if one.start.inclusive else 'after'} {start}" if one.start.values else ""
    high = f"{'to' if one.end.inclusive else 'before'} {end}" if one.end.values else ""
    return " ".join(filter(None, (low, high)))


def _bound(schema: TableSchema, bound: SliceBound) -> str:
    columns = zip(schema.clustering_columns, bound.values, strict=False)
    return f"({', '.join(c.type.unwrap().to_cql_literal(value) for c, value in columns)})"


def shown_trace(trace: SSTableTrace) -> str:
    """What was read of an SSTable, or why nothing was."""
    if trace.skipped is not None:
        return f"skipped by its {trace.skipped}"
    parts = [
        f"{count} {what}"
        for count, what in (
            (trace.keys_filtered, "keys not in its tokens or Bloom filter"),
            (trace.keys_skipped, "keys deleted by newer ones"),
            (trace.index_lookups, "keys looked up in its index"),
            (trace.partitions, "partitions read"),
            (trace.index_blocks, "index blocks"),
            (trace.chunks, "chunks"),
        )
        if count
    ]
    return ", ".join(parts) or "nothing read"
