"""Arrow record batches of the reference engine's rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidValueError, Where
from cqlite.sstable.select import metadata
from cqlite.sstable.select.arrow_types import arrow_name, column_type, pyarrow
from cqlite.sstable.select.builders import Builder, column_builder
from cqlite.sstable.select.plan import ScanPlan

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.sstable.select.reference import OutputRow


def arrow_schema(plan: ScanPlan) -> pa.Schema:
    """The schema of the answer to ``plan``.

    Raises:
        UnsupportedFeatureError: pyarrow is not installed, or a column has the name of one
            that ``metadata`` adds.
    """
    pa = pyarrow()
    fields = [pa.field(arrow_name(column.name), column_type(column)) for column in plan.columns]
    if plan.metadata:
        fields += metadata.fields(plan.columns)
    return pa.schema(fields)


class ReferenceStream:
    """Rows as a stream of record batches; see ``ArrowStream``.

    Args:
        plan: what was asked for.
        where: Data.db, for errors.
        rows: the answer's rows.
    """

    def __init__(self, plan: ScanPlan, where: Where, rows: Iterator[OutputRow]) -> None:
        self.error: BaseException | None = None
        self.position = 0
        self._plan = plan
        self._where = where
        self._rows = rows if plan.limit is None else islice(rows, plan.limit)
        self._schema = arrow_schema(plan)

    def __arrow_c_schema__(self) -> Any:
        """The schema as a PyCapsule."""
        return self._schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The batches as a PyCapsule."""
        reader = pyarrow().RecordBatchReader.from_batches(self._schema, self._batches())
        return reader.__arrow_c_stream__()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        while self.error is None:
            batch = _Batch(self._plan, self._schema, self._where)
            try:
                more = batch.fill(self._rows)
            except BaseException as error:
                # Whatever takes the stream knows nothing of Python's exceptions.
                self.error, more = error, False
            self.position = max(self.position, batch.position)
            if batch.length:
                yield batch.finish()
            if self.error is not None:
                raise self.error
            if not more:
                return


class _Batch:
    """A batch while it is being filled."""

    def __init__(self, plan: ScanPlan, schema: pa.Schema, where: Where) -> None:
        self.length = 0
        self.position = 0
        self._plan = plan
        self._schema = schema
        self._where = where
        self._size = 0
        self._builders: list[Builder] = [column_builder(c, plan.empty) for c in plan.columns]
        self._extra: list[list[Any]] = [[] for _ in range(len(schema) - len(plan.columns))]

    def fill(self, rows: Iterator[OutputRow]) -> bool:
        """Takes rows until the batch is full; whether there may be more.

        Raises:
            CqliteError: the rows fail, or a value can't be shown; the rows before count.
        """
        for row in rows:
            self._append(row)
            self.length += 1
            self.position = row.places.row or 0
            if self.length == self._plan.batch_rows or self._size >= self._plan.batch_bytes:
                return True
        return False

    def _append(self, row: OutputRow) -> None:
        for column, builder, data in zip(
            self._plan.columns, self._builders, row.values, strict=True
        ):
            try:
                builder.append(data)
            except InvalidValueError as error:
                place = self._where.at(row.places.of(column.kind), column.name)
                raise InvalidValueError(error.message, place) from error
            self._size += len(data or b"")
        for values, value in zip(self._extra, row.extra, strict=True):
            values.append(value)
            if isinstance(value, list):
                self._size += sum(len(cell["path"]) + len(cell["value"] or b"") for cell in value)

    def finish(self) -> pa.RecordBatch:
        """The rows so far."""
        pa = pyarrow()
        arrays = [builder.finish(self.length) for builder in self._builders]
        fields = list(self._schema)[len(arrays) :]
        for field, values in zip(fields, self._extra, strict=True):
            arrays.append(pa.array(values[: self.length], field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)
