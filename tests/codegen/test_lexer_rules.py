"""Tokens as regular expressions, made of a grammar's rules."""

from __future__ import annotations

import re

import pytest
from codegen.errors import CodegenError
from codegen.lexer_rules import python, rules_of
from codegen.output import opening

from tests.shared import ROOT

GRAMMAR = ROOT / "specs" / "cql" / "Cql.g4"
MADE = ROOT / "generated" / "cql" / "CqlTokens.py"


def rules(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, pattern, _ in rules_of(f"grammar X;\nstart : A EOF ;\n{text}", "x.g4").patterns:
        found.setdefault(name, []).append(pattern)
    return found


def test_the_file_that_is_there_is_that_of_the_grammar() -> None:
    made = opening("#", "cql/Cql.g4") + python(rules_of(GRAMMAR.read_text("utf-8"), "Cql.g4"))
    assert MADE.read_text("utf-8") == made


@pytest.mark.parametrize(
    ("rule", "matches", "others"),
    [
        ("A : 'x1' ;", ["x1", "X1"], ["x", "1"]),
        ("A : [a-c\\u0041] ;", ["a", "C", "A"], ["d"]),
        ("A : ~[\\r\\n]* ;", ["", "a'"], ["\n"]),
        ("A : ~'x'+ ;", ["ab\n"], ["", "x"]),
        ("A : 'a'? ('b' | 'c')+ D D D D ; fragment D : [0-9] ;", ["ab1234", "BC0000"], ["a1234"]),
        ("A : '(' .*? ')' ;", ["(\n)"], ["("]),
        ("A : 'a' | 'ab' 'c'? ;", ["a", "abc"], ["ac"]),
        ("A : '.' '\\'' '\\\\' ;", [".'\\"], ["x'\\"]),
    ],
)
def test_rules(rule: str, matches: list[str], others: list[str]) -> None:
    patterns = rules(rule)["A"]
    for text in matches:
        assert any(re.fullmatch(pattern, text, re.DOTALL) for pattern in patterns), text
    for text in others:
        assert not any(re.fullmatch(pattern, text, re.DOTALL) for pattern in patterns), text


def test_words_are_no_patterns() -> None:
    found = rules_of("grammar X;\nK_A : 'ADD' | 'PLUS' ;\nB : [ ]+ -> skip ;\n", "x.g4")
    assert found.words == {"ADD": "K_A", "PLUS": "K_A"}
    assert [name for name, _, _ in found.patterns] == ["B"]
    assert found.unseen == ["B"]


def test_longer_literals_come_first() -> None:
    assert rules("A : '1' U ; fragment U : 'm' | 'ms' ;")["A"] == ["1(?:[Mm][Ss]|[Mm])"]


def test_what_a_token_can_begin_with() -> None:
    text = "grammar X;\nA : '-'? [0-1] ;\nB : ('x' | C) 'y' ;\nfragment C : 'z'* ;\n"
    firsts = {name: first for name, _, first in rules_of(text, "x.g4").patterns}
    assert firsts == {"A": "-01", "B": "XYZxyz"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("A : NOTHING ;", "NOTHING"),
        ("A : 'a' -> more ;", "command more"),
        ("A : 'a' {1 == 1}? ;", "unexpected '{1"),
    ],
)
def test_what_is_not_known_is_refused(rule: str, message: str) -> None:
    with pytest.raises(CodegenError, match=re.escape(message)):
        rules(rule)
