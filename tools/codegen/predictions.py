"""Which alternative a parser of ANTLR's takes, as tables made before it runs.

The runtime works that out at the first statements of a process, from a graph of the grammar that
has to be built before: both take longer than all else there is to a short statement. What it
finds is a function of the grammar alone (SLL), so the first tokens of all there can be are tried
here, by the runtime itself.
"""

from __future__ import annotations

import re
from typing import Any

from antlr4 import (
    CommonTokenStream,
    ParserATNSimulator,
    ParserRuleContext,
    PredictionContextCache,
    Token,
)
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.dfa.DFA import DFA
from antlr4.dfa.DFAState import DFAState
from antlr4.ListTokenSource import ListTokenSource

DEPTH = 3
"""So many tokens a table looks ahead; what needs more is left to the runtime."""

_ASKED = re.compile(r"adaptivePredict\(self\._input,(\d+)")


def asked(parser: str) -> set[int]:
    """Numbers of the decisions for which a parser, by its text, looks further than one token."""
    return {int(number) for number in _ASKED.findall(parser)}


def tokens_ahead(parser: Any, decision: int) -> tuple[dict[int, int], ...]:
    """What the runtime decides, by all the tokens that it can be asked about.

    Returns:
        By the type of a token an alternative, or less the number of the next such table.
    """
    return tuple(_Table(parser, decision).states)


class _Table:
    """What the runtime decides, by all the tokens that it can be asked about.

    Attributes:
        states: by the type of a token, an alternative, or less the number of a state.
    """

    def __init__(self, parser: Any, decision: int) -> None:
        self._dfa = DFA(parser.atn.decisionToState[decision], decision)
        self._runtime = ParserATNSimulator(
            parser(CommonTokenStream(ListTokenSource([]))),
            parser.atn,
            parser.decisionsToDFA,
            PredictionContextCache(),
        )
        self._runtime.predictionMode = PredictionMode.SLL
        self._runtime._dfa = self._dfa
        start = self._dfa.atnStartState
        configs = self._runtime.computeStartState(start, ParserRuleContext.EMPTY, False)
        first = self._runtime.addDFAState(self._dfa, DFAState(configs=configs))
        self.states: list[dict[int, int]] = [{}]
        self._numbers = {id(first): 0}
        level = [first]
        for depth in range(1, DEPTH + 1):
            level = [found for state in level for found in self._after(state, depth < DEPTH)]

    def _after(self, state: Any, goes_on: bool) -> list[Any]:
        """Enters what is decided after one more token, and gives where nothing is."""
        table = self.states[self._numbers[id(state)]]
        further = []
        for token in sorted(_tokens(state)):
            found = self._runtime.computeTargetState(self._dfa, state, token)
            if found is ParserATNSimulator.ERROR or found.predicates is not None:
                continue
            if found.isAcceptState:
                table[token] = found.prediction
            elif goes_on:
                if id(found) not in self._numbers:
                    self._numbers[id(found)] = len(self.states)
                    self.states.append({})
                    further.append(found)
                table[token] = -self._numbers[id(found)]
        return further


def _tokens(state: Any) -> set[int]:
    """The types of tokens that may come."""
    labels = [
        transition.label
        for config in state.configs
        for transition in config.state.transitions
        if transition.label is not None
    ]
    return {Token.EOF, *(token for label in labels for run in label.intervals for token in run)}
