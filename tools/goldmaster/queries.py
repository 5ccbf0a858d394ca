"""SELECT statements at random, over all clauses, about a table and what it holds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.types import CqlType, ListType, MapType, SetType, TupleType, UserType, VectorType
from cqlite.types.text import maybe_quote
from tools.goldmaster.values import make
from tools.goldmaster.workload import kind_of

Row = Mapping[str, bytes | None]
"""A row's serialized values by column; those of the clustering columns may be missing."""

NUMBERS: Final = {
    "tinyint", "smallint", "int", "bigint", "varint", "float", "double", "decimal", "counter",
}  # fmt: skip
_CASTS: Final = (
    "text", "ascii", "int", "bigint", "smallint", "tinyint", "double", "float", "decimal",
    "varint", "timestamp", "date",
)  # fmt: skip
_UNORDERED: Final = {"counter", "duration"}


class Queries:
    """Makes statements; ``rng`` decides everything.

    Args:
        schema: the table's.
        rows: some of what it holds, from which values are taken.
        rng: decides everything.
    """

    def __init__(self, schema: TableSchema, rows: Sequence[Row], rng: random.Random) -> None:
        self._schema = schema
        self._table = f"{maybe_quote(schema.keyspace)}.{maybe_quote(schema.name)}"
        self._rows = rows
        self._rng = rng
        self._columns = list(schema.columns())
        self._others = [*schema.static_columns, *schema.regular_columns]

    def statements(self, count: int) -> Iterator[str]:
        """So many statements, all with ALLOW FILTERING."""
        kinds: list[tuple[Callable[[], str], int]] = [
            (self._rows_of, 8),
            (self._aggregates, 2),
            (self._ordered, 2),
            (self._grouped, 2),
            (self._distinct, 1),
            (self._json, 1),
            (self._refused, 2),
        ]
        makers = [maker for maker, weight in kinds for _ in range(weight)]
        for _ in range(count):
            yield f"{self._rng.choice(makers)()} ALLOW FILTERING"

    # Kinds of statements.

    def _rows_of(self) -> str:
        return self._select(self._selectors()) + self._where() + self._limits()

    def _json(self) -> str:
        return self._select(f"JSON {self._selectors()}") + self._where() + self._limits()

    def _aggregates(self) -> str:
        chosen = [self._aggregate() for _ in range(self._rng.randrange(1, 4))]
        return self._select(", ".join(chosen)) + self._where()

    def _ordered(self) -> str:
        columns = self._schema.clustering_columns
        if not columns:
            return self._rows_of()
        count = self._rng.randrange(1, len(columns) + 1)
        turned = self._rng.random() < 0.5
        orders = []
        for column in columns[:count]:
            turned ^= self._rng.random() < 0.1
            word = "DESC" if column.is_descending != turned else "ASC"
            orders.append(f"{column.cql_name} {word}")
        where = self._key_condition(whole=True)
        clustering = self._clustering_conditions() if self._rng.random() < 0.5 else []
        conditions = " AND ".join([*where, *clustering])
        text = self._select(self._selectors())
        return f"{text} WHERE {conditions} ORDER BY {', '.join(orders)}{self._limits()}"

    def _grouped(self) -> str:
        keys = [*self._schema.partition_key, *self._schema.clustering_columns]
        count = self._rng.randrange(len(self._schema.partition_key), len(keys) + 1)
        chosen = [self._rng.choice((self._aggregate, self._selector))() for _ in range(3)]
        names = ", ".join(column.cql_name for column in keys[:count])
        where = self._where()
        return f"{self._select(', '.join(chosen))}{where} GROUP BY {names}{self._limits()}"

    def _distinct(self) -> str:
        columns = [*self._schema.partition_key]
        if self._schema.static_columns and self._rng.random() < 0.6:
            columns.append(self._rng.choice(self._schema.static_columns))
        names = ", ".join(column.cql_name for column in columns)
        conditions = self._key_condition() if self._rng.random() < 0.5 else []
        if self._schema.static_columns and self._rng.random() < 0.3:
            conditions += self._condition(self._rng.choice(self._schema.static_columns))
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        limit = f" LIMIT {self._rng.randrange(1, 5)}" if self._rng.random() < 0.4 else ""
        return self._select(f"DISTINCT {names}") + where + limit

    def _refused(self) -> str:
        """Something that is probably wrong."""
        column = self._rng.choice(self._columns)
        name, key = column.cql_name, self._schema.partition_key[0].cql_name
        return self._rng.choice(
            (
                self._select("nowhere"),
                self._select(f"writetime({key})"),
                self._select(f"{name}[0]"),
                self._select(f"{name}.nowhere"),
                self._select(f"nothing({name})"),
                self._select(f"max(count({name}))"),
                self._select(f"{name} + 'a'"),
                self._select(f"CAST({name} AS boolean)"),
                self._select("5"),
                self._select(name) + f" WHERE {name} != {self._literal(column)}",
                self._select(name) + f" WHERE {name} IS NOT NULL",
                self._select(name) + f" WHERE {name} = {self._wrong()}",
                self._select(name) + f" WHERE {name} CONTAINS {self._wrong()}",
                self._select(name) + f" WHERE {name} CONTAINS KEY {self._wrong()}",
                self._select(name) + f" WHERE {name}[1] = {self._wrong()}",
                self._select(name) + f" WHERE token({name}) > 1",
                self._select(name) + f" WHERE ({name}) > ({self._literal(column)})",
                self._select(name) + f" WHERE {name} > {self._literal(column)} AND {name} > 1",
                self._select(name) + f" ORDER BY {name}",
                self._select(name) + f" GROUP BY {name}",
                self._select(f"DISTINCT {name}"),
                self._select(name) + " LIMIT 0",
                self._select(name) + " PER PARTITION LIMIT 0",
                self._select(f"max({name})") + " PER PARTITION LIMIT 2",
            )
        )

    def _wrong(self) -> str:
        return self._rng.choice(
            ("'x'", "1", "1.5", "true", "0x00", "1h", "{}", "[1]", "(1, 2)", "null")
        )

    # Clauses.

    def _select(self, what: str) -> str:
        return f"SELECT {what} FROM {self._table}"

    def _limits(self) -> str:
        text = ""
        if self._rng.random() < 0.25:
            text += f" PER PARTITION LIMIT {self._rng.randrange(1, 4)}"
        if self._rng.random() < 0.3:
            text += f" LIMIT {self._rng.randrange(1, 8)}"
        return text

    def _where(self) -> str:
        conditions: list[str] = []
        if self._rng.random() < 0.6:
            conditions += self._key_condition()
        if self._schema.clustering_columns and self._rng.random() < 0.5:
            conditions += self._clustering_conditions()
        if self._others and self._rng.random() < 0.4:
            conditions += self._condition(self._rng.choice(self._others))
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _key_condition(self, *, whole: bool = False) -> list[str]:
        key = self._schema.partition_key
        if not whole and self._rng.random() < 0.4:
            return self._rng.choice((self._part_of_key, self._token))()
        row = self._row()
        conditions = []
        for column in key:
            if self._rng.random() < 0.3:
                values = [self._literal(column) for _ in range(self._rng.randrange(1, 4))]
                conditions.append(f"{column.cql_name} IN ({', '.join(values)})")
            else:
                conditions.append(f"{column.cql_name} = {self._literal(column, row)}")
        return conditions

    def _part_of_key(self) -> list[str]:
        return self._condition(self._rng.choice(self._schema.partition_key))

    def _token(self) -> list[str]:
        key = self._schema.partition_key
        names = ", ".join(column.cql_name for column in key)
        conditions = []
        for operator in self._rng.choice(((">",), ("<=",), (">=", "<"), ("=",))):
            row = self._row()
            values = ", ".join(self._literal(column, row) for column in key)
            conditions.append(f"token({names}) {operator} token({values})")
        if self._rng.random() < 0.2:
            conditions += self._part_of_key()
        return conditions

    def _clustering_conditions(self) -> list[str]:
        columns = self._schema.clustering_columns
        row = self._row(whole=True)
        count = self._rng.randrange(len(columns) + 1)
        if len(columns) > 1 and self._rng.random() < 0.3:
            start = self._rng.randrange(len(columns))
            return [
                *(f"{c.cql_name} = {self._literal(c, row)}" for c in columns[:start]),
                *self._tuple(columns[start:]),
            ]
        conditions = [f"{c.cql_name} = {self._literal(c, row)}" for c in columns[:count]]
        left = columns[count:]
        if left and self._rng.random() < 0.8:
            conditions += self._condition(left[0] if self._rng.random() < 0.8 else left[-1])
        return conditions

    def _tuple(self, columns: Sequence[ColumnMetadata]) -> list[str]:
        columns = columns[: self._rng.randrange(1, len(columns) + 1)]
        names = ", ".join(column.cql_name for column in columns)
        tuples = []
        for _ in range(3):
            row = self._row(whole=True)
            tuples.append(f"({', '.join(self._literal(c, row) for c in columns)})")
        return self._rng.choice(
            (
                [f"({names}) > {tuples[0]}"],
                [f"({names}) <= {tuples[0]}"],
                [f"({names}) = {tuples[0]}"],
                [f"({names}) IN ({', '.join(tuples)})"],
                [f"({names}) >= {tuples[0]}", f"({names}) < {tuples[1]}"],
            )
        )

    def _condition(self, column: ColumnMetadata) -> list[str]:
        name, kind = column.cql_name, column.type.unwrap()
        if kind.is_collection and (kind.is_multi_cell or self._rng.random() < 0.6):
            return [self._contains(column)]
        value = self._literal(column)
        if kind.cql_name in _UNORDERED - {"counter"}:
            return [f"{name} = {value}"]
        return self._rng.choice(
            (
                [f"{name} = {value}"],
                [f"{name} > {value}"],
                [f"{name} <= {value}"],
                [f"{name} >= {value}", f"{name} < {self._literal(column)}"],
                [f"{name} IN ({value}, {self._literal(column)})"],
            )
        )

    def _contains(self, column: ColumnMetadata) -> str:
        name, kind = column.cql_name, column.type.unwrap()
        element = self._element(column)
        if isinstance(kind, MapType):
            key, value = element
            choices = [f"{name} CONTAINS KEY {key}", f"{name} CONTAINS {value}"]
            if kind.is_multi_cell:
                choices.append(f"{name}[{key}] = {value}")
            return self._rng.choice(choices)
        return f"{name} CONTAINS {element[0]}"

    # Selections.

    def _selectors(self) -> str:
        if self._rng.random() < 0.15:
            return "*"
        return ", ".join(self._selector() for _ in range(self._rng.randrange(1, 5)))

    def _selector(self) -> str:
        column = self._rng.choice(self._columns)
        name = column.cql_name
        choices = [name, name, f'{name} AS "An alias"', f"to_json({name})", f"({name}, {name})"]
        choices += [f"[{name}]", f"CAST({name} AS {self._rng.choice(_CASTS)})"]
        choices += self._parts(column)
        if column in self._others:
            choices += [f"writetime({name})", f"maxwritetime({name})", f"ttl({name})"]
        keys = ", ".join(key.cql_name for key in self._schema.partition_key)
        choices += [f"token({keys})", "(int) 5", "(text) 'a''b'", "(list<int>) [1, 2]"]
        return self._rng.choice(choices)

    def _parts(self, column: ColumnMetadata) -> list[str]:
        """What can be asked of a column by its type."""
        name, kind = column.cql_name, column.type.unwrap()
        if isinstance(kind, MapType | SetType):
            return [*self._subscripts(column, kind), f"collection_count({name})"]
        if isinstance(kind, UserType):
            fields = [f"{name}.{maybe_quote(field)}" for field in kind.field_names]
            times = [f"writetime({fields[0]})", f"ttl({fields[-1]})"]
            return fields + (times if column in self._others else [])
        if kind.cql_name in NUMBERS:
            return [f"{name} + 1", f"- {name}", f"{name} * {name}", f"{name} - 1.5", f"abs({name})"]
        if isinstance(kind, VectorType) and kind.elements.cql_name == "float":
            return [f"similarity_euclidean({name}, {self._literal(column)})"]
        if isinstance(kind, ListType | TupleType):
            return []
        return [f"blob_as_text(text_as_blob(CAST({name} AS text)))"]

    def _subscripts(self, column: ColumnMetadata, kind: CqlType) -> list[str]:
        name = column.cql_name
        low, high = self._element(column)[0], self._element(column)[0]
        found = [f"{name}[{low}]", f"{name}[{low}..{high}]"]
        found += [f"{name}[{low}..]", f"{name}[..{high}]"]
        if column in self._others:
            found += [f"writetime({name}[{low}])", f"ttl({name}[{low}])"]
            found += [f"writetime({name}[{low}..{high}])"]
        if isinstance(kind, MapType):
            found += [f"map_keys({name})", f"map_values({name})"]
        return found

    def _aggregate(self) -> str:
        column = self._rng.choice(self._columns)
        name, kind = column.cql_name, column.type.unwrap()
        choices = ["count(*)", "count(1)", f"count({name})", f"min({name})", f"max({name})"]
        if kind.cql_name in NUMBERS:
            choices += [f"sum({name})", f"avg({name})", f"max({name}) + 1"]
        return self._rng.choice(choices)

    # Values.

    def _row(self, *, whole: bool = False) -> Row:
        names = [column.name for column in self._schema.clustering_columns] if whole else []
        rows = [row for row in self._rows if all(row.get(name) is not None for name in names)]
        return self._rng.choice(rows) if rows else {}

    def _literal(self, column: ColumnMetadata, row: Row | None = None) -> str:
        """A column's value, of ``row`` or of any; sometimes one that the table lacks."""
        kind = column.type.unwrap()
        value = (self._row() if row is None else row).get(column.name)
        if kind.is_counter:
            return str(self._rng.randrange(-1000, 1000) if not value else kind.decode(value))
        # Empty values have no literal.
        if not value or (row is None and self._rng.random() < 0.15):
            return make(kind_of(kind), self._rng).cql
        # Nor has a duration of nothing.
        return kind.to_cql_literal(value) or "0s"

    def _element(self, column: ColumnMetadata) -> tuple[str, ...]:
        """An element, or a key and a value."""
        kind = column.type.unwrap()
        value = self._row().get(column.name)
        elements = kind.split(value) if value else []  # type: ignore[attr-defined]
        if elements and self._rng.random() < 0.9:
            chosen = self._rng.choice(elements)
            if all(chosen):
                pairs = zip(kind.subtypes, chosen, strict=True)
                return tuple(subtype.to_cql_literal(part) or "0s" for subtype, part in pairs)
        return tuple(make(kind_of(subtype), self._rng).cql for subtype in kind.subtypes)
