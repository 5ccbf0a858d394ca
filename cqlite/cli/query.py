"""`cqlite query`: CQL's SELECT over SSTables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli.options import DataIfAny, Keyspace, Now, SchemaByData
from cqlite.cli.query_run import Request, run


def query(
    statement: Annotated[
        str | None,
        typer.Argument(help="A SELECT, with or without a semicolon; - for standard input."),
    ] = None,
    data: DataIfAny = None,
    keyspace: Keyspace = None,
    schema: SchemaByData = None,
    now: Now = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, jsonl, csv, parquet or arrow.",
            show_default="the output's suffix, else table",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write instead of standard output."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the output if it exists.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what is read, instead of the result.")
    ] = False,
    salvage: Annotated[
        bool,
        typer.Option(
            "--salvage",
            help="Read SSTables around damage; say what was lost on standard error and end with 3.",
        ),
    ] = False,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="File with statements, one after another.")
    ] = None,
) -> None:
    """Answers a CQL SELECT from SSTables, as Cassandra would.

    All SSTables of the table are merged: what is deleted, expired or overwritten is not
    there. ALLOW FILTERING is implied, with a note. All of SELECT in Cassandra 5.0 is
    understood, with its functions and aggregates; a query that Cassandra would refuse is
    refused in its words, with exit code 2.

    \b
    Examples:
      cqlite query "SELECT * FROM shop.orders WHERE id = 7" --data /var/lib/cassandra/data
      cqlite query "SELECT JSON * FROM orders LIMIT 10" --data snapshot/ --format jsonl
      cqlite query "SELECT status, count(*) FROM orders GROUP BY id" -d node1/ -d node2/
    """
    request = Request(
        statement=statement,
        data=tuple(data or ()),
        keyspace=keyspace,
        schema=schema,
        now=now,
        format=format,
        output=output,
        force=force,
        explain=explain,
        salvage=salvage,
        file=file,
    )
    code = run(request)
    if code:
        raise typer.Exit(code)
