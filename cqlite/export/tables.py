"""The rows of several SSTables of a table, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from cqlite.errors import SchemaError, UnsupportedFeatureError
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.plan import Empty
from cqlite.sstable.select.scan import Scan
from cqlite.sstable.select.tokens import TokenRange, split_tokens

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS: Final = 16_384
"""Rows of a batch. They are written one after another: larger ones would only take more memory."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted of each SSTable; see ``SSTable.scan``.

    Attributes:
        columns: names, ``None`` for all.
        where: a WHERE clause without the word.
        limit: rows at most of all SSTables together.
        metadata: whether deletions are rows, and times columns.
        decimals: precision and scale of columns that become decimals.
        empty: what becomes of values without bytes.
        threads: how many threads may work.
    """

    columns: Sequence[str] | None = None
    where: str | None = None
    limit: int | None = None
    metadata: bool = False
    decimals: Mapping[str, tuple[int, int]] | None = None
    empty: Empty = "error"
    threads: int = 1


class ExportedRows(Protocol):
    """Rows to be exported, of one table.

    Attributes:
        length: how many bytes are to be read, ``None`` where that says nothing.
        position: how many of them have been.
        rows: how many rows have been given.
    """

    length: int | None
    position: int
    rows: int

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of all rows."""

    def batches(self, token_range: TokenRange | None = None) -> Iterator[pa.RecordBatch]:
        """Record batches, of all tokens or of a range of them."""

    def split(self, parts: int) -> list[TokenRange]:
        """Ranges of tokens that together have all rows, of about as many tokens each."""


class TableRows:
    """Rows of the SSTables of one table, each as it stands in its file.

    Args:
        sstables: all of them opened with one schema, such as :func:`common_schema`'s.
        query: what is wanted.

    Attributes:
        length: bytes of the uncompressed Data.db of all SSTables.
        position: how many of them are done with.
        rows: how many rows have been given.
    """

    def __init__(self, sstables: Sequence[SSTable], query: Query) -> None:
        self._sstables = sstables
        self._query = query
        self.length: int | None = sum(sstable.data_length for sstable in sstables)
        self.position = 0
        self.rows = 0

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of all rows; raises what ``SSTable.scan`` does."""
        return self._scan(self._sstables[0], None).schema

    def batches(self, token_range: TokenRange | None = None) -> Iterator[pa.RecordBatch]:
        """Record batches, those of one SSTable after those of another.

        Raises:
            CqliteError: as iterating over a ``Scan``.
        """
        for sstable in self._sstables:
            scan = self._scan(sstable, token_range)
            if scan.plan.limit == 0:
                return
            before = self.position
            for batch in scan:
                self.rows += batch.num_rows
                self.position = before + scan.position
                yield batch
            if token_range is None:
                self.position = before + sstable.data_length

    def _scan(self, sstable: SSTable, token_range: TokenRange | None) -> Scan:
        query = self._query
        limit = query.limit
        return sstable.scan(
            query.columns,
            query.where,
            token_range=token_range,
            limit=None if limit is None else limit - self.rows,
            batch_rows=BATCH_ROWS,
            metadata=query.metadata,
            decimals=query.decimals,
            empty=query.empty,
            threads=query.threads,
        )

    def split(self, parts: int) -> list[TokenRange]:
        """Ranges of tokens that together have all rows, of about as many tokens each.

        Raises:
            UnsupportedFeatureError: tokens are no numbers, or the SSTables have different
                partitioners.
        """
        partitioner = self._sstables[0].partitioner
        if any(sstable.partitioner != partitioner for sstable in self._sstables):
            raise UnsupportedFeatureError("the SSTables have different partitioners")
        ends = [token for sstable in self._sstables for token in sstable.token_range]
        return list(split_tokens(partitioner, min(ends), max(ends), parts))


def common_schema(schemas: Sequence[TableSchema]) -> TableSchema:
    """The schema of a table whose SSTables have these: with the columns of all of them.

    Raises:
        SchemaError: they are not of one table.
    """
    first = schemas[0]
    columns: dict[str, ColumnMetadata] = {}
    for schema in schemas:
        _check_same_key(first, schema)
        for column in (*schema.static_columns, *schema.regular_columns):
            known = columns.setdefault(column.name, column)
            if (known.type, known.kind) != (column.type, column.kind):
                raise SchemaError(
                    f"column {column.name} is {known.kind} {known.type.cql_name} in one SSTable "
                    f"and {column.kind} {column.type.cql_name} in another"
                )
    ordered = sorted(columns.values(), key=ColumnMetadata.sort_key)
    return replace(
        first,
        static_columns=tuple(column for column in ordered if column.is_static),
        regular_columns=tuple(column for column in ordered if not column.is_static),
    )


def _check_same_key(first: TableSchema, other: TableSchema) -> None:
    names = [f"{schema.keyspace}.{schema.name}" for schema in (first, other)]
    if names[0] != names[1]:
        raise SchemaError(f"SSTables of several tables: {names[0]} and {names[1]}")
    for kind in ("partition_key", "clustering_columns"):
        left, right = ([c.type for c in getattr(schema, kind)] for schema in (first, other))
        if left != right:
            raise SchemaError(f"SSTables of tables with different primary keys: {names[0]}")
