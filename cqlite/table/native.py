"""The native engine: rows of many SSTables, merged in Rust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
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

    Times of cells, rows in reversed order and earlier states of the table are the
    reference engine's.

    Args:
        sstables: opened with the table's schema; at least one.
        schema: that schema.
        reference: the reference engine on the same SSTables.
    """

    def __init__(
        self, sstables: Sequence[SSTable], schema: TableSchema, reference: ReferenceTableReader
    ) -> None:
        self._sstables = sstables
        self._schema = schema
        self._reference = reference
        self._wanted: dict[tuple[OutputColumn, ...], _Wanted] = {}

    @cached_property
    def _native(self) -> Any:
        readers = [sstable.engine for sstable in self._sstables]
        partitioner = self._sstables[0].validation.partitioner
        make: Any = native_function("TableReader")
        return make(readers, _column_facts(self._schema), partitioner)

    def scan(self, plan: TablePlan) -> ArrowStream:
        """The live rows that ``plan`` asks for, as record batches."""
        if not _is_plain(plan):
            return self._reference.scan(plan)
        stream: ArrowStream = self._native.scan(plan, plan.now)
        return stream

    def rows(self, plan: TablePlan, trace: Trace, *, cells: bool = False) -> Iterator[TableRow]:
        """The live rows that ``plan`` asks for; with ``cells`` when they were written.

        Raises:
            CorruptSSTableError: and what derives from it, at damage; the rows before it
                have been given.
        """
        is_lookup = plan.restriction.keys and plan.restriction.positions == PositionRange()
        if cells or not is_lookup or not _is_plain(plan):
            return self._reference.rows(plan, trace, cells=cells)
        return self._lookups(plan)

    def _lookups(self, plan: TablePlan) -> Iterator[TableRow]:
        restriction, left = plan.restriction, plan.limit
        clusterings = len(self._schema.clustering_columns)
        wanted = self._wanted_of(plan.columns)
        for key in restriction.keys or ():
            found = self._native.rows(key, wanted, restriction.slices, left, plan.now)
            for values in found:
                clustering = values[:clusterings]
                alone = clusterings > 0 and clustering.count(None) == clusterings
                yield TableRow(key, None if alone else clustering, values[clusterings:])
                if left is not None:
                    left -= 1

    def _wanted_of(self, columns: tuple[OutputColumn, ...]) -> _Wanted:
        """All clustering columns, then those of the plan; always the same object."""
        wanted = self._wanted.get(columns)
        if wanted is None:
            clusterings = range(len(self._schema.clustering_columns))
            wanted = (
                *(("clustering", position) for position in clusterings),
                *((column.kind, column.position) for column in columns),
            )
            self._wanted[columns] = wanted
        return wanted


def _is_plain(plan: TablePlan) -> bool:
    return not (plan.reverse or plan.strict_liveness or plan.as_of is not None)


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
