"""Arithmetic operators: ``org.apache.cassandra.cql3.functions.OperationFcts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from cqlite.errors import QueryError
from cqlite.query.functions import times
from cqlite.query.functions.base import ScalarFunction, shown_type
from cqlite.query.functions.numeric import NUMERIC, NumericType, result_of
from cqlite.terms.names import NEGATION, OPERATORS, SYMBOLS
from cqlite.types import CqlType, Duration, parse_type

_COMPUTE: Final[dict[str, Callable[[NumericType, Any, Any], Any]]] = {
    "_add": lambda kind, left, right: kind.add(left, right),
    "_substract": lambda kind, left, right: kind.subtract(left, right),
    "_multiply": lambda kind, left, right: kind.multiply(left, right),
    "_divide": lambda kind, left, right: kind.divide(left, right),
    "_modulo": lambda kind, left, right: kind.modulo(left, right),
}

_TEXT: Final = parse_type("UTF8Type")
_ASCII: Final = parse_type("AsciiType")
_DURATION: Final = parse_type("DurationType")


def functions() -> Iterator[ScalarFunction]:
    """All operators with all types that they take."""
    for left in NUMERIC:
        for right in NUMERIC:
            for name in OPERATORS.values():
                yield _NumericOperation(name, left, right)
        yield _Negation(left)
    for kind in (times.TIMESTAMP, times.DATE):
        yield _TemporalOperation("_add", kind)
        yield _TemporalOperation("_substract", kind)
    for first, second in ((_TEXT, _TEXT), (_ASCII, _ASCII), (_ASCII, _TEXT), (_TEXT, _ASCII)):
        yield _Concatenation(first, second)


class _Operation(ScalarFunction):
    @property
    def symbol(self) -> str:
        return SYMBOLS[self.name]

    def column_name(self, names: Sequence[str]) -> str:
        return f"{names[0]} {self.symbol} {names[1]}"

    def failed(self, error: Exception) -> QueryError:
        left, right = map(shown_type, self.argument_types)
        reason = error.message if isinstance(error, QueryError) else str(error)
        return QueryError(f"the operation '{left} {self.symbol} {right}' failed: {reason}")


class _NumericOperation(_Operation):
    def __init__(self, name: str, left: NumericType, right: NumericType) -> None:
        self.left, self.right, self.kind = left, right, result_of(left, right)
        self.compute = _COMPUTE[name]
        super().__init__(name, self.kind.type, (left.type, right.type))

    def call(self, *arguments: bytes | None) -> bytes | None:
        left, right = self.left.load(arguments[0]), self.right.load(arguments[1])
        if left is None or right is None:
            return None
        kind = self.kind
        try:
            first, second = kind.operand(left, self.left), kind.operand(right, self.right)
            return kind.dump(self.compute(kind, first, second))
        except ArithmeticError as error:
            raise self.failed(error) from None


class _Negation(ScalarFunction):
    def __init__(self, kind: NumericType) -> None:
        self.kind = kind
        super().__init__(NEGATION, kind.type, (kind.type,))

    def column_name(self, names: Sequence[str]) -> str:
        return f"-{names[0]}"

    def call(self, *arguments: bytes | None) -> bytes | None:
        number = self.kind.load(arguments[0])
        return None if number is None else self.kind.dump(self.kind.negate(number))


class _TemporalOperation(_Operation):
    def __init__(self, name: str, kind: times.TemporalType) -> None:
        self.kind = kind
        super().__init__(name, kind.type, (kind.type, _DURATION))

    def call(self, *arguments: bytes | None) -> bytes | None:
        millis = self.kind.millis(arguments[0])
        if millis is None or arguments[1] is None:
            return None
        duration: Duration = _DURATION.decode(arguments[1])
        if self.name == "_substract":
            duration = Duration(-duration.months, -duration.days, -duration.nanoseconds)
        try:
            self.kind.check_added(duration, arguments[1])
            return self.kind.of_millis(times.add(millis, duration))
        except QueryError as error:
            raise self.failed(error) from None


class _Concatenation(_Operation):
    def __init__(self, left: CqlType, right: CqlType) -> None:
        kind = _ASCII if left == right == _ASCII else _TEXT
        super().__init__("_add", kind, (left, right))

    def call(self, *arguments: bytes | None) -> bytes | None:
        left, right = arguments
        return None if left is None or right is None else left + right
