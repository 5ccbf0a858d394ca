"""Cassandra's offline tools and nodetool, in one warm JVM."""

from __future__ import annotations

from pathlib import Path

from tools.cassandra.config import NodeConfig, write_logback, write_yaml
from tools.cassandra.errors import RigError, last_lines
from tools.cassandra.java import SOURCES, compiled, flags_17, java_17
from tools.cassandra.maven import jars
from tools.cassandra.sandbox import Sandbox
from tools.cassandra.service import JavaService


class Tools(JavaService):
    """sstabledump, sstablemetadata, sstableverify and nodetool of 5.0.6; a context manager."""

    def __init__(self, heap: str = "1G") -> None:
        library = jars()
        classes = compiled([SOURCES / "ToolService.java", SOURCES / "Verifier.java"], library, 17)
        java = java_17()
        sandbox = Sandbox("cqlite-tools-")
        folder = sandbox.folder
        write_yaml(folder / "cassandra.yaml", NodeConfig(), folder)
        write_logback(folder / "logback.xml", "OFF")
        (folder / "tmp").mkdir()
        command = [java, f"-Xmx{heap}", "-XX:+UseSerialGC", *flags_17()]
        command += ["-Djava.security.manager=allow", f"-Djava.io.tmpdir={folder}/tmp"]
        command += [f"-Duser.home={folder}", f"-Dlogback.configurationFile={folder}/logback.xml"]
        command += [f"-Dcassandra.config=file://{folder}/cassandra.yaml"]
        command += [f"-Dcassandra.storagedir={folder}", "-cp", f"{classes}:{library}/*"]
        super().__init__("tools", [*command, "ToolService"], sandbox)

    def run(self, tool: str, *arguments: str | Path, output: Path | None = None) -> tuple[int, str]:
        """Run one tool; returns its exit code and what it wrote to standard error.

        output: where its standard output goes, else it is thrown away.
        """
        error = self.folder / "stderr"
        code = int(self.request(tool, output or "/dev/null", error, *arguments))
        return code, error.read_text(encoding="utf-8", errors="replace")

    def output(self, tool: str, *arguments: str | Path) -> str:
        """Run one tool and return its standard output; RigError when it fails."""
        output = self.folder / "stdout"
        code, error = self.run(tool, *arguments, output=output)
        text = output.read_text(encoding="utf-8", errors="replace")
        if code or error.strip():
            # A stack trace says most in its first lines.
            said = "\n".join(error.splitlines()[:12]) or last_lines(text)
            raise RigError(f"{tool} {' '.join(map(str, arguments))} failed ({code}).", said)
        return text

    def dump(self, data: Path, *options: str) -> str:
        """sstabledump's JSON of an SSTable, given its Data.db."""
        return self.output("sstabledump", data, *options)

    def metadata(self, data: Path) -> str:
        """sstablemetadata's text about an SSTable, given its Data.db."""
        return self.output("sstablemetadata", data)

    def verify(self, *data: Path) -> str:
        """What sstableverify -e objects to in some SSTables; empty when they are sound."""
        output = self.folder / "stdout"
        code, error = self.run("sstableverify", *data, output=output)
        return last_lines(error + output.read_text(encoding="utf-8"), 40) if code else ""

    def nodetool(self, jmx_port: int, *arguments: str) -> str:
        """nodetool's output; RigError when it fails."""
        return self.output("nodetool", "-p", str(jmx_port), *arguments)
