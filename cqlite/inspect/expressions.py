"""Kaitai Struct's expressions as trees that can be simplified and written back.

Only what the shipped specs use is understood; anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<int>0[xX][0-9a-fA-F_]+|0b[01_]+|\d[\d_]*)
    | (?P<str>'[^']*'|"[^"\\]*")
    | (?P<name>[A-Za-z_]\w*(?:::[a-z_]\w*)*)
    | (?P<op><<|>>|<=|>=|==|!=|[-+*/%&|^~<>?:.,()\[\]])
    )""",
    re.VERBOSE,
)

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("not",),
    ("==", "!=", "<", "<=", ">", ">="),
    ("|",),
    ("^",),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_NOT = 2
_BITS = ("|", "^", "&", "<<", ">>")
_TIGHTEST = len(_LEVELS)


class Expr:
    """A node of an expression."""


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """An integer, string or boolean; ``tag`` says more of it to whoever made it."""

    value: int | str | bool
    tag: Any = None


@dataclass(frozen=True, slots=True)
class Array(Expr):
    """``[a, b]``."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A field, a parameter, an instance, or one of ``_``, ``_index`` and ``_io``."""

    name: str


@dataclass(frozen=True, slots=True)
class Enum(Expr):
    """``path::member``."""

    path: tuple[str, ...]
    member: str


@dataclass(frozen=True, slots=True)
class Attr(Expr):
    """``of.name``."""

    of: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """``of.name(args)``."""

    of: Expr
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Cast(Expr):
    """``of.as<to>``."""

    of: Expr
    to: str


@dataclass(frozen=True, slots=True)
class Index(Expr):
    """``of[at]``."""

    of: Expr
    at: Expr


@dataclass(frozen=True, slots=True)
class Unary(Expr):
    """``not of``, ``-of`` or ``~of``."""

    op: str
    of: Expr


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """``left op right``."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Ternary(Expr):
    """``condition ? yes : no``."""

    condition: Expr
    yes: Expr
    no: Expr


TRUE, FALSE = Const(True), Const(False)


def parse(source: Any) -> Expr:
    """The tree of an expression as YAML has it: text, or a number or boolean at once.

    Raises:
        ValueError: it is none, or has something that the specs do not use.
    """
    if isinstance(source, bool | int):
        return Const(source)
    parser = _Parser(str(source))
    found = parser.ternary()
    parser.need_end()
    return found


def parse_type(source: str) -> tuple[str, tuple[Expr, ...]]:
    """The name and the arguments of a type as a field refers to it; errors as :func:`parse`."""
    name, bracket, rest = source.strip().partition("(")
    if not bracket:
        return name, ()
    parser = _Parser(rest)
    args = parser.items(")")
    parser.need_end()
    return name, args


@dataclass
class _Parser:
    text: str
    tokens: list[tuple[str, str]] = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        self.tokens = list(self._split())

    def _split(self) -> Iterator[tuple[str, str]]:
        position, text = 0, self.text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._error()
            yield match.lastgroup, match[match.lastgroup]
            position = match.end()
        yield "end", ""

    def _error(self) -> ValueError:
        return ValueError(f"cannot understand the expression {self.text!r}")

    def take(self, *wanted: str) -> str:
        """The next token if it is one of ``wanted``, else nothing."""
        kind, text = self.tokens[self.at]
        if kind in ("op", "name") and text in wanted:
            self.at += 1
            return text
        return ""

    def need(self, text: str) -> None:
        """Passes ``text``."""
        if not self.take(text):
            raise self._error()

    def need_end(self) -> None:
        """Nothing may follow."""
        if self.tokens[self.at][0] != "end":
            raise self._error()

    def items(self, closing: str) -> tuple[Expr, ...]:
        """Expressions with commas between them, up to ``closing``."""
        if self.take(closing):
            return ()
        found = [self.ternary()]
        while self.take(","):
            found.append(self.ternary())
        self.need(closing)
        return tuple(found)

    def ternary(self) -> Expr:
        """A whole expression."""
        condition = self._level(0)
        if not self.take("?"):
            return condition
        yes = self.ternary()
        self.need(":")
        return Ternary(condition, yes, self.ternary())

    def _level(self, level: int) -> Expr:
        if level == _TIGHTEST:
            return self._unary()
        if level == _NOT:
            return Unary("not", self._level(_NOT)) if self.take("not") else self._level(_NOT + 1)
        found = self._level(level + 1)
        while op := self.take(*_LEVELS[level]):
            found = Binary(op, found, self._level(level + 1))
        return found

    def _unary(self) -> Expr:
        if op := self.take("-", "~"):
            return Unary(op, self._unary())
        found = self._atom()
        while op := self.take(".", "["):
            found = self._trailer(op, found)
        return found

    def _trailer(self, op: str, of: Expr) -> Expr:
        if op == "[":
            at = self.ternary()
            self.need("]")
            return Index(of, at)
        kind, name = self.tokens[self.at]
        if kind != "name":
            raise self._error()
        self.at += 1
        if name == "as" and self.take("<"):
            to = self.tokens[self.at][1]
            self.at += 1
            self.need(">")
            return Cast(of, to)
        return Call(of, name, self.items(")")) if self.take("(") else Attr(of, name)

    def _atom(self) -> Expr:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "int":
            return Const(int(text, 0))
        if kind == "str":
            return Const(text[1:-1])
        if kind == "name":
            return _name(text)
        if text == "(":
            found = self.ternary()
            self.need(")")
            return found
        if text == "[":
            return Array(self.items("]"))
        raise self._error()


def _name(text: str) -> Expr:
    if text in ("true", "false"):
        return Const(text == "true")
    *path, last = text.split("::")
    return Enum(tuple(path), last) if path else Name(last)


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """``expr`` with ``change`` made to every node, the innermost first."""
    changes: dict[str, Any] = {}
    for info in fields(expr):  # type: ignore[arg-type]
        value = getattr(expr, info.name)
        if isinstance(value, Expr):
            changes[info.name] = rewrite(value, change)
        elif info.name in ("items", "args"):
            changes[info.name] = tuple(rewrite(item, change) for item in value)
    return change(replace(expr, **changes) if changes else expr)  # type: ignore[type-var]


def walk(expr: Expr) -> Iterator[Expr]:
    """``expr`` and everything in it."""
    yield expr
    for info in fields(expr):  # type: ignore[arg-type]
        value = getattr(expr, info.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Expr):
                yield from walk(item)


def fold(expr: Expr) -> Expr:
    """One node whose operands are simple already, computed as far as it is constant."""
    handler = _FOLDS.get(type(expr))
    return expr if handler is None else handler(expr)


def _fold_attr(expr: Attr) -> Expr:
    if isinstance(expr.of, Array) and expr.name == "size":
        return Const(len(expr.of.items))
    return expr


def _fold_index(expr: Index) -> Expr:
    if isinstance(expr.of, Array) and isinstance(expr.at, Const):
        return expr.of.items[int(expr.at.value)]
    return expr


def _fold_cast(expr: Cast) -> Expr:
    return expr.of if isinstance(expr.of, Const) else expr


def _fold_unary(expr: Unary) -> Expr:
    if not isinstance(expr.of, Const):
        return expr
    if expr.op == "not":
        return Const(not expr.of.value)
    return Const(-int(expr.of.value)) if expr.op == "-" else expr


def _fold_ternary(expr: Ternary) -> Expr:
    if isinstance(expr.condition, Const):
        return expr.yes if expr.condition.value else expr.no
    if expr.yes == expr.no:
        return expr.yes
    if is_false(expr.no):
        return fold(Binary("and", expr.condition, expr.yes))
    return expr


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}


def _fold_binary(expr: Binary) -> Expr:
    left, right = expr.left, expr.right
    if isinstance(left, Const) and isinstance(right, Const):
        return Const(_OPERATIONS[expr.op](left.value, right.value))
    if expr.op in ("and", "or"):
        return _fold_logical(expr)
    if expr.op in ("+", "-") and right == Const(0):
        return left
    if expr.op == ">" and isinstance(right, Const):
        return _fold_above(expr, left, int(right.value))
    return expr


def _fold_logical(expr: Binary) -> Expr:
    neutral = expr.op == "and"
    for one, other in ((expr.left, expr.right), (expr.right, expr.left)):
        if isinstance(one, Const):
            return other if one.value == neutral else one
    return expr


def _fold_above(expr: Binary, left: Expr, limit: int) -> Expr:
    """``(a < 32 ? a : 32) > n`` and ``(a + 31) / 32 > n``, as counts of repetitions are."""
    match left:
        case Ternary(Binary("<", a, Const(top)), b, Const(other)) if (
            a == b and top == other and limit < int(top)
        ):
            return Binary(">", a, expr.right)
        case Binary("/", Binary("+", a, Const(less)), Const(step)) if int(less) == int(step) - 1:
            return Binary(">", a, Const(limit * int(step)))
    return expr


_FOLDS: dict[type, Callable[[Any], Expr]] = {
    Attr: _fold_attr,
    Index: _fold_index,
    Cast: _fold_cast,
    Unary: _fold_unary,
    Ternary: _fold_ternary,
    Binary: _fold_binary,
}


def text(expr: Expr) -> str:
    """The expression as the specs write it."""
    return _text(expr, -1)


def _text(expr: Expr, outer: int) -> str:
    """``outer`` is the level of the operator around it, from -1 to the tightest."""
    match expr:
        case Const(value):
            return _const(value, outer)
        case Name(name):
            return name
        case Enum(path, member):
            return "::".join((*path, member))
        case Array(items):
            return f"[{', '.join(text(item) for item in items)}]"
        case Attr(of, name):
            return f"{_text(of, _TIGHTEST)}.{name}"
        case Call(of, name, args):
            return f"{_text(of, _TIGHTEST)}.{name}({', '.join(text(arg) for arg in args)})"
        case Cast(of, to):
            return f"{_text(of, _TIGHTEST)}.as<{to}>"
        case Index(of, at):
            return f"{_text(of, _TIGHTEST)}[{text(at)}]"
    return _operator_text(expr, outer)


def _const(value: int | str | bool, outer: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    return f"({value})" if value < 0 and outer == _TIGHTEST else str(value)


def _operator_text(expr: Expr, outer: int) -> str:
    match expr:
        case Unary("not", of):
            level, shown = _NOT, f"not {_text(of, _NOT)}"
        case Unary(op, of):
            level, shown = _TIGHTEST - 1, f"{op}{_text(of, _TIGHTEST)}"
        case Binary(op, left, right):
            level = next(i for i, ops in enumerate(_LEVELS) if op in ops)
            # Of the same level only the left side needs no brackets; among bits all do.
            inner = _TIGHTEST if op in _BITS else level
            shown = f"{_text(left, inner)} {op} {_text(right, max(inner, level + 1))}"
        case Ternary(condition, yes, no):
            level = -1
            shown = f"{_text(condition, 0)} ? {_text(yes, -1)} : {_text(no, -1)}"
        case _:
            raise ValueError(f"no text for {expr!r}")
    return f"({shown})" if level < outer else shown


def is_true(expr: Expr) -> bool:
    """Whether it is known to hold."""
    return isinstance(expr, Const) and expr.value is True


def is_false(expr: Expr) -> bool:
    """Whether it is known not to hold."""
    return isinstance(expr, Const) and expr.value is False
