"""`cqlite verify`: whether an SSTable is whole and its parts agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from cqlite.cli import EXIT_ERROR
from cqlite.cli.common import Progress, note_engine
from cqlite.errors import NotAnSSTableError, Where
from cqlite.io import DATA, Components, find_sstables
from cqlite.sstable import SSTable
from cqlite.sstable.verify import Finding, Severity
from cqlite.sstable.verify import verify as findings_of


def verify(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Any file of an SSTable, or a directory: all that are below it."
        ),
    ],
    quick: Annotated[
        bool, typer.Option("--quick", help="Checksums only; rows are not looked at.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for each SSTable.")
    ] = False,
) -> None:
    """Checks SSTables and says what is wrong with them, each finding with its byte offset.

    Checked are checksums, the table of contents, indexes and the Bloom filter against the
    data, the order of keys and rows, values by their types, and the statistics against
    what the rows add up to. Errors are damage or contradictions, warnings are harmless,
    notes say what could not be checked. The exit code is 1 if there is any error.

    \b
    Examples:
      cqlite verify oa-1-big-Data.db
      cqlite verify --quick /var/lib/cassandra/data
      cqlite verify --json backups/ | jq -r 'select(.errors > 0).path'
    """
    note_engine()
    failed = False
    for path in _sstables(paths):
        with SSTable(path) as sstable:
            total = sstable.components.size(DATA) if DATA in sstable.components else 0
            with Progress(f"verify {path.name}", total) as progress:
                findings = findings_of(sstable, quick=quick, progress=progress.at)
                report = _print_json if as_json else _print_text
                failed = report(sstable, findings) or failed
    if failed:
        raise typer.Exit(EXIT_ERROR)


def _sstables(paths: list[Path]) -> Iterator[Path]:
    """One existing file of each SSTable."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = find_sstables(path, recursive=True)
        if not found:
            raise NotAnSSTableError("no SSTable in or below this directory", Where(path))
        for descriptor in found:
            components = Components(descriptor)
            yield components.path(DATA if DATA in components else next(iter(components)))


def _print_text(sstable: SSTable, findings: Iterable[Finding]) -> bool:
    """Prints findings as they come, then a summary; gives whether there are errors."""
    counts: Counter[Severity] = Counter()
    for finding in findings:
        counts[finding.severity] += 1
        print(finding)
    parts = [_counted(severity, counts[severity]) for severity in Severity if counts[severity]]
    print(f"{sstable.descriptor}: {', '.join(parts) or 'nothing wrong'}")
    return counts[Severity.ERROR] > 0


def _counted(severity: Severity, count: int) -> str:
    return f"{count} {severity}{'s' * (count != 1)}"


def _print_json(sstable: SSTable, findings: Iterable[Finding]) -> bool:
    """Prints one object; gives whether there are errors."""
    listed = list(findings)
    errors = sum(finding.severity == Severity.ERROR for finding in listed)
    document = {
        "path": str(sstable.descriptor),
        "version": sstable.descriptor.version.name,
        "errors": errors,
        "findings": [finding.as_dict() for finding in listed],
    }
    print(json.dumps(document, ensure_ascii=False))
    return errors > 0
