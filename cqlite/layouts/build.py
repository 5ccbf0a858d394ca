"""From fields to bytes: the generated encoders behind a few functions.

Objects are made from the inside out: those that others hold come first. Each is checked
against its spec as it is made. A field is an integer, bytes, text, another object, or a
list of these; one whose condition does not hold must be left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kaitaistruct import KaitaiStream, ReadWriteKaitaiStruct

from cqlite.codec import vint as codec
from cqlite.layouts.kaitai import type_class

_LONG = 0xFFFFFFFFFFFFFFFF
_CACHED_NUMBERS = 1 << 14


class _Sink(KaitaiStream):  # type: ignore[misc]
    """A stream in memory that grows, where the library's own has a size from the start."""

    def _ensure_bytes_left_to_write(self, n: int, pos: int) -> None:
        """There always are."""


def make(path: str, /, *params: Any, **fields: Any) -> Any:
    """An object of type ``path`` that :func:`encoded` makes bytes of.

    Args:
        path: spec and type, such as ``data.row_body``.
        params: the type's parameters in the spec's order.
        fields: the type's fields. An object can be a field of several others in turn.

    Raises:
        kaitaistruct.KaitaiStructError: the fields contradict one another or the spec.
    """
    made = type_class(path)(*params)
    state: dict[str, Any] = made.__dict__
    for name in list(state):
        if name.endswith("__enabled"):
            # What has a position shows bytes that others write.
            state[name] = False
    for name, value in fields.items():
        state[name] = value
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, ReadWriteKaitaiStruct):
                item.__dict__["_parent"] = made
    made._check()
    return made


def blank(path: str, /, *params: Any) -> Any:
    """An object of type ``path`` without its fields, for what follows from parameters alone."""
    return type_class(path)(*params)


def encoded(made: Any, size: int | None = None) -> bytes:
    """The bytes of an object.

    Args:
        made: from :func:`make`.
        size: length in bytes, needed where a list of the type goes on to the end.
    """
    stream = _Sink(io.BytesIO()) if size is None else KaitaiStream(io.BytesIO(bytes(size)))
    made._write__seq(stream)
    stream.write_align_to_byte()
    stream.write_back_child_streams()
    data: bytes = stream._io.getvalue()
    return data


def build(path: str, /, *params: Any, **fields: Any) -> bytes:
    """The bytes of an object of type ``path``; see :func:`make`."""
    return encoded(make(path, *params, **fields))


def settle(made: Any) -> int:
    """Encodes an object once and for all; its length in bytes.

    For what stands in others behind its own length, which would encode it again.
    """
    data = encoded(made)
    made.__dict__["_write__seq"] = lambda stream: stream.write_bytes(data)
    return len(data)


def vint(value: int) -> Any:
    """A field of type ``vint`` for an integer, taken modulo 2^64."""
    return _copy(_vint(codec.encode_unsigned(value & _LONG)))


def signed_vint(value: int) -> Any:
    """A field of type ``vint`` for a signed integer in zigzag form."""
    return _copy(_vint(codec.encode_signed(value)))


@lru_cache(_CACHED_NUMBERS)
def _vint(data: bytes) -> Any:
    return make("vint", first=data[0], extra=data[1:])


def _copy(made: Any) -> Any:
    """Another object of the same fields.

    What is cached must not be a field itself: it would hold on to the object that it is in,
    and that to all others of a row.
    """
    copy = object.__new__(type(made))
    copy.__dict__.update(made.__dict__)
    return copy


def vints(values: Iterable[int]) -> list[Any]:
    """A list of fields of type ``vint``."""
    return [vint(value) for value in values]
