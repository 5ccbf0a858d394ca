"""Real Cassandras for tests: a warm JVM with the offline tools, and a node on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.cassandra.answers import Asking
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/cassandra/" in item.nodeid:
            item.add_marker(pytest.mark.cassandra)


@pytest.fixture(scope="session")
def tools() -> Iterator[Tools]:
    with Tools() as running:
        yield running


@pytest.fixture(scope="session")
def node(tools: Tools) -> Iterator[Node]:
    """A 5.0.6 node that writes da, with an empty keyspace `test` of replication 1."""
    with Node(tools=tools) as running:
        running.cql(
            "CREATE KEYSPACE test WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        yield running


@pytest.fixture(scope="session")
def asking(node: Node) -> Iterator[Asking]:
    """A session that gives the node's answers byte for byte."""
    session = Asking(node.connection)
    yield session
    session.close()
