"""How things of the specs are called and held in Rust."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import expr, ir
from codegen.errors import SpecError
from codegen.types import Array, Bool, Bytes, Enum, Int, Str, Struct, ValueType
from codegen.write_rust import escaped, holds_numbers

# Names that a module has other things for.
TAKEN = {
    "Arc", "Box", "Clone", "Cursor", "Debug", "Default", "Err", "Error", "Failure", "Fault", "Flow",
    "Io", "Layout", "Line", "List", "Nobody", "None", "Number", "Numbers", "Ok", "Option",
    "Outcome", "Param", "Raw", "Result", "Self", "Sink", "Some", "String", "Value", "Vec",
    "Visitor", "Walk", "Walking",
}  # fmt: skip


def camel(name: str) -> str:
    """``two_words`` as ``TwoWords``."""
    return "".join(word.capitalize() for word in name.split("_"))


def struct_name(kind: ir.TypeDef) -> str:
    """The name of a type in its module."""
    name = "".join(camel(part) for part in kind.key.split(".")) or camel(kind.spec.name)
    return f"{name}Type" if name in TAKEN else name


def enum_name(enum: ir.EnumDef) -> str:
    """The name of an enum in its module."""
    parts = enum.path.split("::")[1:]
    name = "".join(camel(part) for part in parts)
    return f"{name}Enum" if name in TAKEN else name


def choice_name(kind: ir.TypeDef, field: ir.Field) -> str:
    """The name of a switch's enum."""
    return struct_name(kind) + camel(field.name)


class Names:
    """What the types of one module are called, seen from that module."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec

    def enum(self, enum: ir.EnumDef) -> str:
        """An enum."""
        return self.path(enum.owner.spec, enum_name(enum))

    def type(self, kind: ir.TypeDef, lifetime: str = "'a") -> str:
        """A type with its lifetime; without, if ``lifetime`` is empty."""
        name = self.path(kind.spec, struct_name(kind))
        return f"{name}<{lifetime}>" if lifetime and borrows(kind) else name

    def path(self, spec: ir.Spec, name: str) -> str:
        """A name of the module of ``spec``."""
        return name if spec is self.spec else f"super::{escaped(spec.name)}::{name}"

    def value(self, kind: ValueType, place: str) -> str:
        """A parameter or a scalar."""
        if isinstance(kind, Int):
            return f"{'i' if kind.signed else 'u'}{kind.bits or 64}"
        if isinstance(kind, Enum):
            return self.enum(kind.enum)
        if isinstance(kind, Struct) and kind.type is not None:
            return self.type(kind.type)
        if isinstance(kind, Array):
            return self._array(kind, place)
        for known, text in ((Bool, "bool"), (Str, "&'a str"), (Bytes, "&'a [u8]")):
            if isinstance(kind, known):
                return text
        raise SpecError(place, "this type of parameter is not supported by Rust")

    def _array(self, kind: Array, place: str) -> str:
        if kind.item == Int(32, True):
            return "&'a [i32]"
        if isinstance(kind.item, Struct):
            return f"List<{self.value(kind.item, place)}>"
        raise SpecError(place, "only arrays of s4 and of types are supported by Rust")

    def item(self, owner: ir.TypeDef, field: ir.Field) -> str:
        """One item of a field, without what its condition and repetition make of it."""
        layout = field.layout
        if field.window is not None:
            return "Raw<'a>"
        if field.enum is not None:
            return self.enum(field.enum)
        if isinstance(layout, ir.UserLayout):
            name = self.type(layout.type)
            return f"Box<{name}>" if is_boxed(owner, field) else name
        return scalar(layout, field.place)

    def field(self, owner: ir.TypeDef, field: ir.Field) -> str:
        """A field as the struct has it."""
        text = self.item(owner, field)
        if holds_numbers(field):
            big = not isinstance(field.layout, ir.IntLayout) or field.layout.big_endian
            text = f"Numbers<'a, {text}, {str(big).lower()}>"
        elif field.repeat is not None:
            text = f"List<{text}>"
        return f"Option<{text}>" if field.condition is not None else text


def scalar(layout: ir.Layout, place: str) -> str:
    """The type of a value that is no object."""
    if isinstance(layout, ir.IntLayout):
        return f"{'i' if layout.signed else 'u'}{8 * layout.width}"
    if isinstance(layout, ir.FloatLayout):
        return f"f{8 * layout.width}"
    if isinstance(layout, ir.BitsLayout):
        return "bool" if layout.boolean else "u32"
    if isinstance(layout, ir.BytesLayout | ir.ContentsLayout):
        return "&'a [u8]"
    if isinstance(layout, ir.StrLayout):
        return "&'a str"
    if isinstance(layout, ir.TerminatedLayout):
        return "Line<'a>"
    raise SpecError(place, f"{type(layout).__name__} is not supported by Rust here")


def fields_of(kind: ir.TypeDef) -> Iterator[ir.Field]:
    """The fields and those at positions."""
    yield from kind.fields
    yield from (i.at for i in kind.instances if i.at is not None)


def mentions_io(*nodes: expr.Expr | None) -> bool:
    """Whether an expression asks for ``_io``."""
    found = (inner for node in nodes if node is not None for inner in expr.walk(node))
    return any(isinstance(node, expr.Name) and node.name == "_io" for node in found)


def needs_io(kind: ir.TypeDef) -> bool:
    """Whether objects have to keep their stream."""
    later = [node for i in kind.instances for node in (i.value, i.condition)]
    return mentions_io(*later) or any(i.at is not None for i in kind.instances)


def borrows(kind: ir.TypeDef) -> bool:
    """Whether objects borrow from the bytes, so that their type has a lifetime."""
    return _borrows(kind, [])


def _borrows(kind: ir.TypeDef, above: list[ir.TypeDef]) -> bool:
    if kind in above:
        return False
    inner = [*above, kind]
    if needs_io(kind) or any(_value_borrows(p.value_type, inner) for p in kind.params):
        return True
    return any(_field_borrows(field, inner) for field in kind.fields)


def _value_borrows(kind: ValueType, above: list[ir.TypeDef]) -> bool:
    if isinstance(kind, Array):
        return isinstance(kind.item, Int) or _value_borrows(kind.item, above)
    if isinstance(kind, Struct):
        return kind.type is not None and _borrows(kind.type, above)
    return isinstance(kind, Str | Bytes)


def _field_borrows(field: ir.Field, above: list[ir.TypeDef]) -> bool:
    if field.window is not None or holds_numbers(field):
        return True
    if isinstance(field.layout, ir.UserLayout):
        return _borrows(field.layout.type, above)
    return not isinstance(field.layout, ir.IntLayout | ir.FloatLayout | ir.BitsLayout)


def is_copy(kind: ir.TypeDef) -> bool:
    """Whether objects are plain bytes and numbers, and so can be copied."""
    if is_recursive(kind):
        return False
    params = all(_value_copies(param.value_type) for param in kind.params)
    return params and all(_field_copies(field) for field in kind.fields)


def is_flat(kind: ir.TypeDef) -> bool:
    """Whether objects are such, but for lists of such."""
    if is_recursive(kind):
        return False
    return all(
        is_copy(field.layout.type) if isinstance(field.layout, ir.UserLayout) else True
        for field in kind.fields
        if field.window is None
    )


def _value_copies(kind: ValueType) -> bool:
    if isinstance(kind, Array):
        return isinstance(kind.item, Int)
    return not isinstance(kind, Struct) or (kind.type is not None and is_copy(kind.type))


def _field_copies(field: ir.Field) -> bool:
    if holds_numbers(field):
        return True
    if field.repeat is not None:
        return False
    inner = field.window is None and isinstance(field.layout, ir.UserLayout)
    return not inner or is_copy(field.layout.type)  # type: ignore[attr-defined]


def is_boxed(owner: ir.TypeDef, field: ir.Field) -> bool:
    """Whether the field's type can hold objects of the type that the field is in."""
    layout = field.layout
    return isinstance(layout, ir.UserLayout) and owner in _reached(layout.type)


def is_recursive(kind: ir.TypeDef) -> bool:
    """Whether reading an object can mean reading another of the same type inside it."""
    return any(is_boxed(kind, field) for field in kind.fields)


def _reached(kind: ir.TypeDef) -> list[ir.TypeDef]:
    """The types that are read with ``kind``, itself included."""
    found = [kind]
    for current in found:
        for field in current.fields:
            layout = field.layout
            if isinstance(layout, ir.UserLayout) and field.window is None:
                found += [layout.type] if layout.type not in found else []
    return found
