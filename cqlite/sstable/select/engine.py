"""The two engines that execute plans, and which of them does."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from cqlite.errors import UnsupportedFeatureError
from cqlite.io import native
from cqlite.io.native import VARIABLE
from cqlite.sstable.select.facts import Facts, facts_of
from cqlite.sstable.select.plan import ScanPlan, Slice

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable

RawRow = tuple[bytes | None, ...]
"""A row's values, serialized, a column that is not frozen in its frozen form; ``None`` for null."""


class ArrowStream(Protocol):
    """The answer to a plan, which can be taken once.

    Where reading fails, the rows before the damage have been handed out as batches, the
    stream ends with an error, and ``error`` holds it as the one to be raised.

    Attributes:
        error: why the stream ended before its time, else ``None``.
        position: how many bytes of the uncompressed Data.db are done with, for progress.
    """

    error: BaseException | None
    position: int

    def __arrow_c_schema__(self) -> Any:
        """A PyCapsule ``arrow_schema``, without any reading of rows."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A PyCapsule ``arrow_array_stream``; ``requested_schema`` is not followed."""


class Reader(Protocol):
    """An SSTable that an engine holds open; it may be used by several threads in turn."""

    def scan(self, plan: ScanPlan) -> ArrowStream:
        """The answer to ``plan``; nothing of Data.db is read before batches are asked for."""

    def rows(
        self,
        key: bytes,
        columns: tuple[tuple[str, int | None], ...],
        slices: tuple[Slice, ...] | None,
        limit: int | None,
    ) -> Iterable[RawRow]:
        """The rows of the partition with serialized ``key``, none if it is not there.

        The same rows as those of a scan without ``metadata``.

        Args:
            key: the serialized partition key.
            columns: kind and position of each column wanted, as in ``OutputColumn``.
            slices: as in ``Restriction``.
            limit: rows that are wanted at most.

        Raises:
            CorruptSSTableError: data or index are damaged.
            MissingComponentError: there is no index.
        """

    def close(self) -> None:
        """Closes all files; streams and iterators that are not at their end fail then."""


def engine() -> str:
    """Which engine scans and looks up: ``native`` or ``reference``.

    The native one where it is installed; the environment variable ``CQLITE_ENGINE`` says
    otherwise.

    Raises:
        UnsupportedFeatureError: the native engine is asked for and not installed, or the
            variable names no engine.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked not in ("", "native", "reference"):
        raise UnsupportedFeatureError(
            f"{VARIABLE} is {asked!r}; the engines are 'native' and 'reference'"
        )
    if asked == "native" and native.native_module() is None:
        raise UnsupportedFeatureError(
            "the native engine is asked for, but this installation was built without it; "
            "with Rust's cargo installed, pip install --force-reinstall cqlite-sstable builds it"
        )
    return asked or ("reference" if native.native_module() is None else "native")


def open_reader(sstable: SSTable) -> Reader:
    """``sstable``, opened by the engine that :func:`engine` names.

    Raises:
        UnsupportedFeatureError: see :func:`engine`.
        MissingComponentError, CorruptSSTableError, SchemaError: see ``facts_of``.
    """
    if engine() == "native":
        reader: Reader = native.native_module().Reader(facts_of(sstable))
        return reader
    from cqlite.sstable.select.reference import ReferenceReader

    return ReferenceReader(sstable)


__all__ = ["ArrowStream", "Facts", "RawRow", "Reader", "engine", "open_reader"]
