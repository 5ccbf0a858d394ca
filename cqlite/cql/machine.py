"""Runs the tables of the parser over tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from cqlite._cql.CqlTables import PREDICTIONS, RULES, SETS, STARTS, STATES
from cqlite.cql.tree import EOF, Context, Cql, Token, context_of

_TOKEN, _RULE, _DECISION = 0, 2, 3
_END: Final = 0
_STATE: Final = 128
_AHEAD: Final = 3
"""So many tokens are looked at, which may be more than there are."""

_DEEPEST: Final = 400
"""So many rules may be open, so that whoever reads the tree gets to its end too."""


class StuckError(Exception):
    """A token that fits nowhere.

    Args:
        token: its index.
        states: those since the token before it; each says what may come instead.
    """

    def __init__(self, token: int, states: Sequence[int]) -> None:
        self.token, self.states = token, states
        super().__init__()


class TooDeepError(Exception):
    """There are too many rules within one another."""


class Machine:
    """Makes the tree of some tokens.

    Args:
        tokens: the last one is of type EOF.
        ask: gives the alternative that a decision takes, where the tables don't.
        trusts: whether tables are believed that look at several tokens. They tell apart what
            ANTLR calls SLL, its faster way, which a statement that is right may fail.

    Attributes:
        types: of the tokens, and some more of EOF.
        at: the index of the next token.
        callers: the states from which the rules that are open were entered, the first one's not.
    """

    def __init__(
        self, tokens: Sequence[Token], ask: Callable[[Machine, int], int], *, trusts: bool
    ) -> None:
        self.types = [token.type for token in tokens] + [EOF] * _AHEAD
        self.at = 0
        self.callers: list[int] = []
        self._tokens, self._ask, self._trusts = tokens, ask, trusts
        self._passed: list[int] = []

    def run(self, rule: str) -> Context:
        """The tree by a rule.

        Raises:
            StuckError: a token fits nowhere.
            TooDeepError: there are too many rules within one another.
        """
        tokens, passed, callers = self._tokens, self._passed, self.callers
        number = RULES.index(rule)
        node = context_of(number)(tokens[0])
        state: int = STARTS[number]
        open_nodes: list[Context] = []
        while True:
            if state == _END:
                node.stop = tokens[self.at - 1]
                if not open_nodes:
                    return node
                node, state = open_nodes.pop(), STATES[callers.pop()][1]
                continue
            step: Any = STATES[state]
            if step[0] == _RULE:
                child = context_of(step[2])(tokens[self.at])
                self._give(node, child, step[3])
                open_nodes.append(node)
                callers.append(state)
                node, state = child, STARTS[step[2]]
                if len(callers) > _DEEPEST:
                    raise TooDeepError
                continue
            passed.append(state)
            if step[0] == _DECISION:
                chosen = self._alternative(step[2], step[3])
                if step[4]:
                    node.__class__ = getattr(Cql, step[4][chosen - 1])
                state = step[1][chosen - 1]
            else:
                self._take(node, step)
                state = step[1]

    def stuck(self) -> StuckError:
        """That the next token fits nowhere."""
        return StuckError(self.at, self._passed)

    def _take(self, node: Context, step: Any) -> None:
        """Adds the next token, if it is what may come."""
        kind = self.types[self.at]
        is_token = step[0] == _TOKEN
        if kind != step[2] if is_token else kind not in SETS[step[2]]:
            raise self.stuck()
        self._give(node, self._tokens[self.at], "" if is_token else step[3])
        self.at += 1
        self._passed.clear()

    @staticmethod
    def _give(node: Context, child: Any, label: str) -> None:
        node.children.append(child)
        if label:
            setattr(node, label, child)

    def _alternative(self, decision: int, other: int | None) -> int:
        """The number of the alternative; ``other`` is for tokens that the table lacks."""
        if other is None and not self._trusts:
            return self._ask(self, decision)
        rows: tuple[bytes, ...] = PREDICTIONS[decision]
        ahead = self.at
        found = rows[0][self.types[ahead]]
        while found >= _STATE:
            ahead += 1
            found = rows[found - _STATE][self.types[ahead]]
        if found:
            return found
        if other is None:
            return self._ask(self, decision)
        if not other:
            raise self.stuck()
        return other
