"""CQL types: what the bytes of values mean, how they print and how they sort.

``parse_type`` takes the class strings that SSTables hold. ``CqlType.decode`` gives, and
``encode`` takes back, these Python values:

============================ =====================================================
CQL                          Python
============================ =====================================================
ascii, text                  ``str``
blob, classes unknown        ``bytes``
boolean                      ``bool``
tinyint, smallint, int       ``int``
bigint, varint               ``int``
float, double                ``float``
decimal                      ``decimal.Decimal`` with the value's own scale
uuid, timeuuid               ``uuid.UUID``
inet                         ``ipaddress.IPv4Address`` or ``IPv6Address``
timestamp                    ``datetime.datetime`` in UTC; ``Timestamp``, an ``int`` of
                             milliseconds, outside of the years 1 to 9999
date                         ``datetime.date``; ``Date``, an ``int`` of days since
                             1970, outside of the years 1 to 9999
time                         ``Time``, an ``int`` of nanoseconds since midnight
duration                     ``Duration(months, days, nanoseconds)``
counter                      ``int``, the sum of its shards
list, vector                 ``list``
set                          ``set``; a ``list`` where Python takes elements for equal
                             that CQL does not (0.0 and -0.0)
map                          ``dict``; a ``list`` of pairs in the same case
tuple                        ``tuple``, with None for null and missing fields
user-defined type            named tuple, with None for null and missing fields
CompositeType                ``Composite``
a value without any bytes    ``EMPTY``, but for ascii, text and blob
============================ =====================================================

Inside sets and keys of maps, lists are tuples, sets are frozensets and maps are tuples
of pairs, since they have to be hashable there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cqlite.types.base import EMPTY, CqlType
from cqlite.types.parser import parse_type
from cqlite.types.partitioner import (
    ByteOrderedPartitioner,
    LocalPartitioner,
    Murmur3Partitioner,
    OrderPreservingPartitioner,
    Partitioner,
    RandomPartitioner,
    Token,
    parse_partitioner,
)

if TYPE_CHECKING:
    from cqlite.types.collections import CollectionType, ListType, MapType, SetType
    from cqlite.types.composites import CompositeType, DynamicCompositeType
    from cqlite.types.scalars import BytesType
    from cqlite.types.special import (
        CounterColumnType,
        CustomType,
        PartitionerDefinedOrder,
        ReversedType,
    )
    from cqlite.types.tuples import TupleType, UserType, VectorType
    from cqlite.types.values import (
        Composite,
        CounterShard,
        Date,
        Duration,
        DynamicComponent,
        Time,
        Timestamp,
    )
else:
    _LAZY = {
        **dict.fromkeys(("CollectionType", "ListType", "MapType", "SetType"), "collections"),
        **dict.fromkeys(("CompositeType", "DynamicCompositeType"), "composites"),
        "BytesType": "scalars",
        **dict.fromkeys(("CounterColumnType", "CustomType"), "special"),
        **dict.fromkeys(("PartitionerDefinedOrder", "ReversedType"), "special"),
        **dict.fromkeys(("TupleType", "UserType", "VectorType"), "tuples"),
        **dict.fromkeys(("Composite", "CounterShard", "Date", "Duration"), "values"),
        **dict.fromkeys(("DynamicComponent", "Time", "Timestamp"), "values"),
    }

    def __getattr__(name: str) -> Any:
        """Imports at first use what not every table has."""
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"cqlite.types.{_LAZY[name]}"), name)
        return found


__all__ = [
    "EMPTY",
    "ByteOrderedPartitioner",
    "BytesType",
    "CollectionType",
    "Composite",
    "CompositeType",
    "CounterColumnType",
    "CounterShard",
    "CqlType",
    "CustomType",
    "Date",
    "Duration",
    "DynamicComponent",
    "DynamicCompositeType",
    "ListType",
    "LocalPartitioner",
    "MapType",
    "Murmur3Partitioner",
    "OrderPreservingPartitioner",
    "Partitioner",
    "PartitionerDefinedOrder",
    "RandomPartitioner",
    "ReversedType",
    "SetType",
    "Time",
    "Timestamp",
    "Token",
    "TupleType",
    "UserType",
    "VectorType",
    "parse_partitioner",
    "parse_type",
]
