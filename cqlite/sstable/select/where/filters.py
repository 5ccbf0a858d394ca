"""Conditions on values of rows that have been read: ``db.filter.RowFilter``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.schema import ColumnMetadata
from cqlite.types import CqlType, parse_type

_LONG: Final = parse_type("LongType")
_COMPARISONS: Final[dict[str, Callable[[int], bool]]] = {
    "=": lambda order: order == 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


class Filter(ABC):
    """A condition on one column; ``str`` gives it as CQL."""

    def __init__(self, column: ColumnMetadata) -> None:
        self.column = column

    @abstractmethod
    def accepts(self, value: bytes) -> bool:
        """Whether a serialized value fits; null never does."""


class CompareFilter(Filter):
    """A comparison, or IN, which is equality with one of several values."""

    def __init__(
        self, column: ColumnMetadata, operator: str, values: Sequence[bytes | None]
    ) -> None:
        super().__init__(column)
        if None in values and operator != "IN":
            raise QueryError(f"Unsupported null value for column {column.name}")
        self._operator = operator
        # Cassandra reads on from a null of IN at the wrong place, and so sees nothing after it.
        self._values: list[bytes] = []
        for value in values:
            if value is None:
                break
            self._values.append(value)
        kind = column.type.unwrap()
        self._type: CqlType = _LONG if kind.is_counter else kind
        self._test = _COMPARISONS["=" if operator == "IN" else operator]

    def __str__(self) -> str:
        shown = [self._type.to_cql_literal(value) for value in self._values]
        value = f"({', '.join(shown)})" if self._operator == "IN" else shown[0]
        return f"{self.column.cql_name} {self._operator} {value}"

    def accepts(self, value: bytes) -> bool:
        return any(self._test(self._type.compare(value, other)) for other in self._values)


class ContainsFilter(Filter):
    """CONTAINS, CONTAINS KEY, or an entry of a map by key and value."""

    def __init__(
        self, column: ColumnMetadata, key: bytes | None = None, value: bytes | None = None
    ) -> None:
        super().__init__(column)
        self._key, self._value = key, value
        kind = column.type.unwrap()
        self._kind = kind
        self._key_type = kind.subtypes[0]
        self._value_type = kind.subtypes[-1]

    def __str__(self) -> str:
        name = self.column.cql_name
        key = None if self._key is None else self._key_type.to_cql_literal(self._key)
        value = None if self._value is None else self._value_type.to_cql_literal(self._value)
        if key is None:
            return f"{name} CONTAINS {value}"
        return f"{name} CONTAINS KEY {key}" if value is None else f"{name}[{key}] = {value}"

    def accepts(self, value: bytes) -> bool:
        return any(self._fits(element) for element in self._kind.split(value))  # type: ignore[attr-defined]

    def _fits(self, element: tuple[bytes | None, ...]) -> bool:
        key, value = element[0], element[-1]
        if self._key is not None and (key is None or self._key_type.compare(key, self._key)):
            return False
        if self._value is None or value is None:
            return self._value is None
        if self._kind.is_multi_cell:
            return self._value_type.compare(value, self._value) == 0
        # Of a frozen collection Java compares objects: 0 is no 0.00 then.
        return value == self._value
