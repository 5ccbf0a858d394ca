"""Tokens of a grammar as regular expressions, which find them faster than ANTLR's runtime does.

It takes the rules of lexers that `specs/cql/Cql.g4` uses, and refuses others: literals, sets,
`.`, `~`, groups, alternatives, `* + ? *?`, fragments, `skip` and `channel(HIDDEN)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from codegen.errors import CodegenError

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
    |(?P<literal>'(?:[^'\\]|\\.)*')
    |(?P<set>\[(?:[^\]\\]|\\.)*\])
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>->|\*\?|[:;|()*+?~.])""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_PLAIN = {"t": "\t", "r": "\r", "n": "\n", "f": "\f"}


@dataclass
class Rules:
    """What a grammar says of tokens.

    Attributes:
        patterns: names of tokens, their expressions and the characters of ASCII that they can
            begin with, in the grammar's order; a token with several alternatives is there
            several times. The longest match wins, then the first.
        words: texts, in upper case, that are tokens of their own, with their names.
        unseen: tokens that a parser doesn't get.
    """

    patterns: list[tuple[str, str, str]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)


def rules_of(grammar: str, path: str) -> Rules:
    """The tokens of a combined grammar that does not distinguish between cases.

    Raises:
        CodegenError: a rule has something that is not known here.
    """
    tokens = _tokens(grammar, path)
    bodies: dict[str, list[str]] = {}
    fragments = set()
    at = 0
    while at < len(tokens):
        is_fragment = tokens[at] == "fragment"
        name = tokens[at + is_fragment]
        end = tokens.index(";", at) if ";" in tokens[at:] else len(tokens)
        if name[0].isupper() and tokens[at + is_fragment + 1] == ":":
            bodies[name] = tokens[at + is_fragment + 2 : end]
            if is_fragment:
                fragments.add(name)
        at = end + 1
    found = Rules()
    for name, body in bodies.items():
        if name not in fragments:
            _add(found, name, _Rule(body, bodies, path, name))
    return found


def python(rules: Rules) -> str:
    """The module with the rules."""
    lines = ['"""Tokens as regular expressions; the longest match wins, then the first."""', ""]
    lines += ["PATTERNS = ("]
    for name, pattern, firsts in rules.patterns:
        lines += ["    (", f"        {name!r},", f"        {pattern!r},"]
        lines += [f"        {firsts!r},", "    ),"]
    lines += [")", "", "WORDS = {"]
    lines += [f"    {word!r}: {name!r}," for word, name in rules.words.items()]
    lines += ["}", "", f"UNSEEN = {tuple(rules.unseen)!r}", ""]
    return "\n".join(lines)


def _tokens(grammar: str, path: str) -> list[str]:
    """The grammar's own tokens from its first rule of the lexer on."""
    start = re.search(r"^[A-Z]\w*\s*:", grammar, re.MULTILINE)
    found = []
    at = start.start() if start else len(grammar)
    while at < len(grammar):
        match = _TOKEN.match(grammar, at)
        if match is None:
            raise CodegenError(f"{path}: unexpected {grammar[at : at + 20]!r} in a rule of tokens.")
        if match.lastgroup is not None:
            found.append(match[0])
        at = match.end()
    return found


def _add(found: Rules, name: str, rule: _Rule) -> None:
    if rule.command:
        found.unseen.append(name)
    words = [_text(body[0]) for body in rule.alternatives() if len(body) == 1 and _is_literal(body)]
    if len(words) == len(rule.alternatives()) and all(re.fullmatch(r"[A-Z_]+", w) for w in words):
        found.words.update({word: name for word in words})
        return
    for body in rule.alternatives():
        firsts = "".join(sorted(rule.firsts(body)[0]))
        found.patterns.append((name, rule.pattern(body), firsts))


def _is_literal(body: list[str]) -> bool:
    return body[0].startswith("'")


class _Rule:
    """One rule, turned into expressions from left to right."""

    def __init__(self, body: list[str], bodies: dict[str, list[str]], path: str, name: str) -> None:
        arrow = body.index("->") if "->" in body else len(body)
        self.body, self.command = body[:arrow], body[arrow + 1 :]
        self.bodies, self.path, self.name = bodies, path, name
        if self.command and self.command not in (["skip"], ["channel", "(", "HIDDEN", ")"]):
            raise CodegenError(f"{path}: {name} has the command {''.join(self.command)}.")

    def alternatives(self) -> list[list[str]]:
        """Those of the whole rule."""
        found: list[list[str]] = [[]]
        depth = 0
        for token in self.body:
            depth += (token == "(") - (token == ")")
            if token == "|" and not depth:
                found.append([])
            else:
                found[-1].append(token)
        return found

    def pattern(self, body: list[str]) -> str:
        """The expression of a sequence or of alternatives.

        Of literals alone, longer ones come first, as Python takes the first that matches.
        """
        parts = _Rule(body, self.bodies, self.path, self.name).alternatives()
        if all(len(part) == 1 and _is_literal(part) for part in parts):
            parts.sort(key=lambda part: -len(_text(part[0])))
        return "|".join(self._sequence(part) for part in parts)

    def _sequence(self, tokens: list[str]) -> str:
        pieces: list[str] = []
        at = 0
        while at < len(tokens):
            piece, at = self._piece(tokens, at)
            if at < len(tokens) and tokens[at] in ("*", "+", "?", "*?"):
                piece, at = f"{_unit(piece)}{tokens[at]}", at + 1
            pieces.append(piece)
        # Counted, what is repeated is compiled once.
        runs = ((piece, len(list(run))) for piece, run in groupby(pieces))
        return "".join(
            piece if count == 1 else f"{_unit(piece)}{{{count}}}" for piece, count in runs
        )

    def _piece(self, tokens: list[str], at: int) -> tuple[str, int]:
        token = tokens[at]
        if token == "(":
            end = _closing(tokens, at)
            return _unit(self.pattern(tokens[at + 1 : end])), end + 1
        if token == "~":
            return f"[^{_members(tokens[at + 1])}]", at + 2
        if token == ".":
            return ".", at + 1
        if token.startswith("["):
            return f"[{_members(token)}]", at + 1
        if token.startswith("'"):
            return "".join(map(_either_case, _text(token))), at + 1
        if token in self.bodies:
            return _unit(self.pattern(self.bodies[token])), at + 1
        raise CodegenError(f"{self.path}: {self.name} has {token!r}, which is not known here.")

    def firsts(self, body: list[str]) -> tuple[set[str], bool]:
        """What characters of ASCII something can begin with, and whether it can be nothing."""
        parts = _Rule(body, self.bodies, self.path, self.name).alternatives()
        each = [self._first_of(part) for part in parts]
        return set().union(*(found for found, _ in each)), any(empty for _, empty in each)

    def _first_of(self, tokens: list[str]) -> tuple[set[str], bool]:
        found: set[str] = set()
        at = 0
        while at < len(tokens):
            piece, after = self._piece(tokens, at)
            if tokens[at] == "(" or tokens[at] in self.bodies:
                inner = tokens[at + 1 : after - 1] if tokens[at] == "(" else self.bodies[tokens[at]]
                firsts, is_empty = self.firsts(inner)
            else:
                firsts, is_empty = {c for c in _ASCII if re.match(_one(piece), c, re.DOTALL)}, False
            if after < len(tokens) and tokens[after] in ("*", "+", "?", "*?"):
                is_empty = is_empty or tokens[after] != "+"
                after += 1
            found |= firsts
            if not is_empty:
                return found, False
            at = after
        return found, True


def _unit(pattern: str) -> str:
    """An expression that what follows applies to as a whole."""
    is_one = re.fullmatch(r"\[(?:[^\]\\]|\\.)*\]|\\?.|\(\?:[^()]*\)", pattern, re.DOTALL)
    return pattern if is_one else f"(?:{pattern})"


_ASCII = "".join(map(chr, range(128)))


def _one(pattern: str) -> str:
    """The part of an expression of literals or of a set that is about the first character."""
    if pattern.startswith("["):
        return pattern[: pattern.index("]", 2) + 1]
    return pattern[:2] if pattern.startswith("\\") else pattern[:1]


def _closing(tokens: list[str], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += (tokens[index] == "(") - (tokens[index] == ")")
        if not depth:
            return index
    raise CodegenError("a parenthesis that is not closed in a rule of tokens.")


def _text(literal: str) -> str:
    """What a literal or the inside of a set stands for."""

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _PLAIN.get(code, code)

    return _ESCAPE.sub(plain, literal[1:-1])


def _either_case(character: str) -> str:
    both = {character.lower(), character.upper()}
    if len(both) == 1:
        return re.escape(character)
    return f"[{''.join(map(re.escape, sorted(both)))}]"


def _members(token: str) -> str:
    """What is in a set, in both cases; a literal is a set of one."""
    if token.startswith("'"):
        return re.escape(_text(token))
    members = ""
    for part in re.findall(r"(?:\\u[0-9A-Fa-f]{4}|\\.|[^\\])(?:-(?:\\.|[^\\]))?", token[1:-1]):
        ends = _text(f"'{part}'")
        if len(ends) == 3 and ends[1] == "-":
            spans = {(ends[0].lower(), ends[2].lower()), (ends[0].upper(), ends[2].upper())}
            members += "".join(f"{a}-{b}" for a, b in sorted(spans))
        else:
            members += "".join(map(re.escape, sorted({ends.lower(), ends.upper()})))
    return members
