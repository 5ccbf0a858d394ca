"""Apache Cassandra's SSTables, read and written without Cassandra.

from cqlite import SSTable

with SSTable("…/oa-1-big-Data.db") as sstable:
    for partition in sstable:
        for row in partition.rows():
            ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqlite.errors import (
    ChecksumError,
    CorruptSSTableError,
    CqliteError,
    InvalidTypeError,
    InvalidValueError,
    MissingComponentError,
    NotAnSSTableError,
    OutputError,
    RowError,
    SchemaError,
    TruncatedError,
    UnsupportedFeatureError,
    UnsupportedVersionError,
)

if TYPE_CHECKING:
    from cqlite.importing import write_arrow
    from cqlite.sstable import SSTable
    from cqlite.sstable.write import Writer

__all__ = [
    "ChecksumError",
    "CorruptSSTableError",
    "CqliteError",
    "InvalidTypeError",
    "InvalidValueError",
    "MissingComponentError",
    "NotAnSSTableError",
    "OutputError",
    "RowError",
    "SSTable",
    "SchemaError",
    "TruncatedError",
    "UnsupportedFeatureError",
    "UnsupportedVersionError",
    "Writer",
    "engine",
    "write_arrow",
]


def engine() -> str:
    """Which engine scans and looks up: ``native`` or ``reference``.

    The native one where it was built; the environment variable ``CQLITE_ENGINE``
    chooses otherwise.

    Raises:
        UnsupportedFeatureError: the native engine is asked for and was not built, or
            the variable names no engine.
    """
    from cqlite.sstable.select.engine import engine

    return engine()


def __getattr__(name: str) -> Any:
    """Imports what takes time on first use."""
    if name == "SSTable":
        from cqlite.sstable import SSTable

        return SSTable
    if name == "Writer":
        from cqlite.sstable.write import Writer

        return Writer
    if name == "write_arrow":
        from cqlite.importing import write_arrow

        return write_arrow
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
