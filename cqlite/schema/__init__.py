"""Schemas of tables: from Statistics.db, from CQL text, from the rows of system_schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqlite.schema.columns import ColumnKind, ColumnMetadata, DroppedColumn
from cqlite.schema.table import TableSchema

if TYPE_CHECKING:
    from cqlite.schema.cql import CqlSchema, parse_cql

__all__ = [
    "ColumnKind",
    "ColumnMetadata",
    "CqlSchema",
    "DroppedColumn",
    "TableSchema",
    "parse_cql",
]


def __getattr__(name: str) -> Any:
    """Imports what only CQL text needs, on first use."""
    if name in ("CqlSchema", "parse_cql"):
        from cqlite.schema import cql

        return getattr(cql, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
