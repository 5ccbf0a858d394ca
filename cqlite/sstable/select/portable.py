"""Arrow arrays with types that Polars and Parquet know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cqlite.sstable.select.arrow_types import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Portable:
    """Replaces types, at any depth; durations always become structs.

    Attributes:
        maps_as_lists: maps become lists of structs of ``key`` and ``value``.
        uuids_as_binary: UUIDs become binary.
    """

    maps_as_lists: bool = False
    uuids_as_binary: bool = False

    def table(self, table: pa.Table) -> pa.Table:
        """``table`` with types replaced."""
        pa = pyarrow()
        batches = [self.batch(batch) for batch in table.to_batches()]
        return pa.Table.from_batches(batches, self.schema(table.schema))

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with types replaced."""
        columns = [self._array(column) for column in batch.columns]
        return pyarrow().RecordBatch.from_arrays(columns, schema=self.schema(batch.schema))

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """``schema`` with types replaced."""
        pa = pyarrow()
        return pa.schema([pa.field(field.name, self._type(field.type)) for field in schema])

    def _type(self, kind: pa.DataType) -> pa.DataType:
        pa = pyarrow()
        if isinstance(kind, pa.BaseExtensionType):
            return pa.binary() if self.uuids_as_binary else kind
        if pa.types.is_interval(kind):
            return pa.struct(
                [("months", pa.int32()), ("days", pa.int32()), ("nanoseconds", pa.int64())]
            )
        if pa.types.is_map(kind):
            return self._map_type(kind)
        if pa.types.is_list(kind):
            return pa.list_(self._type(kind.value_type))
        if pa.types.is_fixed_size_list(kind):
            return pa.list_(self._type(kind.value_type), kind.list_size)
        if pa.types.is_struct(kind):
            return pa.struct([(field.name, self._type(field.type)) for field in kind])
        return kind

    def _map_type(self, kind: pa.DataType) -> pa.DataType:
        pa = pyarrow()
        key, value = self._type(kind.key_type), self._type(kind.item_type)
        if not self.maps_as_lists:
            return pa.map_(key, value)
        return pa.list_(pa.struct([("key", key), ("value", value)]))

    def _array(self, array: pa.Array) -> pa.Array:
        pa = pyarrow()
        old, new = array.type, self._type(array.type)
        if old == new:
            return array
        array = without_offset(array)
        if isinstance(old, pa.BaseExtensionType):
            return array.storage.cast(new)
        if pa.types.is_interval(old):
            return _durations(array, new)
        mask = array.is_null()
        if pa.types.is_map(old):
            keys, items = self._array(array.keys), self._array(array.items)
            if not self.maps_as_lists:
                return pa.MapArray.from_arrays(array.offsets, keys, items, type=new, mask=mask)
            entries = pa.StructArray.from_arrays([keys, items], fields=list(new.value_type))
            return pa.ListArray.from_arrays(array.offsets, entries, type=new, mask=mask)
        if pa.types.is_struct(old):
            fields = [self._array(array.field(index)) for index in range(old.num_fields)]
            return pa.StructArray.from_arrays(fields, fields=list(new), mask=mask)
        if pa.types.is_list(old):
            values = self._array(array.values)
            return pa.ListArray.from_arrays(array.offsets, values, type=new, mask=mask)
        values = self._array(array.values.slice(0, len(array) * old.list_size))
        return pa.FixedSizeListArray.from_arrays(values, type=new, mask=mask)


def _durations(array: pa.Array, new: pa.DataType) -> pa.Array:
    names = [field.name for field in new]
    values: list[Any] = [
        None if value is None else {name: getattr(value, name) for name in names}
        for value in array.to_pylist()
    ]
    return pyarrow().array(values, new)


def without_offset(array: pa.Array) -> pa.Array:
    """``array`` such that what it consists of starts where it does itself.

    pyarrow gives the whole children of an array that is a slice of another one.
    """
    return array if not array.offset else pyarrow().concat_arrays([array, array.slice(0, 0)])


FOR_POLARS = Portable(maps_as_lists=True, uuids_as_binary=True)
"""Types that Polars has."""

FOR_PARQUET = Portable()
"""Types that Parquet has."""
