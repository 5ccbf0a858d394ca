"""Partitions and rows from Data.db's uncompressed stream.

Follows ``UnfilteredSerializer``, ``Cell.Serializer`` and ``SSTableSimpleIterator``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from cqlite import layouts
from cqlite.codec.be import wrap_s32, wrap_s64
from cqlite.errors import CorruptSSTableError, TruncatedError, Where
from cqlite.index.model import (
    INVALID_DELETION_TIME,
    clustering_values,
    deletion,
    valid_deletion_time,
)
from cqlite.rows.model import (
    EXPIRED_LIVENESS_TTL,
    NO_DELETION_TIME,
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
)
from cqlite.schema import ColumnMetadata

_LIVE_TIMESTAMP = -0x8000000000000000
_MAX_UINT = 0xFFFFFFFF
_MAX_POSITION = 0x7FFFFFFFFFFFFFFF
_OA = int(layouts.enum("version.id")["oa"])


@dataclass(frozen=True, slots=True)
class RowFormat:
    """What must be known to read an SSTable's rows (Cassandra's ``SerializationHeader``).

    Attributes:
        version: the number of the format version.
        clustering_shapes: one number for each clustering column, see specs/data.ksy.
        static_columns: in the header's order.
        regular_columns: in the header's order.
        min_timestamp: microseconds.
        min_local_deletion_time: seconds since 1970.
        min_ttl: seconds.
        dropped: for each dropped column's name the time in microseconds up to which
            its cells don't count any more.
    """

    version: int
    clustering_shapes: tuple[int, ...]
    static_columns: tuple[ColumnMetadata, ...]
    regular_columns: tuple[ColumnMetadata, ...]
    min_timestamp: int
    min_local_deletion_time: int
    min_ttl: int
    dropped: dict[str, int]

    @property
    def has_static(self) -> bool:
        """Whether every partition has a static row."""
        return bool(self.static_columns)


def _shapes(columns: Sequence[ColumnMetadata]) -> list[int]:
    return [column.type.shape for column in columns]


class PartitionReader:
    """Reads partitions one after another from ``stream``.

    Args:
        stream: the uncompressed Data.db, seekable, buffered.
        format: see :class:`RowFormat`.
        where: file and component, for errors.
    """

    def __init__(self, stream: BinaryIO, format: RowFormat, where: Where) -> None:
        self._stream = stream
        self._format = format
        self._where = where
        self._unfiltered_params = (
            list(format.clustering_shapes),
            _shapes(format.static_columns),
            _shapes(format.regular_columns),
        )

    @property
    def shapes(self) -> tuple[list[int], list[int], list[int]]:
        """Shapes of clustering, static and regular columns, as the layouts take them."""
        return self._unfiltered_params

    def partitions(self, position: int = 0, end: int | None = None) -> Iterator[Partition]:
        """The partitions from byte ``position`` up to ``end`` or the stream's end.

        Raises:
            TruncatedError: the stream ends within a partition.
            CorruptSSTableError: the bytes break the format.
        """
        while (end is None or position < end) and self._has_bytes(position):
            partition = self.read_partition(position)
            yield partition
            for _ in partition:
                pass
            assert partition.end is not None
            position = partition.end

    def _has_bytes(self, position: int) -> bool:
        self._seek(position)
        return bool(self._stream.read(1))

    def read_key(self, position: int) -> bytes:
        """The serialized key of the partition that starts at byte ``position``.

        Raises:
            TruncatedError: the stream ends within it.
        """
        self._seek(position)
        key: bytes = self._parse("data.partition_header", self._format.version).key
        return key

    def read_partition(self, position: int) -> Partition:
        """The partition that starts at byte ``position``.

        Raises:
            TruncatedError: the stream ends within its header or static row.
            CorruptSSTableError: the bytes break the format.
        """
        partition = self.read_header(position)
        if self._format.has_static:
            self._seek(partition.unfiltered_position)
            partition.static_row = self._read_static_row()
            partition.unfiltered_position = self._stream.tell()
        partition.unfiltereds = self._to_end(partition)
        return partition

    def read_header(self, position: int) -> Partition:
        """Key and deletion of the partition at byte ``position``, without any row.

        Raises:
            TruncatedError: the stream ends within them.
            CorruptSSTableError: the bytes break the format.
        """
        self._seek(position)
        header = self._parse("data.partition_header", self._format.version)
        return Partition(
            key=header.key,
            deletion=partition_deletion(header.deletion),
            static_row=None,
            position=position,
            unfiltered_position=self._stream.tell(),
        )

    def _to_end(self, partition: Partition) -> Iterator[Unfiltered]:
        partition.end = yield from self.unfiltereds(partition.unfiltered_position)

    def unfiltereds(self, position: int) -> Generator[Unfiltered, None, int]:
        """Rows and markers from byte ``position`` to the partition's end.

        Other reads of the stream may come in between. Rows that say nothing, since
        all of their cells are of dropped columns, are left out, as Cassandra does.
        The generator's value is the offset behind the partition.
        """
        while True:
            self._seek(position)
            parsed = self._parse("data.unfiltered", *self._unfiltered_params)
            start, position = position, self._stream.tell()
            if parsed.is_end_of_partition:
                return position
            if parsed.is_marker:
                yield self._marker(parsed.marker, start, position - start)
                continue
            if parsed.is_static:
                raise self._corrupt("a static row among the others", start, "flags")
            row = self._row(parsed, start, position - start)
            if not row.is_empty:
                yield row

    def _read_static_row(self) -> Row | None:
        start = self._stream.tell()
        parsed = self._parse("data.unfiltered", *self._unfiltered_params)
        if not parsed.is_row or not parsed.is_static:
            raise self._corrupt("expected the static row", start, "flags")
        row = self._row(parsed, start, self._stream.tell() - start)
        return None if row.is_empty else row

    def _seek(self, position: int) -> None:
        """Moves to a position, which may come from a damaged index."""
        if not 0 <= position <= _MAX_POSITION:
            raise TruncatedError(f"no stream has a byte {position}", self._where)
        self._stream.seek(position)

    def _parse(self, path: str, *params: Any) -> Any:
        return layouts.parse(path, self._stream, *params, where=self._where)

    def _corrupt(self, message: str, offset: int, field: str) -> CorruptSSTableError:
        return CorruptSSTableError(message, self._where.at(offset, f"data.unfiltered.{field}"))

    def _row(self, parsed: Any, position: int, size: int) -> Row:
        body = parsed.row.body
        columns = self._format.static_columns if parsed.is_static else self._format.regular_columns
        self._check_subset(body.columns_subset, len(columns), position)
        liveness = self._liveness(getattr(body, "liveness_info", None), position)
        deletion = getattr(body, "deletion", None)
        return Row(
            clustering=() if parsed.is_static else clustering_values(parsed.row.clustering),
            liveness=liveness,
            deletion=None if deletion is None else self._deletion(deletion, position),
            columns=tuple(self._columns(body.columns, columns, liveness, position)),
            is_static=parsed.is_static,
            is_shadowable=deletion is not None and parsed.has_shadowable_deletion,
            position=position,
            size=size,
            previous_size=body.len_previous_unfiltered.value,
            num_unread=layouts.num_unread(body),
        )

    def _check_subset(self, subset: Any, num_columns: int, position: int) -> None:
        """What the layout alone can't tell: a bitmap or indexes beyond the columns."""
        field = "row.body.columns_subset"
        if subset.is_small and subset.missing.value >> num_columns:
            raise self._corrupt("bitmap of missing columns has too many bits", position, field)
        if not subset.is_large:
            return
        if subset.num_present < 0:
            raise self._corrupt("more columns are missing than there are", position, field)
        indexes = [index.value for index in subset.indexes]
        if indexes != sorted(set(indexes)) or (indexes and indexes[-1] >= num_columns):
            raise self._corrupt("column indexes are not ascending or too high", position, field)

    def _columns(
        self,
        parsed_columns: list[Any],
        columns: Sequence[ColumnMetadata],
        liveness: LivenessInfo | None,
        position: int,
    ) -> Iterator[Cell | ComplexColumn]:
        dropped = self._format.dropped
        for parsed, column in zip(parsed_columns, columns, strict=True):
            if not parsed.is_present:
                continue
            dropped_at = dropped.get(column.name, _LIVE_TIMESTAMP)
            simple = getattr(parsed, "cell", None)
            if simple is not None:
                cell = self._cell(simple, column, liveness, None, position)
                if cell.timestamp > dropped_at:
                    yield cell
                continue
            complex_column = self._complex(parsed.complex, column, liveness, dropped_at, position)
            if complex_column.cells or complex_column.deletion:
                yield complex_column

    def _complex(
        self,
        parsed: Any,
        column: ColumnMetadata,
        liveness: LivenessInfo | None,
        dropped_at: int,
        position: int,
    ) -> ComplexColumn:
        delta = getattr(parsed, "deletion", None)
        deletion = None if delta is None else self._deletion(delta, position)
        if deletion is not None and deletion.marked_for_delete_at <= dropped_at:
            deletion = None
        cells = (self._cell(c, column, liveness, c.path, position) for c in parsed.cells)
        return ComplexColumn(column, deletion, tuple(c for c in cells if c.timestamp > dropped_at))

    def _cell(
        self,
        parsed: Any,
        column: ColumnMetadata,
        liveness: LivenessInfo | None,
        path: bytes | None,
        position: int,
    ) -> Cell:
        header = parsed.header
        if liveness is None and (header.uses_row_timestamp or header.uses_row_ttl):
            raise self._corrupt(
                f"cell of {column.name} refers to liveness info that the row lacks",
                position,
                "row.body.columns",
            )
        timestamp, ttl, local_deletion_time = self._cell_times(header, liveness, position)
        return Cell(
            column=column,
            timestamp=timestamp,
            raw=getattr(parsed, "value", None) or b"",
            ttl=ttl,
            local_deletion_time=local_deletion_time,
            is_tombstone=header.is_deleted,
            path=path,
        )

    def _cell_times(
        self, header: Any, liveness: LivenessInfo | None, position: int
    ) -> tuple[int, int | None, int | None]:
        ttl = local_deletion_time = None
        if header.uses_row_ttl and liveness is not None:
            ttl, local_deletion_time = liveness.ttl, liveness.local_expiration_time
        elif header.is_deleted or header.is_expiring:
            if header.is_expiring:
                ttl = self._ttl(header.ttl, position)
            local_deletion_time = self._end(header.local_deletion_time, ttl or 0, position)
        if header.uses_row_timestamp and liveness is not None:
            return liveness.timestamp, ttl, local_deletion_time
        return self._timestamp(header.timestamp), ttl, local_deletion_time

    def _marker(self, parsed: Any, position: int, size: int) -> RangeTombstoneMarker:
        body = parsed.body
        first = self._deletion(body.deletion, position)
        kind = parsed.bound.kind
        if body.is_boundary:
            close, opened = first, self._deletion(body.start_deletion, position)
        elif kind.name.endswith("start_bound"):
            close, opened = None, first
        else:
            close, opened = first, None
        values = clustering_values(parsed.bound.values)
        return RangeTombstoneMarker(
            kind,
            values,
            close,
            opened,
            position,
            size,
            previous_size=body.len_previous_unfiltered.value,
            num_unread=layouts.num_unread(body),
        )

    def _liveness(self, parsed: Any, position: int) -> LivenessInfo | None:
        if parsed is None:
            return None
        ttl = getattr(parsed, "ttl", None)
        if ttl is None:
            return LivenessInfo(self._timestamp(parsed.timestamp))
        seconds = self._ttl(ttl, position)
        expiration = self._end(parsed.local_expiration_time, seconds, position)
        return LivenessInfo(self._timestamp(parsed.timestamp), seconds, expiration)

    def _deletion(self, parsed: Any, position: int) -> DeletionTime | None:
        timestamp = self._timestamp(parsed.marked_for_delete_at)
        if timestamp == _LIVE_TIMESTAMP:
            # A live complex deletion, written since another column of the row has one.
            return None
        seconds = self._local_deletion_time(parsed.local_deletion_time, position)
        return DeletionTime(timestamp, valid_deletion_time(seconds))

    def _timestamp(self, delta: Any) -> int:
        return wrap_s64(delta.value + self._format.min_timestamp)

    def _ttl(self, delta: Any, position: int) -> int:
        ttl = self._seconds(delta, self._format.min_ttl, position, "ttl")
        if ttl < 0:
            raise self._corrupt(f"ttl {ttl} is below zero", position, "ttl")
        return ttl

    def _local_deletion_time(self, delta: Any, position: int) -> int:
        minimum = self._format.min_local_deletion_time
        return self._seconds(delta, minimum, position, "local_deletion_time")

    def _seconds(self, delta: Any, minimum: int, position: int, field: str) -> int:
        """A difference in 32 bits (``readUnsignedVInt32``), which can be below zero.

        What has expired is compacted to a tombstone of when it was written, which is earlier
        than the minimum of the SSTables that are compacted.
        """
        value = wrap_s64(delta.value)
        if value != wrap_s32(value):
            raise self._corrupt(f"{field} {value} does not fit in 32 bits", position, field)
        return value + minimum

    def _end(self, delta: Any, ttl: int, position: int) -> int:
        """When a cell or row ends or ended (``Cell.decodeLocalDeletionTime``).

        Nothing expires before its time to live, which is 0 for tombstones.
        """
        time = self._local_deletion_time(delta, position)
        if time > _MAX_UINT:
            message = f"local_deletion_time {time} exceeds 32 bits"
            raise self._corrupt(message, position, "local_deletion_time")
        if time < 0 and self._format.version >= _OA:
            # Written in 32 bits, of which the first is no sign.
            time &= _MAX_UINT
            return NO_DELETION_TIME if time == _MAX_UINT else time
        if time >= ttl or (time >= 0 and ttl == EXPIRED_LIVENESS_TTL):
            return time
        return INVALID_DELETION_TIME


def partition_deletion(parsed: Any) -> DeletionTime | None:
    """The deletion time that a parsed ``deletion_time::deletion`` holds, if any."""
    found = deletion(parsed)
    return None if found is None else DeletionTime(*found)
