"""Rows of a table as its readers hand them out."""

from __future__ import annotations

from cqlite.records import record


@record
class CellTimes:
    """When a live cell was written, and until when it counts.

    Attributes:
        writetime: microseconds since 1970.
        ttl: the time to live in seconds that it was written with, ``None`` for none.
        expires_at: seconds since 1970, ``None`` where it does not expire.
    """

    writetime: int
    ttl: int | None = None
    expires_at: int | None = None


Times = CellTimes | tuple[CellTimes, ...] | None
"""Of a column: one cell's, or of one that is not frozen its elements' in their order."""


@record
class TableRow:
    """A row as ``SELECT`` gives it.

    Attributes:
        key: the serialized partition key.
        clustering: the clustering columns' values, serialized, ``None`` for null. ``None``
            for a partition without rows, of which there are the static columns alone.
        values: serialized values of the columns asked for, in their order; ``None`` for
            null. Static columns are on each row, columns that are not frozen in their
            frozen form, counters as the contexts that ``counter`` decodes.
        cells: for each column when it was written, ``None`` for null and for columns of
            the key; empty where it was not asked for.
    """

    key: bytes
    clustering: tuple[bytes | None, ...] | None
    values: tuple[bytes | None, ...]
    cells: tuple[Times, ...] = ()
