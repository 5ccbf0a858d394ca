"""A temporary folder with processes in it; both go when their owner goes, even when killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.cassandra.cache import environment
from tools.cassandra.errors import RigError

_GUARD = Path(__file__).with_name("sandbox_guard.py")


class Sandbox:
    """A context manager: a fresh folder, and long-running processes that write into it.

    A guard process of its own session owns them. It learns through a pipe that this process
    ended, so nothing stays behind after an exception, an interrupt or SIGKILL.
    """

    def __init__(self, prefix: str = "cqlite-rig-") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_GUARD), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
            cwd="/",
            start_new_session=True,
        )

    def _ask(self, request: dict[str, Any]) -> Any:
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        try:
            self._guard.stdin.write(json.dumps(request) + "\n")
            self._guard.stdin.flush()
            line = self._guard.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RigError("The process that guards the temporary folder was killed.")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise RigError(f"A process could not be started: {answer['error']}.")
        return answer

    def run(self, arguments: list[str], log: Path) -> int:
        """Start a process in the folder, its output appended to `log`; returns its id."""
        pid: int = self._ask({"run": arguments, "log": str(log)})
        return pid

    def is_alive(self, pid: int) -> bool:
        """Whether a process that `run` started still runs."""
        return bool(self._ask({"alive": pid}))

    def stop(self, pid: int) -> None:
        """Kill a process and its children."""
        self._ask({"stop": pid})

    def close(self) -> None:
        """Kill what runs and remove the folder."""
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()
            self._guard.wait()
            assert self._guard.stdout is not None
            self._guard.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
