"""Which SSTables are of which tables, below paths that have those of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cqlite.errors import NotAnSSTableError, Where
from cqlite.io import DATA, Descriptor, find_sstables, resolve

_COPIES = ("snapshots", "backups")


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The SSTables of one table.

    Attributes:
        keyspace: as directories are named, ``None`` where they are not Cassandra's.
        table: the same.
        sstables: in the order in which they were made.
    """

    keyspace: str | None
    table: str | None
    sstables: tuple[Descriptor, ...]

    @property
    def paths(self) -> list[Path]:
        """Their Data.db."""
        return [descriptor.path(DATA) for descriptor in self.sstables]


def find_tables(paths: Iterable[Path]) -> list[TableFiles]:
    """The tables below ``paths``, each once, in the order of their names.

    A path is any file of an SSTable, or a directory: of SSTables, or of directories of
    them. Snapshots and backups below a directory are passed over, as they hold copies.

    Raises:
        NotAnSSTableError: there is no SSTable in a path.
        UnsupportedVersionError: one is of a version that cqlite does not read.
    """
    groups: dict[tuple[str, ...], dict[Descriptor, None]] = {}
    for path in paths:
        for descriptor in _descriptors(path):
            groups.setdefault(_group(descriptor), {})[descriptor] = None
    return [
        TableFiles(found[0].keyspace, found[0].table, tuple(found))
        for _, found in sorted((name, list(group)) for name, group in groups.items())
    ]


def _group(descriptor: Descriptor) -> tuple[str, ...]:
    """What SSTables of one table have in common."""
    if descriptor.keyspace is None or descriptor.table is None:
        return ("", str(descriptor.directory))
    return (descriptor.keyspace, descriptor.table, descriptor.table_id or "")


def _descriptors(path: Path) -> list[Descriptor]:
    if not path.is_dir():
        return [resolve(path).descriptor]
    found = find_sstables(path) or [
        descriptor
        for descriptor in find_sstables(path, recursive=True)
        if not set(_COPIES) & set(descriptor.directory.relative_to(path).parts)
    ]
    if not found:
        raise NotAnSSTableError("no SSTable in this directory", Where(path))
    return found
