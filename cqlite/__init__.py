"""Apache Cassandra's SSTables, read and written without Cassandra.

from cqlite import SSTable

with SSTable("…/oa-1-big-Data.db") as sstable:
    for partition in sstable:
        for row in partition.rows():
            ...
"""

from __future__ import annotations

from importlib import import_module
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
    from cqlite.frames import connect, scan_polars
    from cqlite.importing import write_arrow
    from cqlite.query.session import Session
    from cqlite.sstable import SSTable
    from cqlite.sstable.write import Writer
    from cqlite.table import Table
    from cqlite.table import open_table as open

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
    "Session",
    "Table",
    "TruncatedError",
    "UnsupportedFeatureError",
    "UnsupportedVersionError",
    "Writer",
    "connect",
    "engine",
    "open",
    "scan_polars",
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


_LAZY = {
    "SSTable": ("cqlite.sstable", "SSTable"),
    "Session": ("cqlite.query.session", "Session"),
    "Table": ("cqlite.table", "Table"),
    "Writer": ("cqlite.sstable.write", "Writer"),
    "connect": ("cqlite.frames", "connect"),
    "open": ("cqlite.table", "open_table"),
    "scan_polars": ("cqlite.frames", "scan_polars"),
    "write_arrow": ("cqlite.importing", "write_arrow"),
}


def __getattr__(name: str) -> Any:
    """Imports what takes time on first use."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY[name]
    return getattr(import_module(module), attribute)
