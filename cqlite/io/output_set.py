"""Several new SSTables that appear together: where they are made, and how they are published."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from cqlite.errors import OutputError, Where
from cqlite.io.descriptor import Descriptor
from cqlite.io.output import failure, in_order, link_all, sync_directory


class OutputSet:
    """New SSTables for one directory; a context manager that cleans up after itself.

    Everything is made in a hidden directory. If the target does not exist yet, that is
    beside it and becomes it by one rename, so that all SSTables are there or none, whatever
    happens. Else it is within the target, and the SSTables appear there one after another,
    each as a whole; an error takes back those that are there by then.

    Args:
        directory: where the SSTables are to be; its parents are made.

    Raises:
        OutputError: nothing can be written there.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._is_new = not directory.exists()
        base = directory.parent if self._is_new else directory
        prefix = f".{directory.name}." if self._is_new else ".cqlite-"
        try:
            base.mkdir(parents=True, exist_ok=True)
            self._scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
            self.finished = self._scratch / "finished"
            self.finished.mkdir()
        except OSError as error:
            raise failure(error, directory) from error

    @property
    def scratch(self) -> Path:
        """A directory for temporary files on the same disk."""
        return self._scratch

    def commit(self, made: Iterable[Descriptor]) -> list[Descriptor]:
        """Brings the SSTables to their place.

        Args:
            made: SSTables that are complete, in ``finished``.

        Returns:
            The same in the target directory.

        Raises:
            OutputError: a file of that name is there by now, or nothing can be written.
        """
        made = list(made)
        try:
            if self._is_new:
                self._rename()
            else:
                self._link(made)
        except OSError as error:
            raise failure(error, self._directory) from error
        finally:
            self.abort()
        return [Descriptor(self._directory, each.version, each.id) for each in made]

    def _rename(self) -> None:
        sync_directory(self.finished)
        if self._directory.exists():
            raise OutputError("the directory exists by now", Where(self._directory))
        self.finished.rename(self._directory)
        sync_directory(self._directory.parent)

    def _link(self, made: list[Descriptor]) -> None:
        paths = [path for descriptor in made for path in _in_order(descriptor)]
        link_all([(path, self._directory / path.name) for path in paths], self._directory)

    def abort(self) -> None:
        """Removes what is not in its place."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> OutputSet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abort()


def _in_order(descriptor: Descriptor) -> list[Path]:
    """The files of an SSTable as they have to appear."""
    found = sorted(descriptor.directory.glob(f"{descriptor.prefix}*"))
    names = (path.name.removeprefix(descriptor.prefix) for path in found)
    return [descriptor.path(name) for name in in_order(names)]
