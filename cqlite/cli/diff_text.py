"""Differences between two tables as lines: for people, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cqlite.cli.stored_text import describe, describe_json, literal
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.table.diff import CellDifference, Difference, MetadataDifference, RowDifference
from cqlite.table.model import CellTimes, Times

_SIGNS = {"left": "-", "right": "+", "both": "~"}


def lines(difference: Difference, schema: TableSchema) -> Iterator[str]:
    """The lines of a difference, of which the first character says which side has it."""
    if isinstance(difference, MetadataDifference):
        yield from _stored_lines(difference, schema)
        return
    place = _key(difference.key, schema)
    if difference.clustering is not None:
        place += _clustering(difference.clustering, schema)
    cells = difference.cells
    if difference.side != "both":
        shown = [f"{cell.column.cql_name}={_one(cell)}" for cell in cells]
        yield f"{_SIGNS[difference.side]} {' '.join([*place, *shown])}"
        return
    yield f"~ {' '.join(place)}"
    for cell in cells:
        name = cell.column.cql_name
        yield f"-   {name}={_value(cell.column, cell.left)}{_written(cell.left_times)}"
        yield f"+   {name}={_value(cell.column, cell.right)}{_written(cell.right_times)}"


def _stored_lines(difference: MetadataDifference, schema: TableSchema) -> Iterator[str]:
    place = " ".join(_key(difference.key, schema))
    for sign, stored in (("-", difference.left), ("+", difference.right)):
        if stored is not None:
            yield f"{sign} {place} {describe(stored, schema)}"


def _key(key: bytes, schema: TableSchema) -> list[str]:
    parts = zip(schema.partition_key, schema.split_key(key), strict=True)
    return [f"{column.cql_name}={_value(column, part)}" for column, part in parts]


def _clustering(values: Sequence[bytes | None], schema: TableSchema) -> list[str]:
    parts = zip(schema.clustering_columns, values, strict=False)
    return [f"{column.cql_name}={_value(column, value)}" for column, value in parts]


def _one(cell: CellDifference) -> str:
    if cell.left is None:
        return _value(cell.column, cell.right) + _written(cell.right_times)
    return _value(cell.column, cell.left) + _written(cell.left_times)


def _value(column: ColumnMetadata, data: bytes | None) -> str:
    return literal(column.type.unwrap().freeze(), data)


def _written(times: Times) -> str:
    """When a value was written, of several elements the first and the last time."""
    every = [times] if isinstance(times, CellTimes) else list(times or ())
    if not every:
        return ""
    writes = sorted({time.writetime for time in every})
    text = str(writes[0]) if len(writes) == 1 else f"{writes[0]}…{writes[-1]}"
    expiries = sorted({time.expires_at for time in every if time.expires_at is not None})
    return f" (@{text}{f', expires {expiries[-1]}' if expiries else ''})"


def json_line(difference: Difference, schema: TableSchema) -> str:
    """A difference as one JSON object; docs/diff.md says what its names mean."""
    keys = zip(schema.partition_key, schema.split_key(difference.key), strict=True)
    parts = {"side": json.dumps(difference.side), "key": _json_row(list(keys))}
    if isinstance(difference, RowDifference):
        parts["clustering"] = _json_clustering(difference.clustering, schema)
        parts["cells"] = _object({c.column.name: _json_cell(c) for c in difference.cells})
    else:
        parts["kind"] = json.dumps(difference.kind)
        for side, stored in (("left", difference.left), ("right", difference.right)):
            parts[side] = "null" if stored is None else describe_json(stored, schema)
    return _object(parts)


def _json_clustering(values: Sequence[bytes | None] | None, schema: TableSchema) -> str:
    if values is None:
        return "null"
    return _json_row(list(zip(schema.clustering_columns, values, strict=False)))


def _json_row(values: Sequence[tuple[ColumnMetadata, bytes | None]]) -> str:
    return _object({column.name: json_value(column, value) for column, value in values})


def _json_cell(cell: CellDifference) -> str:
    parts = {
        "left": json_value(cell.column, cell.left),
        "right": json_value(cell.column, cell.right),
        "left_writetime": json.dumps(_writetimes(cell.left_times)),
        "right_writetime": json.dumps(_writetimes(cell.right_times)),
    }
    return _object(parts)


def json_value(column: ColumnMetadata, data: bytes | None) -> str:
    """A value as sstabledump prints it."""
    return "null" if data is None else column.type.unwrap().freeze().to_json(data)


def _writetimes(times: Times) -> int | list[int] | None:
    if times is None:
        return None
    if isinstance(times, CellTimes):
        return times.writetime
    return [time.writetime for time in times]


def _object(parts: dict[str, str]) -> str:
    inner = ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {v}" for k, v in parts.items())
    return f"{{{inner}}}"
