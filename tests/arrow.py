"""What Arrow arrays hold, in terms of Cassandra's dumps."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa

from cqlite.types import (
    CqlType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
)


def plain(array: pa.Array) -> list[Any]:
    """An array's values: points in time as integers, maps as lists of pairs."""
    kind = array.type
    if array.offset:
        # The children of a slice would be those of the whole array.
        array = pa.concat_arrays([array, array.slice(0, 0)])
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        return array.view(pa.int64()).to_pylist()
    if pa.types.is_date32(kind):
        return array.view(pa.int32()).to_pylist()
    if pa.types.is_struct(kind):
        children = [plain(array.field(index)) for index in range(kind.num_fields)]
        names = [field.name for field in kind]
        values = [dict(zip(names, row, strict=True)) for row in zip(*children, strict=True)]
    elif pa.types.is_map(kind):
        pairs = list(zip(plain(array.keys), plain(array.items), strict=True))
        values = _cut(pairs, array.offsets)
    elif pa.types.is_list(kind):
        values = _cut(plain(array.values), array.offsets)
    elif pa.types.is_fixed_size_list(kind):
        items, size = plain(array.values), kind.list_size
        values = [items[at * size : (at + 1) * size] for at in range(len(array))]
    else:
        return array.to_pylist()
    return [v if valid else None for v, valid in zip(values, array.is_valid(), strict=True)]


def _cut(items: list[Any], offsets: pa.Array) -> list[Any]:
    ends = offsets.to_pylist()
    return [items[start:end] for start, end in pairwise(ends)]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """A table's rows, values as `plain` has them."""
    found = []
    for batch in table.to_batches():
        columns = [plain(column) for column in batch.columns]
        found += [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns)]  # noqa: B905
    return found


def encoded(value: Any, cql: CqlType) -> bytes:
    """The serialized form of a value of `plain`; not of null."""
    if isinstance(value, bytes):
        return value
    return cql.unwrap().freeze().encode(_python(value, cql))


def _python(value: Any, cql: CqlType) -> Any:
    """What `CqlType.encode` takes, for a value of `plain`."""
    cql = cql.unwrap()
    if value is None:
        return None
    match cql:
        case ListType() | SetType() | VectorType():
            return [_python(item, cql.elements) for item in value]
        case MapType():
            return [(_python(k, cql.keys), _python(v, cql.values)) for k, v in value]
        case TupleType() | UserType():
            return [_python(v, t) for v, t in zip(value.values(), cql.fields, strict=True)]
    if cql.class_name == "DecimalType":
        return Decimal(value)
    if cql.class_name == "IntegerType":
        return int(Decimal(value))
    return value


def loads(text: str) -> Any:
    """JSON with numbers as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


def as_json(value: Any, cql: CqlType) -> Any:
    """A value of `plain` as sstabledump shows one that is in a single cell."""
    if value is None:
        return None
    if cql.is_counter:
        return str(value)
    return loads(cql.unwrap().freeze().to_json(encoded(value, cql)))


def as_cells(value: Any, cql: CqlType) -> Any:
    """A value of `plain` of a column of many cells: a dict of paths and values.

    Lists have numbers for paths, since Arrow does not have their paths.
    """
    if value is None:
        return None
    if isinstance(cql, ListType):
        return dict(enumerate(as_json(item, cql.elements) for item in value))
    if isinstance(cql, SetType):
        return {cql.elements.to_string(encoded(item, cql.elements)): "" for item in value}
    if isinstance(cql, MapType):
        return {
            cql.keys.to_string(encoded(key, cql.keys)): as_json(item, cql.values)
            for key, item in value
        }
    assert isinstance(cql, UserType)
    fields = zip(value.items(), cql.fields, strict=True)
    return {name: as_json(item, field) for (name, item), field in fields if item is not None}
