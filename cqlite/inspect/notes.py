"""What a table's header and schema add to the bytes: column names, values, times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cqlite.codec.be import wrap_s64
from cqlite.errors import CqliteError
from cqlite.inspect.tree import Item, Notes, set_flags

if TYPE_CHECKING:
    from cqlite.rows import RowFormat
    from cqlite.schema import ColumnMetadata, TableSchema
    from cqlite.types import CqlType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known on the way down.

    Attributes:
        is_static: whether this is within the static row.
        column: the column within whose cells this is.
        path: the path of the cell that this is in.
    """

    is_static: bool = False
    column: ColumnMetadata | None = None
    path: bytes | None = None


class TableNotes(Notes):
    """Notes on Data.db and the promoted indexes in Index.db.

    Args:
        schema: names and types of the columns.
        format: the header's columns and minimums.
    """

    def __init__(self, schema: TableSchema, format: RowFormat) -> None:
        self.schema = schema
        self.format = format

    def about(self, item: Item, context: Any) -> tuple[str, Any]:
        """See :class:`Notes`."""
        known = context if isinstance(context, _Context) else _Context()
        handler = _HANDLERS.get((item.type, item.field))
        if handler is None:
            return set_flags(item), known
        return handler(self, item, known)

    def key(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """The partition key's columns by name."""
        return self.key_text(item.value), context

    def key_text(self, key: bytes) -> str:
        """``name = value`` for each column of a serialized partition key."""
        columns = self.schema.partition_key
        try:
            values = self.schema.split_key(key)
        except CqliteError as error:
            return f"not a key: {error.message}"
        return ", ".join(
            f"{column.name} = {value_text(column.type, value)}"
            for column, value in zip(columns, values, strict=True)
        )

    def row(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """Whether the row is the static one."""
        is_static = bool(item.parent.is_static)
        return "static row" if is_static else "", replace(context, is_static=is_static)

    def clustering(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A clustering column's name and value."""
        index = item.value.index if item.parent is None else item.parent.first + item.index
        column = self.schema.clustering_columns[index]
        return f"{column.name} = {clustering_text(column.type, item.value)}", replace(
            context, column=column
        )

    def clustering_text(self, parsed: Any) -> str:
        """``name = value`` for each value of a parsed ``clustering::values``."""
        items = (item for block in parsed.blocks for item in block.items)
        return ", ".join(
            f"{column.name} = {clustering_text(column.type, item)}"
            for column, item in zip(self.schema.clustering_columns, items, strict=False)
        )

    def column(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A column's name and type, and whether the row lacks it."""
        columns = self.format.static_columns if context.is_static else self.format.regular_columns
        column = columns[item.index or 0]
        missing = "" if item.value.is_present else ", not in this row"
        return f"{column.name} {column.type.cql_name}{missing}", replace(context, column=column)

    def cells(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """One of a complex column's cells."""
        path = bytes(item.value.path)
        return "", replace(context, path=path)

    def path(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A cell's path."""
        comparator = context.column.type.name_comparator if context.column else None
        return ("" if comparator is None else value_text(comparator, item.value)), context

    def value(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A cell's or clustering column's value."""
        if context.column is None:
            return "", context
        try:
            kind = context.column.type.cell_type(context.path)
        except CqliteError as error:
            return error.message, context
        return value_text(kind, item.value), context

    def timestamp(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A timestamp with the header's minimum added."""
        micros = wrap_s64(item.value.value + self.format.min_timestamp)
        return f"{micros} µs, {time_text(micros)}", context

    def deletion_time(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A local deletion time with the header's minimum added."""
        seconds = wrap_s64(item.value.value) + self.format.min_local_deletion_time
        return f"{seconds} s, {time_text(seconds * 1_000_000)}", context

    def ttl(self, item: Item, context: _Context) -> tuple[str, _Context]:
        """A time to live with the header's minimum added."""
        return f"{item.value.value + self.format.min_ttl} s", context


_Handler = Callable[[TableNotes, Item, _Context], tuple[str, _Context]]
_HANDLERS: dict[tuple[str, str], _Handler] = {
    ("data.partition_header", "key"): TableNotes.key,
    ("index.entry", "key"): TableNotes.key,
    ("data.unfiltered", "row"): TableNotes.row,
    ("clustering.block", "items"): TableNotes.clustering,
    ("clustering.value", "value"): TableNotes.value,
    ("data.row_body", "columns"): TableNotes.column,
    ("data.complex_column", "cells"): TableNotes.cells,
    ("data.complex_cell", "path"): TableNotes.path,
    ("data.complex_cell", "value"): TableNotes.value,
    ("data.cell", "value"): TableNotes.value,
    ("data.liveness_info", "timestamp"): TableNotes.timestamp,
    ("data.liveness_info", "ttl"): TableNotes.ttl,
    ("data.liveness_info", "local_expiration_time"): TableNotes.deletion_time,
    ("data.deletion_delta", "marked_for_delete_at"): TableNotes.timestamp,
    ("data.deletion_delta", "local_deletion_time"): TableNotes.deletion_time,
    ("data.cell_header", "timestamp"): TableNotes.timestamp,
    ("data.cell_header", "local_deletion_time"): TableNotes.deletion_time,
    ("data.cell_header", "ttl"): TableNotes.ttl,
}


def value_text(kind: CqlType, data: bytes) -> str:
    """A serialized value as CQL says it, shortened; what is wrong with it where it is invalid."""
    try:
        text = kind.to_cql_literal(data)
    except CqliteError as error:
        return error.message
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def clustering_text(kind: CqlType, parsed: Any) -> str:
    """A parsed ``clustering::value``."""
    if parsed.is_null:
        return "null"
    return value_text(kind, b"" if parsed.is_empty else parsed.value)


def time_text(micros: int) -> str:
    """A time in microseconds since 1970 in UTC, ``no time`` where no calendar has it."""
    try:
        return (_EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return "no time"
