"""Kaitai Struct's expression language: from text to a tree.

The parser follows the language's grammar for what the specs use and refuses the
rest. :mod:`codegen.resolve` fills in ``type`` and ``ref`` of the nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from codegen.errors import SpecError

TOKEN = re.compile(
    r"""\s*(?:
      (?P<float>\d[\d_]*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
    | (?P<int>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*)
    | (?P<str>'[^']*'|"(?:[^"\\]|\\.)*")
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:::[a-z_][a-z0-9_]*)*)
    | (?P<op><<|>>|<=|>=|==|!=|[-+*/%&|^~<>?:.,()\[\]])
    )""",
    re.VERBOSE,
)

# Binary operators from loosest to tightest; comparisons do not chain.
LEVELS = (("|",), ("^",), ("&",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


@dataclass(eq=False)
class Expr:
    """A node.

    Attributes:
        type: what it evaluates to, a ``codegen.types`` value type.
    """

    type: Any = field(default=None, init=False)


@dataclass(eq=False)
class Literal(Expr):
    """An integer, float, string or boolean."""

    value: int | float | str | bool


@dataclass(eq=False)
class Name(Expr):
    """A field, parameter or instance of the type, or one of ``_ _index _io``.

    Attributes:
        ref: the member of the IR that is meant, ``None`` for the special names.
    """

    name: str
    ref: Any = field(default=None, init=False)


@dataclass(eq=False)
class EnumMember(Expr):
    """``path::enum::member``; ``ref`` is the enum."""

    path: tuple[str, ...]
    member: str
    ref: Any = field(default=None, init=False)


@dataclass(eq=False)
class Unary(Expr):
    """``-``, ``~`` or ``not``."""

    op: str
    value: Expr


@dataclass(eq=False)
class Binary(Expr):
    """Arithmetic, bits, comparison, ``and``, ``or``."""

    op: str
    left: Expr
    right: Expr


@dataclass(eq=False)
class Ternary(Expr):
    """``condition ? yes : no``."""

    condition: Expr
    yes: Expr
    no: Expr


@dataclass(eq=False)
class Attribute(Expr):
    """``value.name``: a member (``ref``), or a method without arguments (no ``ref``)."""

    value: Expr
    name: str
    ref: Any = field(default=None, init=False)


@dataclass(eq=False)
class Call(Expr):
    """``value.method(arguments)``."""

    value: Expr
    method: str
    arguments: tuple[Expr, ...]


@dataclass(eq=False)
class Index(Expr):
    """``value[index]``."""

    value: Expr
    index: Expr


@dataclass(eq=False)
class Cast(Expr):
    """``value.as<to>``."""

    value: Expr
    to: str


@dataclass(eq=False)
class Array(Expr):
    """``[a, b]``."""

    items: tuple[Expr, ...]


def children(node: Expr) -> Iterator[Expr]:
    """The nodes directly below ``node``."""
    for value in vars(node).values():
        if isinstance(value, Expr):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Expr))


def walk(node: Expr) -> Iterator[Expr]:
    """``node`` and all nodes below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def parse(text: str, place: str) -> Expr:
    """The tree of one expression; ``place`` is named in errors."""
    parser = _Parser(text, place)
    node = parser.ternary()
    parser.end()
    return node


def parse_list(text: str, place: str) -> tuple[Expr, ...]:
    """The trees of expressions with commas between them."""
    parser = _Parser(text, place)
    nodes = parser.items(None)
    parser.end()
    return nodes


class _Parser:
    def __init__(self, text: str, place: str) -> None:
        self.text = text
        self.place = place
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[tuple[str, str]]:
        position = 0
        text = self.text.rstrip()
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None:
                raise self.error(f"unexpected character {text[position:].strip()[:1]!r}")
            assert match.lastgroup is not None
            yield match.lastgroup, match.group(match.lastgroup)
            position = match.end()
        yield "end", ""

    def error(self, message: str) -> SpecError:
        return SpecError(self.place, f"{message} in expression {self.text.strip()!r}")

    def peek(self) -> str:
        kind, text = self.tokens[self.at]
        return text if kind in ("op", "name") else ""

    def take(self, *texts: str) -> str:
        """The next token if it is one of ``texts``, else nothing."""
        if self.peek() not in texts:
            return ""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.error(f"{text!r} expected")

    def end(self) -> None:
        if self.tokens[self.at][0] != "end":
            raise self.error(f"unexpected {self.tokens[self.at][1]!r}")

    def items(self, closing: str | None) -> tuple[Expr, ...]:
        nodes: list[Expr] = []
        if closing is not None and self.take(closing):
            return ()
        nodes.append(self.ternary())
        while self.take(","):
            nodes.append(self.ternary())
        if closing is not None:
            self.need(closing)
        return tuple(nodes)

    def ternary(self) -> Expr:
        condition = self.logical("or")
        if not self.take("?"):
            return condition
        yes = self.ternary()
        self.need(":")
        return Ternary(condition, yes, self.ternary())

    def logical(self, op: str) -> Expr:
        below = self.negation if op == "and" else lambda: self.logical("and")
        node = below()
        while self.take(op):
            node = Binary(op, node, below())
        return node

    def negation(self) -> Expr:
        if self.take("not"):
            return Unary("not", self.negation())
        return self.comparison()

    def comparison(self) -> Expr:
        node = self.binary(0)
        op = self.take(*COMPARISONS)
        return Binary(op, node, self.binary(0)) if op else node

    def binary(self, level: int) -> Expr:
        if level == len(LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while op := self.take(*LEVELS[level]):
            node = Binary(op, node, self.binary(level + 1))
        return node

    def unary(self) -> Expr:
        if op := self.take("-", "~"):
            return Unary(op, self.unary())
        node = self.atom()
        while op := self.take(".", "["):
            node = self.trailer(op, node)
        return node

    def trailer(self, op: str, node: Expr) -> Expr:
        if op == "[":
            index = self.ternary()
            self.need("]")
            return Index(node, index)
        kind, name = self.tokens[self.at]
        if kind != "name":
            raise self.error("a name expected after '.'")
        self.at += 1
        if name == "as" and self.take("<"):
            return self.cast(node)
        if self.take("("):
            return Call(node, name, self.items(")"))
        return Attribute(node, name)

    def cast(self, node: Expr) -> Expr:
        start = self.at
        while self.peek() not in (">", ""):
            self.at += 1
        to = "".join(text for _, text in self.tokens[start : self.at])
        self.need(">")
        return Cast(node, to)

    def atom(self) -> Expr:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "int":
            prefixed = text[1:2] in ("x", "X", "b", "B", "o", "O")
            return Literal(int(text.replace("_", ""), 0 if prefixed else 10))
        if kind == "float":
            return Literal(float(text.replace("_", "")))
        if kind == "str":
            return Literal(text[1:-1] if text[0] == "'" else _unescape(text[1:-1]))
        if kind == "name":
            return self.name(text)
        if text == "(":
            node = self.ternary()
            self.need(")")
            return node
        if text == "[":
            return Array(self.items("]"))
        self.at -= 1
        raise self.error(f"unexpected {text!r}" if text else "something is missing")

    def name(self, text: str) -> Expr:
        if text in ("true", "false"):
            return Literal(text == "true")
        if text in ("sizeof", "bitsizeof"):
            raise self.error(f"{text} is not supported")
        *path, last = text.split("::")
        if len(path) == 0:
            return Name(last)
        return EnumMember(tuple(path), last)


def _unescape(text: str) -> str:
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
