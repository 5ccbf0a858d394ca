"""What functions are: ``org.apache.cassandra.cql3.functions.Function``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from cqlite.records import made, record
from cqlite.terms.assignment import Assignment
from cqlite.terms.names import SYSTEM, FunctionName
from cqlite.types import CqlType, Murmur3Partitioner, Partitioner


class Argument(Protocol):
    """What a function is called with, before its values are known (``AssignmentTestable``).

    ``str`` gives it as CQL, for errors.
    """

    def test_assignment(self, receiver: CqlType) -> Assignment:
        """Whether it can be given to something of the type ``receiver``."""

    def compatible_type(self) -> CqlType | None:
        """A type that can hold it, None if that can't be told, as of ``?`` and ``null``."""

    def array_size(self) -> int | None:
        """Of a literal in square brackets how many elements it has, else None."""


@record
class FunctionContext:
    """What some functions need to know of the query that calls them.

    Attributes:
        now_ms: the query's present, in milliseconds since 1970.
        keyspace, table: of the table that is asked; empty if there is none.
        partition_key_types: the types of its partition key's columns.
        partitioner: that of its SSTables.
    """

    now_ms: int
    keyspace: str = ""
    table: str = ""
    partition_key_types: tuple[CqlType, ...] = ()
    partitioner: Partitioner = made(default_factory=Murmur3Partitioner)


class Function:
    """A native function with one signature.

    Attributes:
        name: without the keyspace, as in ``min_timeuuid``.
        argument_types: of each argument.
        return_type: of the result; never frozen, nor reversed.
    """

    is_aggregate = False
    is_pure = True
    """Whether equal arguments always give equal results."""

    def __init__(
        self, name: str, return_type: CqlType, argument_types: Sequence[CqlType] = ()
    ) -> None:
        self.name = name
        self.return_type = return_type.unwrap()
        self.argument_types = tuple(argument_types)

    @property
    def full_name(self) -> str:
        """The name with the keyspace, as errors and titles of columns have it."""
        return f"{SYSTEM}.{self.name}"

    def column_name(self, names: Sequence[str]) -> str:
        """The title of a column with its results; ``names`` are those of the arguments."""
        return f"{self.full_name}({', '.join(names)})"

    def bound(self, context: FunctionContext) -> Function:
        """The function in a query; itself, unless it depends on more than its arguments."""
        return self

    def __str__(self) -> str:
        arguments = ", ".join(map(shown_type, self.argument_types))
        name = FunctionName(self.name, SYSTEM).cql
        return f"{name} : ({arguments}) -> {self.return_type.cql_name}"


class ScalarFunction(Function):
    """A function that gives a value for values."""

    @abstractmethod
    def call(self, *arguments: bytes | None) -> bytes | None:
        """The result, serialized; None is null.

        Args:
            arguments: serialized, as many as ``argument_types``; None is null. Counters are
                eight bytes, their sum.

        Raises:
            QueryError: the arguments' values do not go.
            InvalidValueError: an argument is no value of its type.
        """


class Aggregate(ABC):
    """What is being computed over rows (``AggregateFunction.Aggregate``)."""

    @abstractmethod
    def add(self, *arguments: bytes | None) -> None:
        """Take the arguments of one row."""

    @abstractmethod
    def result(self) -> bytes | None:
        """The result over all rows that were added."""


class AggregateFunction(Function):
    """A function that gives one value for many rows."""

    is_aggregate = True

    @abstractmethod
    def new(self) -> Aggregate:
        """A computation over no rows yet."""


def shown_type(kind: CqlType) -> str:
    """A type as errors show it: CQL, a tuple without ``frozen``."""
    text = kind.unwrap().cql_name
    is_tuple = kind.class_name == "TupleType" or kind.is_udt
    if is_tuple and text.startswith("frozen<"):
        return text[len("frozen<") : -1]
    return text
