"""A table as a pyarrow dataset, which is what DuckDB hands filters and columns to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from weakref import finalize

from cqlite.errors import CqliteError
from cqlite.frames.arrow_filter import conditions_of
from cqlite.frames.hints import Condition, where_of
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.select.plan import Empty
from cqlite.sstable.select.portable import Portable

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.table import Table

_FOR_DUCKDB = Portable()
"""Its intervals have microseconds, so durations become structs."""


class TableSource:
    """Scans of a table with the columns and the filter that a library asks for.

    Args:
        table: the table.
        portable: which types the library has.
        empty: what becomes of values without bytes that Arrow's types don't have.
        owns: whether the table is closed when nobody has this any more.

    Attributes:
        schema: the Arrow schema of all columns.
        error: why the latest scan that failed did so, else ``None``; the library that
            asked for it raises an error of its own.
        wheres: the WHERE clause of each scan so far, ``None`` for one of the whole table.
        known: conditions that hold for all rows that are wanted, whatever a filter says.
    """

    def __init__(
        self, table: Table, portable: Portable, empty: Empty = "error", *, owns: bool = False
    ) -> None:
        if owns:
            finalize(self, table.close)
        self._table = table
        self._portable = portable
        self._empty = empty
        self.schema: pa.Schema = portable.schema(table.scan().schema)
        self.error: CqliteError | None = None
        self.wheres: list[str | None] = []
        self.known: tuple[Condition, ...] = ()

    def batches(
        self, columns: Sequence[str] | None, where: str | None, limit: int | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows that ``where`` lets through."""
        self.wheres.append(where)
        scan = self._table.scan(columns, where, limit=limit, empty=self._empty)
        try:
            for batch in scan:
                yield self._portable.batch(batch)
        except CqliteError as error:
            self.error = error
            raise

    def where(self, filter: Any) -> str | None:
        """What a pyarrow expression, or ``None``, says of the key."""
        conditions = () if filter is None else conditions_of(filter, self.schema)
        known = self._table.schema, self._table.partitioner
        return where_of((*conditions, *self.known), *known)


class Scanner:
    """One scan, as DuckDB takes it from a dataset."""

    def __init__(self, source: TableSource, columns: Sequence[str] | None, filter: Any) -> None:
        self._source = source
        self._columns = list(source.schema.names if columns is None else columns)
        self._filter = filter

    @property
    def projected_schema(self) -> pa.Schema:
        """The schema of what comes."""
        schema = self._source.schema
        return pyarrow().schema([schema.field(name) for name in self._columns])

    def to_reader(self) -> pa.RecordBatchReader:
        """The rows."""
        schema = self.projected_schema
        return pyarrow().RecordBatchReader.from_batches(schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self._filter is None:
            for batch in self._source.batches(self._columns, self._source.where(None)):
                yield batch.select(self._columns)
            return
        needed = {*self._columns, *_names_in(self._filter, self._source.schema.names)}
        names = [name for name in self._source.schema.names if name in needed]
        for batch in self._source.batches(names, self._source.where(self._filter)):
            for found in _filtered(batch, self._filter):
                yield found.select(self._columns)


def _names_in(filter: Any, names: Sequence[str]) -> Iterator[str]:
    """Those of ``names`` that a pyarrow expression is about, and maybe others."""
    text = str(filter)
    for name in names:
        # Its text has names as they are, and texts that it compares with, too.
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield name


def _filtered(batch: pa.RecordBatch, filter: Any) -> Iterator[pa.RecordBatch]:
    """The rows of a batch that a pyarrow expression lets through."""
    try:
        found = batch.filter(filter)
    except NotImplementedError:
        # pyarrow cannot pick rows of all types, such as lists of UUIDs; it can slice them.
        yield from _slices(batch, filter)
        return
    if found.num_rows:
        yield found


def _slices(batch: pa.RecordBatch, filter: Any) -> Iterator[pa.RecordBatch]:
    from pyarrow.dataset import Scanner as ArrowScanner

    scanner = ArrowScanner.from_batches([batch], schema=batch.schema, columns={"is_in": filter})
    start = 0
    for is_in, rows in groupby(scanner.to_table().column(0).to_pylist()):
        number = sum(1 for _ in rows)
        if is_in:
            yield batch.slice(start, number)
        start += number


@cache
def _dataset_class() -> Any:
    from pyarrow.dataset import Dataset

    class TableDataset(Dataset):  # type: ignore[misc, unused-ignore]
        """A table that can be registered with DuckDB as a dataset."""

        def __init__(self, source: TableSource) -> None:
            self.source = source

        @property
        def schema(self) -> pa.Schema:
            return self.source.schema

        def scanner(
            self, columns: Sequence[str] | None = None, filter: Any = None, **_: Any
        ) -> Scanner:
            return Scanner(self.source, columns, filter)

    return TableDataset


def dataset(table: Table, empty: Empty = "error", *, owns: bool = False) -> Any:
    """``table`` as a ``pyarrow.dataset.Dataset`` for DuckDB: ``connection.register(name, …)``.

    Only the columns that a query needs are read, and what it says of the primary key is
    looked up. Durations are structs of months, days and nanoseconds.

    Args:
        table: the table.
        empty: what becomes of values without bytes that Arrow's types don't have.
        owns: whether the table is closed when nobody has the dataset any more.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed.
    """
    return _dataset_class()(TableSource(table, _FOR_DUCKDB, empty, owns=owns))
