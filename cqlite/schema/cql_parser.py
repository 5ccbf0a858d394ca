"""A parser of the CQL statements that define schemas.

It takes what ``schema.cql`` files, DESCRIBE and people write, and passes over other
statements up to their semicolon.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cqlite.errors import SchemaError, Where
from cqlite.schema import cql_ast as ast
from cqlite.schema.cql_lexer import Kind, Token, place, tokenize
from cqlite.types.text import RESERVED

_Item = TypeVar("_Item")
_DEEPEST = 64


def parse_statements(text: str, where: Where | None = None) -> list[ast.Statement]:
    """All statements of ``text`` in their order.

    Args:
        text: CQL; statements end in semicolons, that of the last one may be missing.
        where: the file, for errors.

    Raises:
        SchemaError: one of them is malformed; the message has line and column.
    """
    return _Parser(text, where).statements()


def parse_type_expr(text: str) -> ast.TypeExpr:
    """A type as system_schema has it, such as ``frozen<list<int>>``.

    Raises:
        SchemaError: it is malformed.
    """
    parser = _Parser(text, None)
    parsed = parser.type()
    if parser.token.kind is not Kind.END:
        raise parser.fail("the end of the type")
    return parsed


class _Parser:
    def __init__(self, text: str, where: Where | None) -> None:
        self.text = text
        self.where = where
        self.tokens = tokenize(text, where)
        self.at = 0
        self.depth = 0

    # Tokens.

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def fail(self, wanted: str) -> SchemaError:
        token = self.token
        if token.kind is Kind.END:
            found = "the end of the text"
        else:
            found = repr(self.text[token.start : token.end])
        message = f"{place(self.text, token.start)}: expected {wanted}, found {found}"
        return SchemaError(message, self.where)

    def at_end(self) -> bool:
        """Whether the text ends here."""
        return self.token.kind is Kind.END

    def next(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.at += 1
        return token

    def at_word(self, *words: str) -> bool:
        """Whether these words come next."""
        tokens = self.tokens[self.at : self.at + len(words)]
        return [t.value for t in tokens if t.kind is Kind.NAME] == list(words)

    def accept(self, *words: str) -> bool:
        """Skip these words if they come next."""
        if self.at_word(*words):
            self.at += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.fail(" ".join(words).upper())

    def accept_symbol(self, symbol: str) -> bool:
        if self.token.kind is Kind.SYMBOL and self.token.value == symbol:
            self.at += 1
            return True
        return False

    def expect_symbol(self, symbol: str) -> None:
        if not self.accept_symbol(symbol):
            raise self.fail(repr(symbol))

    def separated(self, item: Callable[[], _Item], closing: str) -> list[_Item]:
        """Items between commas up to a closing symbol, which is skipped."""
        items: list[_Item] = []
        if self.accept_symbol(closing):
            return items
        while True:
            items.append(item())
            if self.accept_symbol(closing):
                return items
            self.expect_symbol(",")

    # Names and types.

    def name(self) -> str:
        token = self.token
        if token.kind is Kind.QUOTED_NAME:
            return str(self.next().value)
        if token.kind is Kind.NAME and token.value not in RESERVED:
            return str(self.next().value)
        raise self.fail("a name")

    def qualified(self) -> ast.Name:
        first = self.name()
        if self.accept_symbol("."):
            return ast.Name(first, self.name())
        return ast.Name(None, first)

    def type(self) -> ast.TypeExpr:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fail(f"no more than {_DEEPEST} types within one another")
        parsed = self._type()
        self.depth -= 1
        return parsed

    def _type(self) -> ast.TypeExpr:
        if self.token.kind is Kind.STRING:
            return ast.TypeExpr(class_name=str(self.next().value))
        is_quoted = self.token.kind is Kind.QUOTED_NAME
        # A word that is reserved but names a type.
        name = ast.Name(None, "set") if self.accept("set") else self.qualified()
        if is_quoted or name.keyspace is not None or not self.accept_symbol("<"):
            return ast.TypeExpr(name.name, keyspace=name.keyspace, is_quoted=is_quoted)
        parameters = [self.type()]
        dimension = None
        while self.accept_symbol(","):
            if self.token.kind is Kind.INTEGER:
                dimension = int(self.next().value)
            else:
                parameters.append(self.type())
        self.expect_symbol(">")
        return ast.TypeExpr(name.name, tuple(parameters), dimension=dimension)

    # Values of options.

    def value(self) -> Any:
        """A literal: str, int, float, bool, bytes, UUID, dict or list."""
        token = self.next()
        if token.kind is Kind.BLOB:
            try:
                return bytes.fromhex(token.value)
            except ValueError:
                self.at -= 1
                raise self.fail("an even number of digits") from None
        if token.kind is Kind.NAME:
            return {"true": True, "false": False}.get(token.value, token.value)
        if token.kind in (Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.UUID):
            return token.value
        if token.kind is Kind.SYMBOL and token.value == "{":
            return self.map_or_set()
        if token.kind is Kind.SYMBOL and token.value == "[":
            return self.separated(self.value, "]")
        self.at -= 1
        raise self.fail("a value")

    def map_or_set(self) -> Any:
        items = self.separated(self.entry, "}")
        if all(len(item) == 2 for item in items):
            return dict(items)
        if all(len(item) == 1 for item in items):
            return [item[0] for item in items]
        raise self.fail("a map or a set")

    def entry(self) -> tuple[Any, ...]:
        key = self.value()
        return (key, self.value()) if self.accept_symbol(":") else (key,)

    def options(self) -> tuple[dict[str, Any], dict[str, bool]]:
        """What follows WITH: options, and the clustering order."""
        options: dict[str, Any] = {}
        order: dict[str, bool] = {}
        while True:
            if self.accept("clustering", "order", "by"):
                self.expect_symbol("(")
                order.update(self.separated(self.column_order, ")"))
            elif self.accept("compact", "storage"):
                options["compact storage"] = True
            else:
                name = str(self.next().value).lower()
                self.expect_symbol("=")
                options[name] = self.value()
            if not self.accept("and"):
                return options, order

    def column_order(self) -> tuple[str, bool]:
        name = self.name()
        if self.accept("desc"):
            return name, True
        self.accept("asc")
        return name, False

    # Statements.

    def statements(self) -> list[ast.Statement]:
        found = []
        while not self.at_end():
            if self.accept_symbol(";"):
                continue
            found.append(self.statement())
            if not self.at_end():
                self.expect_symbol(";")
        return found

    def statement(self) -> ast.Statement:
        start = self.at
        for words, parse in _STATEMENTS:
            if self.accept(*words):
                return parse(self, self.tokens[start])
        return self.skip(start)

    def skip(self, start: int) -> ast.Skipped:
        while not self.at_end() and not (
            self.token.kind is Kind.SYMBOL and self.token.value == ";"
        ):
            self.at += 1
        words = [str(token.value) for token in self.tokens[start : min(start + 3, self.at)]]
        return ast.Skipped(" ".join(words))

    def if_exists(self) -> None:
        if self.accept("if"):
            self.accept("not")
            self.expect("exists")

    def use(self, first: Token) -> ast.Statement:
        return ast.Use(self.name())

    def create_keyspace(self, first: Token) -> ast.Statement:
        self.if_exists()
        name = self.name()
        options = self.options()[0] if self.accept("with") else {}
        return ast.CreateKeyspace(name, options)

    def create_type(self, first: Token) -> ast.Statement:
        self.if_exists()
        name = self.qualified()
        self.expect_symbol("(")
        return ast.CreateType(name, tuple(self.separated(self.field, ")")))

    def field(self) -> tuple[str, ast.TypeExpr]:
        return self.name(), self.type()

    def alter_type(self, first: Token) -> ast.Statement:
        self.if_exists()
        name = self.qualified()
        if self.accept("add"):
            self.if_exists()
            added = [self.field()]
            while self.accept_symbol(","):
                added.append(self.field())
            return ast.AlterType(name, added=tuple(added))
        if self.accept("rename"):
            self.if_exists()
            return ast.AlterType(name, renamed=self.renamings())
        self.expect("alter")
        field = self.name()
        self.expect("type")
        return ast.AlterType(name, altered=((field, self.type()),))

    def renamings(self) -> tuple[tuple[str, str], ...]:
        found = []
        while True:
            old = self.name()
            self.expect("to")
            found.append((old, self.name()))
            if not self.accept("and"):
                return tuple(found)

    def create_table(self, first: Token) -> ast.Statement:
        self.if_exists()
        name = self.qualified()
        self.expect_symbol("(")
        items = self.separated(self.column_or_key, ")")
        columns = tuple(item for item in items if isinstance(item, ast.ColumnDef))
        keys = [item for item in items if not isinstance(item, ast.ColumnDef)]
        keys += [((c.name,), ()) for c in columns if c.is_primary_key]
        if len(keys) != 1:
            table = name.name
            raise SchemaError(f"table {table} has {len(keys)} primary keys", self.where)
        options, order = self.options() if self.accept("with") else ({}, {})
        return ast.CreateTable(name, columns, keys[0][0], keys[0][1], order, options)

    def column_or_key(self) -> ast.ColumnDef | tuple[tuple[str, ...], tuple[str, ...]]:
        if not self.accept("primary", "key"):
            return self.column()
        self.expect_symbol("(")
        if self.accept_symbol("("):
            partition_key = tuple(self.separated(self.name, ")"))
        else:
            partition_key = (self.name(),)
        if self.accept_symbol(","):
            return partition_key, tuple(self.separated(self.name, ")"))
        self.expect_symbol(")")
        return partition_key, ()

    def column(self) -> ast.ColumnDef:
        name, column_type = self.field()
        is_static = self.accept("static")
        mask = self.mask() if self.accept("masked", "with") else None
        is_primary_key = self.accept("primary", "key")
        return ast.ColumnDef(name, column_type, is_static, is_primary_key, mask)

    def mask(self) -> str:
        """A masking function with its arguments, as it is written."""
        start = self.token.start
        if not self.accept("default"):
            self.qualified()
        if self.accept_symbol("("):
            depth = 1
            while depth and not self.at_end():
                token = self.next()
                if token.kind is Kind.SYMBOL:
                    depth += (token.value == "(") - (token.value == ")")
        return self.text[start : self.tokens[self.at - 1].end]

    def alter_table(self, first: Token) -> ast.Statement:
        self.if_exists()
        name = self.qualified()
        if self.accept("add"):
            self.if_exists()
            return ast.AlterTable(name, added=tuple(self.listed(self.column)))
        if self.accept("drop"):
            return self.drop_columns(name)
        if self.accept("rename"):
            self.if_exists()
            return ast.AlterTable(name, renamed=self.renamings())
        if self.accept("alter"):
            self.if_exists()
            column = self.name()
            if self.accept("type"):
                return ast.AlterTable(name, altered=((column, self.type()),))
            self.skip(self.at)
            return ast.AlterTable(name)
        self.expect("with")
        return ast.AlterTable(name, options=self.options()[0])

    def listed(self, item: Callable[[], _Item]) -> list[_Item]:
        """One item, or several between commas, in parentheses or not."""
        if self.accept_symbol("("):
            return self.separated(item, ")")
        items = [item()]
        while self.accept_symbol(","):
            items.append(item())
        return items

    def drop_columns(self, name: ast.Name) -> ast.AlterTable:
        if self.accept("compact", "storage"):
            return ast.AlterTable(name, drops_compact_storage=True)
        self.if_exists()
        dropped = tuple(self.listed(self.name))
        dropped_at = None
        if self.accept("using", "timestamp"):
            if self.token.kind is not Kind.INTEGER:
                raise self.fail("a timestamp")
            dropped_at = int(self.next().value)
        return ast.AlterTable(name, dropped=dropped, dropped_at=dropped_at)

    def create_index(self, first: Token) -> ast.Statement:
        self.if_exists()
        if not self.at_word("on"):
            self.name()
        self.expect("on")
        table = self.qualified()
        self.skip(self.at)
        return ast.CreateIndex(table, self.text[first.start : self.tokens[self.at - 1].end])

    def drop(self, first: Token) -> ast.Statement:
        what = str(self.tokens[self.at - 1].value)
        self.if_exists()
        return ast.Drop(what, self.qualified())


_STATEMENTS: tuple[tuple[tuple[str, ...], Callable[[_Parser, Token], ast.Statement]], ...] = (
    (("use",), _Parser.use),
    (("create", "keyspace"), _Parser.create_keyspace),
    (("create", "type"), _Parser.create_type),
    (("create", "table"), _Parser.create_table),
    (("create", "columnfamily"), _Parser.create_table),
    (("create", "index"), _Parser.create_index),
    (("create", "custom", "index"), _Parser.create_index),
    (("alter", "type"), _Parser.alter_type),
    (("alter", "table"), _Parser.alter_table),
    (("alter", "columnfamily"), _Parser.alter_table),
    (("drop", "keyspace"), _Parser.drop),
    (("drop", "type"), _Parser.drop),
    (("drop", "table"), _Parser.drop),
)
