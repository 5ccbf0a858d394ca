"""Writes tries as Partitions.db has them, independently of the specs, for tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS = (
    "payload_only",
    "single_nopayload_4",
    "single_8",
    "single_nopayload_12",
    "single_16",
    "sparse_8",
    "sparse_12",
    "sparse_16",
    "sparse_24",
    "sparse_40",
    "dense_12",
    "dense_16",
    "dense_24",
    "dense_32",
    "dense_40",
    "long_dense",
)
"""The types of nodes in the order of their numbers."""


def packed(deltas: list[int]) -> bytes:
    """Twelve bits each, filled up to whole bytes with zeros."""
    digits = "".join(f"{delta:03x}" for delta in deltas)
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def pointers(kind: str, deltas: list[int]) -> bytes:
    """The pointers of a node that has them in an array."""
    bits = 64 if kind == "long_dense" else int(kind.rsplit("_", 1)[1])
    if bits == 12:
        return packed(deltas)
    return b"".join(delta.to_bytes(bits // 8, "big") for delta in deltas)


def node(kind: str, bits: int, deltas: Mapping[int, int]) -> bytes:
    """A node without its payload.

    Args:
        kind: one of `KINDS`.
        bits: the payload's bits.
        deltas: the distance back to the child for each transition.
    """
    transitions = sorted(deltas)
    values = [deltas[t] for t in transitions]
    number = KINDS.index(kind)
    if kind == "single_nopayload_4":
        return bytes((number << 4 | values[0], transitions[0]))
    if kind == "single_nopayload_12":
        return (number << 12 | values[0]).to_bytes(2, "big") + bytes(transitions)
    head = bytes((number << 4 | bits,))
    if kind == "payload_only":
        return head
    if kind.startswith("single"):
        return head + bytes(transitions) + pointers(kind, values)
    if kind.startswith("sparse"):
        return head + bytes((len(values), *transitions)) + pointers(kind, values)
    first, last = transitions[0], transitions[-1]
    slots = [deltas.get(t, 0) for t in range(first, last + 1)]
    return head + bytes((first, last - first)) + pointers(kind, slots)


def payload(position: int, hash_byte: int | None = None) -> tuple[int, bytes]:
    """A payload of Partitions.db and its bits."""
    size = position.bit_length() // 8 + 1
    raw = position.to_bytes(size, "big", signed=True)
    return (size, raw) if hash_byte is None else (size + 7, bytes((hash_byte,)) + raw)


def fitting(kind: str, deltas: Mapping[int, int], has_payload: bool) -> bool:
    """Whether a type of node can take these transitions."""
    largest = max(deltas.values(), default=0)
    if not deltas or kind == "payload_only":
        return kind == "payload_only" and not deltas
    bits = 64 if kind == "long_dense" else int(kind.rsplit("_", 1)[1])
    if largest >= 1 << bits or (has_payload and "nopayload" in kind):
        return False
    return len(deltas) == 1 or not kind.startswith("single")


@dataclass
class Branch:
    """A node with what it leads to."""

    position: int | None = None
    children: dict[int, Branch] = field(default_factory=dict)


def write(entries: Mapping[bytes, int]) -> tuple[bytes, int]:
    """A trie's bytes and its root's position, with all types of nodes in turn.

    Args:
        entries: payloads' positions by paths.
    """
    root = Branch()
    for path, position in entries.items():
        place = root
        for byte in path:
            place = place.children.setdefault(byte, Branch())
        place.position = position
    out = bytearray()
    position = _write(root, out, itertools.cycle(range(len(KINDS))))
    return bytes(out), position


def _write(branch: Branch, out: bytearray, turn: Iterator[int]) -> int:
    places = {byte: _write(child, out, turn) for byte, child in branch.children.items()}
    position = len(out)
    deltas = {byte: position - place for byte, place in places.items()}
    bits, raw = (0, b"") if branch.position is None else payload(branch.position)
    start = next(turn)
    kinds = (KINDS[(start + i) % len(KINDS)] for i in range(len(KINDS)))
    kind = next(k for k in kinds if fitting(k, deltas, bool(bits)))
    out += node(kind, bits, deltas) + raw
    return position
