"""What is wrong with an SSTable, one finding at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cqlite.errors import CqliteError, Where

SHOWN_OF_A_KIND = 100
"""Findings of one check that are reported one by one; of more there is just a count."""


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Bytes are damaged, or parts of the SSTable contradict each other."""
    WARNING = "warning"
    """Nothing is lost, but something is not as Cassandra would have it."""
    NOTE = "note"
    """Something that could not be checked, or that Cassandra knows to be inexact."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or could not be checked.

    Attributes:
        severity: how bad it is.
        check: which check found it, a short name in lower case with hyphens.
        message: what is wrong.
        where: file, component, byte offset and field path, as far as they are known.
            Offsets in Data.db count in the uncompressed stream, except of the checks
            ``digest`` and ``chunk``.
    """

    severity: Severity
    check: str
    message: str
    where: Where

    def as_dict(self) -> dict[str, Any]:
        """The finding as a JSON object; what is not known is ``None``."""
        return {
            "severity": str(self.severity),
            "check": self.check,
            "file": None if self.where.file is None else str(self.where.file),
            "component": self.where.component,
            "offset": self.where.offset,
            "field": self.where.field,
            "message": self.message,
        }

    def __str__(self) -> str:
        place = str(self.where)
        return f"{self.severity}: {place}: {self.message} [{self.check}]"


def error(check: str, message: str, where: Where) -> Finding:
    """A finding that something is damaged."""
    return Finding(Severity.ERROR, check, message, where)


def warning(check: str, message: str, where: Where) -> Finding:
    """A finding that something is not as it should be."""
    return Finding(Severity.WARNING, check, message, where)


def note(check: str, message: str, where: Where) -> Finding:
    """A finding that something could not be checked, or is known to be inexact."""
    return Finding(Severity.NOTE, check, message, where)


def raised(check: str, exception: CqliteError) -> Finding:
    """What ``exception`` says, as a finding."""
    return error(check, exception.message, exception.where)


def limited(findings: Iterable[Finding], limit: int = SHOWN_OF_A_KIND) -> Iterator[Finding]:
    """``findings`` with at most ``limit`` of each check and severity, then how many more."""
    counts: Counter[tuple[Severity, str]] = Counter()
    last: dict[tuple[Severity, str], Finding] = {}
    for finding in findings:
        kind = (finding.severity, finding.check)
        counts[kind] += 1
        if counts[kind] <= limit:
            yield finding
        else:
            last[kind] = finding
    for kind, finding in last.items():
        more = counts[kind] - limit
        where = Where(finding.where.file, finding.where.component)
        yield Finding(*kind, f"{more} more findings of this kind", where)
