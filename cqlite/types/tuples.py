"""Tuples, user-defined types and vectors."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from cqlite.errors import InvalidTypeError
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import EMPTY, PACKAGE, CqlType
from cqlite.types.collections import frozen_name, stringify
from cqlite.types.numbers import ShortType
from cqlite.types.text import from_hex, maybe_quote, quote_json

_UNESCAPED_COLON: Final = re.compile(r"(?<!\\):")
_NULL_FIELD: Final = "@"


def split_text(text: str) -> list[str]:
    """The parts between colons that have no backslash before them; none of no text."""
    return _UNESCAPED_COLON.split(text) if text else []


class _Fields(CqlType):
    """Several fields of different types, which may be null."""

    def __init__(self, fields: Sequence[CqlType]) -> None:
        self.fields = tuple(fields)

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return self.fields

    def split(self, data: bytes) -> list[bytes | None]:
        """The fields' bytes, None for null; fewer than the type has if the rest are missing.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """
        parsed = layout.parse(self, "tuple_value", data)
        parts = [getattr(field, "value", None) for field in parsed.fields]
        if len(parts) > len(self.fields):
            self._refuse(data, f"{len(parts)} fields where the type has {len(self.fields)}")
        return parts

    def _all(self, data: bytes) -> list[bytes | None]:
        parts = self.split(data)
        return parts + [None] * (len(self.fields) - len(parts))

    def _values(self, data: bytes) -> list[Any]:
        return [
            None if part is None else field.decode(part)
            for field, part in zip(self.fields, self._all(data), strict=True)
        ]

    def build(self, parts: Iterable[bytes | None]) -> bytes:
        """The value of its fields' bytes, None for null."""
        return layout.build("tuple_value", fields=[layout.nullable(part) for part in parts])

    def _encode_all(self, values: Sequence[Any]) -> bytes:
        if len(values) > len(self.fields):
            self._refuse_value(values, f"the type has {len(self.fields)} fields")
        return self.build(
            None if value is None else field.encode(value)
            for field, value in zip(self.fields, values, strict=False)
        )

    def validate(self, data: bytes) -> None:
        for field, part in zip(self.fields, self.split(data), strict=False):
            if part is not None:
                field.validate(part)

    def to_string(self, data: bytes) -> str:
        return ":".join(
            _NULL_FIELD
            if part is None
            else field.to_string(part).replace(":", r"\:").replace("@", r"\@")
            for field, part in zip(self.fields, self.split(data), strict=False)
        )

    def from_string(self, text: str) -> bytes:
        texts = split_text(text)
        if len(texts) > len(self.fields):
            self._refuse_value(text, f"the type has {len(self.fields)} fields")
        return self.build(
            None
            if part == _NULL_FIELD
            else field.from_string(part.replace(r"\:", ":").replace(r"\@", "@"))
            for field, part in zip(self.fields, texts, strict=False)
        )

    def compare(self, left: bytes, right: bytes) -> int:
        if not left or not right:
            return bool(left) - bool(right)
        for field, a, b in zip(self.fields, self._all(left), self._all(right), strict=True):
            if a is None or b is None:
                order = (a is not None) - (b is not None)
            else:
                order = field.compare(a, b)
            if order:
                return order
        return 0

    def byte_comparable(self, data: bytes) -> bytes | None:
        if not data:
            return None
        parts = self.split(data)
        while parts and parts[-1] is None:
            parts.pop()
        return bc.sequence(
            None if part is None else field.byte_comparable(part)
            for field, part in zip(self.fields, parts, strict=False)
        )


class TupleType(_Fields):
    """``tuple``: tuple, with None for fields that are null or missing. Always frozen."""

    class_name = "TupleType"

    def __init__(self, fields: Sequence[CqlType]) -> None:
        super().__init__([field.freeze() for field in fields])

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        return PACKAGE + self.class_name + stringify(self.fields, ignore_freezing=True)

    @property
    def cql_name(self) -> str:
        return f"frozen<tuple<{', '.join(t.cql_name for t in self.fields)}>>"

    def decode(self, data: bytes) -> Any:
        return tuple(self._values(data)) if data else EMPTY

    def encode(self, value: Any) -> bytes:
        if value is EMPTY:
            return b""
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            self._refuse_value(value)
        return self._encode_all(value)

    def to_json(self, data: bytes) -> str:
        parts = (
            "null" if part is None else field.to_json(part)
            for field, part in zip(self.fields, self._all(data), strict=True)
        )
        return f"[{', '.join(parts)}]"

    def to_cql_literal(self, data: bytes) -> str:
        parts = (
            "null" if part is None else field.to_cql_literal(part)
            for field, part in zip(self.fields, self.split(data), strict=False)
        )
        return f"({', '.join(parts)})"


class UserType(_Fields):
    """A user-defined type: a named tuple.

    Its fields are those of the type, and ``_0``, ``_1``... for names that Python does not
    allow. Not frozen, each field has a cell, with the field's position for a path.
    """

    class_name = "UserType"
    is_udt = True

    def __init__(
        self,
        keyspace: str,
        name: str,
        field_names: Sequence[str],
        fields: Sequence[CqlType],
        *,
        is_multi_cell: bool,
    ) -> None:
        super().__init__(fields)
        if len(set(field_names)) != len(field_names):
            raise InvalidTypeError(f"the user-defined type {name} has a field's name twice")
        self.keyspace = keyspace
        self.name = name
        self.field_names = tuple(field_names)
        self.is_multi_cell = is_multi_cell

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        inner_ignore = ignore_freezing or not self.is_multi_cell
        parts = [self.keyspace, self.name.encode().hex()]
        parts += [
            f"{name.encode().hex()}:{field.marshal_string(ignore_freezing=inner_ignore)}"
            for name, field in zip(self.field_names, self.fields, strict=True)
        ]
        full = f"{PACKAGE}{self.class_name}({','.join(parts)})"
        return full if ignore_freezing or self.is_multi_cell else frozen_name(full)

    @property
    def cql_name(self) -> str:
        name = maybe_quote(self.name)
        return name if self.is_multi_cell else f"frozen<{name}>"

    def freeze(self) -> CqlType:
        if not self.is_multi_cell:
            return self
        names, fields = self.field_names, self.fields
        return UserType(self.keyspace, self.name, names, fields, is_multi_cell=False)

    @property
    def name_comparator(self) -> CqlType:
        return ShortType()

    def cell_type(self, path: bytes | None) -> CqlType:
        if not self.is_multi_cell or path is None:
            return self
        return self.fields[self._position(path)]

    def _position(self, path: bytes) -> int:
        position: int = ShortType().decode(path) if path else -1
        if not 0 <= position < len(self.fields):
            self._refuse(path, f"no field {position}, the type has {len(self.fields)}")
        return position

    def path_string(self, path: bytes) -> str:
        return self.field_names[self._position(path)]

    def pack(self, cells: Iterable[tuple[bytes, bytes]]) -> bytes:
        parts: list[bytes | None] = [None] * len(self.fields)
        for path, value in cells:
            parts[self._position(path)] = value
        return self.build(parts)

    @cached_property
    def value_class(self) -> Any:
        """The class of the named tuples."""
        name = self.name if self.name.isidentifier() else "UserType"
        return namedtuple(name, self.field_names, rename=True)

    def decode(self, data: bytes) -> Any:
        return self.value_class(*self._values(data)) if data else EMPTY

    def encode(self, value: Any) -> bytes:
        if value is EMPTY:
            return b""
        if isinstance(value, Mapping):
            unknown = [name for name in value if name not in self.field_names]
            if unknown:
                self._refuse_value(value, f"no field {unknown[0]}")
            return self._encode_all([value.get(name) for name in self.field_names])
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            self._refuse_value(value)
        return self._encode_all(value)

    def to_json(self, data: bytes) -> str:
        parts = (
            f"{self._json_name(name)}: {'null' if part is None else field.to_json(part)}"
            for name, field, part in zip(
                self.field_names, self.fields, self._all(data), strict=True
            )
        )
        return f"{{{', '.join(parts)}}}"

    @staticmethod
    def _json_name(name: str) -> str:
        return quote_json(name if name == name.lower() else f'"{name}"')

    def to_cql_literal(self, data: bytes) -> str:
        parts = (
            f"{maybe_quote(name)}: {'null' if part is None else field.to_cql_literal(part)}"
            for name, field, part in zip(
                self.field_names, self.fields, self.split(data), strict=False
            )
        )
        return f"{{{', '.join(parts)}}}"


class VectorType(CqlType):
    """``vector``: list, of as many elements as the type says, none of them null."""

    class_name = "VectorType"

    def __init__(self, elements: CqlType, dimension: int) -> None:
        if dimension <= 0:
            raise InvalidTypeError(f"a vector of {dimension} elements")
        self.elements = elements.freeze()
        self.dimension = dimension

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        inner = self.elements.marshal_string(ignore_freezing=ignore_freezing)
        return f"{PACKAGE}{self.class_name}({inner} , {self.dimension})"

    @property
    def cql_name(self) -> str:
        return f"vector<{self.elements.cql_name}, {self.dimension}>"

    @property
    def value_length_if_fixed(self) -> int:
        length = self.elements.value_length_if_fixed
        return length * self.dimension if length >= 0 else -1

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return (self.elements,)

    def split(self, data: bytes) -> list[bytes]:
        """The elements' bytes.

        Raises:
            InvalidValueError: ``data`` is no value of this type.
        """
        if not data:
            self._refuse(data, "a value without bytes")
        length = self.elements.value_length_if_fixed
        if length >= 0:
            parsed = layout.parse(self, "fixed_vector_value", data, length, self.dimension)
            return list(parsed.elements)
        parsed = layout.parse(self, "variable_vector_value", data, self.dimension)
        return [element.value for element in parsed.elements]

    def build(self, parts: Sequence[bytes]) -> bytes:
        """The value of its elements' bytes."""
        length = self.elements.value_length_if_fixed
        if length >= 0:
            return layout.build("fixed_vector_value", length, self.dimension, elements=parts)
        elements = [
            layout.part("vector_element", len_value=layout.unsigned(len(part)), value=part)
            for part in parts
        ]
        return layout.build("variable_vector_value", self.dimension, elements=elements)

    def validate(self, data: bytes) -> None:
        for part in self.split(data):
            self.elements.validate(part)

    def decode(self, data: bytes) -> list[Any]:
        return list(map(self.elements.decode, self.split(data)))

    def encode(self, value: Any) -> bytes:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            self._refuse_value(value)
        items = list(value)
        if len(items) != self.dimension:
            self._refuse_value(value, f"{len(items)} elements, not {self.dimension}")
        if any(item is None for item in items):
            self._refuse_value(value, "there are no nulls in vectors")
        return self.build(list(map(self.elements.encode, items)))

    def to_json(self, data: bytes) -> str:
        return f"[{', '.join(map(self.elements.to_json, self.split(data)))}]"

    def to_string(self, data: bytes) -> str:
        return data.hex()

    def from_string(self, text: str) -> bytes:
        try:
            return from_hex(text)
        except ValueError as error:
            self._refuse_value(text, str(error))

    def to_cql_literal(self, data: bytes) -> str:
        return f"[{', '.join(map(self.elements.to_cql_literal, self.split(data)))}]"

    def compare(self, left: bytes, right: bytes) -> int:
        for a, b in zip(self.split(left), self.split(right), strict=True):
            order = self.elements.compare(a, b)
            if order:
                return order
        return 0

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.sequence(map(self.elements.byte_comparable, self.split(data)))
