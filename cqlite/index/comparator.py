"""The order of rows and bounds in a partition (Cassandra's ``ClusteringComparator``)."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.errors import CqliteError, shown
from cqlite.index.model import ClusteringKind, ClusteringPrefix
from cqlite.types import CqlType

# Where a kind sorts among those with the same values, and where in relation to all
# clusterings that start with its values; see ClusteringPrefix.Kind.
_BEFORE, _EQUAL, _AFTER = (0, -1), (2, 0), (3, 1)
_ORDER = {
    "excl_end_bound": _BEFORE,
    "incl_start_bound": _BEFORE,
    "excl_end_incl_start_boundary": _BEFORE,
    "static_clustering": (1, -1),
    "clustering": _EQUAL,
    "incl_end_excl_start_boundary": _AFTER,
    "incl_end_bound": _AFTER,
    "excl_start_bound": _AFTER,
}
_MAX_TEXT = 64
_ORDER_OF_KIND = {kind: _ORDER[kind.name] for kind in ClusteringKind}


class ClusteringComparator:
    """Compares clusterings and bounds by the ``types`` of the clustering columns."""

    def __init__(self, types: Sequence[CqlType]) -> None:
        self.types = tuple(types)

    def compare(self, left: ClusteringPrefix, right: ClusteringPrefix) -> int:
        """Below, at or above 0 as ``left`` sorts before, with or after ``right``.

        Raises:
            InvalidValueError: a value is none of its type.
        """
        for kind, one, other in zip(self.types, left.values, right.values, strict=False):
            result = _compare_values(kind, one, other)
            if result:
                return result
        left_order, left_to_clustering = _ORDER_OF_KIND[left.kind]
        right_order, right_to_clustering = _ORDER_OF_KIND[right.kind]
        if len(left.values) == len(right.values):
            return left_order - right_order
        return left_to_clustering if len(left.values) < len(right.values) else -right_to_clustering

    def text(self, prefix: ClusteringPrefix) -> str:
        """``prefix`` for a message: what it is, and its values as their types print them."""
        values = [
            _value_text(kind, value) for kind, value in zip(self.types, prefix.values, strict=False)
        ]
        return f"{prefix.kind.name}({', '.join(values)})"


def _value_text(kind: CqlType, value: bytes | None) -> str:
    if value is None:
        return "null"
    try:
        text = kind.to_string(value)
    except CqliteError:
        return shown(value)
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."


def _compare_values(kind: CqlType, left: bytes | None, right: bytes | None) -> int:
    """Null sorts first, also where the column is in descending order."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    return kind.compare(left, right)
