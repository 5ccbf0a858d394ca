"""Variable-length integers on plain bytes, for callers that hold no parsed field.

The layout is that of specs/vint.ksy; follows ``VIntCoding``.
"""

from __future__ import annotations

MAX_LENGTH = 9
_MASK = 0xFFFFFFFFFFFFFFFF


def decode_unsigned(data: bytes, offset: int = 0) -> tuple[int, int]:
    """The unsigned integer at ``offset`` of ``data``, and the offset after it.

    Raises:
        ValueError: ``data`` ends before the integer does.
    """
    if offset >= len(data):
        raise ValueError("vint starts at the end of the data")
    first = data[offset]
    extra = 8 - (~first & 0xFF).bit_length()
    end = offset + 1 + extra
    if end > len(data):
        raise ValueError(f"vint needs {1 + extra} bytes, {len(data) - offset} left")
    value = first & (0x7F >> extra)
    for byte in data[offset + 1 : end]:
        value = value << 8 | byte
    return value, end


def decode_signed(data: bytes, offset: int = 0) -> tuple[int, int]:
    """The zigzag-coded integer at ``offset`` of ``data``, and the offset after it.

    Raises:
        ValueError: ``data`` ends before the integer does.
    """
    value, end = decode_unsigned(data, offset)
    return value >> 1 ^ -(value & 1), end


def encode_unsigned(value: int) -> bytes:
    """The one to nine bytes of ``value``, the shortest form.

    Raises:
        ValueError: ``value`` is negative or above 2^64 - 1.
    """
    if not 0 <= value <= _MASK:
        raise ValueError(f"{value} does not fit in an unsigned vint")
    extra = min((max(value.bit_length(), 1) - 1) // 7, 8)
    prefix = (0xFF00 >> extra) & 0xFF
    if extra == 8:
        return bytes((0xFF,)) + value.to_bytes(8, "big")
    return (prefix << 8 * extra | value).to_bytes(extra + 1, "big")


def encode_signed(value: int) -> bytes:
    """The one to nine bytes of ``value`` in zigzag form.

    Raises:
        ValueError: ``value`` does not fit in 64 bits.
    """
    if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        raise ValueError(f"{value} does not fit in a signed vint")
    return encode_unsigned((value << 1 ^ value >> 63) & _MASK)
