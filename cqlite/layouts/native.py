"""The decoders generated in Rust as a backend of the layouts room.

Only for types whose objects nobody asks for more than their fields, and that Python reads on
both engines. Bytes that break a layout are left to the Kaitai parsers, which say where.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, BinaryIO

from cqlite.io.native import native_function

TYPES = frozenset(
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
"""What is parsed that way: the parts of Statistics.db, which every opening of an SSTable reads."""


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
