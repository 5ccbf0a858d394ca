"""Usual objects: what most objects of a type are like, decoded without choices.

The plan names a type, the numbers that some of its fields usually have, fields that usually
aren't there, and what is to be told. From the spec follows how such an object stands in the
bytes: conditions and expressions are computed as far as these numbers settle them, and what
is left is a straight line of Rust. It gives up on any other object, which is then decoded in
the ordinary way, so that the plan is about speed alone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expr, ir
from codegen.errors import SpecError
from codegen.plan import Usual
from codegen.rust_names import Names, struct_name
from codegen.rust_text import Lines

OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
    "%": operator.mod,
    "&": operator.and_,
    ">>": operator.rshift,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CHECKED = {"+": "add", "-": "sub", "*": "mul", "/": "div_euclid", "%": "rem_euclid"}


@dataclass(frozen=True)
class Known:
    """A number or truth that is settled."""

    value: int


@dataclass(frozen=True)
class Code:
    """Rust: an ``i64``, ``bool``, array or object; ``low`` is the least that a number can be."""

    text: str
    low: int | None = None
    is_optional: bool = False


class Absent:
    """Nothing."""


@dataclass
class Object:
    """An object in pieces, what is known of its members so far."""

    kind: ir.TypeDef
    members: dict[str, Held | Callable[[], Held]] = field(default_factory=dict)
    index: Code | None = None


Held = Known | Code | Absent | Object


class Computing:
    """Expressions, as far as they are settled."""

    def __init__(self, place: str) -> None:
        self.place = place

    def refuse(self, what: str) -> SpecError:
        """An error: usual objects can't have this."""
        return SpecError(self.place, f"{what} is not supported in usual objects")

    def member(self, of: Held, name: str) -> Held:
        """A member of an object or array."""
        if isinstance(of, Code):
            if name == "size":
                return Code(f"count({of.text}.len())", 0)
            held = f"{of.text}.as_ref().ok_or(Fault::Absent)?" if of.is_optional else of.text
            return Code(f"{held}.{name}()")
        if not isinstance(of, Object):
            raise self.refuse(f"a member {name} of nothing")
        if name not in of.members:
            found = of.kind.member(name)
            if not isinstance(found, ir.Instance) or found.value is None:
                raise self.refuse(f"{of.kind.path}.{name}")
            settled = found.condition is None or self.of(found.condition, of)
            is_absent = settled == Known(False)
            of.members[name] = Absent() if is_absent else self.of(found.value, of)
        held = of.members[name]
        if isinstance(held, Known | Code | Absent | Object):
            return held
        of.members[name] = held()
        return self.member(of, name)

    def of(self, node: expr.Expr, me: Object) -> Held:
        """What an expression of an object is."""
        if isinstance(node, expr.Literal) and isinstance(node.value, int):
            return Known(node.value)
        if isinstance(node, expr.Name):
            if node.name == "_index" and me.index is not None:
                return me.index
            return self.member(me, node.name)
        if isinstance(node, expr.Attribute):
            return self.member(self.of(node.value, me), node.name)
        if isinstance(node, expr.Index):
            array, index = self.text(node.value, me), self.text(node.index, me)
            return Code(f"i64::from(*item({array}, {index})?)")
        if isinstance(node, expr.Unary) and node.op == "not":
            value = self.of(node.value, me)
            return Known(not value.value) if isinstance(value, Known) else _not(value)
        if isinstance(node, expr.Unary) and node.op == "-":
            return self._operation("-", Known(0), self.of(node.value, me))
        if isinstance(node, expr.Ternary):
            return self._ternary(node, me)
        if isinstance(node, expr.Binary):
            return self._binary(node, me)
        raise self.refuse(f"an expression {type(node).__name__}")

    def text(self, node: expr.Expr, me: Object) -> str:
        """An expression in Rust."""
        return _text(self.of(node, me))

    def _ternary(self, node: expr.Ternary, me: Object) -> Held:
        condition = self.of(node.condition, me)
        if isinstance(condition, Known):
            return self.of(node.yes if condition.value else node.no, me)
        yes, no = self.of(node.yes, me), self.of(node.no, me)
        if yes == no:
            return yes
        return Code(f"(if {_text(condition)} {{ {_text(yes)} }} else {{ {_text(no)} }})")

    def _binary(self, node: expr.Binary, me: Object) -> Held:
        left = self.of(node.left, me)
        if node.op in ("and", "or"):
            if isinstance(left, Known):
                return left if bool(left.value) == (node.op == "or") else self.of(node.right, me)
            right = self.of(node.right, me)
            if isinstance(right, Known):
                return right if bool(right.value) == (node.op == "or") else left
            return Code(f"({_text(left)} {'&&' if node.op == 'and' else '||'} {_text(right)})")
        if node.op not in OPERATIONS:
            raise self.refuse(f"the operator {node.op}")
        if node.op in (">>", "&") and left == Known(0):
            return left
        return self._operation(node.op, left, self.of(node.right, me))

    def _operation(self, op: str, left: Held, right: Held) -> Held:
        if isinstance(left, Known) and isinstance(right, Known):
            return Known(OPERATIONS[op](left.value, right.value))
        low = left.low if isinstance(left, Code) else None
        if low is not None and isinstance(right, Known):
            if op == "<" and right.value <= low:
                return Known(False)
            low = OPERATIONS[op](low, right.value) if op in ("+", "*", "/") else None
            low = None if right.value < 0 else low
        else:
            low = None
        if op not in CHECKED:
            return Code(f"({_text(left)} {op} {_text(right)})")
        checked = f"{_text(left)}.checked_{CHECKED[op]}({_text(right)})"
        return Code(f"{checked}.ok_or(Fault::Overflow)?", low)


def _not(value: Held) -> Code:
    return Code(f"!{_text(value)}")


def _text(value: Held) -> str:
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Known):
        is_truth = isinstance(value.value, bool)
        return str(value.value).lower() if is_truth else f"{value.value}_i64"
    raise SpecError("", "an object where Rust needs a number")


class UsualWriter:
    """Writes the decoder of one type's usual objects, and the trait of who is told."""

    def __init__(self, names: Names, kind: ir.TypeDef, usual: Usual) -> None:
        self.names = names
        self.kind = kind
        self.usual = usual
        self.number_type, _, self.number_member = usual.number.rpartition(".")
        self.unused = {*usual.fixed, *usual.never, *usual.told}
        self.told: dict[str, tuple[str, str]] = {}
        self.compute = Computing(kind.place)
        self.number = 0

    def write(self, out: Lines) -> None:
        """The trait, then the function."""
        me = Object(self.kind)
        for param in self.kind.params:
            me.members[param.name] = Code(param.name)
        body = Lines(1)
        self._object(body, me, "")
        if self.unused:
            raise self.compute.refuse(f"{min(self.unused)}, which never comes,")
        name = struct_name(self.kind)
        out.add("", f"/// Who is told of a usual [`{name}`].")
        out.open(f"pub trait Usual{name}<'a> {{")
        for path, (method, argument) in self.told.items():
            result = "bool" if argument == "index: i64" else "Result<(), Fault>"
            more = "; whether it and others are wanted" if result == "bool" else ""
            out.add(f"/// `{path}` comes{more}.")
            out.add(f"fn {method}(&mut self, {argument}) -> {result};")
        out.close()
        params = "".join(f"{param.name}: &'a [i32], " for param in self.kind.params)
        out.add(
            "", f"/// Decodes the [`{name}`] at the cursor if it is a usual one; a fault if not."
        )
        out.add("#[inline(always)]")
        out.open(
            f"pub fn usual_{self.kind.key}<'a, U: Usual{name}<'a>>(cur: &mut Cursor<'a>, "
            f"{params}told: &mut U) -> Result<(), Fault> {{"
        )
        out.lines += body.lines
        out.add("Ok(())")
        out.close()

    def _object(self, out: Lines, me: Object, prefix: str) -> None:
        for member in me.kind.fields:
            path = f"{me.kind.path}.{member.name}"
            condition = self.compute.of(member.condition, me) if member.condition else Known(True)
            if path in self.usual.never:
                self.unused.discard(path)
                out.add(f"if {_text(condition)} {{ return Err(Fault::Invalid); }}")
            elif isinstance(condition, Known):
                found = self._field(out, me, member, prefix) if condition.value else Absent()
                me.members[member.name] = found
            else:
                me.members[member.name] = self._optional(out, me, member, _text(condition))

    def _optional(self, out: Lines, me: Object, member: ir.Field, condition: str) -> Held:
        """A field that may be there or not."""
        layout = member.layout
        if isinstance(layout, ir.UserLayout) and self._is_whole(layout.type, ""):
            return self._optional_whole(out, me, member, layout, condition)
        out.open(f"if {condition} {{")
        self._field(out, me, member, "")
        out.close()
        return Absent()

    def _optional_whole(
        self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout, condition: str
    ) -> Held:
        name = self._name(member)
        if layout.type.path == self.number_type:
            out.add(f"let {name} = if {condition} {{ Some(cur.number()?) }} else {{ None }};")
            return self._number(layout, f"{name}.ok_or(Fault::Absent)?")
        read = f"{self.names.path(layout.type.spec, struct_name(layout.type))}::read(cur)?"
        out.add(f"let {name} = if {condition} {{ Some({read}) }} else {{ None }};")
        return Code(name, is_optional=True)

    def _number(self, layout: ir.UserLayout, text: str) -> Object:
        """An object of which only the number was read."""
        held = Object(layout.type)
        held.members[self.number_member] = Code(text, 0)
        return held

    def _name(self, member: ir.Field) -> str:
        self.number += 1
        return f"{member.name}_{self.number}"

    def _is_whole(self, kind: ir.TypeDef, prefix: str) -> bool:
        """Whether nothing is to be told or known of what is in the object."""
        named = [*self.usual.fixed, *self.usual.never, *self.usual.told]
        owners = {path.rpartition(".")[0] for path in named}
        return not kind.params and kind.path not in owners and prefix not in owners

    def _field(self, out: Lines, me: Object, member: ir.Field, prefix: str) -> Held:
        path = f"{me.kind.path}.{member.name}"
        layout = member.layout
        place = f"{prefix}.{member.name}"
        fixed = self.usual.fixed.get(place, self.usual.fixed.get(path))
        if fixed is not None and isinstance(layout, ir.IntLayout) and layout.width == 1:
            self.unused -= {place, path}
            self._fixed(out, fixed)
            return Known(fixed)
        if isinstance(layout, ir.BytesLayout) and layout.size is not None:
            return self._bytes(out, me, member, layout.size)
        if not isinstance(layout, ir.UserLayout):
            raise self.compute.refuse(path)
        if member.repeat is not None:
            return self._list(out, me, member, layout)
        if member.window is None and self._is_whole(layout.type, path):
            return self._whole(out, me, member, layout)
        return self._part(out, me, member, layout)

    def _fixed(self, out: Lines, number: int) -> None:
        out.add(f"if cur.u8()? != {number} {{ return Err(Fault::Invalid); }}")

    def _bytes(self, out: Lines, me: Object, member: ir.Field, size: expr.Expr) -> Held:
        name = self._name(member)
        out.add(f"let {name} = cur.bytes({self._size(size, me)})?;")
        self._tell(out, me, member, "value: &'a [u8]", name)
        return Code(name)

    def _whole(self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout) -> Held:
        name = self._name(member)
        if layout.type.path == self.number_type:
            out.add(f"let {name} = cur.number()?;")
            self._tell(out, me, member, "value: u64", name)
            return self._number(layout, name)
        kind = self.names.path(layout.type.spec, struct_name(layout.type))
        out.add(f"let {name} = {kind}::read(cur)?;")
        self._tell(out, me, member, f"value: {self.names.type(layout.type)}", name)
        return Code(name)

    def _part(self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout) -> Held:
        part = self._made(me, layout)
        if member.window is None:
            self._object(out, part, f"{me.kind.path}.{member.name}")
            return part
        if member.window.size is None:
            raise self.compute.refuse("a part without a size")
        if member is not me.kind.fields[-1]:
            raise self.compute.refuse("something behind a part")
        self._window(out, me, part, member.window.size)
        return part

    def _window(self, out: Lines, me: Object, part: Object, size: expr.Expr) -> None:
        """A part of a size of its own."""
        bytes_ = self._size(size, me)
        out.add(f"let mut inner = cur.window({bytes_})?.cursor();", "let cur = &mut inner;")
        self._object(out, part, "")

    def _made(self, me: Object, layout: ir.UserLayout, index: Code | None = None) -> Object:
        """An object with its arguments, which are computed when they are needed."""
        part = Object(layout.type)
        of = Object(me.kind, me.members, index)
        for param, node in zip(layout.type.params, layout.arguments, strict=True):
            part.members[param.name] = lambda node=node: self.compute.of(node, of)
        return part

    def _list(self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout) -> Held:
        if member.repeat is None or member.repeat.kind != "expr" or member.repeat.expr is None:
            raise self.compute.refuse("a list without a number")
        self.number += 1
        index = f"index_{self.number}"
        out.open(f"for {index} in 0..{self.compute.text(member.repeat.expr, me)} {{")
        path = f"{me.kind.path}.{member.name}"
        if path in self.usual.told:
            if member is not me.kind.fields[-1]:
                raise self.compute.refuse("something behind a list that is told")
            self.unused.discard(path)
            self._item(out, path, f"{me.kind.key}_{member.name}", index)
        part = self._made(me, layout, Code(index, 0))
        self._take_items(out, part, layout)
        self._object(out, part, "")
        out.close()
        return Absent()

    def _take_items(self, out: Lines, part: Object, layout: ir.UserLayout) -> None:
        """Arguments that are items of arrays, which are looked up once."""
        for param, node in zip(layout.type.params, layout.arguments, strict=True):
            if isinstance(node, expr.Index):
                self.number += 1
                name = f"{param.name}_{self.number}"
                held = self.compute.member(part, param.name)
                out.add(f"let {name} = {_text(held)};")
                part.members[param.name] = Code(name)

    def _item(self, out: Lines, path: str, method: str, index: str) -> None:
        """An item of a list that is told."""
        self.told[path] = (method, "index: i64")
        out.add(f"if !told.{method}({index}) {{ break; }}")

    def _tell(self, out: Lines, me: Object, member: ir.Field, argument: str, value: str) -> None:
        path, method = f"{me.kind.path}.{member.name}", f"{me.kind.key}_{member.name}"
        if path in self.usual.told:
            self.told[path] = (method, argument)
            self.unused.discard(path)
            out.add(f"told.{method}({value})?;")

    def _size(self, node: expr.Expr, me: Object) -> str:
        """A number of bytes."""
        if isinstance(node, expr.Ternary):
            condition = self.compute.of(node.condition, me)
            if not isinstance(condition, Known):
                yes, no = self._size(node.yes, me), self._size(node.no, me)
                return f"(if {_text(condition)} {{ {yes} }} else {{ {no} }})"
        return f"fitted!(usize, {self.compute.text(node, me)})"
