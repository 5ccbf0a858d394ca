"""Terms that have parts: collections, tuples, UDTs, and types before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import ClassVar, Final, Generic, TypeVar

from cqlite.terms.assignable import Assignable, Receiver, TermError
from cqlite.terms.assignment import Assignment, assignment, compatible_type
from cqlite.terms.fitting import test_array, test_fields, test_map, test_set, test_tuple
from cqlite.terms.java_order import java_order
from cqlite.terms.term import NullTerm, Term
from cqlite.types import (
    CqlType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
    parse_type,
)

_LONG: Final = parse_type("LongType")

Item = TypeVar("Item", bound=Assignable)


class Items(Assignable, Generic[Item]):
    """Terms or selections in brackets, with commas between them."""

    brackets: ClassVar[str]

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items

    def __str__(self) -> str:
        return self.bracketed(map(str, self.items))

    def bracketed(self, texts: Iterable[str]) -> str:
        """Texts of the items as CQL has them together."""
        return f"{self.brackets[0]}{', '.join(texts)}{self.brackets[1]}"


class ArrayItems(Items[Item]):
    """Those in square brackets: a list or a vector (``ArrayLiteral``)."""

    brackets = "[]"

    def array_size(self) -> int:
        return len(self.items)


class SetItems(Items[Item]):
    """Those in braces, or none of them, which is a map as well."""

    brackets = "{}"

    def exact_type(self) -> CqlType | None:
        return set_of(first_type([item.exact_type() for item in self.items]))

    def compatible_type(self) -> CqlType | None:
        return set_of(common_type([item.compatible_type() for item in self.items]))

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return test_set(receiver, self.items)


class TupleItems(Items[Item]):
    """Those in parentheses; of one, a tuple only where one is wanted."""

    brackets = "()"

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return test_tuple(receiver, self.items)


class ArrayTerm(ArrayItems[Term], Term):
    """Terms in square brackets."""

    def exact_type(self) -> CqlType | None:
        return None

    def test_assignment(self, receiver: CqlType) -> Assignment:
        self._check(receiver)
        return test_array(receiver, self.items)

    def _check(self, receiver: CqlType) -> ListType | VectorType:
        kind = receiver.unwrap()
        if not isinstance(kind, ListType | VectorType):
            raise TermError(
                f"Unexpected receiver type '{kind.cql_name}'; only list and vector are expected"
            )
        return kind

    def value(self, receiver: Receiver) -> bytes:
        kind = self._check(receiver.type)
        if isinstance(kind, VectorType):
            return self._vector(receiver, kind)
        parts = element_values(self.items, "list", receiver, kind.elements)
        return kind.pack((b"", part) for part in parts)

    def _vector(self, receiver: Receiver, kind: VectorType) -> bytes:
        if len(self.items) != kind.dimension:
            raise TermError(
                f"Invalid vector literal for {receiver.name} of type {kind.cql_name}; "
                f"expected {kind.dimension} elements, but given {len(self.items)}"
            )
        return kind.build(element_values(self.items, "vector", receiver, kind.elements))


class SetTerm(SetItems[Term], Term):
    """Terms in braces."""

    def value(self, receiver: Receiver) -> bytes:
        kind = receiver.type.unwrap()
        if isinstance(kind, MapType) and not self.items:
            return kind.pack(())
        if not isinstance(kind, SetType):
            raise refused("set", receiver)
        return kind.gather(element_values(self.items, "set", receiver, kind.elements))


class MapTerm(Term):
    """Pairs of terms in braces."""

    def __init__(self, keys: Sequence[Term], values: Sequence[Term]) -> None:
        self.keys, self.values = keys, values

    def __str__(self) -> str:
        pairs = (f"{key}: {value}" for key, value in zip(self.keys, self.values, strict=True))
        return f"{{{', '.join(pairs)}}}"

    def exact_type(self) -> CqlType | None:
        return map_of(
            first_type([key.exact_type() for key in self.keys]),
            first_type([value.exact_type() for value in self.values]),
        )

    def compatible_type(self) -> CqlType | None:
        return map_of(
            common_type([key.compatible_type() for key in self.keys]),
            common_type([value.compatible_type() for value in self.values]),
        )

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return test_map(receiver, self.keys, self.values)

    def value(self, receiver: Receiver) -> bytes:
        kind = receiver.type.unwrap()
        if not isinstance(kind, MapType):
            raise refused("map", receiver)
        keys = element_values(self.keys, "map", receiver, kind.keys, "key")
        values = element_values(self.values, "map", receiver, kind.values)
        return kind.gather(zip(keys, values, strict=True))


class UserTypeTerm(Term):
    """Terms by the names of a UDT's fields."""

    def __init__(self, fields: dict[str, Term]) -> None:
        self.fields = fields

    def __str__(self) -> str:
        # Cassandra keeps them in a HashMap, whose order is seen in errors and titles.
        names = java_order(list(self.fields))
        return f"{{{', '.join(f'{name}: {self.fields[name]}' for name in names)}}}"

    def exact_type(self) -> CqlType | None:
        return None

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return test_fields(receiver, dict(self.fields))

    def value(self, receiver: Receiver) -> bytes:
        kind = receiver.type.unwrap()
        if not isinstance(kind, UserType):
            raise refused("user type", receiver)
        for name in self.fields:
            if name not in kind.field_names:
                raise TermError(f"Unknown field '{name}' in value of user defined type {kind.name}")
        fields = dict(zip(kind.field_names, kind.fields, strict=True))
        for name, term in self.fields.items():
            if not term.test_assignment(fields[name]):
                raise TermError(
                    f"Invalid user type literal for {receiver.name}: field {name} is not of "
                    f"type {fields[name].unwrap().cql_name}"
                )
        null = NullTerm()
        return kind.build(
            self.fields.get(name, null).value(Receiver(f"{receiver.name}.{name}", field))
            for name, field in fields.items()
        )


class TupleTerm(TupleItems[Term], Term):
    """Terms in parentheses."""

    def exact_type(self) -> CqlType | None:
        return tuple_of([item.exact_type() for item in self.items])

    def compatible_type(self) -> CqlType | None:
        return tuple_of([item.compatible_type() for item in self.items])

    def value(self, receiver: Receiver) -> bytes | None:
        kind = receiver.type.unwrap()
        if len(self.items) == 1 and not isinstance(kind, TupleType | UserType):
            return self.items[0].value(receiver)
        if not isinstance(kind, TupleType | UserType):
            raise refused("tuple type", receiver)
        if len(self.items) > len(kind.fields):
            raise TermError(
                f"Invalid tuple literal for {receiver.name}: too many elements. Type "
                f"{kind.cql_name} expects {len(kind.fields)} but got {len(self.items)}"
            )
        for index, (item, field) in enumerate(zip(self.items, kind.fields, strict=False)):
            if not item.test_assignment(field):
                raise TermError(
                    f"Invalid tuple literal for {receiver.name}: component {index} is not of "
                    f"type {field.unwrap().cql_name}"
                )
        return kind.build(
            item.value(Receiver(f"{receiver.name}[{index}]", field))
            for index, (item, field) in enumerate(zip(self.items, kind.fields, strict=False))
        )


class HintTerm(Term):
    """A term with its type before it (``cql3.TypeCast``).

    Args:
        read: gives the type; a QueryError from it comes once the type is needed.
        shown: the type as titles and errors repeat it.
        term: the term.
    """

    def __init__(self, read: Callable[[], CqlType], shown: str, term: Term) -> None:
        self._read, self.shown, self.term = read, shown, term

    @cached_property
    def kind(self) -> CqlType:
        """The type."""
        return self._read()

    def __str__(self) -> str:
        return f"({self.shown}){self.term}"

    def exact_type(self) -> CqlType:
        return self.kind

    def test_assignment(self, receiver: CqlType) -> Assignment:
        return assignment(self.kind, receiver)

    def value(self, receiver: Receiver) -> bytes | None:
        if not self.term.test_assignment(self.kind):
            raise TermError(f"Cannot cast value {self.term} to type {self.shown}")
        if not self.test_assignment(receiver.type):
            raise TermError(
                f"Cannot assign value {self} to {receiver.name} of type "
                f"{receiver.type.unwrap().cql_name}"
            )
        return self.term.value(receiver)


# Values and types of what literals hold.


def refused(literal: str, receiver: Receiver) -> TermError:
    """The error that a literal is none for a receiver."""
    return TermError(
        f"Invalid {literal} literal for {receiver.name} of type {receiver.type.unwrap().cql_name}"
    )


def element_values(
    items: Sequence[Term], literal: str, receiver: Receiver, kind: CqlType, what: str = "value"
) -> list[bytes]:
    """Serialized values of a literal's elements.

    Raises:
        TermError: one of them doesn't fit, or is null.
    """
    for item in items:
        if not item.test_assignment(kind):
            raise TermError(
                f"Invalid {literal} literal for {receiver.name}: {what} {item} is not of type "
                f"{kind.cql_name}"
            )
    values = []
    for item in items:
        value = item.value(Receiver(f"{what}({receiver.name})", kind))
        if value is None:
            raise TermError("null is not supported inside collections")
        values.append(value)
    return values


def first_type(types: Sequence[CqlType | None]) -> CqlType | None:
    """The first type that is known."""
    return next((kind for kind in types if kind is not None), None)


def common_type(types: Sequence[CqlType | None]) -> CqlType | None:
    """A type that can hold values of all that are known."""
    return compatible_type([kind for kind in types if kind is not None])


def held(kind: CqlType) -> CqlType:
    """A type as part of another one; what a query gives of a counter is a ``bigint``."""
    return _LONG if kind.is_counter else kind.unwrap().freeze()


def list_of(kind: CqlType | None) -> CqlType | None:
    """The frozen list of a type."""
    return None if kind is None else ListType((held(kind),), is_multi_cell=False)


def set_of(kind: CqlType | None) -> CqlType | None:
    """The frozen set of a type."""
    return None if kind is None else SetType((held(kind),), is_multi_cell=False)


def map_of(keys: CqlType | None, values: CqlType | None) -> CqlType | None:
    """The frozen map of two types."""
    if keys is None or values is None:
        return None
    return MapType((held(keys), held(values)), is_multi_cell=False)


def tuple_of(types: Sequence[CqlType | None]) -> CqlType | None:
    """The tuple of types, None if one is not known."""
    known = [held(kind) for kind in types if kind is not None]
    return TupleType(known) if len(known) == len(types) else None
