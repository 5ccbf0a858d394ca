"""`cqlite shell`: a shell for CQL over SSTables."""

from __future__ import annotations

import sys

import typer

from cqlite.cli import EXIT_REFUSED
from cqlite.cli.options import Data, Keyspace, Now, SchemaByData
from cqlite.cli.query_run import marked, screen_look
from cqlite.errors import CqliteError, NotAnSSTableError, QueryError
from cqlite.query.format.table import Look
from cqlite.query.session import Session
from cqlite.shell.shell import Shell, run_terminal, use
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
        _check(session, keyspace)
        made = Shell(session, sys.stdout, sys.stderr, marked, look)
        if is_terminal:
            print("cqlite shell; HELP lists the commands")
            run_terminal(made, terminal_reader(session, made.pending))
        else:
            made.run(line.rstrip("\n") for line in sys.stdin)
    if made.failed and not is_terminal:
        raise typer.Exit(EXIT_REFUSED)


def _check(session: Session, keyspace: str | None) -> None:
    """Refuses at once what no statement could be answered from.

    What is damaged is left to the statements that read it: others may do without.
    """
    try:
        if keyspace is None:
            session.names()
        else:
            use(session, keyspace)
    except NotAnSSTableError:
        raise
    except QueryError as error:
        print(marked(error), file=sys.stderr)
        raise typer.Exit(EXIT_REFUSED) from None
    except CqliteError:
        return
