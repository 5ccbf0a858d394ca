"""What a SELECT asks for, before types are settled: ``cql3.selection.Selectable``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from cqlite.errors import QueryError
from cqlite.query.expressions import ColumnExpression, Expression
from cqlite.schema import ColumnMetadata
from cqlite.terms.assignable import Assignable
from cqlite.types import CqlType


class Columns:
    """The columns that expressions read, and the aggregates among them, as they come up."""

    def __init__(self) -> None:
        self.columns: list[ColumnMetadata] = []
        self.aggregates = 0

    def index(self, column: ColumnMetadata) -> int:
        """The index of a column, which is added if it is new."""
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)


class Selectable(Assignable):
    """Something that is asked for."""

    @abstractmethod
    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        """What computes it.

        Args:
            expected: the type that it has to have, None if any goes.
            columns: gets the columns that are read.

        Raises:
            QueryError: it cannot be asked for, as Cassandra says it.
        """

    @abstractmethod
    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        """Whether it reads a column that matches (``selectColumns``)."""


def any_selects(items: Sequence[Selectable], matches: Callable[[ColumnMetadata], bool]) -> bool:
    """Whether one of them reads a column that matches."""
    return any(item.selects(matches) for item in items)


def infer(item: Assignable, known: CqlType | None, expected: CqlType | None) -> CqlType:
    """The type of something that is written out.

    Raises:
        QueryError: nothing tells it.
    """
    kind = known if known is not None else expected
    if kind is None:
        raise QueryError(
            f"Cannot infer type for term {item} in selection clause "
            "(try using a cast to force a type)"
        )
    return kind.unwrap()


class ColumnSelectable(Selectable):
    """A column."""

    def __init__(self, column: ColumnMetadata) -> None:
        self.column = column

    def __str__(self) -> str:
        return self.column.name

    def exact_type(self) -> CqlType:
        return self.column.type

    def expression(self, expected: CqlType | None, columns: Columns) -> ColumnExpression:
        return ColumnExpression(self.column, columns.index(self.column))

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return matches(self.column)
