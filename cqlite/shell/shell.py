"""The shell: lines come in, statements and commands are done, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Final

from cqlite.cql.scripts import cut_statements
from cqlite.errors import CqliteError, QueryError, reason_of
from cqlite.io.text import read_cql
from cqlite.query.format.table import Look, write_table
from cqlite.query.session import Session
from cqlite.shell.copy_to import parse_copy, run_copy
from cqlite.shell.describe import describe
from cqlite.shell.help import help_on
from cqlite.shell.words import without_comments, words_of
from cqlite.table.trace import Trace

_ONE_LINE: Final = frozenset(
    {
        *("help", "?", "consistency", "serial", "describe", "desc", "show", "source"),
        *("capture", "tracing", "expand", "paging", "exit", "quit", "clear", "cls", "use"),
        *("login", "history", "debug"),
    }
)
"""Commands that need no semicolon."""

_FOR_NODES: Final = (
    *("insert", "update", "delete", "truncate", "begin", "apply", "create", "alter", "drop"),
    *("grant", "revoke", "list", "add", "login", "history", "debug"),
)
"""What cqlsh does, and a shell over files does not."""

_CLEAR: Final = "\x1b[H\x1b[2J"
_MOST_SOURCES: Final = 16


class Shell:
    """A session with what is switched on and off in it.

    Args:
        session: the tables.
        stream: where results go.
        errors: where errors and notes go.
        marked: makes text of an error, with the place in the statement.
        look: how tables are shown; ``ask_for_more`` is what paging waits with.

    Attributes:
        failed: whether anything went wrong so far.
        done: whether it was asked to end.
    """

    def __init__(
        self,
        session: Session,
        stream: IO[str],
        errors: IO[str],
        marked: Callable[[QueryError], str],
        look: Look,
    ) -> None:
        self.session = session
        self.failed = False
        self.done = False
        self._stream = stream
        self._errors = errors
        self._marked = marked
        self._look = look
        self._is_expanded = False
        self._is_paged = True
        self._is_traced = False
        self._page_rows = look.page_rows
        self._capture: Path | None = None
        self._buffer = ""
        self._sources = 0

    @property
    def prompt(self) -> str:
        """What stands before the next line; of a statement's further lines, dots."""
        name = f"cqlite:{self.session.keyspace}" if self.session.keyspace else "cqlite"
        return "...".rjust(len(name)) + "  " if self._buffer else f"{name}> "

    def pending(self) -> str:
        """The lines of a statement that has no end yet."""
        return self._buffer

    def feed(self, line: str) -> None:
        """Take a line, and do all statements and commands that end in it."""
        statements, rest = cut_statements(self._buffer + line + "\n")
        if _first_word(rest) in _ONE_LINE:
            statements, rest = [*statements, rest.strip()], ""
        self._buffer = rest if rest.strip() else ""
        for statement in statements:
            if self.done:
                return
            self._do(statement)

    def run(self, lines: Iterable[str]) -> None:
        """Take a script's lines; its last statement needs no semicolon."""
        for line in lines:
            self.feed(line)
            if self.done:
                return
        text, self._buffer = self._buffer.strip(), ""
        if text:
            self._do(text)

    def forget(self) -> None:
        """Drop what was begun."""
        self._buffer = ""

    def interrupted(self) -> None:
        """Say that Ctrl-C ended what was done, and drop what was begun."""
        self.forget()
        self._fail("interrupted")

    # Doing.

    def _do(self, text: str) -> None:
        """Do one statement or command; what goes wrong is said and does not end the shell."""
        try:
            command = _COMMANDS.get(_first_word(text))
            if command is not None:
                command(self, without_comments(text))
            else:
                self._select(text)
        except QueryError as error:
            self._fail(self._marked(error))
        except (CqliteError, OSError) as error:
            self._fail(f"cqlite: error: {reason_of(error)}")

    def _fail(self, message: str) -> None:
        self.failed = True
        self._stream.flush()
        print(message, file=self._errors, flush=True)

    def _say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    def _note(self, text: str) -> None:
        self._stream.flush()
        print(text, file=self._errors, flush=True)

    def _select(self, text: str) -> None:
        statement = self.session.prepare(text)
        for warning in self.session.table_of(statement).warnings:
            self._note(f"warning: {warning}")
        for note in statement.notes:
            self._note(f"note: done as with ALLOW FILTERING: {note}")
        trace = Trace() if self._is_traced and not statement.is_explained else None
        result = self.session.execute(statement, trace=trace)
        if self._capture is not None:
            with self._capture.open("a", encoding="utf-8") as file:
                rows = write_table(result, file, Look(is_expanded=self._is_expanded))
        else:
            rows = write_table(result, self._stream, self._shown())
        if trace is not None:
            from cqlite.query.explain import explanation

            found = explanation(statement, self.session.table_of(statement), trace, rows)
            for line in found.lines():
                self._say(": ".join(line))

    def _shown(self) -> Look:
        return Look(
            is_colored=self._look.is_colored,
            is_expanded=self._is_expanded,
            page_rows=self._page_rows,
            ask_for_more=self._look.ask_for_more if self._is_paged else None,
        )

    # Commands.

    def _use(self, text: str) -> None:
        words = words_of(text)
        if len(words) != 2:
            raise QueryError("USE needs a keyspace's name")
        use(self.session, words[1])

    def _describe(self, text: str) -> None:
        for line in describe(self.session, words_of(text)[1:]):
            self._say(line)

    def _expand(self, text: str) -> None:
        self._is_expanded = self._switch(text, "Expanded output", self._is_expanded)

    def _tracing(self, text: str) -> None:
        self._is_traced = self._switch(text, "Tracing", self._is_traced)

    def _paging(self, text: str) -> None:
        words = words_of(text)
        if len(words) == 2 and words[1].isdecimal() and int(words[1]):
            self._page_rows, self._is_paged = int(words[1]), True
            self._say(f"Page size: {words[1]}")
        else:
            self._is_paged = self._switch(text, "Query paging", self._is_paged)

    def _switch(self, text: str, what: str, is_on: bool) -> bool:
        """A setting after ``… ON``, ``… OFF`` or ``…``, which only says how it is."""
        words = words_of(text)
        if len(words) == 1:
            self._say(f"{what} is currently {'enabled' if is_on else 'disabled'}.")
            return is_on
        if words[1:] not in (["on"], ["off"]):
            raise QueryError(f"{words[0].upper()} takes ON or OFF")
        is_on = words[1] == "on"
        self._say(f"{what} is now {'enabled' if is_on else 'disabled'}.")
        return is_on

    def _consistency(self, text: str) -> None:
        self._say("Files are read, no replicas are asked: consistency levels mean nothing here.")

    def _show(self, text: str) -> None:
        from importlib.metadata import version

        words = words_of(text)[1:]
        if words not in (["version"], ["host"]):
            raise QueryError("SHOW takes VERSION or HOST")
        if words == ["version"]:
            self._say(f"[cqlite {version('cqlite-sstable')} | CQL spec 3.4.7]")
        else:
            self._say(f"Reading {', '.join(map(str, self.session.paths))}.")

    def _source(self, text: str) -> None:
        path = Path(_file_of(text)).expanduser()
        if self._sources >= _MOST_SOURCES:
            raise QueryError(f"SOURCE within SOURCE, {_MOST_SOURCES} times")
        self._sources += 1
        begun, self._buffer = self._buffer, ""
        try:
            self.run(read_cql(path).split("\n"))
            self._buffer = begun
        finally:
            self._sources -= 1

    def _capture_to(self, text: str) -> None:
        words = words_of(text)
        if len(words) == 1:
            self._say(
                f"Currently capturing query output to '{self._capture}'."
                if self._capture
                else "Currently not capturing query output."
            )
        elif words[1:] == ["off"]:
            self._capture = None
        else:
            path = Path(_file_of(text)).expanduser()
            with path.open("a", encoding="utf-8"):
                self._capture = path
            self._say(f"Now capturing query output to '{path}'.")

    def _copy(self, text: str) -> None:
        copy = parse_copy(text)
        if copy.target is None:
            count = run_copy(self.session, copy, self._stream)
        else:
            from cqlite.io.whole_file import whole_file

            with whole_file(copy.target) as file:
                count = run_copy(self.session, copy, file)
        self._say(f"{count} rows exported.")

    def _help(self, text: str) -> None:
        for line in help_on(words_of(text.replace("?", "help", 1))[1:]):
            self._say(line)

    def _refuse(self, text: str) -> None:
        raise QueryError(f"{_first_word(text).upper()} is for a node: SSTables are only read here")

    def _clear(self, text: str) -> None:
        if self._look.is_colored:
            self._stream.write(_CLEAR)

    def _exit(self, text: str) -> None:
        self.done = True


def _first_word(text: str) -> str:
    words = text.strip().rstrip(";").split(None, 1)
    return words[0].lower() if words else ""


def _file_of(text: str) -> str:
    words = words_of(text)
    if len(words) != 2:
        raise QueryError(f"{words[0].upper()} takes a file's name in single quotes")
    return words[1]


_COMMANDS: Final[dict[str, Callable[[Shell, str], None]]] = {
    "use": Shell._use,
    "describe": Shell._describe,
    "desc": Shell._describe,
    "expand": Shell._expand,
    "tracing": Shell._tracing,
    "paging": Shell._paging,
    "consistency": Shell._consistency,
    "serial": Shell._consistency,
    "show": Shell._show,
    "source": Shell._source,
    "capture": Shell._capture_to,
    "copy": Shell._copy,
    "help": Shell._help,
    "?": Shell._help,
    "clear": Shell._clear,
    "cls": Shell._clear,
    "exit": Shell._exit,
    "quit": Shell._exit,
    **dict.fromkeys(_FOR_NODES, Shell._refuse),
}


def use(session: Session, keyspace: str) -> None:
    """Makes a keyspace that of tables which stand without one.

    Raises:
        QueryError: no table is in it.
        CqliteError: there is no SSTable, or what tells about them cannot be read.
    """
    known = {other for other, _ in session.names()}
    if keyspace not in known and None not in known:
        raise QueryError(f"Keyspace '{keyspace}' does not exist")
    session.keyspace = keyspace


def run_terminal(shell: Shell, read: Callable[[str], str]) -> None:
    """Feed a shell with what ``read`` gives for its prompts until that raises EOFError.

    Ctrl-C ends what is being done, and at a prompt drops what was begun, as the end does.
    """
    while not shell.done:
        try:
            line = read(shell.prompt)
        except KeyboardInterrupt:
            shell.forget()
            continue
        except EOFError:
            break
        try:
            shell.feed(line)
        except KeyboardInterrupt:
            shell.interrupted()
