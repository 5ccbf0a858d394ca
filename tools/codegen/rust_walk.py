"""Walkers: objects that are told of while they are decoded, rather than kept.

A type whose objects hold lists of objects, or parts of a stated size, has a head beside its
struct: the same without these. A walk decodes a head and tells an implementation of the
module's trait `Walk` of each list, item and part as it comes, and that one says what is to be
decoded, passed over or left. The other way, a head encodes its fields up to each of these.
Walkers are made for the types that the plan names, and for all
that they consist of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from codegen import expr, ir
from codegen.errors import SpecError
from codegen.rust_decode import SCOPE, Decoder
from codegen.rust_instances import Instances, kept_name
from codegen.rust_layout import LayoutWriter
from codegen.rust_methods import write_instance
from codegen.rust_names import Names, is_copy, is_recursive, struct_name
from codegen.rust_text import Lines
from codegen.types import Struct
from codegen.write_rust import Scope, escaped


class Walked:
    """Which types have walkers, and how their fields are told of."""

    def __init__(self, specs: Sequence[ir.Spec], roots: Sequence[str]) -> None:
        every = {kind.path: kind for spec in specs for kind in spec.types()}
        self.kept = {n.ref for kind in every.values() for n in _nodes(kind) if _is_member(n)}
        self.kinds: list[ir.TypeDef] = []
        for root in roots:
            if root not in every or not self.has_head(every[root]):
                raise SpecError("plan", f"there is nothing to walk in {root}")
            self._reach(every[root])

    def _reach(self, kind: ir.TypeDef) -> None:
        if kind in self.kinds or not self.has_head(kind):
            return
        self.kinds.append(kind)
        for field in kind.fields:
            if isinstance(field.layout, ir.UserLayout):
                self._reach(field.layout.type)

    def is_list(self, field: ir.Field) -> bool:
        """Whether the field's items are told one by one."""
        plain = field.condition is None and field.window is None and field.repeat is not None
        return plain and isinstance(field.layout, ir.UserLayout) and field not in self.kept

    @staticmethod
    def is_part(field: ir.Field) -> bool:
        """Whether the field is told before it is decoded."""
        return field.window is not None and isinstance(field.layout, ir.UserLayout)

    def is_told(self, field: ir.Field) -> bool:
        """Whether heads are without the field."""
        return self.is_list(field) or self.is_part(field)

    def has_head(self, kind: ir.TypeDef) -> bool:
        """Whether objects hold anything that is told of."""
        if is_recursive(kind):
            return False
        return any(self.is_told(f) or self.is_head(f) for f in kind.fields)

    def is_head(self, field: ir.Field) -> bool:
        """Whether the field is an object with a head of its own."""
        layout = field.layout
        plain = field.window is None and field.repeat is None
        return plain and isinstance(layout, ir.UserLayout) and self.has_head(layout.type)


def _is_member(node: expr.Expr) -> bool:
    return isinstance(node, expr.Attribute) and isinstance(node.ref, ir.Field)


def _nodes(kind: ir.TypeDef) -> Iterator[expr.Expr]:
    """The nodes of all expressions of a type."""
    for node in _expressions(kind):
        if node is not None:
            yield from expr.walk(node)


def _expressions(kind: ir.TypeDef) -> Iterator[expr.Expr | None]:
    for instance in kind.instances:
        yield from (instance.value, instance.condition, instance.position)
    for field in [*kind.fields, *(i.at for i in kind.instances if i.at is not None)]:
        yield field.condition
        yield from (
            part.size
            for part in (field.window, field.layout)
            if isinstance(part, ir.Window | ir.BytesLayout | ir.StrLayout)
        )
        yield from (field.repeat.expr,) if field.repeat is not None else ()
        yield from field.valid.expressions if field.valid is not None else ()
        yield from field.layout.arguments if isinstance(field.layout, ir.UserLayout) else ()


def head_name(kind: ir.TypeDef) -> str:
    """The name of a head in its module."""
    return f"{struct_name(kind)}Head"


class Walker:
    """Writes the head of one type and its walk."""

    def __init__(
        self, walked: Walked, names: Names, instances: Instances, kind: ir.TypeDef
    ) -> None:
        self.walked = walked
        self.names = names
        self.instances = instances
        self.kind = kind
        self.decoder = Decoder(names, instances, kind)

    def head(self, kind: ir.TypeDef, lent: str = "'_") -> str:
        """A head with its lifetimes."""
        path = self.names.path(kind.spec, head_name(kind))
        return f"{path}<{lent}, 'a>" if lends(kind) else f"{path}<'a>"

    def write(self, out: Lines) -> None:
        """The head and its walk."""
        lent = "'s, " if lends(self.kind) else ""
        name = head_name(self.kind)
        out.add("", f"/// [`{struct_name(self.kind)}`] without what a walk tells of.")
        out.add(f"#[derive(Clone, {'' if lent else 'Default, '}Debug)]")
        out.open(f"pub struct {name}<{lent}'a> {{")
        for param in self.kind.params:
            out.docs(param.docs, "Parameter.")
            out.add(f"pub {escaped(param.name)}: {self._param(param, chr(39) + 's')},")
        for field in self._fields():
            out.docs(field.docs, "Field.")
            out.add(f"pub {escaped(field.name)}: {self._held(field)},")
        for instance in self.decoder.kept():
            out.add(f"{kept_name(instance)}: {self.instances.held(instance)},")
        out.close()
        out.add("")
        out.open(f"impl<{lent}'a> {name}<{lent}'a> {{")
        self._new(out)
        self._walk(out)
        self._encoders(out)
        for instance in self.kind.instances:
            if self._is_known(instance):
                self._instance(out, instance)
        out.close()

    def _param(self, param: ir.Param, lent: str) -> str:
        held = self.names.value(param.value_type, param.place)
        return f"&{lent} {held}" if is_lent(param) else held

    def _fields(self) -> list[ir.Field]:
        return [field for field in self.kind.fields if not self.walked.is_told(field)]

    def _held(self, field: ir.Field) -> str:
        if not self.walked.is_head(field):
            return self.names.field(self.kind, field)
        assert isinstance(field.layout, ir.UserLayout)
        if lends(field.layout.type):
            raise SpecError(field.place, "a head that borrows in a head is not supported by Rust")
        text = self.head(field.layout.type)
        return f"Option<{text}>" if field.condition is not None else text

    def _new(self, out: Lines) -> None:
        given = [f"{escaped(p.name)}: {self._param(p, chr(39) + 's')}" for p in self.kind.params]
        held = [escaped(p.name) for p in self.kind.params]
        held += [f"{escaped(field.name)}: Default::default()" for field in self._fields()]
        out.add("/// A head of which nothing has been decoded yet.", "#[inline(always)]")
        out.add("#[must_use]")
        out.open(f"pub fn new({', '.join(given)}) -> Self {{")
        held += [f"{kept_name(i)}: Default::default()" for i in self.decoder.kept()]
        self.decoder.start(out, f"Self {{ {', '.join(held)} }}")
        out.close()

    def _walk(self, out: Lines) -> None:
        out.add("", "/// Decodes the object at the cursor and tells `walk` of what is in it.")
        out.add("/// False if that one said to stop.", "#[inline(always)]")
        out.open(
            "pub fn walk<W: Walk<'a>>(&mut self, cur: &mut Cursor<'a>, walk: &mut W) "
            "-> Result<bool, W::Error> {"
        )
        out.add("let this = self;")
        for field in self.kind.fields:
            if self.walked.is_list(field):
                self._list(out, field)
            elif self.walked.is_part(field):
                self._conditional(out, field, self._part)
            elif self.walked.is_head(field):
                self._conditional(out, field, self._inner)
            else:
                self.decoder.field(out, field, SCOPE, "")
        out.add("Ok(true)")
        out.close()

    def _encoders(self, out: Lines) -> None:
        """A method for each field that is told of, which encodes those before it."""
        before: list[ir.Field] = []
        for field in self.kind.fields:
            if not self.walked.is_told(field) and not self.walked.is_head(field):
                before.append(field)
                continue
            if before:
                self._encoder(out, field, before)
            before = []
        if before:
            raise SpecError(before[0].place, "a head's field behind its parts can't be encoded")

    def _encoder(self, out: Lines, until: ir.Field, fields: Sequence[ir.Field]) -> None:
        out.add("", f"/// Encodes the fields up to `{until.name}`.", "#[inline(always)]")
        name = f"encode_until_{until.name}"
        out.open(f"pub fn {name}(&self, out: &mut Sink) -> Result<(), Fault> {{")
        layout = LayoutWriter(self.decoder)
        for field in fields:
            layout.put(out, field)
        out.add("Ok(())")
        out.close()

    def _conditional(
        self, out: Lines, field: ir.Field, write: Callable[[Lines, ir.Field], None]
    ) -> None:
        out.add(f'cur.at(&"{self.kind.path}.{field.name}");')
        if field.condition is not None:
            out.open(f"if {self.decoder.writer(SCOPE).write(field.condition).text} {{")
        else:
            out.open("{")
        write(out, field)
        out.close()

    def _inner(self, out: Lines, field: ir.Field) -> None:
        assert isinstance(field.layout, ir.UserLayout)
        out.add(f"walk.{told_name(self.kind, field)}(this)?;")
        out.add(f"let mut part = {self._made(field.layout, SCOPE)};")
        out.add("if !part.walk(cur, walk)? { return Ok(false); }")
        held = "Some(part)" if field.condition is not None else "part"
        out.add(f"this.{escaped(field.name)} = {held};")

    def _part(self, out: Lines, field: ir.Field) -> None:
        assert isinstance(field.layout, ir.UserLayout)
        assert field.window is not None
        if field.window.size is None or field.repeat is not None:
            raise SpecError(field.place, "a part without a size can't be walked by Rust")
        told = told_name(self.kind, field)
        out.add(f"let size = fitted!(usize, {self.decoder.size(field.window.size, SCOPE)});")
        out.open(f"match walk.{told}(this, size, cur.position())? {{")
        out.add("Flow::Stop => return Ok(false),", "Flow::Skip => { cur.bytes(size)?; }")
        out.open("Flow::Go => {")
        out.add("let mut inner = cur.window(size)?.cursor();")
        out.add(f'inner.at(&"{self.kind.path}.{field.name}");')
        if self.walked.has_head(field.layout.type):
            out.add(f"let mut part = {self._made(field.layout, SCOPE)};")
            out.add("let walked = part.walk(&mut inner, walk);")
            self._located(out, "done", "walked")
        else:
            made = self.decoder.user(field.layout, SCOPE, "read").removesuffix("?")
            made = made.replace("::read(cur", "::read(&mut inner")
            out.add(f"let read = {made}.map_err(W::Error::from);")
            self._located(out, "part", "read")
            out.add("let done = true;")
        out.add(f"walk.{told}_end(this, &part, done, inner.rest_slice().len())?;")
        out.close()
        out.close()

    @staticmethod
    def _located(out: Lines, name: str, outcome: str) -> None:
        """Unwraps what came of a part. Closures would keep the cursor in memory."""
        out.open(f"let {name} = match {outcome} {{")
        out.add(f"Ok({name}) => {name},", "Err(error) => return Err(error.located(&inner)),")
        out.close("};")

    def _list(self, out: Lines, field: ir.Field) -> None:
        assert field.repeat is not None
        assert isinstance(field.layout, ir.UserLayout)
        told = told_name(self.kind, field)
        has_head = self.walked.has_head(field.layout.type)
        scope = Scope("this", True, field, streamed=True)
        out.add(f'cur.at(&"{self.kind.path}.{field.name}");')
        out.add(f"let told = walk.{told}(this)?;", "if told == Flow::Stop { return Ok(false); }")
        self.decoder.previous(out, field)
        if field.repeat.kind == "expr":
            out.open(f"for index in 0..{self.decoder.count(field, scope)} {{")
        else:
            out.open("for index in 0..i64::MAX {")
            out.add(*(["if cur.eof() { break; }"] if field.repeat.kind == "eos" else []))
            out.add("let before = cur.pos();")
        flow = f"if told == Flow::Skip {{ told }} else {{ walk.{told}_next(this, index)? }}"
        out.add(f"let flow = {flow};")
        out.add("if flow == Flow::Stop { return Ok(false); }")
        out.add(f"let mut value = {self._made(field.layout, scope)};")
        if has_head:
            out.open("if flow == Flow::Skip {")
            out.add("value.walk(cur, &mut Nobody)?;")
            out.close("} else {")
            out.depth += 1
            out.add("if !value.walk(cur, walk)? { return Ok(false); }")
        else:
            out.add("value.fill(cur)?;")
            out.open("if flow == Flow::Go {")
        out.add(f"walk.{told}_item(this, &value)?;")
        out.close()
        done = self.decoder.done(out, field, scope)
        if done:
            out.add(f"if {done} {{ break; }}")
        self.decoder.keep_previous(out, field)
        out.close()

    def _made(self, layout: ir.UserLayout, scope: Scope) -> str:
        """A head to decode into, or an object where there is none."""
        if not self.walked.has_head(layout.type):
            return self.decoder.made(layout, scope)
        given = []
        for param, node in zip(layout.type.params, layout.arguments, strict=True):
            if is_lent(param):
                text = self.decoder.writer(scope).write(node).text
                held = isinstance(node, expr.Name) and isinstance(node.ref, ir.Param)
                given.append(text if held else f"&{text}")
            else:
                given.append(self.decoder.argument(param.value_type, node, scope))
        name = self.names.path(layout.type.spec, head_name(layout.type))
        return f"{name}::new({', '.join(given)})"

    def _is_known(self, instance: ir.Instance) -> bool:
        """Whether a head has all that an instance is computed from."""
        if instance.value is None or instance.at is not None:
            return False
        found = [n for e in (instance.value, instance.condition) if e for n in expr.walk(e)]
        refs = [node.ref for node in found if isinstance(node, expr.Name)]
        if any(isinstance(node, expr.Name) and node.name == "_io" for node in found):
            return False
        return all(
            self._is_known(ref)
            if isinstance(ref, ir.Instance)
            else not (isinstance(ref, ir.Field) and self.walked.is_told(ref))
            for ref in refs
        )

    def _instance(self, out: Lines, instance: ir.Instance) -> None:
        out.add("")
        out.docs(instance.docs, "Computed.")
        write_instance(out, self.instances, instance, "#[inline(always)]")

    def methods(self, out: Lines) -> None:
        """What the trait says of the type."""
        me = f"of: &{self.head(self.kind)}"
        for field in self.kind.fields:
            if self.walked.is_head(field):
                place, told = f"{self.kind.path}.{field.name}", told_name(self.kind, field)
                _method(out, f"`{place}` comes.", f"{told}(&mut self, {me})", "")
            if not self.walked.is_told(field):
                continue
            assert isinstance(field.layout, ir.UserLayout)
            inner = field.layout.type
            has_head = self.walked.has_head(inner)
            item = self.head(inner) if has_head else self.names.type(inner)
            told, place = told_name(self.kind, field), f"{self.kind.path}.{field.name}"
            if self.walked.is_part(field):
                _method(
                    out,
                    f"`{place}` comes: `size` bytes from the cursor's `position` on.",
                    f"{told}(&mut self, {me}, size: usize, position: usize)",
                    "Flow::Skip",
                )
                _method(
                    out,
                    f"`{place}` has been decoded, if `done` to its end, "
                    "but for `num_unread` bytes.",
                    f"{told}_end(&mut self, {me}, part: &{item}, done: bool, num_unread: usize)",
                    "",
                )
            else:
                _method(
                    out, f"The items of `{place}` come.", f"{told}(&mut self, {me})", "Flow::Skip"
                )
                _method(
                    out,
                    f"The next item of `{place}` comes.",
                    f"{told}_next(&mut self, {me}, index: i64)",
                    "Flow::Go",
                )
                _method(
                    out,
                    f"An item of `{place}` has been decoded.",
                    f"{told}_item(&mut self, {me}, item: &{item})",
                    "",
                )


def _method(out: Lines, docs: str, signature: str, flow: str) -> None:
    result = "Flow" if flow else "()"
    out.add(f"/// {docs}", "#[inline(always)]")
    out.open(f"fn {signature} -> Result<{result}, Self::Error> {{")
    out.add(f"Ok({flow or '()'})")
    out.close()


def told_name(kind: ir.TypeDef, field: ir.Field) -> str:
    """The trait's method for a list or part."""
    return f"{kind.key.replace('.', '_') or kind.spec.name}_{field.name}"


def is_lent(param: ir.Param) -> bool:
    """Whether a head has the parameter by reference."""
    kind = param.value_type
    return isinstance(kind, Struct) and kind.type is not None and not is_copy(kind.type)


def lends(kind: ir.TypeDef) -> bool:
    """Whether heads of the type borrow from other objects."""
    return any(is_lent(param) for param in kind.params)


def write_trait(out: Lines, walkers: Sequence[Walker]) -> None:
    """The trait of one module, and its implementation by nobody."""
    above = {
        field.layout.type.spec.name
        for walker in walkers
        for field in walker.kind.fields
        if isinstance(field.layout, ir.UserLayout)
        and field.layout.type.spec is not walker.kind.spec
        and walker.walked.has_head(field.layout.type)
    }
    traits = "".join(f" + super::{escaped(name)}::Walk<'a>" for name in sorted(above))
    out.add("", "/// What is told of walked objects, and how to go on.")
    out.open(f"pub trait Walk<'a>: Walking{traits} {{")
    inner = Lines(out.depth)
    for walker in walkers:
        walker.methods(inner)
    out.lines += inner.lines
    out.close()
    out.add("", "impl<'a> Walk<'a> for Nobody {}")
