"""Tokens by regular expressions against those of ANTLR's own lexer, from one grammar."""

from __future__ import annotations

import pytest
from antlr4 import InputStream
from antlr4.Token import Token
from cqlite._cql.CqlLexer import CqlLexer
from hypothesis import given, settings
from hypothesis import strategies as st

from cqlite.cql import tokenize
from cqlite.cql.tree import EOF
from cqlite.errors import SchemaError
from tests.shared import OWN
from tests.unit.test_cql_grammar import POSITIVE

Found = list[tuple[int, int, int, str]] | int


def antlr(text: str) -> Found:
    """Tokens by ANTLR, or where the first character is that begins none."""
    lexer = CqlLexer(InputStream(text))
    found = []
    for token in lexer.getAllTokens():
        if token.channel != Token.DEFAULT_CHANNEL:
            continue
        if token.type == CqlLexer.UNKNOWN:
            return int(token.start)
        found.append((token.type, token.start, token.stop, token.text))
    return found


def ours(text: str) -> Found:
    try:
        tokens = tokenize(text)
    except SchemaError as error:
        line, column = (int(part.split()[-1]) for part in error.message.split(":")[0].split(","))
        return sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
    assert tokens[-1].type == EOF
    return [(token.type, token.start, token.stop, token.text) for token in tokens[:-1]]


PIECES = [
    *("select", "FROM", "Expr(", "expr (", "true", "tRUe", "nan", "-NaN", "-infinity", "-inf"),
    *("p1y", "P1Y2M", "-P3W", "PT1H2M3S", "PT3S", "P1DT", "P2020-01-02T03:04:05", "P1M", "T1H"),
    *("1h", "-1ms2us", "1mo", "1m", "1µs", "1Μs", "1μs", "1ns5", "1y2mo3w4d5h6m7s8ms9us10ns"),
    *("1", "-1", "1.", "1..2", "1...", "-1.5e+10", "1e5", "1e", "1E-", ".5", "..", "...", "0x"),
    *("0xAbg", "0X1", "123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b", "e89b", "_a", "a_1"),
    *("'a''b'", "'", "''", '"a""b"', '"', '""', '"""', "$$a'$$", "$$", "$", "/* x */", "/*"),
    *(
        "--x\n",
        "//y\r\n",
        "-",
        "--",
        "->",
        "+=",
        "-=",
        "<=",
        "!=",
        "!",
        "?",
        ":",
        ";",
        "\ufeff",
        "ſ",
    ),
    *(" ", "\t", "\n", "\u000b", "é", "İ", "K", "\x00", "🎉", "*", "/", "%", "[", "]", "{", "}"),
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_pieces_of_statements(text: str) -> None:
    assert ours(text) == antlr(text)


@settings(max_examples=200)
@given(st.text(st.sampled_from("pPtTyYmMoOsSnNuUµ019.-+eExX'\"$/*ab ;(_"), max_size=24))
def test_letters_and_digits(text: str) -> None:
    assert ours(text) == antlr(text)


@pytest.mark.parametrize("kind", POSITIVE)
def test_statements(kind: str) -> None:
    assert ours(POSITIVE[kind]) == antlr(POSITIVE[kind])


def test_schemas() -> None:
    texts = {path.read_text(encoding="utf-8") for path in OWN.rglob("schema.cql")}
    assert len(texts) > 10
    for text in sorted(text for text in texts if "/*" not in text)[::4]:
        assert ours(text) == antlr(text)
