"""CQL types in specialised specs: which layout of ``values`` a field of bytes has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from cqlite.inspect import expressions as ex
from cqlite.inspect.specialise import (
    Document,
    Ids,
    OutType,
    Scope,
    Specialiser,
    source_definition,
)

if TYPE_CHECKING:
    from cqlite.types import CqlType, UserType, VectorType

_LAYOUTS = {
    "AsciiType": "text_value",
    "BooleanType": "boolean_value",
    "ByteType": "tinyint_value",
    "BytesType": "blob_value",
    "CounterColumnType": "counter_value",
    "DateType": "timestamp_value",
    "DecimalType": "decimal_value",
    "DoubleType": "double_value",
    "DurationType": "duration_value",
    "FloatType": "float_value",
    "InetAddressType": "inet_value",
    "Int32Type": "int_value",
    "IntegerType": "varint_value",
    "LegacyTimeUUIDType": "timeuuid_value",
    "ListType": "collection_value",
    "LongType": "bigint_value",
    "MapType": "map_value",
    "SetType": "collection_value",
    "ShortType": "smallint_value",
    "SimpleDateType": "date_value",
    "TimeType": "time_value",
    "TimeUUIDType": "timeuuid_value",
    "TimestampType": "timestamp_value",
    "TupleType": "tuple_value",
    "UTF8Type": "text_value",
    "UUIDType": "uuid_value",
    "UserType": "tuple_value",
    "VectorType": "vector",
}
"""The type in ``specs/values.ksy`` for each of Cassandra's classes; others stay bytes."""

_NESTED = ("collection_value", "map_value", "map_entry", "nullable_value", "tuple_value",
           "fixed_vector_value", "variable_vector_value", "vector_element")  # fmt: skip


def depends(source: tuple[str, str], context: Any) -> bool:
    """Whether a type of ``values`` looks different for different CQL types."""
    return source[0] == "values" and source[1] in _NESTED


def type_label(kind: CqlType) -> str:
    """A CQL type as a part of names of types."""
    return "_" + re.sub(r"[^a-z0-9]+", "_", kind.unwrap().cql_name.lower()).strip("_")


def typed(
    specialiser: Specialiser,
    scope: Scope,
    source: Document,
    kind: CqlType,
    *,
    may_be_empty: bool = False,
    **options: Any,
) -> list[Document]:
    """A field of bytes as a value of ``kind``, as far as a layout says it.

    Args:
        specialiser: makes the types.
        scope: the type that has the field.
        source: the field as the spec has it.
        kind: the value's type.
        may_be_empty: whether there can be a value without any bytes, which has no layout.
        options: as of :meth:`Specialiser.plain`.
    """
    kind = kind.unwrap()
    layout = _LAYOUTS.get(kind.class_name)
    if layout is None:
        return specialiser.plain(scope, source, **options)
    size = specialiser.simple(scope, source.get("size", 0))
    changes = None if layout == "vector" else inlined(layout, size)
    if changes is None:
        if may_be_empty:
            there = ex.Binary("!=", size, ex.Const(0))
            options["condition"] = ex.fold(
                ex.Binary("and", options.get("condition", ex.TRUE), there)
            )
        name = value_type(specialiser, kind).name
        return _with_type(specialiser, scope, source, name, options)
    return specialiser.plain(scope, source, changes=changes, **options)


def _with_type(
    specialiser: Specialiser, scope: Scope, source: Document, name: str, options: dict[str, Any]
) -> list[Document]:
    """The field with a type that was made already, so is none of the specs."""
    made = specialiser.plain(scope, source, **options)
    return [
        {k: v for f in ({"id": item.pop("id"), "type": name}, item) for k, v in f.items()}
        for item in made
    ]


def inlined(layout: str, size: ex.Expr) -> Document | None:
    """What a field gets in place of a layout with a single field, ``None`` if not possible.

    Numbers only where the size is theirs for sure; bytes stay bytes.
    """
    definition = source_definition(("values", layout))
    if len(definition["seq"]) != 1 or "instances" in definition:
        return None
    only = definition["seq"][0]
    kind = only.get("type")
    if kind is None:
        return {}
    if kind == "str":
        return {"type": "str", "encoding": only["encoding"]}
    digits = kind[1:]
    if isinstance(size, ex.Const) and digits.isdigit() and size.value == int(digits):
        return {"type": kind, "size": None}
    return None


def value_type(specialiser: Specialiser, kind: CqlType) -> OutType:
    """The type for a value of ``kind`` that fills a stream of its own."""
    kind = kind.unwrap()
    layout = _LAYOUTS.get(kind.class_name, "blob_value")
    if layout != "vector":
        return specialiser.make(("values", layout), {}, {}, kind)
    vector = cast("VectorType", kind)
    known: dict[str, ex.Expr] = {"num_elements": ex.Const(vector.dimension)}
    length = vector.elements.value_length_if_fixed
    if length < 0:
        return specialiser.make(("values", "variable_vector_value"), known, {}, kind)
    known["len_elements"] = ex.Const(length)
    return specialiser.make(("values", "fixed_vector_value"), known, {}, kind)


def part(index: int) -> Any:
    """A hook: the field's items are of the type's subtype number ``index``."""

    def hook(specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
        return specialiser.plain(scope, source, context=scope.context.subtypes[index])

    return hook


def nullable(specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
    """A hook: the field is a value of the type itself, and may be empty."""
    return typed(specialiser, scope, source, scope.context, may_be_empty=True)


def vector_elements(specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
    """A hook: the field's items are values of the vector's elements' type."""
    return typed(specialiser, scope, source, scope.context.subtypes[0])


def fields(specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
    """A hook: a tuple's or user-defined type's fields, each by its name."""
    kind: CqlType = scope.context
    ids = Ids()
    made: list[Document] = []
    for index, name in enumerate(field_names(kind)):
        made += specialiser.plain(
            scope,
            source,
            condition=ex.parse("not _io.eof"),
            context=kind.subtypes[index],
            changes={
                "id": ids.of(name),
                "repeat": None,
                "doc": f"Field `{name}`, {kind.subtypes[index].cql_name}.",
                "-orig-id": name,
            },
        )
    return made


def field_names(kind: CqlType) -> Sequence[str]:
    """Names of a user-defined type's fields; made up for a tuple."""
    if kind.is_udt:
        return cast("UserType", kind).field_names
    return [f"field_{index}" for index in range(len(kind.subtypes))]


FIELDS = {
    ("values", "collection_value", "elements"): part(0),
    ("values", "map_entry", "key"): part(0),
    ("values", "map_entry", "value"): part(1),
    ("values", "nullable_value", "value"): nullable,
    ("values", "tuple_value", "fields"): fields,
    ("values", "fixed_vector_value", "elements"): vector_elements,
    ("values", "variable_vector_value", "elements"): part(0),
    ("values", "vector_element", "value"): nullable,
}
"""What the layouts of values make of their parts."""
