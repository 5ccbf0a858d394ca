"""Which type of node a trie's node is written as, how long that is, and its bytes.

Follows ``TrieNode``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cqlite import layouts
from cqlite.codec import be
from cqlite.layouts.build import make

_KINDS = layouts.enum("trie.kind")
_NO_PAYLOAD_4, _NO_PAYLOAD_12 = "single_nopayload_4", "single_nopayload_12"


@dataclass(frozen=True, slots=True)
class _Width:
    """A width of pointers and the types of node that have it.

    Attributes:
        limit: the largest distance that fits.
        single: type for one child; a dense one where there is no other.
        sparse: type that lists transitions.
        dense: type for a range of transitions.
    """

    limit: int
    single: str
    sparse: str
    dense: str


_WIDTHS = (
    _Width(0xF, _NO_PAYLOAD_4, "sparse_8", "dense_12"),
    _Width(0xFF, "single_8", "sparse_8", "dense_12"),
    _Width(0xFFF, _NO_PAYLOAD_12, "sparse_12", "dense_12"),
    _Width(0xFFFF, "single_16", "sparse_16", "dense_16"),
    _Width(0xFFFFFF, "dense_24", "sparse_24", "dense_24"),
    _Width(0xFFFFFFFF, "dense_32", "sparse_40", "dense_32"),
    _Width(0xFFFFFFFFFF, "dense_40", "sparse_40", "dense_40"),
    _Width(0x7FFFFFFFFFFFFFFF, "long_dense", "long_dense", "long_dense"),
)
_POINTER_BYTES = {"8": 1, "16": 2, "24": 3, "32": 4, "40": 5}


def _pointer_bytes(kind: str) -> int:
    """Bytes of a pointer; 0 where pointers have 12 bits or the type of node has none."""
    return 8 if kind == "long_dense" else _POINTER_BYTES.get(kind.rpartition("_")[2], 0)


def choose(transitions: Sequence[int], distance: int, has_payload: bool) -> tuple[str, int]:
    """The type of a node, a name of ``trie::kind``, and its length without payload.

    Args:
        transitions: the bytes that lead to its children, ascending.
        distance: bytes back to the farthest child.
        has_payload: whether a payload follows.
    """
    if not transitions:
        return "payload_only", 1
    index = next(i for i, width in enumerate(_WIDTHS) if distance <= width.limit)
    if len(transitions) == 1:
        if has_payload and _WIDTHS[index].single in (_NO_PAYLOAD_4, _NO_PAYLOAD_12):
            index += 1
        kind = _WIDTHS[index].single
        return kind, _size(kind, transitions)
    sparse, dense = _WIDTHS[index].sparse, _WIDTHS[index].dense
    sparse_size, dense_size = _size(sparse, transitions), _size(dense, transitions)
    return (sparse, sparse_size) if sparse_size < dense_size else (dense, dense_size)


def _size(kind: str, transitions: Sequence[int]) -> int:
    if kind == _NO_PAYLOAD_4:
        return 2
    if kind == _NO_PAYLOAD_12:
        return 3
    width = _pointer_bytes(kind)
    count = len(transitions)
    if kind.startswith("single"):
        return 2 + width
    if kind.startswith("sparse"):
        pointers = count * width if width else (count * 3 + 1) // 2
        return 2 + count + pointers
    count = transitions[-1] - transitions[0] + 1
    return 3 + (count * width if width else (count * 3 + 1) // 2)


def node(kind: str, transitions: Sequence[int], distances: Sequence[int], bits: int) -> Any:
    """An object ``trie::node``.

    Args:
        kind: name of the type, from :func:`choose`.
        transitions: the bytes that lead to its children, ascending.
        distances: bytes back to each child.
        bits: what tells of the payload, 0 without one.
    """
    fields: dict[str, Any] = {"kind": _KINDS[kind], "low_bits": bits}
    if kind == _NO_PAYLOAD_4:
        fields |= {"low_bits": distances[0], "transitions": list(transitions)}
    elif kind == _NO_PAYLOAD_12:
        fields["low_bits"], fields["single_low_byte"] = divmod(distances[0], 0x100)
        fields["transitions"] = list(transitions)
    elif kind != "payload_only":
        fields |= _with_pointers(kind, transitions, distances)
    return make("trie.node", **fields)


def _with_pointers(
    kind: str, transitions: Sequence[int], distances: Sequence[int]
) -> dict[str, Any]:
    if "dense" in kind:
        first, last = transitions[0], transitions[-1]
        fields: dict[str, Any] = {"first_transition": first, "last_slot": last - first}
        by_transition = dict(zip(transitions, distances, strict=True))
        distances = [by_transition.get(byte, 0) for byte in range(first, last + 1)]
    else:
        fields = {"transitions": list(transitions)}
        if kind.startswith("sparse"):
            fields["num_transitions"] = len(transitions)
    width = _pointer_bytes(kind)
    return fields | (_pointers(distances, width) if width else _packed(distances))


def _pointers(distances: Sequence[int], width: int) -> dict[str, Any]:
    return {
        "pointers": [
            make("trie.pointer", width, bytes=be.pack_unsigned(distance, width))
            for distance in distances
        ]
    }


def _packed(distances: Sequence[int]) -> dict[str, Any]:
    pairs = [
        make("trie.pointer_pair", first=first, second=second)
        for first, second in zip(distances[::2], distances[1::2], strict=False)
    ]
    fields: dict[str, Any] = {"pairs": pairs}
    if len(distances) % 2:
        fields["odd"] = make("trie.odd_pointer", first=distances[-1], padding=0)
    return fields


def size_of_int(value: int) -> int:
    """Length in bytes of a ``trie::sized_int`` that is never empty (``nonZeroSize``)."""
    return (value if value >= 0 else ~value).bit_length() // 8 + 1


def sized_int(value: int) -> Any:
    """An object ``trie::sized_int`` of :func:`size_of_int` bytes."""
    size = size_of_int(value)
    return make("trie.sized_int", size, bytes=be.pack_signed(value, size))
