"""Rust: for each spec a module of decoders that borrow from the bytes, and encoders.

The modules use ``rust/src/layouts/prelude.rs``, ``sink.rs`` and ``visit.rs`` and nothing
else. A type becomes a struct with its parameters and fields. Instances are methods;
sub-streams are kept as bytes and decoded by a method of the field's name; objects that are
repeated at a type's end can be visited one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from codegen import ir
from codegen.errors import SpecError
from codegen.finish import in_order
from codegen.load import load
from codegen.output import Output, opening
from codegen.plan import Plan, Target, Usual
from codegen.rust_cases import cases_of, early_of
from codegen.rust_decode import Decoder
from codegen.rust_instances import Instances, kept_name
from codegen.rust_layout import LayoutWriter
from codegen.rust_methods import Choice, Methods, choices
from codegen.rust_names import Names, borrows, enum_name, is_copy, needs_io, struct_name
from codegen.rust_text import Lines
from codegen.rust_usual import UsualWriter
from codegen.rust_usual_put import UsualPutter
from codegen.rust_walk import Walked, Walker, write_trait
from codegen.types import Array, Bool, Enum, Int, Str
from codegen.write_rust import escaped

USES = (
    "use crate::layouts::prelude::*;",
    "use crate::layouts::sink::{agree, put_number, Counted, Sink};",
    "use crate::layouts::visit::{Layout, Value, Visitor};",
    "use crate::layouts::walk::{Flow, Nobody, Walking};",
)
# Lints of style that generated code does not follow.
ALLOWED = (
    "dead_code, non_camel_case_types, unused_assignments, unused_imports, unused_mut",
    "unused_parens, unused_variables",
    "clippy::bool_comparison, clippy::clone_on_copy, clippy::double_parens",
    "clippy::doc_lazy_continuation, clippy::explicit_auto_deref, clippy::if_same_then_else",
    "clippy::int_plus_one, clippy::large_enum_variant, clippy::let_and_return",
    "clippy::manual_range_contains, clippy::needless_borrow, clippy::needless_lifetimes",
    "clippy::needless_question_mark, clippy::nonminimal_bool, clippy::precedence",
    "clippy::too_many_arguments, clippy::unnecessary_cast, clippy::useless_conversion",
    "clippy::unnecessary_fallible_conversions, clippy::collapsible_else_if",
    "clippy::derivable_impls, clippy::len_zero, clippy::only_used_in_recursion",
)


def emit(plan: Plan, target: Target, specs: Sequence[Path]) -> Output:
    """One module for each spec, and the one that holds them."""
    output = Output()
    try:
        loaded = in_order(load(specs).values())
        walked = Walked(loaded, target.walk)
        early = {i for spec in loaded for kind in spec.types() for i in early_of(kind)}
        kept = {instance for spec in loaded for instance in _kept(spec)}
        for spec in loaded:
            output.files[f"{spec.name}.rs"] = _Module(
                spec, kept, early, walked, target.usual
            ).text()
        output.files["mod.rs"] = _whole(target, loaded)
    except SpecError as error:
        output.complaints.append(f"{target.name}: {error}")
    return output


def _kept(spec: ir.Spec) -> Iterator[ir.Instance]:
    """The instances that are computed while objects are decoded."""
    instances = Instances(Names(spec))
    for kind in spec.types():
        cases = cases_of(kind, instances)
        yield from cases.kept if cases is not None else ()


class _Module:
    """Writes the module of one spec."""

    def __init__(
        self,
        spec: ir.Spec,
        kept: Collection[ir.Instance],
        early: Collection[ir.Instance],
        walked: Walked,
        usual: Sequence[Usual],
    ) -> None:
        self.walked = walked
        self.usual = usual
        self.spec = spec
        self.names = Names(spec)
        self.instances = Instances(self.names, kept, early)

    def text(self) -> str:
        kinds = self.spec.types()
        enums = [enum for kind in kinds for enum in kind.enums.values()]
        self._refuse_clashes(kinds, enums)
        out = Lines()
        out.add(opening("//", self.spec.file.name).rstrip("\n"))
        for line in [self.spec.title, "", *self.spec.docs.text.strip().splitlines()]:
            out.add(f"//! {line.rstrip()}".rstrip())
        out.add("", *USES)
        for enum in enums:
            self._enum(out, enum)
        for kind in kinds:
            self._type(out, kind)
        walkers = [
            Walker(self.walked, self.names, self.instances, kind)
            for kind in kinds
            if kind in self.walked.kinds
        ]
        for walker in walkers:
            walker.write(out)
        if walkers:
            write_trait(out, walkers)
        for usual in self.usual:
            for kind in kinds:
                if kind.path == usual.type:
                    UsualWriter(self.names, kind, usual).write(out)
                    if usual.number:
                        UsualPutter(self.names, kind, usual).write(out)
        return out.text()

    def _refuse_clashes(self, kinds: list[ir.TypeDef], enums: list[ir.EnumDef]) -> None:
        names = [struct_name(kind) for kind in kinds] + [enum_name(enum) for enum in enums]
        for name in names:
            if names.count(name) > 1:
                raise SpecError(f"{self.spec.file.name}:", f"two things named {name} in Rust")

    def _enum(self, out: Lines, enum: ir.EnumDef) -> None:
        name = enum_name(enum)
        out.add("", f"/// `{enum.path}`: one of the constants, or a number without a name.")
        out.add("#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]")
        out.add(f"pub struct {name}(pub i64);", "")
        out.open(f"impl {name} {{")
        for member in enum.members:
            out.docs(member.docs, f"`{member.name}`.")
            out.add(f"pub const {member.name.upper()}: Self = Self({member.value});")
        out.add("", "/// The name of the number, if it has one.", "#[must_use]")
        out.open("pub const fn name(self) -> Option<&'static str> {")
        out.open("match self.0 {")
        for member in enum.members:
            out.add(f'{member.value} => Some("{member.name}"),')
        out.add("_ => None,")
        out.close()
        out.close()
        out.close()

    def _type(self, out: Lines, kind: ir.TypeDef) -> None:
        decoder = Decoder(self.names, self.instances, kind)
        methods = Methods(decoder)
        name = struct_name(kind)
        lifetime = "<'a>" if borrows(kind) else ""
        out.add("")
        out.docs(kind.docs, f"`{kind.path}`.")
        copied = ", Copy" if is_copy(kind) else ""
        out.add(f"#[derive(Clone{copied}, Debug, Default, PartialEq)]")
        out.open(f"pub struct {name}{lifetime} {{")
        for param in kind.params:
            out.docs(param.docs, "Parameter.")
            held = self.names.value(param.value_type, param.place)
            out.add(f"pub {escaped(param.name)}: {held},")
        for field in kind.fields:
            out.docs(field.docs, "Field.")
            out.add(f"pub {escaped(field.name)}: {self.names.field(kind, field)},")
        for instance in decoder.kept():
            out.add(f"{kept_name(instance)}: {self.instances.held(instance)},")
        if needs_io(kind):
            out.add("io: Io<'a>,")
        out.close()
        out.add("")
        out.open(f"impl{lifetime} {name}{lifetime} {{")
        decoder.read(out)
        methods.write(out)
        out.close()
        anonymous = "<'_>" if lifetime else ""
        LayoutWriter(decoder).write(out, f"impl Layout for {name}{anonymous} {{")
        for field in choices(kind):
            Choice(methods, field).write(out)


def _whole(target: Target, specs: Sequence[ir.Spec]) -> str:
    """The module that holds the others, with a way to any type by its name."""
    out = Lines()
    out.add("// Generated by tools/codegen.py; do not edit.", f"//! {target.package}")
    out.add("", *(f"#![allow({lints})]" for lints in ALLOWED), "")
    out.add("use crate::layouts::prelude::{Cursor, Error};")
    out.add("use crate::layouts::sink::Sink;")
    out.add("use crate::layouts::visit::{Layout, Outcome, Param, Visitor};", "")
    for spec in sorted(specs, key=lambda spec: spec.name):
        out.add(f"pub mod {escaped(spec.name)};")
    out.add("", "/// Decodes an object of the type `path` (`data.partition`), tells `visitor`")
    out.add(
        "/// of it and encodes it again; nothing if there is no such type with such parameters."
    )
    out.open("pub fn inspect(")
    out.add("path: &str, data: &[u8], base: u64, params: &[Param], visitor: &mut dyn Visitor,")
    out.close(") -> Option<Result<Outcome, Error>> {")
    out.depth += 1
    out.add("let mut cur = Cursor::new(data, base);")
    out.open("Some(match (path, params) {")
    entries = [(spec, kind) for spec in specs for kind in spec.types()]
    for spec, kind in sorted(entries, key=lambda entry: entry[1].path):
        _entry(out, spec, kind)
    out.add("_ => return None,")
    out.close("})")
    out.close()
    out.add("")
    out.open("fn finish<T: Layout>(")
    out.add("cur: &Cursor<'_>, made: Result<T, crate::layouts::prelude::Fault>,")
    out.add("visitor: &mut dyn Visitor,")
    out.close(") -> Result<Outcome, Error> {")
    out.depth += 1
    out.add("let made = made.map_err(|fault| cur.error(fault))?;", "made.inspect(visitor);")
    out.add("let mut sink = Sink::new();")
    out.add("let encoded = made.encode(&mut sink).map(|()| sink.finish());")
    out.add("Ok(Outcome { size: cur.position(), encoded })")
    out.close()
    return out.text()


def _entry(out: Lines, spec: ir.Spec, kind: ir.TypeDef) -> None:
    """The case of one type, if its parameters can be given from outside."""
    given = []
    for number, param in enumerate(kind.params):
        text = _given(param, f"p{number}")
        if not text:
            return
        given.append(text)
    path = f"{spec.name}.{kind.key}".rstrip(".")
    pattern = ", ".join(f"p{number}" for number in range(len(given)))
    arguments = "".join(f", {text}" for text in given)
    call = f"{escaped(spec.name)}::{struct_name(kind)}::read(&mut cur{arguments})"
    out.open(f'("{path}", [{pattern}]) => {{')
    out.add(f"let made = {call};", "finish(&cur, made, visitor)")
    out.close()


def _given(param: ir.Param, name: str) -> str:
    kind = param.value_type
    if isinstance(kind, Int):
        return f"{name}.int()?"
    if isinstance(kind, Bool):
        return f"{name}.truth()?"
    if isinstance(kind, Str):
        return f"{name}.text()?"
    if isinstance(kind, Array) and isinstance(kind.item, Int):
        return f"{name}.ints()?"
    if isinstance(kind, Enum):
        owner = kind.enum.owner.spec
        return f"{escaped(owner.name)}::{enum_name(kind.enum)}({name}.int()?)"
    return ""
