"""Parse trees of statements, types and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from antlr4.atn.PredictionMode import PredictionMode
from antlr4.Token import Token

from cqlite._cql.CqlParser import CqlParser
from cqlite.cql.predict import Predictor, graph, runtime
from cqlite.cql.stream import Careful, Fast, StuckError, TokenList
from cqlite.cql.tokens import place, tokenize
from cqlite.errors import SchemaError, Where

_MOST_LISTED: Final = 8


def parse_query(text: str, where: Where | None = None) -> Any:
    """The tree of one statement: a ``CqlParser.QueryContext``.

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
            return _run(rule, tokens, Fast(), Predictor)
        except StuckError:
            return _run(rule, tokens, Careful(graph()), _full)
    except StuckError as problem:
        raise SchemaError(_message(text, problem), where) from None
    except RecursionError:
        at = place(text, tokens[0].start)
        raise SchemaError(f"{at}: the statement is nested too deeply", where) from None


def _run(
    rule: str,
    tokens: Sequence[Token],
    strategy: Fast | Careful,
    predictor: Callable[[CqlParser], Any],
) -> Any:
    parser = CqlParser(TokenList(tokens))
    parser.removeErrorListeners()
    parser._errHandler = strategy
    parser._interp = predictor(parser)
    return getattr(parser, rule)()


def _full(parser: CqlParser) -> Any:
    return runtime(parser, PredictionMode.LL)


def _message(text: str, problem: StuckError) -> str:
    token = problem.token
    if token.type == Token.EOF:
        found = "the end of the text"
    else:
        found = repr(text[token.start : token.stop + 1])
    at = place(text, token.start)
    expected = _expected(problem.expected)
    if not expected:
        return f"{at}: unexpected {found}"
    return f"{at}: expected {expected}, found {found}"


def _expected(types: Iterable[int]) -> str:
    """Kinds of tokens in words; keywords are left off where any name may stand."""
    types = set(types)
    words = []
    if CqlParser.IDENT in types:
        words.append("a name")
    if CqlParser.HEXNUMBER in types:
        words.append("a value")
    if not words:
        words = [word for kind in sorted(types) if (word := _word(kind))]
    words = words if len(words) <= _MOST_LISTED else [*words[:_MOST_LISTED], "…"]
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _word(kind: int) -> str:
    if kind == Token.EOF:
        return "the end"
    literals, symbols = CqlParser.literalNames, CqlParser.symbolicNames
    if kind < len(symbols) and symbols[kind].startswith("K_"):
        return str(symbols[kind]).removeprefix("K_")
    if kind < len(literals) and literals[kind] != "<INVALID>":
        return str(literals[kind])
    return _KINDS.get(kind, "")


_KINDS: Final = {
    CqlParser.STRING_LITERAL: "a string",
    CqlParser.INTEGER: "an integer",
    CqlParser.QMARK: "'?'",
    CqlParser.RANGE: "'..'",
    CqlParser.BOOLEAN: "a boolean",
    CqlParser.EMPTY_QUOTED_NAME: '""',
}
