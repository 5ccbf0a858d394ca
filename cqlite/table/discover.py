"""Which SSTables are a table's: from the directories that a user names.

Follows ``org.apache.cassandra.db.Directories`` and what ``ColumnFamilyStore`` does at start
with what is temporary or incomplete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from cqlite.errors import (
    MissingComponentError,
    NotAnSSTableError,
    UnsupportedVersionError,
    Where,
)
from cqlite.io import (
    DATA,
    DIGEST,
    STATISTICS,
    Components,
    Descriptor,
    Place,
    as_path,
    files_in,
    find_sstables,
    parse_path,
)
from cqlite.records import made, mutable, record

_SNAPSHOTS = "snapshots"
_ASIDE = frozenset({_SNAPSHOTS, "backups"})


@record
class Discovery:
    """The SSTables of one table.

    Attributes:
        sstables: in the order of the paths, and within each as they were made.
        warnings: what was passed over and why, in sentences.
        schema_files: files with the schema that belong to what was found.
    """

    sstables: tuple[Descriptor, ...]
    warnings: tuple[str, ...] = ()
    schema_files: tuple[Path, ...] = ()


@mutable
class Search:
    """What was found so far, of one table or of all.

    Attributes:
        keyspace: the only one that is wanted, else ``None``.
        table: the only table that is wanted, else ``None``.
        sstables: complete SSTables that are wanted.
        warnings: as in :class:`Discovery`.
        schema_files: as in :class:`Discovery`.
        others: tables that are not wanted.
    """

    keyspace: str | None
    table: str | None
    sstables: list[Descriptor] = made(default_factory=list)
    warnings: list[str] = made(default_factory=list)
    schema_files: list[Path] = made(default_factory=list)
    others: set[str] = made(default_factory=set)

    def path(self, path: Path) -> None:
        """Looks there; raises what :func:`discover` does."""
        if not path.exists():
            raise NotAnSSTableError(f"no such file or directory{_hint(path)}", Where(path))
        if not path.is_dir():
            self.sstables.append(parse_path(path)[0])
            return
        manifest = _manifest(path)
        if manifest is None:
            self._directories(_one_snapshot(path, list(self._below(path))))
            return
        from cqlite.table.medusa import Backup

        backup = Backup(manifest)
        self.sstables += [d for d in backup.sstables() if self._is_wanted(d)]
        self.schema_files.append(backup.schema_file)

    def _below(self, directory: Path) -> Iterator[Path]:
        """Directories with SSTables: this one, else those below.

        But for snapshots, backups, and what by its name is another table's, which may be a
        thousand that need not be looked into.
        """
        children = list(directory.iterdir())
        if any(map(_is_component, children)):
            yield directory
            return
        for child in sorted(children):
            if child.name in _ASIDE or child.name.startswith(".") or not child.is_dir():
                continue
            if self._is_wanted(Place(child)):
                yield from self._below(child)

    def _directories(self, directories: Sequence[Path]) -> None:
        """All SSTables in ``directories``, tables one by one, as each has its transactions."""
        by_table: dict[tuple[str | None, ...], list[Descriptor]] = {}
        for directory in directories:
            found = list(find_sstables(directory))
            if found:
                # The directory's name tells it, of all in it.
                place = (found[0].keyspace, found[0].table, found[0].table_id)
                by_table.setdefault(place, []).extend(found)
        for sstables in by_table.values():
            if self._is_wanted(sstables[0]):
                self._table(sstables)

    def _table(self, found: Sequence[Descriptor]) -> None:
        obsolete = self._obsolete(list(dict.fromkeys(d.directory for d in found)))
        for descriptor in found:
            if descriptor.prefix in obsolete:
                continue
            if _is_complete(descriptor):
                self.sstables.append(descriptor)
            else:
                self.warnings.append(f"{descriptor} is not read: it has no {DATA}")

    def _obsolete(self, directories: Sequence[Path]) -> Set[str]:
        """Prefixes of SSTables in one table's ``directories`` that are not to be read."""
        names = (name for directory in directories for name in files_in(directory))
        if not any(name.endswith(".log") for name in names):
            return frozenset()
        from cqlite.table.transactions import leftovers

        found = leftovers(directories)
        self.warnings += found.warnings
        return found.prefixes

    def _is_wanted(self, place: Place) -> bool:
        if place.table is None:
            return True
        wanted = self.keyspace in (None, place.keyspace) and self.table in (None, place.table)
        if not wanted:
            self.others.add(f"{place.keyspace}.{place.table}")
        return wanted


def discover(
    paths: Sequence[str | Path], keyspace: str | None = None, table: str | None = None
) -> Discovery:
    """The SSTables below ``paths``, which are to be of one table.

    An SSTable that is there twice, as hard links or copies in a snapshot, counts once.

    Args:
        paths: each an SSTable's component, or a directory: a table's, a snapshot's, one of
            incremental backups, a keyspace's, a data directory, a Medusa backup's. All can
            be URLs that fsspec knows.
        keyspace: the table's, where a directory holds several.
        table: its name.

    Raises:
        NotAnSSTableError: there is no SSTable, or there are several tables.
        UnsupportedVersionError: one is of a version that cqlite does not read.
        CorruptSSTableError: a transaction's log or a backup's manifest is damaged.
        MissingComponentError: a backup has not all of its files.
    """
    search = Search(keyspace, table)
    for path in map(as_path, paths):
        before = len(search.sstables)
        search.path(path)
        _check_one_place(search.sstables[before:], Where(path))
    first = as_path(paths[0])
    where = Where(first)
    if not search.sstables:
        raise NotAnSSTableError(_nothing(search, first), where)
    _check_one_table(search.sstables, where)
    return Discovery(
        tuple(_distinct(search.sstables)), tuple(search.warnings), tuple(search.schema_files)
    )


def _manifest(directory: Path) -> Path | None:
    """What lists a backup's files, if ``directory`` is its folder, or the ``meta`` in it."""
    for folder in (directory / "meta", directory):
        if folder.name == "meta" and (folder / "manifest.json").is_file():
            return folder / "manifest.json"
    return None


def _hint(path: Path) -> str:
    text = str(path)
    if text.startswith("~"):
        return "; ~ is what a shell expands: leave it out of quotes, or write the home directory"
    if any(character in text for character in "*?["):
        return "; patterns are what a shell expands: leave them out of quotes, or name each path"
    return ""


def _one_snapshot(path: Path, found: list[Path]) -> list[Path]:
    """``found`` below ``path``; several snapshots are states of a table rather than parts of it."""
    if path.name == _SNAPSHOTS and len(found) > 1:
        names = ", ".join(directory.name for directory in found)
        raise NotAnSSTableError(f"{len(found)} snapshots here, name one: {names}", Where(path))
    return found


def _is_component(path: Path) -> bool:
    try:
        parse_path(path)
    except NotAnSSTableError:
        return False
    except UnsupportedVersionError:
        pass
    return path.is_file()


def _is_complete(descriptor: Descriptor) -> bool:
    """Whether it has data; what has none a node removes when it starts."""
    try:
        return Components(descriptor).size(DATA) > 0
    except MissingComponentError:
        return False


def _distinct(descriptors: Iterable[Descriptor]) -> Iterator[Descriptor]:
    known: dict[str, list[Descriptor]] = {}
    for descriptor in dict.fromkeys(descriptors):
        same = known.setdefault(descriptor.prefix, [])
        if not any(_is_same(descriptor, other) for other in same):
            same.append(descriptor)
            yield descriptor


def _is_same(left: Descriptor, right: Descriptor) -> bool:
    """Whether two SSTables with the same id are one: links, or of equal checksums."""
    one, other = left.path(DATA).stat(), right.path(DATA).stat()
    if one.st_size != other.st_size:
        return False
    if one.st_ino and (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino):
        return True
    component = DIGEST if DIGEST in Components(left) else STATISTICS
    both = Components(left), Components(right)
    return all(component in c for c in both) and both[0].read(component) == both[1].read(component)


def _nothing(search: Search, path: Path) -> str:
    if search.warnings:
        return f"no SSTable of the table here; {'; '.join(search.warnings)}"
    if search.others:
        return f"no such table here; there are {', '.join(sorted(search.others))}"
    snapshots = path / _SNAPSHOTS
    if snapshots.is_dir():
        names = ", ".join(sorted(child.name for child in snapshots.iterdir()))
        return f"no SSTable of the table here, only snapshots: {names}"
    return "no SSTable here"


def _check_one_place(found: Sequence[Descriptor], where: Where) -> None:
    """Directories that don't say whose they are may be of one table: then all are to be named."""
    places = sorted({str(d.directory) for d in found if d.table is None})
    if len(places) > 1:
        raise NotAnSSTableError(
            f"SSTables in {len(places)} directories here that don't say of which table they are; "
            f"name one, or each of those that are of one table: {', '.join(places)}",
            where,
        )


def _check_one_table(found: Sequence[Descriptor], where: Where) -> None:
    names = {f"{d.keyspace}.{d.table}" for d in found if d.table is not None}
    if len(names) > 1:
        raise NotAnSSTableError(
            f"SSTables of {len(names)} tables here, name one: {', '.join(sorted(names))}", where
        )
    ids = {str(d.table_directory) for d in found if d.table_id is not None}
    if len({d.table_id for d in found if d.table_id is not None}) > 1:
        raise NotAnSSTableError(
            f"tables of the same name with different ids, name one: {', '.join(sorted(ids))}",
            where,
        )
