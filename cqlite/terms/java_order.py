"""The order in which Java's hash maps have names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_BUCKETS: Final = 16
_LOAD: Final = 0.75
_MASK: Final = 0xFFFFFFFF


def java_order(names: Sequence[str]) -> list[str]:
    """Names in the order of a ``java.util.HashMap`` whose keys are their bytes.

    The hash is that of ``java.nio.ByteBuffer``; a bucket has its names as they came.
    """
    buckets = _BUCKETS
    while len(names) > buckets * _LOAD:
        buckets *= 2
    return sorted(names, key=lambda name: _spread(_hash(name.encode())) % buckets)


def _hash(data: bytes) -> int:
    found = 1
    for byte in reversed(data):
        signed = byte - 256 if byte > 127 else byte
        found = (31 * found + signed) & _MASK
    return found


def _spread(found: int) -> int:
    return found ^ (found >> 16)
