"""How literals that have parts fit what they are for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cqlite.errors import QueryError
from cqlite.terms.assignable import Assignable
from cqlite.terms.assignment import Assignment
from cqlite.types import CqlType, ListType, MapType, SetType, TupleType, UserType, VectorType


def test_all(receiver: CqlType, items: Sequence[Assignable]) -> Assignment:
    """How all of ``items`` fit one receiver (``TestResult.testAll``)."""
    return min((item.test_assignment(receiver) for item in items), default=Assignment.EXACT_MATCH)


def test_array(receiver: CqlType, items: Sequence[Assignable]) -> Assignment:
    """How a literal in square brackets fits (``Lists`` and ``Vectors.testAssignment``)."""
    receiver = receiver.unwrap()
    if isinstance(receiver, VectorType):
        if len(items) != receiver.dimension:
            return Assignment.NOT_ASSIGNABLE
        return test_all(receiver.elements, items)
    if not isinstance(receiver, ListType):
        return Assignment.NOT_ASSIGNABLE
    return test_all(receiver.elements, items) if items else Assignment.WEAKLY_ASSIGNABLE


def test_set(receiver: CqlType, items: Sequence[Assignable]) -> Assignment:
    """How a set's literal fits (``Sets.testSetAssignment``)."""
    receiver = receiver.unwrap()
    if isinstance(receiver, MapType) and not items:
        return Assignment.WEAKLY_ASSIGNABLE
    if not isinstance(receiver, SetType):
        return Assignment.NOT_ASSIGNABLE
    return test_all(receiver.elements, items) if items else Assignment.WEAKLY_ASSIGNABLE


def test_map(
    receiver: CqlType, keys: Sequence[Assignable], values: Sequence[Assignable]
) -> Assignment:
    """How a map's literal fits (``Maps.testMapAssignment``)."""
    receiver = receiver.unwrap()
    if not isinstance(receiver, MapType):
        return Assignment.NOT_ASSIGNABLE
    if not keys:
        return Assignment.WEAKLY_ASSIGNABLE
    return min(test_all(receiver.keys, keys), test_all(receiver.values, values))


def test_fields(receiver: CqlType, fields: dict[str, Assignable]) -> Assignment:
    """How a UDT's literal fits (``UserTypes.testUserTypeAssignment``)."""
    receiver = receiver.unwrap()
    if not isinstance(receiver, UserType):
        return Assignment.NOT_ASSIGNABLE
    named = zip(receiver.field_names, receiver.fields, strict=True)
    return _test_parts((fields[name], kind) for name, kind in named if name in fields)


def test_tuple(receiver: CqlType, items: Sequence[Assignable]) -> Assignment:
    """How a tuple's literal, or parentheses around one item, fit (``Tuples``)."""
    receiver = receiver.unwrap()
    if len(items) == 1 and not isinstance(receiver, TupleType):
        return items[0].test_assignment(receiver)
    if not isinstance(receiver, TupleType | UserType) or len(items) > len(receiver.fields):
        return Assignment.NOT_ASSIGNABLE
    return _test_parts(zip(items, receiver.fields, strict=False))


def _test_parts(parts: Iterable[tuple[Assignable, CqlType]]) -> Assignment:
    try:
        fits = all(part.test_assignment(kind) for part, kind in parts)
    except QueryError:
        # So does Cassandra: a part that is wrong in itself does not fit.
        fits = False
    return Assignment.WEAKLY_ASSIGNABLE if fits else Assignment.NOT_ASSIGNABLE
