"""Which alternative of a rule comes next, which the generated parser asks at each decision."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

from antlr4 import ATNDeserializer, ParserATNSimulator, PredictionContextCache
from antlr4.atn.ATN import ATN
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.dfa.DFA import DFA

from cqlite._cql.CqlParser import CqlParser, serializedATN
from cqlite._cql.CqlPredictions import PREDICTIONS
from cqlite.cql.stream import TokenList


@cache
def graph() -> ATN:
    """The graph of the grammar, which takes a while to be built."""
    return ATNDeserializer().deserialize(serializedATN())


@cache
def _found() -> tuple[list[DFA], PredictionContextCache]:
    """What the runtime found out up to now."""
    return [DFA(state, n) for n, state in enumerate(graph().decisionToState)], (
        PredictionContextCache()
    )


def runtime(parser: CqlParser, mode: Any) -> ParserATNSimulator:
    """ANTLR's own way to predict, by the graph.

    Args:
        parser: who asks.
        mode: ``PredictionMode.SLL`` or ``PredictionMode.LL``.
    """
    made = ParserATNSimulator(parser, graph(), *_found())
    made.predictionMode = mode
    return made


class Predictor:
    """Looks alternatives up in the generated tables; only what they lack ANTLR's runtime finds.

    Both are SLL's, ANTLR's faster way, which a statement that is right may fail.
    """

    def __init__(self, parser: CqlParser) -> None:
        self._parser = parser

    @cached_property
    def _runtime(self) -> ParserATNSimulator:
        return runtime(self._parser, PredictionMode.SLL)

    def adaptivePredict(self, stream: TokenList, decision: int, context: Any) -> int:  # noqa: N802
        """The number of the alternative to take; arguments are those of ANTLR's runtime."""
        states = PREDICTIONS[decision]
        found: int | None = 0
        ahead = 1
        while found is not None and found <= 0:
            found = states[-found].get(stream.LA(ahead))
            ahead += 1
        if found is None:
            found = self._runtime.adaptivePredict(stream, decision, context)
        return found
