"""Texts of several statements, cut at their semicolons without looking into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_PIECE: Final = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<open>'(?:[^']|'')*\Z|"(?:[^"]|"")*\Z|\$\$(?:(?!\$\$).)*\Z|/\*.*\Z)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|[^\s'"$/;-][^'"$/;-]*)
    |(?P<end>;)
    |.""",
    re.DOTALL | re.VERBOSE,
)


def spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """From where to where each statement goes, and whether it has a semicolon.

    Semicolons in strings, in names in quotes and in comments end nothing. A statement has
    its comments but for those before it, and not its semicolon. The last one may lack that.
    """
    start, has_text = 0, False
    for match in _PIECE.finditer(text):
        if match.lastgroup == "blank":
            if not has_text:
                start = match.end()
        elif match.lastgroup == "end":
            if has_text:
                yield start, match.start(), True
            start, has_text = match.end(), False
        else:
            has_text = True
    if has_text:
        yield start, len(text), False


def cut_statements(text: str) -> tuple[list[str], str]:
    """The statements that have a semicolon, without it, and what follows the last one."""
    statements, rest = [], ""
    for start, end, is_ended in spans(text):
        if is_ended:
            statements.append(text[start:end])
        else:
            rest = text[start:end]
    return statements, rest


def split_script(text: str) -> list[str]:
    """All statements of ``text``, without their semicolons."""
    return [text[start:end] for start, end, _ in spans(text)]
