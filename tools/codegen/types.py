"""Types of values in expressions, and how two of them combine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.ir import EnumDef, TypeDef


@dataclass(frozen=True)
class ValueType:
    """What an expression can evaluate to."""


@dataclass(frozen=True)
class Int(ValueType):
    """An integer; ``bits`` is its width as stored, ``None`` where it is computed."""

    bits: int | None = None
    signed: bool = True


@dataclass(frozen=True)
class Float(ValueType):
    """A floating-point number; ``bits`` as in :class:`Int`."""

    bits: int | None = None


@dataclass(frozen=True)
class Bool(ValueType):
    """True or false."""


@dataclass(frozen=True)
class Str(ValueType):
    """Text."""


@dataclass(frozen=True)
class Bytes(ValueType):
    """Bytes."""


@dataclass(frozen=True)
class Enum(ValueType):
    """A member of an enum, or an integer that the enum does not name."""

    enum: EnumDef


@dataclass(frozen=True)
class Array(ValueType):
    """An array."""

    item: ValueType


@dataclass(frozen=True)
class Struct(ValueType):
    """An object of a type of the specs; of any type if ``type`` is ``None``."""

    type: TypeDef | None


@dataclass(frozen=True)
class Union(ValueType):
    """One of several types, by a switch."""

    options: tuple[ValueType, ...]


@dataclass(frozen=True)
class Stream(ValueType):
    """``_io``."""


@dataclass(frozen=True)
class Unknown(ValueType):
    """Not known yet: an instance that depends on itself through a cast."""


INT = Int()
BOOL = Bool()
STR = Str()
BYTES = Bytes()
ANY_STRUCT = Struct(None)


def combine(left: ValueType, right: ValueType) -> ValueType | None:
    """The common type of a ternary's branches or an array's items, if there is one."""
    if left == right:
        return left
    if isinstance(left, Int) and isinstance(right, Int):
        return INT
    if isinstance(left, Int | Float) and isinstance(right, Int | Float):
        return Float()
    if isinstance(left, Struct) and isinstance(right, Struct):
        return ANY_STRUCT
    return None


def show(value_type: ValueType) -> str:
    """A name for messages and for the format reference."""
    if isinstance(value_type, Int):
        if value_type.bits is None:
            return "integer"
        return f"{'s' if value_type.signed else 'u'}{value_type.bits // 8}"
    if isinstance(value_type, Array):
        return f"{show(value_type.item)}[]"
    if isinstance(value_type, Enum):
        return value_type.enum.path
    if isinstance(value_type, Struct):
        return value_type.type.path if value_type.type else "struct"
    return type(value_type).__name__.lower()
