"""Byte-comparable encodings: byte strings whose unsigned order is the order of the values.

Follows `org.apache.cassandra.utils.bytecomparable.ByteSource` in the version that BTI
indexes use (`ByteComparable.Version.OSS50`). A component is `bytes`, or `None` where
Cassandra's source is null: a value without bytes of a type that has no own encoding
for it. What a component in a sequence starts with, and what a sequence ends with, are
the separators below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from cqlite.codec import be

NEXT_COMPONENT: Final = 0x40
"""Precedes a component that has bytes."""
NEXT_COMPONENT_EMPTY: Final = 0x3F
"""Stands for a clustering value without bytes whose type has no encoding for it."""
NEXT_COMPONENT_EMPTY_REVERSED: Final = 0x41
"""The same where the clustering column is in descending order."""
NEXT_COMPONENT_NULL: Final = 0x3E
"""Stands for a component that is null."""
TERMINATOR: Final = 0x38
"""Ends a sequence, a decorated key and a full clustering."""
LT_NEXT_COMPONENT: Final = 0x20
"""Ends a bound that sorts before everything that its values are a prefix of."""
GT_NEXT_COMPONENT: Final = 0x60
"""Ends a bound that sorts after everything that its values are a prefix of."""
EXCLUDED: Final = 0x18
"""Stands for the static row's clustering."""

_SIGN: Final = 0x80
_ZEROS: Final = re.compile(rb"\0+")
_FULL_FORM_THRESHOLD: Final = 7
_INVERSION: Final = bytes(0xFF ^ b for b in range(0x100))


def escaped(data: bytes) -> bytes:
    """Bytes of any length, so that a shorter value sorts before its continuations.

    A run of zeros becomes one zero, 0xFE for each further one, and 0xFF; the value ends
    in a zero, or where it ends in zeros itself, in 0xFE instead of the run's 0xFF.
    Follows `ByteSource.AbstractEscaper`.
    """
    if not data:
        return b"\0"
    body = _ZEROS.sub(lambda run: b"\0" + b"\xfe" * (len(run[0]) - 1) + b"\xff", data)
    return body + b"\0" if data[-1] else body[:-1] + b"\xfe"


def signed_fixed(data: bytes) -> bytes:
    """A two's complement integer of fixed length: its sign bit inverted.

    Follows `ByteSource.SignedFixedLengthNumber`.
    """
    return bytes((data[0] ^ _SIGN,)) + data[1:]


def optional_signed_fixed(data: bytes) -> bytes | None:
    """As `signed_fixed`, null where there are no bytes."""
    return signed_fixed(data) if data else None


def signed_float(data: bytes) -> bytes:
    """An IEEE float: all bits inverted if negative, else the sign bit set.

    Follows `ByteSource.SignedFixedLengthFloat`.
    """
    if data[0] & _SIGN:
        return inverted(data)
    return bytes((data[0] | _SIGN,)) + data[1:]


def optional_signed_float(data: bytes) -> bytes | None:
    """As `signed_float`, null where there are no bytes."""
    return signed_float(data) if data else None


def optional_fixed(data: bytes) -> bytes | None:
    """The bytes themselves, of a type of fixed length; null where there are none.

    Follows `ByteSource.optionalFixedLength`.
    """
    return data or None


def inverted(data: bytes) -> bytes:
    """Every bit inverted: the encoding in descending order, see `ReversedType`."""
    return data.translate(_INVERSION)


def signed_long(value: int) -> bytes:
    """A signed 64-bit integer with its sign bit inverted, eight bytes."""
    return (value ^ (-1 << 63)).to_bytes(8, "big", signed=True)


def unsigned_varint(value: int) -> bytes:
    """An unsigned 63-bit integer in one to nine bytes, longer ones greater.

    Follows `ByteSource.VariableLengthUnsignedInteger`.
    """
    extra = (max(value.bit_length(), 1) - 1) // 7
    prefix = (-0x100 >> extra) & 0xFF
    return (value | prefix << (8 * extra)).to_bytes(extra + 1, "big")


def signed_varint(value: int) -> bytes:
    """A signed 64-bit integer in one to nine bytes, see `ByteSource.VariableLengthInteger`."""
    mask = -1 if value < 0 else 0
    magnitude = value ^ mask
    length = min(magnitude.bit_length() // 7 + 1, 9)
    # One bit for the sign and one for each byte after the first; of nine bytes all in the
    # first one and the eighth of them in the second.
    prefix = ((1 << length) - 1) << (7 * length)
    encoded = (magnitude | prefix) ^ (mask & ((1 << 8 * length) - 1))
    return encoded.to_bytes(length, "big")


def varint(data: bytes) -> bytes | None:
    """An arbitrary-length two's complement integer; null where there are no bytes.

    Follows `IntegerType.asComparableBytes`: below seven bytes without sign bytes as
    `signed_varint`, else a sign byte, the length and the bytes.
    """
    if not data:
        return None
    sign = data[0]
    significant = data
    if sign in (0x00, 0xFF):
        significant = data.lstrip(data[:1]) or data[-1:]
    if len(significant) < _FULL_FORM_THRESHOLD:
        return signed_varint(be.unpack_int(data))
    length = unsigned_varint(len(significant) - _FULL_FORM_THRESHOLD)
    if sign & _SIGN:
        return b"\x00" + inverted(length) + significant
    return b"\xff" + length + significant


def sequence(components: Iterable[bytes | None], terminator: int = TERMINATOR) -> bytes:
    """Several components and a terminator, see `ByteSource.Multi`.

    Args:
        components: Encoded components, None where null.
        terminator: `TERMINATOR`, or `LT_NEXT_COMPONENT` or `GT_NEXT_COMPONENT` for a
            bound before or after all that starts with these components.
    """
    out = bytearray()
    for component in components:
        if component is None:
            out.append(NEXT_COMPONENT_NULL)
        else:
            out.append(NEXT_COMPONENT)
            out += component
    out.append(terminator)
    return bytes(out)


def decorated_key(token: bytes | None, key: bytes, terminator: int = TERMINATOR) -> bytes:
    """A partition key in the order of its partitioner, see `DecoratedKey.asComparableBytes`.

    Args:
        token: The token's own byte-comparable form.
        key: The serialized partition key.
        terminator: Another one than the default makes a bound, see `sequence`.
    """
    return sequence((token, escaped(key)), terminator)


def token_bound(token: bytes | None, *, after: bool = False) -> bytes:
    """The position before or after all keys of a token, see `Token.KeyBound`."""
    return sequence((token,), GT_NEXT_COMPONENT if after else LT_NEXT_COMPONENT)


def clustering(
    values: Sequence[bytes | None],
    reversed_columns: Sequence[bool] = (),
    *,
    null_values: Sequence[bool] = (),
    terminator: int = TERMINATOR,
) -> bytes:
    """A clustering or bound, see `ClusteringComparator.ByteComparableClustering`.

    Args:
        values: Encoded values; None where the value has no encoding.
        reversed_columns: Which columns are in descending order; default none.
        null_values: Which of the values are absent rather than empty; default none.
        terminator: `TERMINATOR` for a row's clustering, `LT_NEXT_COMPONENT` for an
            inclusive start or exclusive end, `GT_NEXT_COMPONENT` for an exclusive start
            or inclusive end.
    """
    out = bytearray()
    for i, value in enumerate(values):
        if i < len(null_values) and null_values[i]:
            out.append(NEXT_COMPONENT_NULL)
        elif value is not None:
            out.append(NEXT_COMPONENT)
            out += value
        elif i < len(reversed_columns) and reversed_columns[i]:
            out.append(NEXT_COMPONENT_EMPTY_REVERSED)
        else:
            out.append(NEXT_COMPONENT_EMPTY)
    out.append(terminator)
    return bytes(out)


def separator_above(previous: bytes, following: bytes) -> bytes:
    """The shortest string above `previous` and not above `following`.

    Follows `ByteSource.separatorGt`: the common prefix and one byte more, which is one
    higher than that of `previous`.

    Raises:
        ValueError: if `previous` is not below `following`.
    """
    for i, (low, high) in enumerate(zip(previous, following, strict=False)):
        if low != high:
            if low > high:
                break
            return previous[:i] + bytes((low + 1,))
    raise ValueError("the first key is not below the second")


def separator_prefix(previous: bytes, following: bytes) -> bytes:
    """The shortest prefix of `following` that is above `previous`.

    Follows `ByteSource.separatorPrefix`.

    Raises:
        ValueError: if `previous` is not below `following`.
    """
    for i, (low, high) in enumerate(zip(previous, following, strict=False)):
        if low != high:
            if low > high:
                break
            return following[: i + 1]
    raise ValueError("the first key is not below the second")
