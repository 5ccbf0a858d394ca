"""How many bits values take: the least, and exactly where that is fixed."""

from __future__ import annotations

from codegen.expr import Expr, Literal
from codegen.ir import (
    BitsLayout,
    BytesLayout,
    ContentsLayout,
    Field,
    FloatLayout,
    IntLayout,
    Layout,
    StrLayout,
    SwitchLayout,
    TerminatedLayout,
    TypeDef,
    UserLayout,
)


def smallest(field: Field) -> int:
    """The least number of bits that one item of ``field`` takes."""
    return _smallest(field.layout, field, [])


def fixed(field: Field) -> int | None:
    """The number of bits of ``field`` with all its items, if it is always there and the same."""
    return _fixed_field(field, [])


def fixed_item(field: Field) -> int | None:
    """The number of bits of one item of ``field`` if it is always the same."""
    if field.window is not None:
        return _bytes(field.window.size)
    return _fixed(field.layout, [])


def _constant(node: Expr | None) -> int | None:
    if isinstance(node, Literal) and isinstance(node.value, int):
        return node.value
    return None


def _bytes(node: Expr | None) -> int | None:
    count = _constant(node)
    return None if count is None else 8 * count


def _plain(layout: Layout) -> int | None:
    """The bits of a layout that needs no look at other types."""
    if isinstance(layout, IntLayout | FloatLayout):
        return 8 * layout.width
    if isinstance(layout, BitsLayout):
        return layout.width
    if isinstance(layout, BytesLayout | StrLayout):
        return _bytes(layout.size)
    if isinstance(layout, ContentsLayout):
        return 8 * len(layout.contents)
    return None


def _fixed(layout: Layout, above: list[TypeDef]) -> int | None:
    if not isinstance(layout, UserLayout):
        return _plain(layout)
    kind = layout.type
    if kind in above:
        return None
    total = 0
    for field in kind.fields:
        size = _fixed_field(field, [*above, kind])
        if size is None:
            return None
        total += size
    return total


def _fixed_field(field: Field, above: list[TypeDef]) -> int | None:
    if field.condition is not None:
        return None
    item = _fixed(field.layout, above) if field.window is None else _bytes(field.window.size)
    if field.repeat is None or item is None:
        return item
    count = _constant(field.repeat.expr) if field.repeat.kind == "expr" else None
    return None if count is None else item * count


def _smallest(layout: Layout, field: Field | None, above: list[TypeDef]) -> int:
    if field is not None and field.window is not None:
        return _bytes(field.window.size) or 0
    if isinstance(layout, TerminatedLayout):
        return 0 if layout.open_end else 8
    if isinstance(layout, UserLayout):
        return _smallest_type(layout.type, above)
    if isinstance(layout, SwitchLayout):
        if layout.default is None:
            return 0
        options = [*(case for _, case in layout.cases), layout.default]
        return min(_smallest(option, None, above) for option in options)
    return _plain(layout) or 0


def _smallest_type(current: TypeDef, above: list[TypeDef]) -> int:
    if current in above:
        # A type inside itself without a condition could never end.
        return 0
    total = 0
    for field in current.fields:
        if field.condition is not None:
            continue
        count = 1
        if field.repeat is not None and field.repeat.kind != "until":
            count = _constant(field.repeat.expr) or 0
        if count:
            total += count * _smallest(field.layout, field, [*above, current])
    return total
