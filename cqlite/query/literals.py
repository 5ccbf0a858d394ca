"""Collections, vectors and UDTs that a SELECT writes out (``Selectable.WithList`` and its kin)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cqlite.errors import QueryError
from cqlite.query import computations as ex
from cqlite.query.expressions import Expression
from cqlite.query.functions import Assignment
from cqlite.query.selectables import Columns, Selectable, any_selects, infer
from cqlite.schema import ColumnMetadata
from cqlite.terms.fitting import test_array, test_fields, test_map
from cqlite.terms.literals import ArrayItems, SetItems, common_type, first_type, list_of
from cqlite.types import CqlType, ListType, MapType, SetType, UserType, VectorType


class ArraySelectable(ArrayItems[Selectable], Selectable):
    """Selections in square brackets: a list or a vector."""

    def exact_type(self) -> CqlType | None:
        return list_of(first_type([item.exact_type() for item in self.items]))

    def compatible_type(self) -> CqlType | None:
        return list_of(common_type([item.compatible_type() for item in self.items]))

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return test_array(receiver, self.items)

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        wants_vector = expected is not None and isinstance(expected.unwrap(), VectorType)
        kind = infer(self, None if wants_vector else self.exact_type(), expected)
        if isinstance(kind, VectorType):
            if kind.dimension != len(self.items):
                raise QueryError(
                    f"Unable to create a vector selector of type {kind.cql_name} from "
                    f"{len(self.items)} elements"
                )
        elif not isinstance(kind, ListType):
            raise QueryError(f"Unsupported target type: {kind.cql_name}")
        parts = [item.expression(kind.elements, columns) for item in self.items]
        return ex.JoinExpression(self.bracketed(part.title for part in parts), kind, parts)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return any_selects(self.items, matches)


class SetSelectable(SetItems[Selectable], Selectable):
    """Selections in braces, or empty braces."""

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        kind = infer(self, self.exact_type(), expected)
        if isinstance(kind, MapType):
            return ex.ConstantExpression("{}", kind, kind.pack(()))
        if not isinstance(kind, SetType):
            raise QueryError(f"Invalid set literal for {self} of type {kind.cql_name}")
        if kind.elements.cql_name == "duration":
            raise QueryError(f"Durations are not allowed inside sets: {kind.cql_name}")
        parts = [item.expression(kind.elements, columns) for item in self.items]
        return ex.JoinExpression(self.bracketed(part.title for part in parts), kind, parts)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        return any_selects(self.items, matches)


class MapSelectable(Selectable):
    """Pairs of selections in braces: a map, or a UDT if names of fields come first.

    Args:
        names: for each pair the name that stands first, None if it is no name.
        keys: reads the selections that stand first, which for a UDT would be no columns.
        values: the selections that stand second.
    """

    def __init__(
        self,
        names: Sequence[str | None],
        keys: Callable[[], Sequence[Selectable]],
        values: Sequence[Selectable],
    ) -> None:
        self.names, self.keys, self.values = names, keys, values

    def __str__(self) -> str:
        # Names of fields may be no columns, so that they are not read.
        keys = self.names if None not in self.names else self.keys()
        pairs = (f"{key}: {value}" for key, value in zip(keys, self.values, strict=True))
        return f"{{{', '.join(pairs)}}}"

    def exact_type(self) -> CqlType | None:
        return None

    def test_assignment(self, receiver: CqlType) -> Assignment:
        if isinstance(receiver.unwrap(), UserType):
            if None in self.names:
                return Assignment.NOT_ASSIGNABLE
            fields = {name or "": value for name, value in self._fields()}
            return test_fields(receiver, dict(fields))
        # Before all else, since a name that is no column is what Cassandra complains of first.
        keys = self.keys()
        if not isinstance(receiver.unwrap(), MapType):
            return Assignment.NOT_ASSIGNABLE
        return test_map(receiver, keys, self.values)

    def _fields(self) -> list[tuple[str | None, Selectable]]:
        return list(zip(self.names, self.values, strict=True))

    def expression(self, expected: CqlType | None, columns: Columns) -> Expression:
        kind = infer(self, None, expected)
        if isinstance(kind, UserType):
            return self._user_type(kind, columns)
        if not isinstance(kind, MapType):
            raise QueryError(f"Invalid map literal for {self} of type {kind.cql_name}")
        if kind.keys.cql_name == "duration":
            raise QueryError(f"Durations are not allowed as map keys: {kind.cql_name}")
        parts = []
        for key, value in zip(self.keys(), self.values, strict=True):
            parts.append(key.expression(kind.keys, columns))
            parts.append(value.expression(kind.values, columns))
        pairs = zip(parts[::2], parts[1::2], strict=True)
        title = ", ".join(f"{key.title}: {value.title}" for key, value in pairs)
        return ex.JoinExpression(f"{{{title}}}", kind, parts)

    def _user_type(self, kind: UserType, columns: Columns) -> Expression:
        given: dict[int, Expression] = {}
        for name, value in self._fields():
            if name is None:
                raise QueryError(f"{self} is not a valid field identifier of type {kind.name} ")
            if name not in kind.field_names:
                raise QueryError(
                    f"Unknown field '{name}' in value of user defined type {kind.name}"
                )
            index = kind.field_names.index(name)
            given[index] = value.expression(kind.fields[index], columns)
        title = ", ".join(f"{kind.field_names[i]}: {part.title}" for i, part in given.items())
        parts = [
            given.get(index) or ex.ConstantExpression("null", field, None)
            for index, field in enumerate(kind.fields)
        ]
        return ex.JoinExpression(f"{{{title}}}", kind, parts)

    def selects(self, matches: Callable[[ColumnMetadata], bool]) -> bool:
        keys = self.keys() if None in self.names else ()
        # So does Cassandra: a value that reads no such column counts as one that does.
        return any_selects(keys, matches) or not all(v.selects(matches) for v in self.values)
