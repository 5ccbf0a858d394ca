"""Names, types and enums: what the expressions of a spec refer to."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from codegen import expr
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.ir import EnumDef, Instance, Member, Spec, TypeDef
from codegen.types import (
    ANY_STRUCT,
    BOOL,
    BYTES,
    INT,
    STR,
    Array,
    Bool,
    Bytes,
    Enum,
    Float,
    Int,
    Str,
    Stream,
    Struct,
    Unknown,
    ValueType,
    combine,
    show,
)

# Attributes of values that are no members of types: what each evaluates to.
ATTRIBUTES: dict[type[ValueType], dict[str, ValueType]] = {
    Int: {"to_s": STR},
    Float: {"to_i": INT},
    Bool: {"to_i": INT},
    Enum: {"to_i": INT},
    Str: {"length": INT, "to_i": INT},
    Bytes: {"length": INT, "first": Int(8, False), "last": Int(8, False)},
    Array: {"size": INT},
    Stream: {"size": INT, "pos": INT, "eof": BOOL},
}


class Library:
    """The specs that can see each other, and the look-ups between them."""

    def __init__(self) -> None:
        self.specs: dict[str, Spec] = {}

    def find_type(self, start: TypeDef, path: list[str], place: str) -> TypeDef:
        """The type that ``path`` means where ``start`` is the current type."""
        found = self._first(start, path[0])
        for name in path[1:]:
            found = found.types.get(name) if found is not None else None
        if found is None:
            raise SpecError(place, f"no type {'::'.join(path)}")
        return found

    def _first(self, start: TypeDef, name: str) -> TypeDef | None:
        current: TypeDef | None = start
        while current is not None:
            if name in current.types:
                return current.types[name]
            current = current.parent
        if name == start.spec.name or name in start.spec.imports:
            return self.specs[name].root
        return None

    def find_enum(self, start: TypeDef, path: list[str], place: str) -> EnumDef:
        """The enum that ``path`` (types, then the enum) means where ``start`` is current."""
        *types, name = path
        current: TypeDef | None = self.find_type(start, types, place) if types else start
        while current is not None:
            if name in current.enums:
                return current.enums[name]
            current = None if types else current.parent
        raise SpecError(place, f"no enum {'::'.join(path)}")

    def value_type(self, start: TypeDef, name: str, place: str) -> ValueType:
        """The type that a parameter or a cast names."""
        if name.endswith("[]"):
            return Array(self.value_type(start, name[:-2], place))
        plain = PLAIN_TYPES.get(name)
        if plain is not None:
            return plain
        if name[:1] in "usf" and name[1:].isdigit():
            return number(name, place)
        return Struct(self.find_type(start, name.split("::"), place))


PLAIN_TYPES: dict[str, ValueType] = {
    "bool": BOOL,
    "str": STR,
    "bytes": BYTES,
    "struct": ANY_STRUCT,
}


def number(name: str, place: str) -> ValueType:
    """The type of ``u1`` … ``f8``."""
    width = int(name[1:])
    if width not in ((4, 8) if name[0] == "f" else (1, 2, 4, 8)):
        raise SpecError(place, f"no type {name}")
    return Float(width * 8) if name[0] == "f" else Int(width * 8, name[0] == "s")


class Resolver:
    """Gives every node of expressions in one type its type and what it refers to.

    Args:
        library: the specs.
        current: the type that the expressions stand in.
        item: type of ``_``, where there is such a thing.
    """

    def __init__(self, library: Library, current: TypeDef, item: ValueType | None = None) -> None:
        self.library = library
        self.current = current
        self.item = item
        self.place = current.place
        self.casts = 0

    def resolve(self, node: Expr, place: str) -> ValueType:
        """Resolves ``node`` and all below it; its type."""
        self.place = place
        handler = cast(
            "Callable[[Expr], ValueType]", getattr(self, f"_{type(node).__name__.lower()}")
        )
        node.type = handler(node)
        assert isinstance(node.type, ValueType)
        return node.type

    def need(self, node: Expr, wanted: type[ValueType], place: str) -> ValueType:
        """Like :meth:`resolve`, and checks the type."""
        found = self.resolve(node, place)
        if not isinstance(found, wanted):
            raise SpecError(place, f"{wanted.__name__.lower()} expected, found {show(found)}")
        return found

    def _sub(self, node: Expr) -> ValueType:
        return self.resolve(node, self.place)

    def _fail(self, message: str) -> SpecError:
        return SpecError(self.place, message)

    def _literal(self, node: expr.Literal) -> ValueType:
        if isinstance(node.value, bool):
            return BOOL
        return {int: INT, float: Float(), str: STR}[type(node.value)]

    def _name(self, node: expr.Name) -> ValueType:
        if node.name == "_index":
            return INT
        if node.name == "_io":
            return Stream()
        if node.name == "_":
            if self.item is None:
                raise self._fail("`_` has no meaning here")
            return self.item
        node.ref = self.current.member(node.name)
        if node.ref is None:
            raise self._fail(f"no field, parameter or instance {node.name}")
        return self.member_type(node.ref)

    def member_type(self, member: Member, owner: TypeDef | None = None) -> ValueType:
        """The type of a member of ``owner`` (else the current type), inferred if need be."""
        if isinstance(member, Instance) and member.value_type is None:
            if self.casts and member in _in_progress:
                return Unknown()
            infer(self.library, owner or self.current, member)
        assert member.value_type is not None
        return member.value_type

    def _enummember(self, node: expr.EnumMember) -> ValueType:
        enum = self.library.find_enum(self.current, list(node.path), self.place)
        if enum.member(node.member) is None:
            raise self._fail(f"enum {enum.path} has no {node.member}")
        node.ref = enum
        return Enum(enum)

    def _unary(self, node: expr.Unary) -> ValueType:
        found = self._sub(node.value)
        if node.op == "not":
            self._same(found, Bool)
            return BOOL
        if node.op == "-" and isinstance(found, Float):
            return found
        self._same(found, Int)
        return INT

    def _same(self, found: ValueType, wanted: type[ValueType]) -> None:
        if not isinstance(found, wanted):
            raise self._fail(f"{wanted.__name__.lower()} expected, found {show(found)}")

    def _binary(self, node: expr.Binary) -> ValueType:
        left, right = self._sub(node.left), self._sub(node.right)
        if node.op in ("and", "or"):
            self._same(left, Bool)
            self._same(right, Bool)
            return BOOL
        if node.op in expr.COMPARISONS:
            return self._comparison(node.op, left, right)
        if node.op == "+" and isinstance(left, Str) and isinstance(right, Str):
            return STR
        if isinstance(left, Int) and isinstance(right, Int):
            return INT
        if node.op in "+-*/" and isinstance(combine(left, right), Float):
            return Float()
        raise self._fail(f"cannot compute {show(left)} {node.op} {show(right)}")

    def _comparison(self, op: str, left: ValueType, right: ValueType) -> ValueType:
        if combine(left, right) is None:
            raise self._fail(f"cannot compare {show(left)} with {show(right)}")
        if op not in ("==", "!=") and not isinstance(left, Int | Float | Str | Bytes):
            raise self._fail(f"no order between values of {show(left)}")
        return BOOL

    def _ternary(self, node: expr.Ternary) -> ValueType:
        self._same(self._sub(node.condition), Bool)
        yes, no = self._sub(node.yes), self._sub(node.no)
        both = combine(yes, no)
        if both is None:
            raise self._fail(f"{show(yes)} and {show(no)} in one conditional expression")
        return both

    def _attribute(self, node: expr.Attribute) -> ValueType:
        owner = self._sub(node.value)
        if isinstance(owner, Struct):
            return self._member(node, owner)
        found = ATTRIBUTES.get(type(owner), {}).get(node.name)
        if found is None and isinstance(owner, Array) and node.name in ("first", "last"):
            found = owner.item
        if found is None:
            raise self._fail(f"{show(owner)} has no {node.name}")
        return found

    def _member(self, node: expr.Attribute, owner: Struct) -> ValueType:
        if node.name == "_io":
            return Stream()
        if owner.type is None:
            raise self._fail(f"the struct's type is not known; cast it to reach {node.name}")
        node.ref = owner.type.member(node.name)
        if node.ref is None:
            raise self._fail(f"type {owner.type.path} has no {node.name}")
        return self.member_type(node.ref, owner.type)

    def _call(self, node: expr.Call) -> ValueType:
        owner = self._sub(node.value)
        arguments = [self._sub(argument) for argument in node.arguments]
        if isinstance(owner, Bytes) and node.method == "to_s" and arguments == [STR]:
            return STR
        if isinstance(owner, Str) and node.method == "to_i" and arguments == [INT]:
            return INT
        integers = all(isinstance(argument, Int) for argument in arguments)
        if isinstance(owner, Str) and node.method == "substring" and integers:
            return STR
        raise self._fail(f"{show(owner)} has no method {node.method}")

    def _index(self, node: expr.Index) -> ValueType:
        owner = self._sub(node.value)
        self._same(self._sub(node.index), Int)
        if isinstance(owner, Bytes):
            return Int(8, False)
        if isinstance(owner, Array):
            return owner.item
        raise self._fail(f"{show(owner)} has no elements")

    def _cast(self, node: expr.Cast) -> ValueType:
        self.casts += 1
        self._sub(node.value)
        self.casts -= 1
        return self.library.value_type(self.current, node.to, self.place)

    def _array(self, node: expr.Array) -> ValueType:
        types = [self._sub(item) for item in node.items]
        if all(isinstance(i, expr.Literal) and i.value in range(256) for i in node.items):
            return BYTES
        item: ValueType | None = types[0]
        for other in types[1:]:
            item = combine(item, other) if item is not None else None
        if item is None:
            raise self._fail("items of different types in one array")
        return Array(item)


def infer(library: Library, owner: TypeDef, instance: Instance) -> None:
    """Finds the type of a computed instance."""
    if instance.value is None or instance.value_type is not None:
        return
    if instance in _in_progress:
        raise SpecError(instance.place, "the instance's value depends on itself")
    _in_progress.append(instance)
    try:
        resolver = Resolver(library, owner)
        found = resolver.resolve(instance.value, f"{instance.place}/value")
    finally:
        _in_progress.pop()
    if instance.enum is not None:
        found = Enum(instance.enum)
    instance.value_type = found


_in_progress: list[Instance] = []
