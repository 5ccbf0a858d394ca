"""What gives damage away where no checksum does."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.errors import CorruptSSTableError, CqliteError, Where, shown
from cqlite.index import ClusteringPrefix, IndexEntry
from cqlite.index.bloom import BloomFilter
from cqlite.index.comparator import ClusteringComparator
from cqlite.rows import Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.types import CqlType, Partitioner


class Suspicion:
    """Follows keys and rows, and raises where they cannot be what they seem."""

    def __init__(
        self, partitioner: Partitioner, types: Sequence[CqlType], bloom_filter: BloomFilter | None
    ) -> None:
        """Nothing seen yet.

        Args:
            partitioner: what orders the partitions.
            types: types of the clustering columns.
            bloom_filter: of the SSTable's keys, if there is one.
        """
        self._partitioner = partitioner
        self._comparator = ClusteringComparator(types)
        self._filter = bloom_filter
        self._key: bytes | None = None
        self._prefix: ClusteringPrefix | None = None
        self._position: int | None = None

    def start(self, key: bytes) -> None:
        """Takes the partition of ``key`` for right."""
        self._key = key
        self._prefix = None
        self._position = None

    def resume(self) -> None:
        """Goes on in the same partition somewhere else."""
        self._position = None

    def is_plausible(self, key: bytes) -> bool:
        """Whether ``key`` can come next: it is in the filter and sorts after the one before."""
        if self._filter is not None and not self._filter.might_contain(key):
            return False
        order = self._partitioner.sort_key
        try:
            return self._key is None or order(self._key) < order(key)
        except CqliteError:
            return False

    def check_key(self, key: bytes, entry: IndexEntry | None, where: Where) -> None:
        """Raises :class:`CorruptSSTableError` if no partition of ``key`` can be at ``where``."""
        if entry is not None and entry.key not in (None, key):
            raise CorruptSSTableError(
                f"key {shown(key)}, the index has another for the partition", where
            )
        if not self.is_plausible(key):
            raise CorruptSSTableError(
                f"key {shown(key)} is not in the filter, or out of order", where
            )

    def check(self, unfiltered: Unfiltered, where: Where) -> None:
        """Raises :class:`CorruptSSTableError` if a row or marker is out of order or malformed."""
        if unfiltered.num_unread:
            raise CorruptSSTableError(f"{unfiltered.num_unread} bytes follow the last field", where)
        before, self._position = self._position, unfiltered.position
        size = unfiltered.position - before if before is not None else unfiltered.previous_size
        if unfiltered.previous_size != size:
            raise CorruptSSTableError(
                f"says that {unfiltered.previous_size} bytes are before it, there are {size}", where
            )
        prefix = prefix_of(unfiltered)
        if self._prefix is not None:
            try:
                is_after = self._comparator.compare(self._prefix, prefix) <= 0
            except CqliteError as error:
                raise CorruptSSTableError(error.message, where) from error
            if not is_after:
                text = self._comparator.text
                message = f"{text(prefix)} follows {text(self._prefix)}"
                raise CorruptSSTableError(message, where)
        self._prefix = prefix
