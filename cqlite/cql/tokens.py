"""Tokens of CQL text, and statements as runs of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cqlite._cql.CqlTokens import PATTERNS, UNSEEN, WORDS
from cqlite.cql.tree import EOF, NONE, SIGNS, TOKENS, TYPES, Token
from cqlite.errors import SchemaError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEGACY_NOTE: Final = "constructs not compatible with CQL"
_COMMENT, _COMMENT_END, _UNKNOWN = "MULTILINE_COMMENT", "*/", "UNKNOWN"
_NAME, _SIGN = "IDENT", "sign"
_UNSEEN: Final = frozenset(UNSEEN)

_SIGNS: Final = [
    sign[1:-1] for sign, name in zip(SIGNS, TOKENS, strict=False) if name == NONE and sign != NONE
]
"""Signs that the grammar's rules have in quotes."""

_SEMICOLON: Final = TYPES[";"]

# Longer ones first, since an expression takes the first alternative that matches.
_SIGN_PATTERN: Final = "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))
_RULES: Final = ((_SIGN, _SIGN_PATTERN, "".join(sign[0] for sign in _SIGNS)), *PATTERNS)


class _Beginnings(dict[str, list[tuple[str, re.Pattern[str]]]]):
    """What can begin with a character; with one that is not ASCII, anything."""

    def __missing__(self, character: str) -> list[tuple[str, re.Pattern[str]]]:
        # Compiled here, since a short text needs few of them.
        found = [
            (name, re.compile(pattern, re.DOTALL))
            for name, pattern, firsts in _RULES
            if character in firsts or not character.isascii()
        ]
        self[character] = found
        return found


_BEGINNINGS: Final = _Beginnings()


def tokenize(text: str, where: Where | None = None) -> list[Token]:
    """The tokens of ``text`` but for blanks and comments, and one of type EOF in the end.

    A comment in which Cassandra's snapshots put a legacy table's structure is read too.
    ``start`` and ``stop`` of a token count characters, ``stop`` being its last one.

    Raises:
        SchemaError: a character that begins no token, or a string without its end.
    """
    tokens: list[Token] = []
    for name, start, end in _scan(text):
        if name in _UNSEEN:
            if name == _COMMENT and _LEGACY_NOTE in text[start:end]:
                tokens += _legacy_table(text, start, end)
        elif name == _UNKNOWN:
            raise SchemaError(f"{place(text, start)}: unexpected {text[start]!r}", where)
        else:
            tokens.append(Token(TYPES[name], start, text[start:end]))
    return [*tokens, _end(len(text))]


def _scan(text: str) -> Iterator[tuple[str, int, int]]:
    """Names of tokens, from where and to where; of all that match the longest, then the first.

    The expressions are made from the grammar. ANTLR's own lexer takes several times as long,
    and much longer for the first tokens, as it works out its states then.
    """
    at, size = 0, len(text)
    while at < size:
        best, end = "", at
        for name, pattern in _BEGINNINGS[text[at]]:
            found = pattern.match(text, at)
            if found is not None and found.end() > end:
                best, end = name, found.end()
        if best == _NAME:
            best = WORDS.get(text[at:end].upper(), best)
        elif best == _SIGN:
            best = text[at:end]
        yield best, at, end
        at = end


def _legacy_table(text: str, start: int, end: int) -> list[Token]:
    """The tokens within a comment, at the positions that they have in the whole text."""
    create = text.find("CREATE TABLE", start, end)
    if create < 0:
        return []
    before = re.sub(r"[^\r\n]", " ", text[:create])
    return tokenize(before + text[create : end - len(_COMMENT_END)])[:-1]


def _end(at: int) -> Token:
    return Token(EOF, at, "")


def split_statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement, with its semicolon if there is one, and one of type EOF.

    Those of a BATCH are statements of their own here.
    """
    statement: list[Token] = []
    for token in tokens:
        if token.type != EOF:
            statement.append(token)
        if token.type in (_SEMICOLON, EOF):
            if statement and statement[0].type != _SEMICOLON:
                yield [*statement, _end(statement[-1].stop + 1)]
            statement = []


def place(text: str, at: int) -> str:
    """A position for people: line and column, both from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f"line {line}, column {column}"
