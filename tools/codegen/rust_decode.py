"""Decoders: from a cursor to a struct."""

from __future__ import annotations

from codegen import ir
from codegen.errors import SpecError
from codegen.expr import Expr, Ternary
from codegen.rust_cases import cases_of, early_of, read_cases, write_more
from codegen.rust_instances import Instances, kept_name
from codegen.rust_names import Names, borrows, is_boxed, is_flat, is_recursive, needs_io
from codegen.rust_text import Lines
from codegen.types import Array, Bool, Enum, Int, Struct, ValueType
from codegen.write_rust import (
    Code,
    RustWriter,
    Scope,
    asked_of_previous,
    escaped,
    holds_numbers,
)

SCOPE = Scope("this", cursor=True)


class Decoder:
    """Writes the functions that read objects of one type."""

    def __init__(self, names: Names, instances: Instances, kind: ir.TypeDef) -> None:
        self.names = names
        self.instances = instances
        self.kind = kind
        self.cases = cases_of(kind, instances)

    def kept(self) -> list[ir.Instance]:
        """The instances whose values objects have with them."""
        early = [i for i in early_of(self.kind) if i in self.instances.early]
        return [*early, *(self.cases.kept if self.cases is not None else ())]

    def start(self, out: Lines, made: str) -> None:
        """The end of a function that makes an object: its early instances, then itself."""
        early = [i for i in early_of(self.kind) if i in self.instances.early]
        if not early:
            out.add(made)
            return
        out.add(f"let mut this = {made};")
        for instance in early:
            value = f"this.first_{instance.name}()"
            kept = f"Kept({value})" if self.instances.returned(instance).fallible else value
            out.add(f"this.{kept_name(instance)} = {kept};")
        out.add("this")

    def writer(self, scope: Scope) -> RustWriter:
        """A writer of expressions in ``scope``."""
        return RustWriter(scope, self.names.enum, self.instances.returned)

    def params(self) -> str:
        """The type's parameters as a function's."""
        found = [
            (escaped(p.name), self.names.value(p.value_type, p.place)) for p in self.kind.params
        ]
        return "".join(f", {name}: {kind}" for name, kind in found)

    def cursor(self) -> str:
        """The type of the cursor."""
        return "&mut Cursor<'a>" if borrows(self.kind) else "&mut Cursor<'_>"

    def inline(self) -> str:
        """What is small is in line, where it is known that nobody asks what a fault is inside."""
        return "#[inline(always)]" if is_flat(self.kind) else "#[inline]"

    def read(self, out: Lines) -> None:
        """The functions that read all fields."""
        given = "".join(f", {escaped(p.name)}" for p in self.kind.params)
        data = "&'a [u8]" if borrows(self.kind) else "&[u8]"
        out.add("/// Decodes the object at the start of `data`, which begins at `base`.")
        out.open(f"pub fn decode(data: {data}, base: u64{self.params()}) -> Result<Self, Error> {{")
        out.add("let mut cur = Cursor::new(data, base);")
        out.add(f"Self::read(&mut cur{given}).map_err(|fault| cur.error(fault))")
        out.close()
        out.add("", "/// Decodes the object at the cursor.", self.inline())
        out.open(f"pub fn read(cur: {self.cursor()}{self.params()}) -> Result<Self, Fault> {{")
        out.add(f"let mut this = Self::new({given.removeprefix(', ')});", "this.fill(cur)?;")
        out.add("Ok(this)")
        out.close()
        self._new(out)
        self._fill(out)
        for field in self.kind.fields:
            if self._is_outlined(field):
                self._outlined(out, field)
        if self.cases is not None:
            write_more(out, self.cases, self.instances)
        self._visit(out)

    def _new(self, out: Lines) -> None:
        given = [escaped(p.name) for p in self.kind.params]
        fields = [*given, "..Self::default()"]
        plain = self.kind.fields or needs_io(self.kind)
        out.add("", "/// An object of which nothing has been decoded yet.", "#[inline(always)]")
        out.add("#[must_use]")
        out.open(f"pub fn new({self.params().removeprefix(', ')}) -> Self {{")
        self.start(out, f"Self {{ {', '.join(fields if plain else given)} }}")
        out.close()

    def _fill(self, out: Lines) -> None:
        """Decoding in place, since moving objects costs more than decoding them."""
        out.add("", "/// Decodes the object at the cursor into this one.", self.inline())
        out.open(f"pub fn fill(&mut self, cur: {self.cursor()}) -> Result<(), Fault> {{")
        out.add("let this = self;")
        self._start(out)
        if is_recursive(self.kind):
            out.add("cur.enter()?;")
        for field in self.kind.fields:
            self.field(out, field, Scope("this", cursor=True), "")
        if is_recursive(self.kind):
            out.add("cur.leave();")
        out.add("Ok(())")
        out.close()

    def _start(self, out: Lines) -> None:
        if needs_io(self.kind):
            out.add("this.io = cur.io();")

    def visited(self) -> ir.Field | None:
        """The last field, if its items are objects that can be visited one by one."""
        field = self.kind.fields[-1] if self.kind.fields else None
        if field is None or field.repeat is None or field.window is not None:
            return None
        if field.condition is not None or not isinstance(field.layout, ir.UserLayout):
            return None
        try:
            self.field(Lines(), field, Scope("this", True, field, streamed=True), "each")
        except SpecError:
            return None
        return field

    def _visit(self, out: Lines) -> None:
        last = self.visited()
        if last is None:
            return
        item = self.names.item(self.kind, last)
        out.add(
            "",
            f"/// Decodes the object at the cursor and hands the items of `{last.name}` to `each`",
            "/// one by one, with the fields before them, rather than to keep them.",
            "#[inline]",
        )
        out.open(
            f"pub fn visit_{last.name}<E: Failure>(cur: {self.cursor()}{self.params()}, "
            f"mut each: impl FnMut(&Self, &{item}) -> Result<(), E>) -> Result<Self, E> {{"
        )
        given = ", ".join(escaped(p.name) for p in self.kind.params)
        out.add(f"let mut this = Self::new({given});")
        self._start(out)
        for field in self.kind.fields:
            streamed = field is last
            scope = Scope("this", True, field if streamed else None, streamed)
            self.field(out, field, scope, "each" if streamed else "")
        out.add("Ok(this)")
        out.close()

    def field(self, out: Lines, field: ir.Field, scope: Scope, each: str) -> None:
        """Reads a field into ``this``, or items to ``each``."""
        out.add(f'cur.at(&"{self.kind.path}.{field.name}");')
        if self.cases is not None and field is self.cases.field:
            read_cases(out, self.cases, self.instances)
            return
        if field.condition is not None:
            out.open(f"if {self.writer(scope).write(field.condition).text} {{")
        value = "" if self._in_place(out, field, scope) else self.value(out, field, scope, each)
        if value:
            value = f"Some({value})" if field.condition is not None else value
            out.add(f"this.{escaped(field.name)} = {value};")
        if field.condition is not None:
            out.close()

    def _in_place(self, out: Lines, field: ir.Field, scope: Scope) -> bool:
        """Decodes an object where it is to stand, if the field is one."""
        layout = field.layout
        if field.repeat is not None or field.window is not None or is_boxed(self.kind, field):
            return False
        if not isinstance(layout, ir.UserLayout):
            return False
        name, made = escaped(field.name), self.made(layout, scope)
        if field.condition is not None:
            filled = _inner(field, f"this.{name}.insert(made).fill(cur)")
            out.add(f"let made = {made};", f"{filled};")
        else:
            out.add(f"this.{name} = {made};", f"{_inner(field, f'this.{name}.fill(cur)')};")
        return True

    def value(self, out: Lines, field: ir.Field, scope: Scope, each: str = "") -> str:
        """Reads a field with all its items; the expression that has them."""
        if field.repeat is None:
            return self._item(out, field, scope)
        if holds_numbers(field):
            return self._numbers(field, scope)
        if scope == SCOPE and self._is_outlined(field):
            out.add("let mut own = cur.clone();")
            out.add(f"let items = this.items_{field.name}(&mut own);", "*cur = own;")
            return "items?"
        return self._items(out, field, scope, each)

    def _is_outlined(self, field: ir.Field) -> bool:
        """Whether a list has a function of its own, so that what surrounds it stays small."""
        repeated = field.repeat is not None and not holds_numbers(field)
        return repeated and field in self.kind.fields and is_flat(self.kind)

    def _outlined(self, out: Lines, field: ir.Field) -> None:
        item = self.names.item(self.kind, field)
        out.add("", "#[inline(never)]")
        out.open(
            f"fn items_{field.name}(&self, cur: {self.cursor()}) -> Result<List<{item}>, Fault> {{"
        )
        out.add("let this = self;")
        # Not this very scope, which stands for the function's call.
        items = self._items(out, field, Scope("this", True, field), "")
        out.add(f"Ok({items})")
        out.close()

    def _numbers(self, field: ir.Field, scope: Scope) -> str:
        assert field.repeat is not None
        if field.repeat.expr is None:
            return "Numbers::read_all(cur)?"
        return f"Numbers::read(cur, {self.count(field, scope)})?"

    def count(self, field: ir.Field, scope: Scope) -> str:
        """The number of a field's items."""
        assert field.repeat is not None
        assert field.repeat.expr is not None
        wanted = self.writer(scope).write(field.repeat.expr)
        text = f"{wanted.text}_i64" if wanted.text.isdigit() else wanted.text
        return f"cur.count({text}, {field.smallest})?"

    def _items(self, out: Lines, field: ir.Field, scope: Scope, each: str) -> str:
        assert field.repeat is not None
        kind = field.repeat.kind
        if each:
            self.previous(out, field)
        else:
            scope = Scope(scope.me, True, field)
            out.add(f"let mut items: List<{self.names.item(self.kind, field)}> = List::default();")
        if kind == "expr":
            out.open(f"for index in 0..{self.count(field, scope)} {{")
        else:
            out.open("for index in 0..i64::MAX {")
            out.add("if cur.eof() { break; }" if kind == "eos" else "let before = cur.pos();")
            if kind == "eos":
                out.add("let before = cur.pos();")
        out.add(f'cur.at(&"{self.kind.path}.{field.name}");')
        if each:
            assert isinstance(field.layout, ir.UserLayout)
            out.add(f"let mut value = {self.made(field.layout, scope)};")
            out.add(f"{_inner(field, 'value.fill(cur)')};")
        else:
            out.add(f"let value = {self._item(out, field, scope)};")
        done = self.done(out, field, scope)
        if each:
            out.add("each(&this, &value)?;")
        else:
            out.add("items.push(value);")
        if done:
            out.add(f"if {done} {{ break; }}")
        if each:
            self.keep_previous(out, field)
        out.close()
        return "" if each else "items"

    def previous(self, out: Lines, field: ir.Field) -> None:
        """Variables for what is kept of the previous item."""
        for member in asked_of_previous(field):
            out.add(f"let mut previous_{member.name} = None;")

    def keep_previous(self, out: Lines, field: ir.Field) -> None:
        """Keeps of the item ``value`` what the next one's arguments ask for."""
        for member in asked_of_previous(field):
            text = self.writer(SCOPE).member("value", member).text.removesuffix("?")
            out.add(f"previous_{member.name} = Some({text});")

    def done(self, out: Lines, field: ir.Field, scope: Scope) -> str:
        """What ends the loop after an item, other than the count."""
        assert field.repeat is not None
        if field.repeat.kind == "expr":
            return ""
        out.add("if cur.pos() <= before { return Err(Fault::Stuck.into()); }")
        if field.repeat.kind == "eos":
            return ""
        assert field.repeat.expr is not None
        inner = Scope(scope.me, True, scope.items, scope.streamed, self._it(field, "value"))
        out.add(f"let done = {self.writer(inner).write(field.repeat.expr).text};")
        return "done"

    def _it(self, field: ir.Field, text: str) -> Code:
        """An item in the variable ``text`` as an expression has it."""
        if isinstance(field.layout, ir.TerminatedLayout):
            text += ".text"
        writer = self.writer(Scope("this", True))
        return writer.held(text, field.type, False)

    def _item(self, out: Lines, field: ir.Field, scope: Scope) -> str:
        text = self._layout(field, scope)
        if isinstance(field.layout, ir.UserLayout) and field.window is None:
            text = _inner(field, text.removesuffix("?"))
        if field.enum is not None:
            text = f"{self.names.enum(field.enum)}(i64::from({text}))"
        if is_boxed(self.kind, field):
            text = f"Box::new({text})"
        if field.valid is None:
            return text
        inner = Scope(scope.me, True, scope.items, scope.streamed, self._it(field, "it"))
        # What is wrong is the value, not what follows it.
        out.add("let mark = cur.mark();", f"let it = {text};")
        out.open(f"if !({self._check(field, self.writer(inner))}) {{")
        out.add(f'return Err(cur.refuse(mark, &"{self.kind.path}.{field.name}").into());')
        out.close()
        return "it"

    def _check(self, field: ir.Field, writer: RustWriter) -> str:
        assert field.valid is not None
        kind, nodes = field.valid.kind, field.valid.expressions
        it = self._it(field, "it")
        if kind == "in-enum":
            return "it.name().is_some()"
        if kind == "expr":
            assert nodes[0] is not None
            return writer.write(nodes[0]).text
        if kind == "range":
            ops = zip((">=", "<="), nodes, strict=True)
            checks = [writer._comparison(op, it, writer.write(n)).text for op, n in ops if n]
            return " && ".join(checks)
        checks = [writer._comparison("==", it, writer.write(n)).text for n in nodes if n]
        return " || ".join(checks)

    def _layout(self, field: ir.Field, scope: Scope) -> str:
        if field.window is not None:
            if field.window.size is None:
                return "cur.window_rest()?"
            return f"cur.window({self.size(field.window.size, scope)})?"
        handler = getattr(self, f"_{type(field.layout).__name__.lower()}", None)
        if handler is None:
            raise SpecError(field.place, f"{type(field.layout).__name__} is not supported by Rust")
        text: str = handler(field.layout, scope)
        return text

    def size(self, node: Expr, scope: Scope) -> str:
        """A number of bytes."""
        code = self.writer(scope).write(node)
        if code.kind == "i128" and isinstance(node, Ternary):
            # Each branch by itself fits a narrower type than both together need.
            condition = self.writer(scope).write(node.condition).text
            yes, no = self._bytes(node.yes, scope), self._bytes(node.no, scope)
            return f"(if {condition} {{ {yes} }} else {{ {no} }})"
        return f"{code.text}_i64" if code.text.isdigit() else code.text

    def _bytes(self, node: Expr, scope: Scope) -> str:
        return self.writer(scope).coerce(self.writer(scope).write(node), "usize")

    def _intlayout(self, layout: ir.IntLayout, scope: Scope) -> str:
        order = "" if layout.width == 1 else "be" if layout.big_endian else "le"
        return f"cur.{'i' if layout.signed else 'u'}{8 * layout.width}{order}()?"

    def _floatlayout(self, layout: ir.FloatLayout, scope: Scope) -> str:
        return f"cur.f{8 * layout.width}{'be' if layout.big_endian else 'le'}()?"

    def _bitslayout(self, layout: ir.BitsLayout, scope: Scope) -> str:
        if layout.width > 32:
            raise SpecError(self.kind.place, "more than 32 bits are not supported by Rust")
        text = f"cur.bits({layout.width})?"
        return f"({text} != 0)" if layout.boolean else text

    def _byteslayout(self, layout: ir.BytesLayout, scope: Scope) -> str:
        if layout.size is None:
            return "cur.rest()?"
        return f"cur.bytes({self.size(layout.size, scope)})?"

    def _strlayout(self, layout: ir.StrLayout, scope: Scope) -> str:
        known = {"UTF-8": "utf8", "ASCII": "ascii"}
        if layout.encoding not in known:
            raise SpecError(self.kind.place, f"{layout.encoding} is not supported by Rust")
        all_left = "cur.rest_slice().len()"
        size = all_left if layout.size is None else self.size(layout.size, scope)
        return f"cur.text({size}, {known[layout.encoding]})?"

    def _terminatedlayout(self, layout: ir.TerminatedLayout, scope: Scope) -> str:
        return f"cur.line({layout.terminator}, {str(layout.open_end).lower()})?"

    def _contentslayout(self, layout: ir.ContentsLayout, scope: Scope) -> str:
        return f"cur.contents(&{list(layout.contents)})?"

    def _userlayout(self, layout: ir.UserLayout, scope: Scope) -> str:
        return self.user(layout, scope, "read")

    def user(self, layout: ir.UserLayout, scope: Scope, function: str, more: str = "") -> str:
        """A call that reads an object."""
        given = "".join(f", {text}" for text in self._arguments(layout, scope))
        return f"{self.names.type(layout.type, '')}::{function}(cur{given}{more})?"

    def made(self, layout: ir.UserLayout, scope: Scope) -> str:
        """A call that makes an object to decode into."""
        given = ", ".join(self._arguments(layout, scope))
        return f"{self.names.type(layout.type, '')}::new({given})"

    def _arguments(self, layout: ir.UserLayout, scope: Scope) -> list[str]:
        pairs = zip(layout.type.params, layout.arguments, strict=True)
        return [self.argument(p.value_type, a, scope) for p, a in pairs]

    def argument(self, wanted: ValueType, node: Expr, scope: Scope) -> str:
        """What is given for a parameter of the type ``wanted``."""
        writer = self.writer(scope)
        if isinstance(wanted, Int):
            bits = f"{'i' if wanted.signed else 'u'}{wanted.bits or 64}"
            stored = writer.write(node)
            # A stored number of that very type needs no detour over i64.
            if stored.text.startswith("i64::from(") and _stored_as(node) == wanted:
                return stored.text.removeprefix("i64::from(").removesuffix(")")
            return writer.coerce(stored, bits)
        code = writer.write(node)
        if isinstance(wanted, Struct) or code.kind == "list":
            return f"({code.text}).clone()"
        if isinstance(wanted, Bool | Enum | Array) or code.kind in ("str", "bytes"):
            return code.text
        raise SpecError(self.kind.place, "this argument is not supported by Rust")


def _inner(field: ir.Field, read: str) -> str:
    """``read``, which decodes an object; errors tell that they are in ``field``."""
    index = "None" if field.repeat is None else "Some(index)"
    return f'inner!(cur, {read}, "{field.name}", {index})'


def _stored_as(node: Expr) -> ValueType | None:
    ref = getattr(node, "ref", None)
    if isinstance(ref, ir.Param):
        return ref.value_type
    return ref.type if isinstance(ref, ir.Field) and ref.repeat is None else None
