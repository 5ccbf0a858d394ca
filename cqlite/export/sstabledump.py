"""The JSON of Cassandra's sstabledump, to the letter.

Follows ``org.apache.cassandra.tools.JsonTransformer``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TextIO

from cqlite.codec.be import unpack_signed
from cqlite.errors import CqliteError
from cqlite.export.json_writer import JsonLinesWriter, JsonWriter
from cqlite.rows import (
    Bound,
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
)
from cqlite.schema import TableSchema

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 1_000_000
_LONG = 8


class SSTableDump:
    """Writes partitions as sstabledump does.

    Args:
        out: where to.
        schema: the table's names and types.
        now: seconds since 1970, what ``expired`` is judged by.
        raw_timestamps: times as numbers in strings instead of dates (``-t``).
        lines: one line for each partition instead of an array (``-l``).
    """

    def __init__(
        self,
        out: TextIO,
        schema: TableSchema,
        now: int,
        *,
        raw_timestamps: bool = False,
        lines: bool = False,
    ) -> None:
        self._json = JsonLinesWriter(out) if lines else JsonWriter(out)
        self._schema = schema
        self._now = now
        self._raw_timestamps = raw_timestamps
        self._lines = lines

    def write(self, partitions: Iterable[Partition]) -> None:
        """Writes all ``partitions``, and what stands around them.

        What is written is whole JSON also where reading ends with an error: then it
        holds all that came before.
        """
        if not self._lines:
            self._json.start_array()
        try:
            for partition in partitions:
                self._partition(partition)
        finally:
            if not self._lines:
                self._json.end_array()
            self._json.end_text()

    def write_keys(self, keys: Iterable[bytes]) -> None:
        """Writes the ``keys`` alone (``-e``)."""
        self._json.start_array()
        try:
            for key in keys:
                self._key(key)
                self._json.commit()
        finally:
            self._json.end_array()
            self._json.end_text()

    def _partition(self, partition: Partition) -> None:
        json = self._json
        json.commit()
        try:
            self._head(partition)
        except CqliteError:
            json.rollback()
            raise
        json.commit()
        try:
            self._rows(partition)
        except CqliteError:
            json.rollback()
            raise
        finally:
            json.end_array()
            json.end_object()

    def _head(self, partition: Partition) -> None:
        json = self._json
        json.start_object()
        json.string_field("table kind", self._schema.kind)
        json.name("partition")
        json.start_object()
        json.name("key")
        self._key(partition.key)
        json.field("position", str(partition.unfiltered_position))
        if partition.deletion is not None:
            self._deletion(partition.deletion)
        json.end_object()
        json.name("rows")
        json.start_array()

    def _rows(self, partition: Partition) -> None:
        position = partition.unfiltered_position
        if partition.static_row is not None:
            self._row(partition.static_row, position)
            self._json.commit()
        for unfiltered in partition:
            if isinstance(unfiltered, Row):
                self._row(unfiltered, position)
            else:
                self._marker(unfiltered)
            self._json.commit()
            position = unfiltered.position + unfiltered.size

    def _key(self, key: bytes) -> None:
        json = self._json
        json.compact_objects = json.compact_arrays = True
        json.start_array()
        for text in self._schema.key_strings(key):
            json.string(text)
        json.end_array()
        json.compact_objects = json.compact_arrays = False

    def _row(self, row: Row, position: int) -> None:
        json = self._json
        json.start_object()
        json.string_field("type", "static_block" if row.is_static else "row")
        json.field("position", str(position))
        if not row.is_static:
            self._clustering(row.clustering)
        if row.liveness is not None:
            self._liveness(row.liveness)
        if row.deletion is not None:
            self._deletion(row.deletion)
        json.name("cells")
        json.start_array()
        for column in row.columns:
            if isinstance(column, ComplexColumn):
                self._complex(column, row.liveness)
            else:
                self._cell(column, row.liveness)
        json.end_array()
        json.end_object()

    def _liveness(self, liveness: LivenessInfo) -> None:
        json = self._json
        json.compact_objects = False
        json.name("liveness_info")
        json.compact_objects = True
        json.start_object()
        json.string_field("tstamp", self._microseconds(liveness.timestamp))
        if liveness.ttl is not None and liveness.local_expiration_time is not None:
            self._expiration(
                liveness.ttl,
                liveness.local_expiration_time,
                liveness.local_expiration_time < self._now,
            )
        json.end_object()
        json.compact_objects = False

    def _expiration(self, ttl: int, at: int, is_expired: bool) -> None:
        self._json.field("ttl", str(ttl))
        self._json.string_field("expires_at", self._seconds(at))
        self._json.field("expired", "true" if is_expired else "false")

    def _marker(self, marker: RangeTombstoneMarker) -> None:
        json = self._json
        json.start_object()
        kind = "range_tombstone_boundary" if marker.is_boundary else "range_tombstone_bound"
        json.string_field("type", kind)
        # A boundary's start comes first, although it ends one range before it starts another.
        for bound in sorted(marker.bounds(), key=lambda b: not b.is_start):
            deletion = marker.open if bound.is_start else marker.close
            assert deletion is not None
            self._bound(bound, deletion)
        json.end_object()
        json.compact_objects = False

    def _bound(self, bound: Bound, deletion: DeletionTime) -> None:
        json = self._json
        json.name("start" if bound.is_start else "end")
        json.start_object()
        json.string_field("type", "inclusive" if bound.is_inclusive else "exclusive")
        self._clustering(bound.values)
        self._deletion(deletion)
        json.end_object()

    def _clustering(self, values: tuple[bytes | None, ...]) -> None:
        if not values:
            return
        json = self._json
        json.name("clustering")
        json.compact_objects = True
        json.start_array()
        json.compact_arrays = True
        for index, column in enumerate(self._schema.clustering_columns):
            if index >= len(values):
                json.string("*")
            else:
                value = values[index]
                json.raw("null" if value is None else column.type.to_json(value))
        json.end_array()
        json.compact_objects = json.compact_arrays = False

    def _deletion(self, deletion: DeletionTime) -> None:
        json = self._json
        json.name("deletion_info")
        json.compact_objects = True
        json.start_object()
        json.string_field("marked_deleted", self._microseconds(deletion.marked_for_delete_at))
        json.string_field("local_delete_time", self._seconds(deletion.local_deletion_time))
        json.end_object()
        json.compact_objects = False

    def _complex(self, column: ComplexColumn, liveness: LivenessInfo | None) -> None:
        json = self._json
        if column.deletion is not None:
            json.compact_objects = True
            json.start_object()
            json.string_field("name", column.column.cql_name)
            self._deletion(column.deletion)
            json.compact_objects = True
            json.end_object()
            json.compact_objects = False
        for cell in column.cells:
            self._cell(cell, liveness)

    def _cell(self, cell: Cell, liveness: LivenessInfo | None) -> None:
        json = self._json
        json.start_object()
        json.compact_objects = True
        json.string_field("name", cell.column.cql_name)
        if cell.path is not None:
            self._path(cell)
        if cell.is_tombstone:
            json.name("deletion_info")
            json.start_object()
            json.string_field("local_delete_time", self._seconds(cell.local_deletion_time or 0))
            json.end_object()
            json.compact_objects = False
        else:
            json.field("value", cell_value(cell))
        if liveness is None or cell.timestamp != liveness.timestamp:
            json.string_field("tstamp", self._microseconds(cell.timestamp))
        self._cell_expiration(cell, liveness)
        json.end_object()
        json.compact_objects = False

    def _cell_expiration(self, cell: Cell, liveness: LivenessInfo | None) -> None:
        if cell.ttl is None or cell.local_deletion_time is None:
            return
        if liveness is None or cell.ttl != liveness.ttl:
            self._expiration(cell.ttl, cell.local_deletion_time, not cell.is_live(self._now))

    def _path(self, cell: Cell) -> None:
        assert cell.path is not None
        json = self._json
        json.name("path")
        json.compact_arrays = True
        json.start_array()
        json.string(cell.column.type.path_string(cell.path))
        json.end_array()
        json.compact_arrays = False

    def _microseconds(self, timestamp: int) -> str:
        if self._raw_timestamps:
            return str(timestamp)
        return instant(*_split(timestamp))

    def _seconds(self, seconds: int) -> str:
        return str(seconds) if self._raw_timestamps else instant(seconds, 0)


def cell_value(cell: Cell) -> str:
    """A cell's value in JSON.

    Raises:
        InvalidValueError: the bytes are no value of the type.
    """
    cell_type = cell.column.type.cell_type(cell.path)
    if cell_type.is_counter and len(cell.raw) >= _LONG:
        # sstabledump takes the start of a counter's context for a bigint.
        return str(unpack_signed(cell.raw[:_LONG], _LONG))
    return cell_type.to_json(cell.raw)


def _split(timestamp: int) -> tuple[int, int]:
    """Seconds and nanoseconds of microseconds, as ``JsonTransformer.dateString`` splits them.

    The seconds round toward zero and the nanoseconds are of a saturated product, so
    that times before 1970 and far in the future come out as Cassandra prints them.
    """
    seconds = abs(timestamp) // _MICROSECONDS
    if timestamp < 0:
        seconds = -seconds
    nanoseconds = max(-(1 << 63), min((1 << 63) - 1, timestamp * 1000))
    return seconds, nanoseconds % 1_000_000_000


def instant(seconds: int, nanoseconds: int) -> str:
    """``java.time.Instant.toString`` of seconds since 1970 and nanoseconds after them."""
    days, second_of_day = divmod(seconds, 86_400)
    cycles, days = divmod(days, 146_097)
    date = _EPOCH + timedelta(days=days, seconds=second_of_day)
    year = date.year + 400 * cycles
    if 0 <= year <= 9999:
        text = f"{year:04d}"
    elif year > 9999:
        text = f"+{year}"
    else:
        text = f"-{-year:04d}"
    text += date.strftime("-%m-%dT%H:%M:%S")
    return text + _fraction(nanoseconds) + "Z"


def _fraction(nanoseconds: int) -> str:
    """Three, six or nine digits, as many as are needed; nothing for zero."""
    if not nanoseconds:
        return ""
    for digits, unit in ((3, 1_000_000), (6, 1_000)):
        if nanoseconds % unit == 0:
            return f".{nanoseconds // unit:0{digits}d}"
    return f".{nanoseconds:09d}"
