"""A drawing of how the types of a spec are nested, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codegen import ir


def diagram(spec: ir.Spec) -> str:
    """A tree for the root and for each type that is not inside another one's tree."""
    seen: set[ir.TypeDef] = set()
    lines: list[str] = []
    for kind in (spec.root, *_tops(spec)):
        if kind not in seen and kind.fields:
            lines += [kind.key or spec.name, *_children(spec, kind, "", seen)]
    return "".join(f"{line}\n" for line in lines)


def _tops(spec: ir.Spec) -> list[ir.TypeDef]:
    """All types, those first that no other type of the spec refers to."""
    kinds = spec.types()[1:]
    inside = {
        layout.type
        for kind in kinds
        for field in kind.fields
        for layout in _layouts(field.layout)
        if layout.type is not kind
    }
    return sorted(kinds, key=lambda kind: kind in inside)


def _layouts(layout: ir.Layout) -> Iterator[ir.UserLayout]:
    if isinstance(layout, ir.UserLayout):
        yield layout
    elif isinstance(layout, ir.SwitchLayout):
        for _, case in layout.cases:
            yield from _layouts(case)
        if layout.default is not None:
            yield from _layouts(layout.default)


def _children(spec: ir.Spec, kind: ir.TypeDef, indent: str, seen: set[ir.TypeDef]) -> Iterator[str]:
    seen.add(kind)
    rows = [(field, layout) for field in kind.fields for layout in _options(field)]
    for number, (field, layout) in enumerate(rows):
        last = number == len(rows) - 1
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        text, inner = _label(spec, field, layout, seen)
        yield f"{indent}{branch}{text}"
        if inner is not None:
            yield from _children(spec, inner, indent + below, seen)


def _options(field: ir.Field) -> Sequence[ir.UserLayout | None]:
    """The types a field can be of; ``None`` where it is of no type of the specs."""
    return list(_layouts(field.layout)) or [None]


def _label(
    spec: ir.Spec, field: ir.Field, layout: ir.UserLayout | None, seen: set[ir.TypeDef]
) -> tuple[str, ir.TypeDef | None]:
    """The line of a field, and the type whose fields are to be drawn below it."""
    name = field.name
    name += "?" if field.condition is not None else ""
    name += "*" if field.repeat is not None else ""
    if layout is None:
        return f"{name}: {_plain(field.layout)}", None
    kind = layout.type
    if kind.spec is not spec:
        return f"{name}: {kind.path}", None
    shown = f"{name}: {kind.key or kind.name}"
    if not kind.fields:
        return shown, None
    return (f"{shown} …", None) if kind in seen else (shown, kind)


def _plain(layout: ir.Layout) -> str:
    if isinstance(layout, ir.IntLayout):
        return f"{'s' if layout.signed else 'u'}{layout.width}"
    if isinstance(layout, ir.FloatLayout):
        return f"f{layout.width}"
    if isinstance(layout, ir.BitsLayout):
        return f"b{layout.width}"
    return "text" if isinstance(layout, ir.StrLayout | ir.TerminatedLayout) else "bytes"
