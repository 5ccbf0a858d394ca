"""What a Polars expression says of single columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from cqlite.frames.arrow_filter import plain
from cqlite.frames.hints import Condition
from cqlite.sstable.select.arrow_types import pyarrow

_OPERATORS: Final = {"Eq": "IN", "Lt": "<", "LtEq": "<=", "Gt": ">", "GtEq": ">="}
_FLIPPED: Final = {"Eq": "IN", "Lt": ">", "LtEq": ">=", "Gt": "<", "GtEq": "<="}
_INTEGERS: Final = frozenset(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64))
_PER_MILLISECOND: Final = {"Milliseconds": 1, "Microseconds": 1000, "Nanoseconds": 1_000_000}


class _UnknownError(Exception):
    """A literal of no kind that is known here."""


def conditions_of(expression: Any) -> tuple[Condition, ...]:
    """Conditions that all rows that ``expression`` lets through fulfil; none if in doubt.

    Args:
        expression: a ``polars.Expr``.
    """
    try:
        tree = json.loads(expression.meta.serialize(format="json"))
    except Exception:
        # Not every expression has this form, such as one with Python functions in it.
        return ()
    return _conditions(tree)


def _conditions(tree: Any) -> tuple[Condition, ...]:
    try:
        match tree:
            case {"BinaryExpr": {"left": left, "op": "And" | "LogicalAnd", "right": right}}:
                return _conditions(left) + _conditions(right)
            case {"BinaryExpr": {"left": left, "op": "Or" | "LogicalOr", "right": right}}:
                return _either(_conditions(left), _conditions(right))
            case {"BinaryExpr": {"left": {"Column": name}, "op": op, "right": {"Literal": value}}}:
                return _comparison(name, _OPERATORS.get(op), value)
            case {"BinaryExpr": {"left": {"Literal": value}, "op": op, "right": {"Column": name}}}:
                return _comparison(name, _FLIPPED.get(op), value)
            case {
                "Function": {
                    "input": [{"Column": name}, {"Literal": {"Scalar": {"List": data}}}],
                    "function": {"Boolean": {"IsIn": _}},
                }
            }:
                return (Condition(name, "IN", _values(bytes(data))),)
    except (_UnknownError, ValueError):
        pass
    return ()


def _either(left: tuple[Condition, ...], right: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """What holds if one or the other does: both name values of one column."""
    if len(left) == len(right) == 1 and left[0].column == right[0].column:
        one, other = left[0], right[0]
        if one.operator == other.operator == "IN":
            return (Condition(one.column, "IN", one.values + other.values),)
    return ()


def _comparison(name: str, operator: str | None, literal: Any) -> tuple[Condition, ...]:
    if operator is None:
        return ()
    match literal:
        case {"Scalar": dict(scalar)} | {"Dyn": dict(scalar)}:
            return (Condition(name, operator, (_value(scalar),)),)
    return ()


def _value(scalar: Mapping[str, Any]) -> Any:
    """A literal's value as ``Condition`` has it."""
    ((kind, value),) = scalar.items()
    if kind in ("String", "Str", "Boolean", "Date", "Time", "Int") or kind in _INTEGERS:
        return value
    if kind == "Binary":
        return bytes(value)
    if kind == "Datetime":
        count, unit = value[0], value[1]
        whole, rest = divmod(count, _PER_MILLISECOND[unit])
        if not rest:
            return whole
    raise _UnknownError


def _values(data: bytes) -> tuple[Any, ...]:
    """The elements of a literal list, which is in Arrow's stream format."""
    from pyarrow import ipc

    with ipc.open_stream(data) as reader:
        column = reader.read_all().column(0).combine_chunks()
    if pyarrow().types.is_list(column.type) or pyarrow().types.is_large_list(column.type):
        column = column.flatten()
    values = tuple(plain(scalar) for scalar in column)
    if any(not isinstance(value, int | str | bytes) for value in values):
        raise _UnknownError
    return values
