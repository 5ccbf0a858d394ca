"""Partitions and rows to the bytes of Data.db's uncompressed stream.

Follows ``UnfilteredSerializer``, ``Cell.Serializer``, ``Columns.Serializer`` and
``SortedTablePartitionWriter``; the reverse of ``reader``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cqlite.codec.be import wrap_s32
from cqlite.errors import InvalidValueError, SchemaError, shown
from cqlite.index.build import clustering_values, deletion_time
from cqlite.layouts import build
from cqlite.layouts.build import make, vint
from cqlite.rows.model import (
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    RangeTombstoneMarker,
    Row,
    Unfiltered,
)
from cqlite.rows.reader import RowFormat
from cqlite.schema import ColumnMetadata

_MAX_KEY = 0xFFFF
_LARGE_SUBSET = 64
_LIVE = DeletionTime(-0x8000000000000000, 0x7FFFFFFFFFFFFFFF)

# Flags of an unfiltered.
_END_OF_PARTITION = 0x01
_IS_MARKER = 0x02
_HAS_TIMESTAMP = 0x04
_HAS_TTL = 0x08
_HAS_DELETION = 0x10
_HAS_ALL_COLUMNS = 0x20
_HAS_COMPLEX_DELETION = 0x40
_EXTENSION = 0x80
_IS_STATIC = 0x01
_HAS_SHADOWABLE_DELETION = 0x02

# Flags of a cell.
_IS_DELETED = 0x01
_IS_EXPIRING = 0x02
_HAS_EMPTY_VALUE = 0x04
_USE_ROW_TIMESTAMP = 0x08
_USE_ROW_TTL = 0x10


class RowWriter:
    """Encodes what a partition consists of, one part after the other.

    Args:
        format: see ``RowFormat``; what was dropped does not matter here.
    """

    def __init__(self, format: RowFormat) -> None:
        self._format = format
        self._clustering_shapes = list(format.clustering_shapes)
        self._static_shapes = [column.type.shape for column in format.static_columns]
        self._regular_shapes = [column.type.shape for column in format.regular_columns]
        self._params = (self._clustering_shapes, self._static_shapes, self._regular_shapes)
        self.end_of_partition: bytes = build.build(
            "data.unfiltered", *self._params, flags=_END_OF_PARTITION
        )

    def header(self, key: bytes, deletion: DeletionTime | None) -> bytes:
        """A partition's key and deletion.

        Raises:
            InvalidValueError: the key is longer than 65535 bytes.
        """
        if len(key) > _MAX_KEY:
            raise InvalidValueError(
                f"partition key {shown(key)} of {len(key)} bytes, at most {_MAX_KEY} are possible"
            )
        times = None
        if deletion is not None:
            times = deletion.marked_for_delete_at, deletion.local_deletion_time
        version = self._format.version
        return build.build(
            "data.partition_header",
            version,
            len_key=len(key),
            key=key,
            deletion=deletion_time(version, times),
        )

    def static_row(self, row: Row | None) -> bytes:
        """The static row, which tables with static columns have in every partition.

        Args:
            row: ``None`` where the partition has no static values.
        """
        return self.unfiltered(row or Row((), None, None, (), is_static=True), 0)

    def unfiltered(self, unfiltered: Unfiltered, previous_size: int) -> bytes:
        """A row or a range tombstone marker.

        Args:
            unfiltered: what to encode.
            previous_size: length in bytes of what is before it in the partition, back to
                where the row or marker before it starts, or the partition.

        Raises:
            SchemaError: a row has a column that the header does not have.
        """
        if isinstance(unfiltered, RangeTombstoneMarker):
            return self._marker(unfiltered, previous_size)
        return self._row(unfiltered, previous_size)

    def _row(self, row: Row, previous_size: int) -> bytes:
        columns = self._format.static_columns if row.is_static else self._format.regular_columns
        shapes = self._static_shapes if row.is_static else self._regular_shapes
        flags, extended = _row_flags(row, len(columns))
        body = self._body(row, flags, columns, shapes, previous_size)
        fields: dict[str, Any] = {"len_body": vint(build.settle(body)), "body": body}
        if not row.is_static:
            fields["clustering"] = clustering_values(self._clustering_shapes, row.clustering)
        made = make("data.row", flags, row.is_static, *self._params, **fields)
        if extended:
            return build.build(
                "data.unfiltered", *self._params, flags=flags, extended_flags=extended, row=made
            )
        return build.build("data.unfiltered", *self._params, flags=flags, row=made)

    def _body(
        self,
        row: Row,
        flags: int,
        columns: Sequence[ColumnMetadata],
        shapes: list[int],
        previous_size: int,
    ) -> Any:
        fields: dict[str, Any] = {"len_previous_unfiltered": vint(previous_size)}
        if row.liveness is not None:
            fields["liveness_info"] = self._liveness(row.liveness)
        if row.deletion is not None:
            fields["deletion"] = self._deletion(row.deletion)
        present = {data.column.name: data for data in row.columns}
        unknown = present.keys() - {column.name for column in columns}
        if unknown:
            raise SchemaError(f"a row has column {', '.join(sorted(unknown))}, the header has not")
        subset = _subset([column.name in present for column in columns], flags)
        made: list[Any] = []
        has_deletion = bool(flags & _HAS_COMPLEX_DELETION)
        for index, column in enumerate(columns):
            data = present.get(column.name)
            before = made[-1].num_listed if made else 0
            params = (index, shapes[index], has_deletion, subset, before)
            made.append(make("data.column", *params, **self._column(data, row, flags)))
        return make("data.row_body", flags, shapes, columns_subset=subset, columns=made, **fields)

    def _column(self, data: Cell | ComplexColumn | None, row: Row, flags: int) -> dict[str, Any]:
        if data is None:
            return {}
        if isinstance(data, Cell):
            return {"cell": self._cell(data, row.liveness)}
        has_deletion = bool(flags & _HAS_COMPLEX_DELETION)
        fields: dict[str, Any] = {
            "num_cells": vint(len(data.cells)),
            "cells": [self._complex_cell(cell, row.liveness) for cell in data.cells],
        }
        if has_deletion:
            fields["deletion"] = self._deletion(data.deletion or _LIVE)
        return {"complex": make("data.complex_column", has_deletion, **fields)}

    def _cell(self, cell: Cell, liveness: LivenessInfo | None) -> Any:
        shape = cell.column.type.shape
        fields: dict[str, Any] = {"header": self._cell_header(cell, liveness)}
        if cell.raw:
            fields["value"] = cell.raw
            if shape < 0:
                fields["len_value"] = vint(len(cell.raw))
        return make("data.cell", shape, **fields)

    def _complex_cell(self, cell: Cell, liveness: LivenessInfo | None) -> Any:
        path = cell.path or b""
        fields: dict[str, Any] = {"len_path": vint(len(path)), "path": path}
        if cell.raw:
            fields["len_value"] = vint(len(cell.raw))
            fields["value"] = cell.raw
        header = self._cell_header(cell, liveness)
        return make("data.complex_cell", header=header, **fields)

    def _cell_header(self, cell: Cell, liveness: LivenessInfo | None) -> Any:
        flags = _cell_flags(cell, liveness)
        fields: dict[str, Any] = {}
        if not flags & _USE_ROW_TIMESTAMP:
            fields["timestamp"] = self._timestamp(cell.timestamp)
        if not flags & _USE_ROW_TTL:
            if flags & (_IS_DELETED | _IS_EXPIRING):
                fields["local_deletion_time"] = self._seconds(cell.local_deletion_time or 0)
            if flags & _IS_EXPIRING:
                fields["ttl"] = self._ttl(cell.ttl or 0)
        return make("data.cell_header", flags=flags, **fields)

    def _marker(self, marker: RangeTombstoneMarker, previous_size: int) -> bytes:
        fields: dict[str, Any] = {"len_previous_unfiltered": vint(previous_size)}
        deletions = [d for d in (marker.close, marker.open) if d is not None]
        for name, deletion in zip(("deletion", "start_deletion"), deletions, strict=False):
            fields[name] = self._deletion(deletion)
        body = make("data.marker_body", marker.kind, **fields)
        shapes = self._clustering_shapes
        bound = make(
            "clustering.bound",
            shapes,
            kind=marker.kind,
            num_values=len(marker.values),
            values=clustering_values(shapes, marker.values),
        )
        length = vint(build.settle(body))
        made = make("data.range_tombstone_marker", shapes, bound=bound, len_body=length, body=body)
        return build.build("data.unfiltered", *self._params, flags=_IS_MARKER, marker=made)

    def _liveness(self, liveness: LivenessInfo) -> Any:
        fields: dict[str, Any] = {"timestamp": self._timestamp(liveness.timestamp)}
        if liveness.ttl is not None:
            fields["ttl"] = self._ttl(liveness.ttl)
            fields["local_expiration_time"] = self._seconds(liveness.local_expiration_time or 0)
        return make("data.liveness_info", liveness.ttl is not None, **fields)

    def _deletion(self, deletion: DeletionTime) -> Any:
        return make(
            "data.deletion_delta",
            marked_for_delete_at=self._timestamp(deletion.marked_for_delete_at),
            local_deletion_time=self._seconds(deletion.local_deletion_time),
        )

    def _timestamp(self, timestamp: int) -> Any:
        return vint(timestamp - self._format.min_timestamp)

    def _seconds(self, time: int) -> Any:
        return vint(wrap_s32(time - self._format.min_local_deletion_time))

    def _ttl(self, ttl: int) -> Any:
        return vint(ttl - self._format.min_ttl)


def _row_flags(row: Row, num_columns: int) -> tuple[int, int]:
    """Flags and extended flags of a row."""
    extended = _IS_STATIC * row.is_static | _HAS_SHADOWABLE_DELETION * row.is_shadowable
    flags = _EXTENSION * bool(extended)
    if row.liveness is not None:
        flags |= _HAS_TIMESTAMP | _HAS_TTL * row.liveness.is_expiring
    flags |= _HAS_DELETION * (row.deletion is not None)
    flags |= _HAS_ALL_COLUMNS * (len(row.columns) == num_columns)
    if any(isinstance(data, ComplexColumn) and data.deletion for data in row.columns):
        flags |= _HAS_COMPLEX_DELETION
    return flags, extended


def _cell_flags(cell: Cell, liveness: LivenessInfo | None) -> int:
    flags = _HAS_EMPTY_VALUE * (not cell.raw)
    if cell.is_tombstone:
        flags |= _IS_DELETED
    elif cell.is_expiring:
        flags |= _IS_EXPIRING
    if liveness is None:
        return flags
    flags |= _USE_ROW_TIMESTAMP * (cell.timestamp == liveness.timestamp)
    own = cell.ttl, cell.local_deletion_time
    if cell.is_expiring and own == (liveness.ttl, liveness.local_expiration_time):
        flags |= _USE_ROW_TTL
    return flags


def _subset(present: list[bool], flags: int) -> Any:
    """Which columns there are; see ``data::columns_subset``."""
    count = len(present)
    if flags & _HAS_ALL_COLUMNS:
        return make("data.columns_subset", count, True)
    if count < _LARGE_SUBSET:
        missing = sum(1 << index for index, here in enumerate(present) if not here)
        return make("data.columns_subset", count, False, missing=vint(missing))
    num_present = sum(present)
    listed = num_present < count // 2
    indexes = [index for index, here in enumerate(present) if here == listed]
    return make(
        "data.columns_subset",
        count,
        False,
        missing=vint(count - num_present),
        indexes=build.vints(indexes),
    )
