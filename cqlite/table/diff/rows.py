"""Live rows of two tables, compared in the order of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING

from cqlite.errors import SchemaError
from cqlite.index import ClusteringPrefix
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select.plan import Restriction
from cqlite.sstable.select.tokens import positions_of
from cqlite.table.diff.join import check_comparable, joined
from cqlite.table.diff.model import CellDifference, Clustering, RowDifference, Side
from cqlite.table.diff.progress import Compared
from cqlite.table.diff.quick import parts_that_differ
from cqlite.table.model import TableRow, Times

if TYPE_CHECKING:
    from cqlite.table.table import Table

_Values = Sequence[tuple[bytes | None, Times]]


def diff_rows(
    left: Table,
    right: Table,
    restriction: Restriction,
    columns: Sequence[str] | None = None,
    compared: Compared | None = None,
) -> Iterator[RowDifference]:
    """The live rows that are in one of two tables only, or have different values.

    Args:
        left: the one.
        right: the other.
        restriction: partitions and rows that are compared.
        columns: names of the columns that are compared, all by default.
        compared: is told what has been.

    Yields:
        differences in the order of partitions, and of rows within them; static columns
        come first, once for a partition.

    Raises:
        SchemaError: the tables' keys are of different types, or there is no such column.
        CorruptSSTableError: and what derives from it, at damage; differences before it
            have been given.
    """
    check_comparable(left.schema, right.schema)
    asked = _asked(left.schema, right.schema, columns)
    if restriction != Restriction():
        yield from _one_by_one(left, right, restriction, asked, compared)
        return
    for part in parts_that_differ(left, right, columns, compared):
        positions = positions_of(left.partitioner, part)
        yield from _one_by_one(left, right, Restriction(positions=positions), asked, compared)


def _one_by_one(
    left: Table,
    right: Table,
    restriction: Restriction,
    columns: Sequence[ColumnMetadata],
    compared: Compared | None,
) -> Iterator[RowDifference]:
    one, other = (_Side(table, columns, restriction) for table in (left, right))
    statics = [column if column.is_static else None for column in columns]
    regulars = [None if column.is_static else column for column in columns]
    for a, b in joined(one.partitions(), other.partitions()):
        key = _key(a, b)
        first = None if a is None else one.values(a.first)
        match = None if b is None else other.values(b.first)
        static = _difference(key, None, statics, first, match)
        if static is not None and static.cells:
            yield static
        for row, same in joined(one.rows(a), other.rows(b)):
            place = _clustering(row, same)
            found = _difference(key, place, regulars, one.values(row), other.values(same))
            if found is not None:
                yield found
        if compared is not None:
            compared.partition(key)


def _asked(
    left: TableSchema, right: TableSchema, names: Sequence[str] | None
) -> list[ColumnMetadata]:
    """The static and regular columns that any of the tables has, or those in ``names``."""
    found: dict[str, ColumnMetadata] = {}
    for schema in (left, right):
        for column in (*schema.static_columns, *schema.regular_columns):
            found.setdefault(column.name, column)
    for name in names or ():
        if name not in found:
            raise SchemaError(f"no column {name} outside of the key; there are {', '.join(found)}")
    return [column for name, column in found.items() if names is None or name in names]


@dataclass(frozen=True, slots=True)
class _PartitionRows:
    """The rows of a partition; all of them have the static columns' values."""

    key: bytes
    first: TableRow
    rest: Iterator[TableRow]


def _key(left: _PartitionRows | None, right: _PartitionRows | None) -> bytes:
    found = left or right
    assert found is not None
    return found.key


def _clustering(left: TableRow | None, right: TableRow | None) -> Clustering | None:
    found = left or right
    assert found is not None
    return found.clustering


class _Side:
    """One of the tables, as it is compared.

    Args:
        table: the table.
        columns: those that are compared, be they in this table or not.
        restriction: what is wanted.
    """

    def __init__(
        self, table: Table, columns: Sequence[ColumnMetadata], restriction: Restriction
    ) -> None:
        self._table = table
        self._restriction = restriction
        self._names = [c.name for c in columns if table.schema.column(c.name) is not None]
        places = {name: index for index, name in enumerate(self._names)}
        self._places = [places.get(column.name) for column in columns]
        self._types = [column.type for column in table.schema.clustering_columns]

    def partitions(self) -> Iterator[tuple[bytes, _PartitionRows]]:
        """Partitions with live rows or static columns, by their places."""
        place = self._table.partitioner.byte_comparable
        rows = self._table.rows(self._names, self._restriction, cells=True)
        for key, group in groupby(rows, key=lambda row: row.key):
            # A group is gone once the next one is asked for, which is after it was compared.
            rest = iter(group)
            yield place(key), _PartitionRows(key, next(rest), rest)

    def rows(self, partition: _PartitionRows | None) -> Iterator[tuple[bytes, TableRow]]:
        """The rows of a partition by their places; none of none."""
        if partition is None:
            return
        for row in chain((partition.first,), partition.rest):
            if row.clustering is not None:
                yield ClusteringPrefix(row.clustering).byte_comparable(self._types), row

    def values(self, row: TableRow | None) -> _Values | None:
        """A row's values of the columns that are compared, ``None`` without a row."""
        if row is None:
            return None
        return [
            (None, None) if place is None else (row.values[place], row.cells[place])
            for place in self._places
        ]


def _difference(
    key: bytes,
    clustering: Clustering | None,
    columns: Sequence[ColumnMetadata | None],
    left: _Values | None,
    right: _Values | None,
) -> RowDifference | None:
    """What differs in ``columns``, those that are not ``None``; ``None`` where nothing does."""
    nothing: _Values = [(None, None)] * len(columns)
    cells = tuple(
        CellDifference(column, one, other, times, other_times)
        for column, (one, times), (other, other_times) in zip(
            columns,
            nothing if left is None else left,
            nothing if right is None else right,
            strict=True,
        )
        if column is not None and not _is_same(column, one, other)
    )
    if left is not None and right is not None:
        return RowDifference("both", key, clustering, cells) if cells else None
    side: Side = "right" if left is None else "left"
    return RowDifference(side, key, clustering, cells)


def _is_same(column: ColumnMetadata, left: bytes | None, right: bytes | None) -> bool:
    if left == right or left is None or right is None:
        return left == right
    # Replicas may have a counter's shards in different states that add up to the same.
    kind = column.type
    return kind.is_counter and bool(kind.decode(left) == kind.decode(right))
