"""Of a cluster's schema, the statements that can matter to one table."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from cqlite.errors import Where
from cqlite.schema import cql_ast as ast
from cqlite.schema.cql_parser import parse_parts, parse_statements

_NAME: Final = r"""(?:\w+|"(?:[^"]|"")+")"""
_OF_TABLE: Final = rf"""(?ix)(?:CREATE\s+(?:TABLE|COLUMNFAMILY)(?:\s+IF\s+NOT\s+EXISTS)?
    |(?:ALTER|DROP)\s+(?:TABLE|COLUMNFAMILY)(?:\s+IF\s+EXISTS)?
    |(?P<view>(?:CREATE|ALTER|DROP)\s+MATERIALIZED\s+VIEW(?:\s+IF\s+(?:NOT\s+)?EXISTS)?)
    |CREATE\s+(?:CUSTOM\s+)?INDEX(?:\s+IF\s+NOT\s+EXISTS)?(?:\s+{_NAME})??\s+ON)
    \s+(?:(?P<keyspace>{_NAME})\s*\.\s*)?(?P<table>{_NAME})\s*"""
"""A statement about one table or view, up to its name; compiled where there are several."""

_COMMENTED: Final = "/*"


def statements_of(text: str, keyspace: str, name: str, where: Where | None) -> list[ast.Statement]:
    """The statements but for those that are about other tables.

    Raises:
        SchemaError: one of them is malformed.
    """
    # Snapshots have tables in comments.
    if _COMMENTED in text or _is_one(text):
        return parse_statements(text, where)
    from cqlite.cql.scripts import spans

    of_table = re.compile(_OF_TABLE)
    parts = [(start, end) for start, end, _ in spans(text)]
    about = {part: of_table.match(text, *part) for part in parts}
    views = [part for part, match in about.items() if match and match["view"]]
    of_view = [part for part in views if _is_about(about[part], keyspace, {name})]
    made = (s for s in parse_parts(text, of_view, where) if isinstance(s, ast.CreateView))
    names = {name, *(view.base.name for view in made)}
    wanted = [p for p, m in about.items() if m is None or _is_about(m, keyspace, names)]
    return parse_parts(text, wanted, where)


def _is_one(text: str) -> bool:
    """Whether there is one statement at most, as in a snapshot of a plain table."""
    return ";" not in text.rstrip("; \n")


def _is_about(match: re.Match[str] | None, keyspace: str, names: Set[str]) -> bool:
    return (
        match is not None
        and _plain(match["table"]) in names
        and _plain(match["keyspace"]) in (None, keyspace)
    )


def _plain(name: str | None) -> str | None:
    if name is None:
        return None
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
