"""A generated table while it is put together, and when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from cqlite.schema import ColumnKind, TableSchema, parse_cql
from cqlite.schema.write import option_value
from cqlite.types.text import maybe_quote
from tools.goldmaster import values
from tools.goldmaster.kinds import Kind, scalar, udt
from tools.goldmaster.values import Value

Option = str | int | float | bool | dict[str, str]


@dataclass(frozen=True)
class GeneratedColumn:
    """A column: ``name`` is not quoted, ``kind`` its type."""

    name: str
    kind: Kind
    role: ColumnKind
    is_descending: bool = False

    @property
    def cql_name(self) -> str:
        """The name as CQL takes it."""
        return maybe_quote(self.name)


@dataclass(frozen=True)
class GeneratedSchema:
    """A table that a node accepts.

    Attributes:
        name: the table's name, which is in lower case and unique.
        keyspace: its keyspace, which is for the user to make.
        types: CREATE TYPE statements, each after those that it needs.
        create: CREATE TABLE.
        columns: in the order in which they are created.
        schema: what the statements mean.
        features: what the table has, in words, such as ``partition_key: int``.
        seed: of the table's values.
    """

    name: str
    keyspace: str
    types: tuple[str, ...]
    create: str
    columns: tuple[GeneratedColumn, ...]
    schema: TableSchema
    features: frozenset[str]
    seed: str

    @property
    def statements(self) -> tuple[str, ...]:
        """All statements in order, without semicolons."""
        return (*self.types, self.create)

    @property
    def is_counter(self) -> bool:
        """Whether columns that are no key are counters, to be written by UPDATE."""
        return "counter" in self.features

    @cached_property
    def _by_name(self) -> dict[str, GeneratedColumn]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> GeneratedColumn:
        """A column by its name, which is not quoted."""
        return self._by_name[name]

    def of_role(self, role: ColumnKind) -> tuple[GeneratedColumn, ...]:
        """The columns of a role in their order."""
        return tuple(column for column in self.columns if column.role is role)

    def values(self, column: str, seed: int | str = 0) -> Iterator[Value]:
        """Endless values of a column, the same ones for the same seed; none is null.

        Those of a counter are what to add to it. What Cassandra does not take is left out: no
        bytes for a partition key of one column, and an empty map in descending order, for
        which it expects a set (``Sets.Literal`` looks for a map in a reversed type).
        """
        found = self.column(column)
        refused: set[str] = set()
        if found.role is ColumnKind.PARTITION_KEY and len(self.of_role(found.role)) == 1:
            refused |= {"''", "0x"}
        if found.is_descending and found.kind.name == "map":
            refused.add("{}")
        random = Random(f"{self.seed}:{column}:{seed}")
        return (value for value in values.values(found.kind, random) if value.cql not in refused)


@dataclass
class Draft:
    """A table in the making."""

    keyspace: str
    name: str
    seed: str
    columns: list[GeneratedColumn] = field(default_factory=list)
    options: dict[str, Option] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    types: list[Kind] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def define(self, *fields: Kind) -> Kind:
        """A new user-defined type with such fields."""
        return self.define_named({f"f{i}": kind for i, kind in enumerate(fields)})

    def define_named(self, fields: dict[str, Kind], name: str = "") -> Kind:
        """A new user-defined type with such fields by name."""
        kind = udt(name or f"{self.name}_t{len(self.types)}", fields)
        self.types.append(kind)
        return kind

    def add(self, name: str, kind: Kind | str, role: ColumnKind, *, desc: bool = False) -> None:
        """A new column; ``desc`` is for a clustering column."""
        kind = scalar(kind) if isinstance(kind, str) else kind
        self.columns.append(GeneratedColumn(name, kind, role, desc))

    def key(self, kind: Kind | str, name: str = "pk") -> None:
        """A column of the partition key."""
        self.add(name, kind, ColumnKind.PARTITION_KEY)

    def clustering(self, kind: Kind | str, name: str = "ck", *, desc: bool = False) -> None:
        """A clustering column."""
        self.add(name, kind, ColumnKind.CLUSTERING, desc=desc)

    def regular(self, kind: Kind | str, name: str = "") -> None:
        """A regular column."""
        self.add(name or f"v{len(self.columns)}", kind, ColumnKind.REGULAR)

    def static(self, kind: Kind | str, name: str = "") -> None:
        """A static column."""
        self.add(name or f"s{len(self.columns)}", kind, ColumnKind.STATIC)

    def of_role(self, role: ColumnKind) -> list[GeneratedColumn]:
        """The columns of a role in their order."""
        return [column for column in self.columns if column.role is role]

    def create_types(self) -> tuple[str, ...]:
        """The CREATE TYPE statements."""
        return tuple(
            f"CREATE TYPE {self.keyspace}.{maybe_quote(kind.name)} ({kind.definition()})"
            for kind in self.types
        )

    def create_table(self) -> str:
        """The CREATE TABLE statement."""
        columns = [
            f"{c.cql_name} {c.kind.cql()}" + (" STATIC" if c.role is ColumnKind.STATIC else "")
            for c in self.columns
        ]
        partition = ", ".join(c.cql_name for c in self.of_role(ColumnKind.PARTITION_KEY))
        clustering = self.of_role(ColumnKind.CLUSTERING)
        key = ", ".join([f"({partition})", *(c.cql_name for c in clustering)])
        columns.append(f"PRIMARY KEY ({key})")
        options = [f"{name} = {option_value(value)}" for name, value in self.options.items()]
        if clustering:
            order = ", ".join(f"{c.cql_name} {_order(c)}" for c in clustering)
            options.insert(0, f"CLUSTERING ORDER BY ({order})")
        text = f"CREATE TABLE {self.keyspace}.{self.name} ({', '.join(columns)})"
        return f"{text} WITH {' AND '.join(options)}" if options else text

    def finish(self) -> GeneratedSchema:
        """The table, once the parser has taken its statements.

        Raises:
            SchemaError: it has not, which is an error of the generator or of the grammar.
        """
        types, create = self.create_types(), self.create_table()
        schema = parse_cql(";\n".join((*types, create))).table(self.keyspace, self.name)
        assert schema is not None
        return GeneratedSchema(
            name=self.name,
            keyspace=self.keyspace,
            types=types,
            create=create,
            columns=tuple(self.columns),
            schema=schema,
            features=frozenset(self.features) | self._found(),
            seed=self.seed,
        )

    def _found(self) -> set[str]:
        """Features that can be seen."""
        found = {f"{column.role}: {column.kind.label}" for column in self.columns}
        for column in self.columns:
            state = "frozen" if column.kind.is_frozen else "not frozen"
            found.add(f"depth {column.kind.depth}, {state}")
        found |= {f"{len(self.columns)} columns"}
        found |= {"udt of udt" for kind in self.types if any(p.fields for p in kind.parameters)}
        found |= {"counter" for column in self.columns if column.kind.name == "counter"}
        clustering = self.of_role(ColumnKind.CLUSTERING)
        found.add("order " + (", ".join(map(_order, clustering)) or "none"))
        found.add(f"{len(self.of_role(ColumnKind.PARTITION_KEY))} partition key columns")
        return found | {f"option {name}" for name in self.options}


def _order(column: GeneratedColumn) -> str:
    return "DESC" if column.is_descending else "ASC"
