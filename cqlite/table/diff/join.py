"""Two sorted streams side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from cqlite.errors import SchemaError
from cqlite.schema import TableSchema

T = TypeVar("T")


def joined(
    left: Iterator[tuple[bytes, T]], right: Iterator[tuple[bytes, T]]
) -> Iterator[tuple[T | None, T | None]]:
    """Pairs of what is at the same place, ``None`` on the side that has nothing there.

    A stream goes on only when what it gave last has been dealt with.
    """
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        order = _order(one, other)
        yield (
            None if one is None or order > 0 else one[1],
            None if other is None or order < 0 else other[1],
        )
        if order <= 0:
            one = next(left, None)
        if order >= 0:
            other = next(right, None)


def _order(one: tuple[bytes, T] | None, other: tuple[bytes, T] | None) -> int:
    if one is None or other is None:
        return (one is None) - (other is None)
    return (one[0] > other[0]) - (one[0] < other[0])


def check_comparable(left: TableSchema, right: TableSchema) -> None:
    """That rows of two tables have the same keys in the same order.

    Raises:
        SchemaError: they have not.
    """
    for what, one, other in (
        ("partition key", left.partition_key, right.partition_key),
        ("clustering columns", left.clustering_columns, right.clustering_columns),
    ):
        mine, others = (", ".join(c.type.marshal_name for c in columns) for columns in (one, other))
        if mine != others:
            raise SchemaError(f"tables of different {what}: ({mine}) and ({others})")
    if left.partitioner_name != right.partitioner_name:
        raise SchemaError(
            f"tables of different partitioners: {left.partitioner_name} "
            f"and {right.partitioner_name}"
        )
