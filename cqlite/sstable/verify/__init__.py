"""Checks an SSTable: checksums, indexes against data, order, values, statistics."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.errors import CqliteError
from cqlite.io import DATA, STATISTICS, Components
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.verify.checksums import Progress, check_checksums
from cqlite.sstable.verify.components import (
    check_compression_info,
    check_filter,
    check_presence,
    check_toc,
)
from cqlite.sstable.verify.content import ContentCheck
from cqlite.sstable.verify.findings import Finding, Severity, limited, raised
from cqlite.sstable.verify.statistics import StatisticsCheck, unchecked

__all__ = ["Finding", "Severity", "verify"]


def verify(
    sstable: SSTable, *, quick: bool = False, progress: Progress | None = None
) -> Iterator[Finding]:
    """Everything that is wrong with ``sstable``; memory does not grow with its size.

    Args:
        sstable: the SSTable; a schema that it was given is not used.
        quick: only checksums and whether components can be read by themselves.
        progress: is told how many bytes of Data.db have been read; starts anew with
            each pass.
    """
    return limited(_verify(sstable, quick, progress or _ignore))


def _ignore(position: int) -> None:
    """No progress is shown."""


def _verify(sstable: SSTable, quick: bool, progress: Progress) -> Iterator[Finding]:
    components = sstable.components
    yield from _check_components(components)
    yield from check_checksums(components, progress)
    if quick or DATA not in components or STATISTICS not in components:
        return
    try:
        content = ContentCheck(sstable, progress)
    except CqliteError as exception:
        yield raised("data", exception)
        return
    yield from content.run()
    if content.is_complete:
        yield from StatisticsCheck(sstable, content.collected).run()
    else:
        yield unchecked(sstable)


def _check_components(components: Components) -> Iterator[Finding]:
    yield from check_presence(components)
    yield from check_toc(components)
    yield from check_compression_info(components)
    yield from check_filter(components)
