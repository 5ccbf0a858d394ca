"""Three real nodes on 127.0.0.1 to 127.0.0.3 that replicate to each other."""

from __future__ import annotations

import time
from dataclasses import replace
from types import TracebackType
from typing import Self

from tools.cassandra import ports
from tools.cassandra.config import NodeConfig
from tools.cassandra.errors import RigError
from tools.cassandra.node import START_TIMEOUT, Node
from tools.cassandra.offline import Tools
from tools.cassandra.sandbox import Sandbox

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")


class Cluster:
    """Three nodes with evenly spread tokens; a context manager.

    config: what they have in common; tools: the warm JVM for nodetool, or None for an own one.
    """

    def __init__(self, config: NodeConfig | None = None, *, tools: Tools | None = None) -> None:
        base = config or NodeConfig(heap="512M")
        storage_port, native_port = ports.free(ADDRESSES[0], 2)
        seed = f"{ADDRESSES[0]}:{storage_port}"
        self._owned_tools = Tools() if tools is None else None
        self._sandbox = Sandbox()
        self.nodes = [
            Node(
                replace(
                    base,
                    address=address,
                    seeds=seed,
                    token=str(-(2**63) + 1 + number * (2**64 // len(ADDRESSES))),
                    storage_port=storage_port,
                    native_port=native_port,
                ),
                tools=tools or self._owned_tools,
                sandbox=self._sandbox,
            )
            for number, address in enumerate(ADDRESSES)
        ]
        """The nodes, in the order of their addresses."""

    def start(self) -> None:
        """Start all nodes and wait until each sees the others.

        Raises RigError with the log's last lines when one dies or takes too long.
        """
        # The others ask the first for the ring, and one joins at a time.
        for node in self.nodes:
            node.start()
        deadline = time.monotonic() + START_TIMEOUT
        for node in self.nodes:
            while node.nodetool("status").count("UN  ") < len(self.nodes):
                if time.monotonic() > deadline:
                    raise RigError("The nodes do not find each other.", node.log_tail())
                time.sleep(0.2)

    def close(self) -> None:
        """Stop everything and remove the folder."""
        for node in self.nodes:
            node.close()
        self._sandbox.close()
        if self._owned_tools is not None:
            self._owned_tools.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
