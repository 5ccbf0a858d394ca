"""What is computed from rows: the kinds of ``cql3.selection.Selector`` but columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cqlite.query.expressions import Expression, InputRow
from cqlite.query.functions import Aggregate, AggregateFunction, ScalarFunction
from cqlite.query.times import NO_TIMES, TimeKind, Times
from cqlite.types import (
    CollectionType,
    CqlType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
)


class ConstantExpression(Expression):
    """A value that no row changes."""

    def __init__(self, title: str, kind: CqlType, value: bytes | None) -> None:
        super().__init__(title, kind)
        self.value = value

    def evaluate(self, row: InputRow) -> bytes | None:
        return self.value


class CallExpression(Expression):
    """A scalar function of expressions."""

    def __init__(self, function: ScalarFunction, arguments: Sequence[Expression]) -> None:
        title = function.column_name([argument.title for argument in arguments])
        super().__init__(title, function.return_type, arguments)
        self.function = function

    def evaluate(self, row: InputRow) -> bytes | None:
        return self.function.call(*(part.evaluate(row) for part in self.parts))


class AggregateExpression(Expression):
    """An aggregate function of expressions; ``index`` counts those of a statement."""

    def __init__(
        self, function: AggregateFunction, arguments: Sequence[Expression], index: int
    ) -> None:
        title = function.column_name([argument.title for argument in arguments])
        super().__init__(title, function.return_type, arguments)
        self.function = function
        self.index = index

    @property
    def aggregates(self) -> list[AggregateExpression]:
        return [self]

    def add(self, row: InputRow, aggregate: Aggregate) -> None:
        """Adds a row of the group."""
        aggregate.add(*(part.evaluate(row) for part in self.parts))

    def evaluate(self, row: InputRow) -> bytes | None:
        return row.aggregates[self.index].result()


class MetadataExpression(Expression):
    """WRITETIME, MAXWRITETIME or TTL (``WritetimeOrTTLSelector``)."""

    def __init__(
        self, title: str, kind: CqlType, selected: Expression, of: TimeKind, is_maximum: bool
    ) -> None:
        super().__init__(title, kind, (selected,))
        self._of = of
        self._is_maximum = is_maximum

    @property
    def needs_times(self) -> bool:
        return True

    def evaluate(self, row: InputRow) -> bytes | None:
        times = self.parts[0].times(row, self._of)
        return (times.maximum() if self._is_maximum else times).serialized(self._of)


class FieldExpression(Expression):
    """A field of a UDT."""

    def __init__(self, selected: Expression, kind: UserType, index: int) -> None:
        title = f"{selected.title}.{kind.field_names[index]}"
        super().__init__(title, kind.fields[index], (selected,))
        self._kind = kind
        self._index = index

    def evaluate(self, row: InputRow) -> bytes | None:
        value = self.parts[0].evaluate(row)
        if not value:
            return None
        parts = self._kind.split(value)
        return parts[self._index] if self._index < len(parts) else None

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        if self.evaluate(row) is None:
            return NO_TIMES
        return self.parts[0].times(row, kind).at(self._index)


class ElementExpression(Expression):
    """An element of a set, or a value of a map."""

    def __init__(
        self, title: str, selected: Expression, kind: SetType | MapType, key: bytes
    ) -> None:
        element = kind.values if isinstance(kind, MapType) else kind.elements
        super().__init__(title, element, (selected,))
        self._kind = kind
        self._key = key

    def _found(self, row: InputRow) -> tuple[int, bytes | None]:
        """The element's index and its value, -1 where there is none."""
        value = self.parts[0].evaluate(row)
        if value is None:
            return -1, None
        keys = self._kind.parameters[0]
        for index, element in enumerate(self._kind.split(value)):
            if element[0] is not None and keys.compare(element[0], self._key) == 0:
                return index, element[-1]
        return -1, None

    def evaluate(self, row: InputRow) -> bytes | None:
        return self._found(row)[1]

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        index, _ = self._found(row)
        return NO_TIMES if index < 0 else self.parts[0].times(row, kind).at(index)


class SliceExpression(Expression):
    """Elements of a set or a map from one key to another, both included."""

    def __init__(
        self,
        title: str,
        selected: Expression,
        kind: SetType | MapType,
        start: bytes | None,
        end: bytes | None,
    ) -> None:
        super().__init__(title, kind, (selected,))
        self._kind = kind
        self._start, self._end = start, end

    def _range(self, elements: Sequence[tuple[bytes | None, ...]]) -> range:
        keys = self._kind.parameters[0]
        inside = [
            index
            for index, (key, *_) in enumerate(elements)
            if key is not None
            and (self._start is None or keys.compare(self._start, key) <= 0)
            and (self._end is None or keys.compare(key, self._end) <= 0)
        ]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def evaluate(self, row: InputRow) -> bytes | None:
        value = self.parts[0].evaluate(row)
        if value is None or (self._start is None and self._end is None):
            return value
        elements = self._kind.split(value)
        inside = [elements[index] for index in self._range(elements)]
        if not inside and self._kind.is_multi_cell:
            return None
        return self._kind.pack((element[0] or b"", element[-1] or b"") for element in inside)

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        value = self.parts[0].evaluate(row)
        if value is None:
            return NO_TIMES
        inside = self._range(self._kind.split(value))
        return self.parts[0].times(row, kind).slice(inside) if inside else NO_TIMES


class JoinExpression(Expression):
    """A collection, a vector, a tuple or a UDT of expressions."""

    def __init__(
        self,
        title: str,
        kind: CollectionType | VectorType | TupleType | UserType,
        parts: Sequence[Expression],
    ) -> None:
        super().__init__(title, kind, parts)
        self._join: Callable[[list[bytes | None]], bytes]
        if isinstance(kind, CollectionType):
            self._join = partial(join_collection, kind)
        else:
            self._join = partial(join_parts, kind)

    def evaluate(self, row: InputRow) -> bytes | None:
        return self._join([part.evaluate(row) for part in self.parts])


class RenamedExpression(Expression):
    """An expression under another title, or that is taken for another type."""

    def __init__(self, title: str, selected: Expression, kind: CqlType | None = None) -> None:
        super().__init__(title, kind or selected.type, (selected,))

    def evaluate(self, row: InputRow) -> bytes | None:
        return self.parts[0].evaluate(row)

    def times(self, row: InputRow, kind: TimeKind) -> Times:
        return self.parts[0].times(row, kind)


def join_collection(kind: CollectionType, values: Sequence[bytes | None]) -> bytes:
    """The frozen form of a list's or set's elements, or a map's keys and values in turn."""
    if isinstance(kind, ListType):
        # Cassandra puts nulls in here, though nowhere else.
        return kind.build(values)  # type: ignore[arg-type]
    parts = [value or b"" for value in values]
    if isinstance(kind, SetType):
        return kind.gather(parts)
    assert isinstance(kind, MapType)
    return kind.gather(zip(parts[::2], parts[1::2], strict=True))


def join_parts(kind: TupleType | UserType | VectorType, values: list[bytes | None]) -> bytes:
    """A tuple, a UDT or a vector of its parts."""
    if isinstance(kind, VectorType):
        return kind.build([value or b"" for value in values])
    return kind.build(values)
