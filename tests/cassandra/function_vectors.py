"""Writes tests/unit/function_vectors.json: what Cassandra's native functions give.

Run it to make the vectors anew; it needs Java and the jars of cassandra-all 5.0.6::

    python -m tests.cassandra.function_vectors LIB JVM_OPTIONS

LIB is a folder with the jars, JVM_OPTIONS a file with the flags that Cassandra needs.
"""

from __future__ import annotations

import itertools
import json
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.cassandra.type_vectors import ask

TARGET = Path(__file__).resolve().parents[1] / "unit" / "function_vectors.json"
CASSANDRA = "5.0.6"
PACKAGE = "org.apache.cassandra.db.marshal."
MADE_BY = "tests/cassandra/function_vectors.py"

Value = bytes | None
Row = tuple[Value, ...]
Case = tuple[str, tuple[str, ...], list[Row], str]
"""A function's name, its arguments' types, rows of arguments, and what is wanted of it."""


def _int(size: int, *values: int) -> list[Value]:
    return [value.to_bytes(size, "big", signed=True) for value in values]


def _varint(value: int) -> bytes:
    return value.to_bytes(
        (value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True
    )


def _decimal(unscaled: int, scale: int) -> bytes:
    return scale.to_bytes(4, "big", signed=True) + _varint(unscaled)


def _floats(code: str, *values: float) -> list[Value]:
    return [struct.pack(f">{code}", value) for value in values]


def _uuid(millis: int, rest: bytes = b"\x80" * 8) -> bytes:
    ticks = (millis + 12219292800000) * 10000
    low, middle, high = ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0xFFF
    return struct.pack(">IHH", low, middle, high | 0x1000) + rest


def _duration(months: int, days: int, nanos: int) -> bytes:
    return b"".join(_vint(part << 1 ^ part >> 63) for part in (months, days, nanos))


def _vint(value: int) -> bytes:
    """Cassandra's unsigned VInt, up to seven bytes."""
    for extra in range(7):
        if value < 1 << 7 * (extra + 1):
            mask = 0xFF << 8 - extra & 0xFF
            return (mask << 8 * extra | value).to_bytes(extra + 1, "big")
    return b"\xff" + (value & (1 << 64) - 1).to_bytes(8, "big")


_DOUBLES = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.5,
    -2.5,
    0.1,
    3.7e10,
    -1e300,
    float("inf"),
    float("nan"),
    1e-320,
)
_SINGLES = (0.0, -0.0, 1.0, -1.5, 2.5, 0.1, 3.4e38, float("-inf"), float("nan"), 1e-45, 3e9)

NUMBERS: dict[str, list[Value]] = {
    "ByteType": _int(1, 0, 1, -1, 7, 127, -128),
    "ShortType": _int(2, 0, 1, -1, 300, 32767, -32768),
    "Int32Type": _int(4, 0, 1, -1, 41, 70000, 2**31 - 1, -(2**31)),
    "LongType": _int(8, 0, 1, -1, 16777217, 2**53 + 1, 2**63 - 1, -(2**63)),
    "CounterColumnType": _int(8, 0, 5, -7, 2**63 - 1),
    "FloatType": _floats("f", *_SINGLES),
    "DoubleType": _floats("d", *_DOUBLES),
    "IntegerType": [_varint(n) for n in (0, 1, -1, 255, -12345, 10**20, -(10**40))],
    "DecimalType": [
        _decimal(*parts)
        for parts in (
            *((0, 0), (0, 3), (1, 0), (-1, 0), (15, 1), (-25, 1), (100, 2), (1, -3), (300, -2)),
            *((123456789012345678901234567890, 10), (-7, 30), (1, 60), (3, 0)),
        )
    ],
}
EMPTY_TOO = [b"", None]


def _pairs(left: list[Value], right: list[Value]) -> list[Row]:
    """Each value with some of the others, so that all are used on both sides."""
    longest = max(len(left), len(right))
    rows = [
        (left[at % len(left)], right[(at + shift) % len(right)])
        for shift in (0, 1, 3)
        for at in range(longest)
    ]
    return list(dict.fromkeys(rows))


def operations() -> Iterator[Case]:
    """All operators with all numbers, durations and texts."""
    for (left, ours), (right, theirs) in itertools.product(NUMBERS.items(), NUMBERS.items()):
        for name in ("_add", "_substract", "_multiply", "_divide", "_modulo"):
            rows = _pairs(ours, theirs)
            if left != right:
                rows = rows[:: 3 if name == "_modulo" else 4]
            yield name, (left, right), rows, ""
    yield "_add", ("Int32Type", "Int32Type"), [(b"", b"\0\0\0\1"), (None, b"\0\0\0\1")], ""
    for name in NUMBERS:
        yield "_negate", (name,), [(v,) for v in NUMBERS[name] + EMPTY_TOO], ""
    for name in ("_add", "_substract"):
        yield name, ("TimestampType", "DurationType"), _pairs(TIMESTAMPS, DURATIONS), ""
        yield name, ("SimpleDateType", "DurationType"), _pairs(DATES, DURATIONS), ""
    texts: list[Row] = [(b"a", b"b"), (b"", b"b"), (None, b"b")]
    for types in itertools.product(("UTF8Type", "AsciiType"), repeat=2):
        yield "_add", types, texts, ""
    yield "_substract", ("UTF8Type", "UTF8Type"), texts, ""
    yield "_add", ("TimeType", "DurationType"), [], ""


TIMESTAMPS = _int(
    8,
    *(0, 1, -1, 1700000000123, -86400000, -86399999, 951782400000, 1709164800000),
    *(-12219292800000, -12219292800001, -20000000000000, -62135596800000, 253402300799999),
)
DATES = [(2**31 + day).to_bytes(4, "big") for day in (0, 1, -1, 19675, 11016, -141427, -200000)]
UUIDS: list[Value] = [
    _uuid(millis, rest)
    for millis, rest in ((0, b"\x80" * 8), (1700000000123, b"\x92" + bytes(7)), (-5, b"\x80" * 8))
]
TIMES = _int(8, 0, 1, 3_600_000_000_001, 86_399_999_999_999)
DURATIONS: list[Value] = [
    _duration(*parts)
    for parts in (
        *((0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 3_600_000_000_000), (13, 2, 5_000_000)),
        *((0, 0, 1), (-1, -1, -1_000_000), (0, 10, 90_000_000), (2, 0, 0), (0, 0, 10**17)),
    )
]


def times() -> Iterator[Case]:
    """Functions of time."""
    timestamps: list[Row] = [(v,) for v in TIMESTAMPS + EMPTY_TOO]
    for name in ("min_timeuuid", "maxtimeuuid", "to_date", "to_unix_timestamp", "totimestamp"):
        yield name, ("TimestampType",), timestamps, ""
    for name in ("to_date", "to_timestamp", "tounixtimestamp"):
        yield name, ("TimeUUIDType",), [(v,) for v in [*UUIDS, b"", None]], ""
    for name in ("to_timestamp", "to_unix_timestamp", "todate"):
        yield name, ("SimpleDateType",), [(v,) for v in [*DATES, None]], ""
    for kind, values in (
        ("TimestampType", TIMESTAMPS),
        ("SimpleDateType", DATES),
        ("TimeUUIDType", UUIDS),
        ("TimeType", TIMES),
    ):
        yield "floor", (kind, "DurationType"), _pairs(values, DURATIONS), ""
    starts = [TIMESTAMPS[0], TIMESTAMPS[6], TIMESTAMPS[4]]
    for kind, values in (("TimestampType", TIMESTAMPS), ("TimeUUIDType", UUIDS)):
        rows = [
            (value, duration, start)
            for (value, duration), start in zip(
                _pairs(values, DURATIONS), itertools.cycle(starts), strict=False
            )
        ]
        yield "floor", (kind, "DurationType", "TimestampType"), rows, ""
    rows = [(v, d, DATES[2]) for v, d in _pairs(DATES, DURATIONS)]
    yield "floor", ("SimpleDateType", "DurationType", "SimpleDateType"), rows, ""
    yield "floor", ("Int32Type", "DurationType"), [], ""


SAMPLES: dict[str, list[Value]] = {
    **NUMBERS,
    "AsciiType": [b"", b"abc"],
    "UTF8Type": [b"", "Zoë ☂ 🂡".encode(), b"x"],
    "BytesType": [b"", b"\0\xff"],
    "BooleanType": [b"\0", b"\1"],
    "InetAddressType": [bytes([127, 0, 0, 1]), bytes(15) + b"\1"],
    "TimestampType": TIMESTAMPS[:4],
    "SimpleDateType": DATES[:4],
    "TimeType": TIMES,
    "TimeUUIDType": UUIDS,
    "UUIDType": [bytes(range(16)), b""],
    "DurationType": DURATIONS[:5],
}
CAST_TO = (
    *("ascii", "bigint", "date", "decimal", "double", "float", "int", "smallint", "text"),
    *("timestamp", "tinyint", "varint", "varchar", "counter", "blob"),
)


def conversions() -> Iterator[Case]:
    """Casts, and functions from and to blobs."""
    for source, values in SAMPLES.items():
        for target in CAST_TO:
            yield f"cast_as_{target}", (source,), [(v,) for v in [*values, b"", None]], ""
    yield "castAsText", ("Int32Type",), [(b"\0\0\0\1",)], ""
    yield "castasText", ("Int32Type",), [(b"\0\0\0\1",)], ""
    for name, kind in (
        *(("int", "Int32Type"), ("text", "UTF8Type"), ("varchar", "UTF8Type")),
        *(
            ("date", "SimpleDateType"),
            ("duration", "DurationType"),
            ("counter", "CounterColumnType"),
        ),
        *(("tinyint", "ByteType"), ("timeuuid", "TimeUUIDType"), ("ascii", "AsciiType")),
    ):
        rows: list[Row] = [(v,) for v in SAMPLES[kind][:3] + EMPTY_TOO]
        yield f"{name}_as_blob", (kind,), rows, ""
        yield f"{name}asblob", (kind,), rows[:1], ""
        blobs: list[Row] = [(b"\0\0\0\1",), (b"",), (b"\xff" * 8,), (b"x" * 3,), (None,)]
        yield f"blob_as_{name}", ("BytesType",), blobs, ""
        yield f"blobas{name}", ("BytesType",), blobs[:1], ""
    yield "blob_as_int", ("UTF8Type",), [], ""
    yield "int_as_blob", ("UTF8Type",), [], ""
    yield "blob_as_blob", ("BytesType",), [], ""


def maths() -> Iterator[Case]:
    """abs, exp, log, log10 and round of all numbers."""
    more = {
        "DoubleType": _floats("d", 0.5, 1.5, -0.5, -1.5, 100.0, 2.0, 4503599627370497.5, 1e19),
        "FloatType": _floats("f", 0.5, 1.5, -0.5, -1.5, 100.0, 2.0, 8388609.5),
        "Int32Type": _int(4, 2, 3, 10, 100, 21),
        "ByteType": _int(1, 2, 3, 10, 100, 5),
        "LongType": _int(8, 10, 43, 1000),
        "DecimalType": [
            _decimal(*p) for p in ((2, 0), (10, 0), (1000, 0), (27, 1), (5, 1), (-5, 1))
        ],
        "IntegerType": [_varint(n) for n in (2, 10, 100, 7)],
    }
    for name in ("abs", "exp", "log", "log10", "round"):
        for kind, values in NUMBERS.items():
            values = [*values, *more.get(kind, [])]
            if name == "exp":
                values = [v for v in values if v is None or len(v) < 16]
            yield name, (kind,), [(v,) for v in [*values, b"", None]], ""
    yield "abs", ("UTF8Type",), [], ""
    yield "abs", ("Int32Type", "Int32Type"), [], ""


def aggregates() -> Iterator[Case]:
    """count, min, max, sum and avg, of nothing too."""
    for kind, values in NUMBERS.items():
        rows: list[Row] = [(v,) for v in [*values, b"", None]]
        finite = [row for row in rows if kind not in _NOT_FINITE or row[0] not in _NOT_FINITE[kind]]
        for name in ("sum", "avg"):
            for part in ([], rows[1:4], finite, rows, rows[2:] * 3):
                yield name, (kind,), part, ""
    for kind, values in SAMPLES.items():
        rows = [(v,) for v in [*values, None]]
        for name in ("min", "max", "count"):
            yield name, (kind,), rows, ""
    yield "count_rows", (), [], ""
    yield "sum", ("UTF8Type",), [], ""
    big = _floats("d", 1.5e308, 1.7e308, -1e10, 3.25)
    for name in ("sum", "avg"):
        yield name, ("DoubleType",), [(v,) for v in big], ""
        yield name, ("DoubleType",), [(v,) for v in _floats("d", *(0.1 * n for n in range(50)))], ""


_NOT_FINITE = {
    "FloatType": _floats("f", float("-inf"), float("nan")),
    "DoubleType": _floats("d", float("inf"), float("nan")),
}


def _list(*parts: bytes) -> bytes:
    return _count(len(parts)) + b"".join(_count(len(part)) + part for part in parts)


def _count(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _map(*pairs: tuple[bytes, bytes]) -> bytes:
    flat = list(itertools.chain.from_iterable(pairs))
    return _count(len(pairs)) + _list(*flat)[4:]


def collections() -> Iterator[Case]:
    """Functions of one collection."""
    ints = [v for v in NUMBERS["Int32Type"] if v is not None]
    texts = [b"a", b"bb", b""]
    numbers: list[Row] = [(_list(*ints),), (_list(),), (None,)]
    words: list[Row] = [(_list(*sorted(texts)),), (_list(),), (None,)]
    for name in ("count", "min", "max", "sum", "avg"):
        for kind in (
            "ListType(Int32Type)",
            "FrozenType(ListType(Int32Type))",
            "SetType(Int32Type)",
        ):
            yield f"collection_{name}", (kind,), numbers, ""
        yield f"collection_{name}", ("SetType(UTF8Type)",), words, ""
        yield f"collection_{name}", ("UTF8Type",), [], ""
    decimals = [v for v in NUMBERS["DecimalType"] if v is not None]
    yield "collection_avg", ("ListType(DecimalType)",), [(_list(*decimals),)], ""
    maps: list[Row] = [(_map((b"a", ints[3]), (b"b", ints[1])),), (_map(),), (None,)]
    for name in ("map_keys", "map_values", "collection_count", "collection_min"):
        yield name, ("MapType(UTF8Type,Int32Type)",), maps, ""
        yield name, ("FrozenType(MapType(UTF8Type,Int32Type))",), maps[:1], ""
    yield "map_keys", ("ListType(Int32Type)",), [], ""
    yield "map_keys", (), [], ""


def vectors() -> Iterator[Case]:
    """Similarities of vectors of several lengths."""
    for size in (1, 3, 8, 11, 40, 75):
        kind = f"VectorType(FloatType,{size})"
        numbers = [((7 * at) % 13 - 6) / 3 for at in range(3 * size)]
        parts = [
            b"".join(struct.pack(">f", n) for n in numbers[start : start + size])
            for start in (0, size, 2 * size)
        ]
        rows: list[Row] = [(parts[0], parts[1]), (parts[1], parts[2]), (parts[2], parts[2])]
        rows += [(parts[0], bytes(4 * size)), (parts[0], None)]
        for name in ("similarity_cosine", "similarity_euclidean", "similarity_dot_product"):
            yield name, (kind, kind), rows, ""
    yield "similarity_cosine", ("VectorType(FloatType,2)", "VectorType(FloatType,3)"), [], ""
    yield "similarity_cosine", ("VectorType(Int32Type,2)", "VectorType(Int32Type,2)"), [], ""
    yield "similarity_cosine", ("Int32Type", "Int32Type"), [], ""


def masks() -> Iterator[Case]:
    """Functions that hide values."""
    more = {
        "ListType(Int32Type)": [_list(b"\0\0\0\1")],
        "FrozenType(MapType(UTF8Type,Int32Type))": [_map()],
        "TupleType(Int32Type,UTF8Type)": [_list(b"\0\0\0\1", b"a")[4:]],
        "VectorType(FloatType,2)": [bytes(8)],
    }
    for kind, values in {**SAMPLES, **more}.items():
        for name in ("mask_null", "mask_default", "mask_hash"):
            yield name, (kind,), [(v,) for v in [*values[:2], None]], ""
    hashes: list[Row] = [
        (b"abc", name) for name in (b"MD5", b"sha-512", b"SHA-1", b"SHA3-256", b"nonsense", None)
    ]
    yield "mask_hash", ("UTF8Type", "UTF8Type"), hashes, ""
    yield "mask_replace", ("UTF8Type", "UTF8Type"), [(b"a", b"b"), (None, b"b"), (b"a", None)], ""
    counts = [(0, 0), (1, 2), (-1, 1), (3, 9), (2, None)]
    texts = [b"", b"a", b"abcdef", "Zoë ☂ 🂡 x".encode()]
    for name, text in itertools.product(("mask_inner", "mask_outer"), texts):
        rows = [
            (text, *_int(4, begin), None if end is None else _int(4, end)[0])
            for begin, end in counts
        ]
        yield name, ("UTF8Type", "Int32Type", "Int32Type"), rows, ""
        rows = [
            (*row, mark)
            for row, mark in zip(rows, (b"#", "é".encode(), b"ab", b"", None), strict=True)
        ]
        yield name, ("UTF8Type", "Int32Type", "Int32Type", "UTF8Type"), rows, ""
    yield "mask_inner", ("AsciiType", "Int32Type", "Int32Type"), [(b"abc", *_int(4, 1, 1))], ""
    yield "mask_inner", ("Int32Type", "Int32Type", "Int32Type"), [], ""
    yield "mask_inner", ("UTF8Type",), [], ""


def json_values() -> Iterator[Case]:
    """to_json, and from_json where something is wanted of it."""
    for kind, values in SAMPLES.items():
        # No value of these can be without bytes.
        empty = [] if kind in ("ByteType", "ShortType", "TimeType", "SimpleDateType") else [b""]
        yield "to_json", (kind,), [(v,) for v in [*values, *empty, None]], ""
    yield "to_json", ("MapType(UTF8Type,Int32Type)",), [(_map((b"a\n", b"\0\0\0\1")),)], ""
    yield "from_json", ("UTF8Type",), [(b"1",)], ""
    for receiver, texts in {
        "Int32Type": ["1", '"12"', "null", "12345678901", "1.5", "true", "x"],
        "LongType": ["1", "9223372036854775807", "1.0"],
        "ByteType": ["1", '"2"', "300", "[1]"],
        "IntegerType": ["1", "123456789012345678901234567890", '"5"'],
        "DecimalType": ["1", "1.50", "1E+3", '"2.5"'],
        "DoubleType": ["1", "1.5", '"2.5"', "true"],
        "FloatType": ["0.1", "1"],
        "BooleanType": ["true", '"false"', "1"],
        "BytesType": ['"0xff00"', '"ff"', "1"],
        "UTF8Type": ['"a"', "1", '"\\u00e9"'],
        "TimestampType": ['"2024-02-29 00:00:00Z"', "1700000000123", "true"],
        "SimpleDateType": ['"2024-02-29"', "1"],
        "DurationType": ['"1mo2d"', "1"],
        "InetAddressType": ['"127.0.0.1"', "1"],
        "FrozenType(ListType(Int32Type))": ["[1, 2]", "[]", "[null]", "{}", '"[3]"'],
        "FrozenType(SetType(Int32Type))": ["[2, 1, 2]", "{}", "[null]"],
        "FrozenType(MapType(Int32Type,UTF8Type))": ['{"2": "b", "1": "a"}', '{"1": null}', "[]"],
        "TupleType(Int32Type,UTF8Type)": ['[1, "a"]', "[null, null]", "[1]", "[1, null, 2]", "{}"],
        "VectorType(FloatType,2)": ["[1, 2.5]", "[1]", "{}"],
    }.items():
        yield "from_json", ("UTF8Type",), [(text.encode(),) for text in texts], receiver


def cases() -> list[Case]:
    """All questions."""
    families = (operations, times, conversions, maths, aggregates, collections)
    found = [case for family in families for case in family()]
    return found + [case for family in (vectors, masks, json_values) for case in family()]


def _hex(value: Value) -> str:
    return "null" if value is None else value.hex() or "-"


def _rows(rows: Sequence[Row]) -> str:
    return ";".join(",".join(map(_hex, row)) for row in rows)


def main(lib: str, options: str) -> None:
    """Write the vectors."""
    lines = [
        f"{name}\t{';'.join(types)}\t{_rows(rows)}\t{receiver}"
        for name, types, rows, receiver in cases()
    ]
    answers = ask(Path(lib), Path(options), "\n".join(lines) + "\n", "FunctionVectors")
    parts = [
        json.dumps({"asked": line, **answer}, ensure_ascii=False)
        for line, answer in zip(lines, answers, strict=True)
    ]
    head = json.dumps({"cassandra": CASSANDRA, "java": 17, "made_by": MADE_BY})[:-1]
    body = ",\n".join(parts).replace(PACKAGE, "")
    TARGET.write_text(f'{head},\n"functions": [\n{body}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
