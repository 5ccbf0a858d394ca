"""Calls of functions, casts and operators among terms (``cql3.functions.FunctionCall``)."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.errors import QueryError
from cqlite.query.functions import (
    Argument,
    Assignment,
    Function,
    FunctionContext,
    ScalarFunction,
    assignment,
)
from cqlite.query.functions.resolve import find_function, is_made_for_call
from cqlite.terms.assignable import Receiver
from cqlite.terms.assignment import is_value_compatible
from cqlite.terms.names import FunctionName, symbol_of
from cqlite.terms.term import Term
from cqlite.types import CqlType


def resolve(
    name: FunctionName,
    arguments: Sequence[Argument],
    context: FunctionContext,
    receiver: CqlType | None = None,
) -> Function | None:
    """The function that a call means, None if there is none of that name.

    Raises:
        QueryError: none of the name takes such arguments, or several do.
    """
    return find_function(name.name, arguments, context, keyspace=name.keyspace, receiver=receiver)


class CallTerm(Term):
    """A call of a function in a term."""

    def __init__(
        self, name: FunctionName, arguments: Sequence[Term], context: FunctionContext
    ) -> None:
        self.name, self.arguments, self.context = name, arguments, context

    def __str__(self) -> str:
        return f"{self.name.cql}({', '.join(map(str, self.arguments))})"

    def exact_type(self) -> CqlType | None:
        try:
            function = resolve(self.name, self.arguments, self.context)
        except QueryError:
            return None
        return None if function is None else function.return_type

    def test_assignment(self, receiver: CqlType) -> Assignment:
        try:
            function = resolve(self.name, self.arguments, self.context, receiver)
        except QueryError:
            return Assignment.WEAKLY_ASSIGNABLE
        if function is None or is_made_for_call(function.name):
            return Assignment.WEAKLY_ASSIGNABLE
        if receiver.freeze() == function.return_type:
            return Assignment.EXACT_MATCH
        fits = is_value_compatible(receiver.freeze(), function.return_type)
        return Assignment.WEAKLY_ASSIGNABLE if fits else Assignment.NOT_ASSIGNABLE

    def value(self, receiver: Receiver) -> bytes | None:
        function = resolve(self.name, self.arguments, self.context, receiver.type)
        if function is None:
            raise QueryError(f"Unknown function {self.name} called")
        if not isinstance(function, ScalarFunction):
            raise QueryError("Aggregation function are not supported in the where clause")
        if not assignment(function.return_type, receiver.type.freeze()):
            raise QueryError(
                f"Type error: cannot assign result of {self._what(function)} "
                f"(type {function.return_type.unwrap().cql_name}) to {receiver.name} "
                f"(type {receiver.type.unwrap().cql_name})"
            )
        values = [
            argument.value(Receiver(f"arg{index}({function.full_name})", kind))
            for index, (argument, kind) in enumerate(
                zip(self.arguments, function.argument_types, strict=True)
            )
        ]
        return function.call(*values)

    def _what(self, function: Function) -> str:
        symbol = symbol_of(self.name.name)
        return f"function {function.full_name}" if symbol is None else f"operation {symbol}"
