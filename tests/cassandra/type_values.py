"""Serialized values of every type, good and bad, and keys for every partitioner.

They are chosen by hand as bytes, so that nothing of what is tested takes part in making them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from tests.cassandra.scalar_values import (
    DATES,
    DURATIONS,
    EMPTY,
    INETS,
    RANDOM,
    TIMES,
    TIMESTAMPS,
    UUIDS,
    decimal,
    decimals,
    doubles,
    duration,
    floats,
    ints,
    texts,
    unsigned_vint,
    varints,
    vint,
)


def _field(value: bytes | None) -> bytes:
    return struct.pack(">i", -1) if value is None else struct.pack(">i", len(value)) + value


def _collection(*values: bytes | None, count: int | None = None) -> bytes:
    return struct.pack(">i", len(values) if count is None else count) + b"".join(
        map(_field, values)
    )


def _tuple(*values: bytes | None) -> bytes:
    return b"".join(map(_field, values))


def _i4(value: int) -> bytes:
    return struct.pack(">i", value)


def _composite(*values: bytes, end: int = 0, static: bool = False) -> bytes:
    out = b"\xff\xff" if static else b""
    for i, value in enumerate(values):
        eoc = end if i == len(values) - 1 else 0
        out += struct.pack(">H", len(value)) + value + struct.pack("b", eoc)
    return out


def _dynamic(*parts: tuple[str, bytes], end: int = 0) -> bytes:
    out = b""
    for i, (kind, value) in enumerate(parts):
        if len(kind) == 1:
            out += struct.pack(">H", 0x8000 | ord(kind))
        else:
            out += struct.pack(">H", len(kind)) + kind.encode()
        out += struct.pack(">H", len(value)) + value
        out += struct.pack("b", end if i == len(parts) - 1 else 0)
    return out


def _shard(node: int, clock: int, count: int) -> bytes:
    return node.to_bytes(16, "big") + struct.pack(">qq", clock, count)


def _counter(header: Iterable[int], *shards: bytes, size: int | None = None) -> bytes:
    header = list(header)
    size = len(header) if size is None else size
    return (
        struct.pack(">h", size) + b"".join(struct.pack(">h", e) for e in header) + b"".join(shards)
    )


def _tuples() -> list[bytes]:
    return [
        EMPTY,
        _tuple(_i4(1), b"a"),
        _tuple(_i4(1), b"b"),
        _tuple(_i4(-1), b"a"),
        _tuple(None, b"a"),
        _tuple(_i4(1), None),
        _tuple(None, None),
        _tuple(_i4(1)),
        _tuple(None),
        _tuple(_i4(1), b""),
        _tuple(b"", b"x:y@z"),
        _tuple(_i4(1), b"a\0b"),
    ]


_UDT = "UserType(ks,61646472,737472656574:UTF8Type,6e6f:Int32Type,4d6978:DoubleType)"
_UDT_VALUES = [
    EMPTY,
    _tuple(b"Main", _i4(5), struct.pack(">d", 1.5)),
    _tuple(b"Main", _i4(5)),
    _tuple(b"Main", _i4(5), None),
    _tuple(None, None, None),
    _tuple(b"", b"", b""),
    _tuple(b'a"b', _i4(-1), struct.pack(">d", 1e10)),
    _tuple(b"Main"),
]

BAD_LISTS = [
    EMPTY,
    b"\0\0\0\1",
    b"\xff\xff\xff\xff",
    _collection(None),
    _collection(_i4(1)) + b"x",
    _collection(_i4(1), count=2),
    _collection(b"ab"),
    b"\0\0",
]

_REST = [b"\0", b"\1", b"\2", b"\xff", b"\0\0"]

TYPES: dict[str, list[bytes]] = {
    "AsciiType": [t for t in texts() if max(t, default=0) < 128] + [b"\x80"],
    "UTF8Type": [*texts(), b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"],
    "BytesType": [*texts(), b"\xff\x00\xff", b"\0\0\0\0"],
    "BooleanType": [EMPTY, *_REST],
    "ByteType": [*ints(1), b"\0\0"],
    "ShortType": [*ints(2), b"\0"],
    "Int32Type": [*ints(4), b"\0"],
    "LongType": [*ints(8), b"\0"],
    "IntegerType": varints(),
    "DecimalType": [*decimals(), b"\0\0", b"\0\0\0\0"],
    "FloatType": floats(),
    "DoubleType": doubles(),
    "UUIDType": [*UUIDS, b"\0"],
    "TimeUUIDType": [*UUIDS, b"\0"],
    "LegacyTimeUUIDType": UUIDS,
    "LexicalUUIDType": UUIDS,
    "InetAddressType": [*INETS, b"\0"],
    "TimestampType": [*TIMESTAMPS, b"\0"],
    "DateType": TIMESTAMPS,
    "SimpleDateType": [*DATES, b"\0"],
    "TimeType": [*TIMES, b"\0"],
    "DurationType": [
        EMPTY,
        *DURATIONS,
        b"\0",
        b"\0\0",
        duration(1, -1, 0),
        vint(2**40) + b"\0\0",
        duration(1, 2, 3) + b"x",
    ],
    "EmptyType": [EMPTY, b"\0"],
    "CounterColumnType": [
        EMPTY,
        struct.pack(">q", 5),
        _counter([-32768], _shard(1, 1, 5)),
        _counter([-32768, -32767], _shard(1, 1, 5), _shard(2, 3, -7)),
        _counter([0], _shard(1, 1, 5)),
        _counter([], _shard(1, 1, 5)),
        _counter([0], _shard(1, 1, 5), size=-1),
        b"\0",
        _counter([]),
    ],
    "ListType(Int32Type)": [
        _collection(),
        _collection(_i4(1)),
        _collection(_i4(1), _i4(-2)),
        _collection(_i4(2)),
        _collection(b""),
        _collection(_i4(1), None),
        *BAD_LISTS,
    ],
    "FrozenType(ListType(UTF8Type))": [
        _collection(),
        _collection(b"a"),
        _collection(b"a", b'b"c'),
        _collection(b""),
        _collection(b"", b""),
        _collection(b"b"),
        EMPTY,
    ],
    "SetType(UTF8Type)": [_collection(), _collection(b"a"), _collection(b"a", b"b"), *BAD_LISTS],
    "FrozenType(SetType(DoubleType))": [
        _collection(),
        _collection(struct.pack(">d", 1e10)),
        _collection(struct.pack(">d", -0.0), struct.pack(">d", 0.0)),
    ],
    "MapType(Int32Type,UTF8Type)": [
        _collection(),
        _collection(_i4(1), b"a", count=1),
        _collection(_i4(1), b"b", count=1),
        _collection(_i4(1), b"a", _i4(2), b"", count=2),
        *BAD_LISTS,
    ],
    "FrozenType(MapType(UTF8Type,BytesType))": [
        _collection(b'k"', b"\1", count=1),
        _collection(b'k"', b"\2", count=1),
        EMPTY,
    ],
    "FrozenType(MapType(TupleType(Int32Type,UTF8Type),ListType(LongType)))": [
        _collection(_tuple(_i4(1), b'a"\\'), _collection(struct.pack(">q", 1)), count=1),
        _collection(_tuple(None, b"a"), _collection(), count=1),
    ],
    "MapType(DoubleType,FrozenType(SetType(UUIDType)))": [
        _collection(struct.pack(">d", float("nan")), _collection(UUIDS[1]), count=1),
        _collection(struct.pack(">d", 0.5), _collection(), count=1),
    ],
    "FrozenType(ListType(FrozenType(ListType(FrozenType(SetType(SimpleDateType))))))": [
        _collection(_collection(_collection(DATES[1], DATES[2])))
    ],
    "TupleType(Int32Type,UTF8Type)": [
        *_tuples(),
        _tuple(_i4(1), b"a", b"b"),
        b"\0\0",
        _tuple(b"\1"),
    ],
    "TupleType(UUIDType,FrozenType(TupleType(Int32Type,UTF8Type)),DecimalType)": [
        _tuple(UUIDS[1], _tuple(_i4(1), b"a:b"), decimal(15, 1)),
        _tuple(UUIDS[1], _tuple(None, None), None),
        _tuple(UUIDS[1], b"", b""),
    ],
    _UDT: [*_UDT_VALUES, _tuple(b"", b"", b"", b"")],
    f"FrozenType({_UDT})": _UDT_VALUES,
    f"ListType(FrozenType({_UDT}))": [_collection(_UDT_VALUES[1], _UDT_VALUES[2])],
    f"UserType(Ks2,4d795f54797065,61:FrozenType({_UDT}),62:ListType(Int32Type))": [
        _tuple(_UDT_VALUES[1], _collection(_i4(3))),
        _tuple(None, _collection()),
    ],
    "VectorType(FloatType , 3)": [
        EMPTY,
        struct.pack(">fff", 1, 2, 3),
        struct.pack(">fff", -1, 0, 1e10),
        struct.pack(">fff", -0.0, 0, 0),
        struct.pack(">ff", 1, 2),
        struct.pack(">ffff", 1, 2, 3, 4),
    ],
    "VectorType(Int32Type,2)": [
        struct.pack(">ii", 1, 2),
        struct.pack(">ii", -1, 2),
        struct.pack(">ii", 1, -2),
    ],
    "VectorType(SimpleDateType , 2)": [b"\4" + DATES[1] + b"\4" + DATES[3]],
    "VectorType(UTF8Type , 2)": [
        b"\1a\1b",
        b"\0\0",
        b"\1a\2bc",
        b"\2ab\0",
        b"\1a",
        b"\1a\1b\1c",
        EMPTY,
        b"\5a",
    ],
    "VectorType(FrozenType(ListType(Int32Type)) , 1)": [
        unsigned_vint(len(v)) + v
        for v in (_collection(), _collection(_i4(1)), _collection(_i4(-1), _i4(2)))
    ],
    "VectorType(VectorType(FloatType , 2) , 2)": [struct.pack(">ffff", 1, 2, 3, 4)],
    "VectorType(BooleanType , 3)": [b"\0\1\2", b"\1\1\1"],
    "VectorType(LongType , 1)": [struct.pack(">q", v) for v in (0, -1, 2**40)],
    "VectorType(TimestampType , 1)": [struct.pack(">q", 0)],
    "ReversedType(Int32Type)": ints(4),
    "ReversedType(UTF8Type)": texts(),
    "ReversedType(TimeUUIDType)": UUIDS,
    "ReversedType(DecimalType)": decimals(),
    "ReversedType(FrozenType(ListType(Int32Type)))": [
        _collection(),
        _collection(_i4(1)),
        _collection(_i4(2)),
        EMPTY,
    ],
    "ReversedType(BytesType)": texts(),
    "CompositeType(Int32Type,UTF8Type)": [
        EMPTY,
        _composite(_i4(1), b"a"),
        _composite(_i4(1), b"b"),
        _composite(_i4(-1), b"a"),
        _composite(_i4(1)),
        _composite(_i4(1), end=1),
        _composite(_i4(1), end=-1),
        _composite(_i4(1), b"a:b!"),
        _composite(b"", b""),
        _composite(_i4(1), b"a", static=True),
        _composite(_i4(1), b"a", b"x"),
        b"\0",
        b"\0\4\0\0\0\1",
        _composite(_i4(1), b"a\\"),
        _composite(b"\1", b"a"),
        b"\0\1",
        _composite(_i4(1), b"a", end=1) + b"\0",
    ],
    "CompositeType(UTF8Type,ReversedType(LongType),FrozenType(ListType(UTF8Type)))": [
        _composite(b"a", struct.pack(">q", 5), _collection(b"x")),
        _composite(b"a", struct.pack(">q", 6), _collection()),
        _composite(b"a", struct.pack(">q", 5)),
        _composite(b"a"),
    ],
    "DynamicCompositeType(a=>AsciiType,i=>Int32Type,r=>ReversedType(Int32Type))": [
        EMPTY,
        _dynamic(("a", b"x"), ("i", _i4(1))),
        _dynamic(("a", b"x"), ("i", _i4(2))),
        _dynamic(("i", _i4(1))),
        _dynamic(("UTF8Type", b"x")),
        _dynamic(("a", b"x"), ("r", _i4(1))),
        _dynamic(
            ("org.apache.cassandra.db.marshal.LongType", struct.pack(">q", 5)), ("a", b"q"), end=1
        ),
        _dynamic(("ReversedType(Int32Type)", _i4(7))),
        _dynamic(("z", b"x")),
        b"\0",
        b"\x80a\0",
        _dynamic(("NoSuchType", b"")),
    ],
    "PartitionerDefinedOrder": [b"a", b"b", EMPTY],
    "PartitionerDefinedOrder(org.apache.cassandra.dht.ByteOrderedPartitioner)": [b"a", b"b", EMPTY],
    "PartitionerDefinedOrder(org.apache.cassandra.dht.Murmur3Partitioner:UTF8Type)": [
        b"a",
        b"b",
        b"c",
    ],
    "FrozenType(UTF8Type)": [b"a"],
    "FrozenType(TupleType(ListType(Int32Type)))": [_tuple(_collection(_i4(1)))],
    "TupleType(ListType(Int32Type),MapType(Int32Type,SetType(UTF8Type)))": [
        _tuple(_collection(_i4(1)))
    ],
    "MapType(UTF8Type,ListType(Int32Type))": [_collection(b"a", _collection(), count=1)],
    "ListType(TupleType(UTF8Type,TimestampType))": [_collection(_tuple(b"a", TIMESTAMPS[1]))],
    " UTF8Type ": [b"a"],
    "": [b"a"],
    "UTF8Type(reversed=true)": [b"a"],
    "UTF8Type()": [b"a"],
    "org.apache.cassandra.db.marshal.MapType( UTF8Type , Int32Type )": [_collection()],
    "ListType": [],
    "MapType(UTF8Type)": [],
    "NoSuchType": [],
    "ListType(": [],
    "UserType(ks)": [],
    "VectorType(FloatType)": [],
    "VectorType(FloatType , 0)": [],
    "SetType(UTF8Type,Int32Type)": [],
    "FrozenType": [],
    "ReversedType": [],
    "CompositeType": [],
    "com.example.CustomType": [],
}

_KEYS = [
    EMPTY,
    b"a",
    b"b",
    b"\0",
    b"\xff" * 20,
    *(RANDOM.randbytes(n) for n in range(1, 40)),
    b"z" * 100,
]

PARTITIONERS: dict[str, list[bytes]] = {
    "org.apache.cassandra.dht.Murmur3Partitioner": _KEYS,
    "RandomPartitioner": _KEYS,
    "ByteOrderedPartitioner": _KEYS,
    "OrderPreservingPartitioner": [b"", b"a", b"b", "ü".encode(), b"\xff"],
    "LocalPartitioner(UTF8Type)": [b"", b"a", b"b", b"\0"],
    "LocalPartitioner(Int32Type)": [b"", _i4(1), _i4(-1)],
    "LocalPartitioner(CompositeType(UTF8Type,Int32Type))": [
        _composite(b"a", _i4(1)),
        _composite(b"a", _i4(-1)),
    ],
}
