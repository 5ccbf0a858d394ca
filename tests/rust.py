"""Runs the generated Rust through the core crate's example, and reads what it prints."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.parts import Part
from tests.shared import ROOT

CRATE = ROOT / "rust"


@cache
def program(name: str = "layouts") -> Path:
    """An example of the crate, built if need be."""
    command = ["cargo", "build", "--quiet", "--release", "--example", name]
    subprocess.run(command, cwd=CRATE, check=True)
    return CRATE / "target" / "release" / "examples" / name


def run(folder: Path, command: str, parts: Sequence[Part], *more: str) -> str:
    """What the example prints for `parts`; a panic or refusal is an error."""
    blob, jobs = folder / "blob", folder / "jobs"
    lines, offset = [], 0
    for path, params, data in parts:
        arguments = "".join(f"\t{_argument(value)}" for value in params)
        lines.append(f"{path}\t{offset}\t{len(data)}{arguments}\n")
        offset += len(data)
    blob.write_bytes(b"".join(data for _, _, data in parts))
    jobs.write_text("".join(lines), encoding="utf-8")
    done = subprocess.run(
        [program(), command, blob, jobs, *more], check=True, capture_output=True, text=True
    )
    return done.stdout


def _argument(value: Any) -> str:
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, int):
        return f"i{value}"
    return "s" + ",".join(str(number) for number in value)


def objects(text: str) -> Iterator[tuple[str, Any]]:
    """The objects that `dump` printed: their first lines, and their fields by name."""
    lines = iter(text.splitlines())
    for line in lines:
        yield line, _fields(lines) if line.startswith("object") else None


def _fields(lines: Iterator[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        if line == "}":
            return found
        name, value = _entry(line, lines)
        found[name] = value
    raise ValueError("the dump ends inside an object")


def _items(lines: Iterator[str]) -> list[Any]:
    found = []
    for line in lines:
        if line == "}":
            return found
        found.append(_entry(line, lines)[1])
    raise ValueError("the dump ends inside a list")


def _entry(line: str, lines: Iterator[str]) -> tuple[str, Any]:
    if line.endswith("{"):
        return line[:-1], _fields(lines)
    if line.endswith("["):
        return line[:-1], _items(lines)
    name, _, value = line.partition("=")
    return name, value
