"""How far a comparison of two tables has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cqlite.table.table import Table

Report = Callable[[float], None]
"""Called now and then with the share of tokens that have been compared, from 0 to 1."""

_EVERY: Final = 256
"""Partitions that are compared between two reports."""


class Compared:
    """Counts what has been compared, by where it is between the first token and the last.

    Nothing is reported where tokens are no numbers.

    Args:
        left: the one table.
        right: the other.
        report: see there.
    """

    def __init__(self, left: Table, right: Table, report: Report) -> None:
        ends = [end for table in (left, right) for s in table.sstables for end in s.token_range]
        self._partitioner = left.partitioner
        self._first: Any = min(ends).value
        self._last: Any = max(ends).value
        self._report = report
        self._partitions = 0

    def partition(self, key: bytes) -> None:
        """A partition has been compared, and all before it."""
        self._partitions += 1
        if self._partitions % _EVERY == 0:
            self.up_to(self._partitioner.token(key).value)

    def up_to(self, token: Any) -> None:
        """All with no larger token has been compared."""
        if isinstance(token, int) and self._first < token:
            self._report(min((token - self._first) / (self._last - self._first), 1.0))
