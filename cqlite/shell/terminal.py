"""Lines from a terminal, with history and completion where prompt_toolkit is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cqlite.query.session import Session
from cqlite.shell.completion import completions

HISTORY: Final = "CQLITE_HISTORY"
"""The variable with the path of the file that keeps what was typed."""


def terminal_reader(session: Session, pending: Callable[[], str]) -> Callable[[str], str]:
    """What gives a line for a prompt, and raises EOFError at Ctrl-D.

    Args:
        session: whose names are offered.
        pending: the lines of the statement before this one.
    """
    try:
        import prompt_toolkit  # noqa: F401
    except ModuleNotFoundError:
        return _plain_reader()
    return _rich_reader(session, pending)


def history_file() -> Path:
    """Where what was typed is kept."""
    return Path(os.environ.get(HISTORY) or Path.home() / ".cqlite_history")


def _plain_reader() -> Callable[[str], str]:
    with suppress(ModuleNotFoundError):
        # It makes input() take arrow keys.
        import readline  # noqa: F401
    return input


def _rich_reader(session: Session, pending: Callable[[], str]) -> Callable[[str], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion

    class Names(Completer):
        def get_completions(self, document: Any, complete_event: Any) -> Iterator[Completion]:
            word, found = completions(pending() + document.text_before_cursor, session)
            for name in found:
                yield Completion(name, start_position=-len(word))

    prompt: Any = PromptSession(
        history=history(),
        completer=Names(),
        complete_while_typing=False,
    )
    read: Callable[[str], str] = prompt.prompt
    return read


def history() -> Any:
    """What was typed before, as prompt_toolkit takes it; where no file can keep it, nothing."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = history_file()
    try:
        # Statements have data in them, which is only for who typed it.
        os.close(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600))
    except OSError as error:
        print(f"cqlite: note: no history is kept: {path}: {error.strerror}", file=sys.stderr)
        return InMemoryHistory()

    class Kept(FileHistory):
        def store_string(self, string: str) -> None:
            # Such as when the disk is full: the line is done all the same.
            with suppress(OSError):
                super().store_string(string)

    return Kept(str(path))
