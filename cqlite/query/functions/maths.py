"""Mathematical functions: ``org.apache.cassandra.cql3.functions.MathFcts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from cqlite.errors import QueryError
from cqlite.query.functions.base import ScalarFunction
from cqlite.query.functions.numeric import NUMERIC, NumericType

_COMPUTE: Final[dict[str, Callable[[NumericType, Any], Any]]] = {
    "abs": lambda kind, number: kind.abs(number),
    "exp": lambda kind, number: kind.exp(number),
    "log": lambda kind, number: kind.log(number),
    "log10": lambda kind, number: kind.log(number, base_10=True),
    "round": lambda kind, number: kind.round(number),
}


def functions() -> Iterator[ScalarFunction]:
    """Each function for each numeric type."""
    for kind in NUMERIC:
        for name in _COMPUTE:
            yield _MathFunction(name, kind)


class _MathFunction(ScalarFunction):
    def __init__(self, name: str, kind: NumericType) -> None:
        super().__init__(name, kind.type, (kind.type,))
        self.kind = kind
        self.compute = _COMPUTE[name]

    def call(self, *arguments: bytes | None) -> bytes | None:
        number = self.kind.load(arguments[0])
        if number is None:
            return None
        try:
            return self.kind.dump(self.compute(self.kind, number))
        except ArithmeticError as error:
            raise QueryError(str(error)) from None
