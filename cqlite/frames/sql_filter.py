"""What a SELECT says of columns whose filters DuckDB doesn't hand to datasets: UUIDs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cqlite.frames.hints import Condition


def conditions_of(tree: Any) -> tuple[Condition, ...]:
    """Conditions on UUIDs that all rows of the only table of a SELECT fulfil.

    Args:
        tree: what DuckDB's ``json_serialize_sql`` says of a statement. What has not the form
            that is known here, or reads more than one table, says nothing.
    """
    match tree:
        case {"error": False, "statements": [{"node": {"type": "SELECT_NODE"} as node}]}:
            pass
        case _:
            return ()
    tables = [found for found in _nodes(tree) if "table_name" in found]
    match node:
        case {"from_table": dict(table), "where_clause": dict(where), "cte_map": {"map": []}}:
            is_plain = not any(table.get(n) for n in ("sample", "column_name_alias", "at_clause"))
            if table.get("type") == "BASE_TABLE" and len(tables) == 1 and is_plain:
                return tuple(_conditions(where))
    return ()


def parse(text: str) -> Any:
    """What ``json_serialize_sql`` gave; ``None`` if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


def _conditions(where: Any) -> Iterator[Condition]:
    match where:
        case {"type": "CONJUNCTION_AND", "children": list(children)}:
            for child in children:
                yield from _conditions(child)
        case {"type": "COMPARE_EQUAL", "left": left, "right": right}:
            yield from _one_of(left, [right])
            yield from _one_of(right, [left])
        case {"type": "COMPARE_IN", "children": [column, *values]}:
            yield from _one_of(column, values)


def _one_of(column: Any, values: list[Any]) -> Iterator[Condition]:
    match column:
        case {"class": "COLUMN_REF", "column_names": [*_, str(name)]}:
            uuids = [_uuid(value) for value in values]
            known = tuple(uuid for uuid in uuids if uuid is not None)
            if len(known) == len(uuids):
                yield Condition(name, "IN", known)


def _uuid(value: Any) -> str | None:
    """A UUID that stands there as text, be it cast or not."""
    match value:
        case {"type": "OPERATOR_CAST", "child": child, "try_cast": False}:
            return _uuid(child)
        case {"class": "CONSTANT", "literal": {"kind": "STRING", "text": str(text)}}:
            pass
        case _:
            return None
    try:
        return str(UUID(text))
    except ValueError:
        return None
