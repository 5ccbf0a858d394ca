"""CQL that makes a table anew, in the form of a snapshot's ``schema.cql``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cqlite.schema.columns import ColumnKind, ColumnMetadata
from cqlite.schema.table import COMPACT, TableSchema
from cqlite.types import CqlType, UserType
from cqlite.types.text import maybe_quote, quote_literal

_INDENT: Final = "    "
_FOREVER: Final = (1 << 63) - 1
_MADE_UP: Final = """\
-- From Statistics.db alone, which does not tell the names of key columns (those below are
-- made up), and no options.
"""
_COMPACT_NOTE: Final = """\
-- Made WITH COMPACT STORAGE, which Cassandra 4.0 and later do not take; as it is stored.
"""


def table_to_cql(
    schema: TableSchema, *, with_internals: bool = True, with_types: bool = True
) -> str:
    """See :meth:`TableSchema.to_cql`; ``with_types``, after the user-defined types it needs."""
    parts = [type_to_cql(kind) for kind in needed_types(schema)] if with_types else []
    note = "" if schema.names_are_known else _MADE_UP
    if schema.is_compact and schema.names_are_known:
        note += _COMPACT_NOTE
    if schema.kind == "VIEW":
        note += "-- A materialized view, as it is stored.\n"
    parts.append(note + _create_table(schema, with_internals=with_internals))
    if with_internals:
        parts += _dropped_columns(schema)
    parts += [f"{index};" for index in schema.indexes]
    return "\n\n".join(parts)


def type_to_cql(kind: UserType) -> str:
    """CREATE TYPE for a user-defined type."""
    fields = ",\n".join(
        f"{_INDENT}{maybe_quote(name)} {_field_type(field)}"
        for name, field in zip(kind.field_names, kind.fields, strict=True)
    )
    return f"CREATE TYPE {_qualified(kind.keyspace, kind.name)} (\n{fields}\n);"


def _field_type(kind: CqlType) -> str:
    # A user-defined type within another one has to be frozen, which one that comes from
    # within a frozen value does not say.
    return column_type(kind.freeze() if kind.is_udt else kind)


def column_type(kind: CqlType) -> str:
    """A type as CREATE TABLE takes it."""
    return kind.cql_name.replace("empty", "'org.apache.cassandra.db.marshal.EmptyType'")


def needed_types(schema: TableSchema) -> list[UserType]:
    """The user-defined types that columns need, each after those that it needs."""
    found: dict[str, UserType] = {}
    for column in schema.columns():
        _collect(column.type, schema.user_types, found)
    return list(found.values())


def _collect(kind: CqlType, known: Mapping[str, UserType], found: dict[str, UserType]) -> None:
    if isinstance(kind, UserType):
        kind = known.get(kind.name, kind)
    for inner in kind.subtypes:
        _collect(inner, known, found)
    # Not frozen, a type says more of its fields.
    if isinstance(kind, UserType) and (kind.is_multi_cell or kind.name not in found):
        found[kind.name] = kind


def _qualified(keyspace: str, name: str) -> str:
    return f"{maybe_quote(keyspace)}.{maybe_quote(name)}" if keyspace else maybe_quote(name)


def _create_table(schema: TableSchema, *, with_internals: bool) -> str:
    dropped = {d.name: d.column for d in schema.dropped_columns} if with_internals else {}
    single = len(schema.partition_key) == 1 and not schema.clustering_columns
    columns = [
        _column(column, is_primary_key=single and column.kind is ColumnKind.PARTITION_KEY)
        for column in schema.columns()
        if column.name not in dropped
    ]
    columns += [_column(column) for column in dropped.values()]
    if not single:
        columns.append(f"PRIMARY KEY ({_primary_key(schema)})")
    body = ",\n".join(_INDENT + line for line in columns)
    options = f"\n{_INDENT}AND ".join(_options(schema, with_internals=with_internals))
    end = f" WITH {options};" if options else ";"
    return f"CREATE TABLE {_qualified(schema.keyspace, schema.name)} (\n{body}\n){end}"


def _column(column: ColumnMetadata, *, is_primary_key: bool = False) -> str:
    text = f"{column.cql_name} {column_type(column.type)}"
    if column.is_static:
        text += " static"
    if column.mask is not None:
        text += f" MASKED WITH {column.mask}"
    return f"{text} PRIMARY KEY" if is_primary_key else text


def _names(columns: Iterable[ColumnMetadata]) -> str:
    return ", ".join(column.cql_name for column in columns)


def _primary_key(schema: TableSchema) -> str:
    key = _names(schema.partition_key)
    if len(schema.partition_key) > 1:
        key = f"({key})"
    clustering = _names(schema.clustering_columns)
    return f"{key}, {clustering}" if clustering else key


def _options(schema: TableSchema, *, with_internals: bool) -> list[str]:
    found = []
    if with_internals and schema.id is not None:
        found.append(f"ID = {schema.id}")
    if schema.clustering_columns:
        orders = (
            f"{c.cql_name} {'DESC' if c.is_descending else 'ASC'}"
            for c in schema.clustering_columns
        )
        found.append(f"CLUSTERING ORDER BY ({', '.join(orders)})")
    for name, value in sorted(schema.options.items()):
        if name != COMPACT:
            found.append(f"{name} = {option_value(value)}")
    return found


def option_value(value: Any) -> str:
    """An option's value as CQL takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, Mapping):
        entries = sorted(value.items(), key=lambda entry: str(entry[0]))
        return f"{{{', '.join(f'{option_value(k)}: {option_value(v)}' for k, v in entries)}}}"
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{', '.join(map(option_value, value))}]"
    return quote_literal(str(value))


def _dropped_columns(schema: TableSchema) -> list[str]:
    table = _qualified(schema.keyspace, schema.name)
    found = []
    for dropped in schema.dropped_columns:
        at = "" if dropped.dropped_time == _FOREVER else f" USING TIMESTAMP {dropped.dropped_time}"
        found.append(f"ALTER TABLE {table} DROP {dropped.column.cql_name}{at};")
        again = schema.column(dropped.name)
        if again is not None:
            found.append(f"ALTER TABLE {table} ADD {_column(again)};")
    return found
