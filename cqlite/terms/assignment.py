"""Which types' values may stand where another type is wanted: ``AssignmentTestable``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

from cqlite.types import CqlType


class Assignment(IntEnum):
    """How something fits a receiver; true if it does (``AssignmentTestable.TestResult``)."""

    NOT_ASSIGNABLE = 0
    WEAKLY_ASSIGNABLE = 1
    EXACT_MATCH = 2


_ORDERED_AS: Final = {
    "BytesType": {"AsciiType", "UTF8Type"},
    "UTF8Type": {"AsciiType"},
    "TimestampType": {"DateType"},
    "DateType": {"TimestampType"},
}
"""Classes, and those whose values they also read and sort in the same way."""

_READ_AS: Final = {
    **_ORDERED_AS,
    "DateType": {"TimestampType", "LongType"},
    "IntegerType": {"Int32Type", "LongType", "DateType", "TimestampType"},
    "LongType": {"DateType", "TimestampType"},
    "SimpleDateType": {"Int32Type"},
    "TimeType": {"LongType"},
    "TimestampType": {"DateType", "LongType"},
    "UUIDType": {"TimeUUIDType"},
}
"""Classes, and those whose values they also read."""


def assignment(source: CqlType, receiver: CqlType) -> Assignment:
    """Whether a value of ``source`` can be given to ``receiver``.

    Follows ``AbstractType.testAssignment``.
    """
    if not source.is_multi_cell:
        receiver = receiver.freeze()
    if source.is_reversed and not receiver.is_reversed:
        from cqlite.types import ReversedType

        receiver = ReversedType(receiver)
    if source == receiver:
        return Assignment.EXACT_MATCH
    if is_value_compatible(receiver, source):
        return Assignment.WEAKLY_ASSIGNABLE
    return Assignment.NOT_ASSIGNABLE


def compatible_type(types: Sequence[CqlType]) -> CqlType | None:
    """The first of ``types`` that values of all of them can be given to, None if there is none.

    Follows ``AssignmentTestable.getCompatibleTypeIfKnown``.
    """
    for candidate in types:
        if all(assignment(kind, candidate) for kind in types):
            return candidate
    return None


def is_value_compatible(ours: CqlType, theirs: CqlType) -> bool:
    """Whether ``ours`` reads values of ``theirs`` (``AbstractType.isValueCompatibleWith``)."""
    ours, theirs = ours.unwrap(), theirs.unwrap()
    if ours == theirs or ours.class_name == "BytesType":
        return True
    if theirs.class_name in _READ_AS.get(ours.class_name, ()):
        return True
    if ours.is_udt or theirs.is_udt:
        return _is_user_type_compatible(ours, theirs)
    if ours.class_name == "TupleType":
        return theirs.class_name == "TupleType" and _parts_read(ours, theirs, is_value_compatible)
    return ours.is_collection and _is_collection_compatible(ours, theirs)


def _is_ordered_alike(ours: CqlType, theirs: CqlType) -> bool:
    """``AbstractType.isCompatibleWith``."""
    if ours == theirs or theirs.class_name in _ORDERED_AS.get(ours.class_name, ()):
        return True
    if ours.is_udt or theirs.is_udt:
        return _is_user_type_compatible(ours, theirs)
    if ours.class_name == "TupleType":
        return theirs.class_name == "TupleType" and _parts_read(ours, theirs, _is_ordered_alike)
    if not ours.is_collection or ours.class_name != theirs.class_name:
        return False
    alike = ours.is_multi_cell == theirs.is_multi_cell
    return alike and _parts_read(ours, theirs, _is_ordered_alike)


def _parts_read(ours: CqlType, theirs: CqlType, reads: Callable[[CqlType, CqlType], bool]) -> bool:
    """Whether what ``ours`` has of parts reads all that ``theirs`` has."""
    pairs = zip(ours.subtypes, theirs.subtypes, strict=False)
    return len(ours.subtypes) >= len(theirs.subtypes) and all(reads(a, b) for a, b in pairs)


def _is_user_type_compatible(ours: CqlType, theirs: CqlType) -> bool:
    from cqlite.types import UserType

    if not isinstance(ours, UserType) or not isinstance(theirs, UserType):
        return False
    if ours.is_multi_cell != theirs.is_multi_cell or ours.keyspace != theirs.keyspace:
        return False
    return _parts_read(ours, theirs, _is_ordered_alike)


def _is_collection_compatible(ours: CqlType, theirs: CqlType) -> bool:
    if ours.class_name != theirs.class_name or ours.is_multi_cell != theirs.is_multi_cell:
        return False
    if ours.is_multi_cell:
        return _is_ordered_alike(ours, theirs)
    if ours.class_name == "ListType":
        return is_value_compatible(ours.subtypes[0], theirs.subtypes[0])
    # Sets and the keys of maps must keep their order.
    if not _is_ordered_alike(ours.subtypes[0], theirs.subtypes[0]):
        return False
    return all(map(is_value_compatible, ours.subtypes[1:], theirs.subtypes[1:]))
