"""HELP: what the shell's commands do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cqlite.errors import QueryError

TOPICS: Final = {
    "capture": "CAPTURE 'file' adds results to a file; CAPTURE OFF ends that.",
    "clear": "CLEAR, or CLS, empties the terminal.",
    "consistency": "CONSISTENCY means nothing here: files are read, no replicas are asked.",
    "copy": (
        "COPY ks.table (columns) TO 'file' WITH HEADER = true AND DELIMITER = ';' writes CSV, to "
        "STDOUT too. Options: HEADER, DELIMITER, QUOTE, ESCAPE, NULL, DATETIMEFORMAT, BOOLSTYLE, "
        "DECIMALSEP, THOUSANDSSEP, BEGINTOKEN, ENDTOKEN. Numbers have all their digits, whatever "
        "FLOATPRECISION and DOUBLEPRECISION say."
    ),
    "describe": (
        "DESCRIBE KEYSPACES, TABLES, TYPES, CLUSTER, SCHEMA; KEYSPACE ks, ONLY KEYSPACE ks, TABLE "
        "ks.t, MATERIALIZED VIEW ks.v, INDEX i, TYPE t; or only a keyspace's or a table's name. "
        "A table has what it dropped WITH INTERNALS. DESC is the same."
    ),
    "exit": "EXIT, QUIT or Ctrl-D end the shell; Ctrl-C ends a statement.",
    "expand": "EXPAND ON shows each row as lines of columns and values; EXPAND OFF ends that.",
    "help": "HELP command tells about a command.",
    "paging": "PAGING OFF shows all rows at once, PAGING 50 that many on a page.",
    "select": (
        "SELECT is all that Cassandra 5.0 has of it, over as many lines as it takes, up to a "
        "semicolon. ALLOW FILTERING is implied."
    ),
    "show": "SHOW VERSION, SHOW HOST.",
    "source": "SOURCE 'file' does the statements and commands of a file.",
    "tracing": "TRACING ON tells after each result what was read for it.",
    "use": "USE ks makes a keyspace that of tables which stand without one.",
}
"""Commands and what they do."""


def help_on(words: Sequence[str]) -> Iterator[str]:
    """The lines of HELP, about all commands or about those that are named.

    Raises:
        QueryError: there is no such command.
    """
    if not words:
        yield "Commands: " + ", ".join(sorted(name.upper() for name in TOPICS))
        yield "HELP command tells about one."
    for word in words:
        name = {"desc": "describe", "cls": "clear", "quit": "exit"}.get(word, word)
        if name not in TOPICS:
            raise QueryError(f"no help on {word!r}; HELP lists the commands")
        yield TOPICS[name]
