"""Values as the native engine writes them against the types in Python, to the letter."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cqlite.errors import CqliteError
from cqlite.export.sstabledump import _split, instant
from cqlite.types import parse_type
from cqlite.types.java_numbers import double_text, float_text
from cqlite.types.text import quote_json
from tests.rust import program

pytestmark = pytest.mark.rust

# What to call, its argument, the type's class, and the answer.
Case = tuple[str, bytes, str, str]

LENGTHS = (0, 1, 2, 3, 4, 5, 8, 9, 12, 15, 16, 17, 18, 20, 33)

TYPES = [
    "AsciiType",
    "UTF8Type",
    "BytesType",
    "BooleanType",
    "InetAddressType",
    "UUIDType",
    "TimeUUIDType",
    "LexicalUUIDType",
    "EmptyType",
    "ByteType",
    "ShortType",
    "Int32Type",
    "LongType",
    "IntegerType",
    "FloatType",
    "DoubleType",
    "DecimalType",
    "TimestampType",
    "DateType",
    "SimpleDateType",
    "TimeType",
    "DurationType",
    "CounterColumnType",
    "ReversedType(TimestampType)",
    "ListType(Int32Type)",
    "SetType(UTF8Type)",
    "MapType(Int32Type,UTF8Type)",
    "MapType(UTF8Type,DoubleType)",
    "TupleType(Int32Type,UTF8Type)",
    "UserType(ks,74,61:Int32Type,4262:FrozenType(ListType(UTF8Type)))",
    "VectorType(FloatType,2)",
    "VectorType(UTF8Type,2)",
    "CompositeType(UTF8Type,Int32Type)",
    "DynamicCompositeType(a=>AsciiType,i=>Int32Type)",
    "PartitionerDefinedOrder",
    "com.example.Own",
    "ListType(FrozenType(MapType(Int32Type,TupleType(SimpleDateType,TimeType))))",
]


def number(rng: random.Random, bits: int) -> int:
    """One that is small, large, near a power of two, or any."""
    near = (1 << rng.randrange(bits)) + rng.randrange(-3, 4)
    top = (1 << bits) - 1 - rng.getrandbits(rng.randrange(1, bits + 1))
    small = rng.getrandbits(rng.randrange(1, bits + 1))
    return rng.choice((near, top, small, rng.getrandbits(bits))) & ((1 << bits) - 1)


def floats(rng: random.Random) -> Iterator[Case]:
    for _ in range(6_000):
        bits = number(rng, 64).to_bytes(8, "big")
        short = struct.pack(">d", round(rng.uniform(-1e3, 1e3), rng.randrange(6)))
        scaled = struct.pack(">d", rng.randrange(10**18) * 10.0 ** rng.randrange(-30, 30))
        for data in (bits, short, scaled):
            yield "double", data, "", double_text(data)
        bits = number(rng, 32).to_bytes(4, "big")
        short = struct.pack(">f", round(rng.uniform(-1e3, 1e3), rng.randrange(6)))
        for data in (bits, short):
            yield "float", data, "", float_text(data)


def times(rng: random.Random) -> Iterator[Case]:
    for _ in range(5_000):
        data = number(rng, 64).to_bytes(8, "big")
        microseconds = int.from_bytes(data, "big", signed=True)
        yield "write_time", data, "", instant(*_split(microseconds))
        seconds = microseconds >> rng.randrange(20, 60)
        yield "instant", seconds.to_bytes(8, "big", signed=True), "", instant(seconds, 0)


def strings(rng: random.Random) -> Iterator[Case]:
    for _ in range(2_000):
        codes = (rng.choice((rng.randrange(40), rng.randrange(128), 0x1F600)) for _ in range(20))
        text = "".join(map(chr, codes))
        yield "quoted", text.encode(), "", quote_json(text)


def part(rng: random.Random) -> bytes:
    """Bytes that are often a value of some type, or have parts."""
    text = "".join(rng.choice('aZ:@!\\"\n\u00e9') for _ in range(rng.randrange(4))).encode()
    small = rng.choice(LENGTHS)
    value = rng.choice((text, number(rng, 64).to_bytes(8, "big"), rng.randbytes(small)))
    length = rng.choice((len(value), len(value), len(value), 0xFFFFFFFF))
    framed = length.to_bytes(4, "big") + value
    short = len(value).to_bytes(2, "big") + value + rng.choice((b"\0", b"\0", b"\1", b"\xff"))
    alias = rng.choice((b"\x80a", b"\x80i", b"\0\x09Int32Type")) + short
    counted = bytes(3) + bytes([rng.randrange(4)]) + framed * rng.randrange(4)
    return rng.choice((value, framed, counted, short, short * 2, alias, framed * 2))


def values(rng: random.Random) -> Iterator[Case]:
    for name in TYPES:
        kind = parse_type(name)
        for _ in range(300):
            data = part(rng)
            for function, call in (("json", kind.to_json), ("string", kind.to_string)):
                try:
                    yield function, data, name, call(data)
                except CqliteError:
                    yield function, data, name, "?"


@pytest.mark.parametrize("cases", [floats, times, strings, values])
def test_same_text(cases: object, tmp_path: Path) -> None:
    assert callable(cases)
    # Lines tell cases apart, so that those with one in their text stay out.
    wanted: list[Case] = [c for c in cases(random.Random(5)) if "\n" not in c[3]]
    jobs = tmp_path / "jobs"
    jobs.write_text("".join(f"{call} {data.hex()} {kind}\n" for call, data, kind, _ in wanted))
    done = subprocess.run([program("texts"), jobs], check=True, capture_output=True)
    found = done.stdout.decode().split("\n")
    assert len(found) == len(wanted) + 1
    assert [c for c, text in zip(wanted, found, strict=False) if c[3] != text] == []
