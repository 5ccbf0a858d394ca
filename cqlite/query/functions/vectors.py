"""How near vectors are: ``VectorFcts``, with the sums of jvector's ``DefaultVectorUtilSupport``.

Sums are of ``float`` and in jvector's order, since the last digits depend on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.query.functions.base import Function, ScalarFunction
from cqlite.query.functions.factory import Factory
from cqlite.query.functions.java_math import divide_floating, to_float
from cqlite.query.functions.numeric import FLOAT
from cqlite.query.functions.parameters import FloatVector
from cqlite.types import CqlType, VectorType

_UNROLLED: Final = 8
Vector = Sequence[float]


def factories() -> Iterator[Factory]:
    """The three similarities."""
    for name in SIMILARITIES:
        yield Factory(name, _make, FloatVector(other=1), FloatVector(other=0))


def cosine(left: Vector, right: Vector) -> float:
    """From 0 to 1, (1 + cosine of the angle) / 2."""
    dot = left_norm = right_norm = 0.0
    for a, b in zip(left, right, strict=True):
        dot = to_float(dot + to_float(a * b))
        left_norm = to_float(left_norm + to_float(a * a))
        right_norm = to_float(right_norm + to_float(b * b))
    length = math.sqrt(left_norm * right_norm)
    return to_float(to_float(1 + to_float(divide_floating(dot, length))) / 2)


def euclidean(left: Vector, right: Vector) -> float:
    """1 / (1 + distance²)."""
    differences = [to_float(a - b) for a, b in zip(left, right, strict=True)]
    squares = [to_float(difference * difference) for difference in differences]
    whole = len(squares) - len(squares) % _UNROLLED
    total = _by_eight(0.0, squares[:whole])
    for square in squares[whole:]:
        total = to_float(total + square)
    return to_float(1 / to_float(1 + total))


def dot_product(left: Vector, right: Vector) -> float:
    """(1 + dot product) / 2."""
    products = [to_float(a * b) for a, b in zip(left, right, strict=True)]
    rest = len(products) % _UNROLLED
    total = 0.0
    for product in products[:rest]:
        total = to_float(total + product)
    return to_float(to_float(1 + _by_eight(total, products[rest:])) / 2)


def _by_eight(total: float, terms: Vector) -> float:
    """``total`` and sums of eight terms each."""
    for at in range(0, len(terms), _UNROLLED):
        part = terms[at]
        for term in terms[at + 1 : at + _UNROLLED]:
            part = to_float(part + term)
        total = to_float(total + part)
    return total


SIMILARITIES: Final[dict[str, Callable[[Vector, Vector], float]]] = {
    "similarity_cosine": cosine,
    "similarity_euclidean": euclidean,
    "similarity_dot_product": dot_product,
}
"""By the functions' names."""


def _make(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
    first = types[0]
    assert isinstance(first, VectorType)
    sizes = {kind.dimension for kind in types if isinstance(kind, VectorType)}
    if len(sizes) != 1:
        raise QueryError("All arguments must have the same vector dimensions")
    return _Similarity(name, first)


class _Similarity(ScalarFunction):
    def __init__(self, name: str, kind: VectorType) -> None:
        super().__init__(name, FLOAT.type, (kind, kind))
        self.kind = kind
        self.compute = SIMILARITIES[name]

    def call(self, *arguments: bytes | None) -> bytes | None:
        left, right = arguments
        if not left or not right:
            return None
        vectors = self.kind.decode(left), self.kind.decode(right)
        if self.name == "similarity_cosine" and not all(map(any, vectors)):
            raise QueryError(f"Function {self.full_name} doesn't support all-zero vectors.")
        return FLOAT.dump(self.compute(*vectors))
