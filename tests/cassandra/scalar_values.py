"""Serialized values of types without parts, good and bad.

They are chosen by hand as bytes, so that nothing of what is tested takes part in making them.
"""

from __future__ import annotations

import random
import struct

EMPTY = b""
RANDOM = random.Random(20250601)


def ints(size: int) -> list[bytes]:
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


def floats() -> list[bytes]:
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
    packed += [RANDOM.randbytes(4) for _ in range(160)]
    packed += [struct.pack(">f", RANDOM.uniform(-1e6, 1e6)) for _ in range(60)]
    packed += [struct.pack(">f", 2.0**e) for e in range(-148, 127, 11)]
    return [EMPTY, *packed]


def doubles() -> list[bytes]:
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
    packed += [RANDOM.randbytes(8) for _ in range(160)]
    packed += [struct.pack(">d", RANDOM.uniform(-1e6, 1e6)) for _ in range(60)]
    packed += [struct.pack(">d", float(RANDOM.randrange(10**18))) for _ in range(30)]
    packed += [struct.pack(">d", round(RANDOM.uniform(-100, 100), 2)) for _ in range(30)]
    packed += [struct.pack(">d", 2.0**e) for e in range(-1074, 1024, 61)]
    return [EMPTY, *packed]


def texts() -> list[bytes]:
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


UUIDS = [
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
TIMESTAMPS = [EMPTY, *(struct.pack(">q", v) for v in _MILLIS)]

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
DATES = [EMPTY, *(struct.pack(">I", v) for v in _DAYS)]

_DAY = 86400 * 10**9
TIMES = [
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


def unsigned_vint(value: int) -> bytes:
    extra = next((n for n in range(8) if value < 1 << (7 * (n + 1))), 8)
    if extra == 8:
        return b"\xff" + value.to_bytes(8, "big")
    return (((0xFF00 >> extra) & 0xFF) << (8 * extra) | value).to_bytes(extra + 1, "big")


def vint(value: int) -> bytes:
    return unsigned_vint((value << 1 ^ value >> 63) & 0xFFFFFFFFFFFFFFFF)


def duration(months: int, days: int, nanos: int) -> bytes:
    return vint(months) + vint(days) + vint(nanos)


DURATIONS = [
    duration(*d)
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


def varints() -> list[bytes]:
    numbers = [0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 2**31, -(2**31) - 1]
    for bits in (39, 47, 48, 49, 55, 56, 57, 62, 63, 64, 70, 100, 1000, 8200):
        numbers += [2**bits, -(2**bits), 2**bits - 1, -(2**bits) - 1]
    packed = [_varint(n) for n in numbers] + [_varint(n, pad=2) for n in (0, -1, 300, -300)]
    return [EMPTY, *packed]


def decimal(unscaled: int, scale: int, pad: int = 0) -> bytes:
    return struct.pack(">i", scale) + _varint(unscaled, pad)


def decimals() -> list[bytes]:
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
    return [EMPTY, *(decimal(*p) for p in pairs), decimal(300, 2, pad=3)]


INETS = [
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
