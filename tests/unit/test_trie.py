"""Tries of BTI indexes: every type of node, and walks checked against sorted lists."""

from __future__ import annotations

import io
import random

import pytest

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, TruncatedError, Where
from cqlite.index.trie import Trie
from cqlite.layouts import kaitai
from tests.unit import tries

LEAF = b"\x01\x05"
"""A node with nothing but a payload of one byte."""


def trie(data: bytes, root: int) -> Trie:
    return Trie(io.BytesIO(data), root, "partitions.node", (), Where(component="Partitions.db"))


def transitions(kind: str) -> list[int]:
    if kind == "payload_only":
        return []
    return (
        [0x41] if kind.startswith("single") else [0x00, 0x10, 0x11, 0x80, 0xFF][: 4 + len(kind) % 2]
    )


@pytest.mark.parametrize("has_payload", [False, True])
@pytest.mark.parametrize("kind", tries.KINDS)
def test_node(kind: str, has_payload: bool) -> None:
    has_payload = (has_payload or kind == "payload_only") and "nopayload" not in kind
    prefix = LEAF * 6
    children = [2 * i for i in range(len(transitions(kind)))]
    deltas = {t: len(prefix) - child for t, child in zip(transitions(kind), children, strict=True)}
    bits, payload = tries.payload(-300, hash_byte=7) if has_payload else (0, b"")
    data = prefix + tries.node(kind, bits, deltas) + payload

    found = trie(data, len(prefix)).node(len(prefix))
    assert found.transitions == tuple(transitions(kind))
    assert found.children == tuple(children)
    assert found.end == len(data)
    assert (found.payload is not None) == has_payload
    if has_payload:
        assert found.payload.hash_byte == 7
        assert not found.payload.is_in_rows
        assert found.payload.position == 299

    parsed = layouts.parse("partitions.node", data[len(prefix) :])
    assert parsed.node.kind == layouts.enum("trie.kind")[kind]
    assert parsed.node.payload_bits == bits
    assert kaitai.build(parsed) == data[len(prefix) :]


@pytest.mark.parametrize("kind", tries.KINDS[1:])
def test_the_spec_descends_by_itself(kind: str) -> None:
    prefix = LEAF * 6
    deltas = {t: len(prefix) - 2 * i for i, t in enumerate(transitions(kind))}
    data = prefix + tries.node(kind, 0, deltas)
    stream = io.BytesIO(data)
    stream.seek(len(prefix))
    branch = layouts.parse("partitions.branch", stream, len(prefix))
    found = {c.edge.transition: c for c in branch.children if c.edge.delta}
    assert {t: c.edge.delta for t, c in found.items()} == deltas
    assert all(c.branch.node.payload.position == 5 for c in found.values())


def test_payloads_of_any_size() -> None:
    for position in (0, 1, 127, 128, -1, -128, -129, 2**31, -(2**31) - 1, 2**55, 2**62, -(2**62)):
        bits, raw = tries.payload(position, hash_byte=0xAB)
        parsed = layouts.parse("partitions.payload", raw, bits)
        assert parsed.is_in_rows == (position >= 0)
        assert parsed.position == (position if position >= 0 else ~position)
        bits, raw = tries.payload(position) if -(2**55) <= position < 2**55 else (0, b"")
        if bits:
            assert (
                layouts.parse("partitions.payload", raw, bits).position_or_inverse.value == position
            )


def some_paths(rng: random.Random, prefix_free: bool) -> list[bytes]:
    alphabet = rng.choice([b"ab", bytes(range(256)), b"\0\1\xfe\xff"])
    count = rng.randrange(1, 60)
    paths = sorted({bytes(rng.choices(alphabet, k=rng.randrange(1, 7))) for _ in range(count)})
    if prefix_free:
        return [p for p in paths if not any(q != p and q.startswith(p) for q in paths)]
    return paths


def keys_about(rng: random.Random, paths: list[bytes]) -> list[bytes]:
    keys = []
    for path in paths:
        keys += [
            path,
            path[:-1],
            path + b"\0",
            path + b"zz",
            path[:-1] + bytes((rng.randrange(256),)),
        ]
    return keys


@pytest.mark.parametrize("seed", range(40))
def test_walks(seed: int) -> None:
    rng = random.Random(seed)
    paths = some_paths(rng, prefix_free=seed % 2 == 0)
    data, root = tries.write({path: i for i, path in enumerate(paths)})
    subject = trie(data, root)
    assert [(p, n.payload.position) for p, n in subject.walk()] == [
        (p, i) for i, p in enumerate(paths)
    ]
    for key in keys_about(rng, paths):
        below = [p for p in paths if p <= key]
        floor = subject.floor(key)
        assert (floor[0] if floor else None) == (below[-1] if below else None)

        from_key = [p for p, _ in subject.walk(key)]
        prefix = [p for p in below[-1:] if key.startswith(p)]
        assert from_key == (prefix + [p for p in paths if p > key] if key else paths)

        node = subject.candidate(key)
        longest = max((p for p in paths if key.startswith(p)), default=None)
        is_leaf = longest and not any(p != longest and p.startswith(longest) for p in paths)
        expected = longest if longest is not None and (is_leaf or longest == key) else None
        assert (paths[node.payload.position] if node else None) == expected


def test_the_empty_path_can_have_a_payload() -> None:
    data, root = tries.write({b"": 1, b"a": 2})
    subject = trie(data, root)
    assert [p for p, _ in subject.walk()] == [b"", b"a"]
    assert subject.floor(b"A") is not None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tries.node("single_8", 0, {1: 0}), "a pointer leads to"),
        (tries.node("single_8", 0, {1: 9}), "a pointer leads to -"),
        (tries.node("single_nopayload_4", 0, {1: 0}), "a pointer leads to"),
        (tries.node("long_dense", 0, {1: 2**63}), "a pointer leads to"),
        (b"\x00", "no payload"),
        (b"\x50\x00", "invalid layout"),
        (tries.node("dense_16", 0, {1: 1, 2: 1}).replace(b"\1\1", b"\xff\x01"), "invalid layout"),
    ],
)
def test_damaged_nodes(data: bytes, message: str) -> None:
    subject = trie(LEAF + data, len(LEAF))
    with pytest.raises(CorruptSSTableError, match=message) as caught:
        list(subject.walk())
    assert caught.value.where.offset is not None
    assert caught.value.where.component == "Partitions.db"


@pytest.mark.parametrize("kind", tries.KINDS)
def test_truncated_nodes(kind: str) -> None:
    deltas = {t: 2 for t in transitions(kind)}
    bits, payload = (0, b"") if "nopayload" in kind else tries.payload(1000, hash_byte=1)
    data = LEAF + tries.node(kind, bits, deltas) + payload
    for end in range(len(LEAF), len(data)):
        with pytest.raises(TruncatedError):
            trie(data[:end], len(LEAF)).node(len(LEAF))
