"""Random writes into any table: inserts, partial updates, collection edits, deletions, TTLs."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.types import (
    CollectionType,
    CqlType,
    ReversedType,
    TupleType,
    UserType,
    VectorType,
)
from cqlite.types.text import maybe_quote
from tools.goldmaster.case import T0
from tools.goldmaster.kinds import Kind
from tools.goldmaster.values import make

_SPREAD = 3_600_000_000
LONG_TTLS = (3600, 86400, 10_000_000, 200_000_000)
"""Times to live, in seconds, that have not ended when anything is asked."""


def kind_of(column_type: CqlType) -> Kind:
    """A type as the makers of values take it."""
    if isinstance(column_type, ReversedType):
        return kind_of(column_type.unwrap())
    parts = tuple(map(kind_of, column_type.subtypes))
    frozen = not column_type.is_multi_cell
    if isinstance(column_type, UserType):
        return Kind(column_type.name, parts, column_type.field_names, is_frozen=frozen)
    if isinstance(column_type, TupleType):
        return Kind("tuple", parts)
    if isinstance(column_type, VectorType):
        return Kind("vector", parts, dimension=column_type.dimension)
    if isinstance(column_type, CollectionType):
        return Kind(column_type.kind, parts, is_frozen=frozen)
    return Kind(column_type.cql_name)


class Workload:
    """Writes over few partitions and rows, so that they meet in one and in several SSTables.

    schema: the table; table: its name in CQL; rng: decides everything; ttls: times to live that
    some rows and cells have, in seconds.
    """

    def __init__(
        self,
        schema: TableSchema,
        table: str,
        rng: random.Random,
        ttls: Sequence[int] = LONG_TTLS,
    ) -> None:
        self._schema = schema
        self._table = table
        self._rng = rng
        self._ttls = ttls
        self._partitions = [self._key(schema.partition_key) for _ in range(rng.randrange(2, 8))]
        self._rows = [self._key(schema.clustering_columns) for _ in range(rng.randrange(3, 25))]
        self._statics = list(schema.static_columns)
        self._regulars = list(schema.regular_columns)

    def statements(self, count: int) -> list[str]:
        """So many statements; everything about them comes from the generator of numbers."""
        choices = self._counter_choices() if self._schema.is_counter else self._choices()
        actions = [action for action, _ in choices]
        weights = [weight for _, weight in choices]
        return [action() for action in self._rng.choices(actions, weights, k=count)]

    def _choices(self) -> list[tuple[Callable[[], str], int]]:
        choices: list[tuple[Callable[[], str], int]] = [
            (self._insert, 40),
            (self._delete_row, 3),
            (self._delete_partition, 1),
        ]
        if self._regulars:
            choices += [(self._update, 15), (self._delete_columns, 4)]
            if any(column.is_complex for column in self._regulars):
                choices.append((self._edit, 15))
        if self._statics:
            choices.append((self._update_static, 6))
        if self._schema.clustering_columns:
            choices.append((self._delete_range, 5))
        return choices

    def _counter_choices(self) -> list[tuple[Callable[[], str], int]]:
        return [(self._count, 40), (self._delete_counters, 2)]

    # -- pieces ---------------------------------------------------------------------------------

    def _key(self, columns: Sequence[ColumnMetadata]) -> list[str]:
        while True:
            values = [self._literal(kind_of(column.type)) for column in columns]
            # A partition key of one empty value is refused, and Cassandra fails on an empty
            # map where the order is descending.
            if values in (["''"], ["0x"]):
                continue
            if not any(c.is_descending and v == "{}" for c, v in zip(columns, values, strict=True)):
                return values

    def _where(self, row: Sequence[str] | None = None) -> str:
        key = self._rng.choice(self._partitions)
        pairs = list(zip(self._schema.partition_key, key, strict=True))
        if row is not None:
            pairs += zip(self._schema.clustering_columns, row, strict=True)
        return " AND ".join(f"{column.cql_name} = {value}" for column, value in pairs)

    def _row(self) -> list[str]:
        return self._rng.choice(self._rows)

    def _timestamp(self) -> str:
        return f"USING TIMESTAMP {T0 + self._rng.randrange(_SPREAD)}"

    def _using(self) -> str:
        using = self._timestamp()
        if self._rng.random() < 0.2:
            using += f" AND TTL {self._rng.choice(self._ttls)}"
        return using

    def _some(self, columns: Sequence[ColumnMetadata]) -> list[ColumnMetadata]:
        share = self._rng.choice((0.1, 0.5, 0.9, 1.0))
        return [column for column in columns if self._rng.random() < share]

    def _value(self, column: ColumnMetadata) -> str:
        return "null" if self._rng.random() < 0.05 else self._literal(kind_of(column.type))

    def _literal(self, kind: Kind) -> str:
        return make(kind, self._rng).cql

    # -- statements -----------------------------------------------------------------------------

    def _insert(self) -> str:
        schema = self._schema
        keys = [*schema.partition_key, *schema.clustering_columns]
        values = [*self._rng.choice(self._partitions), *self._row()]
        chosen = self._some(self._regulars)
        if self._rng.random() < 0.2:
            chosen += self._some(self._statics)
        names = ", ".join(column.cql_name for column in [*keys, *chosen])
        values += [self._value(column) for column in chosen]
        return f"INSERT INTO {self._table} ({names}) VALUES ({', '.join(values)}) {self._using()}"

    def _update(self) -> str:
        chosen = self._some(self._regulars) or [self._rng.choice(self._regulars)]
        return self._set(chosen, self._where(self._row()))

    def _update_static(self) -> str:
        chosen = self._some(self._statics) or [self._rng.choice(self._statics)]
        if self._rng.random() < 0.3:
            names = ", ".join(column.cql_name for column in chosen)
            return f"DELETE {names} FROM {self._table} {self._timestamp()} WHERE {self._where()}"
        return self._set(chosen, self._where())

    def _set(self, columns: Sequence[ColumnMetadata], where: str) -> str:
        sets = ", ".join(f"{column.cql_name} = {self._value(column)}" for column in columns)
        return f"UPDATE {self._table} {self._using()} SET {sets} WHERE {where}"

    def _edit(self) -> str:
        column = self._rng.choice([column for column in self._regulars if column.is_complex])
        where = self._where(self._row())
        change = self._change(column)
        if change.startswith("DELETE "):
            return f"{change} FROM {self._table} {self._timestamp()} WHERE {where}"
        return f"UPDATE {self._table} {self._using()} SET {change} WHERE {where}"

    def _change(self, column: ColumnMetadata) -> str:
        rng, name, kind = self._rng, column.cql_name, kind_of(column.type)
        if kind.fields:
            number = rng.randrange(len(kind.fields))
            field = maybe_quote(kind.fields[number])
            if rng.random() < 0.3:
                return f"DELETE {name}.{field}"
            return f"{name}.{field} = {self._literal(kind.parameters[number])}"
        some = self._literal(kind)
        if kind.name == "list":
            return rng.choice((f"{name} = {name} + {some}", f"{name} = {some} + {name}"))
        key = self._literal(kind.parameters[0])
        changes = [f"{name} = {name} + {some}", f"{name} = {name} - {{{key}}}"]
        if kind.name == "map":
            changes.append(f"{name}[{key}] = {self._literal(kind.parameters[1])}")
            changes.append(f"DELETE {name}[{key}]")
        return rng.choice(changes)

    def _delete_columns(self) -> str:
        chosen = self._some(self._regulars) or [self._rng.choice(self._regulars)]
        names = ", ".join(column.cql_name for column in chosen)
        where = self._where(self._row())
        return f"DELETE {names} FROM {self._table} {self._timestamp()} WHERE {where}"

    def _delete_row(self) -> str:
        where = self._where(self._row())
        return f"DELETE FROM {self._table} {self._timestamp()} WHERE {where}"

    def _delete_partition(self) -> str:
        return f"DELETE FROM {self._table} {self._timestamp()} WHERE {self._where()}"

    def _delete_range(self) -> str:
        rng, columns = self._rng, self._schema.clustering_columns
        row = self._row()
        depth = rng.randrange(len(columns))
        where = [self._where()]
        where += [f"{columns[i].cql_name} = {row[i]}" for i in range(depth)]
        name = columns[depth].cql_name
        kind = rng.randrange(4)
        if kind in (0, 2):
            where.append(f"{name} {rng.choice(('>', '>='))} {row[depth]}")
        if kind in (1, 2):
            other = self._row()
            where.append(f"{name} {rng.choice(('<', '<='))} {other[depth]}")
        if kind == 3:
            where.append(f"{name} = {row[depth]}")
        return f"DELETE FROM {self._table} {self._timestamp()} WHERE {' AND '.join(where)}"

    def _count(self) -> str:
        static = self._statics and (not self._regulars or self._rng.random() < 0.2)
        column = self._rng.choice(self._statics if static else self._regulars).cql_name
        where = self._where(None if static else self._row())
        step = self._rng.randrange(1, 10 ** self._rng.randrange(1, 12))
        sign = self._rng.choice("+-")
        return f"UPDATE {self._table} SET {column} = {column} {sign} {step} WHERE {where}"

    def _delete_counters(self) -> str:
        return f"DELETE FROM {self._table} WHERE {self._where(self._row())}"
