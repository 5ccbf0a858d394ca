"""Writes tests/unit/type_vectors.json: what Cassandra says about values of every type.

Run it to make the vectors anew; it needs Java and the jars of cassandra-all 5.0.6::

    python -m tests.cassandra.type_vectors LIB JVM_OPTIONS

LIB is a folder with the jars, JVM_OPTIONS a file with the flags that Cassandra needs.
The values are deterministic. They are chosen here by hand as bytes, so that nothing of
what is tested takes part in making them.
"""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "unit" / "type_vectors.json"
CASSANDRA = "5.0.6"
MADE_BY = "tests/cassandra/type_vectors.py"

EMPTY = b""
_RANDOM = random.Random(20250601)


def _ints(size: int) -> list[bytes]:
    top = 1 << (8 * size - 1)
    numbers = {0, 1, -1, 2, -2, 63, 64, -64, -65, 127, -128, top - 1, -top, top // 3}
    if size > 1:
        numbers |= {128, -129, 255, 256, -256, -257, 8191, 8192, -8192, -8193}
    if size > 2:
        numbers |= {
            sign * (1 << bits) + d
            for bits in range(13, 8 * size - 1, 7)
            for sign in (1, -1)
            for d in (-1, 0, 1)
        }
    good = sorted(n for n in numbers if -top <= n < top)
    return [EMPTY, *(n.to_bytes(size, "big", signed=True) for n in good)]


def _floats() -> list[bytes]:
    values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.001,
        0.002,
        0.0009999,
        0.01,
        0.1,
        9999999.0,
        1e7,
        12345678.0,
        1e10,
        1.0e23,
        1.5,
        3.4028234663852886e38,
        1.17549435e-38,
        1.4e-45,
        4.2e-45,
        2.0e-3,
        123.456,
        100.0,
        33554432.0,
        16777216.0,
        8388608.5,
        1.1e-10,
        float("inf"),
        float("-inf"),
        float("nan"),
        2e-44,
        3.3e-40,
    ]
    packed = [struct.pack(">f", v) for v in values]
    packed += [
        bytes.fromhex(h) for h in ("ffc00000", "7fc00001", "7f7fffff", "00800000", "007fffff")
    ]
    packed += [_RANDOM.randbytes(4) for _ in range(160)]
    packed += [struct.pack(">f", _RANDOM.uniform(-1e6, 1e6)) for _ in range(60)]
    packed += [struct.pack(">f", 2.0**e) for e in range(-148, 127, 11)]
    return [EMPTY, *packed]


def _doubles() -> list[bytes]:
    values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.001,
        2.0e-3,
        0.0009999,
        0.01,
        0.1,
        9999999.0,
        1e7,
        1e10,
        12345678.9,
        1e22,
        1e23,
        2e23,
        8.41e21,
        2.2250738585072014e-308,
        4.9e-324,
        1e-323,
        1.7976931348623157e308,
        123.456,
        100.0,
        9007199254740992.0,
        9007199254740993e3,
        4.35,
        0.3,
        1 / 3,
        2 / 3,
        1e-5,
        5e-324 * 3,
        2.0**63,
        2.0**62,
        2.0**64,
        1.1e-10,
        float("inf"),
        float("-inf"),
        float("nan"),
        1.0e23,
        2.2e-322,
        9.5367431640625e-07,
    ]
    packed = [struct.pack(">d", v) for v in values]
    packed += [bytes.fromhex(h) for h in ("fff8000000000000", "7ff8000000000001")]
    packed += [_RANDOM.randbytes(8) for _ in range(160)]
    packed += [struct.pack(">d", _RANDOM.uniform(-1e6, 1e6)) for _ in range(60)]
    packed += [struct.pack(">d", float(_RANDOM.randrange(10**18))) for _ in range(30)]
    packed += [struct.pack(">d", round(_RANDOM.uniform(-100, 100), 2)) for _ in range(30)]
    packed += [struct.pack(">d", 2.0**e) for e in range(-1074, 1024, 61)]
    return [EMPTY, *packed]


def _texts() -> list[bytes]:
    texts = [
        "",
        "a",
        "A",
        "abc",
        "with 'quotes' and \"double\" ones",
        "back\\slash",
        "tab\tnl\ncr\r",
        "nul\0in",
        "bell\x07\x1f\x7f",
        "slash/",
        "ünïcödé",
        "日本語",
        "𝄞 clef",
        "a:b@c!",
        "x\\",
        "y!",
        "\u2028\u2029",
        "\u00a0",
        "<&>",
        "null",
    ]
    return [t.encode() for t in texts] + [b"\0", b"\0\0", b"a\0", b"a\0\0b"]


_UUIDS = [
    EMPTY,
    *(
        bytes.fromhex(h)
        for h in (
            "00000000000000000000000000000000",
            "ffffffffffffffffffffffffffffffff",
            "3b1f1d30e53c11f1929c4bad2c452306",
            "3b1f1d31e53c11f1929c4bad2c452306",
            "3b1f1d30e53c11f1129c4bad2c452306",
            "3b1f1d30e53c11f1929ccbad2c452306",
            "3b1f1d30e53c21f1929c4bad2c452306",
            "00000000000010000000000000000000",
            "ffffffffffff1fffffffffffffffffff",
            "13814000 1dd2 11b2 8080 808080808080".replace(" ", ""),
            "f47ac10b58cc4372a5670e02b2c3d479",
            "047ac10b58cc4372a5670e02b2c3d479",
            "f47ac10b58cc4372f5670e02b2c3d479",
            "017f22e279b07cc398c4dc0c0c07398f",
            "3b1f1d30e53c11f1ff7f80007f80ff00",
        )
    ),
]

_MILLIS = [
    0,
    1,
    -1,
    999,
    1000,
    1735689599999,
    -62135596800000,
    -62135596800001,
    253402300799999,
    253402300800000,
    -62198755200000,
    -62167219200000,
    -62167219200001,
    -377705116800000,
    951782400000,
    2**63 - 1,
    -(2**63),
    32503680000123,
]
_TIMESTAMPS = [EMPTY, *(struct.pack(">q", v) for v in _MILLIS)]

_DAYS = [
    2**31,
    2**31 + 1,
    2**31 - 1,
    2**31 + 20000,
    0,
    2**32 - 1,
    2**31 + 2932896,
    2**31 + 2932897,
    2**31 - 719162,
    2**31 - 719163,
    2**31 - 719528,
    2**31 - 719529,
    2**31 - 800000,
]
_DATES = [EMPTY, *(struct.pack(">I", v) for v in _DAYS)]

_DAY = 86400 * 10**9
_TIMES = [
    EMPTY,
    *(
        struct.pack(">q", v)
        for v in (
            0,
            1,
            999,
            1000,
            10**6,
            10**9 - 1,
            10**9,
            45296789012345,
            _DAY - 1,
            12 * 3600 * 10**9,
        )
    ),
]


def _unsigned_vint(value: int) -> bytes:
    extra = next((n for n in range(8) if value < 1 << (7 * (n + 1))), 8)
    if extra == 8:
        return b"\xff" + value.to_bytes(8, "big")
    return (((0xFF00 >> extra) & 0xFF) << (8 * extra) | value).to_bytes(extra + 1, "big")


def _vint(value: int) -> bytes:
    return _unsigned_vint((value << 1 ^ value >> 63) & 0xFFFFFFFFFFFFFFFF)


def _duration(months: int, days: int, nanos: int) -> bytes:
    return _vint(months) + _vint(days) + _vint(nanos)


_DURATIONS = [
    _duration(*d)
    for d in (
        (0, 0, 0),
        (1, 2, 3),
        (-1, -2, -3),
        (12, 0, 0),
        (13, 31, 3600 * 10**9),
        (0, 0, 1),
        (0, 0, -1),
        (2**31 - 1, 2**31 - 1, 2**63 - 1),
        (-(2**31) + 1, -(2**31) + 1, -(2**63) + 1),
        (0, 7, 90061001002003),
        (25, 0, 999999),
        (0, 0, 60 * 10**9),
        (0, 1, 0),
    )
]


def _varint(value: int, pad: int = 0) -> bytes:
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1 + pad
    return value.to_bytes(size, "big", signed=True)


def _varints() -> list[bytes]:
    numbers = [0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 2**31, -(2**31) - 1]
    for bits in (39, 47, 48, 49, 55, 56, 57, 62, 63, 64, 70, 100, 1000, 8200):
        numbers += [2**bits, -(2**bits), 2**bits - 1, -(2**bits) - 1]
    packed = [_varint(n) for n in numbers] + [_varint(n, pad=2) for n in (0, -1, 300, -300)]
    return [EMPTY, *packed]


def _decimal(unscaled: int, scale: int, pad: int = 0) -> bytes:
    return struct.pack(">i", scale) + _varint(unscaled, pad)


def _decimals() -> list[bytes]:
    pairs = [
        (0, 0),
        (0, 5),
        (0, -5),
        (1, 0),
        (-1, 0),
        (10, 1),
        (100, 2),
        (1, 1),
        (-1, 1),
        (123, 2),
        (12345678901234567890123, 10),
        (-12345678901234567890123, 10),
        (1, 6),
        (1, 7),
        (123, 9),
        (1, -3),
        (123, -5),
        (-123, -5),
        (5, 20),
        (10**40, 0),
        (10**40, 39),
        (99, 0),
        (999, 1),
        (-999, 1),
        (1, 1000),
        (1, -1000),
        (7, 2**20),
        (7, -(2**20)),
        (0, 2**31 - 1),
        (100, 0),
        (1, 2**31 - 1),
        (1, -(2**31)),
        (-1, -(2**31)),
        (12, 3),
        (-5, 1),
        (50, 2),
    ]
    return [EMPTY, *(_decimal(*p) for p in pairs), _decimal(300, 2, pad=3)]


_INETS = [
    EMPTY,
    *(
        bytes.fromhex(h)
        for h in (
            "7f000001",
            "00000000",
            "ffffffff",
            "c0a80001",
            "00000000000000000000000000000001",
            "20010db8000000000000000000000001",
            "00000000000000000000ffff7f000001",
            "fe800000000000000000000000000abc",
            "00000000000000000000000000000000",
            "20010db800000000000100000000000f",
            "000000000000000000000000c0a80001",
        )
    ),
]


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
    "AsciiType": [t for t in _texts() if max(t, default=0) < 128] + [b"\x80"],
    "UTF8Type": [*_texts(), b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"],
    "BytesType": [*_texts(), b"\xff\x00\xff", b"\0\0\0\0"],
    "BooleanType": [EMPTY, *_REST],
    "ByteType": [*_ints(1), b"\0\0"],
    "ShortType": [*_ints(2), b"\0"],
    "Int32Type": [*_ints(4), b"\0"],
    "LongType": [*_ints(8), b"\0"],
    "IntegerType": _varints(),
    "DecimalType": [*_decimals(), b"\0\0", b"\0\0\0\0"],
    "FloatType": _floats(),
    "DoubleType": _doubles(),
    "UUIDType": [*_UUIDS, b"\0"],
    "TimeUUIDType": [*_UUIDS, b"\0"],
    "LegacyTimeUUIDType": _UUIDS,
    "LexicalUUIDType": _UUIDS,
    "InetAddressType": [*_INETS, b"\0"],
    "TimestampType": [*_TIMESTAMPS, b"\0"],
    "DateType": _TIMESTAMPS,
    "SimpleDateType": [*_DATES, b"\0"],
    "TimeType": [*_TIMES, b"\0"],
    "DurationType": [
        EMPTY,
        *_DURATIONS,
        b"\0",
        b"\0\0",
        _duration(1, -1, 0),
        _vint(2**40) + b"\0\0",
        _duration(1, 2, 3) + b"x",
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
        _collection(struct.pack(">d", float("nan")), _collection(_UUIDS[1]), count=1),
        _collection(struct.pack(">d", 0.5), _collection(), count=1),
    ],
    "FrozenType(ListType(FrozenType(ListType(FrozenType(SetType(SimpleDateType))))))": [
        _collection(_collection(_collection(_DATES[1], _DATES[2])))
    ],
    "TupleType(Int32Type,UTF8Type)": [
        *_tuples(),
        _tuple(_i4(1), b"a", b"b"),
        b"\0\0",
        _tuple(b"\1"),
    ],
    "TupleType(UUIDType,FrozenType(TupleType(Int32Type,UTF8Type)),DecimalType)": [
        _tuple(_UUIDS[1], _tuple(_i4(1), b"a:b"), _decimal(15, 1)),
        _tuple(_UUIDS[1], _tuple(None, None), None),
        _tuple(_UUIDS[1], b"", b""),
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
    "VectorType(SimpleDateType , 2)": [b"\4" + _DATES[1] + b"\4" + _DATES[3]],
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
        _unsigned_vint(len(v)) + v
        for v in (_collection(), _collection(_i4(1)), _collection(_i4(-1), _i4(2)))
    ],
    "VectorType(VectorType(FloatType , 2) , 2)": [struct.pack(">ffff", 1, 2, 3, 4)],
    "VectorType(BooleanType , 3)": [b"\0\1\2", b"\1\1\1"],
    "VectorType(LongType , 1)": [struct.pack(">q", v) for v in (0, -1, 2**40)],
    "VectorType(TimestampType , 1)": [struct.pack(">q", 0)],
    "ReversedType(Int32Type)": _ints(4),
    "ReversedType(UTF8Type)": _texts(),
    "ReversedType(TimeUUIDType)": _UUIDS,
    "ReversedType(DecimalType)": _decimals(),
    "ReversedType(FrozenType(ListType(Int32Type)))": [
        _collection(),
        _collection(_i4(1)),
        _collection(_i4(2)),
        EMPTY,
    ],
    "ReversedType(BytesType)": _texts(),
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
    "ListType(TupleType(UTF8Type,TimestampType))": [_collection(_tuple(b"a", _TIMESTAMPS[1]))],
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
    *(_RANDOM.randbytes(n) for n in range(1, 40)),
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


def _hex(values: list[bytes]) -> str:
    return ",".join(value.hex() or "-" for value in values)


def questions() -> str:
    """The lines that TypeVectors.java reads."""
    lines = [f"type\t{name}\t{_hex(values)}" for name, values in TYPES.items()]
    lines += [f"partitioner\t{name}\t{_hex(keys)}" for name, keys in PARTITIONERS.items()]
    return "\n".join(lines) + "\n"


def ask(
    lib: Path, options: Path, lines: str, program: str = "TypeVectors"
) -> list[dict[str, object]]:
    """Cassandra's answers to these lines, one object for each."""
    flags = options.read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder:
        quiet = Path(folder, "logback.xml")
        quiet.write_text('<configuration><root level="OFF"/></configuration>', encoding="utf-8")
        jars = f"{lib}/*"
        source = str(HERE / f"{program}.java")
        subprocess.run(["javac", "-proc:none", "-cp", jars, "-d", folder, source], check=True)
        command = [
            "java",
            *flags,
            "-Duser.timezone=UTC",
            f"-Dlogback.configurationFile={quiet}",
            "-cp",
            f"{folder}:{jars}",
            program,
        ]
        done = subprocess.run(
            command, input=lines, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
    return [json.loads(line) for line in done.stdout.rstrip("\n").split("\n")]


def main(lib: str, options: str) -> None:
    """Write the vectors."""
    answers = ask(Path(lib), Path(options), questions())
    types = ",\n".join(json.dumps(a) for a in answers if "type" in a)
    partitioners = ",\n".join(json.dumps(a) for a in answers if "partitioner" in a)
    head = json.dumps({"cassandra": CASSANDRA, "java": 17, "made_by": MADE_BY})[:-1]
    text = f'{head},\n"types": [\n{types}\n],\n"partitioners": [\n{partitioners}\n]}}\n'
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
