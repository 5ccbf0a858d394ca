"""Tokens of CQL text, and statements as runs of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from antlr4 import InputStream
from antlr4.Token import CommonToken, Token

from cqlite._cql.CqlLexer import CqlLexer
from cqlite.errors import SchemaError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEGACY_NOTE: Final = "constructs not compatible with CQL"
_SEMICOLON: Final = CqlLexer.literalNames.index("';'")


def tokenize(text: str, where: Where | None = None) -> list[Token]:
    """The tokens of ``text`` but for blanks and comments, and one of type EOF in the end.

    A comment in which Cassandra's snapshots put a legacy table's structure is read too.
    ``start`` and ``stop`` of a token count characters, ``stop`` being its last one.

    Raises:
        SchemaError: a character that begins no token, or a string without its end.
    """
    tokens = []
    for token in CqlLexer(InputStream(text)).getAllTokens():
        if token.channel == Token.DEFAULT_CHANNEL:
            if token.type == CqlLexer.UNKNOWN:
                at = place(text, token.start)
                raise SchemaError(f"{at}: unexpected {text[token.start]!r}", where)
            tokens.append(token)
        elif token.type == CqlLexer.MULTILINE_COMMENT and _LEGACY_NOTE in token.text:
            tokens += _legacy_table(text, token)
    return [*tokens, _end(len(text))]


def _legacy_table(text: str, comment: Token) -> list[Token]:
    """The tokens within a comment, at the positions that they have in the whole text."""
    create = text.find("CREATE TABLE", comment.start, comment.stop)
    if create < 0:
        return []
    before = re.sub(r"[^\r\n]", " ", text[:create])
    return tokenize(before + text[create : comment.stop - 1])[:-1]


def _end(at: int) -> Token:
    token = CommonToken(type=Token.EOF, start=at, stop=at - 1)
    token.text = ""
    return token


def split_statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement, with its semicolon if there is one, and one of type EOF.

    Those of a BATCH are statements of their own here.
    """
    statement: list[Token] = []
    for token in tokens:
        if token.type != Token.EOF:
            statement.append(token)
        if token.type in (_SEMICOLON, Token.EOF):
            if statement and statement[0].type != _SEMICOLON:
                yield [*statement, _end(statement[-1].stop + 1)]
            statement = []


def place(text: str, at: int) -> str:
    """A position for people: line and column, both from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f"line {line}, column {column}"
