"""Schemas from the rows of ``system_schema``: ``org.apache.cassandra.schema.SchemaKeyspace``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from cqlite.errors import SchemaError
from cqlite.records import replace
from cqlite.schema.columns import ColumnKind, ColumnMetadata, DroppedColumn
from cqlite.schema.cql import CqlSchema, in_row_order, parse_cql
from cqlite.schema.cql_ast import TypeExpr
from cqlite.schema.resolve import FindType, TypeRegistry, resolve_type
from cqlite.schema.table import COMPACT, TableSchema
from cqlite.schema.views import KIND, is_strict
from cqlite.types import ReversedType, Timestamp
from cqlite.types.text import maybe_quote, quote_literal

_OPTIONS = """
    allow_auto_snapshot boolean, bloom_filter_fp_chance double,
    caching frozen<map<text, text>>, comment text, compaction frozen<map<text, text>>,
    compression frozen<map<text, text>>, memtable text, crc_check_chance double,
    dclocal_read_repair_chance double, default_time_to_live int,
    extensions frozen<map<text, blob>>, gc_grace_seconds int, incremental_backups boolean,
    id uuid, max_index_interval int, memtable_flush_period_in_ms int, min_index_interval int,
    read_repair_chance double, speculative_retry text, additional_write_policy text,
    cdc boolean, read_repair text,
"""

# All columns that any release from 3.0 to 5.0 has.
_TABLES: Final = f"""
USE system_schema;
CREATE TABLE keyspaces (keyspace_name text PRIMARY KEY, durable_writes boolean,
    replication frozen<map<text, text>>);
CREATE TABLE tables (keyspace_name text, table_name text, flags frozen<set<text>>, {_OPTIONS}
    PRIMARY KEY (keyspace_name, table_name));
CREATE TABLE views (keyspace_name text, view_name text, base_table_id uuid,
    base_table_name text, where_clause text, include_all_columns boolean, {_OPTIONS}
    PRIMARY KEY (keyspace_name, view_name));
CREATE TABLE columns (keyspace_name text, table_name text, column_name text,
    clustering_order text, column_name_bytes blob, kind text, position int, type text,
    PRIMARY KEY (keyspace_name, table_name, column_name));
CREATE TABLE dropped_columns (keyspace_name text, table_name text, column_name text,
    dropped_time timestamp, kind text, type text,
    PRIMARY KEY (keyspace_name, table_name, column_name));
CREATE TABLE types (keyspace_name text, type_name text, field_names frozen<list<text>>,
    field_types frozen<list<text>>, PRIMARY KEY (keyspace_name, type_name));
CREATE TABLE indexes (keyspace_name text, table_name text, index_name text, kind text,
    options frozen<map<text, text>>, PRIMARY KEY (keyspace_name, table_name, index_name));
"""

_NO_OPTIONS: Final = {
    *("keyspace_name", "table_name", "view_name", "id", "flags"),
    *("base_table_id", "base_table_name", "where_clause", "include_all_columns"),
    # Of releases before 4.0.
    *("read_repair_chance", "dclocal_read_repair_chance"),
}
_KEYS: Final = (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING)
_INDEX_CLASS: Final = "class_name"
_INDEX_TARGET: Final = "target"
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)

Row = Mapping[str, Any]


@cache
def system_tables() -> dict[str, TableSchema]:
    """The tables of ``system_schema`` that are read here, by name: ``SYSTEM_TABLES`` as well."""
    return {table.name: table for table in parse_cql(_TABLES).tables()}


def __getattr__(name: str) -> dict[str, TableSchema]:
    # Not made when this module is imported, since it takes the whole parser of CQL.
    if name == "SYSTEM_TABLES":
        return system_tables()
    raise AttributeError(name)


def from_system_schema(rows: Mapping[str, Iterable[Row]]) -> CqlSchema:
    """All tables and views that rows of ``system_schema`` describe.

    Args:
        rows: for each table of :data:`SYSTEM_TABLES` (those without rows may be missing) its
            rows, which are decoded values by column name; what is null may be missing.

    Raises:
        SchemaError: the rows contradict one another, or name types that there are not.
    """
    tables = {name: list(rows.get(name, ())) for name in system_tables()}
    types = TypeRegistry()
    for row in tables["types"]:
        names = row.get("field_names") or []
        exprs = [_type_expr(text) for text in row.get("field_types") or []]
        types.define(row["keyspace_name"], row["type_name"], dict(zip(names, exprs, strict=True)))
    schema = CqlSchema()
    for row in tables["keyspaces"]:
        schema.keyspaces[row["keyspace_name"]] = {
            "replication": row.get("replication") or {},
            "durable_writes": row.get("durable_writes", True),
        }
    for row in tables["tables"]:
        table = _table(row, row["table_name"], "REGULAR", tables, types)
        if table is not None:
            schema.by_name[table.keyspace, table.name] = table
    for row in tables["views"]:
        table = _table(row, row["view_name"], KIND, tables, types)
        if table is not None:
            base = _of_table(tables["columns"], table.keyspace, row["base_table_name"])
            keys = [c.name for c in (*table.partition_key, *table.clustering_columns)]
            of_base = [r["column_name"] for r in base if _kind(r) in _KEYS]
            table = replace(table, strict_liveness=bool(of_base) and is_strict(keys, of_base))
            schema.by_name[table.keyspace, table.name] = table
    return schema


def _table(
    row: Row, name: str, kind: str, tables: Mapping[str, list[Row]], types: TypeRegistry
) -> TableSchema | None:
    """A table; None if it has no columns, as one that is being dropped."""
    keyspace = row["keyspace_name"]
    find = types.finder(keyspace)
    columns = [_column(r, find) for r in _of_table(tables["columns"], keyspace, name)]
    if not any(column.kind is ColumnKind.PARTITION_KEY for column in columns):
        return None
    indexes = _of_table(tables["indexes"], keyspace, name)
    return TableSchema(
        keyspace=keyspace,
        name=name,
        partition_key=_keys(columns, ColumnKind.PARTITION_KEY),
        clustering_columns=_keys(columns, ColumnKind.CLUSTERING),
        static_columns=in_row_order(c for c in columns if c.kind is ColumnKind.STATIC),
        regular_columns=in_row_order(c for c in columns if c.kind is ColumnKind.REGULAR),
        dropped_columns=tuple(
            _dropped(r, find) for r in _of_table(tables["dropped_columns"], keyspace, name)
        ),
        options=_options(row),
        id=row.get("id"),
        flags=frozenset(row.get("flags") or ()),
        kind=kind,
        user_types=types.of_keyspace(keyspace),
        indexes=tuple(_index(r) for r in indexes),
    )


def _options(row: Row) -> dict[str, Any]:
    options = {n: v for n, v in row.items() if n not in _NO_OPTIONS and v is not None}
    flags = row.get("flags")
    # A table that has neither these flags nor is compound is static compact; no flags say that.
    if flags is not None and not {"compound", "dense", "super"} & set(flags):
        options[COMPACT] = True
    return options


def _of_table(rows: list[Row], keyspace: str, name: str) -> list[Row]:
    return [r for r in rows if r["keyspace_name"] == keyspace and r["table_name"] == name]


def _keys(columns: list[ColumnMetadata], kind: ColumnKind) -> tuple[ColumnMetadata, ...]:
    return tuple(sorted((c for c in columns if c.kind is kind), key=lambda c: c.position))


def _column(row: Row, find: FindType) -> ColumnMetadata:
    kind = _kind(row)
    column_type = resolve_type(_type_expr(row["type"]), find)
    if str(row.get("clustering_order", "none")).lower() == "desc":
        column_type = ReversedType(column_type)
    is_key = kind in _KEYS
    position = row.get("position", -1) if is_key else -1
    return ColumnMetadata(row["column_name"], column_type, kind, position)


def _kind(row: Row) -> ColumnKind:
    text = str(row.get("kind") or "regular").lower()
    try:
        return ColumnKind(text)
    except ValueError:
        raise SchemaError(f"column {row['column_name']}: unknown kind {text!r}") from None


def _dropped(row: Row, find: FindType) -> DroppedColumn:
    column_type = resolve_type(_type_expr(row["type"]), find)
    column = ColumnMetadata(row["column_name"], column_type, _kind(row))
    return DroppedColumn(column, _microseconds(row["dropped_time"]))


def _type_expr(text: str) -> TypeExpr:
    from cqlite.schema.cql_parser import parse_type_expr

    return parse_type_expr(text)


def _microseconds(at: datetime.datetime | Timestamp) -> int:
    return int(at) * 1000 if isinstance(at, Timestamp) else (at - _EPOCH) // _MICROSECOND


def _index(row: Row) -> str:
    """A CREATE INDEX statement."""
    options = dict(row.get("options") or {})
    target = options.pop(_INDEX_TARGET, "")
    table = f"{maybe_quote(row['keyspace_name'])}.{maybe_quote(row['table_name'])}"
    name = maybe_quote(row["index_name"])
    if row.get("kind") != "CUSTOM":
        return f"CREATE INDEX {name} ON {table} ({target})"
    using = quote_literal(options.pop(_INDEX_CLASS, ""))
    text = f"CREATE CUSTOM INDEX {name} ON {table} ({target}) USING {using}"
    if options:
        pairs = (f"{quote_literal(k)}: {quote_literal(v)}" for k, v in sorted(options.items()))
        text += f" WITH OPTIONS = {{{', '.join(pairs)}}}"
    return text
