"""Big-endian integers. They and ``ieee`` are where the package packs and unpacks numbers.

Each ``unpack_*`` takes exactly the bytes of its value and raises ``ValueError``
on any other length; each ``pack_*`` raises ``ValueError`` where the number does not fit.
"""

from __future__ import annotations


def unpack_int(data: bytes) -> int:
    """Two's complement integer of any length (Java's ``BigInteger``); empty gives 0."""
    return int.from_bytes(data, "big", signed=True)


def pack_int(value: int) -> bytes:
    """The shortest two's complement form of ``value`` (``BigInteger.toByteArray``)."""
    bits = (value if value >= 0 else ~value).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def unpack_uint(data: bytes) -> int:
    """Unsigned integer of any length."""
    return int.from_bytes(data, "big")


def unpack_signed(data: bytes, size: int) -> int:
    """Two's complement integer of exactly ``size`` bytes."""
    check_size(data, size)
    return int.from_bytes(data, "big", signed=True)


def pack_signed(value: int, size: int) -> bytes:
    """``value`` as two's complement in ``size`` bytes."""
    try:
        return value.to_bytes(size, "big", signed=True)
    except OverflowError:
        raise ValueError(f"{value} does not fit in {size} signed bytes") from None


def unpack_unsigned(data: bytes, size: int) -> int:
    """Unsigned integer of exactly ``size`` bytes."""
    check_size(data, size)
    return int.from_bytes(data, "big")


def pack_unsigned(value: int, size: int) -> bytes:
    """``value`` as an unsigned integer in ``size`` bytes."""
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise ValueError(f"{value} does not fit in {size} unsigned bytes") from None


def wrap_s64(value: int) -> int:
    """``value`` modulo 2^64 as Java's ``long`` holds it after an addition."""
    return ((value + 0x8000000000000000) & 0xFFFFFFFFFFFFFFFF) - 0x8000000000000000


def wrap_s32(value: int) -> int:
    """``value`` modulo 2^32 as Java's ``int`` holds it after a cast."""
    return ((value + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def check_size(data: bytes, size: int) -> None:
    """Raises ValueError if ``data`` has not ``size`` bytes."""
    if len(data) != size:
        raise ValueError(f"expected {size} bytes, got {len(data)}")
