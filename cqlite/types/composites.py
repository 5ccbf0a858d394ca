"""The composite types, which hold compound partition keys and the names of old tables."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cqlite.errors import InvalidTypeError
from cqlite.records import record
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import PACKAGE, CqlType, compare_numbers
from cqlite.types.collections import stringify
from cqlite.types.text import quote_json
from cqlite.types.tuples import split_text
from cqlite.types.values import Composite, DynamicComponent

_STATIC_MARK: Final = 0xFFFF
_LONGEST_COMPONENT: Final = 0xFFFF
_ALIAS_BIT: Final = 0x8000
_REVERSED: Final = "ReversedType"
_ENDS: Final = {"!": 1, "_": -1}


@record
class _Component:
    """One component as it is stored; ``label`` is a dynamic composite's alias or name."""

    type: CqlType
    value: bytes
    end: int
    label: str = ""


def _escape(text: str) -> str:
    escaped = text.replace(":", r"\:")
    return escaped + "!" if escaped.endswith(("\\", "!")) else escaped


def _unescape(text: str) -> str:
    return text.replace(r"\:", ":").removesuffix("!")


class _AbstractComposite(CqlType):
    """Components one after another, each with an end-of-component byte."""

    @property
    def cql_name(self) -> str:
        return f"'{self.marshal_name}'"

    @abstractmethod
    def _components(self, data: bytes) -> tuple[bool, list[_Component]]:
        """Whether it is a static name, and the components."""

    @abstractmethod
    def _build(self, components: Sequence[_Component], *, is_static: bool) -> bytes:
        """The inverse of ``_components``."""

    @abstractmethod
    def _parse_component(self, index: int, text: str) -> tuple[CqlType, str, str]:
        """A component's type, label and remaining text."""

    def split(self, data: bytes) -> list[bytes]:
        """The components' bytes.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """
        return [component.value for component in self._components(data)[1]]

    def _component(self, data: bytes, kind: CqlType, parsed: Any, label: str = "") -> _Component:
        return _Component(kind, parsed.value, parsed.end_of_component, label)

    def validate(self, data: bytes) -> None:
        components = self._components(data)[1]
        for component in components:
            component.type.validate(component.value)
        if any(component.end for component in components[:-1]):
            self._refuse(data, "more components after one that ends a bound")

    def to_json(self, data: bytes) -> str:
        """A JSON string of ``to_string``; Cassandra has no JSON for it."""
        return quote_json(self.to_string(data))

    def to_string(self, data: bytes) -> str:
        parts = []
        for component in self._components(data)[1]:
            parts.append(component.label + _escape(component.type.to_string(component.value)))
            if component.end:
                parts.append("_" if component.end < 0 else "!")
                break
        return ":".join(parts)

    def from_string(self, text: str) -> bytes:
        texts = split_text(text)
        end = 0
        for index, part in enumerate(texts):
            if part in _ENDS:
                end = _ENDS[part]
                texts = texts[:index]
                break
        components = []
        for index, part in enumerate(texts):
            kind, label, rest = self._parse_component(index, part)
            value = kind.from_string(_unescape(rest))
            last = index == len(texts) - 1
            components.append(_Component(kind, value, end if last else 0, label))
        return self._build(components, is_static=False)

    def to_cql_literal(self, data: bytes) -> str:
        return f"0x{data.hex()}"

    def compare(self, left: bytes, right: bytes) -> int:
        if not left or not right:
            return bool(left) - bool(right)
        left_static, ours = self._components(left)
        right_static, theirs = self._components(right)
        if left_static != right_static:
            return -1 if left_static else 1
        for a, b in zip(ours, theirs, strict=False):
            order = self._compare_components(a, b) or a.end - b.end
            if order:
                return order
        return compare_numbers(len(ours), len(theirs))

    def _compare_components(self, left: _Component, right: _Component) -> int:
        return left.type.compare(left.value, right.value)


class CompositeType(_AbstractComposite):
    """``Composite`` of the decoded components. A partition key of several columns."""

    class_name = "CompositeType"

    def __init__(self, components: Sequence[CqlType]) -> None:
        self.components = tuple(components)

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        return PACKAGE + self.class_name + stringify(self.components)

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return self.components

    def _components(self, data: bytes) -> tuple[bool, list[_Component]]:
        parsed = layout.parse(self, "composite_value", data).components
        is_static = bool(parsed) and parsed[0].is_static_mark
        if is_static:
            parsed = parsed[1:]
        if len(parsed) > len(self.components):
            self._refuse(data, f"more than {len(self.components)} components")
        return is_static, [
            self._component(data, kind, component)
            for kind, component in zip(self.components, parsed, strict=False)
        ]

    def _build(self, components: Sequence[_Component], *, is_static: bool) -> bytes:
        parts = []
        if is_static:
            parts.append(layout.part("composite_component", 0, len_value=_STATIC_MARK))
        for component in components:
            value = component.value
            if len(value) > _LONGEST_COMPONENT or (not parts and len(value) == _STATIC_MARK):
                self._refuse_value(value, f"a component of {len(value)} bytes")
            fields = {"value": value, "end_of_component": component.end}
            parts.append(
                layout.part("composite_component", len(parts), len_value=len(value), **fields)
            )
        return layout.build("composite_value", components=parts)

    def join(self, values: Sequence[bytes]) -> bytes:
        """The inverse of ``split``: a partition key of its columns' values."""
        pairs = zip(self.components, values, strict=True)
        return self._build([_Component(kind, value, 0) for kind, value in pairs], is_static=False)

    def decode(self, data: bytes) -> Composite:
        is_static, components = self._components(data)
        values = tuple(component.type.decode(component.value) for component in components)
        return Composite(values, components[-1].end if components else 0, is_static)

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, Composite):
            value = Composite(tuple(value))
        if len(value.components) > len(self.components):
            self._refuse_value(value, f"more than {len(self.components)} components")
        last = len(value.components) - 1
        components = [
            _Component(kind, kind.encode(item), value.end_of_component if index == last else 0)
            for index, (kind, item) in enumerate(
                zip(self.components, value.components, strict=False)
            )
        ]
        return self._build(components, is_static=value.is_static)

    def _parse_component(self, index: int, text: str) -> tuple[CqlType, str, str]:
        if index >= len(self.components):
            self._refuse_value(text, f"more than {len(self.components)} components")
        return self.components[index], "", text

    def byte_comparable(self, data: bytes) -> bytes | None:
        if not data:
            return None
        is_static, components = self._components(data)
        parts: list[bytes | None] = [None if is_static else b""]
        for component in components:
            parts += [component.type.byte_comparable(component.value), _end_byte(component.end)]
        return bc.sequence(parts)


def _end_byte(end: int) -> bytes:
    return bytes(((end & 0xFF) ^ 0x80,))


class DynamicCompositeType(_AbstractComposite):
    """``Composite`` of ``DynamicComponent``: each component tells its type."""

    class_name = "DynamicCompositeType"

    def __init__(self, aliases: Mapping[str, CqlType]) -> None:
        self.aliases = _in_java_order(aliases)

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        aliases = (f"{alias}=>{kind.marshal_name}" for alias, kind in self.aliases.items())
        return f"{PACKAGE}{self.class_name}({','.join(aliases)})"

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return tuple(self.aliases.values())

    def _type(self, data: bytes | str, name: str, *, is_alias: bool) -> CqlType:
        from cqlite.types.parser import parse_known_type

        shown = data if isinstance(data, bytes) else data.encode()
        if is_alias:
            found = self.aliases.get(name)
            return found if found is not None else self._refuse(shown, f"no alias {name!r}")
        try:
            return parse_known_type(name)
        except InvalidTypeError as error:
            self._refuse(shown, str(error))

    def _components(self, data: bytes) -> tuple[bool, list[_Component]]:
        components = []
        for parsed in layout.parse(self, "dynamic_composite_value", data).components:
            name = chr(parsed.alias) if parsed.is_alias else parsed.type_name
            kind = self._type(data, name, is_alias=parsed.is_alias)
            components.append(self._component(data, kind, parsed, f"{name}@"))
        return False, components

    def _build(self, components: Sequence[_Component], *, is_static: bool) -> bytes:
        parts = []
        for component in components:
            name = component.label.removesuffix("@")
            is_alias = len(name) == 1 and name in self.aliases
            encoded = name.encode()
            longest = max(len(encoded), len(component.value))
            if longest >= _ALIAS_BIT:
                self._refuse_value(component.value, f"a component of {longest} bytes")
            fields: dict[str, Any] = (
                {"header": _ALIAS_BIT | ord(name)}
                if is_alias
                else {
                    "header": len(encoded),
                    "type_name": name,
                }
            )
            fields |= {"len_value": len(component.value), "value": component.value}
            fields["end_of_component"] = component.end
            parts.append(layout.part("dynamic_composite_component", **fields))
        return layout.build("dynamic_composite_value", components=parts)

    def decode(self, data: bytes) -> Composite:
        components = self._components(data)[1]
        values = tuple(
            DynamicComponent(component.label[:-1], component.type.decode(component.value))
            for component in components
        )
        return Composite(values, components[-1].end if components else 0)

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, Composite):
            value = Composite(tuple(value))
        components = []
        for index, (name, item) in enumerate(value.components):
            kind = self._type(name, name, is_alias=name in self.aliases)
            end = value.end_of_component if index == len(value.components) - 1 else 0
            components.append(_Component(kind, kind.encode(item), end, f"{name}@"))
        return self._build(components, is_static=False)

    def _parse_component(self, index: int, text: str) -> tuple[CqlType, str, str]:
        name, _, rest = text.partition("@")
        if "@" in rest:
            self._refuse_value(text)
        return self._type(text, name, is_alias=name in self.aliases), f"{name}@", rest

    def _compare_components(self, left: _Component, right: _Component) -> int:
        ours, theirs = left.type, right.type
        if ours.is_reversed and theirs.is_reversed:
            ours, theirs = ours.unwrap(), theirs.unwrap()
        order = compare_numbers(ours.class_name, theirs.class_name)
        return order or left.type.compare(left.value, right.value)

    def byte_comparable(self, data: bytes) -> bytes | None:
        parts: list[bytes | None] = [b""]
        for component in self._components(data)[1]:
            kind = component.type
            names = [_REVERSED] if kind.is_reversed else []
            kind = kind.unwrap()
            names += [kind.class_name, PACKAGE + kind.class_name]
            parts += [bc.escaped(name.encode()) for name in names]
            parts += [component.type.byte_comparable(component.value), _end_byte(component.end)]
        return bc.sequence(parts)


def _in_java_order(aliases: Mapping[str, CqlType]) -> dict[str, CqlType]:
    """The aliases in the order of a Java HashMap, in which Cassandra writes them."""
    buckets = 16
    while len(aliases) > buckets * 3 // 4:
        buckets *= 2
    return dict(sorted(aliases.items(), key=lambda entry: ord(entry[0]) % buckets))
