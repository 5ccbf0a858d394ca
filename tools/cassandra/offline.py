"""Cassandra's offline tools and nodetool, in one warm JVM."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.cassandra.config import NodeConfig, write_logback, write_yaml
from tools.cassandra.errors import RigError, last_lines
from tools.cassandra.jdk import SOURCES, compiled, flags_17, java_17
from tools.cassandra.maven import jars
from tools.cassandra.sandbox import Sandbox
from tools.cassandra.service import JavaService


class Tools(JavaService):
    """sstabledump, sstablemetadata and others, and nodetool, of 5.0.6; a context manager."""

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
        self._java = command
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
        with self._copy(data) as copy:
            return self.output("sstabledump", copy, *options)

    def metadata(self, data: Path) -> str:
        """sstablemetadata's text about an SSTable, given its Data.db."""
        with self._copy(data) as copy:
            said = self.output("sstablemetadata", copy)
            return said.replace(f"{copy.parent}/", f"{data.parent}/")

    def partitions(self, folder: Path, now: int) -> str:
        """sstablepartitions' CSV of all SSTables below a folder at a time, in seconds.

        In a JVM of its own: Cassandra takes that tool for a client, the others for tools.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            copy = shutil.copytree(folder, Path(scratch, folder.name))
            options = ("--csv", "--recursive", "--min-size", "0", "--current-timestamp", str(now))
            tool = "org.apache.cassandra.tools.SSTablePartitions"
            done = subprocess.run(
                [*self._java, tool, *options, copy], capture_output=True, text=True, check=False
            )
            if done.returncode or done.stderr.strip():
                raise RigError(f"sstablepartitions {folder} failed.", last_lines(done.stderr))
            return done.stdout.replace(f"{copy}/", f"{folder}/")

    def verify(self, data: Path) -> str:
        """What sstableverify -e objects to in an SSTable; empty when it is sound."""
        output = self.folder / "stdout"
        with self._copy(data) as copy:
            code, error = self.run("sstableverify", copy, output=output)
            said = error + output.read_text(encoding="utf-8")
        return said.replace(f"{copy.parent}/", f"{data.parent}/") if code else ""

    @contextmanager
    def _copy(self, data: Path) -> Iterator[Path]:
        """Another Data.db with its components, since opening an SSTable may change it.

        Offline tools don't know the table's options, and so delete a Summary.db whose index
        interval isn't the default one.
        """
        stem = data.name.removesuffix("Data.db")
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            folder = Path(scratch, data.parent.parent.name, data.parent.name)
            folder.mkdir(parents=True)
            for path in data.parent.glob(f"{stem}*"):
                if path == data:
                    (folder / path.name).symlink_to(path.resolve())
                else:
                    shutil.copyfile(path, folder / path.name)
            yield folder / data.name

    def nodetool(self, jmx_port: int, *arguments: str) -> str:
        """nodetool's output; RigError when it fails."""
        return self.output("nodetool", "-p", str(jmx_port), *arguments)
