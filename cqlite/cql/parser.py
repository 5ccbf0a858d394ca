"""Parse trees of statements, types and values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from cqlite.cql.machine import Machine, StuckError, TooDeepError
from cqlite.cql.tokens import place, tokenize
from cqlite.cql.tree import EOF, NONE, SIGNS, TOKENS, Cql, Token
from cqlite.errors import SchemaError, Where

_MOST_LISTED: Final = 8


def parse_query(text: str, where: Where | None = None) -> Any:
    """The tree of one statement: a ``Cql.QueryContext``.

    Raises:
        SchemaError: it is malformed; the message has line, column and what is wrong there.
    """
    return parse_rule("query", text, tokenize(text, where), where)


def parse_rule(rule: str, text: str, tokens: Sequence[Token], where: Where | None = None) -> Any:
    """The tree of ``tokens`` by a rule of the grammar that ends in EOF.

    ANTLR's faster way of predicting comes first (SLL); the full one (LL) decides when that
    fails, and knows what would have been right.

    Args:
        rule: ``script``, ``query``, ``typeOnly`` or ``termOnly``.
        text: what the tokens were made from, for errors.
        tokens: those of ``tokenize``, or one of ``split_statements``.
        where: the file, for errors.

    Raises:
        SchemaError: they are malformed; the message has line, column and what is wrong there.
    """
    try:
        try:
            return Machine(tokens, _faster, trusts=True).run(rule)
        except StuckError:
            from cqlite.cql.antlr import exact

            return Machine(tokens, exact, trusts=False).run(rule)
    except StuckError as problem:
        raise SchemaError(_message(text, tokens, problem), where) from None
    except (TooDeepError, RecursionError):
        at = place(text, tokens[0].start)
        raise SchemaError(f"{at}: the statement is nested too deeply", where) from None


def _faster(machine: Machine, decision: int) -> int:
    from cqlite.cql.antlr import faster

    return faster(machine, decision)


def _message(text: str, tokens: Sequence[Token], problem: StuckError) -> str:
    from cqlite.cql.antlr import following

    token = tokens[min(problem.token, len(tokens) - 1)]
    found = "the end of the text" if token.type == EOF else repr(token.text)
    at = place(text, token.start)
    expected = _expected(following(problem.states))
    if not expected:
        return f"{at}: unexpected {found}"
    return f"{at}: expected {expected}, found {found}"


def _expected(types: Iterable[int]) -> str:
    """Kinds of tokens in words; keywords are left off where any name may stand."""
    types = set(types)
    words = []
    if Cql.IDENT in types:
        words.append("a name")
    if Cql.HEXNUMBER in types:
        words.append("a value")
    if not words:
        words = [word for kind in sorted(types) if (word := _word(kind))]
    words = words if len(words) <= _MOST_LISTED else [*words[:_MOST_LISTED], "…"]
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _word(kind: int) -> str:
    if kind == EOF:
        return "the end"
    if TOKENS[kind].startswith("K_"):
        return str(TOKENS[kind].removeprefix("K_"))
    if kind < len(SIGNS) and SIGNS[kind] != NONE:
        return str(SIGNS[kind])
    return _KINDS.get(kind, "")


_KINDS: Final = {
    Cql.STRING_LITERAL: "a string",
    Cql.INTEGER: "an integer",
    Cql.QMARK: "'?'",
    Cql.RANGE: "'..'",
    Cql.BOOLEAN: "a boolean",
    Cql.EMPTY_QUOTED_NAME: '""',
}
