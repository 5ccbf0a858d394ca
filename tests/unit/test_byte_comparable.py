"""The building blocks of byte-comparable encodings, against Cassandra's documented examples."""

from __future__ import annotations

import itertools
import random
import struct

import pytest

from cqlite.types import byte_comparable as bc

rng = random.Random(5)


def ordered(encoded: list[bytes]) -> bool:
    return all(a < b for a, b in itertools.pairwise(encoded))


@pytest.mark.parametrize(
    ("raw", "encoded"),
    [
        (b"A\0\0B", "4100feff4200"),
        (b"A\0B\0", "4100ff4200fe"),
        (b"A\0", "4100fe"),
        (b"A\0\0", "4100fefe"),
        (b"AB", "414200"),
        (b"", "00"),
        (b"\0", "00fe"),
    ],
)
def test_escaped(raw: bytes, encoded: str) -> None:
    assert bc.escaped(raw).hex() == encoded


def test_escaped_orders_within_a_sequence() -> None:
    letters = (0, 1, 2, 0xFE, 0xFF)
    values = sorted({bytes(rng.choices(letters, k=rng.randrange(6))) for _ in range(500)})
    assert ordered([bc.sequence((bc.escaped(v),)) for v in values])


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "80"),
        (1, "81"),
        (-1, "7f"),
        (63, "bf"),
        (64, "c040"),
        (-64, "40"),
        (-65, "3fbf"),
        (2**20 - 1, "efffff"),
        (2**20, "f0100000"),
        (-(2**20), "100000"),
        (2**63 - 1, "ff" * 9),
        (-(2**63), "00" * 9),
    ],
)
def test_signed_varint(value: int, encoded: str) -> None:
    assert bc.signed_varint(value).hex() == encoded


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "00"), (127, "7f"), (128, "8080"), (2**63 - 1, "ff7f" + "ff" * 7)],
)
def test_unsigned_varint(value: int, encoded: str) -> None:
    assert bc.unsigned_varint(value).hex() == encoded


def test_varint_orders_integers_of_any_size() -> None:
    wide = {rng.getrandbits(rng.randrange(1, 2000)) * rng.choice((1, -1)) for _ in range(2000)}
    values = sorted(wide | set(range(-300, 300)))
    encoded = [bc.varint(v.to_bytes(v.bit_length() // 8 + 1, "big", signed=True)) for v in values]
    assert ordered([e for e in encoded if e is not None])
    assert bc.varint(b"") is None


def test_varint_does_not_depend_on_redundant_sign_bytes() -> None:
    for value in (0, 5, -1, -128, 128, 2**55, -(2**70)):
        assert len({bc.varint(value.to_bytes(n, "big", signed=True)) for n in (10, 12, 20)}) == 1


def test_fixed_length_numbers_are_ordered() -> None:
    ints = sorted({rng.getrandbits(32) - 2**31 for _ in range(300)})
    assert ordered([bc.signed_fixed(struct.pack(">i", v)) for v in ints])
    longs = sorted({rng.getrandbits(64) - 2**63 for _ in range(300)} | {-(2**63), 2**63 - 1})
    assert ordered([bc.signed_long(v) for v in longs])
    assert all(bc.signed_long(v) == bc.signed_fixed(struct.pack(">q", v)) for v in longs)
    floats = sorted({rng.uniform(-1, 1) * 10 ** rng.randrange(-30, 30) for _ in range(300)})
    assert ordered([bc.signed_float(struct.pack(">d", v)) for v in floats])


def test_null_components() -> None:
    assert bc.optional_signed_fixed(b"") is None
    assert bc.optional_signed_float(b"") is None
    assert bc.optional_fixed(b"") is None
    assert bc.sequence((None, b"\1")).hex() == "3e400138"


@pytest.mark.parametrize(
    ("values", "terminator", "encoded"),
    [
        ((bc.escaped(b"A"), b"\0\5"), bc.TERMINATOR, "40410040000538"),
        ((bc.escaped(b"B"), b"\0\6"), bc.GT_NEXT_COMPONENT, "40420040000660"),
        ((bc.escaped(b"A"),), bc.GT_NEXT_COMPONENT, "40410060"),
        ((bc.escaped(b""), None), bc.TERMINATOR, "40003f38"),
        ((), bc.LT_NEXT_COMPONENT, "20"),
    ],
)
def test_clustering(values: tuple[bytes | None, ...], terminator: int, encoded: str) -> None:
    assert bc.clustering(values, terminator=terminator).hex() == encoded


def test_clustering_nulls() -> None:
    assert bc.clustering((None, None), (True, False), null_values=(False, True)).hex() == "413e38"


def test_decorated_key() -> None:
    assert bc.decorated_key(bc.signed_long(-1), b"k").hex() == "407fffffffffffffff406b0038"
    before, after = bc.token_bound(b"\5"), bc.token_bound(b"\5", after=True)
    assert ordered([before, bc.decorated_key(b"\5", b"k"), after])


def test_separators() -> None:
    low, high = b"\1\2\3\4", b"\1\2\7\1"
    assert bc.separator_above(low, high) == b"\1\2\4"
    assert bc.separator_prefix(low, high) == b"\1\2\7"
    for function in (bc.separator_above, bc.separator_prefix):
        with pytest.raises(ValueError, match="not below"):
            function(high, low)
