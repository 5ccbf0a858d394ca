"""Expressions of the specs as Python, over a scope named ``this``."""

from __future__ import annotations

from collections.abc import Callable

from codegen import expr
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.ir import EnumDef
from codegen.types import Bool, Bytes, Enum, Float, Int, Str, Stream, Struct

# How tightly Python binds each operator; all else binds tightest.
BINDING = {
    "if": 1, "or": 2, "and": 3, "not": 4,
    "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5,
    "|": 6, "^": 7, "&": 8, "<<": 9, ">>": 9, "+": 10, "-": 10,
    "*": 11, "/": 11, "//": 11, "%": 11, "unary": 12,
}  # fmt: skip
TIGHTEST = 20


class PythonWriter:
    """Writes expressions.

    Args:
        enum_name: how the generated module calls an enum.
    """

    def __init__(self, enum_name: Callable[[EnumDef], str]) -> None:
        self.enum_name = enum_name

    def write(self, node: Expr) -> str:
        """``node`` as Python."""
        return self._write(node)[0]

    def _write(self, node: Expr) -> tuple[str, int]:
        text: tuple[str, int] | str = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return (text, TIGHTEST) if isinstance(text, str) else text

    def _inside(self, node: Expr, binding: int) -> str:
        """``node`` as an operand, in parentheses unless it binds as tightly as ``binding``."""
        text, own = self._write(node)
        return text if own >= binding else f"({text})"

    def _literal(self, node: expr.Literal) -> str:
        return repr(node.value)

    def _name(self, node: expr.Name) -> str:
        return "it" if node.name == "_" else f'this["{node.name}"]'

    def _enummember(self, node: expr.EnumMember) -> str:
        return f"{self.enum_name(node.ref)}.{node.member}"

    def _unary(self, node: expr.Unary) -> tuple[str, int]:
        if node.op == "not":
            return f"not {self._inside(node.value, BINDING['not'])}", BINDING["not"]
        return f"{node.op}{self._inside(node.value, BINDING['unary'])}", BINDING["unary"]

    def _binary(self, node: expr.Binary) -> tuple[str, int]:
        op = node.op
        if op == "/" and isinstance(node.left.type, Int) and isinstance(node.right.type, Int):
            op = "//"
        binding = BINDING[op]
        # Comparisons of Python chain and Kaitai's do not, so both sides bind tighter.
        left = self._inside(node.left, binding + (op in expr.COMPARISONS))
        return f"{left} {op} {self._inside(node.right, binding + 1)}", binding

    def _ternary(self, node: expr.Ternary) -> tuple[str, int]:
        binding = BINDING["if"]
        condition = self._inside(node.condition, binding + 1)
        yes = self._inside(node.yes, binding + 1)
        return f"{yes} if {condition} else {self._inside(node.no, binding)}", binding

    def _attribute(self, node: expr.Attribute) -> str:
        value = self._inside(node.value, TIGHTEST)
        owner = node.value.type
        if isinstance(owner, Struct):
            return f'{value}["{node.name}"]'
        if isinstance(owner, Stream):
            return f"{value}.{node.name}"
        if node.name in ("size", "length"):
            return f"len({self.write(node.value)})"
        if node.name in ("first", "last"):
            return f"{value}[{0 if node.name == 'first' else -1}]"
        if node.name == "to_s":
            return f"str({self.write(node.value)})"
        if node.name == "to_i" and isinstance(owner, Bool | Enum | Float | Str):
            return f"int({self.write(node.value)})"
        raise SpecError("construct", f"attribute {node.name} cannot be written in Python")

    def _call(self, node: expr.Call) -> str:
        arguments = ", ".join(self.write(argument) for argument in node.arguments)
        owner = node.value.type
        if node.method == "substring":
            return f"substring({self.write(node.value)}, {arguments})"
        if node.method == "to_s" and isinstance(owner, Bytes):
            return f"{self._inside(node.value, TIGHTEST)}.decode({arguments})"
        if node.method == "to_i" and isinstance(owner, Str):
            return f"int({self.write(node.value)}, {arguments})"
        raise SpecError("construct", f"method {node.method} cannot be written in Python")

    def _index(self, node: expr.Index) -> str:
        return f"{self._inside(node.value, TIGHTEST)}[{self.write(node.index)}]"

    def _cast(self, node: expr.Cast) -> tuple[str, int]:
        # Python's integers have no width, and objects know their types.
        return self._write(node.value)

    def _array(self, node: expr.Array) -> str:
        if isinstance(node.type, Bytes):
            values = (i.value for i in node.items if isinstance(i, expr.Literal))
            return repr(bytes(value for value in values if isinstance(value, int)))
        return f"[{', '.join(self.write(item) for item in node.items)}]"
