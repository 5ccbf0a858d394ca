"""The native engine: rows of many SSTables, merged in Rust."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.engine import ArrowStream, native_function
from cqlite.sstable.select.facts import ColumnFacts
from cqlite.sstable.select.plan import OutputColumn, PositionRange
from cqlite.table.model import TableRow
from cqlite.table.plan import TablePlan
from cqlite.table.trace import Trace

if TYPE_CHECKING:
    from cqlite.table.reference import ReferenceTableReader

_Wanted = tuple[tuple[str, int | None], ...]


class NativeTableReader:
    """The SSTables of a table, read by the native engine as far as that goes.

    Times of cells, earlier states of the table and views that want live primary keys are
    the reference engine's.

    Args:
        sstables: opened with the table's schema; at least one.
        schema: that schema.
        reference: makes the reference engine on the same SSTables.
    """

    def __init__(
        self,
        sstables: Sequence[SSTable],
        schema: TableSchema,
        reference: Callable[[], ReferenceTableReader],
    ) -> None:
        self._sstables = sstables
        self._schema = schema
        self._reference = reference
        self._wanted: dict[tuple[tuple[OutputColumn, ...], bool], _Wanted] = {}

    @cached_property
    def _native(self) -> Any:
        readers = [sstable.engine for sstable in self._sstables]
        partitioner = self._sstables[0].validation.partitioner
        make: Any = native_function("TableReader")
        return make(readers, _column_facts(self._schema), partitioner)

    def scan(self, plan: TablePlan) -> ArrowStream:
        """The live rows that ``plan`` asks for, as record batches."""
        if plan.reverse or not _is_plain(plan):
            return self._reference().scan(plan)
        stream: ArrowStream = self._native.scan(plan, plan.now)
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
        if cells or not _is_plain(plan):
            return self._reference().rows(plan, trace, cells=cells)
        if restriction.keys is None:
            return self._reference().rows(plan, trace) if plan.reverse else self._scanned(plan)
        if restriction.positions != PositionRange():
            return self._reference().rows(plan, trace)
        found = self._lookups(plan)
        return found if plan.limit is None else islice(found, plan.limit)

    def _lookups(self, plan: TablePlan) -> Iterator[TableRow]:
        restriction = plan.restriction
        # The last rows of a partition are only known at its end.
        limit = None if plan.reverse else plan.limit
        clusterings = len(self._schema.clustering_columns)
        wanted = self._wanted_of(plan.columns)
        for key in restriction.keys or ():
            found = self._native.rows(key, wanted, restriction.slices, limit, plan.now)
            for values in reversed(list(found)) if plan.reverse else found:
                clustering = _clustering(values[:clusterings])
                yield TableRow(key, clustering, values[clusterings:])

    def _scanned(self, plan: TablePlan) -> Iterator[TableRow]:
        restriction = plan.restriction
        keys = len(self._schema.partition_key)
        first = keys + len(self._schema.clustering_columns)
        found = self._native.scan_rows(
            self._wanted_of(plan.columns, with_key=True),
            restriction.positions.start,
            restriction.positions.end,
            restriction.slices,
            plan.limit,
            plan.now,
        )
        parts, key = None, b""
        for values in found:
            if values[:keys] != parts:
                parts = values[:keys]
                key = self._schema.join_key(parts)
            yield TableRow(key, _clustering(values[keys:first]), values[first:])

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


def _is_plain(plan: TablePlan) -> bool:
    return not (plan.strict_liveness or plan.as_of is not None)


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
