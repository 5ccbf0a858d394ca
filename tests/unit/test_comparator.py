"""The order of rows, bounds and boundaries, as Cassandra's ClusteringComparator has it."""

from __future__ import annotations

import itertools

import pytest

from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.types import parse_type

INT = "org.apache.cassandra.db.marshal.Int32Type"
TYPES = [parse_type(INT), parse_type(f"org.apache.cassandra.db.marshal.ReversedType({INT})")]
COMPARATOR = ClusteringComparator(TYPES)


def prefix(kind: str, *values: int | None) -> ClusteringPrefix:
    encoded = tuple(None if value is None else TYPES[0].encode(value) for value in values)
    return ClusteringPrefix(encoded, ClusteringKind[kind])


IN_ORDER = [
    [prefix("incl_start_bound"), prefix("excl_end_bound")],
    [prefix("clustering", None, 5)],
    [prefix("incl_start_bound", 1), prefix("excl_end_incl_start_boundary", 1)],
    [prefix("clustering", 1, None)],
    [prefix("excl_end_bound", 1, 5), prefix("incl_start_bound", 1, 5)],
    [prefix("clustering", 1, 5)],
    [prefix("incl_end_bound", 1, 5), prefix("excl_start_bound", 1, 5)],
    # The second column is in descending order.
    [prefix("clustering", 1, -5)],
    [prefix("incl_end_bound", 1), prefix("incl_end_excl_start_boundary", 1)],
    [prefix("clustering", 2, 0)],
    [prefix("incl_end_bound"), prefix("excl_start_bound")],
]


@pytest.mark.parametrize(("low", "high"), list(itertools.combinations(range(len(IN_ORDER)), 2)))
def test_order(low: int, high: int) -> None:
    for left, right in itertools.product(IN_ORDER[low], IN_ORDER[high]):
        assert COMPARATOR.compare(left, right) < 0
        assert COMPARATOR.compare(right, left) > 0


@pytest.mark.parametrize("same", IN_ORDER)
def test_the_same_place(same: list[ClusteringPrefix]) -> None:
    for left, right in itertools.product(same, same):
        assert COMPARATOR.compare(left, right) == 0


def test_order_is_that_of_the_byte_comparable_form() -> None:
    flat = [one for same in IN_ORDER for one in same]
    for left, right in itertools.pairwise(flat):
        assert left.byte_comparable(TYPES) <= right.byte_comparable(TYPES)


def test_text() -> None:
    assert COMPARATOR.text(prefix("clustering", 1, None)) == "clustering(1, null)"
    invalid = ClusteringPrefix((b"\1\2",), ClusteringKind["incl_end_bound"])
    assert COMPARATOR.text(invalid) == "incl_end_bound(0x0102)"
