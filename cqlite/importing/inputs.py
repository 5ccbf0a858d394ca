"""Files of rows, whatever their format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cqlite.errors import CqliteError, RowError, SchemaError, Where
from cqlite.schema import TableSchema
from cqlite.sstable.write.mutations import Mutation
from cqlite.sstable.write.options import refuse_counters

_SUFFIXES = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".json": "dump",
}


@dataclass(frozen=True, slots=True)
class InputRow:
    """A row of a file.

    Attributes:
        number: counted from 1.
        content: values by column; a mutation that is one already; or what is wrong with it.
        position: bytes of the file that have been read.
    """

    number: int
    content: dict[str, Any] | Mutation | RowError
    position: int


class Input(Protocol):
    """A file of rows whose columns have been found to be those of the table.

    Attributes:
        path: the file.
        size: its length in bytes.
    """

    path: Path
    size: int

    def rows(self) -> Iterator[InputRow]:
        """The rows, each once.

        Raises:
            CqliteError: the file is damaged so that no more rows can be made out.
        """


def format_of(path: Path) -> str | None:
    """The format that a file's name says: one of :data:`FORMATS`, or ``None``."""
    return _SUFFIXES.get(path.suffix.lower())


def _csv(path: Path, schema: TableSchema) -> Input:
    from cqlite.importing.csv_input import CsvInput

    return CsvInput(path, schema)


def _jsonl(path: Path, schema: TableSchema) -> Input:
    from cqlite.importing.json_input import JsonLinesInput

    return JsonLinesInput(path, schema)


def _parquet(path: Path, schema: TableSchema) -> Input:
    from cqlite.importing.arrow_input import ArrowInput

    return ArrowInput(path, schema, is_parquet=True)


def _arrow(path: Path, schema: TableSchema) -> Input:
    from cqlite.importing.arrow_input import ArrowInput

    return ArrowInput(path, schema, is_parquet=False)


def _dump(path: Path, schema: TableSchema) -> Input:
    from cqlite.importing.dump_input import DumpInput

    return DumpInput(path, schema)


FORMATS: dict[str, Callable[[Path, TableSchema], Input]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "arrow": _arrow,
    "dump": _dump,
}
"""What opens a file of each format."""


def open_input(path: Path, format: str, schema: TableSchema) -> Input:
    """A file of rows, its columns checked as far as it says them before its rows.

    Raises:
        SchemaError: its columns are none of the table's, or key columns are missing.
        UnsupportedFeatureError: a table of counters.
        CqliteError: it cannot be read.
    """
    refuse_counters(schema)
    try:
        return FORMATS[format](path, schema)
    except OSError as error:
        raise CqliteError(error.strerror or str(error), Where(path)) from error


def check_columns(names: list[str], schema: TableSchema, path: Path | None) -> None:
    """That a file's columns are columns of the table, and those of the key among them.

    Raises:
        SchemaError: they are not.
    """
    where = Where(path)
    known = [column.name for column in schema.columns()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SchemaError(
            f"table {schema.name} has no column {', '.join(map(repr, unknown))}; "
            f"it has {', '.join(known)}",
            where,
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaError(f"column {', '.join(map(repr, twice))} is there twice", where)
    needed = [column.name for column in schema.partition_key]
    if schema.clustering_columns and not schema.static_columns:
        needed += [column.name for column in schema.clustering_columns]
    missing = [name for name in needed if name not in names]
    if missing:
        raise SchemaError(f"columns of the primary key are missing: {', '.join(missing)}", where)
