"""Arrow's data to SSTables, by the engine that can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cqlite.errors import RowError, UnsupportedFeatureError, Where
from cqlite.importing.arrow_input import ArrowInput, check_fields, contents
from cqlite.importing.load import Counts, Options, Reject, without_nulls
from cqlite.io.native import native_function
from cqlite.schema import TableSchema
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.write import Writer
from cqlite.sstable.write.native_arrow import NativeArrowWriter
from cqlite.sstable.write.options import refuse_counters, table

if TYPE_CHECKING:
    import pyarrow as pa


def write_arrow(
    data: Any,
    schema: TableSchema | str,
    directory: str | Path,
    *,
    timestamp: int | None = None,
    ttl: int | None = None,
    null_deletes: bool = False,
    **options: Any,
) -> list[Path]:
    """Writes rows of Arrow's to new SSTables, as INSERT does; Data.db of each.

    Args:
        data: a table, a reader of batches, or what else can be taken as an Arrow stream.
            Columns are matched by their names; types are those of ``docs/arrow.md``.
        schema: the table, or CQL that has one CREATE TABLE and the types that it needs.
        directory: where to. Made if it is not there; what it has is not overwritten.
        timestamp: microseconds, of all rows; by default the clock, later with every row.
        ttl: seconds until they expire, 0 for never; by default as the table says.
        null_deletes: whether null deletes what there was; else it is as if it weren't there.
        options: those of ``Writer``.

    Raises:
        RowError: a row that cannot be written; nothing is left then.
        SchemaError: columns are not the table's, or their types do not fit.
        UnsupportedFeatureError: such a table cannot be written, or pyarrow is not installed.
        OutputError: nothing can be written there, or the disk is full.
    """
    schema, directory = table(schema), Path(directory)
    refuse_counters(schema)
    reader = pyarrow().RecordBatchReader.from_stream(data)
    check_fields(reader.schema, schema)
    how = Options(timestamp, ttl, null_deletes)
    native = native_writer([reader.schema], schema, directory, options)
    if native is not None:
        with native:
            for batch in reader:
                native.write(batch, timestamp=timestamp, ttl=ttl, null_deletes=null_deletes)
        return native.sstables
    with Writer(schema, directory, **options) as writer:
        rows = (row for batch in reader for row in contents(batch, schema))
        for number, row in enumerate(rows, 1):
            try:
                if isinstance(row, RowError):
                    raise row
                writer.write(without_nulls(row, schema, how), timestamp=timestamp, ttl=ttl)
            except RowError as error:
                raise RowError(error.reason, row=number, column=error.column) from error
    return writer.sstables


def native_writer(
    schemas: Iterable[pa.Schema], schema: TableSchema, directory: Path, options: dict[str, Any]
) -> NativeArrowWriter | None:
    """What writes batches of these schemas natively, ``None`` where that is not possible.

    Args:
        schemas: of the batches.
        schema: the table.
        directory: where to.
        options: those of ``Writer``.

    Raises:
        UnsupportedFeatureError, OutputError: as ``Writer``.
    """
    importer = native_function("ArrowImporter")
    options = dict(options)
    if importer is None or options.pop("sorted", False):
        return None
    writer = NativeArrowWriter(importer, schema, directory, **options)
    try:
        if all(map(writer.fits, schemas)):
            return writer
    except UnsupportedFeatureError:
        writer.abort()
        raise
    writer.abort()
    return None


def load_arrow(
    inputs: Iterable[ArrowInput],
    writer: NativeArrowWriter,
    options: Options,
    reject: Reject | None,
    progress: Callable[[int], None],
) -> Counts:
    """Writes all rows of all files; as ``load``, which has the other arguments' meanings."""
    counts = Counts()
    start = 0
    for source in inputs:
        told = _Told(source, counts.written + counts.rejected, reject)
        for batch, position in source.guarded_batches():
            written = writer.write(
                batch,
                timestamp=options.timestamp,
                ttl=options.ttl,
                null_deletes=options.null_deletes,
                reject=told,
            )
            counts.written += written
            counts.rejected += len(batch) - written
            progress(start + position)
        start += source.size
    return counts


@dataclass(frozen=True, slots=True)
class _Told:
    """Takes rows that cannot be written, and gives them the numbers that they have in their file.

    ``before`` rows were in the files before.
    """

    source: ArrowInput
    before: int
    reject: Reject | None

    def __call__(self, error: RowError) -> None:
        row = None if error.row is None else error.row - self.before
        where = Where(self.source.path)
        failed = RowError(error.reason, row=row, column=error.column, where=where)
        if self.reject is None:
            raise failed from error
        self.reject(self.source, failed)
