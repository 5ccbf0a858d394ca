"""Rows of one partition as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidValueError, Where
from cqlite.io import DATA
from cqlite.schema import TableSchema
from cqlite.sstable.select.arguments import encode_clustering, encode_key, output_columns
from cqlite.sstable.select.engine import RawRow, Reader
from cqlite.sstable.select.plan import OutputColumn, Slice, SliceBound
from cqlite.types import parse_type

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable

Decode = Callable[[bytes], Any]


class RowDecoder:
    """Makes dictionaries of rows of serialized values.

    Args:
        columns: those of the rows.
        where: what is read, for errors.
    """

    def __init__(self, columns: Iterable[OutputColumn], where: Where) -> None:
        decoders = ((c.name, parse_type(c.type).unwrap().freeze().decode) for c in columns)
        self._columns: tuple[tuple[str, Decode], ...] = tuple(decoders)
        self._where = where

    def row(self, values: RawRow) -> dict[str, Any]:
        """Decoded values by the columns' names, ``None`` for null.

        Raises:
            InvalidValueError: one is no value of its type; the error names the column.
        """
        try:
            return {
                name: None if data is None else decode(data)
                for (name, decode), data in zip(self._columns, values, strict=True)
            }
        except InvalidValueError as error:
            raise self._located(values, error) from error

    def _located(self, values: RawRow, error: InvalidValueError) -> InvalidValueError:
        """The same error, with the column that it is about."""
        for (name, decode), data in zip(self._columns, values, strict=True):
            try:
                if data is not None:
                    decode(data)
            except InvalidValueError:
                return InvalidValueError(error.message, self._where.at(field=name))
        return error


def slices_between(schema: TableSchema, start: Any, end: Any) -> tuple[Slice, ...] | None:
    """The slice from clusterings that begin with ``start`` to those that begin with ``end``.

    Args:
        schema: the table's.
        start: values of the first clustering columns, a tuple or a single one, or ``None``.
        end: the same.

    Raises:
        InvalidValueError, SchemaError: see ``encode_clustering``.
    """
    if start is None and end is None:
        return None
    bounds = (
        SliceBound() if values is None else SliceBound(encode_clustering(schema, values))
        for values in (start, end)
    )
    return (Slice(*bounds),)


class Lookup:
    """Looks up rows of an SSTable with the same columns, time and again.

    What a single lookup does is kept to a minimum: it may cost a few microseconds.

    Args:
        sstable: where.
        columns: names, ``None`` for all.

    Raises:
        SchemaError: there is no such column.
    """

    def __init__(self, sstable: SSTable, columns: Sequence[str] | None) -> None:
        found = output_columns(sstable, columns, {})
        self._schema = sstable.schema
        self._reader: Reader = sstable.engine
        self._wanted = tuple((column.kind, column.position) for column in found)
        self._row = RowDecoder(found, sstable.components.where(DATA)).row
        key = self._schema.partition_key
        self._encode = key[0].type.encode if len(key) == 1 else None

    def get(self, key: Any) -> list[dict[str, Any]]:
        """All rows of a partition; see ``SSTable.get``."""
        rows = self._reader.rows(self._key(key), self._wanted, None, None)
        return [self._row(row) for row in rows]

    def slice(self, key: Any, start: Any, end: Any, limit: int | None) -> Iterator[dict[str, Any]]:
        """Some rows of a partition; see ``SSTable.slice``."""
        slices = slices_between(self._schema, start, end)
        rows = self._reader.rows(self._key(key), self._wanted, slices, limit)
        return map(self._row, rows)

    def _key(self, key: Any) -> bytes:
        if self._encode is not None and not isinstance(key, tuple):
            return self._encode(key)
        return encode_key(self._schema, key)
