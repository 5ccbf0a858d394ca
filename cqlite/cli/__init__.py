"""The `cqlite` command. Each subcommand is a module of its own, imported when it is called."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper
from keyword import iskeyword
from typing import Any

COMMANDS = (
    "ls",
    "schema",
    "query",
    "shell",
    "dump",
    "export",
    "metadata",
    "stats",
    "diff",
    "sql",
    "verify",
    "inspect",
    "spec",
    "decompress",
    "rewrite",
    "import",
)
"""The subcommands in the order in which ``cqlite --help`` lists them."""

EXIT_ERROR = 1
EXIT_REFUSED = 2
EXIT_SALVAGED = 3
EXIT_INTERRUPTED = 130


def _app() -> Any:
    """The click group. It imports a command's module only when it needs that command."""
    import typer
    from typer.core import TyperGroup

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(COMMANDS)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name not in COMMANDS:
                return None
            name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
            function = getattr(import_module(f"cqlite.cli.{name}"), name)
            app = typer.Typer(add_completion=False, rich_markup_mode="rich")
            app.command(name=cmd_name, no_args_is_help=True)(function)
            command = typer.main.get_command(app)
            command.name = cmd_name
            command.help = _help(function.__doc__ or "")
            return command

    app = typer.Typer(
        cls=LazyGroup, add_completion=False, no_args_is_help=True, rich_markup_mode="rich"
    )

    @app.callback(invoke_without_command=False)
    def cqlite(
        version: bool = typer.Option(
            False, "--version", help="Print the version and the engine, and stop."
        ),
    ) -> None:
        """Reads and writes Apache Cassandra's SSTables without Cassandra.

        Most commands take the path of an SSTable: one of its files, such as
        …/oa-1-big-Data.db, or the directory that holds it. Those about tables take
        directories of any number of SSTables.

        \b
        Examples:
          cqlite ls /var/lib/cassandra/data
          cqlite dump oa-1-big-Data.db | jq .
          cqlite verify oa-1-big-Data.db
        """

    return typer.main.get_command(app)


def _help(text: str) -> str:
    """Docstring ``text`` with each paragraph on one line, but for those that start with ``\\b``.

    Brackets, such as those around the name of an extra, would be taken for styles.
    """
    import re
    from inspect import cleandoc

    paragraphs = re.sub(r"\[(?=[a-z])", r"\\[", cleandoc(text)).split("\n\n")
    return "\n\n".join(p if p.startswith("\b") else p.replace("\n", " ") for p in paragraphs)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _use_utf8()
    if arguments == ["--version"]:
        sys.exit(_reporting(_print_version))
    if hasattr(signal, "SIGPIPE"):
        # As of other programs: when the reader of a pipe has enough, that is no error.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(_run(arguments))


def _use_utf8() -> None:
    """Has what is piped be UTF-8, as CQL, JSON and CSV are, in which the locale has no say."""
    if isinstance(sys.stdin, TextIOWrapper):
        # As of arguments: what is not UTF-8 is refused by who reads it, with the place.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    if isinstance(sys.stdout, TextIOWrapper):
        # As of standard error: names of files need not be UTF-8.
        errors = sys.stdout.errors if sys.stdout.errors != "strict" else "backslashreplace"
        sys.stdout.reconfigure(encoding="utf-8", errors=errors)


def _print_version() -> None:
    """The version, and the engine that reads, with what that lacks to be the native one."""
    from importlib.metadata import version

    from cqlite.cli.common import note_engine
    from cqlite.sstable.select.engine import engine

    print(f"cqlite {version('cqlite-sstable')}, {engine()} engine")
    note_engine()


def _run(arguments: list[str]) -> int:
    return _reporting(lambda: _command(arguments))


def _command(arguments: list[str]) -> None:
    if arguments[:1] == ["query"]:
        # What is loaded stays; to look through it for garbage would take a tenth of the time.
        gc.disable()
        from cqlite.cli.query_run import run
        from cqlite.cli.quick import quick_request

        request = quick_request(arguments[1:])
        if request is not None:
            sys.exit(run(request))
        gc.enable()
    _app().main(args=arguments, prog_name="cqlite", standalone_mode=True)


def _reporting(job: Callable[[], object]) -> int:
    """Does it, says what went wrong, and gives the exit code."""
    from cqlite.errors import CqliteError, reason_of

    try:
        job()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_ERROR
    except (CqliteError, OSError) as error:
        return fail(reason_of(error))
    except KeyboardInterrupt:
        return fail("interrupted", EXIT_INTERRUPTED)
    return 0


def fail(message: str, code: int = EXIT_ERROR) -> int:
    """Says what is wrong, after all that was printed before it; gives the exit code."""
    sys.stdout.flush()
    print(f"cqlite: error: {message}", file=sys.stderr)
    return code
