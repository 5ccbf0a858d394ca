"""`cqlite spec`: the specs themselves, as shipped or specialised to an SSTable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli.common import output


def spec(
    name: Annotated[
        str | None,
        typer.Argument(help="A spec such as `statistics`, or a component such as `Data.db`."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all specs.")] = False,
    version: Annotated[
        str | None,
        typer.Option("--version", help="Set the spec's root to this version, such as `mc`."),
    ] = None,
    sstable: Annotated[
        Path | None,
        typer.Option("--for", help="Specialise the spec to this component of an SSTable."),
    ] = None,
    schema: Annotated[
        Path | None,
        typer.Option(
            "--schema", help="With `--for`: a CQL file that has the table's CREATE TABLE."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; `-` for standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Prints the Kaitai Struct spec of a component.

    A spec describes all versions from `ma` to `da`; nothing in a file tells its version,
    so the root of each is set to one of them, which `--version` changes. Specs import one
    another: a copy of all of them is in the package, `cqlite spec --list` says where.

    `--for` makes one that stands alone and is specialised to an SSTable. For Data.db it
    has the table's columns as fields with values of their types, and opens what
    `cqlite decompress` writes, for example at <https://ide.kaitai.io>.

    \b
    Examples:
      cqlite spec Statistics.db --version mc
      cqlite spec --for oa-1-big-Data.db -o users.ksy
      cqlite decompress oa-1-big-Data.db --limit 50000 -o users.bin
    """
    from cqlite.errors import CqliteError

    if sum((name is not None, listed, sstable is not None)) != 1:
        raise CqliteError("give one of: a spec's name, --list, --for PATH")
    if version is not None and name is None:
        raise CqliteError("--version goes with a spec's name; --for takes it from the SSTable")
    if schema is not None and sstable is None:
        raise CqliteError("--schema goes with --for")
    if listed:
        _list()
        return
    text = _shipped(name, version) if name is not None else _specialised(sstable, schema)
    with output(out, force=force) as file:
        file.write(text)


def _shipped(name: str, version: str | None) -> str:
    from cqlite.errors import CqliteError
    from cqlite.inspect.specialised import spec_for_version, spec_of
    from cqlite.io import FORMAT_OF_VERSION, parse_version

    parsed = None
    if version is not None:
        if version not in FORMAT_OF_VERSION:
            raise CqliteError(f"no version {version!r}; there are {', '.join(FORMAT_OF_VERSION)}")
        parsed = parse_version(version, FORMAT_OF_VERSION[version])
    return spec_for_version(spec_of(name), parsed)


def _specialised(path: Path | None, schema: Path | None) -> str:
    from cqlite.cli.tables import schema_at_hand
    from cqlite.inspect.specialised import specialised
    from cqlite.io import resolve_component
    from cqlite.sstable import SSTable

    assert path is not None
    _, component = resolve_component(path)
    with SSTable(path, schema=schema_at_hand(path, schema)) as sstable:
        return specialised(sstable, component)


def _list() -> None:
    from importlib.resources import files

    from cqlite.inspect.documents import spec as document
    from cqlite.inspect.documents import spec_names

    for name in spec_names():
        sys.stdout.write(f"{name:18} {document(name)['meta']['title']}\n")
    sys.stdout.write(f"\nThey are in {files('cqlite._specs')}\n")
