"""Ports for nodes."""

from __future__ import annotations

import socket

from tools.cassandra.errors import RigError


def free(address: str, count: int) -> list[int]:
    """Ports on an address that nothing listens on at this moment."""
    sockets = []
    try:
        for _ in range(count):
            one = socket.socket()
            sockets.append(one)
            one.bind((address, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def require_free(address: str, port: int, purpose: str) -> None:
    """Raise RigError when something listens on a port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise RigError(
                f"Port {port} on {address}, wanted for {purpose}, is in use ({error.strerror})."
            ) from error
