"""Every byte of every component belongs to exactly one named field of a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from cqlite.blocks import open_data
from cqlite.inspect import Claim, claims, on_disk_claims, other_components
from cqlite.io import COMPRESSION_INFO, DATA, Components, resolve
from tests.conformance.conftest import CLAIMED
from tests.shared import SSTableFixture


def claimed_bytes(found: Iterable[Claim], size: int) -> int:
    """How many bytes are claimed, once it is sure that they are so without gap or overlap."""
    bit = 0
    for claim in found:
        assert claim.path
        assert claim.first_bit == bit, f"bit {bit} is not where {claim} starts"
        bit = claim.end_bit
    assert bit == size * 8, f"{size} bytes, claimed are {bit} bits"
    return bit // 8


def test_every_byte(sstable: SSTableFixture, record_property: Callable[..., None]) -> None:
    components = resolve(sstable.data_path)
    assert not other_components(components)
    claimed = total = 0
    for component in components:
        size = components.size(component)
        claimed += claimed_bytes(on_disk(components, component), size)
        total += size
    if COMPRESSION_INFO in components:
        with open_data(components) as stream:
            size = stream.seek(0, 2)
        claimed += claimed_bytes(claims(components, DATA), size)
        total += size
    assert claimed == total
    record_property(CLAIMED, (claimed, total))


def on_disk(components: Components, component: str) -> Iterable[Claim]:
    """The claims on the bytes of the file itself."""
    if component == DATA and COMPRESSION_INFO in components:
        return on_disk_claims(components, component)
    return claims(components, component)


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([(0, 2), (3, 4)], "is not where"),
        ([(0, 2), (1, 4)], "is not where"),
        ([(0, 2)], "claimed are"),
        ([(0, 4), (4, 5)], "claimed are"),
    ],
)
def test_the_measure_finds_gaps_and_overlaps(spans: list[tuple[int, int]], reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        claimed_bytes([Claim(start, end, "a.b", "u1") for start, end in spans], 4)
