"""Expressions for readers: the specs' own language, with versions by their letters."""

from __future__ import annotations

from collections.abc import Sequence

from codegen import expr
from codegen.expr import Expr
from codegen.types import Array, Enum

BINDING = {
    "?": 1, "or": 2, "and": 3, "not": 4,
    "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5,
    "|": 6, "^": 7, "&": 8, "<<": 9, ">>": 9, "+": 10, "-": 10,
    "*": 11, "/": 11, "%": 11, "unary": 12,
}  # fmt: skip
TIGHTEST = 20
VERSIONS = "version::id"
# From this on a number is rather a mask or limit than a count.
HEX_FROM = 0x80


def code(node: Expr) -> str:
    """``node`` as a line of code."""
    return _write(node)[0]


def condition(node: Expr, versions: Sequence[str]) -> str:
    """``node`` as the text of a condition, versions spelled out: ``na and later``."""
    conjuncts = _conjuncts(node)
    binding = BINDING["and"] if len(conjuncts) > 1 else 0
    parts = [_versions(part, versions) or f"`{_inside(part, binding)}`" for part in conjuncts]
    return ", ".join(parts)


def _conjuncts(node: Expr) -> list[Expr]:
    if isinstance(node, expr.Binary) and node.op == "and":
        return [*_conjuncts(node.left), *_conjuncts(node.right)]
    return [node]


def version_of(node: Expr) -> str | None:
    """The letters if ``node`` is the number of a version, ``version::id::na.to_i``."""
    if isinstance(node, expr.Attribute) and isinstance(node.value, expr.EnumMember):
        member = node.value
        if member.ref is not None and member.ref.path == VERSIONS:
            return member.member
    return None


def _versions(node: Expr, versions: Sequence[str]) -> str | None:
    if not isinstance(node, expr.Binary) or node.op not in expr.COMPARISONS:
        return None
    version = version_of(node.right)
    if version is None:
        return None
    at = versions.index(version)
    if node.op in ("<", ">"):
        at += 1 if node.op == ">" else -1
    if node.op == "==":
        return f"{version} only"
    if node.op == "!=":
        return f"not {version}"
    later = node.op.startswith(">")
    return f"{versions[at]} and later" if later else f"up to {versions[at]}"


def _inside(node: Expr, binding: int) -> str:
    text, own = _write(node)
    return text if own >= binding else f"({text})"


def _write(node: Expr) -> tuple[str, int]:
    if isinstance(node, expr.Unary):
        space = " " if node.op == "not" else ""
        binding = BINDING["not" if node.op == "not" else "unary"]
        return f"{node.op}{space}{_inside(node.value, binding)}", binding
    if isinstance(node, expr.Binary):
        binding = BINDING[node.op]
        left = _inside(node.left, binding + (node.op in expr.COMPARISONS))
        right = _mask(node.right) if node.op == "&" else None
        return f"{left} {node.op} {right or _inside(node.right, binding + 1)}", binding
    if isinstance(node, expr.Ternary):
        yes, no = _inside(node.yes, 1), _inside(node.no, 1)
        return f"{_inside(node.condition, 2)} ? {yes} : {no}", 1
    if isinstance(node, expr.Cast):
        # Widths matter to compilers, not to readers.
        return _write(node.value)
    return _atom(node), TIGHTEST


def _mask(node: Expr) -> str | None:
    if isinstance(node, expr.Literal) and isinstance(node.value, int):
        return f"{node.value:#04x}"
    return None


def _atom(node: Expr) -> str:
    if isinstance(node, expr.Literal):
        return _literal(node.value)
    if isinstance(node, expr.Name):
        return node.name
    if isinstance(node, expr.EnumMember):
        return node.member
    if isinstance(node, expr.Attribute):
        return _attribute(node)
    if isinstance(node, expr.Call):
        arguments = ", ".join(code(argument) for argument in node.arguments)
        return f"{_inside(node.value, TIGHTEST)}.{node.method}({arguments})"
    if isinstance(node, expr.Index):
        return f"{_inside(node.value, TIGHTEST)}[{code(node.index)}]"
    assert isinstance(node, expr.Array)
    return f"[{', '.join(code(item) for item in node.items)}]"


def _attribute(node: expr.Attribute) -> str:
    if isinstance(node.value.type, Enum) and node.name == "to_i":
        return code(node.value)
    if isinstance(node.value.type, Array) and node.name == "size":
        return f"{_inside(node.value, TIGHTEST)}.size"
    return f"{_inside(node.value, TIGHTEST)}.{node.name}"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value >= HEX_FROM:
        bits = bin(value)[2:].strip("0")
        # Masks and powers of two read better in hexadecimal.
        return hex(value) if set(bits) == {"1"} else str(value)
    return repr(value)
