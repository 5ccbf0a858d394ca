"""What a SELECT computes of columns: calls, casts, fields and the like (``Selectable``'s kinds)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.query import computations as ex
from cqlite.query.calls import resolve
from cqlite.query.expressions import ColumnExpression, Expression
from cqlite.query.functions import (
    AggregateFunction,
    Assignment,
    Function,
    FunctionContext,
    ScalarFunction,
)
from cqlite.query.selectables import Columns, Selectable, any_selects, infer
from cqlite.query.times import TimeKind
from cqlite.schema import ColumnKind, ColumnMetadata
from cqlite.terms.assignable import Receiver
from cqlite.terms.assignment import is_value_compatible
from cqlite.terms.constants import Constant
from cqlite.terms.literals import TupleItems, tuple_of
from cqlite.terms.names import SYSTEM, FunctionName, cast_name
from cqlite.terms.term import Term
from cqlite.types import CqlType, TupleType, UserType

COUNT_ROWS: Final = FunctionName("count_rows")


class TermSelectable(Selectable):
    """A constant or null."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def __str__(self) -> str:
        return str(self.term)

    def exact_type(self) -> CqlType | None:
        return self.term.exact_type()

    def compatible_type(self) -> CqlType | None:
        return self.term.compatible_type()

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return self.term.test_assignment(receiver)

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        kind = infer(self, self.exact_type(), expected)
        return ex.ConstantExpression(
            str(self.term), kind, self.term.value(Receiver("[selection]", kind))
        )

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return False


class MetadataSelectable(Selectable):
    """WRITETIME, MAXWRITETIME or TTL of a column or of a part of it."""

    def __init__(self, name: str, column: ColumnMetadata, selected: Selectable) -> None:
        self.name, self.column, self.selected = name, column, selected
        self.kind = TimeKind.TTL if name == "ttl" else TimeKind.WRITETIME
        self.is_maximum = name == "maxwritetime"

    def __str__(self) -> str:
        return f"{self.name}({self.selected})"

    def _type(self, is_multi_cell: bool) -> CqlType:
        return self.kind.list_type if is_multi_cell and not self.is_maximum else self.kind.type

    def exact_type(self) -> CqlType:
        return self._type(self.column.type.is_multi_cell)

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        if self.column.kind in (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING):
            raise QueryError(
                f"Cannot use selection function {self.name} on PRIMARY KEY part {self.column.name}"
            )
        selected = self.selected.expression(expected, columns)
        kind = self._type(selected.type.is_multi_cell)
        title = f"{self.name}({selected.title})"
        return ex.MetadataExpression(title, kind, selected, self.kind, self.is_maximum)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


class CallSelectable(Selectable):
    """A call of a function, an operator among them.

    Raises:
        QueryError: there is no such function, or none takes these arguments.
    """

    def __init__(
        self, name: FunctionName, arguments: Sequence[Selectable], context: FunctionContext
    ) -> None:
        if name.name == "count" and len(arguments) == 1 and _is_constant(arguments[0]):
            name, arguments = COUNT_ROWS, ()
        self.arguments = arguments
        function = resolve(name, arguments, context)
        if function is None:
            raise QueryError(f"Unknown function '{name}'")
        self.function = function

    def __str__(self) -> str:
        return self.function.column_name([str(argument) for argument in self.arguments])

    def exact_type(self) -> CqlType:
        return self.function.return_type

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        pairs = zip(self.arguments, self.function.argument_types, strict=True)
        return call(
            self.function, [item.expression(kind, columns) for item, kind in pairs], columns
        )

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return any_selects(self.arguments, matches)


def _is_constant(item: Selectable) -> bool:
    return isinstance(item, TermSelectable) and isinstance(item.term, Constant)


def call(function: Function, arguments: Sequence[Expression], columns: Columns) -> Expression:
    """A function of expressions.

    Raises:
        QueryError: it is an aggregate of aggregates.
    """
    if not isinstance(function, AggregateFunction):
        assert isinstance(function, ScalarFunction)
        return ex.CallExpression(function, arguments)
    if any(argument.aggregates for argument in arguments):
        raise QueryError("aggregate functions cannot be used as arguments of aggregate functions")
    columns.aggregates += 1
    return ex.AggregateExpression(function, arguments, columns.aggregates - 1)


class CastSelectable(Selectable):
    """CAST of something to a type."""

    def __init__(
        self, selected: Selectable, kind: CqlType, shown: str, context: FunctionContext
    ) -> None:
        self.selected, self.kind, self.shown, self.context = selected, kind, shown, context

    def __str__(self) -> str:
        return f"cast({self.selected} as {self.shown})"

    def exact_type(self) -> CqlType:
        return self.kind

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        selected = self.selected.expression(None, columns)
        # A descending column has another type, which Cassandra does not take for the same.
        column = selected.column if isinstance(selected, ColumnExpression) else None
        if (selected.type if column is None else column.type) == self.kind:
            return selected
        cast = FunctionName(cast_name(self.shown), SYSTEM)
        function = resolve(cast, [self.selected], self.context)
        if function is None:
            name = columns.columns[0].name if columns.columns else str(self.selected)
            raise QueryError(f"{name} cannot be cast to {self.shown}")
        return call(function, [selected], columns)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


class FieldSelectable(Selectable):
    """A field of a UDT."""

    def __init__(self, selected: Selectable, field: str) -> None:
        self.selected, self.field = selected, field

    def __str__(self) -> str:
        return f"{self.selected}.{self.field}"

    def exact_type(self) -> CqlType | None:
        kind = self.selected.exact_type()
        if not isinstance(kind, UserType) or self.field not in kind.field_names:
            return None
        return kind.fields[kind.field_names.index(self.field)]

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        wanted = None
        if isinstance(self.selected, TupleSelectable):
            wanted = self.selected.items[0].exact_type()
        selected = self.selected.expression(wanted, columns)
        kind = selected.type.unwrap()
        if not isinstance(kind, UserType):
            raise QueryError(
                f"Invalid field selection: {self.selected} of type {kind.cql_name} is not a "
                "user type"
            )
        if self.field not in kind.field_names:
            raise QueryError(f"{self.selected} of type {kind.cql_name} has no field {self.field}")
        return ex.FieldExpression(selected, kind, kind.field_names.index(self.field))

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


class HintSelectable(Selectable):
    """Something with its type before it."""

    def __init__(self, kind: CqlType, shown: str, selected: Selectable) -> None:
        self.kind, self.shown, self.selected = kind.freeze(), shown, selected

    def __str__(self) -> str:
        return f"({self.shown}){self.selected}"

    def exact_type(self) -> CqlType:
        return self.kind

    def test_assignment(self, receiver: CqlType) -> Assignment:
        if receiver == self.kind:
            return Assignment.EXACT_MATCH
        fits = is_value_compatible(receiver, self.kind)
        return Assignment.WEAKLY_ASSIGNABLE if fits else Assignment.NOT_ASSIGNABLE

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        if not self.selected.test_assignment(self.kind):
            raise QueryError(f"Cannot assign value {self} to {self} of type {self.kind.cql_name}")
        selected = self.selected.expression(self.kind, columns)
        return ex.RenamedExpression(f"({self.shown}){selected.title}", selected, self.kind)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


class TupleSelectable(TupleItems[Selectable], Selectable):
    """Parentheses around one thing, or a tuple."""

    def exact_type(self) -> CqlType | None:
        if len(self.items) == 1:
            return None
        return tuple_of([item.exact_type() for item in self.items])

    def compatible_type(self) -> CqlType | None:
        if len(self.items) == 1:
            return None
        return tuple_of([item.compatible_type() for item in self.items])

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        kind = infer(self, self.exact_type(), expected)
        if not isinstance(kind, TupleType):
            (item,) = self.items
            inner = item.expression(expected, columns)
            return ex.RenamedExpression(f"({inner.title})", inner)
        pairs = zip(self.items, kind.fields, strict=False)
        parts = [item.expression(field, columns) for item, field in pairs]
        return ex.JoinExpression(self.bracketed(part.title for part in parts), kind, parts)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return any_selects(self.items, matches)
