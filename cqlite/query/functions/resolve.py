"""Which function a call means: ``FunctionResolver`` and ``NativeFunctions``."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.errors import QueryError
from cqlite.query.functions.base import Argument, Function, FunctionContext
from cqlite.terms.assignment import Assignment, assignment
from cqlite.terms.names import NEGATION, SYSTEM, symbol_of
from cqlite.types import CqlType


def find_function(
    name: str,
    arguments: Sequence[Argument],
    context: FunctionContext,
    *,
    keyspace: str | None = None,
    receiver: CqlType | None = None,
) -> Function | None:
    """The native function that a call means, None if there is none of that name.

    Args:
        name: as the grammar gives it: in lower case unless quoted; of an operator
            ``OPERATORS[…]``, of a cast ``cast_name(…)``.
        context: of the query; the function is bound to it.
        keyspace: what stands before the name, if anything; of a cast, ``system``.
        receiver: the type that the result is wanted as, where a call stands for a value in
            WHERE; None in the selection.

    Raises:
        QueryError: no function of that name takes such arguments, or more than one does.
    """
    if keyspace not in (None, SYSTEM):
        return None
    # Statements without functions don't wait for them.
    from cqlite.query.functions import registry

    candidates = [function.bound(context) for function in registry.fixed().get(name, ())]
    for factory in registry.made().get(name, ()):
        candidates.append(factory.create(arguments, receiver, context))
    if not candidates:
        return None
    if len(candidates) == 1:
        _check(candidates[0], arguments)
        return candidates[0]
    full_name = name if keyspace is None else f"{keyspace}.{name}"
    return _best(full_name, candidates, arguments, receiver)


def is_made_for_call(name: str) -> bool:
    """Whether functions of this name are made for each call (``NativeFunctions.hasFactory``)."""
    from cqlite.query.functions import registry

    return name in registry.made()


def _check(function: Function, arguments: Sequence[Argument]) -> None:
    """Whether the only function of a name takes the arguments, with errors that say why not."""
    wanted = function.argument_types
    if len(arguments) != len(wanted):
        raise QueryError(
            f"Invalid number of arguments in call to function {function.full_name}: "
            f"{len(wanted)} required but {len(arguments)} provided"
        )
    for index, (argument, kind) in enumerate(zip(arguments, wanted, strict=True)):
        if not argument.test_assignment(kind):
            raise QueryError(
                f"Type error: {argument} cannot be passed as argument {index} of function "
                f"{function.full_name} of type {kind.unwrap().cql_name}"
            )


def _best(
    name: str,
    candidates: Sequence[Function],
    arguments: Sequence[Argument],
    receiver: CqlType | None,
) -> Function:
    compatible = []
    for function in candidates:
        if receiver is not None and not assignment(function.return_type, receiver):
            continue
        match = _match(function, arguments)
        if match is Assignment.EXACT_MATCH:
            return function
        if match:
            compatible.append(function)
    if not compatible:
        raise _no_match(name, candidates, arguments)
    if len(compatible) == 1:
        return compatible[0]
    return _preferred(name, compatible, arguments, receiver)


def _match(function: Function, arguments: Sequence[Argument]) -> Assignment:
    if len(arguments) != len(function.argument_types):
        return Assignment.NOT_ASSIGNABLE
    pairs = zip(arguments, function.argument_types, strict=True)
    return min(
        (argument.test_assignment(kind) for argument, kind in pairs),
        default=Assignment.EXACT_MATCH,
    )


def _no_match(
    name: str, candidates: Sequence[Function], arguments: Sequence[Argument]
) -> QueryError:
    symbol = symbol_of(candidates[0].name)
    if symbol is not None:
        return QueryError(
            f"the '{symbol}' operation is not supported between {arguments[0]} and {arguments[1]}"
        )
    return QueryError(
        f"Invalid call to function {name}, none of its type signatures match "
        f"(known type signatures: {', '.join(map(str, candidates))})"
    )


def _preferred(
    name: str,
    compatible: Sequence[Function],
    arguments: Sequence[Argument],
    receiver: CqlType | None,
) -> Function:
    """Of several functions that do, the operator whose operands are as its result."""
    symbol = symbol_of(compatible[0].name)
    if symbol is not None:
        for function in compatible:
            if receiver is not None and set(function.argument_types) == {receiver}:
                return function
        raise QueryError(
            f"Ambiguous '{symbol}' operation with args {arguments[0]} and {arguments[1]}: "
            "use type hint to disambiguate, example '(int) ?'"
        )
    if compatible[0].name == NEGATION:
        raise QueryError("Ambiguous negation: use type casts to disambiguate")
    raise QueryError(
        f"Ambiguous call to function {name} (can be matched by following signatures: "
        f"{', '.join(map(str, compatible))}): use type casts to disambiguate"
    )
