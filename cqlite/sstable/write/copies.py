"""Partitions that were read from SSTables as fragments, to be sorted with others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqlite.errors import SchemaError
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.rows import (
    Cell,
    ComplexColumn,
    DeletionTime,
    Partition,
    RangeTombstoneMarker,
    Row,
)
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.write.fragments import (
    OF_CLUSTERING,
    OF_PARTITION,
    OF_STATIC_ROW,
    BoundFragment,
    CellFragment,
    ColumnFragment,
    Fragment,
    PartitionFragment,
    RowFragment,
    Times,
)
from cqlite.sstable.write.mutations import Mutation


class PartitionCopier:
    """Makes mutations of partitions of a table.

    Args:
        schema: the table.
    """

    def __init__(self, schema: TableSchema) -> None:
        self._types = [column.type for column in schema.clustering_columns]
        self._static = _by_name(schema.static_columns)
        self._regular = _by_name(schema.regular_columns)

    def mutations(self, partition: Partition) -> Iterator[Mutation]:
        """A mutation for each thing that is in the partition.

        Raises:
            SchemaError: a column is not the table's, or is of another type there.
        """
        for place, fragment in self._fragments(partition):
            yield Mutation(partition.key, [(place, fragment)])

    def _fragments(self, partition: Partition) -> Iterator[tuple[bytes, Fragment]]:
        if partition.deletion is not None:
            yield OF_PARTITION, PartitionFragment(_times(partition.deletion))
        if partition.static_row is not None:
            yield OF_STATIC_ROW, _row(partition.static_row, self._static)
        for unfiltered in partition:
            if isinstance(unfiltered, RangeTombstoneMarker):
                yield from self._bounds(unfiltered)
            else:
                prefix = ClusteringPrefix(unfiltered.clustering)
                place = OF_CLUSTERING + prefix.byte_comparable(self._types)
                yield place, _row(unfiltered, self._regular)

    def _bounds(self, marker: RangeTombstoneMarker) -> Iterator[tuple[bytes, Fragment]]:
        """Where a range ends, and where the next starts."""
        for bound in marker.bounds():
            deletion = marker.open if bound.is_start else marker.close
            assert deletion is not None
            is_before = bound.is_start == bound.is_inclusive
            inclusion = "incl" if bound.is_inclusive else "excl"
            kind = ClusteringKind[f"{inclusion}_{'start' if bound.is_start else 'end'}_bound"]
            place = ClusteringPrefix(bound.values, kind).byte_comparable(self._types)
            fragment = BoundFragment(bound.is_start, is_before, bound.values, _times(deletion))
            yield OF_CLUSTERING + place, fragment


def _by_name(columns: Sequence[ColumnMetadata]) -> dict[str, tuple[int, ColumnMetadata]]:
    return {column.name: (index, column) for index, column in enumerate(columns)}


def _row(row: Row, columns: dict[str, tuple[int, ColumnMetadata]]) -> RowFragment:
    liveness = None
    if row.liveness is not None:
        own = row.liveness
        liveness = own.timestamp, own.ttl, own.local_expiration_time
    made = (_column(data, columns) for data in row.columns)
    deletion = _optional_times(row.deletion)
    return RowFragment(row.clustering, liveness, deletion, tuple(made), row.is_shadowable)


def _column(
    data: Cell | ComplexColumn, columns: dict[str, tuple[int, ColumnMetadata]]
) -> ColumnFragment:
    name, kind = data.column.name, data.column.type.marshal_name
    index, column = columns.get(name, (-1, None))
    if column is None:
        raise SchemaError(f"column {name} is there, which the table does not have")
    if column.type.marshal_name != kind:
        raise SchemaError(
            f"column {name} is of type {kind}, the table's is {column.type.marshal_name}"
        )
    if isinstance(data, ComplexColumn):
        cells = tuple(map(_cell, data.cells))
        return ColumnFragment(index, _optional_times(data.deletion), cells)
    return ColumnFragment(index, None, (_cell(data),))


def _cell(cell: Cell) -> CellFragment:
    return CellFragment(
        cell.path,
        cell.timestamp,
        cell.raw,
        cell.ttl,
        cell.local_deletion_time,
        cell.is_tombstone,
    )


def _optional_times(deletion: DeletionTime | None) -> Times | None:
    return None if deletion is None else _times(deletion)


def _times(deletion: DeletionTime) -> Times:
    return deletion.marked_for_delete_at, deletion.local_deletion_time
