"""The generated Construct parsers as a backend of the layouts room."""

from __future__ import annotations

from importlib import import_module
from typing import Any, BinaryIO

from construct import ConstructError, StreamError

from cqlite.errors import CorruptSSTableError, TruncatedError, Where


def type_of(path: str) -> Any:
    """The generated Construct type of ``path``, such as ``statistics.body``."""
    spec, _, name = path.partition(".")
    return import_module(f"cqlite._construct.{spec}").TYPES[name]


def parse(path: str, stream: BinaryIO, params: tuple[Any, ...], where: Where, base: int) -> Any:
    """One record of type ``path`` from ``stream``'s position on; see ``layouts.parse``."""
    try:
        return type_of(path).parse_stream(stream, *params)
    except ConstructError as error:
        field = ".".join(filter(None, (path, getattr(error, "path", None))))
        place = where.at(base + (getattr(error, "offset", None) or 0), field)
        # What runs past a sub-stream contradicts the field that gives its size.
        truncated = isinstance(error, StreamError) and not getattr(error, "inner", False)
        kind = TruncatedError if truncated else CorruptSSTableError
        raise kind(f"invalid layout: {getattr(error, 'reason', error)}", place) from error


def num_unread(record: Any) -> int:
    """Bytes behind ``record`` in its stream; see ``layouts.num_unread``."""
    source = record["_io"]
    left: int = source.size - source.pos
    return left


def build(path: str, record: Any, *params: Any) -> bytes:
    """The bytes that ``record`` (from :func:`parse`, possibly changed) stands for."""
    data: bytes = type_of(path).build(record, *params)
    return data
