"""The intermediate representation: what all emitters work from.

Everything that a ``.ksy`` leaves to convention is explicit here: names are resolved,
expressions are trees whose nodes have types, conditions and sizes belong to the
field, and context comes in through parameters only. Reading is :mod:`codegen.load`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from codegen.expr import Expr
from codegen.types import ValueType


@dataclass(frozen=True)
class Docs:
    """Documentation of anything: text, references to classes, Cassandra's name for it."""

    text: str = ""
    refs: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True)
class EnumMember:
    """A number of an enum and its name."""

    value: int
    name: str
    docs: Docs


@dataclass(eq=False)
class EnumDef:
    """An enum; ``path`` is ``spec::type::name``."""

    name: str
    path: str
    owner: TypeDef
    members: tuple[EnumMember, ...]

    def member(self, name: str) -> EnumMember | None:
        """The member of that name."""
        return next((m for m in self.members if m.name == name), None)


@dataclass(eq=False)
class Layout:
    """How one value stands in the bytes."""


@dataclass(eq=False)
class IntLayout(Layout):
    """``width`` bytes (1, 2, 4, 8)."""

    width: int
    signed: bool
    big_endian: bool


@dataclass(eq=False)
class FloatLayout(Layout):
    """IEEE 754 of ``width`` bytes (4, 8)."""

    width: int
    big_endian: bool


@dataclass(eq=False)
class BitsLayout(Layout):
    """``width`` bits, most significant first; one bit is a boolean if ``boolean``."""

    width: int
    boolean: bool


@dataclass(eq=False)
class BytesLayout(Layout):
    """``size`` bytes, or up to the end of the stream if ``None``."""

    size: Expr | None


@dataclass(eq=False)
class StrLayout(Layout):
    """Text of ``size`` bytes, or up to the end of the stream if ``None``."""

    size: Expr | None
    encoding: str


@dataclass(eq=False)
class TerminatedLayout(Layout):
    """Text up to a byte ``terminator`` that is consumed; may end the stream if ``open_end``."""

    terminator: int
    encoding: str
    open_end: bool


@dataclass(eq=False)
class ContentsLayout(Layout):
    """These very bytes."""

    contents: bytes


@dataclass(eq=False)
class UserLayout(Layout):
    """A type of the specs; the sub-stream it stands in is in the field's ``window``."""

    type: TypeDef
    arguments: tuple[Expr, ...]


@dataclass(eq=False)
class SwitchLayout(Layout):
    """One of several layouts; without a case that fits, ``default``, or nothing."""

    on: Expr
    cases: tuple[tuple[Expr, Layout], ...]
    default: Layout | None


@dataclass(eq=False)
class Window:
    """A sub-stream: of ``size`` bytes, or up to the end of the stream if ``None``."""

    size: Expr | None


@dataclass(eq=False)
class Repeat:
    """Repetition: ``kind`` is ``expr`` (a count), ``until`` (a condition) or ``eos``."""

    kind: str
    expr: Expr | None


@dataclass(eq=False)
class Valid:
    """What values are right: ``kind`` is ``eq``, ``range``, ``any-of``, ``expr``, ``in-enum``.

    ``expressions`` are the value, minimum and maximum (either may be ``None``), the
    values, the condition, nothing.
    """

    kind: str
    expressions: tuple[Expr | None, ...]


@dataclass(eq=False)
class Field:
    """A stored value: of the sequence, or at a position (see :class:`Instance`).

    Attributes:
        type: the type in expressions of one item; :attr:`value_type` has the array.
        smallest: the least number of bits that one item takes.
        place: file and path, for messages.
    """

    name: str
    docs: Docs
    layout: Layout
    type: ValueType
    value_type: ValueType
    place: str
    window: Window | None = None
    enum: EnumDef | None = None
    condition: Expr | None = None
    repeat: Repeat | None = None
    valid: Valid | None = None
    smallest: int = 0


@dataclass(eq=False)
class Param:
    """A parameter: context that a type needs from outside."""

    name: str
    docs: Docs
    value_type: ValueType
    place: str


@dataclass(eq=False)
class Instance:
    """A computed value (``value``), or a field at a position (``at`` and ``position``)."""

    name: str
    docs: Docs
    place: str
    value_type: ValueType | None = None
    value: Expr | None = None
    enum: EnumDef | None = None
    condition: Expr | None = None
    at: Field | None = None
    position: Expr | None = None


Member = Field | Param | Instance


@dataclass(eq=False)
class TypeDef:
    """A type; ``path`` is ``spec::outer::name``, the root's is the spec's id."""

    name: str
    path: str
    spec: Spec
    parent: TypeDef | None
    docs: Docs
    place: str
    big_endian: bool | None
    params: list[Param] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    types: dict[str, TypeDef] = field(default_factory=dict)
    enums: dict[str, EnumDef] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Path in its spec with dots, empty for the root: ``body.part``."""
        return ".".join(self.path.split("::")[1:])

    def member(self, name: str) -> Member | None:
        """The field, parameter or instance of that name."""
        everything: list[Member] = [*self.params, *self.fields, *self.instances]
        return next((m for m in everything if m.name == name), None)

    def walk(self) -> list[TypeDef]:
        """This type and all inside it, outer ones first."""
        found = [self]
        for inner in self.types.values():
            found += inner.walk()
        return found


@dataclass(eq=False)
class Spec:
    """A ``.ksy`` file."""

    name: str
    file: Path
    title: str
    license: str
    extension: str
    imports: tuple[str, ...]
    docs: Docs
    root: TypeDef = field(init=False)

    @property
    def is_component(self) -> bool:
        """Whether this is a file of an SSTable, which its `file-extension` tells."""
        return bool(self.extension)

    def types(self) -> list[TypeDef]:
        """All types, the root first."""
        return self.root.walk()
