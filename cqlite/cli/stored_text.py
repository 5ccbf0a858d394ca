"""Rows, markers and deletions as stored, in one line each."""

from __future__ import annotations

import json
from typing import Any

from cqlite.rows import Cell, ComplexColumn, DeletionTime, RangeTombstoneMarker, Row
from cqlite.schema import TableSchema
from cqlite.types import CqlType

Stored = DeletionTime | Row | RangeTombstoneMarker


def describe_json(stored: Stored, schema: TableSchema) -> str:
    """A JSON object; values and paths are CQL literals as text."""
    return json.dumps(_document(stored, schema), ensure_ascii=False)


def describe(stored: Stored, schema: TableSchema) -> str:
    """For people."""
    if isinstance(stored, DeletionTime):
        return f"partition {_deleted(stored)}"
    clustering = stored.values if isinstance(stored, RangeTombstoneMarker) else stored.clustering
    place = [
        f"{column.cql_name}={literal(column.type, value)}"
        for column, value in zip(schema.clustering_columns, clustering, strict=False)
    ]
    if isinstance(stored, RangeTombstoneMarker):
        ends = (("closes", stored.close), ("opens", stored.open))
        said = [f"{name} {_deleted(deletion)}" for name, deletion in ends if deletion is not None]
        return " ".join([stored.kind.name, *place, *said])
    return " ".join(["static" if stored.is_static else "row", *place, *_row(stored)])


def _row(row: Row) -> list[str]:
    parts = []
    if row.liveness is not None:
        ends = _expiry(row.liveness.ttl, row.liveness.local_expiration_time)
        parts.append(f"inserted @{row.liveness.timestamp}{ends}")
    if row.deletion is not None:
        parts.append(_deleted(row.deletion))
    for data in row.columns:
        if isinstance(data, ComplexColumn):
            if data.deletion is not None:
                parts.append(f"{data.column.cql_name} {_deleted(data.deletion)}")
            parts.extend(_cell(cell) for cell in data.cells)
        else:
            parts.append(_cell(data))
    return parts


def _cell(cell: Cell) -> str:
    name = cell.column.cql_name
    if cell.path is not None:
        name += f"[{cell.column.type.path_string(cell.path)}]"
    if cell.is_tombstone:
        return f"{name} deleted @{cell.timestamp} (at {cell.local_deletion_time})"
    value = _cell_value(cell)
    return f"{name}={value} @{cell.timestamp}{_expiry(cell.ttl, cell.local_deletion_time)}"


def _cell_value(cell: Cell) -> str:
    return literal(cell.column.type.cell_type(cell.path), cell.raw)


def literal(kind: CqlType, data: bytes | None) -> str:
    """A value as CQL has it; of a counter, what has no literal, the sum."""
    if data is None:
        return "null"
    kind = kind.unwrap()
    return kind.to_json(data) if kind.is_counter else kind.to_cql_literal(data)


def _deleted(deletion: DeletionTime) -> str:
    return f"deleted @{deletion.marked_for_delete_at} (at {deletion.local_deletion_time})"


def _expiry(ttl: int | None, expires_at: int | None) -> str:
    return "" if ttl is None else f" ttl {ttl} expires {expires_at}"


def _document(stored: Stored, schema: TableSchema) -> dict[str, Any]:
    if isinstance(stored, DeletionTime):
        return _deletion(stored) or {}
    if isinstance(stored, RangeTombstoneMarker):
        return {
            "bound": stored.kind.name,
            "clustering": _clustering(stored.values, schema),
            "close": _deletion(stored.close),
            "open": _deletion(stored.open),
        }
    liveness = stored.liveness
    return {
        "clustering": None if stored.is_static else _clustering(stored.clustering, schema),
        "liveness": None
        if liveness is None
        else {
            "writetime": liveness.timestamp,
            "ttl": liveness.ttl,
            "expires_at": liveness.local_expiration_time,
        },
        "deletion": _deletion(stored.deletion),
        "columns": [_column(data) for data in stored.columns],
    }


def _clustering(values: tuple[bytes | None, ...], schema: TableSchema) -> dict[str, str]:
    columns = zip(schema.clustering_columns, values, strict=False)
    return {column.name: literal(column.type, value) for column, value in columns}


def _column(data: Cell | ComplexColumn) -> dict[str, Any]:
    if isinstance(data, ComplexColumn):
        return {
            "name": data.column.name,
            "deletion": _deletion(data.deletion),
            "cells": [_cell_document(cell) for cell in data.cells],
        }
    return {"name": data.column.name, **_cell_document(data)}


def _cell_document(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if cell.path is not None:
        found["path"] = cell.column.type.path_string(cell.path)
    found["value"] = None if cell.is_tombstone else _cell_value(cell)
    found["writetime"] = cell.timestamp
    if cell.is_tombstone:
        found["deleted_at"] = cell.local_deletion_time
    elif cell.ttl is not None:
        found |= {"ttl": cell.ttl, "expires_at": cell.local_deletion_time}
    return found


def _deletion(deletion: DeletionTime | None) -> dict[str, int] | None:
    if deletion is None:
        return None
    return {
        "writetime": deletion.marked_for_delete_at,
        "deleted_at": deletion.local_deletion_time,
    }
