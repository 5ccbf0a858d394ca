"""`cqlite shell`: a shell for CQL over SSTables."""

from __future__ import annotations

import sys

import typer

from cqlite.cli import EXIT_REFUSED
from cqlite.cli.options import Data, Keyspace, Now, SchemaByData
from cqlite.cli.query_run import marked, screen_look
from cqlite.query.format.table import Look
from cqlite.query.session import Session
from cqlite.shell.shell import Shell, run_lines
from cqlite.shell.terminal import terminal_reader


def shell(
    data: Data,
    keyspace: Keyspace = None,
    schema: SchemaByData = None,
    now: Now = None,
) -> None:
    """A shell for CQL with cqlsh's habits, over SSTables.

    SELECT statements end in a semicolon. DESCRIBE, EXPAND, USE, PAGING, COPY … TO, SOURCE,
    CAPTURE are as in cqlsh; TRACING ON tells what was read; HELP lists all. What comes from
    a pipe is done as a script, with exit code 2 if anything of it fails. Completion and
    history need prompt_toolkit: `pip install 'cqlite-sstable[shell]'`.

    \b
    Examples:
      cqlite shell --data /var/lib/cassandra/data
      echo "DESCRIBE TABLES" | cqlite shell --data snapshot/
    """
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    look = screen_look() if is_terminal else Look()
    with Session(data, keyspace=keyspace, schema=schema, now=now) as session:
        made = Shell(session, sys.stdout, sys.stderr, marked, look)
        if is_terminal:
            print("cqlite shell; HELP lists the commands")
            run_lines(made, terminal_reader(session, made.pending))
        else:
            run_lines(made, _piped)
    if made.failed and not is_terminal:
        raise typer.Exit(EXIT_REFUSED)


def _piped(prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
