"""Of a cluster's schema, the statements that can matter to one table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cqlite.cql.scripts import spans
from cqlite.errors import Where
from cqlite.schema import cql_ast as ast
from cqlite.schema.cql_parser import parse_parts, parse_statements

_NAME: Final = r"""(?:\w+|"(?:[^"]|"")+")"""
_OF_TABLE: Final = re.compile(
    rf"""(?:CREATE\s+(?:TABLE|COLUMNFAMILY)(?:\s+IF\s+NOT\s+EXISTS)?
    |(?:ALTER|DROP)\s+(?:TABLE|COLUMNFAMILY)(?:\s+IF\s+EXISTS)?
    |CREATE\s+(?:CUSTOM\s+)?INDEX(?:\s+IF\s+NOT\s+EXISTS)?(?:\s+{_NAME})??\s+ON)
    \s+(?:(?P<keyspace>{_NAME})\s*\.\s*)?(?P<table>{_NAME})\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""A statement about one table, up to that table's name."""

_COMMENTED: Final = "/*"


def statements_of(text: str, keyspace: str, name: str, where: Where | None) -> list[ast.Statement]:
    """The statements but for those that are about other tables.

    Raises:
        SchemaError: one of them is malformed.
    """
    # Snapshots have tables in comments.
    if _COMMENTED in text:
        return parse_statements(text, where)
    parts = [(start, end) for start, end, _ in spans(text)]
    return parse_parts(text, _wanted(text, parts, keyspace, name), where)


def _wanted(
    text: str, parts: Sequence[tuple[int, int]], keyspace: str, name: str
) -> list[tuple[int, int]]:
    found = []
    for start, end in parts:
        match = _OF_TABLE.match(text, start, end)
        if match is None or (
            _plain(match["table"]) == name and _plain(match["keyspace"]) in (None, keyspace)
        ):
            found.append((start, end))
    return found


def _plain(name: str | None) -> str | None:
    if name is None:
        return None
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
