"""sstableloader: streams SSTables to a running node."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tools.cassandra.errors import RigError, last_lines
from tools.cassandra.jdk import flags_17, java_17
from tools.cassandra.maven import jars
from tools.cassandra.node import Node

TIMEOUT = 180.0
"""Seconds that it may take."""


def stream(node: Node, directory: Path) -> None:
    """Load the SSTables in a directory, whose path ends in the keyspace and the table.

    Raises RigError with the tool's words when that fails.
    """
    settings, config = node.folder / "cassandra.yaml", node.config
    properties = {
        "cassandra.config": f"file://{settings}",
        "cassandra.storagedir": str(node.folder),
        "logback.configurationFile": str(node.folder / "logback.xml"),
        "java.io.tmpdir": str(node.folder / "tmp"),
    }
    command = [java_17(), *flags_17(), *(f"-D{name}={text}" for name, text in properties.items())]
    command += ["-cp", f"{jars()}/*", "org.apache.cassandra.tools.BulkLoader"]
    command += ["-f", str(settings), "-d", f"{config.address}:{config.native_port}"]
    command += ["-p", str(config.native_port), "-sp", str(config.storage_port), str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    # Where its driver cannot read the node's schema, it finds nothing to stream and is content.
    if done.returncode or re.search(r"files transferred\s*: 0\b", done.stdout):
        raise RigError(f"sstableloader failed ({done.returncode}).", last_lines(done.stderr))
