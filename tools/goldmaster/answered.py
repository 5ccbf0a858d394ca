"""Holds cqlite's SELECT against what a node answered when it wrote a gold master."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from cqlite import Table
from cqlite.query.execute import execute
from cqlite.query.statement import prepare
from cqlite.schema import TableSchema
from cqlite.types.text import maybe_quote

_MOST_TIMES = 1000
"""Rows of which write times are asked for at most: only the reference engine tells them."""


def times_of(schema: TableSchema) -> str:
    """A SELECT of write times and times to live, empty if no column has them.

    Cassandra fails on those of a UDT or collection where a part of it is null.
    """
    columns = [
        column.cql_name
        for column in (*schema.static_columns, *schema.regular_columns)
        if not column.is_complex
    ]
    if schema.is_counter or not columns:
        return ""
    key = [c.cql_name for c in (*schema.partition_key, *schema.clustering_columns)]
    asked = [f"WRITETIME({name}), TTL({name})" for name in columns]
    return f"SELECT JSON {', '.join([*key, *asked])} FROM {_name(schema)}"


def _name(schema: TableSchema) -> str:
    return f"{maybe_quote(schema.keyspace)}.{maybe_quote(schema.name)}"


def wrong_answers(folder: Path) -> Iterator[str]:
    """What is answered in another way than the node did, a line each.

    Args:
        folder: a gold master's, with the node's answers; of large tables those about write
            times are passed over.
    """
    said = json.loads((folder / "select.json").read_text(encoding="utf-8"))
    with Table(folder, schema=folder / "schema.cql", now=said["captured_at"]) as table:
        asked = {"rows": f"SELECT JSON * FROM {_name(table.schema)}"}
        if len(said["rows"]) <= _MOST_TIMES:
            asked["times"] = times_of(table.schema)
        for what, text in asked.items():
            if text:
                seconds = range(said["asked_at"], said["captured_at"] + 1)
                yield from _difference(table, text, said[what], seconds)


def _difference(table: Table, text: str, expected: Sequence[str], seconds: range) -> Iterator[str]:
    """What is different, if it is at each of the seconds in which the node may have answered."""
    found: list[str] = []
    for now in reversed(seconds):
        found = _answer(table, text, now)
        if found == expected:
            return
    for number, (ours, theirs) in enumerate(zip_longest(found, expected)):
        if ours != theirs:
            yield f"{text}: row {number} is {ours!r}, the node has {theirs!r}"
            return


def _answer(table: Table, text: str, now: int) -> list[str]:
    statement = prepare(text, lambda _keyspace, _name: table.schema)
    result = execute(statement, table, now=now)
    return [(json_text or b"").decode() for (json_text,) in result]
