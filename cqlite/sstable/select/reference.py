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
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select import metadata
from cqlite.sstable.select.engine import RawRow
from cqlite.sstable.select.facts import NEVER_TIME, dropped_times
from cqlite.sstable.select.live import LiveRow, live_row
from cqlite.sstable.select.plan import OutputColumn, ScanPlan, Slice
from cqlite.sstable.select.slices import Rows as Stored
from cqlite.sstable.select.sources import Found, find, partitions, unfiltereds

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable


_Named = tuple[str, str]
"""``static`` or ``regular``, and a column's name."""


@dataclass(frozen=True, slots=True)
class Places:
    """Offsets in the uncompressed Data.db that errors about a row's values name.

    ``None`` where rows are of no one file.
    """

    partition: int | None
    static: int | None
    row: int | None

    def of(self, kind: str) -> int | None:
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


NOWHERE = Places(None, None, None)
"""Of rows that are of several files."""


class Rows:
    """Rows of the answer from partitions.

    Args:
        layout: the columns that the partitions have.
        columns: which of them are wanted.
        where: what is read, for errors.
        dropped: microseconds up to which cells of a column don't count, by its name.
    """

    def __init__(
        self,
        layout: TableSchema,
        columns: Sequence[OutputColumn],
        where: Where,
        dropped: Mapping[str, int],
    ) -> None:
        self._schema = layout
        self._columns = columns
        self._where = where
        self._dropped = dropped
        self._layout: Mapping[str, tuple[ColumnMetadata, ...]] = {
            "static": layout.static_columns,
            "regular": layout.regular_columns,
        }

    def live(self, partition: Partition, stored: Stored, *, is_part: bool) -> Iterator[OutputRow]:
        """The rows as ``SELECT`` would give them.

        Args:
            partition: what they are of.
            stored: its rows and markers.
            is_part: whether these are only some, so that there being none says nothing.
        """
        static = partition.static_row
        deleted = deleted_up_to(partition.deletion)
        of_static = None if static is None else live_row(static, deleted, self._dropped)
        rows = False
        for unfiltered, opened in stored:
            if isinstance(unfiltered, RangeTombstoneMarker):
                continue
            up_to = max(deleted, deleted_up_to(opened))
            row = live_row(unfiltered, up_to, self._dropped)
            if row is not None:
                rows = True
                yield self._live(partition, of_static, row)
        if not rows and not is_part and of_static is not None and of_static.cells:
            yield self._live(partition, of_static, LiveRow(None, {}))

    def _live(self, partition: Partition, static: LiveRow | None, row: LiveRow) -> OutputRow:
        clustering = () if row.row is None else row.row.clustering
        cells = {"static": {} if static is None else static.cells, "regular": row.cells}
        places = self._places(
            partition, partition.position if row.row is None else row.row.position
        )
        return self._output(partition, clustering, cells, (), places)

    def all(self, partition: Partition, stored: Stored) -> Iterator[OutputRow]:
        """All that the partition holds, deletions as rows.

        Args:
            partition: what is asked for.
            stored: its rows and markers.
        """
        if partition.deletion is not None:
            extra = metadata.of_partition(partition.deletion)
            yield self._described(partition, (), {}, extra, partition.position)
        if partition.static_row is not None and self._says_anything(partition.static_row):
            yield self._stored(partition, partition.static_row, None)
        for unfiltered, opened in stored:
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
            key = self._schema.split_key(partition.key)
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
        slices = plan.restriction.slices
        rows = self._rows_of(plan.columns)
        if slices == ():
            return
        for found in partitions(self._sstable, plan.restriction):
            stored = unfiltereds(self._sstable, found, slices)
            if plan.metadata:
                yield from rows.all(found.partition, stored)
            else:
                yield from rows.live(found.partition, stored, is_part=slices is not None)

    def _rows_of(self, columns: Sequence[OutputColumn]) -> Rows:
        sstable = self._sstable
        where = sstable.components.where(DATA)
        return Rows(sstable.header_schema, columns, where, dropped_times(sstable))

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
        rows = self._rows_of(outputs)
        every = (
            row.values
            for found in partitions
            for row in rows.live(
                found.partition,
                unfiltereds(self._sstable, found, slices),
                is_part=slices is not None,
            )
        )
        return every if limit is None else islice(every, limit)

    def close(self) -> None:
        """Nothing of its own is open: the SSTable closes its files itself."""
