"""Backups as Cassandra Medusa stores them: SSTables by manifest.

A backup's folder has ``meta/manifest.json``, which lists the files of each table by their
paths in the storage, and ``meta/schema.cql``. Files of differential backups are in the
node's ``data`` folder, those of full ones in the backup's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cqlite.errors import CorruptSSTableError, MissingComponentError, NotAnSSTableError, Where
from cqlite.io import DATA, Descriptor, parse_path
from cqlite.records import record


@record
class Backup:
    """A backup of one node.

    Attributes:
        manifest: the file that lists what is in it.
    """

    manifest: Path

    @property
    def schema_file(self) -> Path:
        """The schema of the whole cluster at that time."""
        return self.manifest.parent / "schema.cql"

    def sstables(self) -> Iterator[Descriptor]:
        """The SSTables of all tables; secondary indexes' are left out.

        Raises:
            CorruptSSTableError: the manifest is damaged, or a file has another size than
                it says.
            MissingComponentError: a file that it lists is not there.
            NotAnSSTableError: none of the files are where it says.
            UnsupportedVersionError: one is of a version that cqlite does not read.
        """
        found: dict[Descriptor, None] = {}
        root: Path | None = None
        for path, size in self._objects():
            try:
                descriptor, component = parse_path(Path(path))
            except NotAnSSTableError:
                continue
            root = self._root(path) if root is None else root
            file = root / path
            self._check(file, size)
            if component == DATA:
                descriptor, _ = parse_path(file)
                found[descriptor] = None
        yield from found

    def _objects(self) -> Iterator[tuple[str, int]]:
        """Path and size of every file of a table."""
        import json

        try:
            for section in json.loads(self.manifest.read_text(encoding="utf-8")):
                if not _is_index(section):
                    for item in section["objects"]:
                        yield str(item["path"]), int(item["size"])
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptSSTableError(
                f"this is no manifest of a backup: {error!r}", Where(self.manifest)
            ) from None

    def _root(self, path: str) -> Path:
        """The folder that paths of the manifest start in."""
        for folder in self.manifest.parents:
            if (folder / path).is_file():
                return folder
        raise NotAnSSTableError(
            f"the backup's file {path} is in no folder above", Where(self.manifest)
        )

    def _check(self, file: Path, size: int) -> None:
        if not file.is_file():
            raise MissingComponentError("the backup's manifest lists it", Where(file))
        found = file.stat().st_size
        if found != size:
            raise CorruptSSTableError(
                f"it has {found} bytes, the backup's manifest says {size}", Where(file)
            )


def _is_index(section: Mapping[str, Any]) -> bool:
    """Whether it is of a secondary index, which has a dot between the table's name and its own."""
    return "." in str(section["columnfamily"])
