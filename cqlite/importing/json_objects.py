"""JSON values one after another in a long text, without holding all of it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from cqlite.errors import CqliteError, Where
from cqlite.importing.convert import JSON

_BLOCK = 1 << 18
_BETWEEN = re.compile(r"[ \t\r\n,\[\]]*")


def json_objects(file: IO[bytes], where: Where) -> Iterator[Any]:
    """The objects at the top of a text, whether in arrays or in lines, as ``parse_json`` has them.

    Args:
        file: the text, in UTF-8.
        where: it is, for errors.

    Raises:
        CqliteError: it is malformed, or ends within an array.
    """
    decode = codecs.getincrementaldecoder("utf-8")().decode
    text, at, depth = "", 0, 0
    block = b"\n"
    while block:
        # An object longer than a block is tried again when there is twice as much.
        block = file.read(max(_BLOCK, len(text) - at))
        try:
            text, at = text[at:] + decode(block, final=not block), 0
        except UnicodeDecodeError as error:
            raise CqliteError(f"not UTF-8: {error}", where) from None
        while True:
            between = _between(text, at)
            depth += between.count("[") - between.count("]")
            at += len(between)
            found = _next(text, at, where, is_all=not block)
            if found is None:
                break
            value, at = found
            yield value
    if depth:
        raise CqliteError("not JSON: it ends within an array", where)


def _between(text: str, at: int) -> str:
    match = _BETWEEN.match(text, at)
    return match[0] if match else ""


def _next(text: str, at: int, where: Where, *, is_all: bool) -> tuple[Any, int] | None:
    """The value at a place and where it ends, ``None`` if there is not all of it."""
    try:
        return JSON.raw_decode(text, at)
    except json.JSONDecodeError as error:
        if is_all and at < len(text):
            raise CqliteError(f"not JSON: {error}", where) from None
        return None
    except RecursionError:
        raise CqliteError("not JSON: too deep", where) from None
    except ValueError as error:
        raise CqliteError(f"not JSON: {error}", where) from None
