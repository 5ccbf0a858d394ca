"""The one module that the generated Construct schemas build on.

They are made of :class:`Type` objects, one for each type of a spec, which are
constructs like any other: ``parse``, ``parse_stream``, ``build`` and ``build_stream``
take the type's parameters by position or by name. Expressions of the spec are
functions of a :class:`~cqlite.layouts.construct_records.Scope`.

Every error is a ``ConstructError``: ``StreamError`` where bytes are missing,
``ValidationError`` and ``ConstError`` where the spec does not allow a value,
``StringError`` where text does not decode, ``ExpressionError`` where an expression
has no answer. On each, ``offset`` is where in the outermost stream the failing field
starts (``None`` when building), ``inner`` whether that is in a sub-stream, ``path`` the
fields that lead there, and ``reason`` the message without them.
"""

from __future__ import annotations

from enum import IntEnum

from cqlite.layouts.construct_parts import (
    Bits,
    Choice,
    Contents,
    Data,
    Float32b,
    Float32l,
    Float64b,
    Float64l,
    Int8sb,
    Int8ub,
    Int16sb,
    Int16sl,
    Int16ub,
    Int16ul,
    Int32sb,
    Int32sl,
    Int32ub,
    Int32ul,
    Int64sb,
    Int64sl,
    Int64ub,
    Int64ul,
    Line,
    Sized,
    Switch,
    Text,
    Valid,
    substring,
    to_enum,
)
from cqlite.layouts.construct_records import (
    ExpressionError,
    Record,
    UnknownError,
    size_of,
    span_of,
)
from cqlite.layouts.construct_types import (
    At,
    Field,
    Nested,
    RepeatCount,
    RepeatToEnd,
    RepeatUntil,
    Type,
)

__all__ = [
    "At",
    "Bits",
    "Choice",
    "Contents",
    "Data",
    "ExpressionError",
    "Field",
    "Float32b",
    "Float32l",
    "Float64b",
    "Float64l",
    "Int8sb",
    "Int8ub",
    "Int16sb",
    "Int16sl",
    "Int16ub",
    "Int16ul",
    "Int32sb",
    "Int32sl",
    "Int32ub",
    "Int32ul",
    "Int64sb",
    "Int64sl",
    "Int64ub",
    "Int64ul",
    "IntEnum",
    "Line",
    "Nested",
    "Record",
    "RepeatCount",
    "RepeatToEnd",
    "RepeatUntil",
    "Sized",
    "Switch",
    "Text",
    "Type",
    "UnknownError",
    "Valid",
    "size_of",
    "span_of",
    "substring",
    "to_enum",
]
