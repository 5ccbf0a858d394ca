"""Files behind URLs, by fsspec: the part of ``pathlib.Path`` that reading SSTables needs.

What a file is asked for is read, and little more: an SSTable in an object store is searched
by its index and only the chunks that are needed are fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from cqlite.errors import UnsupportedFeatureError
from cqlite.records import made, mutable, record

BLOCK_SIZE = 1 << 16
"""Bytes that are fetched at a time, where less is asked for."""


@record
class RemoteStat:
    """What is known of a file; ``st_ino`` is 0, so no two files are links of one."""

    st_size: int
    st_mtime_ns: int = 0
    st_ino: int = 0
    st_dev: int = 0


@mutable
class _Store:
    """A file system, and what is known of its files.

    Attributes:
        files: fsspec's file system.
        prefix: what its paths have before those of ours, such as ``https://``.
        shown: what a URL has there.
        infos: what it said of paths, ``None`` of those that there are not.
        folders: the names in directories.
    """

    files: Any
    prefix: str
    shown: str
    infos: dict[str, dict[str, Any] | None] = made(default_factory=dict)
    folders: dict[str, list[str]] = made(default_factory=dict)

    def list(self, path: PurePosixPath) -> list[str]:
        """The names of what is in a directory; its files are known from then on."""
        key = str(path)
        if key not in self.folders:
            names = []
            for entry in self.files.ls(self.prefix + key, detail=True):
                name = PurePosixPath(entry["name"].rstrip("/")).name
                self.infos[str(path / name)] = entry
                names.append(name)
            self.folders[key] = sorted(set(names))
        return self.folders[key]

    def info(self, path: PurePosixPath) -> dict[str, Any] | None:
        """What the file system says of a path, ``None`` where nothing is."""
        key = str(path)
        if key not in self.infos:
            folder = self.folders.get(str(path.parent))
            is_known = folder is not None and path.name not in folder
            self.infos[key] = None if is_known else self._ask(self.prefix + key)
        return self.infos[key]

    def _ask(self, path: str) -> dict[str, Any] | None:
        try:
            info: dict[str, Any] = self.files.info(path)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            # Stores that don't let their users list them say of what is not there that
            # it is forbidden.
            return None
        if info.get("size") is None and self.files.isdir(path):
            return {**info, "type": "directory"}
        return info


class SharedFile:
    """A file that several threads read at any position.

    Attributes:
        size: in bytes.

    Args:
        file: open for reading.
        size: see above.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        from threading import Lock

        self.size = size
        self._file = file
        self._lock = Lock()

    def read_at(self, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset`` on, fewer only at the end."""
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size)


class RemotePath:
    """A file or directory behind a URL; see ``pathlib.Path`` for what its methods do.

    Args:
        store: the file system.
        path: the path there.
    """

    __slots__ = ("_path", "_store")

    def __init__(self, store: _Store, path: PurePosixPath) -> None:
        self._store = store
        self._path = path

    @staticmethod
    def of(url: str) -> RemotePath:
        """The file or directory that ``url`` names."""
        try:
            core = import_module("fsspec.core")
        except ModuleNotFoundError:
            raise UnsupportedFeatureError(
                "URLs need fsspec: pip install 'cqlite-sstable[remote]'"
            ) from None
        try:
            files, path = core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UnsupportedFeatureError(f"{url}: {error}") from error
        scheme, separator, rest = path.rpartition("://")
        shown = scheme if separator else url.partition("://")[0]
        return RemotePath(_Store(files, scheme + separator, f"{shown}://"), PurePosixPath(rest))

    # What the path says.

    @property
    def name(self) -> str:
        """The last part."""
        return self._path.name

    @property
    def suffix(self) -> str:
        """The last part's ending, such as ``.db``."""
        return self._path.suffix

    @property
    def parent(self) -> RemotePath:
        """The directory that it is in; of the topmost one itself."""
        return self._at(self._path.parent)

    @property
    def parents(self) -> list[RemotePath]:
        """All directories above it, the nearest first."""
        return [self._at(path) for path in self._path.parents]

    def _at(self, path: PurePosixPath) -> RemotePath:
        return RemotePath(self._store, path)

    def __truediv__(self, other: str) -> RemotePath:
        return self._at(self._path / other)

    def __str__(self) -> str:
        return self._store.shown + str(self._path)

    def __repr__(self) -> str:
        return f"RemotePath({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePath) and str(self) == str(other)

    def __lt__(self, other: RemotePath) -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def _key(self) -> str:
        """The path as the file system takes it."""
        return self._store.prefix + str(self._path)

    # What is there.

    def exists(self) -> bool:
        """Whether there is anything."""
        return self._store.info(self._path) is not None

    def is_file(self) -> bool:
        """Whether it is a file."""
        return self._type() == "file"

    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return self._type() == "directory"

    def _type(self) -> str | None:
        info = self._store.info(self._path)
        return None if info is None else str(info["type"])

    def stat(self) -> RemoteStat:
        """Its size; when it was changed is not known of all file systems."""
        info = self._store.info(self._path)
        if info is None:
            raise FileNotFoundError(str(self))
        return RemoteStat(int(info["size"] or 0))

    def iterdir(self) -> Iterator[RemotePath]:
        """What is in the directory."""
        return (self / name for name in self._store.list(self._path))

    def glob(self, pattern: str) -> Iterator[RemotePath]:
        """What is in the directory and has a name like ``pattern``."""
        return (path for path in self.iterdir() if fnmatchcase(path.name, pattern))

    def rglob(self, pattern: str) -> Iterator[RemotePath]:
        """The same, also below its directories."""
        yield from self.glob(pattern)
        for path in self.iterdir():
            if path.is_dir():
                yield from path.rglob(pattern)

    # What is in it.

    def open(self, mode: str = "rb") -> BinaryIO:
        """The file, of which only those blocks are fetched that are read."""
        try:
            opened: BinaryIO = self._store.files.open(self._key, mode, block_size=BLOCK_SIZE)
        except TypeError:
            # Not all file systems take a size of blocks.
            opened = self._store.files.open(self._key, mode)
        return opened

    def read_bytes(self) -> bytes:
        """All of the file."""
        data: bytes = self._store.files.cat_file(self._key)
        return data

    def read_text(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """All of the file as text."""
        return self.read_bytes().decode(encoding, errors)
