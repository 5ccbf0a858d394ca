"""What `cqlite query` does. It imports nothing that a short answer would have to wait for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from cqlite.cli import EXIT_REFUSED, EXIT_SALVAGED
from cqlite.errors import QueryError
from cqlite.query.format import BINARY, FORMATS, write_result
from cqlite.query.format.table import SCREEN_ROWS, Look, write_table
from cqlite.query.session import Session
from cqlite.records import record

if TYPE_CHECKING:
    from cqlite.query.result import ResultSet

_SHOWN_LINE: Final = 100


@record
class Request:
    """What a command line asks for; see the command's options."""

    statement: str | None
    data: tuple[str, ...]
    keyspace: str | None = None
    schema: Path | None = None
    now: int | None = None
    format: str | None = None
    output: Path | None = None
    force: bool = False
    explain: bool = False
    salvage: bool = False
    file: Path | None = None


def run(request: Request) -> int:
    """Answers, and gives the exit code.

    Raises:
        CqliteError: the data cannot be read, or the answer not be written.
    """
    try:
        texts = list(_texts(request))
        format = _format(request)
        with Session(
            request.data,
            keyspace=request.keyspace,
            schema=request.schema,
            now=request.now,
            salvage=request.salvage,
        ) as session:
            _answer(session, texts, format, request)
            return _report(session.losses)
    except QueryError as error:
        sys.stdout.flush()
        print(marked(error), file=sys.stderr)
        return EXIT_REFUSED
    finally:
        gc.enable()


def _report(losses: Sequence[str]) -> int:
    """Says what was lost; the exit code."""
    for loss in losses:
        print(f"cqlite: lost: {loss}", file=sys.stderr)
    return EXIT_SALVAGED if losses else 0


def marked(error: QueryError) -> str:
    """An error with the line of the statement that it is about, and the place marked."""
    lines = [f"cqlite: error: {error.message}"]
    if error.statement is not None and error.at is not None:
        before, text = error.statement[: error.at], error.statement
        start = before.rfind("\n") + 1
        end = text.find("\n", error.at)
        line = text[start : end if end >= 0 else len(text)]
        column = error.at - start
        # Of a long line, what is around the place.
        first = max(0, min(column - _SHOWN_LINE // 2, len(line) - _SHOWN_LINE))
        line, column = line[first : first + _SHOWN_LINE], column - first
        length = max(1, min(error.length, len(line) - column))
        lines += [f"  {line}".replace("\t", " "), "  " + " " * column + "^" * length]
    return "\n".join(lines)


def _texts(request: Request) -> list[str]:
    if not request.data:
        raise QueryError("--data is needed: a directory with SSTables")
    if (request.statement is None) == (request.file is None):
        raise QueryError("a statement is needed, or a --file with some")
    if request.statement not in (None, "-"):
        return [request.statement]
    from cqlite.cql.scripts import split_script
    from cqlite.io.text import read_cql

    if request.file is None:
        return split_script(sys.stdin.read())
    return split_script(read_cql(request.file))


def _format(request: Request) -> str:
    format = request.format
    if format is None:
        suffix = "" if request.output is None else request.output.suffix[1:]
        format = suffix if suffix in FORMATS else "table"
    if format not in FORMATS:
        raise QueryError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    if format in BINARY and request.output is None and sys.stdout.isatty():
        raise QueryError(f"{format} is not for terminals; name a file with -o")
    return format


def _answer(session: Session, texts: list[str], format: str, request: Request) -> None:
    if request.explain:
        for text in texts:
            for line in session.explain(session.prepare(text)).lines():
                print(": ".join(line))
        return
    if len(texts) > 1 and format in BINARY:
        raise QueryError(f"a file of {format} holds the result of one statement")
    if request.output is None and format == "table" and sys.stdout.isatty():
        for text in texts:
            _show(session, text, sys.stdout)
        return
    from cqlite.cli.common import output

    with output(request.output, binary=True, force=request.force) as stream:
        for text in texts:
            _write(session, text, format, stream)


def _show(session: Session, text: str, stream: IO[str]) -> None:
    result = _result(session, text)
    write_table(result, stream, screen_look())


def _write(session: Session, text: str, format: str, stream: IO[bytes]) -> None:
    result = _result(session, text)
    is_stream = stream is sys.stdout.buffer
    write_result(result, format, stream, is_stream=is_stream)


def _result(session: Session, text: str) -> ResultSet:
    statement = session.prepare(text)
    table = session.table_of(statement)
    for warning in table.warnings:
        print(f"cqlite: warning: {warning}", file=sys.stderr)
    for note in statement.notes:
        print(f"cqlite: note: done as with ALLOW FILTERING: {note}", file=sys.stderr)
    result = session.execute(statement)
    gc.freeze()
    gc.enable()
    return result


def screen_look() -> Look:
    """How tables look on a terminal, with colours unless NO_COLOR is set."""
    return Look(
        is_colored=not os.environ.get("NO_COLOR"),
        page_rows=SCREEN_ROWS,
        ask_for_more=_ask_for_more if sys.stdin.isatty() else None,
    )


def _ask_for_more() -> bool:
    with suppress(EOFError, KeyboardInterrupt):
        input("---MORE---")
        return True
    return False
