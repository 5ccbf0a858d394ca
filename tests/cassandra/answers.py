"""What a node answers about tables, and what it logs meanwhile."""

from __future__ import annotations

from tools.cassandra.node import Node

_EXPECTED = ("Could not skip cache", "tombstone_warn_threshold")


def rows_of(node: Node, keyspace: str, table: str) -> list[str]:
    """The rows of a table as JSON; without TTLs, which run out differently."""
    return [row[0] for row in node.cql(f"SELECT JSON * FROM {keyspace}.{table}")]


def objections(node: Node, start: int) -> list[str]:
    """Warnings and errors in the node's log from byte ``start`` on.

    But for the advice to the operating system on a file that was closed meanwhile, and for
    what it says of queries that come upon many tombstones.
    """
    log = node.log.read_bytes()[start:].decode("utf-8", "replace")
    lines = (line for line in log.splitlines() if line.startswith(("WARN", "ERROR")))
    return [line for line in lines if not any(text in line for text in _EXPECTED)]
