"""A node accepts the generated tables and their values, and describes them as we read them."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest

from cqlite.schema import ColumnKind, parse_cql
from tools.cassandra.node import Node
from tools.goldmaster.schemas import KEYSPACE, GeneratedSchema, generate

COUNT = 130
ROWS = 4
KEYS = (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING)


@pytest.fixture(scope="module")
def schemas(node: Node) -> list[GeneratedSchema]:
    found = generate(1, COUNT)
    node.cql(
        f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
        "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    )
    node.cql_all(statement for schema in found for statement in schema.statements)
    return found


def test_a_node_makes_them_and_describes_them_alike(
    node: Node, schemas: list[GeneratedSchema]
) -> None:
    described = "\n".join(
        row.create_statement for row in node.cql(f"DESCRIBE KEYSPACE {KEYSPACE} WITH INTERNALS")
    )
    theirs = parse_cql(described)
    for ours in schemas:
        found = theirs.table(KEYSPACE, ours.name)
        assert found is not None
        assert list(found.columns()) == list(ours.schema.columns()), ours.name
        assert found.id is not None
        for name in ours.schema.options.keys() - {"compression", "caching"}:
            assert found.options[name] == ours.schema.options[name], ours.name


def test_literals_are_taken(node: Node, schemas: list[GeneratedSchema]) -> None:
    for schema in schemas:
        if schema.is_counter:
            continue
        names = ", ".join(column.cql_name for column in schema.columns)
        streams = [schema.values(column.name) for column in schema.columns]
        for _ in range(ROWS):
            values = ", ".join(next(stream).cql for stream in streams)
            _run(node, f"INSERT INTO {KEYSPACE}.{schema.name} ({names}) VALUES ({values})")


def test_counters_are_taken(node: Node, schemas: list[GeneratedSchema]) -> None:
    for schema in schemas:
        for column in filter(_counts, schema.columns):
            # A static one is updated by the partition key alone.
            roles = KEYS[:1] if column.role is ColumnKind.STATIC else KEYS
            key = [c for role in roles for c in schema.of_role(role)]
            where = " AND ".join(f"{c.cql_name} = {next(schema.values(c.name)).cql}" for c in key)
            for value in islice(schema.values(column.name), ROWS):
                change = f"{column.cql_name} = {column.cql_name} + {value.cql}"
                _run(node, f"UPDATE {KEYSPACE}.{schema.name} SET {change} WHERE {where}")


def test_the_driver_binds_the_same(node: Node, schemas: list[GeneratedSchema]) -> None:
    """What is bound and what is written as a literal are one row, as the node shows it.

    But for the order within frozen sets and maps, which a node keeps as it is bound.
    """
    for schema in schemas:
        if schema.is_counter or len(schema.columns) > 100:
            continue
        table = f"{KEYSPACE}.{schema.name}"
        names = ", ".join(column.cql_name for column in schema.columns)
        marks = ", ".join("?" * len(schema.columns))
        session = node.connection.session
        prepared = session.prepare(f"INSERT INTO {table} ({names}) VALUES ({marks})")
        streams = [schema.values(column.name, "bound") for column in schema.columns]
        row = [next(stream) for stream in streams]
        _run(node, f"TRUNCATE {table}")
        session.execute(prepared, [value.python for value in row])
        bound = _shown(node, table)
        _run(node, f"TRUNCATE {table}")
        values = ", ".join(value.cql for value in row)
        _run(node, f"INSERT INTO {table} ({names}) VALUES ({values})")
        assert _shown(node, table) == bound, schema.name


def _shown(node: Node, table: str) -> list[Any]:
    return [_unordered(_parsed(row.json)) for row in node.cql(f"SELECT JSON * FROM {table}")]


def _parsed(text: str) -> Any:
    """Entries of maps in lists, since numbers that JSON lacks are all the same key there."""
    return json.loads(text, object_pairs_hook=list)


def _unordered(value: Any) -> Any:
    """``value`` with what it holds in an order of our own, within a map's keys too."""
    if isinstance(value, tuple):
        return tuple(map(_unordered, value))
    if isinstance(value, list):
        return sorted(map(_unordered, value), key=repr)
    if isinstance(value, str) and value[:1] in ("[", "{"):
        with suppress(ValueError):
            return _unordered(_parsed(value))
    return value


def _counts(column: Any) -> bool:
    return bool(column.kind.name == "counter")


def _run(node: Node, statement: str) -> None:
    try:
        node.cql(statement)
    except Exception as error:
        pytest.fail(f"{error}: {statement[:2000]}")
