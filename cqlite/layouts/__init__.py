"""The layouts that the specs describe, as parsers generated from them.

The only way from bytes to fields. A type is named by its spec and its name in it,
``statistics.body`` or ``data.unfiltered``; its parameters are those of the spec.
Objects have the spec's field names as attributes. A field whose condition does not
hold is absent (read it with ``getattr(x, name, None)``).

Three sets of generated parsers serve as backends: ``kaitai``, ``construct`` and ``native``.
The last one, which is what :func:`use` changes, has the parts of Statistics.db and values with
parts decoded in Rust where the native engine is there, and leaves all else to ``kaitai``, which
is imported for it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from functools import cache
from typing import Any, BinaryIO

from cqlite._generated import enums
from cqlite.errors import CorruptSSTableError, Where
from cqlite.layouts import native

_BACKENDS = ("native", "kaitai", "construct")
_backend: ContextVar[str] = ContextVar("cqlite_layouts_backend", default="native")


def parse(
    path: str,
    data: bytes | BinaryIO,
    *params: Any,
    where: Where | None = None,
    base: int = 0,
) -> Any:
    """One object of type ``path``.

    Args:
        path: spec and type, such as ``statistics.body``.
        data: the bytes, or a seekable binary file that stands at the type's start
            and is left standing at its end.
        params: the type's parameters in the spec's order.
        where: file and component, for errors.
        base: offset in the component of ``data``'s position 0, for errors.

    Raises:
        TruncatedError: ``data`` ends too early; offset and field path say where.
        CorruptSSTableError: the bytes break the layout.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    where = where or Where()
    backend = _backend.get()
    if backend == "construct":
        from cqlite.layouts import construct

        return construct.parse(path, stream, params, where, base)
    found = None
    if backend == "native" and path in native.TYPES:
        found = native.parse(path, stream, params)
    if found is None:
        from cqlite.layouts import kaitai

        found = kaitai.parse(path, stream, params, where, base)
    return found


def parse_partial(
    path: str, data: bytes, *params: Any, where: Where | None = None
) -> tuple[Any, CorruptSSTableError | None]:
    """One object of type ``path`` as far as it can be read, and what :func:`parse` raises.

    Fields behind the damage are absent, repeated ones may be incomplete. For salvage;
    always with the ``kaitai`` backend.
    """
    from cqlite.layouts import kaitai

    return kaitai.parse_partial(path, io.BytesIO(data), params, where or Where(), 0)


def num_unread(parsed: Any) -> int:
    """How many bytes are left in the substream that an object has for itself.

    Args:
        parsed: an object of a type that was read from a field with a size.
    """
    if _backend.get() == "construct":
        from cqlite.layouts import construct

        return construct.num_unread(parsed)
    from cqlite.layouts import kaitai

    return kaitai.num_unread(parsed)


def offset_of(parsed: Any, field: str, index: int | None = None) -> int:
    """Where a field starts, in bytes from the start of the stream that it was read from.

    Args:
        parsed: an object from :func:`parse` with the ``kaitai`` backend.
        field: a field that is there.
        index: which of its items, where it is repeated.
    """
    from cqlite.layouts import kaitai

    return kaitai.offset_of(parsed, field, index)


@cache
def enum(path: str) -> type[IntEnum]:
    """The enumeration ``path`` of the specs, such as ``clustering.kind``."""
    name = "".join(part.capitalize() for part in path.replace(".", "_").split("_"))
    found: type[IntEnum] = getattr(enums, name)
    return found


@contextmanager
def use(backend: str) -> Iterator[None]:
    """Parse with ``backend``, one of the three, inside the ``with`` block.

    Raises:
        ValueError: another name.
    """
    if backend not in _BACKENDS:
        raise ValueError(f"no layouts backend {backend!r}")
    token = _backend.set(backend)
    try:
        yield
    finally:
        _backend.reset(token)
