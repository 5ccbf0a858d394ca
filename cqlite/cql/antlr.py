"""ANTLR's runtime, for what the tables do not tell: far looks ahead, and what would have fitted.

Importing it takes some time, which statements that are right seldom need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from antlr4 import ParserATNSimulator, RuleContext, Token
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.error.Errors import NoViableAltException

from cqlite._cql.CqlParser import CqlParser
from cqlite.cql.machine import Machine, StuckError


def faster(machine: Machine, decision: int) -> int:
    """The alternative by SLL, ANTLR's faster way.

    Raises:
        StuckError: none fits.
    """
    return _predict(machine, decision, PredictionMode.SLL)


def exact(machine: Machine, decision: int) -> int:
    """The alternative by LL, which finds the right one wherever there is one.

    Raises:
        StuckError: none fits.
    """
    return _predict(machine, decision, PredictionMode.LL)


def following(states: Iterable[int]) -> set[int]:
    """Types of the tokens that may come in any of some states."""
    graph = CqlParser.atn
    runs = [
        run for state in states for run in graph.nextTokens(graph.states[state]).intervals or ()
    ]
    return {kind for run in runs for kind in run if kind != Token.EPSILON}


def _predict(machine: Machine, decision: int, mode: PredictionMode) -> int:
    simulator = ParserATNSimulator(
        None, CqlParser.atn, CqlParser.decisionsToDFA, CqlParser.sharedContextCache
    )
    simulator.predictionMode = mode
    context = RuleContext()
    for caller in machine.callers:
        context = RuleContext(context, caller)
    try:
        return int(simulator.adaptivePredict(_Ahead(machine), decision, context))
    except NoViableAltException as problem:
        states = [config.state.stateNumber for config in problem.deadEndConfigs or ()]
        if problem.offendingToken == machine.at:
            states += machine.stuck().states
        raise StuckError(problem.offendingToken, states) from None


class _Ahead:
    """Types of tokens as ANTLR's ``TokenStream``, in which a token is its index."""

    def __init__(self, machine: Machine) -> None:
        self._types: Sequence[int] = machine.types
        self.index = machine.at

    def LA(self, offset: int) -> int:  # noqa: N802
        """The type of a token: 1 is the next one."""
        return self._types[min(self.index + offset, len(self._types)) - 1]

    def LT(self, offset: int) -> int:  # noqa: N802
        """A token, counted as in ``LA``."""
        return self.index + offset - 1

    def get(self, index: int) -> int:
        """The token at an index."""
        return index

    def consume(self) -> None:
        """Go on to the next token."""
        self.index += 1

    def seek(self, index: int) -> None:
        """Go to a token."""
        self.index = index

    def mark(self) -> int:
        """Nothing to be kept, since all tokens are."""
        return 0

    def release(self, marker: int) -> None:
        """Nothing to be released."""
