"""Contenders as processes, and their repeats in turn."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.cassandra.cache import environment

Sample = dict[str, Any]
"""One repeat: `rows`, `wall` and `cpu` in seconds, `rss` (the peak of the process until then) in
bytes, and what else the contender said."""


BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""As an installed package has it, which whoever measures may have switched off for a checkout."""

LIMIT = 90
"""Seconds that a repeat may take; an SSTable of one large partition is too much for some."""


class ContenderError(Exception):
    """A contender could not do its job; the text says why."""


@dataclass(frozen=True)
class Contender:
    """Who does a job and how.

    command: what to run; line: what a repeat writes to its standard input, ``None`` if the whole
    process is a repeat, from its start to its end; rows: what such a repeat does; environment:
    more of it; warmup: repeats that don't count; most: repeats at most, for the slow.
    """

    name: str
    command: Sequence[str]
    line: str | None = "run"
    rows: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    warmup: int = 1
    most: int = 1000


@dataclass
class Outcome:
    """What a contender's repeats took, and why it has none if it failed."""

    samples: list[Sample] = field(default_factory=list)
    failure: str = ""


class Process:
    """A contender that runs, or runs anew for each repeat."""

    def __init__(self, contender: Contender, folder: Path) -> None:
        self._contender = contender
        self._folder = folder
        self._errors = Path(tempfile.mkdtemp(dir=folder)) / "stderr"
        self._process: subprocess.Popen[bytes] | None = None

    def repeat(self) -> Sample:
        """Do the job once; raises ContenderError."""
        return self._whole() if self._contender.line is None else self._line()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _start(self, stdout: int) -> subprocess.Popen[bytes]:
        with self._errors.open("wb") as errors:
            return subprocess.Popen(
                self._contender.command,
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=errors,
                cwd=self._folder,
                env=environment() | BYTECODE | self._contender.environment,
            )

    def _line(self) -> Sample:
        if self._process is None:
            self._process = self._start(subprocess.PIPE)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{self._contender.line}\n".encode())
            process.stdin.flush()
        except BrokenPipeError:
            raise ContenderError(self._complaint()) from None
        if not select.select([process.stdout], [], [], LIMIT)[0]:
            process.kill()
            raise ContenderError(f"no answer in {LIMIT} s")
        answer = process.stdout.readline()
        if not answer:
            process.wait()
            raise ContenderError(self._complaint())
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
        peak = re.search(r"VmHWM:\s*(\d+) kB", status)
        return {**json.loads(answer), "rss": int(peak[1]) * 1024 if peak else 0}

    def _whole(self) -> Sample:
        start = time.perf_counter()
        process = self._start(subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stdin is not None
        process.stdin.close()
        if process.returncode:
            raise ContenderError(self._complaint())
        cpu = usage.ru_utime + usage.ru_stime
        rows, rss = self._contender.rows, usage.ru_maxrss * 1024
        return {"rows": rows, "wall": wall, "cpu": cpu, "rss": rss}

    def _complaint(self) -> str:
        lines = self._errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        # The last line of a Python traceback, the first of a Java one.
        telling = [line for line in lines if line[0].isalpha()]
        return telling[-1] if telling else "it ended without a word"


def alternate(contenders: Sequence[Contender], repeats: int) -> dict[str, Outcome]:
    """Repeats of all contenders in turn, so that a slow spell of the machine hits all alike."""
    outcomes = {contender.name: Outcome() for contender in contenders}
    with tempfile.TemporaryDirectory(prefix="cqlite-bench-") as folder:
        processes = {one.name: Process(one, Path(folder)) for one in contenders}
        try:
            for contender in contenders:
                for _ in range(contender.warmup):
                    _repeat(processes[contender.name], outcomes[contender.name])
                outcomes[contender.name].samples.clear()
            for turn in range(repeats):
                for contender in contenders:
                    if turn < contender.most:
                        _repeat(processes[contender.name], outcomes[contender.name])
        finally:
            for process in processes.values():
                process.close()
    return outcomes


def _repeat(process: Process, outcome: Outcome) -> None:
    if outcome.failure:
        return
    try:
        outcome.samples.append(process.repeat())
    except ContenderError as failed:
        outcome.samples.clear()
        outcome.failure = str(failed)
