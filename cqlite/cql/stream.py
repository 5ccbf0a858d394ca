"""What the generated parser reads from and how it meets errors: as little as it needs."""

from __future__ import annotations

from collections.abc import Sequence

from antlr4.atn.ATN import ATN
from antlr4.atn.ATNState import ATNState
from antlr4.error.ErrorStrategy import DefaultErrorStrategy
from antlr4.Parser import Parser
from antlr4.Token import Token


class StuckError(Exception):
    """A token that fits nowhere.

    Attributes:
        token: the token.
        expected: types of tokens that would have fitted.
    """

    def __init__(self, token: Token, expected: frozenset[int]) -> None:
        self.token = token
        self.expected = expected
        super().__init__()


class TokenList:
    """Tokens in a list as ANTLR's ``TokenStream``: a fraction of the runtime's own cost.

    The last token must be of type EOF. Names of methods are ANTLR's.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.types = [token.type for token in tokens]
        self.index = 0
        self.size = len(tokens)

    def LA(self, offset: int) -> int:  # noqa: N802
        """The type of a token: 1 is the next one, -1 the last one that was consumed."""
        at = self.index + offset - (offset > 0)
        if at >= self.size:
            return int(Token.EOF)
        return self.types[at] if at >= 0 else 0

    def LT(self, offset: int) -> Token | None:  # noqa: N802
        """A token, counted as in ``LA``."""
        at = self.index + offset - (offset > 0)
        if at >= self.size:
            return self.tokens[-1]
        return self.tokens[at] if at >= 0 else None

    def consume(self) -> None:
        """Go on to the next token."""
        self.index += 1

    def get(self, index: int) -> Token:
        """The token at an index."""
        return self.tokens[index]

    def seek(self, index: int) -> None:
        """Go to a token."""
        self.index = index

    def mark(self) -> int:
        """Nothing to be kept, since all tokens are."""
        return 0

    def release(self, marker: int) -> None:
        """Nothing to be released."""


class Fast(DefaultErrorStrategy):  # type: ignore[misc]
    """Gives up at the first problem without looking for any beforehand.

    Raises:
        StuckError: where the parser got stuck; nothing is known to be expected.
    """

    def sync(self, recognizer: Parser) -> None:
        """No check before the parser's own."""

    def recover(self, recognizer: Parser, e: Exception) -> None:
        """There is no going on."""
        raise StuckError(recognizer.getCurrentToken(), frozenset())

    def recoverInline(self, recognizer: Parser) -> Token:  # noqa: N802
        """There is no going on."""
        raise StuckError(recognizer.getCurrentToken(), frozenset())

    def reportError(self, recognizer: Parser, e: Exception) -> None:  # noqa: N802
        """Nothing to print: ``recover`` comes next."""


class Careful(DefaultErrorStrategy):  # type: ignore[misc]
    """Gives up at the first problem and knows what would have been right there.

    Args:
        graph: the grammar's.

    Raises:
        StuckError: where the parser got stuck.
    """

    def __init__(self, graph: ATN) -> None:
        super().__init__()
        self._graph = graph
        self.at = -1
        self.expected: set[int] = set()

    def sync(self, recognizer: Parser) -> None:
        """Note what may come, which several places before the same token may tell."""
        if recognizer.getTokenStream().index != self.at:
            self.at = recognizer.getTokenStream().index
            self.expected.clear()
        self.expected |= _following(self._graph, self._graph.states[recognizer.state])

    def recover(self, recognizer: Parser, e: Exception) -> None:
        """There is no going on."""
        token = getattr(e, "offendingToken", None) or recognizer.getCurrentToken()
        if token is recognizer.getCurrentToken():
            self.recoverInline(recognizer)
        # A prediction failed further on, with these ways still open.
        expected: set[int] = set()
        for config in getattr(e, "deadEndConfigs", None) or ():
            expected |= _following(self._graph, config.state)
        raise StuckError(token, frozenset(expected))

    def recoverInline(self, recognizer: Parser) -> Token:  # noqa: N802
        """There is no going on."""
        self.sync(recognizer)
        raise StuckError(recognizer.getCurrentToken(), frozenset(self.expected))

    def reportError(self, recognizer: Parser, e: Exception) -> None:  # noqa: N802
        """Nothing to print: ``recover`` comes next."""


def _following(atn: ATN, state: ATNState) -> set[int]:
    ranges = atn.nextTokens(state).intervals or []
    return {token for interval in ranges for token in interval if token != Token.EPSILON}
