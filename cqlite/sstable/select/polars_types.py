"""Arrow tables with types that Polars knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqlite.sstable.select.arrow_types import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa


def for_polars(table: pa.Table) -> pa.Table:
    """``table`` with durations as structs, maps as lists and UUIDs as binary, at any depth."""
    columns = [_column(column) for column in table.columns]
    return pyarrow().table(columns, names=table.column_names)


def _column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    pa = pyarrow()
    chunks = [_array(chunk) for chunk in column.chunks]
    return pa.chunked_array(chunks or [_array(pa.array([], column.type))])


def _array(array: pa.Array) -> pa.Array:
    pa = pyarrow()
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return array.storage.cast(pa.binary())
    if pa.types.is_interval(kind):
        return _durations(array)
    if pa.types.is_map(kind):
        entries = pa.StructArray.from_arrays(
            [_array(array.keys), _array(array.items)], ["key", "value"]
        )
        return pa.ListArray.from_arrays(array.offsets, entries, mask=array.is_null())
    if pa.types.is_list(kind):
        return pa.ListArray.from_arrays(array.offsets, _array(array.values), mask=array.is_null())
    if pa.types.is_fixed_size_list(kind):
        return _fixed(array)
    if pa.types.is_struct(kind):
        names = [field.name for field in kind]
        children = [_array(array.field(index)) for index in range(len(names))]
        return pa.StructArray.from_arrays(children, names, mask=array.is_null())
    return array


def _fixed(array: pa.Array) -> pa.Array:
    values = _array(array.values)
    return pyarrow().FixedSizeListArray.from_arrays(
        values, array.type.list_size, mask=array.is_null()
    )


def _durations(array: pa.Array) -> pa.Array:
    pa = pyarrow()
    fields = [("months", pa.int32()), ("days", pa.int32()), ("nanoseconds", pa.int64())]
    values: list[Any] = [
        None if v is None else {name: getattr(v, name) for name, _ in fields}
        for v in array.to_pylist()
    ]
    return pa.array(values, pa.struct(fields))
