"""What a result has of rows: ``cql3.selection.Selector``, and columns among its kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cqlite.records import made, mutable
from cqlite.schema import ColumnMetadata
from cqlite.types import CqlType

if TYPE_CHECKING:
    from cqlite.query.computations import AggregateExpression
    from cqlite.query.functions import Aggregate
    from cqlite.query.times import TimeKind, Times
    from cqlite.table.model import Times as Cells


@mutable
class InputRow:
    """What expressions read of a row, or of the first row of a group.

    Attributes:
        values: serialized values by the columns' indexes; None for null.
        cells: when they were written, if it was asked for.
        now: seconds since 1970.
        aggregates: what the rows of the group add up to, by the aggregates' indexes.
    """

    values: Sequence[bytes | None]
    cells: Sequence[Cells] = ()
    now: int = 0
    aggregates: Sequence[Aggregate] = made(default_factory=tuple)


class Expression(ABC):
    """Something computed from a row.

    Attributes:
        title: what a result's column with it is called.
        type: of its values.
        aggregates: those within it.
    """

    def __init__(self, title: str, kind: CqlType, parts: Sequence[Expression] = ()) -> None:
        self.title = title
        self.type = kind
        self.parts = tuple(parts)

    @property
    def aggregates(self) -> list[AggregateExpression]:
        """The aggregates in it, itself or parts of it."""
        return [found for part in self.parts for found in part.aggregates]

    @property
    def needs_times(self) -> bool:
        """Whether it reads when cells were written."""
        return any(part.needs_times for part in self.parts)

    @abstractmethod
    def evaluate(self, row: InputRow) -> bytes | None:
        """The serialized value for a row, None for null.

        Raises:
            QueryError: a function cannot be applied to the values.
        """

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        """When the value was written, or how long it lives on."""
        from cqlite.query.times import NO_TIMES

        return NO_TIMES


class ColumnExpression(Expression):
    """A column."""

    def __init__(self, column: ColumnMetadata, index: int) -> None:
        super().__init__(column.name, column.type.unwrap())
        self.column = column
        self.index = index

    def evaluate(self, row: InputRow) -> bytes | None:
        return row.values[self.index]

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        from cqlite.query.times import Times
        from cqlite.types import UserType

        cells = row.cells[self.index] if row.cells else None
        if not self.column.is_complex:
            assert not isinstance(cells, tuple)
            return Times.single(kind.of(cells, row.now))
        assert cells is None or isinstance(cells, tuple)
        found = [kind.of(cell, row.now) for cell in cells or ()]
        value = row.values[self.index]
        if isinstance(self.type, UserType) and value is not None:
            left = iter(found)
            parts = self.type.split(value)
            found = [None if part is None else next(left, None) for part in parts]
        return Times(tuple(found))
