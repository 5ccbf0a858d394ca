"""The last steps from declared types to the finished representation.

Expressions are resolved once all types and members are known; then come the facts
that follow from the whole: how few bits an item takes, and the order of imports.
"""

from __future__ import annotations

from collections.abc import Iterable

from codegen.errors import SpecError
from codegen.ir import (
    BytesLayout,
    Field,
    Instance,
    Layout,
    Spec,
    StrLayout,
    SwitchLayout,
    TypeDef,
    UserLayout,
)
from codegen.resolve import Library, Resolver, infer
from codegen.sizes import smallest
from codegen.types import Array, Bool, Enum, Int, Struct, Union, ValueType, combine, show


def finish(library: Library) -> None:
    """Resolves all expressions and computes what depends on all types."""
    types = [t for spec in library.specs.values() for t in spec.types()]
    for current in types:
        for instance in current.instances:
            infer(library, current, instance)
    for current in types:
        for field in current.fields:
            _field(library, current, field)
        for instance in current.instances:
            _instance(library, current, instance)
    for current in types:
        for field in all_fields(current):
            field.smallest = smallest(field)
    in_order(library.specs.values())


def all_fields(current: TypeDef) -> list[Field]:
    """The fields of the sequence and those at positions."""
    return [*current.fields, *(i.at for i in current.instances if i.at is not None)]


def in_order(specs: Iterable[Spec]) -> list[Spec]:
    """The specs with imported ones before those that import them.

    Raises:
        SpecError: they import each other in a circle.
    """
    by_name = {spec.name: spec for spec in specs}
    done: dict[str, Spec] = {}

    def visit(spec: Spec, above: tuple[str, ...]) -> None:
        if spec.name in above:
            circle = " imports ".join([*above[above.index(spec.name) :], spec.name])
            raise SpecError(f"{spec.file.name}:/meta/imports", f"a circle: {circle}")
        for name in spec.imports:
            visit(by_name[name], (*above, spec.name))
        done.setdefault(spec.name, spec)

    for spec in by_name.values():
        visit(spec, ())
    return list(done.values())


def _instance(library: Library, current: TypeDef, instance: Instance) -> None:
    resolver = Resolver(library, current)
    if instance.condition is not None:
        resolver.need(instance.condition, Bool, f"{instance.place}/if")
    if instance.value is not None:
        # Once more, now that the types of all instances are known.
        wanted = ValueType if instance.enum is None else Int
        resolver.need(instance.value, wanted, f"{instance.place}/value")
    if instance.at is not None and instance.position is not None:
        resolver.need(instance.position, Int, f"{instance.place}/pos")
        _field(library, current, instance.at)


def _field(library: Library, current: TypeDef, field: Field) -> None:
    resolver = Resolver(library, current)
    if field.condition is not None:
        resolver.need(field.condition, Bool, f"{field.place}/if")
    _layout(resolver, field.layout, field.place)
    if field.window is not None and field.window.size is not None:
        resolver.need(field.window.size, Int, f"{field.place}/size")
    if field.repeat is not None and field.repeat.expr is not None:
        if field.repeat.kind == "expr":
            resolver.need(field.repeat.expr, Int, f"{field.place}/repeat-expr")
        else:
            resolver = Resolver(library, current, field.type)
            resolver.need(field.repeat.expr, Bool, f"{field.place}/repeat-until")
    if field.valid is not None:
        _valid(library, current, field)


def _valid(library: Library, current: TypeDef, field: Field) -> None:
    assert field.valid is not None
    place = f"{field.place}/valid"
    resolver = Resolver(library, current, field.type)
    if field.valid.kind == "in-enum" and field.enum is None:
        raise SpecError(place, "in-enum needs an enum")
    for node in field.valid.expressions:
        if node is None:
            continue
        if field.valid.kind == "expr":
            resolver.need(node, Bool, place)
        elif combine(resolver.resolve(node, place), field.type) is None:
            raise SpecError(place, f"{show(node.type)} for a field of {show(field.type)}")


def _layout(resolver: Resolver, layout: Layout, place: str) -> None:
    if isinstance(layout, BytesLayout | StrLayout) and layout.size is not None:
        resolver.need(layout.size, Int, f"{place}/size")
    elif isinstance(layout, UserLayout):
        _arguments(resolver, layout, f"{place}/type")
    elif isinstance(layout, SwitchLayout):
        on = resolver.resolve(layout.on, f"{place}/type/switch-on")
        for key, case in layout.cases:
            found = resolver.resolve(key, f"{place}/type/cases")
            if combine(on, found) is None:
                raise SpecError(f"{place}/type/cases", f"{show(found)} for {show(on)}")
            _layout(resolver, case, place)
        if layout.default is not None:
            _layout(resolver, layout.default, place)


def _arguments(resolver: Resolver, layout: UserLayout, place: str) -> None:
    wanted = layout.type.params
    if len(wanted) != len(layout.arguments):
        raise SpecError(
            place, f"{layout.type.path} takes {len(wanted)} arguments, not {len(layout.arguments)}"
        )
    for param, argument in zip(wanted, layout.arguments, strict=True):
        found = resolver.resolve(argument, place)
        if not _fits(found, param.value_type):
            raise SpecError(
                place, f"{show(found)} for parameter {param.name} of {show(param.value_type)}"
            )


def _fits(found: ValueType, wanted: ValueType) -> bool:
    if isinstance(found, Array) and isinstance(wanted, Array):
        return _fits(found.item, wanted.item)
    if isinstance(found, Int) and isinstance(wanted, Int):
        return True
    if isinstance(found, Union):
        return all(_fits(option, wanted) for option in found.options)
    if isinstance(wanted, Struct) and wanted.type is None:
        return isinstance(found, Struct)
    if isinstance(found, Enum) and isinstance(wanted, Enum):
        return found.enum is wanted.enum
    return found == wanted
