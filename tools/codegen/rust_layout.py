"""What is told of any object: `Layout` of the generated structs."""

from __future__ import annotations

from codegen import ir
from codegen.rust_decode import Decoder
from codegen.rust_methods import has_size
from codegen.rust_names import is_copy, mentions_io
from codegen.rust_text import Lines
from codegen.types import Struct
from codegen.write_rust import RANGES, Scope, escaped, holds_numbers


class LayoutWriter:
    """Writes the encoder and the inspection of one type."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.kind = decoder.kind
        self.scope = Scope("self")

    def write(self, out: Lines, header: str) -> None:
        """The implementation of ``Layout``."""
        out.add("")
        out.open(header)
        out.open("fn inspect(&self, visitor: &mut dyn Visitor) {")
        for field in self.kind.fields:
            self._show(out, field)
        for instance in self.kind.instances:
            self._show_instance(out, instance)
        out.close()
        out.add("", "#[inline(always)]" if is_copy(self.kind) else "#[inline]")
        out.open("fn encode(&self, out: &mut Sink) -> Result<(), Fault> {")
        for field in self.kind.fields:
            self.put(out, field)
        out.add("Ok(())")
        out.close()
        out.close()

    def _show(self, out: Lines, field: ir.Field) -> None:
        name = escaped(field.name)
        if field.window is not None:
            self._show_part(out, field)
            return
        if field.condition is not None:
            out.open(f"if let Some(value) = self.{name}.as_ref() {{")
        else:
            out.add(f"let value = &self.{name};")
        self._show_value(out, field, field.name)
        if field.condition is not None:
            out.close("} else {")
            out.add(f'    visitor.value("{field.name}", Value::Absent);', "}")

    def _show_value(self, out: Lines, field: ir.Field, name: str) -> None:
        if field.repeat is None:
            self._show_item(out, field, name, "value")
            return
        out.add(f'visitor.enter("{name}", Some(value.len()));')
        if holds_numbers(field):
            out.add('for item in value.iter() { visitor.value("", Value::Int(i128::from(item))); }')
        else:
            out.open("for value in value.iter() {")
            self._show_item(out, field, "", "value")
            out.close()
        out.add("visitor.leave();")

    def _show_item(self, out: Lines, field: ir.Field, name: str, text: str) -> None:
        if isinstance(field.layout, ir.UserLayout):
            out.add(f'visitor.enter("{name}", None);', f"{text}.inspect(visitor);")
            out.add("visitor.leave();")
            return
        out.add(f'visitor.value("{name}", {self._value(field, text)});')

    @staticmethod
    def _value(field: ir.Field, text: str) -> str:
        layout = field.layout
        if field.enum is not None:
            return f"Value::Enum({text}.0, {text}.name())"
        if isinstance(layout, ir.BitsLayout) and layout.boolean:
            return f"Value::Bool(*{text})"
        if isinstance(layout, ir.IntLayout | ir.BitsLayout):
            return f"Value::Int(i128::from(*{text}))"
        if isinstance(layout, ir.FloatLayout):
            return f"Value::Float(f64::from(*{text}))"
        if isinstance(layout, ir.StrLayout):
            return f"Value::Text({text})"
        if isinstance(layout, ir.TerminatedLayout):
            return f"Value::Text({text}.text)"
        return f"Value::Bytes({text})"

    def _show_part(self, out: Lines, field: ir.Field) -> None:
        optional = field.condition is not None
        out.open(f"match self.{escaped(field.name)}() {{")
        pattern = "Ok(Some(part))" if optional else "Ok(part)"
        out.add(
            f'{pattern} => {{ visitor.enter("{field.name}", None); part.inspect(visitor); '
            "visitor.leave(); }"
        )
        if optional:
            out.add(f'Ok(None) => visitor.value("{field.name}", Value::Absent),')
        out.add(f'Err(error) => visitor.value("{field.name}", Value::Broken(error)),')
        out.close()

    def _show_instance(self, out: Lines, instance: ir.Instance) -> None:
        name = escaped(instance.name)
        if instance.at is not None:
            # Objects at positions can lead anywhere, so only values are shown.
            if instance.at.repeat is None and not isinstance(instance.at.type, Struct):
                self._show_outcome(out, instance, f"self.{name}()", "Broken")
            return
        self._show_outcome(out, instance, f"self.{name}()", "Failed")

    def _show_outcome(self, out: Lines, instance: ir.Instance, call: str, bad: str) -> None:
        shown = self._shown(instance)
        returned = self.decoder.instances.returned(instance)
        arms = [("value", shown)]
        if instance.condition is not None:
            arms = [("Some(value)", shown), ("None", "Value::Absent")]
        if returned.fallible:
            arms = [(f"Ok({pattern})", text) for pattern, text in arms]
            arms.append(("Err(error)", f"Value::{bad}(error)"))
        if len(arms) == 1:
            out.add(f"let value = {call};")
            out.add(f'visitor.value("{instance.name}", {shown});')
            return
        out.open(f"let shown = match {call} {{")
        for pattern, text in arms:
            out.add(f"{pattern} => {text},")
        out.close("};")
        out.add(f'visitor.value("{instance.name}", shown);')

    def _shown(self, instance: ir.Instance) -> str:
        if instance.at is not None:
            return self._value(instance.at, "(&value)").replace("*(&value)", "value")
        kind = self.decoder.instances.returned(instance).code.kind
        if kind in RANGES:
            return "Value::Int(i128::from(value))"
        return {
            "f64": "Value::Float(value)",
            "bool": "Value::Bool(value)",
            "str": "Value::Text(value)",
            "bytes": "Value::Bytes(value)",
            "enum": "Value::Enum(value.0, value.name())",
        }[kind]

    def put(self, out: Lines, field: ir.Field) -> None:
        """Encodes one field."""
        name = escaped(field.name)
        writer = self.decoder.writer(self.scope)
        if field.condition is not None:
            if not mentions_io(field.condition):
                out.add(f"agree(self.{name}.is_some() == ({writer.write(field.condition).text}))?;")
            out.open(f"if let Some(value) = self.{name}.as_ref() {{")
        else:
            out.add(f"let value = &self.{name};")
        self._put_value(out, field)
        if field.condition is not None:
            out.close()

    def _put_value(self, out: Lines, field: ir.Field) -> None:
        if field.repeat is None:
            self._agree(out, has_size(field), self._held(field))
            self._put_item(out, field)
            return
        if field.repeat.kind == "expr":
            self._agree(out, field.repeat.expr, "value")
        if holds_numbers(field):
            out.add("out.put(value.bytes);")
            return
        out.open("for value in value.iter() {")
        self._put_item(out, field)
        out.close()

    @staticmethod
    def _held(field: ir.Field) -> str:
        return "value.bytes" if field.window is not None else "value"

    def _agree(self, out: Lines, wanted: ir.Expr | None, text: str) -> None:
        """Holds the number of bytes or items against what the object says it is."""
        if wanted is None or mentions_io(wanted):
            return
        code = self.decoder.writer(self.scope).write(wanted)
        number = self.decoder.writer(self.scope).coerce(code, "i128")
        most = f"({number}).max(0)" if code.low < 0 else number
        out.add(f"agree({text}.counted() == {most})?;")

    def _put_item(self, out: Lines, field: ir.Field) -> None:
        layout = field.layout
        if field.window is not None:
            out.add("out.put(value.bytes);")
        elif isinstance(layout, ir.UserLayout):
            out.add("value.encode(out)?;")
        elif isinstance(layout, ir.BitsLayout):
            text = "fitted!(u32, value.0)" if field.enum else "*value"
            text = "u32::from(*value)" if layout.boolean else text
            out.add(f"out.put_bits({text}, {layout.width});")
        elif isinstance(layout, ir.IntLayout | ir.FloatLayout):
            self._put_number(out, field, layout)
        elif isinstance(layout, ir.StrLayout):
            out.add("out.put(value.as_bytes());")
        elif isinstance(layout, ir.TerminatedLayout):
            out.add("out.put(value.text.as_bytes());")
            out.add(f"if value.is_terminated {{ out.put(&[{layout.terminator}]); }}")
        else:
            out.add("out.put(value);")

    @staticmethod
    def _put_number(out: Lines, field: ir.Field, layout: ir.IntLayout | ir.FloatLayout) -> None:
        order = "be" if layout.big_endian else "le"
        if field.enum is None:
            out.add(f"out.put(&value.to_{order}_bytes());")
            return
        assert isinstance(layout, ir.IntLayout)
        name = f"{'i' if layout.signed else 'u'}{8 * layout.width}"
        out.add(f"out.put(&fitted!({name}, value.0).to_{order}_bytes());")
