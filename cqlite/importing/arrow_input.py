"""Parquet files, and files and streams of Arrow's IPC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cqlite.errors import CqliteError, InvalidValueError, RowError, SchemaError, Where
from cqlite.importing.arrow_values import fits, from_arrow, values
from cqlite.importing.inputs import InputRow, check_columns
from cqlite.schema import TableSchema
from cqlite.sstable.select.arrow_types import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 8192
_IPC_FILE = b"ARROW1"


class ArrowInput:
    """A file of record batches, see ``Input``; types are checked beforehand.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed.
        SchemaError: a column is none of the table's, or of a type that does not fit.
        CqliteError: the file is damaged.
    """

    def __init__(self, path: Path, schema: TableSchema, *, is_parquet: bool) -> None:
        pyarrow()
        self.path = path
        self.size = path.stat().st_size
        self._is_parquet = is_parquet
        self._schema = schema
        self.fields = self._guarded(self._read_schema)
        check_fields(self.fields, schema, path)

    def _guarded(self, read: Any) -> Any:
        try:
            return read()
        except pyarrow().ArrowException as error:
            raise CqliteError(f"damaged: {error}", Where(self.path)) from error

    def _read_schema(self) -> pa.Schema:
        if self._is_parquet:
            from pyarrow import parquet

            return parquet.read_schema(self.path)
        with pyarrow().OSFile(str(self.path)) as file:
            return self._ipc(file).schema

    def _ipc(self, file: Any) -> Any:
        from pyarrow import ipc

        is_file = file.read(len(_IPC_FILE)) == _IPC_FILE
        file.seek(0)
        return ipc.open_file(file) if is_file else ipc.open_stream(file)

    def rows(self) -> Iterator[InputRow]:
        number = 0
        for batch, position in self.guarded_batches():
            for content in contents(batch, self._schema):
                number += 1
                yield InputRow(number, content, position)

    def guarded_batches(self) -> Iterator[tuple[pa.RecordBatch, int]]:
        """The batches, and how many bytes of the file have been read with each.

        Raises:
            CqliteError: the file is damaged.
        """
        batches = self._batches()
        while (item := self._guarded(lambda: next(batches, None))) is not None:
            yield item

    def _batches(self) -> Iterator[tuple[pa.RecordBatch, int]]:
        if self._is_parquet:
            yield from self._row_groups()
            return
        with pyarrow().OSFile(str(self.path)) as file:
            reader = self._ipc(file)
            if hasattr(reader, "num_record_batches"):
                for index in range(reader.num_record_batches):
                    yield reader.get_batch(index), file.tell()
                return
            for batch in reader:
                yield batch, file.tell()

    def _row_groups(self) -> Iterator[tuple[pa.RecordBatch, int]]:
        from pyarrow import parquet

        with parquet.ParquetFile(self.path) as file:
            total = max(1, file.metadata.num_rows)
            done = 0
            for batch in file.iter_batches(_BATCH):
                done += len(batch)
                yield batch, self.size * done // total


def check_fields(fields: pa.Schema, schema: TableSchema, path: Path | None = None) -> None:
    """Raises SchemaError where Arrow's columns cannot be those of the table."""
    check_columns(fields.names, schema, path)
    for field in fields:
        column = schema.column(field.name)
        if column is not None and not fits(field.type, column.type):
            raise SchemaError(
                f"column {field.name} is {column.type.cql_name}, "
                f"which the file's {field.type} cannot be",
                Where(path),
            )


def contents(batch: pa.RecordBatch, schema: TableSchema) -> Iterator[dict[str, Any] | RowError]:
    """The rows of a batch as ``InputRow`` has them; ``schema`` has all of its columns."""
    names = batch.schema.names
    columns = [values(column) for column in batch.columns]
    kinds = [column.type for name in names if (column := schema.column(name))]
    for row in zip(*columns, strict=True):
        yield _content(names, kinds, row)


def _content(names: list[str], kinds: list[Any], row: tuple[Any, ...]) -> dict[str, Any] | RowError:
    made = {}
    for name, kind, value in zip(names, kinds, row, strict=True):
        try:
            made[name] = from_arrow(kind, value)
        except InvalidValueError as error:
            return RowError(error.message, column=name)
    return made
