"""Texts of several statements, cut at their semicolons as cqlsh cuts them."""

from __future__ import annotations

import re
from typing import Final

_PIECE: Final = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<open>'(?:[^']|'')*\Z|"(?:[^"]|"")*\Z|\$\$(?:(?!\$\$).)*\Z|/\*.*\Z)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$)
    |(?P<end>;)
    |.""",
    re.DOTALL | re.VERBOSE,
)


def split_statements(text: str) -> tuple[list[str], str]:
    """The statements of ``text`` without their semicolons, and what follows the last one.

    Semicolons in strings, in names in quotes and in comments end nothing. Statements keep
    their comments but for those before them. What follows is empty if it is blank or
    comments.
    """
    statements = []
    start, has_text = 0, False
    for match in _PIECE.finditer(text):
        if match.lastgroup == "blank":
            if not has_text:
                start = match.end()
        elif match.lastgroup == "end":
            if has_text:
                statements.append(text[start : match.start()])
            start, has_text = match.end(), False
        else:
            has_text = True
    return statements, text[start:] if has_text else ""


def split_script(text: str) -> list[str]:
    """All statements of ``text``; the last one needs no semicolon."""
    statements, rest = split_statements(text)
    return [*statements, rest] if rest.strip() else statements
