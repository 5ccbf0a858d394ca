"""The files of an SSTable that is being written: all of them appear, or none.

Files are written in a hidden directory beside their place. Once they are complete and
on the disk they get their names there: Data.db last but one, since without it nobody
takes the others for an SSTable, and the TOC last. What Cassandra's
``LogTransaction`` does with a log is not needed that way.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cqlite.errors import OutputError, Where
from cqlite.io.descriptor import DATA, TOC, Descriptor

_LAST = (DATA, TOC)


class Output:
    """The components of one new SSTable; a context manager that cleans up after itself.

    Args:
        descriptor: which SSTable; its directory must be there.

    Raises:
        OutputError: files of that SSTable are there already, or nothing can be written.
    """

    def __init__(self, descriptor: Descriptor) -> None:
        self.descriptor = descriptor
        directory = descriptor.directory
        taken = sorted(directory.glob(f"{descriptor.prefix}*"))
        if taken:
            raise OutputError("the file exists; nothing is overwritten", Where(taken[0]))
        try:
            self._scratch = Path(tempfile.mkdtemp(prefix=".cqlite-", dir=directory))
        except OSError as error:
            raise failure(error, directory) from error
        self._files: dict[str, BinaryIO] = {}

    def create(self, component: str) -> BinaryIO:
        """A new file for ``component``, opened for writing and reading.

        Raises:
            OutputError: it cannot be created.
        """
        path = self._scratch / component
        try:
            self._files[component] = file = path.open("xb+")
        except OSError as error:
            raise failure(error, self.descriptor.path(component)) from error
        return file

    def write(self, component: str, data: bytes) -> None:
        """A new file for ``component`` with these bytes."""
        self.create(component).write(data)

    @property
    def components(self) -> list[str]:
        """What was created so far, by name."""
        return sorted(self._files)

    def commit(self) -> None:
        """Brings all files to the disk, then to their places.

        Raises:
            OutputError: the disk is full, or a file of a name is there by now; none of the
                SSTable's files is left.
        """
        try:
            self._sync()
            self._publish()
        except OSError as error:
            self.abort()
            raise failure(error, self.descriptor.directory) from error
        self.abort()

    def _sync(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        handles = []
        for file in self._files.values():
            file.flush()
            handles.append(file.fileno())
        # Together, since what the system does for one of them it does for all.
        with ThreadPoolExecutor(max(1, len(handles))) as pool:
            for done in [pool.submit(os.fsync, handle) for handle in handles]:
                done.result()

    def _publish(self) -> None:
        directory = self.descriptor.directory
        names = in_order(self._files)
        link_all([(self._scratch / name, self.descriptor.path(name)) for name in names], directory)

    def abort(self) -> None:
        """Closes the files and removes what is not in its place."""
        for file in self._files.values():
            try:
                file.close()
            except OSError:
                # What is still buffered does not fit on the disk, and is not wanted.
                continue
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abort()


def in_order(components: Iterable[str]) -> list[str]:
    """The components as they have to appear: Data.db last but one and the TOC last."""
    names = list(components)
    return [name for name in names if name not in _LAST] + [n for n in _LAST if n in names]


def link_all(links: Iterable[tuple[Path, Path]], directory: Path) -> None:
    """Gives files their names in ``directory``, one after another; all of them or none.

    Args:
        links: each file, and its name in ``directory``.
        directory: where they appear.
    """
    published: list[Path] = []
    try:
        for path, target in links:
            # A link, unlike a rename, fails where there is such a file.
            os.link(path, target)
            published.append(target)
    except BaseException:
        for path in reversed(published):
            path.unlink(missing_ok=True)
        raise
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    """Brings to the disk which files a directory has."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def failure(error: OSError, path: Path) -> OutputError:
    """What the system says of writing to ``path``, as an error of ours."""
    return OutputError(error.strerror or str(error), Where(error.filename or path))
