"""The rows of the format reference's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codegen import ir
from codegen.expr import Expr
from codegen.sizes import fixed, fixed_item
from codegen.write_text import code, condition


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown; columns without any content are left out."""
    used = [n for n in range(len(heads)) if any(row[n] for row in rows)]
    lines = [[heads[n] for n in used], ["---" for _ in used]]
    lines += [[row[n] for n in used] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Text in one line, with nothing that ends a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def inline(text: str) -> str:
    """Code in a table's cell."""
    return f"`{cell(text)}`" if text else ""


def link(here: ir.Spec, kind: ir.TypeDef, enum: ir.EnumDef | None = None) -> str:
    """A link from ``here``'s page to a type or one of its enums."""
    own = kind.spec is here
    page = "" if own else f"{kind.spec.name}.md"
    if enum is not None:
        return f"[{enum.name}]({page}#enum-{enum.name})"
    name = kind.key or kind.name
    shown = name if own or not kind.key else f"{kind.spec.name}::{kind.key}"
    anchor = name.replace(".", "")
    return f"[{shown}]({page}#{anchor})"


def field_rows(kind: ir.TypeDef, versions: Sequence[str]) -> Iterator[list[str]]:
    """A row for each field: offset, size, name, type, when, what, in Cassandra."""
    bits: int | None = 0
    for field in kind.fields:
        when = condition(field.condition, versions) if field.condition is not None else ""
        yield [
            "then" if bits is None else _offset(bits),
            _size(field),
            f"`{field.name}`",
            _type(kind.spec, field),
            cell(when),
            cell(_what(field)),
            inline(field.docs.origin),
        ]
        size = fixed(field)
        bits = None if bits is None or size is None else bits + size


def instance_row(kind: ir.TypeDef, instance: ir.Instance, versions: Sequence[str]) -> list[str]:
    """Name, value, when, what, in Cassandra."""
    when = condition(instance.condition, versions) if instance.condition is not None else ""
    if instance.value is not None:
        value = inline(code(instance.value))
    else:
        assert instance.at is not None
        assert instance.position is not None
        at = inline(code(instance.position))
        value = f"{_type(kind.spec, instance.at)} at {at}"
    what, origin = cell(instance.docs.text), inline(instance.docs.origin)
    return [f"`{instance.name}`", value, cell(when), what, origin]


def _offset(bits: int) -> str:
    whole, rest = divmod(bits, 8)
    return f"{whole}, bit {rest}" if rest else str(whole)


def _size(field: ir.Field) -> str:
    size = _item_size(field)
    return f"{size} each" if size and field.repeat is not None else size


def _item_size(field: ir.Field) -> str:
    bits = fixed_item(field)
    if bits is not None:
        return str(bits // 8) if bits % 8 == 0 else f"{bits} bits"
    layout = field.layout
    if field.window is not None:
        return _expression(field.window.size)
    if isinstance(layout, ir.BytesLayout | ir.StrLayout):
        return _expression(layout.size)
    return ""


def _expression(size: Expr | None) -> str:
    return "to the end" if size is None else inline(code(size))


def _type(here: ir.Spec, field: ir.Field) -> str:
    text = _layout(here, field.layout)
    if field.enum is not None:
        text = f"{text} {link(here, field.enum.owner, field.enum)}"
    if field.repeat is None:
        return text
    if field.repeat.expr is None:
        return f"{text}, up to the end"
    count = inline(code(field.repeat.expr))
    return f"{text} × {count}" if field.repeat.kind == "expr" else f"{text}, until {count}"


def _layout(here: ir.Spec, layout: ir.Layout) -> str:
    if isinstance(layout, ir.IntLayout):
        order = "" if layout.big_endian or layout.width == 1 else "le"
        return f"`{'s' if layout.signed else 'u'}{layout.width}{order}`"
    if isinstance(layout, ir.FloatLayout):
        return f"`f{layout.width}{'' if layout.big_endian else 'le'}`"
    if isinstance(layout, ir.BitsLayout):
        return f"`b{layout.width}`"
    if isinstance(layout, ir.BytesLayout):
        return "bytes"
    if isinstance(layout, ir.StrLayout):
        return layout.encoding
    if isinstance(layout, ir.TerminatedLayout):
        end = " or the end" if layout.open_end else ""
        return f"{layout.encoding} up to byte {layout.terminator:#04x}{end}"
    if isinstance(layout, ir.ContentsLayout):
        return f"the bytes `{layout.contents.hex(' ')}`"
    if isinstance(layout, ir.UserLayout):
        return reference(here, layout)
    assert isinstance(layout, ir.SwitchLayout)
    return _switch(here, layout)


def reference(here: ir.Spec, layout: ir.UserLayout) -> str:
    """A link to a type and the arguments it gets."""
    arguments = ", ".join(code(argument) for argument in layout.arguments)
    return link(here, layout.type) + (inline(f"({arguments})") if arguments else "")


def _switch(here: ir.Spec, layout: ir.SwitchLayout) -> str:
    cases = [f"{inline(code(key))}: {_layout(here, case)}" for key, case in layout.cases]
    if layout.default is not None:
        cases.append(f"else {_layout(here, layout.default)}")
    return f"by {inline(code(layout.on))}: {'; '.join(cases)}"


def _what(field: ir.Field) -> str:
    if field.valid is None:
        return field.docs.text
    kind = field.valid.kind
    texts = [None if node is None else f"`{code(node)}`" for node in field.valid.expressions]
    if kind == "range":
        low, high = texts
        bounds = [f"at least {low}"] if low is not None else []
        bounds += [f"at most {high}"] if high is not None else []
        rule = " and ".join(bounds)
    elif kind == "in-enum":
        rule = "a value of the enum"
    elif kind == "expr":
        rule = f"such that {texts[0]}"
    else:
        rule = " or ".join(str(text) for text in texts)
    return f"{field.docs.text} Valid: {rule}."
