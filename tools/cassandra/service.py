"""A JVM that waits for requests, so that each costs no start."""

from __future__ import annotations

import subprocess
import urllib.parse
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.cassandra.cache import environment
from tools.cassandra.errors import RigError, last_lines
from tools.cassandra.sandbox import Sandbox

_PATIENCE = 10.0
"""Seconds that a JVM may take to end."""


class JavaService:
    """One JVM with a main class that answers a line to a line; see java/*.java.

    It ends when its standard input ends, so it never outlives this process.
    """

    def __init__(self, name: str, command: list[str], sandbox: Sandbox) -> None:
        self.name = name
        self.folder = sandbox.folder
        self._sandbox = sandbox
        self._log = self.folder / f"{name}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
                cwd=self.folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The JVM's process id."""
        return self._process.pid

    def request(self, *fields: str | Path) -> str:
        """Send one request of several fields; returns the answer's line.

        Raises RigError with the log's last lines when the JVM dies of it.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = "\t".join(urllib.parse.quote(str(field), safe="/") for field in fields)
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            log = self._log.read_text(encoding="utf-8", errors="replace")
            raise RigError(f"The Java service {self.name} died.", last_lines(log))
        return answer.rstrip("\n")

    def close(self) -> None:
        """End the JVM and remove its folder."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if not self._process.stdin.closed:
            self._process.stdin.close()
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stdout.close()
        self._sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
