"""Parse trees of terms and types as objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cqlite.cql.names import name_of
from cqlite.cql.tree import Cql
from cqlite.errors import QueryError
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.terms.constants import Constant, ConstantKind
from cqlite.terms.names import NEGATION, OPERATORS, SYSTEM, FunctionName, cast_name
from cqlite.terms.source import Source
from cqlite.terms.term import NO_VALUES, ConstantTerm, MarkerTerm, NullTerm, Term
from cqlite.types import CqlType
from cqlite.types.text import maybe_quote

if TYPE_CHECKING:
    from cqlite.terms.literals import TupleTerm
    from cqlite.types import UserType

Calls = Callable[[FunctionName, Sequence[Term]], Term]
"""Makes terms of calls of functions, by their names and arguments."""


class Reader:
    """Reads what a statement on one table has.

    Args:
        source: the statement's text.
        schema: the table's.
        calls: makes terms of calls; a QueryError from it gets the place of the call.
    """

    def __init__(self, source: Source, schema: TableSchema, calls: Calls) -> None:
        self.source, self.schema = source, schema
        self._calls = calls

    def column(self, context: Any) -> ColumnMetadata:
        """The column that a name names.

        Raises:
            QueryError: there is none.
        """
        column = self.schema.column(name_of(context))
        if column is None or column.name in self.schema.hidden_columns:
            table = f"{self.schema.keyspace}.{self.schema.name}"
            shown = maybe_quote(name_of(context))
            self.source.fail(context, f"Undefined column name {shown} in table {table}")
        return column

    def type(self, context: Any) -> CqlType:
        """The type that a ``type`` of the grammar says.

        Raises:
            QueryError: there is no such type.
        """
        from cqlite.schema.cql_parser import type_expr
        from cqlite.schema.resolve import resolve_type
        from cqlite.terms import hints

        expr = type_expr(context)
        with self.source.placing(context):
            hints.check(expr, self.schema.keyspace)
            return resolve_type(expr, self._user_type)

    def shown_type(self, context: Any) -> str:
        """A type's name as Cassandra repeats it in titles."""
        from cqlite.schema.cql_parser import type_expr
        from cqlite.terms import hints

        return hints.shown(type_expr(context), self.schema.keyspace)

    def _user_type(self, keyspace: str | None, name: str) -> UserType | None:
        if keyspace not in (None, self.schema.keyspace):
            return None
        found = self.schema.user_types.get(name)
        if found is None:
            raise QueryError(f"Unknown type {self.schema.keyspace}.{name}")
        return found

    def function_name(self, context: Any) -> FunctionName:
        """The name of a function, with its keyspace if that is written."""
        keyspace = context.keyspaceName()
        return FunctionName(
            name_of(context.simpleFunctionName()), None if keyspace is None else name_of(keyspace)
        )

    # Terms.

    def term(self, context: Any) -> Term:
        """A ``term``.

        Raises:
            QueryError: it has a bind marker, or a type that there is not.
        """
        return self._operations(context, context.termProduct(), self._product)

    def _product(self, context: Any) -> Term:
        return self._operations(context, context.termUnary(), self._unary)

    def _operations(self, context: Any, parts: list[Any], read: Callable[[Any], Term]) -> Term:
        result = read(parts[0])
        for index, part in enumerate(parts[1:]):
            symbol = context.getChild(2 * index + 1).getText()
            operands = [result, read(part)]
            result = self._call(context, FunctionName(OPERATORS[symbol], SYSTEM), operands)
        return result

    def _unary(self, context: Any) -> Term:
        term = self._simple(context.simpleTerm())
        if context.getChildCount() > 1:
            return self._call(context, FunctionName(NEGATION, SYSTEM), [term])
        return term

    def _call(self, context: Any, name: FunctionName, arguments: Sequence[Term]) -> Term:
        with self.source.placing(context):
            return self._calls(name, arguments)

    def _simple(self, context: Any) -> Term:
        if isinstance(context, Cql.TermTypeHintContext):
            from cqlite.terms.literals import HintTerm

            shown = self.shown_type(context.type_())
            read = partial(self.type, context.type_())
            return HintTerm(read, shown, self._simple(context.simpleTerm()))
        if isinstance(context, Cql.TermCastContext):
            self.type(context.type_())
            name = FunctionName(cast_name(context.type_().getText()), SYSTEM)
            return self._call(context, name, [self._simple(context.simpleTerm())])
        if isinstance(context, Cql.TermFunctionContext):
            called = self.function_name(context.functionName())
            return self._call(context, called, [self.term(term) for term in context.term()])
        if isinstance(context, Cql.TermCollectionContext):
            return self._collection(context.collectionLiteral().getChild(0))
        if isinstance(context, Cql.TermTupleContext):
            return self.tuple(context.tupleLiteral())
        return self.literal(context.literal())

    def tuple(self, context: Any) -> TupleTerm:
        """A ``tupleLiteral``."""
        from cqlite.terms.literals import TupleTerm

        return TupleTerm([self.term(term) for term in context.term()])

    def _collection(self, context: Any) -> Term:
        from cqlite.terms.literals import ArrayTerm, MapTerm, SetTerm, UserTypeTerm

        terms = [self.term(term) for term in context.term()]
        match context.type:
            case Cql.RULE_listLiteral:
                return ArrayTerm(terms)
            case Cql.RULE_mapLiteral if terms:
                return MapTerm(terms[::2], terms[1::2])
            case Cql.RULE_userTypeLiteral:
                names = [name_of(name) for name in context.name()]
                return UserTypeTerm(dict(zip(names, terms, strict=True)))
        return SetTerm(terms)

    def literal(self, context: Any) -> Term:
        """A ``literal``: a constant, null or a bind marker."""
        if context.bindMarker():
            return MarkerTerm()
        if context.K_NULL() is not None:
            return NullTerm()
        constant = Constant.of(context.constant())
        if constant.is_beyond_doubles():
            self.source.fail(
                context,
                f"Failed parsing statement: [{self.source.text}] reason: NumberFormatException "
                "Character I is neither a decimal digit number, decimal point, nor "
                '"e" notation exponential mark.',
            )
        return ConstantTerm(constant.kind, constant.text)

    def refuse_marker(self, context: Any) -> None:
        """Raises a QueryError if there is a bind marker, for which there is no value."""
        if context.bindMarker():
            self.source.fail(context, NO_VALUES)

    def range_start(self, text: str) -> Term:
        """The integer of a token that has the two dots of a slice after it."""
        return ConstantTerm(ConstantKind.INTEGER, text.removesuffix(".."))
