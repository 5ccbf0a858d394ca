"""Whether values can be shown at all."""

from __future__ import annotations

from cqlite.rows import Cell, RangeTombstoneMarker, Unfiltered
from cqlite.schema import TableSchema


def check_key(schema: TableSchema, key: bytes) -> None:
    """Raises :class:`InvalidValueError` if ``key`` is no partition key of the table."""
    schema.key_strings(key)


def check_unfiltered(schema: TableSchema, unfiltered: Unfiltered) -> None:
    """Raises :class:`InvalidValueError` if a value in a row or marker is none of its type."""
    values: tuple[bytes | None, ...]
    if isinstance(unfiltered, RangeTombstoneMarker):
        values = unfiltered.values
    else:
        values = unfiltered.clustering
        for cell in unfiltered.cells():
            _check_cell(cell)
    for column, value in zip(schema.clustering_columns, values, strict=False):
        if value is not None:
            column.type.to_json(value)


def _check_cell(cell: Cell) -> None:
    kind = cell.column.type
    if cell.path is not None:
        kind.path_string(cell.path)
    if not cell.is_tombstone:
        kind.cell_type(cell.path).to_json(cell.raw)
