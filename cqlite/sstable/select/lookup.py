"""Rows of one partition as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidValueError
from cqlite.io import DATA
from cqlite.sstable.select.arguments import encode_clustering, encode_key, output_columns
from cqlite.sstable.select.engine import RawRow, Reader
from cqlite.sstable.select.plan import Slice, SliceBound
from cqlite.types import parse_type

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable

Decode = Callable[[bytes], Any]


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
        self._where = sstable.components.where(DATA)
        self._reader: Reader = sstable.engine
        self._wanted = tuple((column.kind, column.position) for column in found)
        self._names = tuple(column.name for column in found)
        self._decoders: tuple[Decode, ...] = tuple(
            parse_type(column.type).unwrap().freeze().decode for column in found
        )
        key = self._schema.partition_key
        self._encode = key[0].type.encode if len(key) == 1 else None

    def get(self, key: Any) -> list[dict[str, Any]]:
        """All rows of a partition; see ``SSTable.get``."""
        rows = self._reader.rows(self._key(key), self._wanted, None, None)
        return [self._row(row) for row in rows]

    def slice(self, key: Any, start: Any, end: Any, limit: int | None) -> Iterator[dict[str, Any]]:
        """Some rows of a partition; see ``SSTable.slice``."""
        slices = None
        if start is not None or end is not None:
            slices = (Slice(self._bound(start), self._bound(end)),)
        rows = self._reader.rows(self._key(key), self._wanted, slices, limit)
        return map(self._row, rows)

    def _key(self, key: Any) -> bytes:
        if self._encode is not None and not isinstance(key, tuple):
            return self._encode(key)
        return encode_key(self._schema, key)

    def _bound(self, values: Any) -> SliceBound:
        if values is None:
            return SliceBound()
        return SliceBound(encode_clustering(self._schema, values))

    def _row(self, row: RawRow) -> dict[str, Any]:
        try:
            return {
                name: None if data is None else decode(data)
                for name, decode, data in zip(self._names, self._decoders, row, strict=True)
            }
        except InvalidValueError as error:
            raise self._located(row, error) from error

    def _located(self, row: RawRow, error: InvalidValueError) -> InvalidValueError:
        """The same error, with the column that it is about."""
        for name, decode, data in zip(self._names, self._decoders, row, strict=True):
            try:
                if data is not None:
                    decode(data)
            except InvalidValueError:
                return InvalidValueError(error.message, self._where.at(field=name))
        return error
