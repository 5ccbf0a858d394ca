"""The reference engine: rows of many SSTables, merged in Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from cqlite.errors import Where
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import Cell, Partition, Row
from cqlite.rows.live import LiveCells, deleted_up_to, has_deletion, is_live, live_cells
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select.plan import OutputColumn, Restriction
from cqlite.sstable.select.reference import NOWHERE, OutputRow, located
from cqlite.table.merge import Merger
from cqlite.table.model import CellTimes, TableRow, Times
from cqlite.table.plan import TablePlan
from cqlite.table.source import Source
from cqlite.table.stored import StoredRows, within
from cqlite.table.trace import Trace
from cqlite.types import Partitioner

if TYPE_CHECKING:
    from cqlite.sstable.select.engine import ArrowStream


class ReferenceTableReader:
    """The SSTables of a table, read by the reference engine.

    Args:
        sources: its SSTables, opened with the table's schema.
        schema: that schema.
        partitioner: that of all of them.
        where: the table, for errors about values.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        schema: TableSchema,
        partitioner: Partitioner,
        where: Where,
    ) -> None:
        self._schema = schema
        self._where = where
        types = [column.type for column in schema.clustering_columns]
        self._merger = Merger(sources, partitioner, types)

    def partitions(
        self, restriction: Restriction, trace: Trace, *, statics: bool = True
    ) -> Iterator[Partition]:
        """The merged partitions that ``restriction`` lets through, deletions kept."""
        return self._merger.partitions(restriction, trace, statics=statics)

    def rows(self, plan: TablePlan, trace: Trace, *, cells: bool = False) -> Iterator[TableRow]:
        """The live rows that ``plan`` asks for; with ``cells`` when they were written.

        Raises:
            CorruptSSTableError: and what derives from it, at damage; the rows before it
                have been given.
        """
        maker = _Rows(self._schema, plan, self._where, cells=cells)
        # Without slices, static columns alone make a row.
        statics = plan.restriction.slices is None or any(c.kind == "static" for c in plan.columns)
        partitions = self.partitions(plan.restriction, trace, statics=statics)
        rows = (row for partition in partitions for row in maker.of(partition))
        return rows if plan.limit is None else islice(rows, plan.limit)

    def scan(self, plan: TablePlan) -> ArrowStream:
        """The same rows as record batches, or with ``metadata`` all that is stored."""
        from cqlite.sstable.select.batches import ReferenceStream

        if plan.metadata:
            return ReferenceStream(plan, self._where, self._stored(plan))
        rows = (OutputRow(row.values, (), NOWHERE) for row in self.rows(plan, Trace()))
        return ReferenceStream(plan, self._where, rows)

    def _stored(self, plan: TablePlan) -> Iterator[OutputRow]:
        slices = plan.restriction.slices
        rows = StoredRows(self._schema, plan.columns, self._where, {})
        order = ClusteringComparator([column.type for column in self._schema.clustering_columns])
        if slices == ():
            return
        # Of ranges their starts and ends are told, wherever slices begin.
        for partition in self.partitions(replace(plan.restriction, slices=None), Trace()):
            yield from rows.all(partition, within(partition, slices, order))


class _Rows:
    """Rows of the answer from merged partitions."""

    def __init__(self, schema: TableSchema, plan: TablePlan, where: Where, *, cells: bool) -> None:
        self._schema = schema
        self._plan = plan
        self._where = where
        self._with_cells = cells
        self._columns = [_column(schema, output) for output in plan.columns]

    def of(self, partition: Partition) -> Iterator[TableRow]:
        """The live rows of a partition, or its static columns alone."""
        now = self._plan.now
        static = {} if partition.static_row is None else live_cells(partition.static_row, now)
        is_empty = True
        for row in self._ordered(partition):
            cells = self._live(row)
            if cells is not None:
                is_empty = False
                yield self._row(partition.key, row.clustering, static, cells)
        if is_empty and static and self._plan.restriction.slices is None:
            yield self._row(partition.key, None, static, {})

    def _ordered(self, partition: Partition) -> Iterator[Row]:
        if not self._plan.reverse:
            return partition.rows()
        return iter([row for row in partition.rows() if self._live(row) is not None][::-1])

    def _live(self, row: Row) -> LiveCells | None:
        now = self._plan.now
        alive = is_live(row.liveness, deleted_up_to(row.deletion), now)
        if not alive and self._plan.strict_liveness and has_deletion(row, now):
            return None
        cells = live_cells(row, now)
        return cells if alive or cells else None

    def _row(
        self,
        key: bytes,
        clustering: tuple[bytes | None, ...] | None,
        static: LiveCells,
        regular: LiveCells,
    ) -> TableRow:
        # By kind, since a column may have been dropped and added again as the other one.
        cells = [(static if c.is_static else regular).get(c.name) for c in self._columns]
        with located(self._where.at(field="partition key")):
            parts = self._schema.split_key(key)
        values: list[bytes | None] = []
        for output, column, found in zip(self._plan.columns, self._columns, cells, strict=True):
            if output.kind == "partition_key":
                values.append(parts[column.position])
            elif output.kind == "clustering":
                values.append(_part(clustering, column.position))
            else:
                with located(self._where.at(field=column.name)):
                    values.append(_value(column, found))
        return TableRow(key, clustering, tuple(values), self._times(cells))

    def _times(self, cells: Sequence[Cell | Sequence[Cell] | None]) -> tuple[Times, ...]:
        return tuple(_times(found) for found in cells) if self._with_cells else ()


def _column(schema: TableSchema, output: OutputColumn) -> ColumnMetadata:
    columns: Mapping[str, Sequence[ColumnMetadata]] = {
        "partition_key": schema.partition_key,
        "clustering": schema.clustering_columns,
        "static": schema.static_columns,
        "regular": schema.regular_columns,
    }
    assert output.position is not None
    return columns[output.kind][output.position]


def _part(clustering: tuple[bytes | None, ...] | None, position: int) -> bytes | None:
    """Tables with COMPACT STORAGE may have shorter clusterings."""
    if clustering is None or position >= len(clustering):
        return None
    return clustering[position]


def _value(column: ColumnMetadata, found: Cell | Sequence[Cell] | None) -> bytes | None:
    if not found:
        return None
    if isinstance(found, Cell):
        return found.raw
    return column.type.pack((cell.path or b"", cell.raw) for cell in found)


def _times(found: Cell | Sequence[Cell] | None) -> Times:
    if not found:
        return None
    if isinstance(found, Cell):
        return _cell_times(found)
    return tuple(_cell_times(cell) for cell in found)


def _cell_times(cell: Cell) -> CellTimes:
    return CellTimes(
        cell.timestamp, cell.ttl, None if cell.ttl is None else cell.local_deletion_time
    )
