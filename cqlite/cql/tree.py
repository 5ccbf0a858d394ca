"""Parse trees: tokens, and what the rules of the grammar made of them.

Names are those of ANTLR's trees, which stand in its documentation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from cqlite._cql.CqlTables import CONTEXTS, LABELS, RULES, SIGNS, TOKENS

__all__ = [
    "EOF", "NONE", "SIGNS", "TOKENS", "TYPES", "Context", "Cql", "Token",
    "context_of",
]  # fmt: skip

EOF: Final = -1
"""The type of the token after the last one."""

NONE: Final = "<INVALID>"
"""What ANTLR has for the name or the sign of a type that has none."""
_FIRST_RULE: Final = len(TOKENS)

TYPES: Final[dict[str, int]] = {
    "EOF": EOF,
    **{sign[1:-1]: number for number, sign in enumerate(SIGNS) if sign != NONE},
    **{name: number for number, name in enumerate(TOKENS) if name != NONE},
    **{f"RULE_{name}": number for number, name in enumerate(RULES, _FIRST_RULE)},
}
"""Types of tokens, by their names or signs, and of contexts, by ``RULE_`` and the rule."""


class Token:
    """A piece of text, as a part of a tree too.

    Attributes:
        type: one of ``TYPES``.
        start: its first character in the text.
        stop: its last character; before ``start`` where it has none.
        text: the characters.
    """

    __slots__ = ("start", "stop", "text", "type")

    def __init__(self, type: int, start: int, text: str) -> None:
        self.type, self.start, self.text = type, start, text
        self.stop = start + len(text) - 1

    def getText(self) -> str:  # noqa: N802
        """The characters, as contexts give theirs."""
        return self.text

    def getChildCount(self) -> int:  # noqa: N802
        """It has no parts."""
        return 0


class Context:
    """What a rule matched. Each rule, or named alternative of one, has a class of its own.

    Those have a method for each rule and named token that may be a part, which gives the part
    or None, or a list where there may be several, of which an index picks one. What the grammar
    has given a name to is an attribute, None without it.

    Args:
        start: the first token.

    Attributes:
        type: one of ``TYPES``.
        start: the first token.
        stop: the last token.
        children: tokens and contexts.
    """

    type: int

    def __init__(self, start: Token) -> None:
        self.start = self.stop = start
        self.children: list[Any] = []

    def getText(self) -> str:  # noqa: N802
        """All its characters, without what is between tokens."""
        return "".join([child.getText() for child in self.children])

    def getChild(self, index: int) -> Any:  # noqa: N802
        """A part."""
        return self.children[index]

    def getChildCount(self) -> int:  # noqa: N802
        """How many parts there are."""
        return len(self.children)


for _label in LABELS:
    setattr(Context, _label, None)


class _Grammar:
    """Types of tokens and rules by name, as in ``TYPES``, and contexts' classes.

    All are made when they are asked for, since most statements need few.
    """

    def __getattr__(self, name: str) -> Any:
        found = _context(name) if name in CONTEXTS else TYPES.get(name)
        if found is None:
            raise AttributeError(name)
        setattr(self, name, found)
        return found


Cql: Final[Any] = _Grammar()
"""What ``specs/cql/Cql.g4`` says: ``Cql.K_SELECT``, ``Cql.RULE_select``, ``Cql.SelectContext``."""


@cache
def context_of(rule: int) -> type[Context]:
    """The class for a rule, by its number."""
    name = RULES[rule]
    found: type[Context] = getattr(Cql, f"{name[0].upper()}{name[1:]}Context")
    return found


def _context(name: str) -> type[Context]:
    rule, *parts = CONTEXTS[name].split()
    members: dict[str, Any] = {"type": TYPES[f"RULE_{rule}"]}
    for part in parts:
        method = part.removesuffix("*")
        # Names that mean something in Python have a line behind them.
        kind = TYPES.get(method)
        if kind is None:
            kind = TYPES[f"RULE_{method.removesuffix('_')}"]
        members[method] = _parts(kind) if part.endswith("*") else _part(kind)
    return type(name, (Context,), members)


@cache
def _part(kind: int) -> Callable[[Context], Any]:
    def get(self: Context) -> Any:
        for child in self.children:
            if child.type == kind:
                return child
        return None

    return get


@cache
def _parts(kind: int) -> Callable[..., Any]:
    def get(self: Context, index: int | None = None) -> Any:
        found = [child for child in self.children if child.type == kind]
        if index is None:
            return found
        return found[index] if index < len(found) else None

    return get
