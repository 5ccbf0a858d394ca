"""Which SSTables are of which tables, below paths that have those of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cqlite.errors import NotAnSSTableError, Where
from cqlite.io import DATA, Descriptor, as_path
from cqlite.table.discover import Search


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The SSTables of one table.

    Attributes:
        keyspace: as directories are named, ``None`` where they are not Cassandra's.
        table: the same.
        sstables: in the order of the paths, and within each as they were made.
        warnings: what was passed over and why, of all tables.
    """

    keyspace: str | None
    table: str | None
    sstables: tuple[Descriptor, ...]
    warnings: tuple[str, ...] = ()

    @property
    def paths(self) -> list[Path]:
        """Their Data.db."""
        return [descriptor.path(DATA) for descriptor in self.sstables]


def find_tables(paths: Iterable[str | Path]) -> list[TableFiles]:
    """The tables below ``paths``, each once, in the order of their names.

    Snapshots and backups below a directory are passed over, as they hold copies, and so is
    what unfinished compactions left.

    Args:
        paths: as of ``discover``.

    Raises:
        NotAnSSTableError: there is no SSTable in a path.
        UnsupportedVersionError: one is of a version that cqlite does not read.
        CorruptSSTableError: a transaction's log or a backup's manifest is damaged.
        MissingComponentError: a backup has not all of its files.
    """
    groups: dict[tuple[str, ...], dict[Descriptor, None]] = {}
    warnings: list[str] = []
    for path in map(as_path, paths):
        search = Search(None, None)
        search.path(path)
        warnings += search.warnings
        if not search.sstables:
            raise NotAnSSTableError("no SSTable here", Where(path))
        for descriptor in search.sstables:
            groups.setdefault(_group(descriptor), {})[descriptor] = None
    return [
        TableFiles(found[0].keyspace, found[0].table, tuple(found), tuple(warnings))
        for _, found in sorted((name, list(group)) for name, group in groups.items())
    ]


def _group(descriptor: Descriptor) -> tuple[str, ...]:
    """What SSTables of one table have in common."""
    if descriptor.keyspace is None or descriptor.table is None:
        return ("", str(descriptor.directory))
    return (descriptor.keyspace, descriptor.table, descriptor.table_id or "")
