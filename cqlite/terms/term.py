"""Terms: values that a statement has, ``cql3.Term.Raw`` and its kinds."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final, NoReturn

from cqlite.errors import QueryError
from cqlite.terms.assignable import Assignable, Receiver, TermError
from cqlite.terms.assignment import Assignment
from cqlite.terms.constants import Constant
from cqlite.types import CqlType

NO_VALUES: Final = "Invalid amount of bind variables"


class Term(Assignable):
    """A value in a statement."""

    @abstractmethod
    def value(self, receiver: Receiver) -> bytes | None:
        """The serialized value for a receiver, None for null (``prepare`` and ``bind``).

        Raises:
            TermError: it cannot be for this receiver.
            InvalidValueError: it is no value of the receiver's type.
        """


class NullTerm(Term):
    """``null``."""

    def __str__(self) -> str:
        return "NULL"

    def exact_type(self) -> CqlType | None:
        return None

    def test_assignment(self, receiver: CqlType) -> Assignment:
        is_counter = receiver.unwrap().is_counter
        return Assignment.NOT_ASSIGNABLE if is_counter else Assignment.WEAKLY_ASSIGNABLE

    def value(self, receiver: Receiver) -> None:
        if not self.test_assignment(receiver.type):
            raise TermError("Invalid null value for counter increment/decrement")


class MarkerTerm(Term):
    """A bind marker, for which there never is a value."""

    def __str__(self) -> str:
        return "?"

    def exact_type(self) -> CqlType | None:
        return None

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return Assignment.WEAKLY_ASSIGNABLE

    def value(self, receiver: Receiver) -> NoReturn:
        raise QueryError(NO_VALUES)


class ConstantTerm(Constant, Term):
    """A constant."""
