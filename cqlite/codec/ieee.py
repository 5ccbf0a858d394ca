"""Big-endian IEEE 754 floating-point numbers, as ``be`` has integers."""

from __future__ import annotations

import struct

from cqlite.codec.be import check_size

_F4 = struct.Struct(">f")
_F8 = struct.Struct(">d")


def unpack_f4(data: bytes) -> float:
    """IEEE 754 single precision."""
    check_size(data, 4)
    return float(_F4.unpack(data)[0])


def pack_f4(value: float) -> bytes:
    """``value`` rounded to IEEE 754 single precision."""
    try:
        return _F4.pack(value)
    except OverflowError:
        raise ValueError(f"{value} does not fit in a float") from None


def unpack_f8(data: bytes) -> float:
    """IEEE 754 double precision."""
    check_size(data, 8)
    return float(_F8.unpack(data)[0])


def pack_f8(value: float) -> bytes:
    """``value`` as IEEE 754 double precision."""
    return _F8.pack(value)
