"""Options that several commands have, with the same words in each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cqlite.cli.quick import time_of


def checked_time(value: int | None) -> int | None:
    """A callback for options that are times, see ``time_of``."""
    try:
        return None if value is None else time_of(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


_DATA: Any = typer.Option(
    "--data",
    "-d",
    help="Directory with SSTables, or its URL: a table's, a snapshot's, or a whole data "
    "directory; several times for several replicas.",
)

Data = Annotated[list[str], _DATA]
DataIfAny = Annotated[list[str] | None, _DATA]
Keyspace = Annotated[
    str | None, typer.Option("--keyspace", "-k", help="Keyspace of tables that stand without one.")
]
SchemaByData = Annotated[
    Path | None,
    typer.Option(
        "--schema", help="File with the CQL of the schema.", show_default="found by the data"
    ),
]
Now = Annotated[
    int | None,
    typer.Option(
        callback=checked_time,
        help="Seconds since 1970 by which what has a time to live is expired.",
        show_default="the clock's",
    ),
]
