"""The CQL statements that define schemas, from parse trees of the generated parser.

It takes what ``schema.cql`` files, DESCRIBE and people write, and passes over other
statements up to their semicolon.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cqlite.cql import parse_rule, place, split_statements, tokenize
from cqlite.cql.names import name_of, string_of
from cqlite.cql.tree import Context, Cql
from cqlite.errors import SchemaError, Where
from cqlite.schema import cql_ast as ast
from cqlite.schema.table import COMPACT

if TYPE_CHECKING:
    from uuid import UUID


def parse_statements(text: str, where: Where | None = None) -> list[ast.Statement]:
    """All statements of ``text`` in their order.

    Args:
        text: CQL; statements end in semicolons, that of the last one may be missing.
        where: the file, for errors.

    Raises:
        SchemaError: one of them is malformed; the message has line and column.
    """
    reader = _Reader(text, where)
    return [reader.statement(tokens) for tokens in split_statements(tokenize(text, where))]


def parse_parts(
    text: str, parts: Sequence[tuple[int, int]], where: Where | None = None
) -> list[ast.Statement]:
    """The statements in some parts of ``text``.

    Args:
        parts: from where to where each one goes, without its semicolon.

    Raises:
        SchemaError: one of them is malformed; the message has line and column in ``text``.
    """
    reader = _Reader(text, where)
    found = []
    for start, end in parts:
        tokens = _shifted(tokenize(text[start:end], where), start)
        found += [reader.statement(part) for part in split_statements(tokens)]
    return found


def _shifted(tokens: Sequence[Any], offset: int) -> Sequence[Any]:
    """The tokens at the places that they have in the whole text."""
    for token in tokens:
        token.start += offset
        token.stop += offset
    return tokens


@lru_cache(maxsize=1024)
def parse_type_expr(text: str) -> ast.TypeExpr:
    """A type as system_schema has it, such as ``frozen<list<int>>``.

    Raises:
        SchemaError: it is malformed.
    """
    return type_expr(parse_rule("typeOnly", text, tokenize(text)).type_())


def type_expr(context: Any) -> ast.TypeExpr:
    """A type as it is written."""
    literal = context.STRING_LITERAL()
    if literal is not None:
        return ast.TypeExpr(class_name=string_of(literal.getText()))
    names = context.name() or [context.K_SET()]
    keyspace = name_of(names[0]) if len(names) > 1 else None
    is_quoted = names[0].getText().startswith('"')
    parameters = context.typeParameters()
    inner = parameters.type_() if parameters is not None else []
    dimensions = parameters.INTEGER() if parameters is not None else []
    return ast.TypeExpr(
        name_of(names[-1]),
        tuple(type_expr(parameter) for parameter in inner),
        keyspace=keyspace,
        dimension=int(dimensions[-1].getText()) if dimensions else None,
        is_quoted=is_quoted,
    )


class _Reader:
    """Turns trees into statements; rules of the grammar have a method each."""

    def __init__(self, text: str, where: Where | None) -> None:
        self.text = text
        self.where = where

    def statement(self, tokens: Sequence[Any]) -> ast.Statement:
        convert = _converter(tokens)
        if convert is None:
            return ast.Skipped(" ".join(token.text.lower() for token in tokens[:3]))
        tree = parse_rule("query", self.text, tokens, self.where)
        return convert(self, tree.statement().getChild(0))

    def fail(self, context: Any, message: str) -> SchemaError:
        at = place(self.text, context.start.start)
        return SchemaError(f"{at}: {message}", self.where)

    def written(self, context: Any) -> str:
        """A rule's text with its blanks."""
        return self.text[context.start.start : context.stop.stop + 1]

    def qualified(self, context: Any) -> ast.Name:
        """A table or type, whose keyspace may be told."""
        first = context.children[0]
        keyspace = name_of(first) if len(context.children) > 1 else None
        return ast.Name(keyspace, name_of(context.children[-1]))

    # Values of options.

    def properties(self, contexts: Sequence[Any]) -> dict[str, Any]:
        return {name_of(item.name()).lower(): self.value(item.children[-1]) for item in contexts}

    def value(self, context: Any) -> Any:
        """A literal: str, int, float, bool, bytes, UUID, dict or list."""
        convert = _VALUES.get(context.type)
        if convert is not None:
            return convert(self, context)
        if len(context.children) == 1 and isinstance(context.children[0], Context):
            return self.value(context.children[0])
        raise self.fail(context, f"expected a constant, found {self.written(context)!r}")

    def constant(self, context: Any) -> Any:
        token = context.start
        convert = _CONSTANTS.get(token.type)
        try:
            return convert(token.text) if convert is not None else token.text
        except ValueError:
            raise self.fail(context, f"{token.text[:40]!r} cannot be read") from None

    def keyword(self, context: Any) -> str:
        return str(context.getText().lower())

    def map(self, context: Any) -> dict[Any, Any]:
        terms = [self.value(term) for term in context.term()]
        try:
            return dict(zip(terms[::2], terms[1::2], strict=True))
        except TypeError:
            raise self.fail(context, "a collection is no key of a map") from None

    def items(self, context: Any) -> list[Any]:
        return [self.value(term) for term in context.term()]

    # Keyspaces and types.

    def use(self, context: Any) -> ast.Statement:
        return ast.Use(name_of(context.keyspaceName()))

    def create_keyspace(self, context: Any) -> ast.Statement:
        options = self.properties(context.properties().property_())
        return ast.CreateKeyspace(name_of(context.keyspaceName()), options)

    def create_type(self, context: Any) -> ast.Statement:
        fields = tuple(self.field(item) for item in context.fieldDefinition())
        return ast.CreateType(self.qualified(context.userTypeName()), fields)

    def field(self, context: Any) -> tuple[str, ast.TypeExpr]:
        return name_of(context.definedName()), type_expr(context.type_())

    def alter_type(self, context: Any) -> ast.Statement:
        name = self.qualified(context.userTypeName())
        if context.fieldDefinition() is not None:
            return ast.AlterType(name, added=(self.field(context.fieldDefinition()),))
        if context.type_() is not None:
            return ast.AlterType(name, altered=(self.field(context),))
        return ast.AlterType(name, renamed=self.renamings(context))

    def renamings(self, context: Any) -> tuple[tuple[str, str], ...]:
        pairs = (item.definedName() for item in context.renaming())
        return tuple((name_of(old), name_of(new)) for old, new in pairs)

    # Tables.

    def create_table(self, context: Any) -> ast.Statement:
        name = self.qualified(context.tableName())
        columns = []
        keys = []
        for element in context.tableElement():
            if element.primaryKey() is not None:
                keys.append(self.primary_key(element.primaryKey()))
            else:
                columns.append(self.column(element.columnDefinition()))
                if element.K_KEY() is not None:
                    keys.append(((columns[-1].name,), ()))
        if len(keys) != 1:
            raise self.fail(context, f"table {name.name} has {len(keys)} primary keys")
        options, order = self.table_options(context.tableOption())
        return ast.CreateTable(name, tuple(columns), *keys[0], order, options)

    def table_options(self, contexts: Sequence[Any]) -> tuple[dict[str, Any], dict[str, bool]]:
        order = {
            name_of(item.definedName()): item.K_DESC() is not None
            for option in contexts
            for item in option.clusteringOrder()
        }
        properties = [o.property_() for o in contexts if o.property_() is not None]
        options = self.properties(properties)
        if any(option.K_COMPACT() is not None for option in contexts):
            options[COMPACT] = True
        return options, order

    def primary_key(self, context: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
        partition_key = tuple(map(name_of, context.partitionKey().definedName()))
        return partition_key, tuple(map(name_of, context.definedName()))

    def column(self, context: Any) -> ast.ColumnDef:
        name, column_type = self.field(context)
        mask = context.mask()
        return ast.ColumnDef(
            name,
            column_type,
            is_static=context.K_STATIC() is not None,
            mask=self.mask(mask) if mask is not None else None,
        )

    def mask(self, context: Any) -> str:
        """A masking function with its arguments, as it is written."""
        function = context.functionName()
        start = function.start if function is not None else context.stop
        return self.text[start.start : context.stop.stop + 1]

    def alter_table(self, context: Any) -> ast.Statement:
        name = self.qualified(context.tableName())
        change = context.tableAlteration()
        convert = _ALTERATIONS.get(type(change))
        return convert(self, name, change) if convert is not None else ast.AlterTable(name)

    def alter_column_type(self, name: ast.Name, context: Any) -> ast.AlterTable:
        return ast.AlterTable(name, altered=(self.field(context),))

    def add_columns(self, name: ast.Name, context: Any) -> ast.AlterTable:
        added = tuple(self.column(item) for item in context.columnDefinition())
        return ast.AlterTable(name, added=added)

    def drop_columns(self, name: ast.Name, context: Any) -> ast.AlterTable:
        dropped = tuple(map(name_of, context.definedName()))
        at = context.INTEGER()
        return ast.AlterTable(
            name, dropped=dropped, dropped_at=int(at.getText()) if at is not None else None
        )

    def drop_compact_storage(self, name: ast.Name, context: Any) -> ast.AlterTable:
        return ast.AlterTable(name, drops_compact_storage=True)

    def rename_columns(self, name: ast.Name, context: Any) -> ast.AlterTable:
        return ast.AlterTable(name, renamed=self.renamings(context))

    def alter_options(self, name: ast.Name, context: Any) -> ast.AlterTable:
        options = self.properties(context.properties().property_())
        return ast.AlterTable(name, options=options)

    # Views, indexes, and what is dropped.

    def create_view(self, context: Any) -> ast.Statement:
        view, base = context.tableName()
        selectors = context.selectors().selector()
        options, order = self.table_options(context.tableOption())
        return ast.CreateView(
            self.qualified(view),
            self.qualified(base),
            tuple(map(name_of, selectors)) if selectors else None,
            *self.primary_key(context.primaryKey()),
            order,
            options,
        )

    def alter_view(self, context: Any) -> ast.Statement:
        options = self.properties(context.properties().property_())
        return ast.AlterView(self.qualified(context.tableName()), options)

    def drop_view(self, context: Any) -> ast.Statement:
        return ast.Drop("view", self.qualified(context.tableName()))

    def create_index(self, context: Any) -> ast.Statement:
        using, properties = context.STRING_LITERAL(), context.properties()
        options = {} if properties is None else self.properties(properties.property_())
        name = context.indexName()
        return ast.CreateIndex(
            "" if name is None else name_of(name),
            self.qualified(context.tableName()),
            self.written(context),
            tuple(name_of(target.columnName()) for target in context.indexTarget()),
            "" if using is None else string_of(using.getText()),
            options.get("options", {}),
        )

    def drop_keyspace(self, context: Any) -> ast.Statement:
        return ast.Drop("keyspace", ast.Name(None, name_of(context.keyspaceName())))

    def drop_table(self, context: Any) -> ast.Statement:
        return ast.Drop("table", self.qualified(context.tableName()))

    def drop_type(self, context: Any) -> ast.Statement:
        return ast.Drop("type", self.qualified(context.userTypeName()))


_Converter = Callable[[_Reader, Any], ast.Statement]

# Statements that matter, by their first tokens.
_STATEMENTS: Final[Mapping[tuple[int, ...], _Converter]] = {
    (Cql.K_USE,): _Reader.use,
    (Cql.K_CREATE, Cql.K_KEYSPACE): _Reader.create_keyspace,
    (Cql.K_CREATE, Cql.K_TYPE): _Reader.create_type,
    (Cql.K_CREATE, Cql.K_TABLE): _Reader.create_table,
    (Cql.K_CREATE, Cql.K_MATERIALIZED): _Reader.create_view,
    (Cql.K_CREATE, Cql.K_INDEX): _Reader.create_index,
    (Cql.K_CREATE, Cql.K_CUSTOM): _Reader.create_index,
    (Cql.K_ALTER, Cql.K_TYPE): _Reader.alter_type,
    (Cql.K_ALTER, Cql.K_TABLE): _Reader.alter_table,
    (Cql.K_ALTER, Cql.K_MATERIALIZED): _Reader.alter_view,
    (Cql.K_DROP, Cql.K_MATERIALIZED): _Reader.drop_view,
    (Cql.K_DROP, Cql.K_KEYSPACE): _Reader.drop_keyspace,
    (Cql.K_DROP, Cql.K_TABLE): _Reader.drop_table,
    (Cql.K_DROP, Cql.K_TYPE): _Reader.drop_type,
}

_ALTERATIONS: Final[Mapping[type, Callable[[_Reader, ast.Name, Any], ast.AlterTable]]] = {
    Cql.AlterColumnTypeContext: _Reader.alter_column_type,
    Cql.AddColumnsContext: _Reader.add_columns,
    Cql.DropColumnsContext: _Reader.drop_columns,
    Cql.DropCompactStorageContext: _Reader.drop_compact_storage,
    Cql.RenameColumnsContext: _Reader.rename_columns,
    Cql.AlterOptionsContext: _Reader.alter_options,
}

_VALUES: Final[Mapping[int, Callable[[_Reader, Any], Any]]] = {
    Cql.RULE_constant: _Reader.constant,
    Cql.RULE_unreservedKeyword: _Reader.keyword,
    Cql.RULE_mapLiteral: _Reader.map,
    Cql.RULE_listLiteral: _Reader.items,
    Cql.RULE_setLiteral: _Reader.items,
}


def _uuid_of(text: str) -> UUID:
    from uuid import UUID

    return UUID(text)


_CONSTANTS: Final[Mapping[int, Callable[[str], Any]]] = {
    Cql.STRING_LITERAL: string_of,
    Cql.INTEGER: int,
    Cql.FLOAT: float,
    Cql.BOOLEAN: lambda text: text.lower() == "true",
    Cql.UUID: _uuid_of,
    Cql.HEXNUMBER: lambda text: bytes.fromhex(text[2:]),
    Cql.K_NAN: float,
    Cql.K_NEGATIVE_NAN: float,
    Cql.K_INFINITY: float,
    Cql.K_NEGATIVE_INFINITY: float,
}


def _converter(tokens: Sequence[Any]) -> _Converter | None:
    first, second = tokens[0].type, tokens[1].type
    return _STATEMENTS.get((first,)) or _STATEMENTS.get((first, second))
