"""All native functions: ``NativeFunctions``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cqlite.query.functions import (
    aggregates,
    clock,
    collections,
    conversions,
    json_functions,
    masks,
    maths,
    operators,
    parameters,
    token,
    vectors,
)
from cqlite.query.functions.base import Function
from cqlite.query.functions.factory import Factory
from cqlite.types import CqlType


@lru_cache(maxsize=1)
def fixed() -> dict[str, list[Function]]:
    """Functions with fixed signatures, by name."""
    found: dict[str, list[Function]] = defaultdict(list)
    for function in _all_fixed():
        found[function.name].append(function)
    return dict(found)


def _all_fixed() -> Iterator[Function]:
    yield from conversions.functions()
    yield token.UuidFunction()
    yield from clock.functions()
    yield from operators.functions()
    yield from aggregates.functions()
    yield from maths.functions()


@lru_cache(maxsize=1)
def made() -> dict[str, list[Factory]]:
    """What makes functions for the types of a call, by their names."""
    found: dict[str, list[Factory]] = defaultdict(list)
    for factory in _all_made():
        found[factory.name].append(factory)
    return dict(found)


def _all_made() -> Iterator[Factory]:
    yield token.TokenFactory()
    yield from json_functions.factories()
    for name in ("max", "min"):
        yield Factory(name, _extreme, parameters.Parameter(from_receiver=True))
    yield from collections.factories()
    yield from masks.factories()
    yield from vectors.factories()


def _extreme(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
    return aggregates.extreme_of(name, types[0])
