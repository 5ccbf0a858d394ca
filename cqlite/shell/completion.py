"""What could follow: keywords, keyspaces, tables and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from cqlite.errors import CqliteError
from cqlite.query.session import Session
from cqlite.shell.describe import tables
from cqlite.shell.help import TOPICS
from cqlite.shell.words import words_of
from cqlite.types.text import maybe_quote

_WORD: Final = re.compile(r'[\w."]*\Z')
_TABLE: Final = re.compile(r'\bFROM\s+([\w."]+)', re.IGNORECASE)

_COMMANDS: Final = (*sorted(name.upper() for name in TOPICS), "QUIT", "DESC", "EXPLAIN")
_AFTER: Final = {
    "DESCRIBE": (
        *("KEYSPACES", "KEYSPACE", "TABLES", "TABLE", "TYPES", "TYPE", "SCHEMA", "CLUSTER"),
        *("INDEX", "ONLY", "MATERIALIZED"),
    ),
    "EXPAND": ("ON", "OFF"),
    "PAGING": ("ON", "OFF"),
    "TRACING": ("ON", "OFF"),
    "SHOW": ("VERSION", "HOST"),
    "HELP": _COMMANDS,
}
_KEYWORDS: Final = (
    *("SELECT", "JSON", "DISTINCT", "FROM", "WHERE", "AND", "IN", "CONTAINS", "KEY"),
    *("LIKE", "GROUP", "BY", "ORDER", "ASC", "DESC", "ANN", "OF", "PER", "PARTITION"),
    *("LIMIT", "ALLOW", "FILTERING", "AS", "CAST", "COUNT", "TOKEN", "WRITETIME"),
    *("TTL", "MAXWRITETIME"),
)
_STATEMENTS: Final = ("SELECT", "EXPLAIN")
_WANTS_TABLE: Final = frozenset({"FROM", "TABLE", "COPY", "DESCRIBE", "DESC"})
_WANTS_KEYSPACE: Final = frozenset({"USE", "KEYSPACE", "DESCRIBE", "DESC", "FROM", "TABLE", "COPY"})


def completions(text: str, session: Session) -> tuple[str, list[str]]:
    """The word that ``text`` ends in, and what it can become, sorted.

    Args:
        text: the statement up to the cursor, with its lines before.
        session: whose names are offered, as far as its tables can be opened.
    """
    match = _WORD.search(text)
    assert match is not None
    word = match[0]
    before = text[: match.start()].split()
    found: set[str] = set()
    with suppress(CqliteError):
        found.update(_candidates(text, [one.upper() for one in before], session))
    wanted = word.lower()
    return word, sorted(name for name in found if name.lower().startswith(wanted) and name != word)


def _candidates(text: str, before: Sequence[str], session: Session) -> Iterator[str]:
    if not before:
        yield from _COMMANDS
        return
    previous = before[-1]
    yield from _AFTER.get({"DESC": "DESCRIBE"}.get(previous, previous), ())
    if previous in _WANTS_KEYSPACE:
        yield from _names(session, with_tables=previous in _WANTS_TABLE)
    elif before[0] in _STATEMENTS:
        yield from _KEYWORDS
        yield from _columns(text, session)


def _names(session: Session, *, with_tables: bool) -> Iterator[str]:
    for keyspace, names in tables(session).items():
        yield maybe_quote(keyspace)
        if with_tables:
            yield from (f"{maybe_quote(keyspace)}.{maybe_quote(name)}" for name in names)
            if keyspace == session.keyspace:
                yield from map(maybe_quote, names)


def _columns(text: str, session: Session) -> Iterator[str]:
    match = _TABLE.search(text)
    if match is None:
        return
    keyspace, _, name = words_of(match[1])[0].rpartition(".")
    schema = session.table(keyspace or None, name).schema
    yield from (column.cql_name for column in schema.columns())
