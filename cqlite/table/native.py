"""The native engine: rows of many SSTables, merged in Rust."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from cqlite.io.native import native_function
from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.engine import ArrowStream
from cqlite.sstable.select.facts import ColumnFacts
from cqlite.sstable.select.plan import OutputColumn, PositionRange
from cqlite.table.model import CellTimes, TableRow
from cqlite.table.plan import TablePlan
from cqlite.table.trace import Trace

if TYPE_CHECKING:
    from cqlite.table.reference import ReferenceTableReader

_Wanted = tuple[tuple[str, int | None], ...]


class NativeTableReader:
    """The SSTables of a table, read by the native engine as far as that goes.

    Reversed scans and views that want live primary keys are the reference engine's.

    Args:
        sstables: opened with the table's schema; at least one.
        schema: that schema.
        reference: makes the reference engine on the same SSTables.
        as_of: microseconds; SSTables that were written later are not read. ``None`` for all.
    """

    def __init__(
        self,
        sstables: Sequence[SSTable],
        schema: TableSchema,
        reference: Callable[[], ReferenceTableReader],
        as_of: int | None = None,
    ) -> None:
        self._sstables = sstables
        self._schema = schema
        self._reference = reference
        self._as_of = as_of
        self._wanted: dict[tuple[tuple[OutputColumn, ...], bool], _Wanted] = {}

    @cached_property
    def _native(self) -> Any:
        as_of = self._as_of
        readers = [
            sstable.engine
            for sstable in self._sstables
            if as_of is None or sstable.metadata.stats.min_timestamp <= as_of
        ]
        partitioner = self._sstables[0].validation.partitioner
        make: Any = native_function("TableReader")
        return make(readers, _column_facts(self._schema), partitioner)

    def scan(self, plan: TablePlan) -> ArrowStream:
        """What ``plan`` asks for, as record batches."""
        if plan.reverse or (plan.strict_liveness and not plan.metadata):
            return self._reference().scan(plan)
        stream: ArrowStream = self._native.scan(plan)
        return stream

    def rows(self, plan: TablePlan, trace: Trace, *, cells: bool = False) -> Iterator[TableRow]:
        """The live rows that ``plan`` asks for; with ``cells`` when they were written.

        Raises:
            CorruptSSTableError: and what derives from it, at damage; the rows before it
                have been given.
        """
        restriction = plan.restriction
        if restriction.slices == ():
            return iter(())
        is_scan = restriction.keys is None
        is_bounded = restriction.positions != PositionRange()
        if plan.strict_liveness or (plan.reverse if is_scan else is_bounded):
            return self._reference().rows(plan, trace, cells=cells)
        if is_scan:
            return self._scanned(plan, cells=cells)
        found = self._lookups(plan, cells=cells)
        return found if plan.limit is None else islice(found, plan.limit)

    def _lookups(self, plan: TablePlan, *, cells: bool) -> Iterator[TableRow]:
        first = len(self._schema.clustering_columns)
        end = first + len(plan.columns)
        wanted = self._wanted_of(plan.columns)
        times = CellTimes if cells else None
        for key in plan.restriction.keys or ():
            found = self._native.rows(key, wanted, plan, times)
            for row in reversed(list(found)) if plan.reverse else found:
                told = row[end][first:] if cells else ()
                yield TableRow(key, _clustering(row[:first]), row[first:end], told)

    def _scanned(self, plan: TablePlan, *, cells: bool) -> Iterator[TableRow]:
        keys = len(self._schema.partition_key)
        first = keys + len(self._schema.clustering_columns)
        end = first + len(plan.columns)
        wanted = self._wanted_of(plan.columns, with_key=True)
        parts, key = None, b""
        for row in self._native.scan_rows(wanted, plan, CellTimes if cells else None):
            if row[:keys] != parts:
                parts = row[:keys]
                key = self._schema.join_key(parts)
            told = row[end][first:] if cells else ()
            yield TableRow(key, _clustering(row[keys:first]), row[first:end], told)

    def _wanted_of(self, columns: tuple[OutputColumn, ...], *, with_key: bool = False) -> _Wanted:
        """All clustering columns, then those of the plan; always the same object.

        Args:
            columns: those of the plan.
            with_key: whether all columns of the partition key come first.
        """
        wanted = self._wanted.get((columns, with_key))
        if wanted is None:
            keys = range(len(self._schema.partition_key) if with_key else 0)
            clusterings = range(len(self._schema.clustering_columns))
            wanted = (
                *(("partition_key", position) for position in keys),
                *(("clustering", position) for position in clusterings),
                *((column.kind, column.position) for column in columns),
            )
            self._wanted[columns, with_key] = wanted
        return wanted


def _clustering(values: tuple[bytes | None, ...]) -> tuple[bytes | None, ...] | None:
    """``None`` where there is no row: one has a value at least."""
    return None if values and values.count(None) == len(values) else values


def _column_facts(schema: TableSchema) -> list[ColumnFacts]:
    kinds = (
        ("partition_key", schema.partition_key),
        ("clustering", schema.clustering_columns),
        ("static", schema.static_columns),
        ("regular", schema.regular_columns),
    )
    return [
        ColumnFacts(column.name, column.type.marshal_name, kind)
        for kind, columns in kinds
        for column in columns
    ]
