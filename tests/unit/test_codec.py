"""VInts, scalars, hashes: known values and round trips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqlite import layouts
from cqlite.codec import be, murmur3, vint

U64 = st.integers(0, 2**64 - 1)
S64 = st.integers(-(2**63), 2**63 - 1)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8080"),
        (16383, "bfff"),
        (16384, "c04000"),
        (2**56 - 1, "feffffffffffffff"),
        (2**56, "ff0100000000000000"),
        (2**64 - 1, "ffffffffffffffffff"),
    ],
)
def test_unsigned_vint_of_known_value(value: int, encoded: str) -> None:
    data = bytes.fromhex(encoded)
    assert vint.encode_unsigned(value) == data
    assert vint.decode_unsigned(data) == (value, len(data))


@given(U64)
def test_spec_and_codec_agree_on_unsigned_vints(value: int) -> None:
    assert layouts.parse("vint", vint.encode_unsigned(value)).value == value


@given(S64)
def test_spec_and_codec_agree_on_signed_vints(value: int) -> None:
    data = vint.encode_signed(value)
    assert layouts.parse("vint", data).signed == value
    assert vint.decode_signed(data) == (value, len(data))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\x00"])
def test_truncated_vint_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="vint"):
        vint.decode_unsigned(data)


@pytest.mark.parametrize("value", [-1, 2**64])
def test_unsigned_vint_out_of_range_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        vint.encode_unsigned(value)


@given(st.integers(-(2**200), 2**200))
def test_big_integers_survive_and_are_shortest(value: int) -> None:
    data = be.pack_int(value)
    assert be.unpack_int(data) == value
    assert len(data) == 1 or data[:2] not in (b"\x00\x00", b"\xff\xff")


@pytest.mark.parametrize(("value", "size"), [(128, 1), (-129, 1), (2**63, 8)])
def test_signed_that_does_not_fit_is_refused(value: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        be.pack_signed(value, size)


def test_scalar_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 4 bytes, got 3"):
        be.unpack_signed(b"abc", 4)


@given(S64, S64)
def test_sum_wraps_as_a_java_long(left: int, right: int) -> None:
    wrapped = be.wrap_s64(left + right)
    assert -(2**63) <= wrapped < 2**63
    assert (wrapped - left - right) % 2**64 == 0


@pytest.mark.parametrize(
    ("key", "token"),
    [
        (b"", 0),
        (b"a", -8839064797231613815),
        (b"\x00\x00\x00\x01", -4069959284402364209),
    ],
)
def test_murmur3_is_cassandras(key: bytes, token: int) -> None:
    assert be.wrap_s64(murmur3.hash128(key)[0]) == token
