"""Functions of one collection: ``org.apache.cassandra.cql3.functions.CollectionFcts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cqlite.codec import be
from cqlite.query.functions import aggregates, parameters
from cqlite.query.functions.base import AggregateFunction, Function, ScalarFunction
from cqlite.query.functions.factory import Factory
from cqlite.query.functions.numeric import numeric_of
from cqlite.types import CollectionType, CqlType, ListType, MapType, SetType, parse_type

_INT: Final = parse_type("Int32Type")


def factories() -> Iterator[Factory]:
    """Functions of maps, and of any collection."""
    yield Factory("map_keys", _map_part, parameters.Map())
    yield Factory("map_values", _map_part, parameters.Map())
    yield Factory("collection_count", _count, parameters.Collection())
    yield Factory("collection_min", _of_elements(_extreme), parameters.SetOrList())
    yield Factory("collection_max", _of_elements(_extreme), parameters.SetOrList())
    yield Factory("collection_sum", _of_elements(_sum), parameters.NumericSetOrList())
    yield Factory("collection_avg", _of_elements(_average), parameters.NumericSetOrList())


def _map_part(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
    assert isinstance(types[0], MapType)
    return _MapPart(name, types[0])


def _count(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
    assert isinstance(types[0], CollectionType)
    return _Count(name, types[0])


_OfElements = Callable[[str, CqlType], AggregateFunction]


def _of_elements(
    aggregate: _OfElements,
) -> Callable[[str, Sequence[CqlType], CqlType | None], Function]:
    def make(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
        assert isinstance(types[0], CollectionType)
        return _Aggregation(name, types[0], aggregate(name, types[0].subtypes[0]))

    return make


def _extreme(name: str, elements: CqlType) -> AggregateFunction:
    return aggregates.extreme_of(name.removeprefix("collection_"), elements)


def _sum(name: str, elements: CqlType) -> AggregateFunction:
    kind = numeric_of(elements)
    assert kind is not None
    return aggregates.sum_of(kind)


def _average(name: str, elements: CqlType) -> AggregateFunction:
    kind = numeric_of(elements)
    assert kind is not None
    return aggregates.average_of(kind)


class _MapPart(ScalarFunction):
    """The keys of a map as a set, or its values as a list."""

    def __init__(self, name: str, kind: MapType) -> None:
        self.kind = kind
        keys, values = kind.subtypes
        self.part = 0 if name == "map_keys" else 1
        result: SetType | ListType
        if self.part == 0:
            result = SetType((keys,), is_multi_cell=False)
        else:
            result = ListType((values,), is_multi_cell=False)
        self.result = result
        super().__init__(name, result, (kind,))

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        if data is None:
            return None
        parts = [pair[self.part] for pair in self.kind.split(data)]
        return self.result.pack((part or b"", part or b"") for part in parts)


class _Count(ScalarFunction):
    def __init__(self, name: str, kind: CollectionType) -> None:
        self.kind = kind
        super().__init__(name, _INT, (kind,))

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        return None if data is None else be.pack_signed(len(self.kind.split(data)), 4)


class _Aggregation(ScalarFunction):
    """An aggregate over the elements of one collection."""

    def __init__(self, name: str, kind: CollectionType, function: AggregateFunction) -> None:
        self.kind, self.function = kind, function
        super().__init__(name, function.return_type, (kind,))

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        if data is None:
            return None
        state = self.function.new()
        for (element,) in self.kind.split(data):
            state.add(element)
        return state.result()
