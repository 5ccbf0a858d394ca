"""What a scan is asked for, in terms that every engine executes in the same way.

A plan holds no CQL text, no names to be looked up and no Python values: columns are
positions in the SSTable's header, keys and bounds are serialized values.
"""

from __future__ import annotations

from typing import Literal

from cqlite.records import record

Empty = Literal["error", "null"]
"""What becomes of values without bytes that Arrow's types don't have."""

BATCH_ROWS = 65_536
"""Rows that a batch has at most, where nothing else is asked for."""

BATCH_BYTES = 1 << 24
"""Bytes of serialized values after which a batch ends early."""


@record
class OutputColumn:
    """A column that the answer has.

    Attributes:
        name: what it is called in the answer.
        type: class string of the type that its values are read as (``parse_type``); of
            a clustering column possibly within ``ReversedType``.
        kind: ``partition_key``, ``clustering``, ``static`` or ``regular``.
        position: its index among the header's columns of this kind (of a partition key,
            the component); ``None`` if the SSTable does not have it: all values are null.
        decimal: precision and scale of an Arrow decimal, else ``None``.
    """

    name: str
    type: str
    kind: str
    position: int | None
    decimal: tuple[int, int] | None = None


@record
class SliceBound:
    """A start or an end in the order of a partition's rows.

    Attributes:
        values: serialized values of the first clustering columns; none of them for the
            start or the end of the partition.
        inclusive: whether clusterings that begin with these values are in.
    """

    values: tuple[bytes, ...] = ()
    inclusive: bool = True


@record
class Slice:
    """The clusterings from ``start`` to ``end`` (Cassandra's ``Slice``).

    Start and end are in the order of the file, in which descending columns are
    descending: for such a column, ``c > 5`` is a slice that ends before 5.
    """

    start: SliceBound = SliceBound()
    end: SliceBound = SliceBound()


@record
class PositionRange:
    """Part of the order of partitions, in byte-comparable form.

    A partition is in where ``start <= partitioner.byte_comparable(key) < end``, bytes
    being compared unsigned.

    Attributes:
        start: empty for the first partition.
        end: ``None`` for the last one.
    """

    start: bytes = b""
    end: bytes | None = None


@record
class Restriction:
    """Which partitions and which rows of them are wanted.

    Attributes:
        keys: serialized partition keys, distinct, in the partitioner's order; ``None``
            for all.
        positions: part of the order of partitions that is wanted; with ``keys``, both hold.
        slices: in the order of rows, not overlapping; ``None`` where rows are not
            restricted, and no slice at all where no row can be right.
    """

    keys: tuple[bytes, ...] | None = None
    positions: PositionRange = PositionRange()
    slices: tuple[Slice, ...] | None = None


@record
class Range:
    """Clusterings by a comparison in CQL, where descending columns ascend.

    Attributes:
        values: what the first of some columns are compared with, as one.
        inclusive: whether equal ones are in.
    """

    values: tuple[bytes, ...]
    inclusive: bool


@record
class ScanPlan:
    """A scan of one SSTable.

    Attributes:
        columns: in the order of the answer: partition key, clustering, static, regular.
        restriction: partitions and rows that are wanted.
        limit: rows that the answer has at most, else ``None``.
        batch_rows: rows that a batch has at most.
        batch_bytes: bytes of serialized values after which a batch ends early.
        metadata: whether deletions are rows, and times are columns; see docs/arrow.md.
        empty: what becomes of values without bytes that Arrow's types don't have.
        threads: how many threads may work; they don't change the answer.
    """

    columns: tuple[OutputColumn, ...]
    restriction: Restriction = Restriction()
    limit: int | None = None
    batch_rows: int = BATCH_ROWS
    batch_bytes: int = BATCH_BYTES
    metadata: bool = False
    empty: Empty = "error"
    threads: int = 1
