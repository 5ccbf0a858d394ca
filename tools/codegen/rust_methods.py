"""Methods of the generated structs: instances, and parts that are decoded on demand."""

from __future__ import annotations

from codegen import ir
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.rust_decode import Decoder
from codegen.rust_instances import Instances
from codegen.rust_names import choice_name, holds_numbers, struct_name
from codegen.rust_text import Lines
from codegen.types import Struct
from codegen.write_rust import Scope, escaped


class Methods:
    """Writes the methods of one type."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.names = decoder.names
        self.instances = decoder.instances
        self.kind = decoder.kind

    def write(self, out: Lines) -> None:
        """All methods."""
        for instance in self.kind.instances:
            out.add("")
            out.docs(instance.docs, "Computed.")
            if instance.at is not None:
                self._positioned(out, instance)
            else:
                self._computed(out, instance)
        for field in self.kind.fields:
            if field.window is not None:
                self._part(out, field)

    def _computed(self, out: Lines, instance: ir.Instance) -> None:
        write_instance(out, self.instances, instance, "#[inline]")

    def _positioned(self, out: Lines, instance: ir.Instance) -> None:
        """A field at a position, decoded each time that it is asked for."""
        field, position = instance.at, instance.position
        assert field is not None
        assert position is not None
        result = self.names.field(self.kind, field)
        if instance.condition is not None:
            result = f"Option<{result}>"
        name = escaped(instance.name)
        out.open(f"pub fn {name}(&self) -> Result<{result}, Error> {{")
        out.add("let mut cur = self.io.cursor();")
        out.add(f'cur.at(&"{self.kind.path}.{instance.name}");')
        out.add(f"self.{name}_at(&mut cur).map_err(|fault| cur.error(fault))")
        out.close()
        out.add("")
        out.open(
            f"fn {instance.name}_at(&self, cur: &mut Cursor<'a>) -> Result<{result}, Fault> {{"
        )
        scope = Scope("self", cursor=True)
        writer = self.decoder.writer(scope)
        if instance.condition is not None:
            out.add(f"if !({writer.write(instance.condition).text}) {{ return Ok(None); }}")
        out.add(f"cur.seek({writer.integer(position)})?;")
        if field.window is not None:
            raise SpecError(field.place, "a sub-stream at a position is not supported by Rust")
        value = self.decoder.value(out, field, scope)
        out.add(f"Ok(Some({value}))" if instance.condition is not None else f"Ok({value})")
        out.close()

    def _part(self, out: Lines, field: ir.Field) -> None:
        if field.repeat is not None:
            raise SpecError(field.place, "repeated sub-streams are not supported by Rust")
        result = self.part_type(field)
        out.add("", f"/// Decodes `{field.name}`.", "#[inline]")
        optional = field.condition is not None
        whole = f"Option<{result}>" if optional else result
        name = escaped(field.name)
        out.open(f"pub fn {name}(&self) -> Result<{whole}, Error> {{")
        inner = f"self.{name}"
        if optional:
            out.add(f"let Some(raw) = {inner} else {{ return Ok(None); }};")
            inner = "raw"
        out.add(f"let mut cur = {inner}.cursor();")
        out.add(f'cur.at(&"{self.kind.path}.{field.name}");')
        located = f"self.{field.name}_in(&mut cur).map_err(|fault| cur.error(fault))"
        out.add(f"{located}.map(Some)" if optional else located)
        out.close()
        out.add("")
        out.open(f"fn {field.name}_in(&self, cur: &mut Cursor<'a>) -> Result<{result}, Fault> {{")
        self._part_body(out, field)
        out.close()

    def part_type(self, field: ir.Field) -> str:
        """What a sub-stream is decoded to."""
        if isinstance(field.layout, ir.UserLayout):
            return self.names.type(field.layout.type)
        return f"{choice_name(self.kind, field)}<'a>"

    def _part_body(self, out: Lines, field: ir.Field) -> None:
        scope = Scope("self", cursor=True)
        layout = field.layout
        if isinstance(layout, ir.UserLayout):
            out.add(f"Ok({self.decoder.user(layout, scope, 'read')})")
            return
        assert isinstance(layout, ir.SwitchLayout)
        # Bytes are the default where there is a size.
        if not isinstance(layout.default, ir.BytesLayout):
            raise SpecError(field.place, "a default case is not supported by Rust")
        name = choice_name(self.kind, field)
        on = self.decoder.writer(scope).write(layout.on).text
        out.add(f"let on = {on};")
        for key, case in layout.cases:
            assert isinstance(case, ir.UserLayout)
            wanted = self.decoder.writer(scope).write(key).text
            read = self.decoder.user(case, scope, "read")
            variant = struct_name(case.type)
            out.add(f"if on == {wanted} {{ return Ok({name}::{variant}({read})); }}")
        out.add(f"Ok({name}::Other(cur.rest()?))")


def write_instance(out: Lines, instances: Instances, instance: ir.Instance, inline: str) -> None:
    """The method of an instance, and what computes it early if anything does."""
    result = instances.result(instance)
    out.add(inline, *([] if result.startswith("Result") else ["#[must_use]"]))
    out.open(f"pub fn {escaped(instance.name)}(&self) -> {result} {{")
    out.add(instances.body(instance))
    out.close()
    if instance in instances.early:
        out.add("", inline)
        out.open(f"fn first_{instance.name}(&self) -> {result} {{")
        out.add(instances.computed(instance))
        out.close()


def choices(kind: ir.TypeDef) -> list[ir.Field]:
    """The fields whose type depends on a value."""
    return [field for field in kind.fields if isinstance(field.layout, ir.SwitchLayout)]


class Choice:
    """The enum of what a switch can lead to."""

    def __init__(self, methods: Methods, field: ir.Field) -> None:
        self.methods = methods
        self.field = field

    def write(self, out: Lines) -> None:
        """The enum, and how it is looked at."""
        layout = self.field.layout
        assert isinstance(layout, ir.SwitchLayout)
        if self.field.window is None:
            raise SpecError(self.field.place, "a switch without a size is not supported by Rust")
        name = choice_name(self.methods.kind, self.field)
        types = []
        for _, case in layout.cases:
            if not isinstance(case, ir.UserLayout):
                raise SpecError(self.field.place, "only types as cases are supported by Rust")
            types.append(case.type)
        out.add("")
        out.docs(self.field.docs)
        out.add("#[derive(Clone, Debug, PartialEq)]")
        out.open(f"pub enum {name}<'a> {{")
        for kind in types:
            out.add(f"/// `{kind.path}`.", f"{struct_name(kind)}({self.methods.names.type(kind)}),")
        out.add("/// None of these: the bytes as they are.", "Other(&'a [u8]),")
        out.close()
        out.add("")
        out.open(f"impl Layout for {name}<'_> {{")
        for function, given, argument, other in (
            ("inspect", "visitor: &mut dyn Visitor", "visitor",
             'visitor.value("", Value::Bytes(bytes))'),
            ("encode", "out: &mut Sink", "out", "{ out.put(bytes); Ok(()) }"),
        ):  # fmt: skip
            result = "" if function == "inspect" else " -> Result<(), Fault>"
            out.open(f"fn {function}(&self, {given}){result} {{")
            out.open("match self {")
            for kind in types:
                out.add(f"Self::{struct_name(kind)}(part) => part.{function}({argument}),")
            out.add(f"Self::Other(bytes) => {other},")
            out.close()
            out.close()
        out.close()


def is_scalar(field: ir.Field) -> bool:
    """Whether a field is no object."""
    return not isinstance(field.type, Struct) and not holds_numbers(field)


def has_size(field: ir.Field) -> Expr | None:
    """The expression that gives a field's number of bytes, if there is one."""
    if field.window is not None:
        return field.window.size
    if isinstance(field.layout, ir.BytesLayout | ir.StrLayout):
        return field.layout.size
    return None
