"""The process that owns a sandbox's folder and processes, and outlives its owner to clean up.

Started by sandbox.py with the folder as its argument. Takes one JSON request a line on its
standard input and answers each with a line:

- {"run": [program, arguments...], "log": path} -> process id
- {"alive": pid} -> true or false
- {"stop": pid} -> exit code

When its standard input ends, for whatever reason, it kills every process it started, removes
the folder and ends. When it is killed itself, the kernel kills those processes.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(arguments: list[str], log: str, folder: str) -> subprocess.Popen[bytes]:
    with Path(log).open("ab") as output:
        return subprocess.Popen(
            arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def _stop(process: subprocess.Popen[bytes]) -> int:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _answer(request: dict[str, Any], folder: str, started: dict[int, Any]) -> object:
    if "run" in request:
        process = _run(request["run"], request["log"], folder)
        started[process.pid] = process
        return process.pid
    if "alive" in request:
        return started[request["alive"]].poll() is None
    return _stop(started[request["stop"]])


def _remove(folder: str) -> None:
    # A child that has just been killed may still be writing for a moment.
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return
        time.sleep(0.1)


def main(folder: str) -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(ignored, signal.SIG_IGN)
    started: dict[int, Any] = {}
    try:
        for line in sys.stdin:
            try:
                answer: object = _answer(json.loads(line), folder, started)
            except OSError as error:
                answer = {"error": str(error)}
            print(json.dumps(answer), flush=True)
    finally:
        for process in started.values():
            _stop(process)
        _remove(folder)


if __name__ == "__main__":
    main(sys.argv[1])
