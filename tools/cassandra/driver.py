"""CQL through the Python driver."""

from __future__ import annotations

import logging
import socket
from collections import deque
from collections.abc import Iterable
from typing import Any, Self

from tools.cassandra.errors import RigError

REQUEST_TIMEOUT = 120.0
"""Seconds that a statement may take."""


def _driver() -> Any:
    try:
        from cassandra import cluster
    except ImportError as error:
        raise RigError("The Python driver is missing: pip install cassandra-driver.") from error
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    return cluster


def _result(statement: str, future: Any) -> None:
    try:
        future.result()
    except Exception as error:
        raise RigError(f"The node refuses a statement: {error}", statement[:2000]) from error


class Connection:
    """A session with one node."""

    def __init__(self, cluster: Any, session: Any) -> None:
        self._cluster = cluster
        self.session = session
        """The driver's own session."""

    @classmethod
    def open(cls, address: str, port: int) -> Self | None:
        """Connect; returns None while nothing answers."""
        with socket.socket() as probe:
            probe.settimeout(2)
            if probe.connect_ex((address, port)):
                return None
        driver = _driver()
        from cassandra import ConsistencyLevel
        from cassandra.policies import WhiteListRoundRobinPolicy

        profile = driver.ExecutionProfile(
            load_balancing_policy=WhiteListRoundRobinPolicy([address]),
            # What was written lies on every replica when the statement returns.
            consistency_level=ConsistencyLevel.ALL,
            request_timeout=REQUEST_TIMEOUT,
        )
        cluster = driver.Cluster(
            [address],
            port=port,
            protocol_version=5,
            execution_profiles={driver.EXEC_PROFILE_DEFAULT: profile},
            schema_event_refresh_window=-1,
            topology_event_refresh_window=-1,
            status_event_refresh_window=-1,
            token_metadata_enabled=False,
            schema_metadata_enabled=False,
        )
        try:
            return cls(cluster, cluster.connect())
        except driver.NoHostAvailable:
            cluster.shutdown()
            return None

    def execute(self, statement: str) -> list[Any]:
        """Run a statement and return its rows."""
        try:
            return list(self.session.execute(statement))
        except Exception as error:
            raise RigError(f"The node refuses a statement: {error}", statement[:2000]) from error

    def execute_concurrently(self, statements: Iterable[str], at_once: int = 64) -> None:
        """Run statements, some at once; raises the first error with its statement."""
        waiting: deque[tuple[str, Any]] = deque()
        for statement in statements:
            if len(waiting) == at_once:
                _result(*waiting.popleft())
            waiting.append((statement, self.session.execute_async(statement)))
        while waiting:
            _result(*waiting.popleft())

    def close(self) -> None:
        """Close the session and its sockets."""
        self._cluster.shutdown()
