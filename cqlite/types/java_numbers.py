"""Floating-point numbers as Java up to release 18 prints them.

sstabledump 5.0 runs on Java 11 and 17, whose ``Double.toString`` and ``Float.toString``
give some numbers more digits than they need (2E23 is ``2.0E23``, but 2^-1074 is
``4.9E-324``). So the digits are made here the way ``jdk.internal.math.FloatingDecimal``
makes them: one by one, of the exact quotient, until what is left is less than half of
the distance to the next number; and where Java takes that distance for another than it
is, or a product of its ``int`` or ``long`` overflows, the digits follow Java.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from cqlite.codec import be, ieee
from cqlite.records import record

_FRACTION_BITS: Final = 52
_HIDDEN_BIT: Final = 1 << _FRACTION_BITS
_LARGEST_EASY_EXPONENT: Final = 62
_BITS_OF_POW5: Final = (0, *((5**n).bit_length() for n in range(1, 27)))
# Decimal digits that a number has below its significant bits, by how many bits below.
_INSIGNIFICANT: Final = tuple(0 if n < 2 else int(n * math.log10(2)) for n in range(64))


def double_text(data: bytes) -> str:
    """Eight bytes of IEEE 754 as ``Double.toString`` prints them."""
    bits = be.unpack_unsigned(data, 8)
    return _text(bits >> 63, (bits >> 52) & 0x7FF, bits & (_HIDDEN_BIT - 1), _DOUBLE)


def float_text(data: bytes) -> str:
    """Four bytes of IEEE 754 as ``Float.toString`` prints them."""
    bits = be.unpack_unsigned(data, 4)
    return _text(bits >> 31, (bits >> 23) & 0xFF, bits & 0x7FFFFF, _FLOAT)


@record
class _Format:
    fraction_bits: int
    bias: int

    @property
    def special_exponent(self) -> int:
        return 2 * self.bias + 1


_DOUBLE: Final = _Format(52, 1023)
_FLOAT: Final = _Format(23, 127)


def _text(negative: int, exponent: int, fraction: int, kind: _Format) -> str:
    if exponent == kind.special_exponent:
        if fraction:
            return "NaN"
        return "-Infinity" if negative else "Infinity"
    sign = "-" if negative else ""
    if exponent == fraction == 0:
        return sign + "0.0"
    return sign + _layout(*_digits(exponent, fraction, kind))


def _layout(digits: str, point: int) -> str:
    """``0.digits * 10^point`` in Java's plain or scientific form."""
    if 0 < point < 8:
        whole = digits[:point].ljust(point, "0")
        return f"{whole}.{digits[point:] or '0'}"
    if -3 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    return f"{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def _digits(exponent: int, fraction: int, kind: _Format) -> tuple[str, int]:
    """The digits and where the point stands, as if ``0.digits * 10^point``."""
    if exponent:
        significant_bits = kind.fraction_bits + 1
        fraction |= 1 << kind.fraction_bits
    else:
        significant_bits = fraction.bit_length()
        shift = kind.fraction_bits + 1 - significant_bits
        fraction <<= shift
        exponent = 1 - shift
    fraction <<= _FRACTION_BITS - kind.fraction_bits
    exponent -= kind.bias
    tail_zeros = (fraction & -fraction).bit_length() - 1
    fraction_bits = _FRACTION_BITS + 1 - tail_zeros
    tiny_bits = max(0, fraction_bits - exponent - 1)
    if tiny_bits == 0 and exponent <= _LARGEST_EASY_EXPONENT:
        return _whole_digits(exponent, fraction, significant_bits)
    return _develop(exponent, fraction, fraction_bits, significant_bits, tiny_bits)


def _whole_digits(exponent: int, fraction: int, significant_bits: int) -> tuple[str, int]:
    """A whole number that fits in 63 bits: its digits, but those below its precision."""
    insignificant = 0
    if exponent > significant_bits:
        insignificant = _INSIGNIFICANT[exponent - significant_bits - 1]
    value = fraction << exponent >> _FRACTION_BITS
    if insignificant:
        power = 10**insignificant
        value, rest = divmod(value, power)
        value += rest >= power >> 1
    digits = str(value)
    return digits.rstrip("0"), len(digits) + insignificant


def _estimate(exponent: int, fraction: int) -> int:
    """Floor of the decimal logarithm, or one more; the arithmetic is Java's, in doubles."""
    mantissa = ieee.unpack_f8(be.pack_unsigned(1023 << 52 | fraction & (_HIDDEN_BIT - 1), 8))
    return math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)


def _develop(
    exponent: int, fraction: int, fraction_bits: int, significant_bits: int, tiny_bits: int
) -> tuple[str, int]:
    """Digits of ``B / S``, with ``M`` as half of the distance to the next number."""
    power = _estimate(exponent, fraction)
    b5, s5 = max(0, -power), max(0, power)
    b2 = b5 + tiny_bits + exponent
    s2 = s5 + tiny_bits
    m2 = b2 - significant_bits
    fraction >>= _FRACTION_BITS + 1 - fraction_bits
    b2 -= fraction_bits - 1
    common = min(b2, s2)
    b2, s2, m2 = b2 - common, s2 - common, m2 - common
    if fraction_bits == 1:
        # A power of two: the number below is only half as far away.
        m2 -= 1
    if m2 < 0:
        b2, s2, m2 = b2 - m2, s2 - m2, 0
    numerator = fraction * 5**b5 << b2
    denominator = 5**s5 << s2
    half_distance = 5**b5 << m2
    width = max(fraction_bits + b2 + _bits5(b5), s2 + 1 + _bits5(s5 + 1))
    return _divide(numerator, denominator, half_distance, power, width)


def _bits5(n: int) -> int:
    """How many bits 5^n takes, roughly for greater ones, as Java has it."""
    return _BITS_OF_POW5[n] if n < len(_BITS_OF_POW5) else 3 * n


def _divide(b: int, s: int, m: int, power: int, width: int) -> tuple[str, int]:
    """The loop that Java has three times: for ``int``, for ``long`` and for big numbers."""
    wrap = _WRAPS[(width >= 32) + (width >= 64)]
    tens = 10 * s
    digit, b, m, low, high = _step(b, s, m, tens, wrap)
    digits: list[int] = []
    if digit or high:
        digits.append(digit)
    else:
        power -= 1
    if not -3 <= power < 8:
        # Java wants a digit after the point.
        low = high = False
    while not (low or high):
        digit, b, m, low, high = _step(b, s, m, tens, wrap)
        if wrap and m <= 0:
            low = high = True
        digits.append(digit)
    difference = 2 * b - tens
    if wrap:
        difference = wrap(difference)
    if high and (not low or difference > 0 or (difference == 0 and digits[-1] % 2)):
        power += _round_up(digits)
    return "".join(map(str, digits)), power + 1


_Wrap = Callable[[int], int] | None
_WRAPS: Final[tuple[_Wrap, ...]] = (be.wrap_s32, be.wrap_s64, None)


def _step(b: int, s: int, m: int, tens: int, wrap: _Wrap) -> tuple[int, int, int, bool, bool]:
    """One digit; what remains, ten-fold; and whether it is near enough to 0 or to 10."""
    digit, rest = divmod(b, s)
    b, m = 10 * rest, 10 * m
    if wrap is None:
        return digit, b, m, b < m, b + m >= tens
    m = wrap(m)
    return digit, b, m, b < m, wrap(b + m) > tens


def _round_up(digits: list[int]) -> int:
    """Add one to the last digit; 1 if that carried out of the first, else 0."""
    at = len(digits) - 1
    while digits[at] == 9 and at > 0:
        digits[at] = 0
        at -= 1
    if digits[at] == 9:
        digits[at] = 1
        return 1
    digits[at] += 1
    return 0
