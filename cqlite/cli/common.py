"""What several commands need: consoles, progress, files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cqlite.errors import CqliteError, Where

_WIDTH, _HEIGHT = 1 << 16, 25
"""Both, or rich takes a terminal of little ability (``TERM=dumb``) for one of 80 columns."""

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> Console:
    """A rich console, which colours only on a terminal.

    What it prints on standard output keeps its lines, which a terminal wraps by itself: to
    make a table fit, rich would cut names and numbers. Standard error is for progress.
    """
    from rich.console import Console

    if stderr:
        return Console(stderr=True, highlight=False)
    return Console(highlight=False, width=_WIDTH, height=_HEIGHT)


def check_new(path: Path, *, force: bool) -> None:
    """Refuses a place for something that is to be written.

    Raises:
        CqliteError: there is no directory to put it into, or it exists and ``force`` is not
            given.
    """
    if not path.parent.is_dir():
        raise CqliteError("no such directory", Where(path.parent))
    if path.exists() and not force:
        raise CqliteError("the file exists; --force replaces it", Where(path))


def check_file(path: Path, *, force: bool) -> None:
    """As :func:`check_new`, for a file.

    Raises:
        CqliteError: also if there is a directory of that name.
    """
    check_new(path, force=force)
    if path.is_dir():
        raise CqliteError("this is a directory, which is not replaced by a file", Where(path))


def names(text: str) -> list[str]:
    """Names between commas; in double quotes they may have commas themselves."""
    import csv

    return [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]


@contextmanager
def output(path: Path | None, *, binary: bool = False, force: bool = False) -> Iterator[IO]:  # type: ignore[type-arg]
    """Standard output for ``None`` or ``-``, else a file that is renamed into place at the end.

    Raises:
        CqliteError: see :func:`check_file`.
        OSError: it cannot be written, with the file's name.
    """
    if path is None or str(path) == "-":
        stream = sys.stdout.buffer if binary else sys.stdout
        yield stream
        stream.flush()
        return
    check_file(path, force=force)
    # What is printed doesn't wait for it.
    from cqlite.io.whole_file import whole_file

    with whole_file(path, binary=binary) as file:
        yield file


def note_engine() -> None:
    """Says on standard error that the reference engine does what the native one would.

    For commands that read all rows, before they do.

    Raises:
        UnsupportedFeatureError: an engine is asked for that there is not.
    """
    import cqlite

    if cqlite.engine() == "reference" and not os.environ.get("CQLITE_ENGINE"):
        print(
            "cqlite: note: the native engine was not built, which takes Rust's cargo; "
            "the reference engine gives the same answers, but slowly",
            file=sys.stderr,
        )


class Progress:
    """Shows on standard error how far a command has come through some bytes, at which rate,
    and when it will be done.

    Silent unless standard error is a terminal and standard output is not, so that it
    never mixes with what is printed.

    Args:
        title: what the command does.
        total: the number of bytes.
        prints: whether the command prints anything meanwhile.
    """

    def __init__(self, title: str, total: int, *, prints: bool = True) -> None:
        self._title = title
        self._total = total
        self._prints = prints
        self._bar: Any = None

    @property
    def is_shown(self) -> bool:
        """Whether it shows anything, once it has been entered."""
        return self._bar is not None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and not (self._prints and sys.stdout.isatty()):
            bar = _bar()
            bar.add_task(self._title, total=self._total)
            bar.start()
            self._bar = bar
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def at(self, position: int) -> None:
        """Moves to byte ``position``."""
        if self._bar is not None:
            self._bar.update(0, completed=position)


def _bar() -> Any:
    from rich import progress

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(binary_units=True),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
        console=console(stderr=True),
        transient=True,
    )
