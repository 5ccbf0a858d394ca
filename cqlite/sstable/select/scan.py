"""A scan as users have it: an Arrow stream, and what is made of one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from cqlite.errors import UnsupportedFeatureError
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.select.engine import ArrowStream
from cqlite.sstable.select.plan import ScanPlan

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow as pa


class Scans(Protocol):
    """What an engine holds open and can scan: an SSTable, or a table of several."""

    def scan(self, plan: Any) -> ArrowStream:
        """The answer to ``plan``; nothing is read before batches are asked for."""


class Scan:
    """The rows that ``SSTable.scan`` or ``Table.scan`` was asked for; see docs/arrow.md.

    Nothing is read before it is taken, and each time that it is taken, it is read anew:
    by iterating over its record batches, by one of the ``to_`` methods, or by handing it
    to anything that takes Arrow streams (``pyarrow.table(scan)``, DuckDB, Polars).

    Attributes:
        plan: what was asked for, as the engines are given it.
        position: how many bytes of the uncompressed Data.db the latest iteration is done
            with.
    """

    def __init__(self, reader: Scans, plan: ScanPlan) -> None:
        self._reader = reader
        self.plan = plan
        self.position = 0

    def __arrow_c_schema__(self) -> Any:
        """The schema as a PyCapsule of the Arrow C data interface."""
        return self._reader.scan(self.plan).__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The record batches as a PyCapsule of the Arrow C stream interface."""
        return self._reader.scan(self.plan).__arrow_c_stream__(requested_schema)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The record batches as they are read.

        Raises:
            CorruptSSTableError: and what derives from it, at damage; the rows before it
                have been given.
            InvalidValueError: a value is none of its type, or one that Arrow doesn't have.
            MissingComponentError: an index is needed and is not there.
            UnsupportedFeatureError: pyarrow is not installed.
        """
        reader, stream = self._open()
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except Exception:
                if stream.error is not None:
                    raise stream.error from None
                raise
            self.position = stream.position
            yield batch

    def _open(self) -> tuple[pa.RecordBatchReader, ArrowStream]:
        stream = self._reader.scan(self.plan)
        return pyarrow().RecordBatchReader.from_stream(stream), stream

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of all batches."""
        return pyarrow().schema(self)

    def to_reader(self) -> pa.RecordBatchReader:
        """A ``pyarrow.RecordBatchReader``, which raises pyarrow's errors."""
        return self._open()[0]

    def to_arrow(self) -> pa.Table:
        """All rows as a ``pyarrow.Table``; raises what iterating does."""
        return pyarrow().Table.from_batches(list(self), self.schema)

    def to_pandas(self) -> pandas.DataFrame:
        """All rows as a ``pandas.DataFrame`` of Arrow's types, so that values stay exact.

        Integers with nulls among them stay integers. Raises what iterating does.
        """
        library = _library("pandas")
        frame: pandas.DataFrame = self.to_arrow().to_pandas(types_mapper=library.ArrowDtype)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """All rows as a ``polars.DataFrame``; raises what iterating does.

        Polars has no type for some: durations become structs of ``months``, ``days`` and
        ``nanoseconds``, maps lists of structs of ``key`` and ``value``, UUIDs binary.
        """
        from cqlite.sstable.select.portable import FOR_POLARS

        frame: polars.DataFrame = _library("polars").from_arrow(FOR_POLARS.table(self.to_arrow()))
        return frame


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise UnsupportedFeatureError(f"this needs {name}: pip install {name}") from None
