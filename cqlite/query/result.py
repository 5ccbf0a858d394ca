"""What a SELECT gives: columns with types, and rows of serialized values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from cqlite.records import record
from cqlite.types import CqlType, parse_type

if TYPE_CHECKING:
    import pyarrow

    from cqlite.sstable.select.scan import Scan

Row = tuple[bytes | None, ...]
"""Serialized values in the order of the columns; None is null."""

_LONG: Final = parse_type("LongType")


@record
class ResultColumn:
    """A column of a result: its name as Cassandra titles it, and its type.

    Follows ``org.apache.cassandra.cql3.ColumnSpecification``.
    """

    name: str
    type: CqlType

    @property
    def value_type(self) -> CqlType:
        """The type that the values' bytes have.

        It is ``type`` but for counters, which a query gives as the ``bigint`` of their sum,
        and for clustering columns in descending order, whose values are as others.
        """
        kind = self.type.unwrap()
        return _LONG if kind.is_counter else kind


@record
class ColumnScan:
    """A scan of a table's columns.

    Attributes:
        scan: the scan, whose columns are in an order of its own.
        names: those of the result's columns in the table.
    """

    scan: Scan
    names: tuple[str, ...]

    def batches(self, schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
        """The rows, with the result's columns in their order and by their titles.

        Raises:
            CqliteError: while the rows are read.
        """
        from cqlite.sstable.select.arrow_types import arrow_name, pyarrow

        make = pyarrow().RecordBatch.from_arrays
        for batch in self.scan.to_reader():
            columns = [batch.column(arrow_name(name)) for name in self.names]
            yield make(columns, schema=schema)


class ResultSet:
    """Columns, and rows that can be gone through once.

    Rows come as they are read, so an error in an SSTable comes while iterating.
    Follows ``org.apache.cassandra.cql3.ResultSet``.

    Args:
        columns: in the order of the selection.
        rows: for each row as many values as there are columns. Values of collections and
            UDTs that are not frozen are in their frozen form; counters are eight bytes,
            the sum as ``bigint``.
        keyspace, table: what was asked, for formats that name it.
        scan: gives the same rows as Arrow, where an engine can do so by itself, and None
            where it can't; values without bytes that Arrow has none for are null in it.
    """

    def __init__(
        self,
        columns: Sequence[ResultColumn],
        rows: Iterable[Row],
        *,
        keyspace: str = "",
        table: str = "",
        scan: Callable[[], ColumnScan | None] = lambda: None,
    ) -> None:
        self.columns = tuple(columns)
        self.keyspace = keyspace
        self.table = table
        self.scan = scan
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def dicts(self) -> Iterator[dict[str, Any]]:
        """The rows as Python values by the columns' names; see :mod:`cqlite.types`.

        Values without bytes of types that have no such are None, as for those who ask
        Cassandra. Of columns with one name the last one counts.

        Raises:
            CqliteError: while the rows are read.
        """
        from cqlite.query.functions.nulls import is_null

        columns = [(column.name, column.value_type) for column in self.columns]
        for row in self:
            yield {
                name: None if data is None or is_null(kind, data) else kind.decode(data)
                for (name, kind), data in zip(columns, row, strict=True)
            }

    def to_arrow(self) -> pyarrow.Table:
        """All rows as an Arrow table; types as in docs/arrow.md.

        Raises:
            CqliteError: while the rows are read.
            UnsupportedFeatureError: pyarrow is not installed.
        """
        from cqlite.query.format.arrow import arrow_schema, record_batches
        from cqlite.sstable.select.arrow_types import pyarrow

        batches = record_batches(self)
        return pyarrow().Table.from_batches(batches, arrow_schema(self))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)
