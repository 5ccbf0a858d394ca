"""The order of a partition's rows and markers, and that range tombstones open and close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqlite.errors import CqliteError, Where
from cqlite.index import ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import DeletionTime, RangeTombstoneMarker, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.sstable.verify.findings import Finding, error, warning
from cqlite.types import CqlType

ORDER = "clustering-order"
PAIRS = "range-tombstone"


class OrderCheck:
    """Follows the rows and markers of one partition."""

    def __init__(self, types: Sequence[CqlType]) -> None:
        self._comparator = ClusteringComparator(types)
        self._previous: ClusteringPrefix | None = None
        self._open: DeletionTime | None = None

    def add(self, unfiltered: Unfiltered, where: Where) -> Iterator[Finding]:
        """Takes the next row or marker, which is at ``where``."""
        prefix = prefix_of(unfiltered)
        if self._previous is not None:
            yield from self._order(self._previous, prefix, where)
        self._previous = prefix
        if isinstance(unfiltered, RangeTombstoneMarker):
            yield from self._marker(unfiltered, where)

    def _order(
        self, previous: ClusteringPrefix, prefix: ClusteringPrefix, where: Where
    ) -> Iterator[Finding]:
        try:
            result = self._comparator.compare(previous, prefix)
        except CqliteError as exception:
            yield error(ORDER, exception.message, where)
            return
        text = self._comparator.text
        if result > 0:
            yield error(ORDER, f"{text(prefix)} follows {text(previous)}", where)
        elif result == 0 and "clustering" in (prefix.kind.name, previous.kind.name):
            yield error(ORDER, f"{text(prefix)} stands twice", where)
        elif result == 0:
            # Cassandra would have written one boundary.
            yield warning(ORDER, f"{text(prefix)} is at the same place as {text(previous)}", where)

    def _marker(self, marker: RangeTombstoneMarker, where: Where) -> Iterator[Finding]:
        if marker.close is None:
            if self._open is not None:
                yield error(PAIRS, "a range deletion starts within another", where)
        elif self._open is None:
            yield error(PAIRS, "a range deletion ends that did not start", where)
        elif marker.close != self._open:
            message = f"a range deletion ends as {marker.close}, it started as {self._open}"
            yield error(PAIRS, message, where)
        self._open = marker.open

    def end(self, where: Where) -> Iterator[Finding]:
        """Takes the end of the partition, which is at ``where``."""
        if self._open is not None:
            yield error(PAIRS, "a range deletion has no end", where)
