"""Holds cqlite against gold masters: what it dumps, verifies, and writes anew of their rows."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import IO, TextIO

from cqlite.errors import CqliteError
from cqlite.export.native import NativeDump
from cqlite.export.sstabledump import SSTableDump
from cqlite.sstable import SSTable
from cqlite.sstable.verify import Severity, verify
from tools.goldmaster import engines
from tools.goldmaster.rewritten import differences

# Depends on the clock at which sstabledump ran.
_EXPIRED = re.compile(r'"expired" : (true|false)')


def check(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Check every SSTable below a folder, on all processors.

    Yields each Data.db with what is wrong about it, a line each.
    """
    found = sorted(folder.glob("*/*/*-Data.db"), key=lambda path: -path.stat().st_size)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from zip(found, pool.map(problems, found), strict=True)


def problems(data: Path) -> list[str]:
    """What is wrong about one SSTable, a line each."""
    try:
        return [
            *_differences(data),
            *_disagreements(data),
            *_findings(data),
            *differences(data),
        ]
    except CqliteError as error:
        return [f"{type(error).__name__}: {error}"]


def _findings(data: Path) -> Iterator[str]:
    with SSTable(data) as sstable:
        for finding in verify(sstable):
            if finding.severity is Severity.ERROR:
                yield f"verify: {finding}"


def _disagreements(data: Path) -> Iterator[str]:
    return engines.disagreements(data) if engines.has_native() else iter(())


def _differences(data: Path) -> Iterator[str]:
    """The first line in which the dumps differ; both are read as streams, since some are big."""
    yield from _difference(data, _reference_dump)
    if engines.has_native():
        for line in _difference(data, _native_dump):
            yield f"native {line}"


def _reference_dump(out: TextIO, sstable: SSTable) -> None:
    SSTableDump(out, sstable.header_schema, now=0).write(sstable)


def _native_dump(out: TextIO, sstable: SSTable) -> None:
    NativeDump(out, sstable, now=0).write()


def _difference(data: Path, dump: Callable[[TextIO, SSTable], None]) -> Iterator[str]:
    number = data.name.split("-")[1]
    golden = data.with_name(f"dump.{number}.json")
    golden = golden if golden.exists() else data.with_name("dump.json")
    mine = data.with_name(f"{data.name}.cqlite.json")
    try:
        with mine.open("w", encoding="utf-8") as out, SSTable(data) as sstable:
            dump(out, sstable)
        with mine.open(encoding="utf-8") as ours, golden.open(encoding="utf-8") as theirs:
            for line, (our, their) in enumerate(zip_longest(_lines(ours), _lines(theirs)), 1):
                if our != their:
                    yield f"dump: line {line} is {our!r}, sstabledump has {their!r}"
                    return
    finally:
        mine.unlink(missing_ok=True)


def _lines(file: IO[str]) -> Iterator[str]:
    for line in file:
        if line.strip():
            yield _EXPIRED.sub('"expired" : -', line.rstrip("\n"))


def main(folder: Path) -> int:
    """Print what is wrong about each SSTable and how many were checked."""
    count = wrong = 0
    for data, lines in check(folder):
        count += 1
        wrong += bool(lines)
        for line in lines:
            print(f"{data.relative_to(folder)}: {line}", file=sys.stderr)
    print(f"{count} SSTables checked with cqlite, {wrong} of them differ")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.goldmaster.check", description=__doc__)
    parser.add_argument("folder", type=Path, help="gold masters")
    sys.exit(main(parser.parse_args().folder))
