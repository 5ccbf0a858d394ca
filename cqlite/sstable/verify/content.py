"""Partitions and rows: their order, their values, and what indexes and statistics say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cqlite.errors import CqliteError, shown
from cqlite.index.bloom import BloomFilter
from cqlite.io import DATA, FILTER
from cqlite.rows import Partition, Row, Unfiltered
from cqlite.sstable.collector import MetadataCollector
from cqlite.sstable.salvage import Salvage
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.verify.findings import Finding, error, raised, warning
from cqlite.sstable.verify.order import OrderCheck
from cqlite.sstable.verify.partition_index import PartitionIndexCheck
from cqlite.sstable.verify.row_index import RowIndexCheck
from cqlite.sstable.verify.values import ValueCheck

Progress = Callable[[int], None]


class ContentCheck:
    """Reads all partitions once and checks them.

    Attributes:
        collected: what the rows add up to, complete once :meth:`run` is through.
        is_complete: whether everything could be read.
    """

    def __init__(self, sstable: SSTable, progress: Progress) -> None:
        self._sstable = sstable
        self._progress = progress
        self._where = sstable.components.where(DATA)
        stats = sstable.metadata.stats
        self._types = [column.type for column in sstable.header_schema.clustering_columns]
        self.collected = MetadataCollector(
            self._types,
            stats.estimated_partition_size.offsets,
            stats.estimated_cell_per_partition_count.offsets,
        )
        self.is_complete = False
        self._values = ValueCheck(sstable)
        self._index = PartitionIndexCheck(sstable)
        self._filter = _filter(sstable)
        self._previous_key: bytes | None = None

    def run(self) -> Iterator[Finding]:
        """All findings, in the order of Data.db."""
        yield from self._values.names()
        yield from self._index.start()
        try:
            salvage = Salvage(self._sstable, with_invalid_values=True)
        except CqliteError as exception:
            yield raised("data", exception)
            return
        with salvage:
            yield from self._all(salvage)
        self.is_complete = not salvage.losses
        if self.is_complete:
            yield from self._index.end(self.collected.first_key, self.collected.last_key)

    def _all(self, salvage: Salvage) -> Iterator[Finding]:
        reported = 0
        size = self._sstable.components.size(DATA)
        for partition in salvage.partitions():
            self._progress(partition.position * size // max(salvage.length, 1))
            yield from self._partition(partition)
            for loss in salvage.losses[reported:]:
                yield error("data", str(loss), loss.where)
            reported = len(salvage.losses)
        for loss in salvage.losses[reported:]:
            yield error("data", str(loss), loss.where)

    def _partition(self, partition: Partition) -> Iterator[Finding]:
        yield from self._key(partition)
        yield from self._index.partition(partition)
        self.collected.start_partition(partition)
        if partition.static_row is not None:
            yield from self._values.row(partition.static_row)
        row_index = self._index.rows(partition)
        if row_index is not None:
            yield from row_index.start(partition)
        yield from self._unfiltereds(partition, row_index)
        if partition.end is not None:
            self.collected.end_partition(partition.end - partition.position)
        yield from self._index.after(partition)

    def _key(self, partition: Partition) -> Iterator[Finding]:
        key, previous = partition.key, self._previous_key
        where = self._where.at(partition.position, "data.partition_header.key")
        yield from self._values.key(key, where)
        order = self._sstable.partitioner
        try:
            if previous is not None and order.sort_key(previous) >= order.sort_key(key):
                message = (
                    f"key {shown(key)} (token {order.token(key)}) follows "
                    f"{shown(previous)} (token {order.token(previous)})"
                )
                yield error("key-order", message, where)
        except CqliteError as exception:
            yield error("key-order", exception.message, where)
        self._previous_key = key
        if self._filter is not None and not self._filter.might_contain(key):
            filter_where = self._sstable.components.where(FILTER)
            message = f"key {shown(key)}, at {partition.position} in Data.db, is not in the filter"
            yield error("filter", message, filter_where)

    def _unfiltereds(
        self, partition: Partition, row_index: RowIndexCheck | None
    ) -> Iterator[Finding]:
        order = OrderCheck(self._types)
        end = partition.unfiltered_position
        previous = partition.position
        if partition.static_row is not None:
            yield from self._framing(partition.static_row, 0)
        for unfiltered in partition:
            self.collected.add(unfiltered)
            previous_end, end = end, unfiltered.position + unfiltered.size
            where = self._where.at(unfiltered.position, "data.unfiltered")
            # After damage it is not known what was before.
            is_next = unfiltered.position == previous_end
            yield from self._framing(
                unfiltered, unfiltered.position - previous if is_next else None
            )
            previous = unfiltered.position
            yield from order.add(unfiltered, where)
            if isinstance(unfiltered, Row):
                yield from self._values.row(unfiltered)
            else:
                yield from self._values.clustering(unfiltered.values, where)
            if row_index is not None:
                yield from row_index.add(unfiltered, unfiltered.position - partition.position)
        yield from order.end(self._where.at(end, "data.unfiltered"))
        if row_index is not None:
            yield from row_index.end(end - partition.position)

    def _framing(self, unfiltered: Unfiltered, previous_size: int | None) -> Iterator[Finding]:
        """What a row or marker says of its own length and of that of what is before it."""
        where = self._where.at(unfiltered.position, "data.unfiltered")
        if unfiltered.num_unread:
            yield error("framing", f"{unfiltered.num_unread} bytes follow its last field", where)
        if previous_size is not None and unfiltered.previous_size != previous_size:
            message = (
                f"says that {unfiltered.previous_size} bytes are before it, there are "
                f"{previous_size}; Cassandra does not read this"
            )
            yield warning("framing", message, where)


def _filter(sstable: SSTable) -> BloomFilter | None:
    """The Bloom filter; one that cannot be read has been reported before."""
    try:
        return sstable.bloom_filter
    except CqliteError:
        return None
