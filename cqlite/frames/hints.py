"""What a data frame library's filter says of a table's key, as a CQL WHERE clause.

Such a clause may let through more rows than the filter, never less: the filter itself is
applied to what comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final
from uuid import UUID

from cqlite.errors import CqliteError
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select.where.compiled import compile_where
from cqlite.types import Partitioner

_MOST_KEYS: Final = 10_000
"""With more keys than that reading all may be as fast."""

_UNSIGNED_DAYS: Final = 1 << 31
_UUID_LENGTH: Final = 16
_VARINT: Final = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Condition:
    """That a column compares to values as said.

    Attributes:
        column: its name.
        operator: ``IN``, ``<``, ``<=``, ``>`` or ``>=``.
        values: in terms of the column's Arrow type: integers (also of dates, times and
            timestamps), texts, bytes or booleans; one of them but for ``IN``.
    """

    column: str
    operator: str
    values: tuple[Any, ...]


def where_of(
    conditions: Sequence[Condition], schema: TableSchema, partitioner: Partitioner
) -> str | None:
    """The WHERE clause that follows from ``conditions``, all of which hold.

    ``None`` if nothing follows that makes less of the table be read.
    """
    key = [_relation(conditions, column) for column in schema.partition_key]
    relations = [relation for relation in key if relation is not None]
    if len(relations) < len(key):
        relations = []
    for column in schema.clustering_columns:
        relation = _relation(conditions, column)
        if relation is not None:
            relations.append(relation)
            continue
        relations.extend(_bounds(conditions, column))
        break
    if not relations or prod(relation.values for relation in relations) > _MOST_KEYS:
        return None
    text = " AND ".join(relation.text for relation in relations)
    try:
        compile_where(text, schema, partitioner)
    except CqliteError:
        # Such as a text that is no address: no row has it, as the filter will find.
        return None
    return text


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation in CQL, and how many values it has."""

    text: str
    values: int = 1


def _relation(conditions: Sequence[Condition], column: ColumnMetadata) -> _Relation | None:
    """The values that a column is one of, where that is known."""
    for condition in conditions:
        if _is_of(condition, column) and condition.operator == "IN":
            literals = [_literal(column, value) for value in condition.values]
            known = [literal for literal in dict.fromkeys(literals) if literal is not None]
            if known and None not in literals:
                text = f"{column.cql_name} IN ({', '.join(known)})"
                return _Relation(text, len(known))
    return None


def _is_of(condition: Condition, column: ColumnMetadata) -> bool:
    return condition.column == column.name


def _bounds(conditions: Sequence[Condition], column: ColumnMetadata) -> list[_Relation]:
    """A lower and an upper bound of a column, as far as they are known."""
    if column.type.unwrap().cql_name not in _ORDERED:
        return []
    found: dict[str, _Relation] = {}
    for condition in conditions:
        if _is_of(condition, column) and condition.operator != "IN":
            literal = _literal(column, condition.values[0])
            if literal is not None:
                text = f"{column.cql_name} {condition.operator} {literal}"
                found.setdefault(condition.operator[0], _Relation(text))
    return list(found.values())


def _literal(column: ColumnMetadata, value: Any) -> str | None:
    """A value as CQL has it, ``None`` for types whose values have several forms."""
    make = _LITERALS.get(column.type.unwrap().cql_name)
    return None if make is None else make(value)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _uuid(value: str | bytes) -> str | None:
    if isinstance(value, str):
        return str(UUID(value))
    return str(UUID(bytes=value)) if len(value) == _UUID_LENGTH else None


def _varint(value: str) -> str | None:
    return value if _VARINT.fullmatch(value) else None


_LITERALS: Final[dict[str, Callable[[Any], str | None]]] = {
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint", "timestamp", "time"), str),
    **dict.fromkeys(("text", "ascii", "inet"), _quoted),
    "date": lambda days: str(days + _UNSIGNED_DAYS),
    "blob": lambda value: f"0x{value.hex()}",
    "boolean": lambda value: str(value).lower(),
    **dict.fromkeys(("uuid", "timeuuid"), _uuid),
    "varint": _varint,
}

_ORDERED: Final = frozenset(
    {"tinyint", "smallint", "int", "bigint", "timestamp", "time", "date", "text", "ascii", "blob"}
)
"""Types whose values Arrow orders as Cassandra does."""
