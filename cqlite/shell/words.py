"""Words of the shell's own commands."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(
    r"""'(?P<string>(?:[^']|'')*)'|(?P<name>(?:"(?:[^"]|"")*"|[\w.-])+)|(?P<sign>[^\s\w])"""
)
_COMMENT: Final = re.compile(
    r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*|//[^\n]*|/\*.*?\*/""", re.DOTALL
)
_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"|([^"]+)')


class Text(str):
    """A word that stood in single quotes."""


def without_comments(text: str) -> str:
    """A command without the comments in it."""
    return _COMMENT.sub(lambda match: match[1] or " ", text).strip()


def words_of(text: str) -> list[str]:
    """The words of a command: names in lower case unless quoted, strings as ``Text``."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "string":
            found.append(Text(match["string"].replace("''", "'")))
        elif match.lastgroup == "name":
            found.append(_name(match["name"]))
        else:
            found.append(match["sign"])
    return found


def _name(text: str) -> str:
    parts = (
        plain.lower() if plain else quoted.replace('""', '"')
        for quoted, plain in _QUOTED.findall(text)
    )
    return "".join(parts)
