"""Schemas of tables: from Statistics.db, from CQL text, from the rows of system_schema."""

from cqlite.schema.columns import ColumnKind, ColumnMetadata, DroppedColumn
from cqlite.schema.cql import CqlSchema, parse_cql
from cqlite.schema.table import TableSchema

__all__ = [
    "ColumnKind",
    "ColumnMetadata",
    "CqlSchema",
    "DroppedColumn",
    "TableSchema",
    "parse_cql",
]
