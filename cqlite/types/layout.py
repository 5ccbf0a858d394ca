"""The way between values that have parts and the layouts of ``specs/values.ksy``."""

from __future__ import annotations

import io
from typing import Any

from cqlite.errors import CorruptSSTableError
from cqlite.records import made, record
from cqlite.types.base import CqlType


def parse(owner: CqlType, name: str, data: bytes, *params: Any, exact: bool = True) -> Any:
    """``data`` as the layout ``name``, which must take all of it if ``exact``.

    Raises:
        InvalidValueError: it does not fit; the message names the type and the field.
    """
    # The parsers are loaded where there is something to parse: most values have no parts.
    from cqlite import layouts

    stream = io.BytesIO(data)
    try:
        parsed = layouts.parse(f"values.{name}", stream, *params)
    except CorruptSSTableError as error:
        owner._refuse(data, str(error))
    rest = len(data) - stream.tell()
    if exact and rest:
        owner._refuse(data, f"{rest} bytes after the end of the value")
    return parsed


@record
class Part:
    """A layout to be built: its name, its parameters and its fields.

    A field is a number, bytes, another Part, or a list of these.
    """

    name: str
    params: tuple[Any, ...] = ()
    fields: dict[str, Any] = made(default_factory=dict)


def build(name: str, *params: Any, **fields: Any) -> bytes:
    """The bytes of the layout ``name`` with these fields."""
    from cqlite.layouts import kaitai

    return kaitai.build(_make(Part(name, params, fields), None))


def part(name: str, *params: Any, **fields: Any) -> Part:
    """A field that is itself a layout of the values."""
    return Part(name, params, fields)


def unsigned(value: int) -> Part:
    """A field of the layout ``vint``."""
    from cqlite.codec import vint

    return _vint(vint.encode_unsigned(value))


def signed(value: int) -> Part:
    """A field of the layout ``vint``, in zigzag form."""
    from cqlite.codec import vint

    return _vint(vint.encode_signed(value))


def nullable(value: bytes | None) -> Part:
    """A value inside another one, or a null."""
    if value is None:
        return part("nullable_value", len_value=-1)
    return part("nullable_value", len_value=len(value), value=value)


def _vint(encoded: bytes) -> Part:
    return Part("vint", (), {"first": encoded[0], "extra": encoded[1:]})


def _make(what: Part, parent: Any) -> Any:
    from cqlite.layouts import kaitai

    if what.name == "vint":
        made = kaitai.type_class("vint")()
    else:
        made = kaitai.type_class(f"values.{what.name}")(*what.params, None, parent, None)
    for name, value in what.fields.items():
        setattr(made, name, _field(value, made))
    made._check()
    return made


def _field(value: Any, parent: Any) -> Any:
    if isinstance(value, Part):
        return _make(value, parent)
    if isinstance(value, list):
        return [_field(item, parent) for item in value]
    return value
