"""Parameters of functions whose types follow from a call: ``FunctionParameter``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.query.functions.base import Argument
from cqlite.query.functions.numeric import numeric_of
from cqlite.terms.assignment import assignment
from cqlite.types import CqlType, VectorType, parse_type

Types = Sequence[CqlType | None]


class Parameter:
    """A parameter that takes any type.

    Attributes:
        is_optional: whether a call can leave it out.
        from_receiver: whether its type may be what the call's result is wanted as.
    """

    shown = "any"
    """How errors name it."""
    wanted = ""
    """What errors say that it wants."""

    def __init__(self, *, from_receiver: bool = False) -> None:
        self.from_receiver = from_receiver
        self.is_optional = False

    def infer(
        self, argument: Argument, receiver: CqlType | None, others: Types | None
    ) -> CqlType | None:
        """The type in a call, None if it can't be told.

        Args:
            receiver: what the call's result is wanted as, if that is known.
            others: what was inferred for all parameters before; None at first.
        """
        kind = argument.compatible_type()
        return receiver if kind is None and self.from_receiver else kind

    def accepts(self, kind: CqlType) -> bool:
        """Whether ``kind`` is one of its types."""
        return True

    def validate(self, function: str, argument: Argument, kind: CqlType) -> None:
        """Check an argument's type.

        Raises:
            QueryError: it is none of its types.
        """
        if not self.accepts(kind):
            raise QueryError(
                f"Function {function} requires {self.wanted}, "
                f"but found argument {argument} of type {kind.unwrap().cql_name}"
            )

    def __str__(self) -> str:
        return f"[{self.shown}]" if self.is_optional else self.shown


class Fixed(Parameter):
    """One of some types, the first of them if a call doesn't tell."""

    def __init__(self, *class_names: str, shown: str) -> None:
        super().__init__()
        self.types = tuple(map(parse_type, class_names))
        self.shown = shown
        self.wanted = f"an argument of type {shown}"

    def infer(
        self, argument: Argument, receiver: CqlType | None, others: Types | None
    ) -> CqlType | None:
        return argument.compatible_type() or self.types[0]

    def accepts(self, kind: CqlType) -> bool:
        return any(assignment(kind, own) for own in self.types)


class Collection(Parameter):
    """Any collection."""

    shown, wanted = "collection", "a collection argument"

    def accepts(self, kind: CqlType) -> bool:
        return kind.is_collection


class SetOrList(Parameter):
    """Any set or list."""

    shown, wanted = "numeric_set_or_list", "a set or list argument"

    def accepts(self, kind: CqlType) -> bool:
        return kind.class_name in ("SetType", "ListType")


class NumericSetOrList(SetOrList):
    """A set or list of numbers."""

    wanted = "a numeric set/list argument"

    def accepts(self, kind: CqlType) -> bool:
        return super().accepts(kind) and numeric_of(kind.subtypes[0]) is not None


class Map(Parameter):
    """Any map."""

    shown, wanted = "map", "a map argument"

    def accepts(self, kind: CqlType) -> bool:
        # Cassandra lets UDTs pass here too, to fail over them then.
        return kind.class_name == "MapType"


class FloatVector(Parameter):
    """A vector of ``float``, of the type that ``other`` has if a call doesn't tell."""

    shown, wanted = "vector<float, n>", "a float vector argument"

    def __init__(self, other: int) -> None:
        super().__init__()
        self.other = other

    def infer(
        self, argument: Argument, receiver: CqlType | None, others: Types | None
    ) -> CqlType | None:
        size = argument.array_size()
        if size is not None:
            return VectorType(_FLOAT, size)
        kind = argument.compatible_type() or receiver
        return others[self.other] if kind is None and others is not None else kind

    def accepts(self, kind: CqlType) -> bool:
        # Cassandra lets some lists pass here too, to fail over them then.
        return isinstance(kind, VectorType) and kind.elements == _FLOAT


class SameAs(Parameter):
    """The type that another parameter has, whatever the argument's own is."""

    def __init__(self, other: int) -> None:
        super().__init__(from_receiver=True)
        self.other = other

    def infer(
        self, argument: Argument, receiver: CqlType | None, others: Types | None
    ) -> CqlType | None:
        other = None if others is None else others[self.other]
        return super().infer(argument, receiver, others) if other is None else other


def optional(parameter: Parameter) -> Parameter:
    """The same parameter, which a call can leave out."""
    parameter.is_optional = True
    return parameter


def text() -> Parameter:
    """A ``text``."""
    return Fixed("UTF8Type", shown="text")


def string() -> Parameter:
    """A ``text`` or an ``ascii``."""
    return Fixed("UTF8Type", "AsciiType", shown="[text|varchar|ascii]")


def integer() -> Parameter:
    """An ``int``."""
    return Fixed("Int32Type", shown="int")


_FLOAT: Final = parse_type("FloatType")
