"""Checks that rows come as the table is sorted, where that was promised."""

from __future__ import annotations

from cqlite.errors import RowError


class OrderCheck:
    """Compares each row with the one before it by their sort keys."""

    def __init__(self) -> None:
        self._partition: bytes | None = None
        self._row: bytes | None = None

    def take(self, partition: bytes, row: bytes | None) -> None:
        """Goes on to the next row.

        Args:
            partition: its partition.
            row: its place there, ``None`` for what is of no row.

        Raises:
            RowError: it is before the last one, or has the same primary key.
        """
        if self._partition is not None and partition < self._partition:
            raise RowError("its partition is before that of the row before it; sorted was promised")
        if partition != self._partition:
            self._row = None
        if row is not None and self._row is not None and row <= self._row:
            if row == self._row:
                raise RowError("the row before it has the same primary key; sorted was promised")
            raise RowError("it is before the row before it; sorted was promised")
        self._partition = partition
        self._row = self._row if row is None else row
