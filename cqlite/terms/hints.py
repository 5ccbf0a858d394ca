"""Types that statements name, as Cassandra checks and repeats them: ``CQL3Type.Raw``."""

from __future__ import annotations

from typing import Final

from cqlite.errors import QueryError
from cqlite.schema.cql_ast import TypeExpr
from cqlite.schema.resolve import NATIVE_TYPES

_COLLECTIONS: Final = {"list", "set", "map"}


def shown(expr: TypeExpr, keyspace: str | None, *, frozen: bool = False) -> str:
    """The type with ``frozen`` wherever that follows, and user-defined types with their keyspace.

    Args:
        expr: the type.
        keyspace: for types without one, None to leave it away.
        frozen: whether what is around it freezes it.
    """
    if expr.class_name is not None:
        return f"'{expr.class_name}'"
    if not expr.parameters:
        if _is_native(expr):
            return expr.name
        owner = expr.keyspace or keyspace
        name = expr.name if owner is None else f"{owner}.{expr.name}"
        return f"frozen<{name}>" if frozen else name
    if expr.name == "frozen":
        return shown(expr.parameters[0], keyspace, frozen=True)
    inner_frozen = expr.name == "tuple" or (frozen and expr.name in _COLLECTIONS)
    inner = ", ".join(shown(part, keyspace, frozen=inner_frozen) for part in expr.parameters)
    if expr.name == "vector":
        return f"vector<{inner}, {expr.dimension}>"
    text = f"{expr.name}<{inner}>"
    return f"frozen<{text}>" if frozen and expr.name in _COLLECTIONS else text


def check(expr: TypeExpr, keyspace: str, *, frozen: bool = False) -> None:
    """Whether Cassandra takes the type in a statement on a table of ``keyspace``.

    Raises:
        QueryError: it does not, in its words.
    """
    if expr.name == "frozen" and expr.parameters:
        (inner, *_) = expr.parameters
        if inner.class_name is not None or _is_native(inner):
            raise QueryError(
                "frozen<> is only allowed on collections, tuples, and user-defined types "
                f"(got {shown(inner, None)})"
            )
        check(inner, keyspace, frozen=True)
        return
    if expr.name in _COLLECTIONS and expr.parameters:
        _check_elements(expr, frozen=frozen)
    if expr.dimension == 0:
        raise QueryError("vectors may only have positive dimensions; given 0")
    if expr.keyspace not in (None, keyspace):
        raise QueryError(
            f"Statement on keyspace {keyspace} cannot refer to a user type in keyspace "
            f"{expr.keyspace}; user types can only be used in the keyspace they are defined in"
        )
    for part in expr.parameters:
        if expr.name == "tuple" and _is(part, "counter"):
            raise QueryError("Counters are not allowed inside tuples")
        check(part, keyspace, frozen=frozen or expr.name == "tuple")


def _check_elements(expr: TypeExpr, *, frozen: bool) -> None:
    # Cassandra looks at values before it looks at keys.
    for part in reversed(expr.parameters):
        if not frozen and _needs_frozen(part):
            what = "collections" if part.parameters else "UDTs"
            raise QueryError(
                f"Non-frozen {what} are not allowed inside collections: {shown(expr, None)}"
            )
        text = shown(expr, None, frozen=frozen)
        if _is(part, "counter"):
            raise QueryError(f"Counters are not allowed inside collections: {text}")
        if _is(part, "duration") and expr.name == "set":
            raise QueryError(f"Durations are not allowed inside sets: {text}")
        if _is(part, "duration") and expr.name == "map" and part is expr.parameters[0]:
            raise QueryError(f"Durations are not allowed as map keys: {text}")


def _needs_frozen(expr: TypeExpr) -> bool:
    """Whether it is a collection or UDT that is not frozen."""
    if expr.class_name is not None:
        return False
    return expr.name in _COLLECTIONS if expr.parameters else not _is_native(expr)


def _is(expr: TypeExpr, name: str) -> bool:
    return _is_native(expr) and expr.name == name


def _is_native(expr: TypeExpr) -> bool:
    return (
        not expr.parameters
        and not expr.is_quoted
        and expr.keyspace is None
        and expr.name in NATIVE_TYPES
    )
