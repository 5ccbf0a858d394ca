"""Arithmetic as Java does it, where Python's differs."""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from cqlite.codec import ieee

_LONG: Final = 8
"""Bytes of a ``long``."""
_LONG_MAX: Final = (1 << 63) - 1
_INT_MAX: Final = (1 << 31) - 1

WIDE: Final = Context(prec=10_000, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""What sums and products of decimals are rounded to (``DecimalType.MAX_PRECISION``)."""

_MIN_DIGITS: Final = 32
_MAX_DIVISION_SCALE: Final = 1000
_MAX_DIGITS: Final = 10_000
_FLOAT_DIGITS: Final = 24
_FLOAT_LEAST: Final = -149
_FLOAT_MOST: Final = Fraction(2**128 - 2**103)
"""From here on, 2^128 less half a unit, a number is rounded to infinity."""


def wrap(value: int, size: int) -> int:
    """An integer in ``size`` bytes, what does not fit cut off."""
    half = 1 << (8 * size - 1)
    return ((value + half) & (2 * half - 1)) - half


def narrow(value: float, size: int) -> int:
    """A floating-point number as an integer of ``size`` bytes, by Java's cast.

    It goes to an ``int``, or for eight bytes to a ``long``, that is as near as can be;
    and of that the low bytes are kept.
    """
    if math.isnan(value):
        return 0
    most = _LONG_MAX if size == _LONG else _INT_MAX
    if math.isinf(value):
        whole = most if value > 0 else -most - 1
    else:
        whole = max(-most - 1, min(most, int(value)))
    return wrap(whole, size)


def to_double(value: int | float | Decimal) -> float:
    """The ``double`` that is nearest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def to_float(value: int | float | Decimal) -> float:
    """The ``float`` that is nearest, rounded once."""
    if isinstance(value, float):
        return _float_of_double(value)
    if value == 0:
        return 0.0
    exact = Fraction(value)
    if abs(exact) >= _FLOAT_MOST:
        return math.inf if exact > 0 else -math.inf
    return float(_rounded(exact))


def _float_of_double(value: float) -> float:
    try:
        return ieee.unpack_f4(ieee.pack_f4(value))
    except ValueError:
        return math.copysign(math.inf, value)


def _rounded(exact: Fraction) -> Fraction:
    """``exact`` to the 24 binary digits of a ``float``, half to even."""
    size = abs(exact)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if size < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - _FLOAT_DIGITS + 1, _FLOAT_LEAST)
    return round(exact / unit) * unit


def divide_whole(left: int, right: int) -> int:
    """The quotient without its fraction; raises ZeroDivisionError."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def remainder_whole(left: int, right: int) -> int:
    """What ``divide_whole`` leaves, with the sign of ``left``; raises ZeroDivisionError."""
    return left - right * divide_whole(left, right)


def divide_floating(left: float, right: float) -> float:
    """The quotient, infinite or NaN where the divisor is zero."""
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder_floating(left: float, right: float) -> float:
    """The rest with the sign of ``left``; NaN where there is none."""
    if not right or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def exponential(value: float) -> float:
    """e to the power of ``value`` (``Math.exp``)."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def logarithm(value: float, *, base_10: bool = False) -> float:
    """The natural or decimal logarithm, NaN of negative numbers (``Math.log``)."""
    if math.isnan(value) or value < 0:
        return math.nan
    if not value:
        return -math.inf
    return math.log10(value) if base_10 else math.log(value)


def round_half_up(value: float, size: int) -> float:
    """``Math.round``: a half goes up; as near as an ``int`` (4 bytes) or ``long`` (8) comes."""
    if math.isnan(value) or math.isinf(value):
        return float(narrow(value, size))
    whole = math.floor(Fraction(value) + Fraction(1, 2))
    most = _LONG_MAX if size == _LONG else _INT_MAX
    return float(max(-most - 1, min(most, whole)))


# Decimals, whose scale counts.


def scale_of(value: Decimal) -> int:
    """How many digits are behind the point; negative, how many zeros follow the digits."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def unscaled(value: Decimal) -> int:
    """The digits as an integer."""
    return int(value.scaleb(scale_of(value), WIDE)) if value else 0


def precision_of(value: Decimal) -> int:
    """How many digits there are, one for zero."""
    return len(value.as_tuple().digits)


def of_unscaled(digits: int, scale: int) -> Decimal:
    """A decimal of its digits and its scale."""
    sign, parts, _ = Decimal(digits).as_tuple()
    return Decimal((sign, parts, -scale))


def divide_to_scale(left: Decimal, right: Decimal, scale: int, *, even: bool) -> Decimal:
    """The quotient with ``scale`` digits behind the point, half to even or half up.

    Raises:
        ZeroDivisionError: in Java's words.
    """
    if not right:
        raise ZeroDivisionError("Division by zero" if left else "Division undefined")
    shift = scale - scale_of(left) + scale_of(right)
    top, bottom = unscaled(left), unscaled(right)
    if shift >= 0:
        top *= 10**shift
    else:
        bottom *= 10**-shift
    return of_unscaled(_nearest(top, bottom, even=even), scale)


def _nearest(top: int, bottom: int, *, even: bool) -> int:
    quotient, rest = divmod(abs(top), abs(bottom))
    twice = 2 * rest - abs(bottom)
    if twice > 0 or (twice == 0 and (not even or quotient % 2)):
        quotient += 1
    return quotient if (top < 0) == (bottom < 0) else -quotient


def divide_decimal(left: Decimal, right: Decimal) -> Decimal:
    """The quotient as ``DecimalType.divide`` rounds it: 32 digits and more."""
    first = precision_of(left) - scale_of(left) - precision_of(right) + scale_of(right)
    scale = max(_MIN_DIGITS - first, scale_of(left), scale_of(right), _MIN_DIGITS)
    if not right:
        raise ZeroDivisionError("BigInteger divide by zero")
    quotient = divide_to_scale(left, right, min(scale, _MAX_DIVISION_SCALE), even=False)
    return stripped(quotient)


def stripped(value: Decimal) -> Decimal:
    """Without zeros at its end (``BigDecimal.stripTrailingZeros``)."""
    return value.normalize(WIDE) if value else Decimal(0)


def remainder_decimal(left: Decimal, right: Decimal) -> Decimal:
    """The rest with the sign of ``left`` and the scale that ``BigDecimal.remainder`` gives."""
    if not right:
        raise ZeroDivisionError("Division by zero" if left else "Division undefined")
    preferred = scale_of(left) - scale_of(right)
    quotient = divide_whole(*_to_one_scale(left, right))
    if quotient:
        zeros = len(str(quotient)) - len(str(quotient).rstrip("0"))
        scale = max(preferred, -zeros)
    else:
        scale = preferred
    # Its scale decides about the difference's, though its value does not.
    whole = of_unscaled(quotient * 10**scale if scale >= 0 else quotient // 10**-scale, scale)
    return WIDE.subtract(left, WIDE.multiply(whole, right))


def _to_one_scale(left: Decimal, right: Decimal) -> tuple[int, int]:
    scale = max(scale_of(left), scale_of(right))
    return (
        unscaled(left) * 10 ** (scale - scale_of(left)),
        unscaled(right) * 10 ** (scale - scale_of(right)),
    )


def round_decimal(value: Decimal) -> Decimal:
    """A whole number, a half goes away from zero."""
    return divide_to_scale(value, Decimal(1), 0, even=False)


def digits_context(value: Decimal) -> Context:
    """How exactly exponentials and logarithms of ``value`` are computed."""
    digits = min(max(_MIN_DIGITS, precision_of(value)), _MAX_DIGITS)
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)


def log10_decimal(value: Decimal) -> Decimal:
    """The decimal logarithm as a quotient of two natural ones: 3 can be 3.000."""
    context = digits_context(value)
    finer = Context(context.prec + 2, ROUND_HALF_UP, MIN_EMIN, MAX_EMAX)
    return context.plus(finer.divide(finer.ln(value), finer.ln(Decimal(10))))
