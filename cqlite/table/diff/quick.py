"""Which parts of two tables may differ at all: whole batches of rows are compared as bytes.

Replicas and snapshots mostly agree. Where the native engine scans both, parts of the token
range are compared batch by batch, and those that differ are split further, so that only few
rows are left to be compared one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.sstable.select.tokens import TokenRange, split_tokens
from cqlite.table.diff.progress import Compared
from cqlite.types import Murmur3Partitioner, RandomPartitioner, Token

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.sstable.select.scan import Scan
    from cqlite.table.table import Table

_PART_ROWS: Final = 100_000
"""About so many rows are in a part to begin with."""

_LEAST_ROWS: Final = 1000
"""Parts with no more rows than about so many are not split."""

_SPLIT: Final = 8


def parts_that_differ(
    left: Table,
    right: Table,
    columns: Sequence[str] | None,
    compared: Compared | None = None,
) -> Iterator[TokenRange]:
    """Ranges of tokens, in their order, outside of which both tables have the same rows.

    The only one is that of all tokens where that cannot be found out quickly.

    Args:
        left: the one.
        right: the other, of the same partitioner and primary key.
        columns: names of the columns that are compared, all by default.
        compared: is told what has been.

    Raises:
        CorruptSSTableError: and what derives from it, at damage; ranges before it have been
            given.
    """
    comparison = _Comparison.of(left, right, columns, compared)
    if comparison is None:
        yield None, None
        return
    yield from comparison.parts()


class _Comparison:
    """Compares scans of two tables.

    Args:
        left: the one.
        right: the other.
        columns: names of the columns outside of the key that are compared.
        compared: is told what has been.
    """

    def __init__(
        self, left: Table, right: Table, columns: Sequence[str], compared: Compared | None
    ) -> None:
        self._tables = left, right
        self._columns = columns
        self._compared = compared

    @staticmethod
    def of(
        left: Table, right: Table, columns: Sequence[str] | None, compared: Compared | None
    ) -> _Comparison | None:
        """A comparison of two tables, ``None`` where rows have to be compared one by one."""
        if not (left.is_native and right.is_native):
            return None
        if not isinstance(left.partitioner, Murmur3Partitioner | RandomPartitioner):
            return None
        others = (*left.schema.static_columns, *left.schema.regular_columns)
        names = [c.name for c in others if columns is None or c.name in columns]
        if columns is None and set(names) != _names(right):
            return None
        comparison = _Comparison(left, right, names, compared)
        try:
            one, other = (comparison._scan(table, (None, None)).schema for table in (left, right))
        except (UnsupportedFeatureError, InvalidValueError):
            return None
        return comparison if _are_alike(one, other, len(names)) else None

    def _scan(self, table: Table, part: TokenRange) -> Scan:
        # Without a schema key columns have other names than with one.
        keys = (*table.schema.partition_key, *table.schema.clustering_columns)
        return table.scan([*(key.name for key in keys), *self._columns], token_range=part)

    def parts(self) -> Iterator[TokenRange]:
        """The parts that differ."""
        ends = [end for table in self._tables for s in table.sstables for end in s.token_range]
        rows = max(sum(s.metadata.stats.total_rows for s in t.sstables) for t in self._tables)
        number = rows // _PART_ROWS + 1
        yield from self._split((None, None), min(ends), max(ends), number, rows)

    def _split(
        self, part: TokenRange, first: Token, last: Token, number: int, rows: int
    ) -> Iterator[TokenRange]:
        """Those of ``number`` parts of a part that differ.

        Args:
            part: tokens above the first up to and with the second, ``None`` for no bound.
            first: no token in the part is below.
            last: none is above.
            number: how many parts to make.
            rows: about how many rows are in it.
        """
        partitioner = self._tables[0].partitioner
        start, end = part
        bounds = list(split_tokens(partitioner, first, last, number))
        bounds[0], bounds[-1] = (start, bounds[0][1]), (bounds[-1][0], end)
        if number == 1:
            bounds = [part]
        for piece in bounds:
            low = first if piece[0] is None else Token(partitioner, _value(piece[0]))
            high = last if piece[1] is None else Token(partitioner, _value(piece[1]))
            few = rows // number <= _LEAST_ROWS or high.value - low.value < _SPLIT
            if not self._is_same(piece):
                if few:
                    yield piece
                else:
                    yield from self._split(piece, low, high, _SPLIT, rows // number)
            if self._compared is not None:
                self._compared.up_to(high.value)

    def _is_same(self, part: TokenRange) -> bool:
        """Whether a part of the tables surely has the same rows."""
        left, right = (_Rows(self._scan(table, part)) for table in self._tables)
        try:
            while True:
                number = min(left.available(), right.available())
                if not number:
                    return left.available() == right.available()
                if left.take(number) != right.take(number):
                    return False
        except InvalidValueError:
            # A value that Arrow doesn't have, such as an empty one: the rows will tell.
            return False


class _Rows:
    """The rows of a scan, taken in whatever portions."""

    def __init__(self, scan: Scan) -> None:
        self._batches: Iterator[pa.RecordBatch] = iter(scan)
        self._batch: pa.RecordBatch | None = None
        self._taken = 0

    def available(self) -> int:
        """How many rows can be taken at once; 0 at the end."""
        while self._batch is None or self._taken == self._batch.num_rows:
            self._batch, self._taken = next(self._batches, None), 0
            if self._batch is None:
                return 0
        return int(self._batch.num_rows) - self._taken

    def take(self, number: int) -> bytes:
        """So many rows, which are available, as bytes; the same bytes are the same rows."""
        assert self._batch is not None
        part = self._batch.slice(self._taken, number)
        self._taken += number
        return _bytes(part)


def _are_alike(left: pa.Schema, right: pa.Schema, count: int) -> bool:
    """Whether types are the same, and names of the last ``count`` columns, all but the key."""
    start = len(left) - count
    return bool(left.types == right.types and left.names[start:] == right.names[start:])


def _bytes(batch: pa.RecordBatch) -> bytes:
    return bytes(batch.serialize().to_pybytes())


def _names(table: Table) -> set[str]:
    schema = table.schema
    return {column.name for column in chain(schema.static_columns, schema.regular_columns)}


def _value(bound: Token | int) -> int:
    return int(bound.value) if isinstance(bound, Token) else bound
