"""What an SSTable's file names say, and which components are there.

Follows ``org.apache.cassandra.io.sstable.Descriptor`` and ``Component``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cqlite.errors import (
    CorruptSSTableError,
    MissingComponentError,
    NotAnSSTableError,
    Where,
)
from cqlite.io.paths import as_path, is_remote
from cqlite.io.versions import Version, parse_version
from cqlite.records import mutable, record

if TYPE_CHECKING:
    from cqlite.io.remote import SharedFile

DATA = "Data.db"
INDEX = "Index.db"
SUMMARY = "Summary.db"
FILTER = "Filter.db"
STATISTICS = "Statistics.db"
COMPRESSION_INFO = "CompressionInfo.db"
DIGEST = "Digest.crc32"
CRC = "CRC.db"
TOC = "TOC.txt"
PARTITIONS = "Partitions.db"
ROWS = "Rows.db"

SPEC_OF_COMPONENT = {
    DATA: "data",
    INDEX: "index",
    SUMMARY: "summary",
    FILTER: "filter",
    STATISTICS: "statistics",
    COMPRESSION_INFO: "compression_info",
    DIGEST: "digest",
    CRC: "crc",
    TOC: "toc",
    PARTITIONS: "partitions",
    ROWS: "rows",
}
"""The spec in specs/ that describes each component."""

_ID = r"\d+|[0-9a-z]{4}_[0-9a-z]{4}_[0-9a-z]{18}"
_NAME = re.compile(rf"(?P<version>[a-z]{{2}})-(?P<id>{_ID})-(?P<format>[a-z]+)-(?P<component>.+)")
# Compiled where there is such a name.
_OLD_NAME = r"(?:\w+-\w+-)?(?:tmp(?:link)?-)?(?P<version>[a-z]{1,2})-\d+-(?P<component>.+)"
_DIRECTORY = re.compile(r"(?P<table>\w+)-(?P<id>[0-9a-f]{32})")
_BELOW_TABLES = ("snapshots", "backups")
_INDEX = re.compile(r"\.(?P<name>[\w-]+)")


@record
class Place:
    """A directory, and whose SSTables it has as Cassandra names directories.

    Attributes:
        directory: where files are.
    """

    __slots__ = ("__dict__",)

    directory: Path

    @cached_property
    def location(self) -> Path:
        """The directory from the root, where names of further directories stand above."""
        if is_remote(self.directory):
            return self.directory
        location = self.directory.absolute()
        # What a link is called counts, rather than what it leads to, as far as that can be told.
        return location.resolve() if ".." in location.parts else location

    @cached_property
    def table_directory(self) -> Path:
        """The table's directory, also of a snapshot, a backup or an index below it."""
        location = self.location
        if any(f"/{name}" in str(location) for name in _BELOW_TABLES):
            for directory in (location, *location.parents):
                if directory.name in _BELOW_TABLES:
                    return directory.parent
        is_index = _INDEX.fullmatch(location.name) and _DIRECTORY.fullmatch(location.parent.name)
        return location.parent if is_index else location

    @cached_property
    def _named(self) -> re.Match[str] | None:
        """Table and id in the name of the table's directory, if it is Cassandra's."""
        return _DIRECTORY.fullmatch(self.table_directory.name)

    @property
    def keyspace(self) -> str | None:
        """The keyspace as Cassandra's directory layout gives it, else ``None``."""
        return self.table_directory.parent.name or None if self._named else None

    @property
    def table(self) -> str | None:
        """The table as Cassandra's directory layout gives it, else ``None``.

        A secondary index has a table of its own, ``table.index``, in a hidden directory.
        """
        if self._named is None:
            return None
        index = _INDEX.fullmatch(self.location.name)
        return f"{self._named['table']}.{index['name']}" if index else self._named["table"]

    @property
    def table_id(self) -> str | None:
        """The table's id, 32 hexadecimal digits, as its directory gives it, else ``None``."""
        return self._named["id"] if self._named else None


@record
class Descriptor(Place):
    """One SSTable: the part of its file names that all its components share.

    Attributes:
        directory: where the files are.
        version: the format version.
        id: a number, or a UUID in Cassandra's short text form.
    """

    version: Version
    id: str

    @cached_property
    def prefix(self) -> str:
        """The file names up to the component, such as ``oa-1-big-``."""
        return f"{self.version.name}-{self.id}-{self.version.format}-"

    def path(self, component: str) -> Path:
        """Where ``component`` (such as ``Data.db``) is, if it exists."""
        return self.directory / (self.prefix + component)

    @property
    def sort_key(self) -> tuple[int, int, str]:
        """Orders the SSTables of a table as they were made: numbers first, then UUIDs."""
        return (0, int(self.id), "") if self.id.isdigit() else (1, 0, self.id)

    def __str__(self) -> str:
        return str(self.directory / self.prefix[:-1])


def parse_path(path: str | Path) -> tuple[Descriptor, str]:
    """The descriptor and component that the file name of ``path`` states.

    Raises:
        NotAnSSTableError: the name is not of the form ``oa-1-big-Data.db``.
        UnsupportedVersionError: the version is older than ``ma`` or unknown.
    """
    path = as_path(path)
    where = Where(path)
    match = _NAME.fullmatch(path.name)
    if match is None:
        old = re.fullmatch(_OLD_NAME, path.name)
        if old:
            parse_version(old["version"], "big", where)
        raise NotAnSSTableError(
            "not an SSTable component: the name is not of the form oa-1-big-Data.db", where
        )
    version = parse_version(match["version"], match["format"], where)
    return Descriptor(path.parent, version, match["id"]), match["component"]


@mutable
class Components:
    """The components of one SSTable, as files.

    Attributes:
        descriptor: which SSTable.
    """

    descriptor: Descriptor

    @property
    def is_remote(self) -> bool:
        """Whether the files are behind a URL."""
        return is_remote(self.descriptor.directory)

    def __contains__(self, component: str) -> bool:
        return self.path(component).is_file()

    def __iter__(self) -> Iterator[str]:
        """The components whose files exist, by name."""
        prefix = self.descriptor.prefix
        names = files_in(self.descriptor.directory, prefix)
        return iter(sorted(name.removeprefix(prefix) for name in names))

    def path(self, component: str) -> Path:
        """Where ``component``'s file is, if it exists."""
        return self.descriptor.path(component)

    def where(self, component: str, offset: int | None = None) -> Where:
        """The place to name in an error about ``component``."""
        return Where(self.path(component), component, offset)

    def size(self, component: str) -> int:
        """Size of ``component``'s file in bytes.

        Raises:
            MissingComponentError: there is no such file.
        """
        try:
            return self.path(component).stat().st_size
        except FileNotFoundError:
            raise self._missing(component) from None

    def open(self, component: str) -> BinaryIO:
        """``component``'s file, opened for reading.

        Raises:
            MissingComponentError: there is no such file.
        """
        try:
            return self.path(component).open("rb")
        except FileNotFoundError:
            raise self._missing(component) from None

    def open_shared(self, component: str) -> SharedFile:
        """``component``'s file, to be read by several threads.

        Raises:
            MissingComponentError: there is no such file.
        """
        from cqlite.io.remote import SharedFile

        return SharedFile(self.open(component), self.size(component))

    def read(self, component: str) -> bytes:
        """All bytes of ``component``.

        Raises:
            MissingComponentError: there is no such file.
        """
        with self.open(component) as file:
            return file.read()

    def _missing(self, component: str) -> MissingComponentError:
        return MissingComponentError(
            f"{component} is missing; the SSTable has {', '.join(self) or 'no files'}",
            self.where(component),
        )


def find_sstables(directory: str | Path, *, recursive: bool = False) -> list[Descriptor]:
    """The SSTables in ``directory``, in the order in which they were made.

    Files that are no SSTable components are passed over; an SSTable is listed once
    any of its components is there.

    Raises:
        UnsupportedVersionError: one of them is of a version that cqlite does not read.
    """
    directory = as_path(directory)
    places = {path.parent for path in directory.rglob("*")} if recursive else {directory}
    found = (descriptor for place in sorted(places) for descriptor in _found_in(place))
    return sorted(found, key=lambda d: (str(d.directory), d.sort_key))


def _found_in(directory: Path) -> Iterable[Descriptor]:
    found: dict[str, Descriptor] = {}
    for name in sorted(files_in(directory)):
        prefix = name.rpartition("-")[0]
        if prefix not in found:
            try:
                found[prefix] = parse_path(directory / name)[0]
            except NotAnSSTableError:
                continue
    # Names of components may have the hyphen as well.
    return dict.fromkeys(found.values())


def files_in(directory: Path, prefix: str = "") -> list[str]:
    """The names of the files in ``directory`` that begin with ``prefix``, in no order."""
    if is_remote(directory):
        paths = (path for path in directory.iterdir() if path.name.startswith(prefix))
        return [path.name for path in paths if path.is_file()]
    with os.scandir(directory) as entries:
        found = [entry for entry in entries if entry.name.startswith(prefix)]
    # A link that leads round in circles is an error to an entry.
    return [e.name for e in found if (Path(e) if e.is_symlink() else e).is_file()]


def resolve(path: str | Path) -> Components:
    """The one SSTable that ``path`` names: any component of it, or its directory.

    Raises:
        NotAnSSTableError: no such file, no SSTable in it, or several in the directory.
        UnsupportedVersionError: a version that cqlite does not read.
    """
    path = as_path(path)
    if path.is_dir():
        found = find_sstables(path)
        if not found:
            raise NotAnSSTableError("no SSTable in this directory", Where(path))
        if len(found) > 1:
            names = ", ".join(d.prefix + DATA for d in found)
            raise NotAnSSTableError(
                f"{len(found)} SSTables in this directory, name one: {names}", Where(path)
            )
        return Components(found[0])
    if not path.exists():
        raise NotAnSSTableError("no such file or directory", Where(path))
    return Components(parse_path(path)[0])


def resolve_component(path: str | Path) -> tuple[Components, str]:
    """As :func:`resolve`, with the component that ``path`` names: of a directory, Data.db."""
    path = as_path(path)
    components = resolve(path)
    return components, DATA if path.is_dir() else parse_path(path)[1]


def read_toc(components: Components) -> list[str]:
    """The component names that TOC.txt lists, in its order.

    Raises:
        MissingComponentError: there is no TOC.txt.
        CorruptSSTableError: it is not text.
    """
    data = components.read(TOC)
    try:
        return [line for line in data.decode("utf-8").splitlines() if line]
    except UnicodeDecodeError as error:
        raise CorruptSSTableError("not UTF-8 text", components.where(TOC, error.start)) from None
