"""Plans from what users ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from cqlite.errors import InvalidValueError, SchemaError
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select.plan import (
    BATCH_ROWS,
    Empty,
    OutputColumn,
    Restriction,
    ScanPlan,
)
from cqlite.types import Partitioner

if TYPE_CHECKING:
    from cqlite.sstable.select.tokens import TokenRange


class Selectable(Protocol):
    """What can be asked for rows: an SSTable, or a table of several."""

    @property
    def schema(self) -> TableSchema:
        """The columns as they are asked for."""

    @property
    def header_schema(self) -> TableSchema:
        """The columns as they are stored."""

    @property
    def partitioner(self) -> Partitioner:
        """What orders the partitions."""


Decimals = Mapping[str, tuple[int, int]]
"""Precision and scale of columns that become Arrow decimals, by name."""


def make_plan(
    sstable: Selectable,
    columns: Sequence[str] | None = None,
    where: str | None = None,
    *,
    token_range: TokenRange | None = None,
    limit: int | None = None,
    batch_rows: int = BATCH_ROWS,
    metadata: bool = False,
    decimals: Decimals | None = None,
    empty: Empty = "error",
    threads: int = 1,
) -> ScanPlan:
    """The plan for the arguments of ``SSTable.scan``.

    Raises:
        SchemaError: a column that the table doesn't have, or a malformed ``where``.
        InvalidValueError: a literal is no value of its column's type, or a number is out
            of its range.
        InvalidTypeError: a column cannot be the decimal that is asked for.
        UnsupportedFeatureError: ``where`` restricts columns that are no key.
    """
    if empty not in ("error", "null"):
        raise InvalidValueError(f"empty is {empty!r}; it is 'error' or 'null'")
    return ScanPlan(
        columns=tuple(output_columns(sstable, columns, decimals or {})),
        restriction=restriction_of(sstable, where, token_range),
        limit=None if limit is None else _at_least(0, limit, "limit"),
        batch_rows=_at_least(1, batch_rows, "batch_rows"),
        metadata=metadata,
        empty=empty,
        threads=_at_least(1, threads, "threads"),
    )


def _at_least(least: int, value: int, name: str) -> int:
    if value < least:
        raise InvalidValueError(f"{name} is {value}; it is at least {least}")
    return value


def output_columns(
    sstable: Selectable, names: Sequence[str] | None, decimals: Decimals
) -> list[OutputColumn]:
    """The columns of the answer: all, or those in ``names``, in the schema's order."""
    schema = sstable.schema
    wanted = _wanted(schema, names)
    for name in decimals:
        _existing(schema, name)
    layout = sstable.header_schema
    stored = {
        (column.kind, column.name): index
        for columns in (layout.static_columns, layout.regular_columns)
        for index, column in enumerate(columns)
    }
    found = []
    for column in schema.columns():
        if wanted is None or column.name in wanted:
            is_key = column.position >= 0
            position = column.position if is_key else stored.get((column.kind, column.name))
            found.append(_output(column, position, decimals.get(column.name)))
    return found


def _wanted(schema: TableSchema, names: Sequence[str] | None) -> set[str] | None:
    if names is None:
        return None
    if isinstance(names, str):
        raise SchemaError(f"columns is a list of names, not {names!r}")
    if not names:
        raise SchemaError("columns has no names")
    return {_existing(schema, name).name for name in names}


def _existing(schema: TableSchema, name: str) -> ColumnMetadata:
    column = schema.column(name)
    if column is None:
        known = ", ".join(column.name for column in schema.columns())
        raise SchemaError(
            f"Undefined column name {name} in table {schema.keyspace}.{schema.name}; it has {known}"
        )
    return column


def _output(
    column: ColumnMetadata, position: int | None, decimal: tuple[int, int] | None
) -> OutputColumn:
    if decimal is not None:
        from cqlite.sstable.select.arrow_types import check_decimal

        check_decimal(column.name, column.type, decimal)
        decimal = (decimal[0], decimal[1])
    kind = column.kind.value
    return OutputColumn(column.name, column.type.marshal_name, kind, position, decimal)


def restriction_of(
    sstable: Selectable, where: str | None, token_range: TokenRange | None
) -> Restriction:
    """What ``where`` and ``token_range`` let through, both of them."""
    restriction = Restriction()
    if where is not None:
        from cqlite.sstable.select.where.compiled import compile_where

        restriction = compile_where(where, sstable.schema, sstable.partitioner)
    if token_range is None:
        return restriction
    from cqlite.sstable.select.tokens import intersection, positions_of

    positions = intersection(restriction.positions, positions_of(sstable.partitioner, token_range))
    return Restriction(restriction.keys, positions, restriction.slices)


def encode_key(schema: TableSchema, key: Any) -> bytes:
    """A partition key from a value, or a tuple of values where it has several columns.

    Raises:
        InvalidValueError: they are no values of the columns' types.
        SchemaError: there are more or fewer than columns.
    """
    columns = schema.partition_key
    if len(columns) == 1 and not isinstance(key, tuple):
        key = (key,)
    values = _prefix(columns, key, "the partition key")
    if len(values) != len(columns):
        raise SchemaError(f"{len(values)} values for a partition key of {len(columns)} columns")
    return schema.join_key(values)


def encode_clustering(schema: TableSchema, values: Any) -> tuple[bytes, ...]:
    """Values of the first clustering columns from a tuple, or a single one.

    Raises:
        InvalidValueError, SchemaError: see ``encode_key``.
    """
    values = values if isinstance(values, tuple) else (values,)
    return tuple(_prefix(schema.clustering_columns, values, "a clustering"))


def _prefix(columns: Sequence[ColumnMetadata], values: Any, what: str) -> list[bytes]:
    if not isinstance(values, tuple) or len(values) > len(columns):
        raise SchemaError(f"{values!r} for {what} of {len(columns)} columns")
    if None in values:
        raise InvalidValueError(f"null in {what}")
    return [column.type.encode(value) for column, value in zip(columns, values, strict=False)]
