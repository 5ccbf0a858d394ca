"""Bytes whose number is one of a few constants, and what can be computed with them at once.

Where the size of a field is an instance that chooses among constants, the decoder tells the
cases apart itself: in each the field has a constant size, so that no byte of it needs a check,
and instances that depend on the size become plain sums. Those that have an outcome in every
case are computed there and kept with the object.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from codegen import expr, ir
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.rust_instances import Instances, kept_name
from codegen.rust_text import Lines
from codegen.write_rust import Code, RustWriter, Scope, escaped, is_fallible

# More cases than this are no gain.
MOST = 16


@dataclass(frozen=True)
class Cases:
    """The cases of one field.

    Attributes:
        field: the field.
        size: the instance that is its size.
        choices: condition and size of each case; the last has no condition.
        kept: instances that are computed with the field.
    """

    field: ir.Field
    size: ir.Instance
    choices: tuple[tuple[Expr | None, int], ...]
    kept: list[ir.Instance] = field(default_factory=list)


def cases_of(kind: ir.TypeDef, instances: Instances) -> Cases | None:
    """The cases of the type's first field that has such a size."""
    for found in kind.fields:
        cases = _cases(found)
        if cases is not None:
            cases.kept.extend(i for i in kind.instances if _is_kept(i, cases, instances))
            return cases
    return None


def early_of(kind: ir.TypeDef) -> list[ir.Instance]:
    """The instances that depend on parameters alone, and that decoding asks for repeatedly.

    Each comes behind those that it is computed from.
    """
    asked: list[ir.Instance] = []
    for part in kind.fields:
        for whole in (part.condition, getattr(part.layout, "size", None)):
            _ask(whole, asked)
    return [i for i in dict.fromkeys(asked) if asked.count(i) > 1 and _is_early(i)]


def _ask(node: Expr | None, asked: list[ir.Instance]) -> None:
    """Adds the instances that an expression asks for, and before them those that they do."""
    for inner in expr.walk(node) if node is not None else ():
        if isinstance(inner, expr.Name) and isinstance(inner.ref, ir.Instance):
            if inner.ref not in asked:
                _ask(inner.ref.value, asked)
                _ask(inner.ref.condition, asked)
            asked.append(inner.ref)


def _is_early(instance: ir.Instance) -> bool:
    if instance.value is None or instance.condition is not None or instance.enum is not None:
        return False
    names = [node for node in expr.walk(instance.value) if isinstance(node, expr.Name)]
    return all(_is_early_name(node.ref) for node in names)


def _is_early_name(ref: ir.Member | None) -> bool:
    if isinstance(ref, ir.Instance):
        whole = [node for node in (ref.value, ref.condition) if node is not None]
        names = [n for node in whole for n in expr.walk(node) if isinstance(n, expr.Name)]
        return ref.at is None and all(_is_early_name(node.ref) for node in names)
    return isinstance(ref, ir.Param)


def _cases(found: ir.Field) -> Cases | None:
    layout = found.layout
    plain = found.condition is None and found.repeat is None and found.window is None
    if not plain or not isinstance(layout, ir.BytesLayout):
        return None
    size = layout.size.ref if isinstance(layout.size, expr.Name) else None
    if not isinstance(size, ir.Instance) or size.value is None or size.condition is not None:
        return None
    choices: list[tuple[Expr | None, int]] = []
    node = size.value
    while isinstance(node, expr.Ternary):
        if not _is_number(node.yes):
            return None
        choices.append((node.condition, node.yes.value))  # type: ignore[attr-defined]
        node = node.no
    if not choices or not _is_number(node) or len(choices) >= MOST:
        return None
    choices.append((None, node.value))  # type: ignore[attr-defined]
    return Cases(found, size, tuple(choices))


def _is_number(node: Expr) -> bool:
    return isinstance(node, expr.Literal) and type(node.value) is int


def _is_kept(instance: ir.Instance, cases: Cases, instances: Instances) -> bool:
    simple = instance.value is not None and instance.condition is None and instance.enum is None
    if instance is cases.size:
        return True
    if not simple or not _mentions(instance, cases.size):
        return False
    texts = [value_in(instance, cases, size, instances) for _, size in cases.choices]
    return all(text is not None for text in texts)


def _mentions(instance: ir.Instance, other: ir.Instance) -> bool:
    assert instance.value is not None
    return any(isinstance(n, expr.Name) and n.ref is other for n in expr.walk(instance.value))


def value_in(instance: ir.Instance, cases: Cases, size: int, instances: Instances) -> Code | None:
    """The value where the field has ``size`` bytes, which are the variables ``byte_0`` and so
    on; ``None`` if it may have none."""
    assert instance.value is not None
    if instance is cases.size:
        return Code(str(size), "i64", size, size)
    node = _Folder(cases, size).fold(instance.value)
    writer = _CaseWriter(cases.field, size, instances)
    try:
        code = writer.write(node)
    except SpecError:
        return None
    return None if is_fallible(code.text) else code


class _CaseWriter(RustWriter):
    """Writes expressions in which the field is an array of known size."""

    def __init__(self, known: ir.Field, size: int, instances: Instances) -> None:
        names = instances.names
        super().__init__(Scope("this", cursor=True), names.enum, instances.returned)
        self.known = known
        self.size = size

    def _index(self, node: expr.Index) -> Code:
        if isinstance(node.value, expr.Name) and node.value.ref is self.known:
            index = node.index
            if isinstance(index, expr.Literal) and index.value in range(self.size):
                return Code(f"i64::from(byte_{index.value})", "i64", 0, 255)
            raise SpecError(self.known.place, "no such byte")
        return super()._index(node)


class _Folder:
    """Replaces the size by a constant, and computes what becomes constant."""

    def __init__(self, cases: Cases, size: int) -> None:
        self.cases = cases
        self.size = size

    def fold(self, node: Expr) -> Expr:
        if isinstance(node, expr.Name) and isinstance(node.ref, ir.Instance):
            return self._instance(node, node.ref)
        made = copy.copy(node)
        for name, value in vars(node).items():
            if isinstance(value, Expr):
                setattr(made, name, self.fold(value))
        if isinstance(made, expr.Ternary) and isinstance(made.condition, expr.Literal):
            return made.yes if made.condition.value else made.no
        if isinstance(made, expr.Binary):
            return _computed(made)
        return made

    def _instance(self, node: expr.Name, ref: ir.Instance) -> Expr:
        if ref is self.cases.size:
            return expr.Literal(self.size)
        if ref.value is None or ref.condition is not None or ref.enum is not None:
            return node
        return self.fold(ref.value) if _mentions(ref, self.cases.size) else node


COMPUTED = {
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
}


def _computed(node: expr.Binary) -> Expr:
    if node.op in COMPUTED and _is_number(node.left) and _is_number(node.right):
        return expr.Literal(COMPUTED[node.op](node.left.value, node.right.value))  # type: ignore
    return node


def read_cases(out: Lines, cases: Cases, instances: Instances) -> None:
    """The statements that read the field into ``this``.

    The first case stands in line, the others in a function, which works on a copy and gets
    nothing but bytes, so that neither the object nor the cursor need be in memory for it.
    """
    condition, size = cases.choices[0]
    assert condition is not None
    out.open(f"if {_writer(instances).write(condition).text} {{")
    _read_case(out, cases, size, instances, "cur.chunk::<{}>()?")
    out.close("} else {")
    out.depth += 1
    out.add("let mut made = *this;")
    out.add(f"cur.go_on(made.more_{cases.field.name}(cur.mark())?);")
    out.add("*this = made;")
    out.close()


def write_more(out: Lines, cases: Cases, instances: Instances) -> None:
    """The function that reads the field in all cases but the first: what is behind it."""
    out.add("", "#[inline(never)]")
    out.open(f"fn more_{cases.field.name}(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Fault> {{")
    out.add("let this = self;")
    for condition, size in cases.choices[1:]:
        if condition is not None:
            out.open(f"if {_writer(instances).write(condition).text} {{")
        _read_case(out, cases, size, instances, "chunk_of::<{}>(rest)?")
        if condition is not None:
            out.add("return Ok(rest);")
            out.close()
    out.add("Ok(rest)")
    out.close()


def _writer(instances: Instances) -> RustWriter:
    return RustWriter(Scope("this", cursor=True), instances.names.enum, instances.returned)


def _read_case(out: Lines, cases: Cases, size: int, instances: Instances, chunk: str) -> None:
    name = escaped(cases.field.name)
    if size:
        found = "(found, rest)" if "rest" in chunk else "found"
        out.add(f"let {found} = {chunk.format(size)};")
        out.add(f"let [{', '.join(f'byte_{place}' for place in range(size))}] = *found;")
        out.add(f"this.{name} = found;")
    else:
        out.add(f"this.{name} = &[];")
    for instance in cases.kept:
        code = value_in(instance, cases, size, instances)
        assert code is not None
        text = _writer(instances).coerce(code, instances.returned(instance).code.kind)
        out.add(f"this.{kept_name(instance)} = {text};")
