"""The latest state of small tables: all SSTables of a table merged in memory.

Enough for the schema tables, which are read before there is a table with a schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cqlite.rows import Cell, Partition
from cqlite.rows.live import LiveCells, deleted_up_to, is_live, live_cells
from cqlite.rows.merge import merge_partitions
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.sstable import SSTable


def latest_rows(
    sstables: Iterable[SSTable], schema: TableSchema, now: int
) -> Iterator[dict[str, Any]]:
    """The live rows of the table that ``sstables`` hold, as dicts by column name.

    Args:
        sstables: all SSTables of one table, opened with its schema.
        schema: that schema.
        now: seconds since 1970, by which cells with a time to live have expired or not.

    Yields:
        decoded values by column name, key columns and static columns among them;
        columns without a value are absent.
    """
    versions: dict[bytes, list[Partition]] = {}
    for sstable in sstables:
        for partition in sstable:
            # The file goes on; what is read of it stays.
            partition.unfiltereds = iter(list(partition))
            versions.setdefault(partition.key, []).append(partition)
    types = [column.type for column in schema.clustering_columns]
    for found in versions.values():
        yield from _live_rows(schema, merge_partitions(found, types), now)


def _live_rows(schema: TableSchema, partition: Partition, now: int) -> Iterator[dict[str, Any]]:
    keys = _values(schema.partition_key, schema.split_key(partition.key))
    static = partition.static_row
    statics = {} if static is None else _decoded(live_cells(static, now))
    for row in partition.rows():
        cells = live_cells(row, now)
        if cells or is_live(row.liveness, deleted_up_to(row.deletion), now):
            clustering = _values(schema.clustering_columns, row.clustering)
            yield keys | clustering | statics | _decoded(cells)


def _values(columns: Sequence[ColumnMetadata], values: Sequence[bytes | None]) -> dict[str, Any]:
    return {
        column.name: None if value is None else column.type.decode(value)
        for column, value in zip(columns, values, strict=True)
    }


def _decoded(cells: LiveCells) -> dict[str, Any]:
    """Values by column; the cells of a complex column become one collection."""
    values: dict[str, Any] = {}
    for name, found in cells.items():
        if isinstance(found, Cell):
            values[name] = found.value
        else:
            column_type = found[0].column.type
            packed = column_type.pack((cell.path or b"", cell.raw) for cell in found)
            values[name] = column_type.freeze().decode(packed)
    return values
