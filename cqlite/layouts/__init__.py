"""The layouts that the specs describe, as parsers generated from them.

The only way from bytes to fields. A type is named by its spec and its name in it,
``statistics.body`` or ``data.unfiltered``; its parameters are those of the spec.
Objects have the spec's field names as attributes. A field whose condition does not
hold is absent (read it with ``getattr(x, name, None)``).

Two sets of generated parsers serve as backends, ``kaitai`` and ``construct``. The
reference engine uses ``kaitai`` unless :func:`use` says otherwise.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from functools import cache
from typing import Any, BinaryIO

from cqlite.errors import CorruptSSTableError, Where
from cqlite.layouts import kaitai

_backend: ContextVar[str] = ContextVar("cqlite_layouts_backend", default="kaitai")


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
    if _backend.get() == "construct":
        from cqlite.layouts import construct

        return construct.parse(path, stream, params, where, base)
    return kaitai.parse(path, stream, params, where, base)


def parse_partial(
    path: str, data: bytes, *params: Any, where: Where | None = None
) -> tuple[Any, CorruptSSTableError | None]:
    """One object of type ``path`` as far as it can be read, and what :func:`parse` raises.

    Fields behind the damage are absent, repeated ones may be incomplete. For salvage;
    always with the ``kaitai`` backend.
    """
    return kaitai.parse_partial(path, io.BytesIO(data), params, where or Where(), 0)


def num_unread(parsed: Any) -> int:
    """How many bytes are left in the substream that an object has for itself.

    Args:
        parsed: an object of a type that was read from a field with a size.
    """
    if _backend.get() == "construct":
        from cqlite.layouts import construct

        return construct.num_unread(parsed)
    return kaitai.num_unread(parsed)


def offset_of(parsed: Any, field: str, index: int | None = None) -> int:
    """Where a field starts, in bytes from the start of the stream that it was read from.

    Args:
        parsed: an object from :func:`parse` with the ``kaitai`` backend.
        field: a field that is there.
        index: which of its items, where it is repeated.
    """
    return kaitai.offset_of(parsed, field, index)


@cache
def enum(path: str) -> type[IntEnum]:
    """The enumeration ``path`` of the specs, such as ``clustering.kind``."""
    found: type[IntEnum] = kaitai.type_class(path)
    return found


@contextmanager
def use(backend: str) -> Iterator[None]:
    """Parse with ``backend``, ``kaitai`` or ``construct``, inside the ``with`` block.

    Raises:
        ValueError: another name.
    """
    if backend not in ("kaitai", "construct"):
        raise ValueError(f"no layouts backend {backend!r}")
    token = _backend.set(backend)
    try:
        yield
    finally:
        _backend.reset(token)
