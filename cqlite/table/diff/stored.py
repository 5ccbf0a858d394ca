"""What two tables have stored, compared with its times and deletions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cqlite.rows import Partition, Row, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.sstable.select.plan import Restriction
from cqlite.table.diff.join import check_comparable, joined
from cqlite.table.diff.model import MetadataDifference
from cqlite.table.diff.progress import Compared
from cqlite.types import CqlType

if TYPE_CHECKING:
    from cqlite.table.table import Table


def diff_stored(
    left: Table, right: Table, restriction: Restriction, compared: Compared | None = None
) -> Iterator[MetadataDifference]:
    """What is stored in one of two tables only, or not with the same times.

    Each table is merged before. There is no clock in it: what has expired is compared as
    what has not.

    Args:
        left: the one.
        right: the other.
        restriction: partitions and rows that are compared.
        compared: is told what has been.

    Yields:
        differences in the order of partitions: a partition's deletion, its static row, its
        rows and the ends of its range deletions.

    Raises:
        SchemaError: the tables' keys are of different types.
        CorruptSSTableError: and what derives from it, at damage; differences before it
            have been given.
    """
    check_comparable(left.schema, right.schema)
    types = [column.type for column in left.schema.clustering_columns]
    for a, b in joined(_placed(left, restriction), _placed(right, restriction)):
        key = (a or b or _nothing()).key
        yield from _partition(key, a or _nothing(), b or _nothing(), types)
        if compared is not None:
            compared.partition(key)


def _nothing() -> Partition:
    """A partition that says nothing."""
    return Partition(b"", None, None, 0, 0)


def _placed(table: Table, restriction: Restriction) -> Iterator[tuple[bytes, Partition]]:
    place = table.partitioner.byte_comparable
    for partition in table.partitions(restriction):
        yield place(partition.key), partition


def _partition(
    key: bytes, left: Partition, right: Partition, types: Sequence[CqlType]
) -> Iterator[MetadataDifference]:
    if left.deletion != right.deletion:
        yield MetadataDifference("partition", key, left.deletion, right.deletion)
    if left.static_row != right.static_row:
        yield MetadataDifference("static", key, left.static_row, right.static_row)
    for one, other in joined(_unfiltereds(left, types), _unfiltereds(right, types)):
        if one != other:
            is_row = isinstance(one or other, Row)
            yield MetadataDifference("row" if is_row else "marker", key, one, other)


def _unfiltereds(
    partition: Partition, types: Sequence[CqlType]
) -> Iterator[tuple[bytes, Unfiltered]]:
    for unfiltered in partition:
        yield prefix_of(unfiltered).byte_comparable(types), unfiltered
