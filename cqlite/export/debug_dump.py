"""The notation of sstabledump's ``-d``: one line for each row, as Cassandra prints them.

Follows ``SSTableExport`` and the ``toString`` methods that it calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from cqlite.errors import InvalidValueError
from cqlite.rows import (
    Cell,
    ComplexColumn,
    DeletionTime,
    LivenessInfo,
    Partition,
    RangeTombstoneMarker,
    Row,
)
from cqlite.schema import TableSchema
from cqlite.types import CqlType, UserType

_NO_TIMESTAMP = -0x8000000000000000


def write_debug(out: TextIO, schema: TableSchema, partitions: Iterable[Partition]) -> None:
    """Writes ``partitions`` to ``out``, a line for each deletion, row and marker."""
    for partition in partitions:
        for line in _partition(schema, partition):
            out.write(line + "\n")


def _partition(schema: TableSchema, partition: Partition) -> Iterator[str]:
    key = schema.key_string(partition.key)
    position = partition.unfiltered_position
    if partition.deletion is not None:
        yield f"[{key}]@{position} {_deletion(partition.deletion)}"
    if partition.static_row is not None:
        yield f"[{key}]@{position} {_row(schema, partition.static_row)}"
    for unfiltered in partition:
        if isinstance(unfiltered, Row):
            text = _row(schema, unfiltered)
        else:
            text = _marker(schema, unfiltered)
        yield f"[{key}]@{position} {text}"
        position = unfiltered.position + unfiltered.size


def _row(schema: TableSchema, row: Row) -> str:
    deletion = ""
    if row.deletion is not None:
        deletion = f" del={_deletion(row.deletion)}{'(shadowable)' if row.is_shadowable else ''}"
    if row.is_static:
        clustering = "STATIC"
    else:
        columns = zip(schema.clustering_columns, row.clustering, strict=True)
        clustering = ", ".join(
            "null" if value is None else column.type.to_cql_literal(value)
            for column, value in columns
        )
    cells = ", ".join(_column(column) for column in row.columns)
    return f"Row[info={_liveness(row.liveness)}{deletion} ]: {clustering} | {cells}"


def _column(column: Cell | ComplexColumn) -> str:
    if isinstance(column, Cell):
        return _cell(column)
    deletion = ""
    if column.deletion is not None:
        deletion = f"del({column.column.name})={_deletion(column.deletion)}"
    return deletion + "".join(f", {_cell(cell)}" for cell in column.cells)


def _cell(cell: Cell) -> str:
    name, cell_type = cell.column.name, cell.column.type
    if cell_type.is_counter and not cell.is_tombstone:
        return f"[{name}={cell.value} ts={cell.timestamp}]"
    value_type = cell_type
    if cell.path is not None and not isinstance(cell_type, UserType):
        name = f"{name}[{cell_type.path_string(cell.path)}]"
        value_type = cell_type.cell_type(cell.path)
    if cell.is_tombstone:
        return f"[{name}=<tombstone> {_times(cell)}]"
    return f"[{name}={_safe_string(value_type, cell.raw)} {_times(cell)}]"


def _safe_string(value_type: CqlType, value: bytes) -> str:
    """Follows ``AbstractCell.safeToString``, which takes a UDT's field for a whole UDT."""
    try:
        return value_type.to_string(value)
    except InvalidValueError:
        return "0x" + value.hex()


def _times(cell: Cell) -> str:
    if cell.is_expiring:
        return f"ts={cell.timestamp} ttl={cell.ttl} ldt={cell.local_deletion_time}"
    if cell.is_tombstone:
        return f"ts={cell.timestamp} ldt={cell.local_deletion_time}"
    return f"ts={cell.timestamp}"


def _liveness(liveness: LivenessInfo | None) -> str:
    if liveness is None:
        return f"[ts={_NO_TIMESTAMP}]"
    if liveness.is_expiring:
        return f"[ts={liveness.timestamp} ttl={liveness.ttl}, let={liveness.local_expiration_time}]"
    return f"[ts={liveness.timestamp}]"


def _deletion(deletion: DeletionTime) -> str:
    return (
        f"deletedAt={deletion.marked_for_delete_at}, localDeletion={deletion.local_deletion_time}"
    )


def _marker(schema: TableSchema, marker: RangeTombstoneMarker) -> str:
    columns = zip(schema.clustering_columns, marker.values, strict=False)
    values = ", ".join(
        "null" if value is None else column.type.to_string(value) for column, value in columns
    )
    deletions = "-".join(
        f"{deletion.marked_for_delete_at}/{deletion.local_deletion_time}"
        for deletion in (marker.close, marker.open)
        if deletion is not None
    )
    return f"Marker {marker.kind.name.upper()}({values})@{deletions}"
