"""Rows of files, one after another, to a writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cqlite.errors import RowError, Where
from cqlite.importing.inputs import Input, InputRow
from cqlite.schema import TableSchema
from cqlite.sstable.write import Writer
from cqlite.sstable.write.mutations import Mutation

Reject = Callable[[Input, RowError], None]
"""Takes a row that cannot be written, with its number."""


@dataclass(frozen=True, slots=True)
class Options:
    """How rows are written.

    Attributes:
        timestamp: microseconds, of all rows; ``None`` for the clock.
        ttl: seconds, of all rows; ``None`` for what the table says.
        null_deletes: whether null deletes what there was; else it is as if it weren't there.
    """

    timestamp: int | None = None
    ttl: int | None = None
    null_deletes: bool = False


@dataclass(slots=True)
class Counts:
    """How many rows were written and rejected."""

    written: int = 0
    rejected: int = 0


def load(
    inputs: Iterable[Input],
    writer: Writer,
    options: Options,
    reject: Reject | None,
    progress: Callable[[int], None],
) -> Counts:
    """Writes all rows of all files.

    Args:
        inputs: the files.
        writer: what takes the rows.
        options: how.
        reject: takes those that cannot be written; ``None`` if the first is an error.
        progress: is told how many bytes have been read.

    Raises:
        RowError: a row that cannot be written.
    """
    counts = Counts()
    start = 0
    for source in inputs:
        for row in source.rows():
            error = _write(row, writer, options)
            if error is None:
                counts.written += 1
            else:
                failed = RowError(
                    error.reason, row=row.number, column=error.column, where=Where(source.path)
                )
                if reject is None:
                    raise failed from error
                reject(source, failed)
                counts.rejected += 1
            progress(start + row.position)
        start += source.size
    return counts


def _write(row: InputRow, writer: Writer, options: Options) -> RowError | None:
    """Writes a row; what is wrong with it, if anything."""
    content = row.content
    if isinstance(content, RowError):
        return content
    try:
        if isinstance(content, Mutation):
            writer.add(content)
        else:
            values = without_nulls(content, writer.schema, options)
            writer.write(values, timestamp=options.timestamp, ttl=options.ttl)
    except RowError as error:
        return error
    return None


def without_nulls(row: dict[str, Any], schema: TableSchema, options: Options) -> dict[str, Any]:
    """The columns to write: a row of static columns alone has null in all others."""
    if not options.null_deletes or _has_no_clustering(row, schema):
        return {name: value for name, value in row.items() if value is not None}
    return row


def _has_no_clustering(row: dict[str, Any], schema: TableSchema) -> bool:
    return bool(schema.clustering_columns) and all(
        row.get(column.name) is None for column in schema.clustering_columns
    )
