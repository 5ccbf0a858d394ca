"""Usual objects, encoded without choices: the reverse of :mod:`codegen.rust_usual`.

Whoever encodes is asked for what the bytes hold besides lengths: values, and the numbers that
no expression tells. A number that is the length of something comes from that.
"""

from __future__ import annotations

from codegen import expr, ir
from codegen.plan import Usual
from codegen.rust_names import Names, struct_name
from codegen.rust_text import Lines
from codegen.rust_usual import Absent, Code, Held, Known, Object, UsualWriter


class UsualPutter(UsualWriter):
    """Writes the encoder of one type's usual objects, and the trait of who is asked."""

    def __init__(self, names: Names, kind: ir.TypeDef, usual: Usual) -> None:
        super().__init__(names, kind, usual)
        self.asked: dict[str, tuple[str, str]] = {}
        self.has_window = False

    def write(self, out: Lines) -> None:
        """The trait, then the function."""
        me = Object(self.kind)
        for param in self.kind.params:
            me.members[param.name] = Code(param.name)
        body = Lines(1)
        self._object(body, me, "")
        name = struct_name(self.kind)
        out.add("", f"/// Who is asked for what is in a usual [`{name}`], in its order.")
        out.open(f"pub trait Usual{name}Source<'a> {{")
        for path, (method, result) in self.asked.items():
            out.add(f"/// `{path}` is next.", f"fn {method}(&mut self) -> {result};")
        out.close()
        params = "".join(f"{param.name}: &[i32], " for param in self.kind.params)
        parts = "part: &mut Sink, " if self.has_window else ""
        out.add("", f"/// Encodes a usual [`{name}`]; a fault if `source` has another one.")
        if parts:
            out.add("/// What is in `part` gets lost.")
        out.add("#[inline(always)]")
        out.open(
            f"pub fn put_usual_{self.kind.key}<'a, S: Usual{name}Source<'a>>({params}"
            f"source: &mut S, {parts}out: &mut Sink) -> Result<(), Fault> {{"
        )
        out.lines += body.lines
        out.add("Ok(())")
        out.close()

    def _fixed(self, out: Lines, number: int) -> None:
        out.add(f"out.put(&[{number}]);")

    def _bytes(self, out: Lines, me: Object, member: ir.Field, size: expr.Expr) -> Held:
        settled = self.compute.of(size, me)
        if settled == Known(0):
            return Absent()
        value = self._value(out, me, member)
        out.add(f"agree(count({value}.len()) == {self.compute.text(size, me)})?;")
        out.add(f"out.put({value});")
        return Code(value)

    def _value(self, out: Lines, me: Object, member: ir.Field) -> str:
        """Bytes that were asked for, now or when their length was written."""
        held = me.members.get(_of(member))
        if isinstance(held, Code):
            return held.text
        name = self._name(member)
        method = self._ask(me, member, "&'a [u8]")
        out.add(f"let {name} = source.{method}()?;")
        me.members[_of(member)] = Code(name)
        return name

    def _ask(self, me: Object, member: ir.Field, result: str) -> str:
        method = f"{me.kind.key}_{member.name}"
        self.asked[f"{me.kind.path}.{member.name}"] = (method, f"Result<{result}, Fault>")
        return method

    def _whole(self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout) -> Held:
        return self._put_number(out, me, member, layout, "")

    def _optional_whole(
        self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout, condition: str
    ) -> Held:
        return self._put_number(out, me, member, layout, condition)

    def _put_number(
        self, out: Lines, me: Object, member: ir.Field, layout: ir.UserLayout, condition: str
    ) -> Held:
        if layout.type.path != self.number_type:
            raise self.compute.refuse(f"{layout.type.path} where it is encoded")
        measured = _measured(me.kind, member)
        if measured is not None and measured.window is not None:
            self._fill(out, me, measured)
            length = "part.as_slice().len()"
        elif measured is not None:
            length = f"{self._value(out, me, measured)}.len()"
        else:
            length = ""
        number = (
            f"fitted!(u64, {length})" if length else f"source.{self._ask(me, member, 'u64')}()?"
        )
        put = f"put_number({number}, out);"
        out.add(f"if {condition} {{ {put} }}" if condition else put)
        held = Object(layout.type)
        held.members[self.number_member] = Code(f"count({length})", 0) if length else Absent()
        return held

    def _fill(self, out: Lines, me: Object, member: ir.Field) -> None:
        """Encodes what has a size of its own, which stands before it."""
        if self.has_window or not isinstance(member.layout, ir.UserLayout):
            raise self.compute.refuse("a part in a part")
        self.has_window = True
        out.add("part.clear();")
        out.open("{")
        out.add("let out = &mut *part;")
        self._object(out, self._made(me, member.layout), "")
        out.close()

    def _window(self, out: Lines, me: Object, part: Object, size: expr.Expr) -> None:
        if not isinstance(self.compute.of(size, me), Code) or not self.has_window:
            raise self.compute.refuse("a part whose size is not before it")
        out.add("out.put(part.as_slice());")

    def _item(self, out: Lines, path: str, method: str, index: str) -> None:
        pass


def _measured(kind: ir.TypeDef, length: ir.Field) -> ir.Field | None:
    """The field of a type whose length another one is, if it is one."""
    for member in kind.fields:
        size = member.window.size if member.window is not None else None
        if isinstance(member.layout, ir.BytesLayout):
            size = member.layout.size
        if size is not None and any(
            isinstance(node, expr.Name) and node.ref is length for node in expr.walk(size)
        ):
            return member
    return None


def _of(member: ir.Field) -> str:
    """What the bytes of a field are called before it is there."""
    return f"bytes of {member.name}"
