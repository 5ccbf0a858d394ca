"""Schemas from CQL text: ``schema.cql`` of snapshots, DESCRIBE, or written by people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from cqlite.errors import SchemaError, Where
from cqlite.records import made, mutable, replace
from cqlite.schema import cql_ast as ast
from cqlite.schema.columns import ColumnKind, ColumnMetadata, DroppedColumn
from cqlite.schema.resolve import TypeRegistry, resolve_type
from cqlite.schema.table import COMPACT, TableSchema
from cqlite.schema.views import KIND, columns_of_view, is_strict
from cqlite.types import CqlType, parse_type

if TYPE_CHECKING:
    from uuid import UUID

_Key = tuple[str | None, str]
_FOREVER: Final = (1 << 63) - 1
_DROPPED: Final = "dropped"


@mutable
class CqlSchema:
    """Keyspaces, types and tables that some text or some rows define."""

    keyspaces: dict[str, dict[str, Any]] = made(default_factory=dict)
    """Options of the keyspaces that were created, by name."""
    by_name: dict[_Key, TableSchema] = made(default_factory=dict)
    """Tables and views by keyspace, None if the text does not tell it, and name."""
    lone_views: dict[_Key, ast.CreateView] = made(default_factory=dict)
    """The same for views without their base tables, whose columns' types are not told."""

    def tables(self) -> Iterator[TableSchema]:
        """All tables."""
        return iter(self.by_name.values())

    def table(self, keyspace: str | None, name: str) -> TableSchema | None:
        """A table by its keyspace and name, which are not quoted.

        One whose keyspace the text does not tell is taken to be in this one.
        """
        found = self.by_name.get((keyspace, name))
        if found is None and (None, name) in self.by_name:
            found = self.by_name[None, name]
            return replace(found, keyspace=keyspace) if keyspace is not None else found
        return found

    def lone_view(self, keyspace: str | None, name: str) -> ast.CreateView | None:
        """A view by its keyspace and name, of which only the base table would tell the types."""
        return self.lone_views.get((keyspace, name)) or self.lone_views.get((None, name))


def parse_table(text: str, keyspace: str, name: str, where: Where | None = None) -> CqlSchema:
    """What ``text`` defines of one table: other tables' statements are not looked into.

    Of a cluster's whole schema that takes a fraction of what ``parse_cql`` does. Where the
    text doesn't have the table, it is all of it.

    Args:
        text: CQL, as in a snapshot's ``schema.cql``.
        keyspace, name: the table's, not quoted.
        where: the file, for errors.

    Raises:
        SchemaError: a statement is malformed, or names what there is not.
    """
    from cqlite.schema.one_table import statements_of

    builder = _Builder(where)
    for statement in statements_of(text, keyspace, name, where):
        builder.apply(statement)
    schema = builder.build()
    return schema if schema.table(keyspace, name) is not None else parse_cql(text, where)


def parse_cql(text: str, where: Where | None = None) -> CqlSchema:
    """What the statements of ``text`` define, one after another.

    CREATE, ALTER and DROP of keyspaces, types, tables and materialized views count, CREATE
    INDEX is kept with its table; other statements are passed over.

    Args:
        text: CQL, as in a snapshot's ``schema.cql``.
        where: the file, for errors.

    Raises:
        SchemaError: a statement is malformed, or names what there is not.
    """
    # The generated parser takes long to load, so that is left to those who have text.
    from cqlite.schema.cql_parser import parse_statements

    builder = _Builder(where)
    for statement in parse_statements(text, where):
        builder.apply(statement)
    return builder.build()


@mutable
class _Table:
    """A table or view while statements change it. Types are resolved in the end."""

    columns: dict[str, ast.ColumnDef]
    partition_key: list[str]
    clustering: list[str]
    order: dict[str, bool]
    options: dict[str, Any]
    dropped: dict[str, tuple[ast.ColumnDef, int]] = made(default_factory=dict)
    indexes: list[str] = made(default_factory=list)
    kind: str = "REGULAR"
    strict_liveness: bool = False


class _Builder:
    def __init__(self, where: Where | None) -> None:
        self.where = where
        self.keyspace: str | None = None
        self.keyspaces: dict[str, dict[str, Any]] = {}
        self.types = TypeRegistry()
        self.tables: dict[_Key, _Table] = {}
        self.views: dict[_Key, ast.CreateView] = {}

    def apply(self, statement: ast.Statement) -> None:
        handler = _HANDLERS.get(type(statement))
        if handler is not None:
            try:
                handler(self, statement)
            except SchemaError as error:
                raise type(error)(error.message, self.where or error.where) from None

    def key(self, name: ast.Name) -> _Key:
        return name.keyspace or self.keyspace, name.name

    def table(self, name: ast.Name) -> _Table:
        try:
            return self.tables[self.key(name)]
        except KeyError:
            raise SchemaError(f"there is no table {name.name}") from None

    # Statements.

    def use(self, statement: ast.Use) -> None:
        self.keyspace = statement.keyspace

    def create_keyspace(self, statement: ast.CreateKeyspace) -> None:
        self.keyspaces[statement.name] = statement.options

    def create_type(self, statement: ast.CreateType) -> None:
        keyspace, name = self.key(statement.name)
        self.types.define(keyspace, name, dict(statement.fields))

    def alter_type(self, statement: ast.AlterType) -> None:
        keyspace, name = self.key(statement.name)
        fields = self.types.fields(keyspace, name)
        fields.update(statement.added)
        fields.update(statement.altered)
        renamed = dict(statement.renamed)
        self.types.define(keyspace, name, {renamed.get(f, f): t for f, t in fields.items()})

    def create_table(self, statement: ast.CreateTable) -> None:
        columns = {column.name: column for column in statement.columns}
        for name in (*statement.partition_key, *statement.clustering):
            if name not in columns:
                table = statement.name.name
                raise SchemaError(f"table {table}: there is no key column {name}")
        self.tables[self.key(statement.name)] = _Table(
            columns=columns,
            partition_key=list(statement.partition_key),
            clustering=list(statement.clustering),
            order=dict(statement.order),
            options=dict(statement.options),
        )

    def alter_table(self, statement: ast.AlterTable) -> None:
        table = self.table(statement.name)
        for name in statement.dropped:
            if name not in table.columns:
                raise SchemaError(f"table {statement.name.name}: there is no column {name}")
            at = statement.dropped_at if statement.dropped_at is not None else _FOREVER
            table.dropped[name] = (table.columns.pop(name), at)
        for column in statement.added:
            table.columns[column.name] = column
        for name, column_type in statement.altered:
            table.columns[name] = replace(table.columns[name], type=column_type)
        if statement.renamed:
            self.rename(self.key(statement.name), dict(statement.renamed))
        table.options.update(statement.options)
        if statement.drops_compact_storage:
            table.options[COMPACT] = _DROPPED

    def rename(self, key: _Key, names: dict[str, str]) -> None:
        table = self.tables[key]
        self.views = {
            name: _renamed(view, names) if self.key(view.base) == key else view
            for name, view in self.views.items()
        }
        table.columns = {
            names.get(name, name): replace(column, name=names.get(name, name))
            for name, column in table.columns.items()
        }
        table.partition_key = [names.get(name, name) for name in table.partition_key]
        table.clustering = [names.get(name, name) for name in table.clustering]
        table.order = {names.get(name, name): order for name, order in table.order.items()}

    def create_view(self, statement: ast.CreateView) -> None:
        keyspace, _ = key = self.key(statement.name)
        # Both are in one keyspace; it may not be the one in use in the end.
        base = ast.Name(keyspace, statement.base.name)
        self.views[key] = replace(statement, base=base)

    def alter_view(self, statement: ast.AlterView) -> None:
        view = self.views.get(self.key(statement.name))
        if view is None:
            raise SchemaError(f"there is no view {statement.name.name}")
        options = {**view.options, **statement.options}
        self.views[self.key(statement.name)] = replace(view, options=options)

    def create_index(self, statement: ast.CreateIndex) -> None:
        found = self.tables.get(self.key(statement.table))
        if found is not None:
            found.indexes.append(statement.text)

    def drop(self, statement: ast.Drop) -> None:
        key = self.key(statement.name)
        if statement.what == "table":
            self.tables.pop(key, None)
        elif statement.what == "view":
            self.views.pop(key, None)
        elif statement.what == "type":
            self.types.drop(*key)
        else:
            keyspace = statement.name.name
            self.keyspaces.pop(keyspace, None)
            self.types.drop(keyspace)
            self.tables = {k: t for k, t in self.tables.items() if k[0] != keyspace}
            self.views = {k: v for k, v in self.views.items() if k[0] != keyspace}

    # The result.

    def build(self) -> CqlSchema:
        try:
            tables = {key: self.finish(key, table) for key, table in self.with_views()}
        except SchemaError as error:
            raise type(error)(error.message, self.where or error.where) from None
        lone = {key: view for key, view in self.views.items() if key not in tables}
        return CqlSchema(self.keyspaces, tables, lone)

    def with_views(self) -> Iterator[tuple[_Key, _Table]]:
        """The tables, and those views whose base tables are among them."""
        yield from self.tables.items()
        for key, view in self.views.items():
            base = self.tables.get((view.base.keyspace, view.base.name))
            if base is not None:
                yield key, self.table_of_view(view, base)

    def table_of_view(self, view: ast.CreateView, base: _Table) -> _Table:
        keys = (*view.partition_key, *view.clustering)
        return _Table(
            columns=columns_of_view(view, base.columns),
            partition_key=list(view.partition_key),
            clustering=list(view.clustering),
            order={name: view.order.get(name, base.order.get(name, False)) for name in keys},
            options=dict(view.options),
            kind=KIND,
            strict_liveness=is_strict(keys, self.keys_of(base)),
        )

    def finish(self, key: _Key, table: _Table) -> TableSchema:
        keyspace, name = key
        find = self.types.finder(keyspace)
        types = {n: resolve_type(c.type, find) for n, c in table.columns.items()}
        masks = {n: c.mask for n, c in table.columns.items()}
        others = [c for n, c in table.columns.items() if n not in self.keys_of(table)]
        dropped = [
            DroppedColumn(_plain(column, resolve_type(column.type, find)), at)
            for column, at in table.dropped.values()
        ]
        table_id = table.options.get("id")
        schema = TableSchema(
            keyspace=keyspace or "",
            name=name,
            partition_key=tuple(
                ColumnMetadata(n, types[n], ColumnKind.PARTITION_KEY, i, masks[n])
                for i, n in enumerate(table.partition_key)
            ),
            clustering_columns=tuple(
                ColumnMetadata(
                    n,
                    _ordered(types[n], table.order.get(n, False)),
                    ColumnKind.CLUSTERING,
                    i,
                    masks[n],
                )
                for i, n in enumerate(table.clustering)
            ),
            static_columns=in_row_order(_plain(c, types[c.name]) for c in others if c.is_static),
            regular_columns=in_row_order(
                _plain(c, types[c.name]) for c in others if not c.is_static
            ),
            dropped_columns=tuple(dropped),
            options={n: v for n, v in table.options.items() if n not in ("id", COMPACT)},
            id=_id(table_id),
            flags=frozenset({"compound"}),
            user_types=self.types.of_keyspace(keyspace),
            indexes=tuple(table.indexes),
            kind=table.kind,
            strict_liveness=table.strict_liveness,
        )
        storage = table.options.get(COMPACT)
        if not storage:
            return schema
        return cql_table(compact(schema)) if storage == _DROPPED else compact(schema)

    @staticmethod
    def keys_of(table: _Table) -> set[str]:
        return {*table.partition_key, *table.clustering}


def _renamed(view: ast.CreateView, names: dict[str, str]) -> ast.CreateView:
    def new(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in columns)

    return replace(
        view,
        columns=None if view.columns is None else new(view.columns),
        partition_key=new(view.partition_key),
        clustering=new(view.clustering),
        order={names.get(name, name): order for name, order in view.order.items()},
    )


def _id(value: Any) -> UUID | None:
    if value is None:
        return None
    from uuid import UUID

    try:
        return UUID(str(value))
    except ValueError:
        raise SchemaError(f"{value!r} is no table id") from None


def _plain(column: ast.ColumnDef, column_type: CqlType) -> ColumnMetadata:
    kind = ColumnKind.STATIC if column.is_static else ColumnKind.REGULAR
    return ColumnMetadata(column.name, column_type, kind, mask=column.mask)


def _ordered(column_type: CqlType, is_descending: bool) -> CqlType:
    if not is_descending:
        return column_type
    from cqlite.types import ReversedType

    return ReversedType(column_type)


def in_row_order(columns: Any) -> tuple[ColumnMetadata, ...]:
    """Static or regular columns in the order in which rows have them."""
    return tuple(sorted(columns, key=ColumnMetadata.sort_key))


def compact(schema: TableSchema) -> TableSchema:
    """A table made WITH COMPACT STORAGE as it is stored, with columns that CQL hides.

    Without clustering columns, its columns are static, and there are a clustering column
    and a value that only Thrift saw; with them, there is just one value, which may be
    empty. Follows ``CreateTableStatement`` of Cassandra 3.
    """
    if schema.clustering_columns:
        value = parse_type("EmptyType")
        hidden = ColumnMetadata("value", value, ColumnKind.REGULAR)
        regular = schema.regular_columns or (hidden,)
        return replace(schema, regular_columns=regular, flags=frozenset({"dense"}))
    is_counter = any(column.type.is_counter for column in schema.regular_columns)
    value = parse_type("CounterColumnType" if is_counter else "BytesType")
    return replace(
        schema,
        clustering_columns=(
            ColumnMetadata("column1", parse_type("UTF8Type"), ColumnKind.CLUSTERING, 0),
        ),
        static_columns=in_row_order(
            replace(column, kind=ColumnKind.STATIC) for column in schema.regular_columns
        ),
        regular_columns=(ColumnMetadata("value", value, ColumnKind.REGULAR),),
        flags=frozenset({"counter"}) if is_counter else frozenset(),
        options={**schema.options, COMPACT: True},
    )


def cql_table(schema: TableSchema) -> TableSchema:
    """What ALTER TABLE DROP COMPACT STORAGE makes of a table: hidden columns are shown."""
    options = {name: value for name, value in schema.options.items() if name != COMPACT}
    return replace(schema, options=options, flags=schema.flags - {"dense"} | {"compound"})


_HANDLERS: Final[dict[type, Callable[[_Builder, Any], None]]] = {
    ast.Use: _Builder.use,
    ast.CreateKeyspace: _Builder.create_keyspace,
    ast.CreateType: _Builder.create_type,
    ast.AlterType: _Builder.alter_type,
    ast.CreateTable: _Builder.create_table,
    ast.AlterTable: _Builder.alter_table,
    ast.CreateView: _Builder.create_view,
    ast.AlterView: _Builder.alter_view,
    ast.CreateIndex: _Builder.create_index,
    ast.Drop: _Builder.drop,
}
