"""What a pyarrow expression says of single columns.

pyarrow gives no access to the parts of an expression but its text. That is read here, an
expression is made of what was understood, and only if both are equal is anything concluded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cqlite.frames.hints import Condition
from cqlite.sstable.select.arrow_types import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+')
_COMPARISONS: Final = {"==": "IN", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_IS_IN: Final = re.compile(
    r"if_else\(is_valid\((?P<name>\w+)\), is_in\((?P=name), "
    r"\{value_set=[^\[]*:\[\n(?P<values>.*?)\n\], null_matching_behavior=MATCH\}\), null\[bool\]\)",
    re.DOTALL,
)
_Tree = list["str | _Tree"]


class _NotUnderstoodError(Exception):
    """The text is of no form that is known here."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the filter: what it says, and the expression that says it.

    Attributes:
        conditions: what all rows fulfil.
        expression: made anew.
    """

    conditions: tuple[Condition, ...]
    expression: Any


def conditions_of(expression: Any, schema: pa.Schema) -> tuple[Condition, ...]:
    """Conditions that all rows that ``expression`` lets through fulfil; none if in doubt.

    Args:
        expression: a ``pyarrow.compute.Expression``.
        schema: the fields that it is about.
    """
    text = str(expression)
    lists: list[str] = []

    def aside(match: re.Match[str]) -> str:
        lists.append(match.group())
        return f"(is_in {len(lists) - 1})"

    try:
        part = _part(_tree(_IS_IN.sub(aside, text)), _Context(schema, lists))
    except (_NotUnderstoodError, ValueError, KeyError):
        return ()
    return part.conditions if part.expression.equals(expression) else ()


@dataclass(frozen=True, slots=True)
class _Context:
    schema: pa.Schema
    lists: Sequence[str]


def _tree(text: str) -> _Tree:
    """The text's tokens, what is in parentheses as lists."""
    stack: list[_Tree] = [[]]
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise _NotUnderstoodError
        token, position = match.group(), match.end()
        if token == "(":
            stack.append([])
        elif token == ")" and len(stack) > 1:
            inner = stack.pop()
            stack[-1].append(inner)
        else:
            stack[-1].append(token)
    if len(stack) != 1:
        raise _NotUnderstoodError
    return stack[0]


def _part(tree: _Tree, context: _Context) -> _Part:
    match tree:
        case [list(inner)]:
            return _part(inner, context)
        case ["is_in", str(index)]:
            return _is_in(context.lists[int(index)], context.schema)
        case ["is_valid", [str(name)]]:
            return _Part((), _compute().is_valid(_compute().field(name)))
        case [list(left), "and", list(right)]:
            one, other = _part(left, context), _part(right, context)
            return _Part(one.conditions + other.conditions, one.expression & other.expression)
        case [list(left), "or", list(right)]:
            one, other = _part(left, context), _part(right, context)
            return _Part(
                _either(one.conditions, other.conditions), one.expression | other.expression
            )
        case [str(name), str(operator), *literal]:
            return _comparison(name, operator, literal, context.schema)
    raise _NotUnderstoodError


def _either(left: Sequence[Condition], right: Sequence[Condition]) -> tuple[Condition, ...]:
    """What holds if one or the other does: both name values of one column."""
    if len(left) == len(right) == 1 and left[0].column == right[0].column:
        one, other = left[0], right[0]
        if one.operator == other.operator == "IN":
            return (Condition(one.column, "IN", one.values + other.values),)
    return ()


def _comparison(name: str, operator: str, literal: _Tree, schema: pa.Schema) -> _Part:
    if operator not in _COMPARISONS or not all(isinstance(word, str) for word in literal):
        raise _NotUnderstoodError
    scalar = _scalar(" ".join(map(str, literal)), schema.field(name).type)
    field = _compute().field(name)
    made = {
        "==": lambda: field == scalar,
        "<": lambda: field < scalar,
        "<=": lambda: field <= scalar,
        ">": lambda: field > scalar,
        ">=": lambda: field >= scalar,
    }[operator]()
    return _Part((Condition(name, _COMPARISONS[operator], (plain(scalar),)),), made)


def _is_in(text: str, schema: pa.Schema) -> _Part:
    match = _IS_IN.fullmatch(text)
    if match is None:
        raise _NotUnderstoodError
    name, kind = match["name"], schema.field(match["name"]).type
    items = [item.strip() for item in match["values"].split(",\n")]
    if pyarrow().types.is_string(kind):
        # They are printed as they are, between quotes.
        scalars = [pyarrow().scalar(item[1:-1], kind) for item in items]
    else:
        scalars = [_scalar(item, kind) for item in items]
    field = _compute().field(name)
    values = pyarrow().array([scalar.as_py() for scalar in scalars], kind)
    null = pyarrow().scalar(None, pyarrow().bool_())
    made = _compute().if_else(_compute().is_valid(field), field.isin(values), null)
    return _Part((Condition(name, "IN", tuple(map(plain, scalars))),), made)


def _scalar(text: str, kind: pa.DataType) -> Any:
    """The scalar that pyarrow prints as ``text``."""
    pa = pyarrow()
    if pa.types.is_integer(kind):
        return pa.scalar(int(text), kind)
    if pa.types.is_string(kind):
        return pa.scalar(json.loads(text), kind)
    if pa.types.is_binary(kind):
        return pa.scalar(bytes.fromhex(text.strip('"')), kind)
    if pa.types.is_boolean(kind) and text in ("true", "false"):
        return pa.scalar(text == "true", kind)
    if pa.types.is_date32(kind):
        return pa.scalar(text, pa.string()).cast(kind)
    if pa.types.is_timestamp(kind):
        # DuckDB compares in microseconds whatever the column's unit is.
        exact = pa.scalar(text.removesuffix("Z"), pa.string()).cast(pa.timestamp("us"))
        return exact.cast(pa.int64()).cast(pa.timestamp("us", kind.tz))
    raise _NotUnderstoodError


def plain(scalar: Any) -> Any:
    """A scalar's value as ``Condition`` has it.

    Raises:
        ValueError: it has no such value, or a part below a millisecond.
    """
    pa = pyarrow()
    kind = scalar.type
    if pa.types.is_timestamp(kind):
        return scalar.cast(pa.timestamp("ms", kind.tz)).cast(pa.int64()).as_py()
    if pa.types.is_date32(kind):
        return scalar.cast(pa.int32()).as_py()
    if pa.types.is_time64(kind):
        return scalar.cast(pa.time64("ns")).cast(pa.int64()).as_py()
    return scalar.as_py()


def _compute() -> Any:
    import pyarrow.compute

    return pyarrow.compute
