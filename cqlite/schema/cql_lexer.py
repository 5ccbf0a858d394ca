"""Tokens of CQL text."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from cqlite.errors import SchemaError, Where


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    """An identifier or a keyword that is not quoted; ``value`` is in lower case."""
    QUOTED_NAME = auto()
    STRING = auto()
    INTEGER = auto()
    FLOAT = auto()
    BLOB = auto()
    UUID = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token; ``start`` and ``end`` count characters of the text."""

    kind: Kind
    value: Any
    start: int
    end: int


_TOKEN: Final = re.compile(
    r"""
    (?P<blank>\s+|\ufeff|--[^\r\n]*|//[^\r\n]*)
    |(?P<comment>/\*.*?\*/)
    |(?P<quoted>"(?:[^"]|"")*")
    |(?P<string>'(?:[^']|'')*'|\$\$.*?\$\$)
    |(?P<uuid>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})
    |(?P<blob>0[xX][0-9a-fA-F]*)
    |(?P<float>-?\d+(?:\.\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+))
    |(?P<integer>-?\d+)
    |(?P<name>[A-Za-z][A-Za-z0-9_]*)
    |(?P<symbol>[-+*/%=<>!(){}\[\],;:.?@$&|^~\\])
    """,
    re.VERBOSE | re.DOTALL,
)
_LEGACY_NOTE: Final = "constructs not compatible with CQL"


def tokenize(text: str, where: Where | None = None) -> list[Token]:
    """The tokens of ``text``, the last of kind END.

    A comment in which Cassandra's snapshots put a legacy table's structure is read too.

    Raises:
        SchemaError: a character that begins no token, or a string without its end.
    """
    tokens: list[Token] = []
    _scan(text, 0, len(text), tokens, where)
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _scan(text: str, start: int, end: int, tokens: list[Token], where: Where | None) -> None:
    at = start
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:
            raise SchemaError(f"{place(text, at)}: unexpected {text[at]!r}", where)
        at = match.end()
        group = match.lastgroup or ""
        if group == "comment" and _LEGACY_NOTE in match[0]:
            create = text.find("CREATE TABLE", match.start(), at)
            if create >= 0:
                _scan(text, create, at - 2, tokens, where)
        elif group not in ("blank", "comment"):
            kind, value = _token(group, match[0])
            tokens.append(Token(kind, value, match.start(), at))


def _token(group: str, text: str) -> tuple[Kind, Any]:
    match group:
        case "quoted":
            return Kind.QUOTED_NAME, text[1:-1].replace('""', '"')
        case "string":
            dollar = text.startswith("$$")
            return Kind.STRING, text[2:-2] if dollar else text[1:-1].replace("''", "'")
        case "uuid":
            return Kind.UUID, uuid.UUID(text)
        case "blob":
            return Kind.BLOB, text[2:].lower()
        case "float":
            return Kind.FLOAT, float(text)
        case "integer":
            return Kind.INTEGER, int(text)
        case "name":
            return Kind.NAME, text.lower()
    return Kind.SYMBOL, text


def place(text: str, at: int) -> str:
    """A position for people: line and column, both from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f"line {line}, column {column}"
