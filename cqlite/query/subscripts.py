"""Elements and slices of collections in a SELECT (``WithElementSelection`` and its kin)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cqlite.errors import QueryError
from cqlite.query import computations as ex
from cqlite.query.expressions import Expression
from cqlite.query.selectables import Columns, Selectable
from cqlite.schema import ColumnMetadata
from cqlite.terms.assignable import Receiver
from cqlite.terms.term import Term
from cqlite.types import CollectionType, CqlType, ListType, MapType, SetType, parse_type

_TIMEUUID: Final = parse_type("TimeUUIDType")


class ElementSelectable(Selectable):
    """An element of a collection, or those from one to another."""

    def __init__(self, selected: Selectable, element: Term) -> None:
        self.selected, self.element = selected, element

    def __str__(self) -> str:
        return f"{self.selected}[{self.element}]"

    def exact_type(self) -> CqlType | None:
        # Not unwrapped: Cassandra takes a descending collection for none.
        kind = self.selected.exact_type()
        if isinstance(kind, MapType):
            return kind.values
        if isinstance(kind, ListType):
            # The type of what lists are sorted by, which shows in errors alone.
            return _TIMEUUID
        return kind.elements if isinstance(kind, SetType) else None

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        selected = self.selected.expression(None, columns)
        kind, receiver = subscripted(self.selected, selected, "Element", "is of type")
        key = self.element.value(receiver)
        if key is None:
            raise QueryError(f"Invalid null value for element selection on {selected.title}")
        return ex.ElementExpression(str(self), selected, kind, key)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


class SliceSelectable(Selectable):
    """Elements of a collection from one to another."""

    def __init__(self, selected: Selectable, start: Term | None, end: Term | None) -> None:
        self.selected, self.start, self.end = selected, start, end

    def __str__(self) -> str:
        start, end = ("" if term is None else str(term) for term in (self.start, self.end))
        return f"{self.selected}[{start}..{end}]"

    def exact_type(self) -> CqlType | None:
        kind = self.selected.exact_type()
        return kind if isinstance(kind, CollectionType) else None

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        selected = self.selected.expression(expected, columns)
        kind, receiver = subscripted(self.selected, selected, "Slice", "of type")
        bounds = []
        for term in (self.start, self.end):
            bounds.append(None if term is None else term.value(receiver))
            if term is not None and bounds[-1] is None:
                raise QueryError(f"Invalid null value for slice selection on {selected.title}")
        return ex.SliceExpression(str(self), selected, kind, *bounds)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return self.selected.selects(matches)


def subscripted(
    written: Selectable, selected: Expression, what: str, of_type: str
) -> tuple[SetType | MapType, Receiver]:
    """The collection that has a subscript, and what the subscript's terms are for.

    Raises:
        QueryError: it is no set or map.
    """
    kind = selected.type.unwrap()
    if isinstance(kind, ListType):
        raise QueryError(
            f"{what} selection is only allowed on sets and maps, but {written} is a list"
        )
    if not isinstance(kind, SetType | MapType):
        raise QueryError(
            f"Invalid {what.lower()} selection: {written} {of_type} {kind.cql_name} is not a "
            "collection"
        )
    name = f"{'key' if isinstance(kind, MapType) else 'value'}({selected.title})"
    return kind, Receiver(name, kind.parameters[0])
