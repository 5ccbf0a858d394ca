"""Which engine merges a table's SSTables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.engine import ArrowStream
from cqlite.table.model import TableRow
from cqlite.table.plan import TablePlan
from cqlite.table.trace import Trace

if TYPE_CHECKING:
    from cqlite.table.reference import ReferenceTableReader


class TableReader(Protocol):
    """The SSTables of a table, merged by an engine."""

    def rows(self, plan: TablePlan, trace: Trace, *, cells: bool = False) -> Iterator[TableRow]:
        """The live rows that ``plan`` asks for; with ``cells`` when they were written."""

    def scan(self, plan: TablePlan) -> ArrowStream:
        """The same rows as record batches, or with ``metadata`` all that is stored."""


def native_reader(
    sstables: Sequence[SSTable],
    schema: TableSchema,
    reference: Callable[[], ReferenceTableReader],
    as_of: int | None,
) -> TableReader:
    """The native engine, with the reference engine on the same SSTables where it needs that."""
    from cqlite.table.native import NativeTableReader

    return NativeTableReader(sstables, schema, reference, as_of)
