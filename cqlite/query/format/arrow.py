"""Results as Arrow's record batches, and files of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

from cqlite.export.table_files import open_table_file
from cqlite.query.result import ResultSet
from cqlite.sstable.select.arrow_types import arrow_name, arrow_type, pyarrow
from cqlite.sstable.select.builders import builder_of
from cqlite.sstable.select.plan import Empty

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS: Final = 65_536


def arrow_schema(result: ResultSet) -> pa.Schema:
    """The columns as Arrow has them; see the table in docs/arrow.md.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed.
    """
    fields = [(arrow_name(column.name), arrow_type(column.value_type)) for column in result.columns]
    return pyarrow().schema(fields)


def record_batches(
    result: ResultSet, *, empty: Empty = "null", batch_rows: int = _BATCH_ROWS
) -> Iterator[pa.RecordBatch]:
    """The rows in batches.

    Args:
        empty: what becomes of values without bytes that Arrow has none for; null by
            default, as Cassandra shows them to those who ask it.
        batch_rows: rows of a batch.

    Raises:
        CqliteError: while the rows are read, or for a value that Arrow has none for.
    """
    schema = arrow_schema(result)
    scan = result.scan() if empty == "null" else None
    if scan is not None:
        yield from scan.batches(schema)
        return
    rows = iter(result)
    while page := list(islice(rows, batch_rows)):
        arrays = []
        for index, column in enumerate(result.columns):
            builder = builder_of(column.value_type, empty)
            for row in page:
                builder.append(row[index])
            arrays.append(builder.finish(len(page)))
        yield pyarrow().RecordBatch.from_arrays(arrays, schema=schema)


def write_arrow_file(
    result: ResultSet, format: str, stream: IO[bytes], *, is_stream: bool = False
) -> int:
    """Write ``parquet`` or ``arrow``; how many rows there are.

    Raises:
        CqliteError: as ``record_batches``.
    """
    written = 0
    file = open_table_file(format, stream, arrow_schema(result), is_stream=is_stream)
    try:
        for batch in record_batches(result):
            file.write(batch)
            written += len(batch)
    except BaseException:
        file.discard()
        raise
    file.close()
    return written
