"""What stands in a statement before its type is settled: ``cql3.AssignmentTestable``."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cqlite.errors import QueryError
from cqlite.records import record
from cqlite.terms.assignment import Assignment, assignment
from cqlite.types import CqlType


class TermError(QueryError):
    """A term that is no value of what it is for."""


@record
class Receiver:
    """What a value is for (``ColumnSpecification``); the name is for errors."""

    name: str
    type: CqlType


class Assignable(ABC):
    """A term or a selection; ``str`` gives it as CQL has it."""

    def test_assignment(self, receiver: CqlType) -> Assignment:
        """Whether it can be given to something of the type ``receiver``."""
        known = self.exact_type()
        return Assignment.NOT_ASSIGNABLE if known is None else assignment(known, receiver)

    @abstractmethod
    def exact_type(self) -> CqlType | None:
        """Its type, None where that depends on what it is for."""

    def compatible_type(self) -> CqlType | None:
        """A type that can hold it, None if that can't be told."""
        return self.exact_type()

    def array_size(self) -> int | None:
        """Of a literal in square brackets how many elements it has, else None."""
        return None
