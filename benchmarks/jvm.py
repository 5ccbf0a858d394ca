"""Command lines for Cassandra's code: the rig's jars and flags, a configuration of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.cassandra.config import NodeConfig, write_logback, write_yaml
from tools.cassandra.jdk import compiled, flags_17, java_17
from tools.cassandra.maven import jars

JAVA = Path(__file__).parent / "java"


@contextmanager
def java(*arguments: str, heap: str = "1G") -> Iterator[list[str]]:
    """A command that runs a main class with arguments, valid until the block ends.

    The class is one of Cassandra or of a file in java/.
    """
    library = jars()
    classes = compiled(sorted(JAVA.glob("*.java")), library, 17)
    with tempfile.TemporaryDirectory(prefix="cqlite-bench-") as name:
        folder = Path(name)
        write_yaml(folder / "cassandra.yaml", NodeConfig(), folder)
        write_logback(folder / "logback.xml", "OFF")
        command = [java_17(), f"-Xmx{heap}", *flags_17(), f"-Djava.io.tmpdir={folder}"]
        command += [f"-Dlogback.configurationFile={folder}/logback.xml"]
        command += [f"-Dcassandra.config=file://{folder}/cassandra.yaml"]
        command += [f"-Dcassandra.storagedir={folder}", "-cp", f"{classes}:{library}/*"]
        yield [*command, *arguments]
