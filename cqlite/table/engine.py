"""Which engine merges a table's SSTables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.engine import ArrowStream, engine
from cqlite.table.model import TableRow
from cqlite.table.plan import TablePlan
from cqlite.table.reference import ReferenceTableReader
from cqlite.table.trace import Trace


class TableReader(Protocol):
    """The SSTables of a table, merged by an engine."""

    def rows(self, plan: TablePlan, trace: Trace, *, cells: bool = False) -> Iterator[TableRow]:
        """The live rows that ``plan`` asks for; with ``cells`` when they were written."""

    def scan(self, plan: TablePlan) -> ArrowStream:
        """The same rows as record batches."""


def table_reader(
    sstables: Sequence[SSTable], schema: TableSchema, reference: ReferenceTableReader
) -> TableReader:
    """What ``reference`` reads, read by the engine that ``cqlite.engine()`` names.

    What is behind URLs only the reference engine reads.

    Raises:
        UnsupportedFeatureError: the engine that is asked for is not installed.
    """
    if engine() == "reference" or any(s.components.is_remote for s in sstables):
        return reference
    from cqlite.table.native import NativeTableReader

    return NativeTableReader(sstables, schema, reference)
