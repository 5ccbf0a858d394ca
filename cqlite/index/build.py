"""Clusterings and deletion times as objects of the layouts, for writers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from cqlite import layouts
from cqlite.errors import InvalidValueError
from cqlite.index.model import ClusteringKind, ClusteringPrefix, Deletion
from cqlite.layouts import build

_OA = int(layouts.enum("version.id")["oa"])
_BLOCK = 32
_LIVE_SECONDS = 0x7FFFFFFF
_LIVE_TIMESTAMP = -0x8000000000000000
_CLUSTERING = ClusteringKind["clustering"]


def clustering_values(shapes: list[int], values: Sequence[bytes | None]) -> Any:
    """An object ``clustering::values``.

    Args:
        shapes: length of each clustering column's values, -1 if variable.
        values: serialized values of the first columns, ``None`` for null.
    """
    count = len(values)
    blocks = [
        _block(shapes, first, count, values[first : first + _BLOCK])
        for first in range(0, count, _BLOCK)
    ]
    return build.make("clustering.values", shapes, count, blocks=blocks)


def _block(shapes: list[int], first: int, count: int, values: Sequence[bytes | None]) -> Any:
    header, items = block_items(shapes[first:], values)
    return build.make("clustering.block", shapes, first, count, header=header, items=items)


def block_items(shapes: Sequence[int], values: Sequence[bytes | None]) -> tuple[Any, list[Any]]:
    """Header and items of a block of up to 32 values, whose shapes are the first ones given."""
    bits = 0
    for index, value in enumerate(values):
        if not value:
            bits |= (2 if value is None else 1) << 2 * index
    header = build.vint(bits)
    items = []
    for index, (shape, value) in enumerate(zip(shapes, values, strict=False)):
        fields: dict[str, Any] = {}
        if value:
            fields["value"] = value
            if shape < 0:
                fields["len_value"] = build.vint(len(value))
        items.append(build.make("clustering.value", shape, header, index, **fields))
    return header, items


def clustering_prefix(shapes: list[int], prefix: ClusteringPrefix) -> Any:
    """An object ``clustering::prefix``; ``shapes`` as for :func:`clustering_values`."""
    fields: dict[str, Any] = {"values": clustering_values(shapes, prefix.values)}
    if prefix.kind != _CLUSTERING:
        fields["num_bound_values"] = len(prefix.values)
    return build.make("clustering.prefix", shapes, kind=prefix.kind, **fields)


def deletion_time(version: int, deletion: Deletion | None) -> Any:
    """An object ``deletion_time::deletion``.

    Args:
        version: number of the format version.
        deletion: microseconds and seconds, ``None`` where nothing is deleted.

    Raises:
        InvalidValueError: since ``oa`` the sign of the microseconds tells that nothing is
            deleted, so no deletion can have a negative one.
    """
    if deletion is None:
        return _live(version)
    timestamp, seconds = deletion
    if version < _OA:
        seconds = min(seconds, _LIVE_SECONDS - 1)
        return _legacy(version, timestamp, seconds)
    if timestamp < 0:
        raise InvalidValueError(
            f"a deletion of a partition or range at {timestamp} microseconds; oa and later have "
            "no deletions before 1970"
        )
    modern = build.make(
        "deletion_time.modern",
        head=timestamp >> 56,
        second=timestamp >> 48 & 0xFF,
        third=timestamp >> 32 & 0xFFFF,
        low=timestamp & 0xFFFFFFFF,
        local_deletion_time=seconds,
    )
    return build.make("deletion_time.deletion", version, modern=modern)


@cache
def _live(version: int) -> Any:
    if version < _OA:
        return _legacy(version, _LIVE_TIMESTAMP, _LIVE_SECONDS)
    modern = build.make("deletion_time.modern", head=0x80)
    return build.make("deletion_time.deletion", version, modern=modern)


def _legacy(version: int, timestamp: int, seconds: int) -> Any:
    legacy = build.make(
        "deletion_time.legacy", marked_for_delete_at=timestamp, local_deletion_time=seconds
    )
    return build.make("deletion_time.deletion", version, legacy=legacy)
