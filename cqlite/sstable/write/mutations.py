"""Rows and deletions, as CQL has them, to the fragments that they consist of.

Follows ``UpdateStatement``, ``DeleteStatement`` and ``UpdateParameters``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from cqlite.errors import CqliteError, RowError
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.sstable.write.fragments import (
    OF_CLUSTERING,
    OF_PARTITION,
    OF_STATIC_ROW,
    BoundFragment,
    ColumnFragment,
    Fragment,
    PartitionFragment,
    RowFragment,
)
from cqlite.sstable.write.values import ColumnWriter, WriteTimes, encode

MAX_KEY = 0xFFFF
"""Bytes that a partition key, or a clustering column's value, can have."""

_Placed = tuple[bytes, Fragment]


class Mutation:
    """All that one call writes: a partition's key and the fragments with their places."""

    __slots__ = ("fragments", "key")

    def __init__(self, key: bytes, fragments: Iterable[_Placed]) -> None:
        self.key = key
        self.fragments = tuple(fragments)

    @property
    def row_place(self) -> bytes | None:
        """Where its row is, ``None`` if it has none but the static one."""
        for place, fragment in self.fragments:
            if isinstance(fragment, RowFragment) and place != OF_STATIC_ROW:
                return place
        return None


class MutationBuilder:
    """Makes mutations of Python values.

    Methods raise ``RowError`` for values that are none of their column's type, missing key
    columns and names that the table does not have.

    Args:
        schema: the table.
    """

    def __init__(self, schema: TableSchema) -> None:
        self._schema = schema
        self._names = {column.name: column for column in schema.columns()}
        self._types = [column.type for column in schema.clustering_columns]
        self._static = _writers(schema.static_columns)
        self._regular = _writers(schema.regular_columns)

    # What can be written.

    def write(
        self,
        row: Mapping[str, Any],
        times: WriteTimes,
        *,
        update: bool = False,
        append: Collection[str] = (),
    ) -> Mutation:
        """What INSERT, or UPDATE, makes of the columns of ``row``."""
        self._check_names(row, append)
        key = self._key(row)
        fragments: list[_Placed] = []
        statics = self._columns(self._static, row, times, append)
        if statics:
            fragments.append((OF_STATIC_ROW, RowFragment((), None, None, statics)))
        if not self._is_static_only(row):
            clustering = self._clustering(row)
            columns = self._columns(self._regular, row, times, append)
            liveness = None if update else (times.timestamp, times.ttl, times.expiration)
            if columns or liveness:
                made = RowFragment(clustering, liveness, None, columns)
                fragments.append((self._place(clustering), made))
        return Mutation(key, fragments)

    def delete_partition(self, key: Mapping[str, Any], times: WriteTimes) -> Mutation:
        """What DELETE of a partition makes."""
        self._check_keys(key, self._schema.partition_key)
        return Mutation(self._key(key), [(OF_PARTITION, PartitionFragment(times.deletion))])

    def delete_row(self, key: Mapping[str, Any], times: WriteTimes) -> Mutation:
        """What DELETE of a row makes."""
        self._check_keys(key, (*self._schema.partition_key, *self._schema.clustering_columns))
        clustering = self._clustering(key)
        fragment = RowFragment(clustering, None, times.deletion, ())
        return Mutation(self._key(key), [(self._place(clustering), fragment)])

    def delete_range(
        self,
        key: Mapping[str, Any],
        start: Sequence[Any],
        end: Sequence[Any],
        inclusive: tuple[bool, bool],
        times: WriteTimes,
    ) -> Mutation:
        """What DELETE of a range of rows makes.

        Args:
            key: the partition key's columns.
            start: values of the first clustering columns; none for the first row. In the
                order of the table, so in descending columns the greater value.
            end: the same of the end; none for the last row.
            inclusive: whether rows that begin with ``start``, and with ``end``, are included.
            times: when.
        """
        self._check_keys(key, self._schema.partition_key)
        if not self._types:
            raise RowError("the table has no clustering columns, so there are no ranges")
        # Without values, that is before or after all rows.
        first = self._bound(start, times, is_start=True, inclusive=inclusive[0] or not start)
        last = self._bound(end, times, is_start=False, inclusive=inclusive[1] or not end)
        if first[0] >= last[0]:
            raise RowError("the range's end is not after its start in the order of the table")
        return Mutation(self._key(key), [first, last])

    def delete_cells(
        self,
        key: Mapping[str, Any],
        columns: Collection[str],
        elements: Mapping[str, Iterable[Any]],
        times: WriteTimes,
    ) -> Mutation:
        """What DELETE of columns, and of elements of columns, makes."""
        self._check_keys(key, (*self._schema.partition_key, *self._schema.clustering_columns))
        for name in (*columns, *elements):
            self._check_deletable(name)
        fragments: list[_Placed] = []
        statics = _deleted(self._static, columns, elements, times)
        regular = _deleted(self._regular, columns, elements, times)
        if statics:
            fragments.append((OF_STATIC_ROW, RowFragment((), None, None, statics)))
        if regular:
            clustering = self._clustering(key)
            made = RowFragment(clustering, None, None, regular)
            fragments.append((self._place(clustering), made))
        return Mutation(self._key(key), fragments)

    # Parts of them.

    def _check_names(self, row: Mapping[str, Any], append: Collection[str]) -> None:
        for name in row:
            if name not in self._names:
                raise RowError("the table has no such column", column=str(name))
        for name in append:
            if name not in row:
                raise RowError("it is to be added to, but has no value", column=name)

    def _check_keys(self, key: Mapping[str, Any], allowed: Sequence[ColumnMetadata]) -> None:
        names = [column.name for column in allowed]
        for name in key:
            if name not in names:
                raise RowError(f"only {', '.join(names)} can be given here", column=str(name))

    def _check_deletable(self, name: str) -> None:
        column = self._names.get(name)
        if column is None:
            raise RowError("the table has no such column", column=name)
        if column.kind not in (ColumnKind.STATIC, ColumnKind.REGULAR):
            raise RowError("columns of the primary key cannot be deleted", column=name)

    def _is_static_only(self, row: Mapping[str, Any]) -> bool:
        """Whether a row says something of the partition alone, as CQL decides that."""
        if not self._static or any(row.get(c.name) is not None for c in self._clustering_columns):
            return False
        has_static = any(name in row for name, _ in self._static)
        return has_static and not any(name in row for name, _ in self._regular)

    @property
    def _clustering_columns(self) -> tuple[ColumnMetadata, ...]:
        return self._schema.clustering_columns

    def _key(self, row: Mapping[str, Any]) -> bytes:
        values = [self._key_value(column, row) for column in self._schema.partition_key]
        if len(values) == 1 and not values[0]:
            raise RowError(
                "a partition key without bytes", column=self._schema.partition_key[0].name
            )
        try:
            key = self._schema.join_key(values)
        except CqliteError as error:
            raise RowError(error.message) from error
        if len(key) > MAX_KEY:
            raise RowError(f"a partition key of {len(key)} bytes, at most {MAX_KEY} are possible")
        return key

    def _clustering(self, row: Mapping[str, Any]) -> tuple[bytes, ...]:
        return tuple(self._key_value(column, row) for column in self._clustering_columns)

    def _key_value(self, column: ColumnMetadata, row: Mapping[str, Any]) -> bytes:
        value = row.get(column.name)
        if value is None:
            raise RowError("a column of the primary key has no value", column=column.name)
        return _encoded_key(column, value)

    def _columns(
        self,
        writers: Sequence[tuple[str, ColumnWriter]],
        row: Mapping[str, Any],
        times: WriteTimes,
        append: Collection[str],
    ) -> tuple[ColumnFragment, ...]:
        made = (
            writer.write(row[name], times, append=name in append)
            for name, writer in writers
            if name in row
        )
        return tuple(column for column in made if column is not None)

    def _place(self, clustering: tuple[bytes, ...]) -> bytes:
        return OF_CLUSTERING + ClusteringPrefix(clustering).byte_comparable(self._types)

    def _bound(
        self, values: Sequence[Any], times: WriteTimes, *, is_start: bool, inclusive: bool
    ) -> _Placed:
        if isinstance(values, str | bytes) or len(values) > len(self._types):
            raise RowError(f"a bound has up to {len(self._types)} values in a sequence")
        pairs = zip(self._clustering_columns, values, strict=False)
        encoded = tuple(_bound_value(column, value) for column, value in pairs)
        kind = f"{'incl' if inclusive else 'excl'}_{'start' if is_start else 'end'}_bound"
        prefix = ClusteringPrefix(encoded, ClusteringKind[kind])
        fragment = BoundFragment(is_start, is_start == inclusive, encoded, times.deletion)
        return OF_CLUSTERING + prefix.byte_comparable(self._types), fragment


def _writers(columns: Sequence[ColumnMetadata]) -> list[tuple[str, ColumnWriter]]:
    return [(column.name, ColumnWriter(column, index)) for index, column in enumerate(columns)]


def _encoded_key(column: ColumnMetadata, value: Any) -> bytes:
    data = encode(column.type, column.name, value)
    if len(data) > MAX_KEY:
        reason = f"a value of {len(data)} bytes, in a key at most {MAX_KEY} are possible"
        raise RowError(reason, column=column.name)
    return data


def _bound_value(column: ColumnMetadata, value: Any) -> bytes:
    if value is None:
        raise RowError("a bound has no nulls", column=column.name)
    return _encoded_key(column, value)


def _deleted(
    writers: Sequence[tuple[str, ColumnWriter]],
    columns: Collection[str],
    elements: Mapping[str, Iterable[Any]],
    times: WriteTimes,
) -> tuple[ColumnFragment, ...]:
    made = (
        # With a column all of its elements are deleted.
        writer.delete(times) if name in columns else writer.delete_elements(elements[name], times)
        for name, writer in writers
        if name in columns or name in elements
    )
    return tuple(fragment for fragment in made if fragment is not None)
