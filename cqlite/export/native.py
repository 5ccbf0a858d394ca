"""``cqlite dump`` by the native engine: the same text as ``sstabledump.SSTableDump`` writes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NoReturn, TextIO

from cqlite.errors import CqliteError, InvalidValueError
from cqlite.export.sstabledump import SSTableDump, cell_value
from cqlite.io import COMPRESSION_INFO, CRC, DATA
from cqlite.io.native import NATIVE_MODULE
from cqlite.rows import Cell
from cqlite.schema import ColumnMetadata
from cqlite.sstable import SSTable
from cqlite.types.text import quote_json

_STANDARD_OUTPUT: Final = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What the native engine is told: the SSTable as ``Facts`` has it, and how to show it.

    Types are class strings; ``statics`` and ``regulars`` are pairs of a name in JSON and a
    type. Other attributes are as of ``SSTableDump`` and ``RowFormat``.
    """

    data: str
    compression_info: str | None
    crc: str | None
    version: int
    min_timestamp: int
    min_local_deletion_time: int
    min_ttl: int
    table_kind: str
    key_type: str
    key_columns: list[str]
    clustering: list[str]
    statics: list[tuple[bytes, str]]
    regulars: list[tuple[bytes, str]]
    now: int
    raw_timestamps: bool
    lines: bool
    excluded: list[bytes]


class _Encoder:
    """A binary file in front of a text file."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, data: bytes) -> None:
        self._out.write(data.decode("utf-8"))


class NativeDump:
    """Writes an SSTable's partitions as sstabledump does.

    Args:
        out: where to. Standard output is written without a detour.
        sstable: the SSTable.
        now: seconds since 1970, what ``expired`` is judged by.
        raw_timestamps: times as numbers in strings instead of dates (``-t``).
        lines: one line for each partition instead of an array (``-l``).
        excluded: partition keys, as text, that are left out (``-x``).
        progress: told from time to time at which byte of Data.db it is.
    """

    def __init__(
        self,
        out: TextIO,
        sstable: SSTable,
        now: int,
        *,
        raw_timestamps: bool = False,
        lines: bool = False,
        excluded: Iterable[str] = (),
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._out = out
        self._sstable = sstable
        self._now = now
        self._raw_timestamps = raw_timestamps
        self._lines = lines
        self._excluded = [text.encode("utf-8", "surrogateescape") for text in excluded]
        self._progress = progress

    def write(self) -> None:
        """Writes all partitions.

        What is written is whole JSON also where reading ends with an error: then it
        holds all that came before.

        Raises:
            MissingComponentError: Data.db or CompressionInfo.db is missing.
            CorruptSSTableError: and what derives from it, at the damage.
            InvalidValueError: a value that its type does not allow.
        """
        self._sstable.check_last(self._run(None))

    def write_at(self, positions: Iterator[int]) -> None:
        """Writes the partitions that begin at these bytes of the uncompressed Data.db.

        Raises:
            CorruptSSTableError: and what derives from it, at the damage.
            InvalidValueError: a value that its type does not allow.
        """
        self._run(positions)

    def _run(self, positions: Iterator[int] | None) -> bytes | None:
        """Writes partitions; gives the last one's key."""
        native = import_module(NATIVE_MODULE)
        try:
            plan = self._plan()
        except CqliteError:
            self._write_nothing()
            raise
        last_key: bytes | None
        invalid, last_key = native.dump_json(plan, positions, _file_of(self._out), self._progress)
        if invalid is not None:
            self._refuse(last_key or b"", *invalid)
        return last_key

    def _plan(self) -> Plan:
        sstable, components = self._sstable, self._sstable.components
        header, schema = sstable.header, sstable.header_schema
        compression_info = self._path(COMPRESSION_INFO) if sstable.is_compressed else None
        components.size(DATA)
        # Where CompressionInfo.db is damaged, this says it as the reference engine does.
        _ = sstable.data_length
        return Plan(
            data=self._path(DATA),
            compression_info=compression_info,
            crc=self._path(CRC) if CRC in components else None,
            version=sstable.descriptor.version.number,
            min_timestamp=header.min_timestamp,
            min_local_deletion_time=header.min_local_deletion_time,
            min_ttl=header.min_ttl,
            table_kind=schema.kind,
            key_type=schema.partition_key_type.marshal_name,
            key_columns=[column.type.marshal_name for column in schema.partition_key],
            clustering=[column.type.marshal_name for column in schema.clustering_columns],
            statics=[_named(column) for column in schema.static_columns],
            regulars=[_named(column) for column in schema.regular_columns],
            now=self._now,
            raw_timestamps=self._raw_timestamps,
            lines=self._lines,
            excluded=self._excluded,
        )

    def _write_nothing(self) -> None:
        SSTableDump(self._out, self._sstable.header_schema, self._now, lines=self._lines).write(())

    def _path(self, component: str) -> str:
        return str(self._sstable.components.path(component))

    def _refuse(
        self,
        key: bytes,
        kind: str,
        index: int,
        path: bytes | None,
        value: bytes,
        is_tombstone: bool,
        reason: str,
    ) -> NoReturn:
        """Raises what the types in Python say of the value, which tell more."""
        schema = self._sstable.header_schema
        if kind == "key":
            if self._excluded:
                schema.key_string(key)
            schema.key_strings(key)
        elif kind == "clustering":
            schema.clustering_columns[index].type.to_json(value)
        else:
            columns = schema.static_columns if kind == "static" else schema.regular_columns
            column = columns[index]
            if path is not None:
                column.type.path_string(path)
            if not is_tombstone:
                cell_value(Cell(column, 0, value, path=path))
        raise InvalidValueError(reason)


def _named(column: ColumnMetadata) -> tuple[bytes, str]:
    return quote_json(column.cql_name).encode("utf-8"), column.type.marshal_name


def _file_of(out: TextIO) -> Any:
    """What the native engine writes to: nothing stands for standard output."""
    out.flush()
    buffer = getattr(out, "buffer", None)
    if buffer is None or (out.encoding or "").lower() not in ("utf-8", "utf8"):
        return _Encoder(out)
    is_standard = out is sys.__stdout__ and out.fileno() == _STANDARD_OUTPUT
    return None if is_standard else buffer
