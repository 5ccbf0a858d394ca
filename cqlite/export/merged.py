"""The rows of a table: its SSTables merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cqlite.export.tables import BATCH_ROWS, Query
from cqlite.sstable.select.tokens import TokenRange, split_tokens
from cqlite.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.sstable.select.scan import Scan


class MergedRows:
    """Rows of a table as SELECT gives them; see ``TableRows`` for the rows as they stand.

    Args:
        table: opened.
        query: what is wanted; without ``metadata``.

    Attributes:
        length: None, since rows of many SSTables are from no one place.
        position: 0, for the same reason.
        rows: how many rows have been given.
    """

    def __init__(self, table: Table, query: Query) -> None:
        self._table = table
        self._query = query
        self.length: int | None = None
        self.position = 0
        self.rows = 0

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of all rows; raises what ``Table.scan`` does."""
        return self._scan(None).schema

    def batches(self, token_range: TokenRange | None = None) -> Iterator[pa.RecordBatch]:
        """Record batches in the order of tokens.

        Raises:
            CqliteError: as iterating over a ``Scan``.
        """
        for batch in self._scan(token_range):
            self.rows += batch.num_rows
            yield batch

    def _scan(self, token_range: TokenRange | None) -> Scan:
        query = self._query
        return self._table.scan(
            query.columns,
            query.where,
            token_range=token_range,
            limit=None if query.limit is None else query.limit - self.rows,
            batch_rows=BATCH_ROWS,
            decimals=query.decimals,
            empty=query.empty,
            threads=query.threads,
        )

    def split(self, parts: int) -> list[TokenRange]:
        """Ranges of tokens that together have all rows, of about as many tokens each.

        Raises:
            UnsupportedFeatureError: tokens are no numbers.
        """
        ends = [token for sstable in self._table.sstables for token in sstable.token_range]
        return list(split_tokens(self._table.partitioner, min(ends), max(ends), parts))
