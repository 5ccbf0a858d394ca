"""Which SSTables are a table's: from the directories that a user names.

Follows ``org.apache.cassandra.db.Directories``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqlite.errors import NotAnSSTableError, Where
from cqlite.io import DATA, Descriptor, find_sstables, parse_path

_TABLE_DIRECTORY = re.compile(r"\w+-[0-9a-f]{32}")
_ASIDE = frozenset({"snapshots", "backups"})


@dataclass(frozen=True, slots=True)
class Discovery:
    """The SSTables of one table.

    Attributes:
        sstables: in the order of the paths, and within each as they were made.
        warnings: what was passed over, and why.
    """

    sstables: tuple[Descriptor, ...]
    warnings: tuple[str, ...] = ()


def discover(
    paths: Sequence[str | Path], keyspace: str | None = None, table: str | None = None
) -> Discovery:
    """The SSTables below ``paths``, which are to be of one table.

    Args:
        paths: each an SSTable's component, or a directory: a table's, a snapshot's, a
            keyspace's, a data directory.
        keyspace: the table's, where a directory holds several.
        table: its name.

    Raises:
        NotAnSSTableError: there is no SSTable, or there are several tables.
        UnsupportedVersionError: one is of a version that cqlite does not read.
    """
    found: list[Descriptor] = []
    for path in map(Path, paths):
        found += [path_d for path_d in _below(path) if _is_wanted(path_d, keyspace, table)]
    _check_one_table(found, paths)
    return Discovery(tuple(dict.fromkeys(found)))


def _below(path: Path) -> Iterator[Descriptor]:
    if not path.is_dir():
        descriptor, component = parse_path(path)
        if not path.exists():
            raise NotAnSSTableError("no such file", Where(path, component))
        yield descriptor
        return
    direct = _sstables(path)
    yield from direct
    if not direct:
        for child in sorted(path.iterdir()):
            if child.is_dir() and not child.is_symlink() and child.name not in _ASIDE:
                yield from _below(child)


def _sstables(directory: Path) -> list[Descriptor]:
    return [d for d in find_sstables(directory) if d.path(DATA).is_file()]


def _is_wanted(descriptor: Descriptor, keyspace: str | None, table: str | None) -> bool:
    return descriptor.keyspace in (None, keyspace or descriptor.keyspace) and (
        descriptor.table in (None, table or descriptor.table)
    )


def _check_one_table(found: Sequence[Descriptor], paths: Sequence[str | Path]) -> None:
    where = Where(Path(paths[0]))
    if not found:
        raise NotAnSSTableError("no SSTable of the table here", where)
    names = {f"{d.keyspace}.{d.table}" for d in found if d.table is not None}
    if len(names) > 1:
        raise NotAnSSTableError(
            f"SSTables of {len(names)} tables here, name one: {', '.join(sorted(names))}", where
        )
