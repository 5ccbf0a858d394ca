"""A parser of ANTLR's as tables: what is left of it once all is decided that can be beforehand.

ANTLR's Python runtime and its parser take longer to import than all else there is to a short
statement, and at its first statements the runtime works out what each decision looks at. All of
that is a function of the grammar alone, so the runtime itself does it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pprint import pformat
from typing import Any

from antlr4 import ParserRuleContext, Token
from antlr4.atn.ATNState import ATNState, BlockEndState, DecisionState, LoopEndState, RuleStopState
from antlr4.atn.Transition import RuleTransition, SetTransition
from codegen.errors import CodegenError
from codegen.predictions import asked, tokens_ahead

_SUFFIX = "Context"
_PART = re.compile(rf"(\w+){_SUFFIX}|K_\w+|[A-Z_]+")
_ALTERNATIVE = re.compile(
    rf"localctx = CqlParser\.(\w+{_SUFFIX})\(self, localctx\)\n"
    r" +self\.enterOuterAlt\(localctx, (\d+)\)"
)
_LABEL = re.compile(r"self\.state = (\d+)\n +localctx\.(\w+) = self\.")
_STATE = 128
_END = 0
"""Stands for the end of a rule; as a state of the graph it only begins one."""

_MEANINGS = {
    "TOKENS": "Names of the types of tokens.",
    "SIGNS": "How tokens are written that are always the same, by type.",
    "RULES": "Names of the rules.",
    "CONTEXTS": (
        "What a tree is made of: the rule, and the names of the rules and tokens that may be its\n"
        "parts, with * where there may be several of them."
    ),
    "LABELS": "Names that grammar gives to parts.",
    "STARTS": "The first state of each rule.",
    "SETS": "Types of tokens of which any may come.",
    "STATES": (
        "What there is to do in a state, and the state after it, 0 being the end of the rule:\n"
        "(0, next, type of token), (1, next, number of a set, label), (2, next, rule, label) or\n"
        "(3, next by alternative, decision, alternative for other tokens, contexts by alternative)."
    ),
    "PREDICTIONS": (
        "Of each decision its states: by the type of the next token, which is -1 for EOF, the\n"
        "alternative, or 128 and the number of the state to go on with. 0 is any other token."
    ),
}


def python(text: str) -> str:
    """The module with the tables of a parser, by its text as ANTLR made it.

    Raises:
        CodegenError: ANTLR writes it otherwise than it did, or the grammar has what there are
            no tables for.
    """
    scope: dict[str, Any] = {"__name__": "parser"}
    exec(text, scope)
    tables = _Tables(scope["CqlParser"], text)
    lines = ['"""A parser as tables, which cqlite.cql.machine runs."""', ""]
    for name, meaning in _MEANINGS.items():
        shown = pformat(getattr(tables, name.lower()), width=100, compact=True, sort_dicts=False)
        lines += [f"{name} = {shown}", f'"""{meaning}"""', ""]
    return "\n".join(lines)


class _Tables:
    """The tables; their names are in ``_MEANINGS``."""

    def __init__(self, parser: Any, text: str) -> None:
        self._parser, self._text = parser, text
        self._asked = asked(text)
        graph = parser.atn
        self.tokens = tuple(parser.symbolicNames)
        self.signs = tuple(parser.literalNames)
        self.rules = tuple(parser.ruleNames)
        self.contexts = dict(self._contexts())
        self._labels = {int(state): label for state, label in _LABEL.findall(text)}
        self.labels = tuple(sorted(set(self._labels.values())))
        self._alternatives = self._by_alternative()
        self.starts = tuple(_next(state) for state in graph.ruleToStartState)
        self.sets: list[tuple[int, ...]] = []
        self.states = {
            state.stateNumber: self._step(state)
            for state in graph.states
            if state is not None and state.transitions and _next(state) == state.stateNumber
        }
        self.predictions = {
            state.decision: tuple(map(self._row, self._by_tokens(state)))
            for state in graph.decisionToState
        }

    def _contexts(self) -> Iterator[tuple[str, str]]:
        for name, kind in vars(self._parser).items():
            if not isinstance(kind, type) or not issubclass(kind, ParserRuleContext):
                continue
            parts = [self.rules[kind.getRuleIndex(None)]]
            for part, get in vars(kind).items():
                if callable(get) and "i" in get.__code__.co_varnames:
                    parts.append(f"{part}*")
                elif callable(get) and _gets(get):
                    parts.append(part)
            yield name, " ".join(parts)

    def _by_alternative(self) -> dict[int, tuple[str, ...]]:
        """Of the rules whose alternatives have names: contexts by alternative."""
        found: dict[int, dict[int, str]] = {}
        for context, number in _ALTERNATIVE.findall(self._text):
            rule = getattr(self._parser, context).getRuleIndex(None)
            found.setdefault(rule, {})[int(number)] = context
        return {
            rule: tuple(names[number] for number in sorted(names)) for rule, names in found.items()
        }

    def _step(self, state: ATNState) -> tuple[Any, ...]:
        if isinstance(state, DecisionState):
            return self._decision(state)
        (transition,) = state.transitions
        label = self._labels.get(state.stateNumber, "")
        if isinstance(transition, RuleTransition):
            return 2, _next(transition.followState), transition.ruleIndex, label
        after = _next(transition.target)
        if isinstance(transition, SetTransition):
            types = tuple(sorted(_types(transition.label)))
            if types not in self.sets:
                self.sets.append(types)
            return 1, after, self.sets.index(types), label
        (kind,) = _types(transition.label)
        if label:
            raise CodegenError(f"{label}: labels of tokens have no table.")
        return 0, after, kind

    def _decision(self, state: DecisionState) -> tuple[Any, ...]:
        after = tuple(_next(transition.target) for transition in state.transitions)
        is_first = self.starts[state.ruleIndex] == state.stateNumber
        contexts = self._alternatives.get(state.ruleIndex, ()) if is_first else ()
        if contexts and len(contexts) != len(after):
            raise CodegenError(f"{self.rules[state.ruleIndex]}: not all alternatives have names.")
        other = None if state.decision in self._asked else _way_out(state)
        return 3, after, state.decision, other, contexts

    def _by_tokens(self, state: DecisionState) -> Sequence[Mapping[int, int]]:
        if state.decision in self._asked:
            return tokens_ahead(self._parser, state.decision)
        return (self._one_token(state),)

    def _row(self, found: Mapping[int, int]) -> bytes:
        row = bytearray(len(self.tokens) + 1)
        for kind, number in found.items():
            if abs(number) >= _STATE:
                raise CodegenError("a decision has more alternatives than a byte holds.")
            row[kind] = number if number > 0 else _STATE - number
        return bytes(row)

    def _one_token(self, state: DecisionState) -> dict[int, int]:
        """Alternatives by the next token; without the one that any other token means."""
        found: dict[int, int] = {}
        for number, transition in enumerate(state.transitions, 1):
            if number != _way_out(state):
                types = set(_types(self._parser.atn.nextTokens(transition.target)))
                if types & found.keys() or Token.EPSILON in types:
                    raise CodegenError(f"decision {state.decision}: ANTLR has to be asked.")
                found |= dict.fromkeys(sorted(types), number)
        return found


def _gets(function: Any) -> bool:
    return bool({"getTypedRuleContext", "getToken"} & set(function.__code__.co_names))


def _types(intervals: Any) -> Iterator[int]:
    return (kind for run in intervals.intervals or () for kind in run)


def _next(state: ATNState) -> int:
    """The state itself, or the first one after it where there is something to do."""
    while not isinstance(state, RuleStopState):
        is_decision = isinstance(state, DecisionState) and len(state.transitions) > 1
        if is_decision or not state.transitions[0].isEpsilon:
            return int(state.stateNumber)
        if isinstance(state.transitions[0], RuleTransition):
            return int(state.stateNumber)
        state = state.transitions[0].target
    return _END


def _way_out(state: DecisionState) -> int:
    """The alternative without anything in it, 0 if there is none."""
    for number, transition in enumerate(state.transitions, 1):
        if isinstance(transition.target, LoopEndState | BlockEndState):
            return number
    return 0
