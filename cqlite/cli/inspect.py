"""`cqlite inspect`: any component as a tree of named byte ranges."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cqlite.cli.common import console
from cqlite.cli.tables import schema_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from cqlite.inspect.show import Line, View
    from cqlite.inspect.sources import Source
    from cqlite.inspect.tree import Node

_STYLES = {
    "name": "bold cyan",
    "range": "dim",
    "hex": "yellow",
    "value": "bold green",
    "note": "magenta",
    "more": "dim",
    "doc": "dim italic",
}


def inspect(
    path: Annotated[
        Path,
        typer.Argument(
            help="A component's file, such as `…/oa-1-big-Statistics.db`; of a directory, Data.db."
        ),
    ],
    depth: Annotated[
        int,
        typer.Option(
            "--depth",
            "-d",
            min=0,
            help="Levels to show; 0 for all, down to the parts of each integer.",
        ),
    ] = 3,
    at: Annotated[
        str | None,
        typer.Option("--path", "-p", help="Show one field, such as `body.components[2].content`."),
    ] = None,
    offset: Annotated[
        int | None,
        typer.Option("--offset", "-o", min=0, help="Show what holds this byte of the component."),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Of a compressed Data.db, the chunks as on disk.")
    ] = False,
    instances: Annotated[
        bool, typer.Option("--instances", "-i", help="Show computed values among the fields.")
    ] = False,
    docs: Annotated[
        bool, typer.Option("--doc/--no-doc", help="Whether to show the specs' descriptions.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="CQL file that has the table's CREATE TABLE."),
    ] = None,
) -> None:
    """Shows any component of an SSTable as a tree.

    Each line has a field's name, its bytes as `start:end` (the end not included), the
    bytes in hex, the value, and the specs' description with Cassandra's own name in
    brackets. What a table's header and schema add, such as column names and decoded
    values, stands between. Offsets in Data.db count in the uncompressed stream; `--raw`
    shows the compressed file.

    \b
    Examples:
      cqlite inspect oa-1-big-Statistics.db
      cqlite inspect oa-1-big-Data.db --path 'partitions[0].unfiltereds[3]' --depth 0
      cqlite inspect oa-1-big-Data.db --offset 4711
      cqlite inspect oa-1-big-Data.db --raw --json | jq .
      cqlite inspect da-1-bti-Partitions.db --path body.root --depth 6
    """
    from cqlite.inspect.components import component_source
    from cqlite.inspect.select import find_path, holds
    from cqlite.inspect.show import View, write_json
    from cqlite.io import DATA, INDEX, resolve_component

    components, component = resolve_component(path)
    needs_schema = component == INDEX or (component == DATA and not raw)
    with component_source(
        components,
        component,
        raw=raw,
        tries=offset is None,
        instances=instances,
        schema=schema_at_hand(path, schema) if needs_schema else None,
    ) as source:
        if offset is not None:
            _require(source, offset)
            view = View(source, None, docs=docs, keep=holds(offset))
        else:
            view = View(source, depth or None, docs=docs)
        nodes = source.nodes()
        if at is not None:
            nodes = iter([find_path(nodes, at, source.where)])
        if as_json:
            write_json(view, nodes, sys.stdout)
        else:
            _print(view, nodes)


def _require(source: Source, offset: int) -> None:
    from cqlite.errors import CqliteError

    if offset >= source.size:
        raise CqliteError(f"there is no byte {offset}, only {source.size} bytes", source.where)


def _print(view: View, nodes: Iterator[Node]) -> None:
    """Lines as they come: coloured on a terminal, plain in a pipe."""
    from cqlite.inspect.show import lines

    out = console()
    if not out.is_terminal:
        for line in lines(view, nodes):
            sys.stdout.write(f"{line.guide}{'  '.join(text for _, text in line.parts)}\n")
        return
    for line in lines(view, nodes):
        out.print(_styled(line))


def _styled(line: Line) -> Text:
    from rich.text import Text

    text = Text(line.guide, style="dim")
    for index, (kind, part) in enumerate(line.parts):
        text.append("  " if index else "", style="none")
        text.append(part, style=_STYLES[kind])
    return text
