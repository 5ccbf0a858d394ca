"""The decoders generated in Rust as a backend of the layouts room.

Only for types whose objects nobody asks for more than their fields, and that Python reads on
both engines. Bytes that break a layout are left to the Kaitai parsers, which say where.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, BinaryIO

from cqlite.io.native import native_function

STATISTICS = frozenset(
    f"statistics.{name}"
    for name in (
        "toc",
        "checksummed",
        "validation_metadata",
        "compaction_metadata",
        "stats_metadata",
        "serialization_header",
    )
)
"""The parts of Statistics.db, which every opening of an SSTable reads."""

VALUES = frozenset(
    f"values.{name}_value"
    for name in (
        "collection",
        "map",
        "tuple",
        "fixed_vector",
        "variable_vector",
        "composite",
        "dynamic_composite",
        "counter",
        "decimal",
        "duration",
    )
)
"""Values that have parts, which rows have many of."""

TYPES = STATISTICS | VALUES
"""What is parsed that way."""


class Number(int):
    """A number of an enumeration, with its name."""

    name: str

    def __new__(cls, value: int, name: str) -> Number:
        made = super().__new__(cls, value)
        made.name = name
        return made


def parse(path: str, stream: BinaryIO, params: tuple[int, ...]) -> Any | None:
    """One object of type ``path``, one of ``TYPES``, from ``stream``'s position on.

    ``None`` where the native engine is not there or the bytes break the layout; the stream
    is left where it stood then.
    """
    decode = native_function("layout")
    if decode is None:
        return None
    start = stream.tell()
    found = decode(path, stream.read(), params, SimpleNamespace, Number)
    if found is None:
        stream.seek(start)
        return None
    parsed, size = found
    stream.seek(start + size)
    return parsed
