"""The Kaitai parser, the Construct parser and the engine see the same partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cqlite import layouts
from cqlite.rows import Cell, ClusteringKind, ComplexColumn, Partition, Row, clustering_values
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture

# A cell as index of its column, path, whether it is a tombstone, value.
_CellView = tuple[int, bytes | None, bool, bytes]
_UnfilteredView = tuple[str, tuple[bytes | None, ...], list[_CellView]]


def _parsed(opened: SSTable, backend: str) -> Iterator[tuple[bytes, list[_UnfilteredView]]]:
    """Straight from the parser's tree, without the engine's reader."""
    params = (opened.descriptor.version.number, *opened.reader.shapes)
    stream = opened.open_data()
    stream.seek(0)
    with layouts.use(backend):
        while stream.tell() < opened.data_length:
            partition = layouts.parse("data.partition", stream, *params)
            views = [_parsed_view(u) for u in partition.unfiltereds if not u.is_end_of_partition]
            yield bytes(partition.header.key), views


def _parsed_view(unfiltered: Any) -> _UnfilteredView:
    if unfiltered.is_marker:
        bound = unfiltered.marker.bound
        return ClusteringKind(bound.kind).name, clustering_values(bound.values), []
    row = unfiltered.row
    kind = "static" if unfiltered.is_static else "row"
    clustering = () if unfiltered.is_static else clustering_values(row.clustering)
    return kind, clustering, list(_parsed_cells(row.body.columns))


def _parsed_cells(columns: list[Any]) -> Iterator[_CellView]:
    for column in columns:
        simple = getattr(column, "cell", None)
        several = getattr(column, "complex", None)
        cells = [simple] if simple is not None else several.cells if several is not None else []
        for cell in cells:
            path, value = getattr(cell, "path", None), getattr(cell, "value", None) or b""
            yield column.index, path, bool(cell.header.is_deleted), bytes(value)


def _read(opened: SSTable) -> Iterator[tuple[bytes, list[_UnfilteredView]]]:
    """The same from the engine."""
    statics = [c.name for c in opened.row_format.static_columns]
    regulars = [c.name for c in opened.row_format.regular_columns]
    for partition in opened:
        views: list[_UnfilteredView] = []
        if partition.static_row is not None:
            views.append(("static", (), _cells(partition.static_row, statics)))
        for unfiltered in partition:
            if isinstance(unfiltered, Row):
                views.append(("row", unfiltered.clustering, _cells(unfiltered, regulars)))
            else:
                views.append((unfiltered.kind.name, unfiltered.values, []))
        yield partition.key, views


def _cells(row: Row, names: list[str]) -> list[_CellView]:
    return [(names.index(c.column.name), c.path, c.is_tombstone, c.raw) for c in row.cells()]


def _without_empty(
    partitions: Iterator[tuple[bytes, list[_UnfilteredView]]],
) -> list[tuple[bytes, list[_UnfilteredView]]]:
    """The engine leaves an empty static row out; the file has it in every partition."""
    return [(key, [v for v in views if v != ("static", (), [])]) for key, views in partitions]


def test_parsers_and_engine_see_the_same(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        kaitai = _without_empty(_parsed(opened, "kaitai"))
        assert kaitai == _without_empty(_parsed(opened, "construct"))
        assert kaitai == _without_empty(_read(opened))


def test_engine_reads_the_same_with_either_backend(sstable: SSTableFixture) -> None:
    def everything() -> list[Any]:
        with SSTable(sstable.data_path) as opened:
            return [_whole(partition) for partition in opened]

    reference = everything()
    with layouts.use("construct"):
        assert everything() == reference


def _whole(partition: Partition) -> tuple[Any, ...]:
    """A partition with everything that the engine says of it, columns by name."""
    rows = [partition.static_row, *partition]
    return partition.key, partition.deletion, partition.position, [_flat(r) for r in rows]


def _flat(unfiltered: Any) -> Any:
    if not isinstance(unfiltered, Row):
        return unfiltered
    columns = [
        (c.column.name, c.deletion, [_cell(x) for x in c.cells])
        if isinstance(c, ComplexColumn)
        else _cell(c)
        for c in unfiltered.columns
    ]
    return unfiltered.clustering, unfiltered.liveness, unfiltered.deletion, columns


def _cell(cell: Cell) -> tuple[Any, ...]:
    return (
        cell.column.name,
        cell.path,
        cell.timestamp,
        cell.ttl,
        cell.local_deletion_time,
        cell.is_tombstone,
        cell.raw,
    )
