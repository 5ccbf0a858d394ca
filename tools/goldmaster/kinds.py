"""Types of generated columns: as CQL writes them, and what may stand where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from cqlite.types.text import maybe_quote

KEY_SCALARS: Final = (
    *("ascii", "bigint", "blob", "boolean", "date", "decimal", "double", "float", "inet", "int"),
    *("smallint", "text", "time", "timestamp", "timeuuid", "tinyint", "uuid", "varchar", "varint"),
)
"""Scalar types that have an order, so that they may be in keys, sets and map keys."""

SCALARS: Final = (*KEY_SCALARS, "duration")
"""Scalar types that any column may have but those of keys; counters have their own tables."""

FIXED: Final = (
    *("bigint", "boolean", "double", "float", "int", "timestamp", "timeuuid", "uuid"),
)  # fmt: skip
"""Scalar types whose values have one length, which vectors store without lengths."""

COLLECTIONS: Final = {"list": 1, "set": 1, "map": 2}
"""How many parameters each collection has."""

FAMILIES: Final = ("list", "set", "map", "tuple", "udt", "vector of fixed", "vector of variable")
"""Types that are made of others; how vectors are stored depends on of what."""

MAKERS: Final = ("list", "set", "map", "tuple", "udt", "vector")
"""The same by their names alone."""


@dataclass(frozen=True)
class Kind:
    """A type.

    Attributes:
        name: of a scalar type, ``list``, ``set``, ``map``, ``tuple``, ``vector``, or a
            user-defined type's, not quoted.
        parameters: the types that it is made of; those of a user-defined type's fields.
        fields: names of a user-defined type's fields.
        dimension: of a vector.
        is_frozen: whether ``frozen<…>`` is written around it.
    """

    name: str
    parameters: tuple[Kind, ...] = ()
    fields: tuple[str, ...] = ()
    dimension: int = 0
    is_frozen: bool = False

    @property
    def is_scalar(self) -> bool:
        """Whether it is made of no others."""
        return not self.parameters

    @property
    def depth(self) -> int:
        """How many types are within one another, the scalar one not counted."""
        return 1 + max(p.depth for p in self.parameters) if self.parameters else 0

    @property
    def family(self) -> str:
        """A scalar type's name, or one of ``FAMILIES``."""
        if self.fields:
            return "udt"
        if self.name == "vector":
            return "vector of fixed" if self.parameters[0].is_fixed else "vector of variable"
        return self.name

    @property
    def is_fixed(self) -> bool:
        """Whether all values have one length."""
        if self.name == "vector":
            return self.parameters[0].is_fixed
        return self.name in FIXED

    @property
    def label(self) -> str:
        """The family, and whether what could be several cells is frozen."""
        can_be_cells = self.fields or self.name in COLLECTIONS
        return f"frozen {self.family}" if can_be_cells and self.is_frozen else self.family

    def cql(self) -> str:
        """The type as CQL has it."""
        inner = [parameter.cql() for parameter in self.parameters]
        if self.fields:
            text = maybe_quote(self.name)
        elif self.name == "vector":
            text = f"vector<{inner[0]}, {self.dimension}>"
        else:
            text = f"{self.name}<{', '.join(inner)}>" if inner else self.name
        return f"frozen<{text}>" if self.is_frozen else text

    def definition(self) -> str:
        """What stands in the parentheses of a user-defined type's CREATE TYPE."""
        fields = zip(self.fields, self.parameters, strict=True)
        return ", ".join(f"{maybe_quote(name)} {kind.cql()}" for name, kind in fields)

    def frozen(self) -> Kind:
        """Frozen, if that can be said of it; what it is made of is left as it is."""
        can_be = self.fields or self.name in COLLECTIONS
        return replace(self, is_frozen=True) if can_be else self


def scalar(name: str) -> Kind:
    """A scalar type."""
    return Kind(name)


def collection(name: str, *parameters: Kind) -> Kind:
    """A list, set or map that is not frozen, of frozen types."""
    return Kind(name, tuple(p.frozen() for p in parameters))


def tuple_of(*parameters: Kind) -> Kind:
    """A tuple, always frozen, of frozen types."""
    return Kind("tuple", tuple(p.frozen() for p in parameters))


def vector(element: Kind, dimension: int) -> Kind:
    """A vector, always frozen."""
    return Kind("vector", (element.frozen(),), dimension=dimension)


def udt(name: str, fields: dict[str, Kind]) -> Kind:
    """A user-defined type that is not frozen, of frozen types."""
    return Kind(name, tuple(kind.frozen() for kind in fields.values()), tuple(fields))


def wrap(family: str, inner: Kind, random: Random, define: Callable[[Kind, Kind], Kind]) -> Kind:
    """A type of ``family`` that has ``inner`` in it.

    Args:
        define: makes a user-defined type of two fields.
    """
    other = scalar(random.choice(KEY_SCALARS))
    match family:
        case "map":
            return collection("map", other, inner)
        case "list" | "set":
            return collection(family, inner)
        case "tuple":
            return tuple_of(other, inner)
        case "udt":
            return define(other, inner)
        case _:
            return vector(inner, random.randint(1, 4))


def nested(depth: int, random: Random, define: Callable[[Kind, Kind], Kind]) -> Kind:
    """A type of types, ``depth`` of them within one another, not frozen."""
    kind = scalar(random.choice(KEY_SCALARS))
    for _ in range(depth):
        kind = wrap(random.choice(MAKERS), kind, random, define)
    return kind
