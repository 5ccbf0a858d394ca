"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def whole_file(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A file to write, in UTF-8 unless ``binary``, that gets its name once it is complete.

    What was at ``path`` before is there until then, and stays if writing fails. A device, a
    pipe or a link is written to as it is.

    Raises:
        OSError: it cannot be written, with the file's name.
    """
    # Names of files need not be UTF-8.
    text = {"mode": "w", "encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
    how: dict[str, Any] = {"mode": "wb"} if binary else text
    if path.is_symlink() or (path.exists() and not path.is_file()):
        with path.open(**how) as file:
            yield file
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        error.filename = str(path)
        raise
    temporary = Path(name)
    try:
        with os.fdopen(handle, **how) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~umask())
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            # A write to a full disk names no file.
            error.filename = str(path)
        raise


def umask() -> int:
    """The process's mask of permissions that new files don't get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
