"""Functions of many rows: ``org.apache.cassandra.cql3.functions.AggregateFcts``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from cqlite.codec import be, ieee
from cqlite.errors import QueryError
from cqlite.query.functions import java_math as java
from cqlite.query.functions import numeric
from cqlite.query.functions.base import Aggregate, AggregateFunction
from cqlite.query.functions.numeric import NumericType
from cqlite.types import CqlType, parse_type
from cqlite.types.java_numbers import double_text

_LONG: Final = parse_type("LongType")
_BLOB: Final = parse_type("BytesType")

COUNT_ROWS: Final = "count_rows"
"""The function that ``COUNT(*)`` and ``COUNT(1)`` stand for."""


def functions() -> Iterator[AggregateFunction]:
    """Those with fixed signatures; ``min`` and ``max`` take any type."""
    yield _CountRows(COUNT_ROWS)
    yield _CountRows("countRows")
    yield _Count()
    for kind in numeric.NUMERIC:
        yield sum_of(kind)
        yield average_of(kind)


class _Numeric(AggregateFunction):
    """A function of numbers, of which null is none."""

    def __init__(self, name: str, kind: NumericType, state: Callable[[NumericType], Aggregate]):
        super().__init__(name, kind.type, (kind.type,))
        self.kind = kind
        self.state = state

    def new(self) -> Aggregate:
        return self.state(self.kind)


def sum_of(kind: NumericType) -> AggregateFunction:
    """``sum`` of a numeric type."""
    return _Numeric("sum", kind, _FloatSum if isinstance(kind.of(0), float) else _Sum)


def average_of(kind: NumericType) -> AggregateFunction:
    """``avg`` of a numeric type."""
    if kind is numeric.DECIMAL:
        return _Numeric("avg", kind, _DecimalAverage)
    return _Numeric("avg", kind, _FloatAverage if kind.is_floating else _WholeAverage)


def extreme_of(name: str, kind: CqlType) -> AggregateFunction:
    """``min`` or ``max`` of a type, as ``name`` says."""
    return _Extreme(name, kind)


class _CountRows(AggregateFunction):
    def __init__(self, name: str) -> None:
        super().__init__(name, _LONG)

    def column_name(self, names: Sequence[str]) -> str:
        return "count"

    def new(self) -> Aggregate:
        return _RowCount()


class _Count(AggregateFunction):
    """How many values are not null."""

    def __init__(self) -> None:
        super().__init__("count", _LONG, (_BLOB,))

    def new(self) -> Aggregate:
        return _ValueCount()


class _Extreme(AggregateFunction):
    def __init__(self, name: str, kind: CqlType) -> None:
        super().__init__(name, kind, (kind,))
        # Of counters, what comes are sums.
        self.kind = _LONG if kind.unwrap().is_counter else kind.unwrap()

    def new(self) -> Aggregate:
        return _ExtremeState(self.kind, -1 if self.name == "min" else 1)


class _RowCount(Aggregate):
    def __init__(self) -> None:
        self.count = 0

    def add(self, *arguments: bytes | None) -> None:
        self.count += 1

    def result(self) -> bytes | None:
        return be.pack_signed(self.count, 8)


class _ValueCount(_RowCount):
    def add(self, *arguments: bytes | None) -> None:
        self.count += arguments[0] is not None


class _ExtremeState(Aggregate):
    def __init__(self, kind: CqlType, sign: int) -> None:
        self.kind, self.sign = kind, sign
        self.best: bytes | None = None

    def add(self, *arguments: bytes | None) -> None:
        (value,) = arguments
        if value is None:
            return
        if self.best is None or self.kind.compare(value, self.best) * self.sign > 0:
            self.best = value

    def result(self) -> bytes | None:
        return self.best


class _NumericState(Aggregate):
    """A computation with numbers of one type."""

    def __init__(self, kind: NumericType) -> None:
        self.kind = kind

    def add(self, *arguments: bytes | None) -> None:
        number = self.kind.load(arguments[0])
        if number is not None:
            self.take(number)

    def take(self, number: Any) -> None:
        """One number more."""
        raise NotImplementedError


class _Sum(_NumericState):
    """A sum in the numbers' own type, which may overflow."""

    def __init__(self, kind: NumericType) -> None:
        super().__init__(kind)
        self.sum: Any = Decimal(0) if kind is numeric.DECIMAL else 0

    def take(self, number: Any) -> None:
        self.sum = self.kind.add(self.sum, number)

    def result(self) -> bytes | None:
        return self.kind.dump(self.sum)


class _DecimalAverage(_NumericState):
    """Each value moves the average, rounded to the scale that the difference has."""

    def __init__(self, kind: NumericType) -> None:
        super().__init__(kind)
        self.average, self.count = Decimal(0), 0

    def take(self, number: Decimal) -> None:
        self.count += 1
        difference = java.WIDE.subtract(number, self.average)
        part = java.divide_to_scale(
            difference, Decimal(self.count), java.scale_of(difference), even=True
        )
        self.average = java.WIDE.add(self.average, part)

    def result(self) -> bytes | None:
        return self.kind.dump(self.average)


class _WholeAverage(_NumericState):
    """The average without its fraction; 0 of nothing."""

    def __init__(self, kind: NumericType) -> None:
        super().__init__(kind)
        self.sum = self.count = 0

    def take(self, number: int) -> None:
        self.count += 1
        self.sum += number

    def result(self) -> bytes | None:
        return self.kind.dump(java.divide_whole(self.sum, self.count) if self.count else 0)


class _FloatSum(_NumericState):
    """A sum of doubles by Kahan's method, as far as Cassandra has it.

    It adds the compensation in the end, where one would subtract it.
    """

    def __init__(self, kind: NumericType) -> None:
        super().__init__(kind)
        self.sum = self.compensation = self.simple = 0.0

    def take(self, number: float) -> None:
        self.simple += number
        part = number - self.compensation
        rounded = self.sum + part
        self.compensation = (rounded - self.sum) - part
        self.sum = rounded

    def total(self) -> float:
        """The sum; infinite where infinities of one sign were added."""
        total = self.sum + self.compensation
        return self.simple if math.isnan(total) and math.isinf(self.simple) else total

    def result(self) -> bytes | None:
        return self.kind.dump(self.kind.of(self.total()))


class _FloatAverage(_FloatSum):
    """From where the sum would be infinite it goes on in decimals."""

    def __init__(self, kind: NumericType) -> None:
        super().__init__(kind)
        self.count = 0
        self.big: Decimal | None = None

    def take(self, number: float) -> None:
        self.count += 1
        if self.big is not None:
            self.big = java.WIDE.add(self.big, _decimal(number))
            return
        before = self.sum
        super().take(number)
        if math.isinf(self.sum) and not math.isinf(number):
            self.big = java.WIDE.add(_decimal(before), _decimal(number))

    def result(self) -> bytes | None:
        return self.kind.dump(self.kind.of(self._average()))

    def _average(self) -> float:
        if not self.count:
            return 0.0
        if self.big is None:
            return self.total() / self.count
        scale = java.scale_of(self.big)
        return float(java.divide_to_scale(self.big, Decimal(self.count), scale, even=True))


def _decimal(number: float) -> Decimal:
    if not math.isfinite(number):
        raise QueryError("Infinite or NaN")
    return Decimal(double_text(ieee.pack_f8(number)))
