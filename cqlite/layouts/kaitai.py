"""The generated Kaitai parsers as a backend of the layouts room."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO

from kaitaistruct import ConsistencyError, KaitaiStream, KaitaiStructError

from cqlite.errors import CorruptSSTableError, TruncatedError, Where
from cqlite.layouts.kaitai_prelude import ReadWriteKaitaiStruct

# What generated code raises on bytes that break the layout: its own errors, and
# Python's where an expression of the spec has no answer (an index out of range, a
# field that is absent, a string that is not UTF-8).
FAILURES = (
    KaitaiStructError,
    EOFError,
    ValueError,
    IndexError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RecursionError,
)


def camel(name: str) -> str:
    """The class name that the Kaitai compiler makes of a spec's ``name``."""
    return "".join(part.capitalize() for part in name.split("_"))


@cache
def type_class(path: str) -> Any:
    """The generated class of ``path``, such as ``statistics.body``; ``vint`` is a root."""
    spec, *names = path.split(".")
    found = getattr(import_module(f"cqlite._generated.{spec}"), camel(spec))
    for name in names:
        found = getattr(found, camel(name))
    return found


def parse(path: str, stream: BinaryIO, params: tuple[Any, ...], where: Where, base: int) -> Any:
    """One object of type ``path`` from ``stream``'s position on; see ``layouts.parse``."""
    parsed, error = parse_partial(path, stream, params, where, base)
    if error is not None:
        raise error
    return parsed


def parse_partial(
    path: str, stream: BinaryIO, params: tuple[Any, ...], where: Where, base: int
) -> tuple[Any, CorruptSSTableError | None]:
    """The same as far as it goes; see ``layouts.parse_partial``."""
    parsed = type_class(path)(*params, KaitaiStream(stream))
    try:
        parsed._read()
    except FAILURES as error:
        translated = _translate(error, parsed, where, base, path)
        translated.__cause__ = error
        return parsed, translated
    return parsed, None


def build(parsed: Any) -> bytes:
    """The bytes that ``parsed`` (from :func:`parse`, possibly changed) stands for."""
    _leave_out_views(parsed)
    _check(parsed)
    size = 1 << 16
    while True:
        stream = KaitaiStream(io.BytesIO(bytes(size)))
        try:
            parsed._write(stream)
        except EOFError:
            size *= 4
        except ConsistencyError:
            # A field that runs to the end, and the buffer is longer.
            if stream.pos() >= size:
                raise
            size = stream.pos()
        else:
            end = stream.pos()
            return bytes(stream.to_byte_array()[:end])


def _leave_out_views(parsed: Any) -> None:
    """Keeps instances with a position, which show bytes that are elsewhere, from being written."""
    for name in [name for name in vars(parsed) if name.endswith("__enabled")]:
        setattr(parsed, name, False)
    for item in _objects_in(parsed):
        _leave_out_views(item)


def _check(parsed: Any) -> None:
    """Checks an object and all in it against the spec; raises ConsistencyError."""
    parsed._check()
    for item in _objects_in(parsed):
        _check(item)


def _objects_in(parsed: Any) -> Iterator[Any]:
    """The objects that are fields of an object, or items of such."""
    for name, value in list(vars(parsed).items()):
        if not name.startswith("_"):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, ReadWriteKaitaiStruct):
                    yield item


def num_unread(parsed: Any) -> int:
    """Bytes behind ``parsed`` in its stream; see ``layouts.num_unread``."""
    stream = getattr(parsed, "_io", None)
    if stream is None or stream.is_eof():
        return 0
    left: int = stream.size() - stream.pos()
    return left


def offset_of(parsed: Any, field: str, index: int | None = None) -> int:
    """Where ``field`` of ``parsed`` starts in its stream; see ``layouts.offset_of``."""
    span = parsed._debug[field]
    start: int = span["start"] if index is None else span["arr"][index]["start"]
    return start


def failing_field(parsed: Any, base: int) -> tuple[int, str, bool]:
    """Where reading stopped: absolute offset, field path, and whether in a substream."""
    names: list[str] = []
    offset = base
    in_substream = False
    while True:
        name, started, index = _unfinished(parsed)
        if name is None:
            # Every field was read: the last one has a value that is not valid.
            name, started = _last(parsed)
            names.extend(filter(None, [name]))
            return offset if name is None else base + started, ".".join(names), in_substream
        names.append(name if index is None else f"{name}[{index}]")
        child: Any = getattr(parsed, name, None)
        if index is not None and isinstance(child, list):
            child = child[index] if index < len(child) else None
        if not hasattr(child, "_debug"):
            return base + started, ".".join(names), in_substream
        offset = base + started
        if child._io is not parsed._io:
            base += started
            in_substream = True
        parsed = child


def _unfinished(parsed: Any) -> tuple[str | None, int, int | None]:
    """The field of ``parsed`` that was started and not ended: name, position, array index."""
    for name, span in reversed(parsed._debug.items()):
        if "start" in span and "end" not in span:
            items = span.get("arr")
            if items and "end" not in items[-1]:
                return name, items[-1]["start"], len(items) - 1
            return name, span["start"], None
    return None, 0, None


def _last(parsed: Any) -> tuple[str | None, int]:
    """Name and position of the field of ``parsed`` that was read last."""
    for name, span in reversed(parsed._debug.items()):
        if "start" in span:
            return name, span["start"]
    return None, 0


def _translate(
    error: BaseException, parsed: Any, where: Where, base: int, path: str
) -> CorruptSSTableError:
    offset, field, in_substream = failing_field(parsed, base)
    place = where.at(offset, ".".join(filter(None, (path, field))))
    if isinstance(error, EOFError):
        if in_substream:
            return CorruptSSTableError("the field runs past the end of what holds it", place)
        return TruncatedError("the data ends before the field does", place)
    reason = str(error).split("\n")[0] or type(error).__name__
    return CorruptSSTableError(f"invalid layout: {reason}", place)
