"""The reference engine: plans executed over partitions and rows in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidValueError, Where
from cqlite.io import DATA
from cqlite.rows import Cell, ComplexColumn, DeletionTime, Partition, RangeTombstoneMarker, Row
from cqlite.rows.live import LiveCells, deleted_up_to
from cqlite.schema import ColumnMetadata
from cqlite.sstable.select import metadata
from cqlite.sstable.select.engine import RawRow
from cqlite.sstable.select.facts import NEVER_TIME, dropped_times
from cqlite.sstable.select.live import LiveRow, live_row
from cqlite.sstable.select.plan import OutputColumn, ScanPlan, Slice
from cqlite.sstable.select.sources import Found, find, partitions, unfiltereds

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable


_Named = tuple[str, str]
"""``static`` or ``regular``, and a column's name."""


@dataclass(frozen=True, slots=True)
class Places:
    """Offsets in the uncompressed Data.db that errors about a row's values name."""

    partition: int
    static: int
    row: int

    def of(self, kind: str) -> int:
        """Where values of columns of this kind are."""
        if kind == "partition_key":
            return self.partition
        return self.static if kind == "static" else self.row


@dataclass(frozen=True, slots=True)
class OutputRow:
    """A row of the answer.

    Attributes:
        values: of the columns, serialized.
        extra: of the columns that metadata adds, as pyarrow takes them.
        places: where it is from.
    """

    values: RawRow
    extra: Sequence[Any]
    places: Places


class Rows:
    """Rows of the answer from partitions.

    Args:
        sstable: what is read.
        columns: what is wanted of it.
        slices: rows that are wanted, ``None`` for all.
    """

    def __init__(
        self,
        sstable: SSTable,
        columns: Sequence[OutputColumn],
        slices: tuple[Slice, ...] | None,
    ) -> None:
        self._sstable = sstable
        self._columns = columns
        self._slices = slices
        self._where = sstable.components.where(DATA)
        self._dropped = dropped_times(sstable)
        layout = sstable.header_schema
        self._layout: Mapping[str, tuple[ColumnMetadata, ...]] = {
            "static": layout.static_columns,
            "regular": layout.regular_columns,
        }

    def live(self, found: Found) -> Iterator[OutputRow]:
        """The rows as ``SELECT`` would give them."""
        partition = found.partition
        static = partition.static_row
        deleted = deleted_up_to(partition.deletion)
        of_static = None if static is None else live_row(static, deleted, self._dropped)
        rows = False
        for unfiltered, opened in unfiltereds(self._sstable, found, self._slices):
            if isinstance(unfiltered, RangeTombstoneMarker):
                continue
            up_to = max(deleted, deleted_up_to(opened))
            row = live_row(unfiltered, up_to, self._dropped)
            if row is not None:
                rows = True
                yield self._live(partition, of_static, row)
        if not rows and self._slices is None and of_static is not None and of_static.cells:
            yield self._live(partition, of_static, LiveRow(None, {}))

    def _live(self, partition: Partition, static: LiveRow | None, row: LiveRow) -> OutputRow:
        clustering = () if row.row is None else row.row.clustering
        cells = {"static": {} if static is None else static.cells, "regular": row.cells}
        places = self._places(
            partition, partition.position if row.row is None else row.row.position
        )
        return self._output(partition, clustering, cells, (), places)

    def all(self, found: Found) -> Iterator[OutputRow]:
        """All that the partition holds, deletions as rows."""
        partition = found.partition
        if partition.deletion is not None:
            extra = metadata.of_partition(partition.deletion)
            yield self._described(partition, (), {}, extra, partition.position)
        if partition.static_row is not None and self._says_anything(partition.static_row):
            yield self._stored(partition, partition.static_row, None)
        for unfiltered, opened in unfiltereds(self._sstable, found, self._slices):
            if isinstance(unfiltered, RangeTombstoneMarker):
                extra = metadata.of_marker(unfiltered)
                yield self._described(partition, unfiltered.values, {}, extra, unfiltered.position)
            elif self._says_anything(unfiltered):
                yield self._stored(partition, unfiltered, opened)

    def _says_anything(self, row: Row) -> bool:
        if row.liveness is not None or row.deletion is not None:
            return True
        return any(self._dropped.get(c.column.name) != NEVER_TIME for c in row.columns)

    def _stored(self, partition: Partition, row: Row, opened: DeletionTime | None) -> OutputRow:
        # A column may be in the file as both, if it was dropped and added again as the other.
        kind = "static" if row is partition.static_row else "regular"
        stored = {(kind, column.column.name): column for column in row.columns}
        extra = metadata.of_row(row, opened)
        return self._described(partition, row.clustering, stored, extra, row.position)

    def _described(
        self,
        partition: Partition,
        clustering: Sequence[bytes | None],
        stored: Mapping[_Named, Cell | ComplexColumn],
        extra: list[Any],
        position: int,
    ) -> OutputRow:
        cells: dict[str, dict[str, Cell | Sequence[Cell]]] = {"static": {}, "regular": {}}
        for (kind, name), column in stored.items():
            if isinstance(column, ComplexColumn):
                cells[kind][name] = [cell for cell in column.cells if not cell.is_tombstone]
            elif not column.is_tombstone:
                cells[kind][name] = column
        for output in self._columns:
            if not metadata.is_key(output):
                stored_name = self._name(output)
                found = None if stored_name is None else stored.get((output.kind, stored_name))
                extra += metadata.of_column(output, found)
        places = self._places(partition, position)
        return self._output(partition, clustering, cells, extra, places)

    def _places(self, partition: Partition, row: int) -> Places:
        static = partition.static_row
        return Places(partition.position, row if static is None else static.position, row)

    def _name(self, output: OutputColumn) -> str | None:
        """The name of a static or regular column in the file."""
        if output.position is None:
            return None
        return self._layout[output.kind][output.position].name

    def _output(
        self,
        partition: Partition,
        clustering: Sequence[bytes | None],
        cells: Mapping[str, LiveCells],
        extra: Sequence[Any],
        places: Places,
    ) -> OutputRow:
        with located(self._where.at(places.partition, "partition key")):
            key = self._sstable.header_schema.split_key(partition.key)
        values: list[bytes | None] = []
        for output in self._columns:
            position = output.position
            if position is None:
                values.append(None)
            elif output.kind == "partition_key":
                values.append(key[position])
            elif output.kind == "clustering":
                values.append(clustering[position] if position < len(clustering) else None)
            else:
                column = self._layout[output.kind][position]
                with located(self._where.at(places.of(output.kind), output.name)):
                    values.append(_value(column, cells[output.kind].get(column.name)))
        return OutputRow(tuple(values), extra, places)


def _value(column: ColumnMetadata, found: Cell | Sequence[Cell] | None) -> bytes | None:
    if not found:
        return None
    if isinstance(found, Cell):
        return found.raw
    return column.type.pack((cell.path or b"", cell.raw) for cell in found)


@contextmanager
def located(where: Where) -> Iterator[None]:
    """Says in errors about values where these are."""
    try:
        yield
    except InvalidValueError as error:
        raise InvalidValueError(error.message, where) from error


class ReferenceReader:
    """An SSTable that the reference engine reads; see ``Reader``."""

    def __init__(self, sstable: SSTable) -> None:
        self._sstable = sstable

    def scan(self, plan: ScanPlan) -> Any:
        """The answer to ``plan``, an ``ArrowStream``."""
        from cqlite.sstable.select.batches import ReferenceStream

        return ReferenceStream(plan, self._sstable.components.where(DATA), self._rows(plan))

    def _rows(self, plan: ScanPlan) -> Iterator[OutputRow]:
        rows = Rows(self._sstable, plan.columns, plan.restriction.slices)
        if plan.restriction.slices == ():
            return
        for found in partitions(self._sstable, plan.restriction):
            yield from rows.all(found) if plan.metadata else rows.live(found)

    def rows(
        self,
        key: bytes,
        columns: tuple[tuple[str, int | None], ...],
        slices: tuple[Slice, ...] | None,
        limit: int | None,
    ) -> Iterator[RawRow]:
        """The rows of one partition; see ``Reader.rows``."""
        return self.rows_of(find(self._sstable, key), columns, slices, limit)

    def rows_of(
        self,
        partitions: Iterable[Found],
        columns: tuple[tuple[str, int | None], ...],
        slices: tuple[Slice, ...] | None,
        limit: int | None,
    ) -> Iterator[RawRow]:
        """The same of partitions that were found already."""
        outputs = [OutputColumn("", "", kind, position) for kind, position in columns]
        rows = Rows(self._sstable, outputs, slices)
        every = (row.values for found in partitions for row in rows.live(found))
        return every if limit is None else islice(every, limit)

    def close(self) -> None:
        """Nothing of its own is open: the SSTable closes its files itself."""
