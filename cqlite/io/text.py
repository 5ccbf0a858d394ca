"""Text that files hold."""

from __future__ import annotations

from pathlib import Path

from cqlite.errors import SchemaError, Where


def read_cql(path: Path) -> str:
    """The text of a file with CQL.

    Raises:
        SchemaError: it is not UTF-8, with the place.
        OSError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SchemaError("not UTF-8 text", Where(path, offset=error.start)) from None
