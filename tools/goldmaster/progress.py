"""Progress while gold masters are made, on a terminal and in a log."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

_STEP = 50


class Progress:
    """A bar on a terminal; else a line per step and per fifty SSTables. Threads may share it."""

    def __init__(self, total: int) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("SSTables", total=total)
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._lock = threading.Lock()

    def report(self, version: str, what: str, ready: int) -> None:
        """Something was done for a version, and so many SSTables became ready by it."""
        with self._lock:
            before = self._done
            self._done += ready
            self._bar.update(self._task, advance=ready, description=f"{version} {what}")
            if self._bar.disable is False:
                return
            if not ready or before // _STEP != self._done // _STEP:
                seconds = time.monotonic() - self._start
                line = f"{seconds:4.0f} s  {self._done:4} of {self._total}  {version} {what}"
                self._console.print(line, highlight=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
