"""What `cqlite export` writes: one file, or a directory of parts, whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cqlite.cli.common import check_file, check_new, output
from cqlite.cli.export_progress import ExportProgress
from cqlite.errors import CqliteError, Where
from cqlite.export.table_files import open_table_file
from cqlite.export.tables import ExportedRows
from cqlite.io.whole_file import umask

if TYPE_CHECKING:
    from cqlite.sstable.select.tokens import TokenRange

_PART = re.compile(r"part-\d{5,}\.(?:parquet|csv|jsonl|arrow)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where rows go, and in which form.

    Attributes:
        path: a file, or a directory of parts; ``-`` for standard output.
        format: one of ``COMPRESSIONS``.
        compression: one of the format's, ``None`` for its default.
        row_group_size: rows of a Parquet row group.
        parts: how many files there are to be, ``None`` for just one that is no directory.
        force: whether what exists is replaced.
    """

    path: Path
    format: str
    compression: str | None
    row_group_size: int
    parts: int | None
    force: bool

    @property
    def is_standard_output(self) -> bool:
        """Whether rows go to standard output."""
        return str(self.path) == "-"


def check_target(target: Target) -> None:
    """Refuses at once what would be refused after all the work.

    Raises:
        CqliteError: there is something already that is not to be replaced, or no
            directory to put the file into.
    """
    path = target.path
    if target.is_standard_output:
        return
    if target.parts is None:
        check_file(path, force=target.force)
        return
    check_new(path, force=target.force)
    if not path.exists():
        return
    if not path.is_dir() or not all(_PART.fullmatch(file.name) for file in path.iterdir()):
        raise CqliteError("only a directory with nothing but parts is replaced", Where(path))


def write(rows: ExportedRows, target: Target, progress: ExportProgress) -> None:
    """Writes all rows to the target, which gets its name once it is whole."""
    if target.parts is not None:
        _write_parts(rows, target, target.parts, progress)
        return
    path = None if target.is_standard_output else target.path
    with output(path, binary=True, force=target.force) as stream:
        _write_file(rows, target, stream, None, progress)


def _write_file(
    rows: ExportedRows,
    target: Target,
    stream: IO[bytes],
    token_range: TokenRange | None,
    progress: ExportProgress,
) -> None:
    file = open_table_file(
        target.format,
        stream,
        rows.schema,
        compression=target.compression,
        row_group_size=target.row_group_size,
        is_stream=target.is_standard_output,
    )
    try:
        for batch in progress.over(rows.batches(token_range)):
            file.write(batch)
        file.close()
    except BaseException:
        with suppress(Exception):
            file.discard()
        raise


def _write_parts(rows: ExportedRows, target: Target, parts: int, progress: ExportProgress) -> None:
    with _new_directory(target.path) as folder:
        for number, token_range in enumerate(rows.split(parts)):
            name = f"part-{number:05}.{target.format}"
            with output(folder / name, binary=True) as stream:
                _write_file(rows, target, stream, token_range, progress)


@contextmanager
def _new_directory(path: Path) -> Iterator[Path]:
    """A directory that is renamed into place at the end, in exchange for what was there."""
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder
        folder.chmod(0o777 & ~umask())
        if path.exists():
            old = folder.with_name(f"{folder.name}.old")
            path.rename(old)
            folder.rename(path)
            shutil.rmtree(old)
        else:
            folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
