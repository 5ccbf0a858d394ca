"""The partition index (Index.db and Summary.db, or Partitions.db) against Data.db."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cqlite import layouts
from cqlite.errors import CqliteError, shown
from cqlite.index import IndexEntry
from cqlite.io import INDEX, PARTITIONS, ROWS, SUMMARY, Components
from cqlite.rows import Partition
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.verify.findings import Finding, error, note, raised
from cqlite.sstable.verify.row_index import RowIndexCheck

CHECK = "index"
_FULL_SAMPLING = 128


class PartitionIndexCheck:
    """Follows the index's entries while the partitions are read."""

    def __init__(self, sstable: SSTable) -> None:
        self._sstable = sstable
        self._components = sstable.components
        self._is_bti = sstable.descriptor.version.format == "bti"
        self._component = PARTITIONS if self._is_bti else INDEX
        self._types = [c.type for c in sstable.header_schema.clustering_columns]
        self._entries: Iterator[IndexEntry] | None = None
        self._entry: IndexEntry | None = None
        self._num_partitions = 0
        self._summary: SummaryCheck | None = None

    def start(self) -> Iterator[Finding]:
        """Opens the index; from then on it is compared as far as it can be read."""
        try:
            if not self._is_bti and SUMMARY in self._components:
                self._summary = SummaryCheck(self._components)
        except CqliteError as exception:
            yield raised("summary", exception)
        try:
            self._entries = iter(self._sstable.index)
        except CqliteError as exception:
            yield raised(CHECK, exception)
            return
        yield from self._advance()

    def _advance(self) -> Iterator[Finding]:
        """Goes on to the next entry; none is left after damage."""
        self._entry = None
        if self._entries is None:
            return
        try:
            self._entry = next(self._entries, None)
        except CqliteError as exception:
            self._entries = None
            yield raised(CHECK, exception)
            return
        if self._entry is not None and self._summary is not None:
            yield from self._summary.add(self._entry)

    def partition(self, partition: Partition) -> Iterator[Finding]:
        """Compares the entry of ``partition``; :meth:`rows` then checks its row index."""
        self._num_partitions += 1
        while self._entry is not None and self._entry.data_position < partition.position:
            message = f"no partition starts at {self._entry.data_position} in Data.db"
            yield error(CHECK, message, self._where(self._entry))
            yield from self._advance()
        if self._entry is None or self._entry.data_position > partition.position:
            if self._entries is not None:
                message = f"the partition at {partition.position} in Data.db has no entry"
                yield error(CHECK, message, self._components.where(self._component))
            return
        key = self._entry.key
        if key is not None and key != partition.key:
            message = (
                f"key {shown(key)} at {partition.position} in Data.db, "
                f"where the partition has {shown(partition.key)}"
            )
            yield error(CHECK, message, self._where(self._entry))
        if self._is_bti:
            yield from self._find(partition)

    def _find(self, partition: Partition) -> Iterator[Finding]:
        """BTI: that the key's path leads to the partition."""
        try:
            found = self._sstable.index.find(partition.key)
        except CqliteError as exception:
            yield raised(CHECK, exception)
            return
        if found is None or found.data_position != partition.position:
            where = self._components.where(PARTITIONS)
            leads = "nowhere" if found is None else f"to {found.data_position}"
            message = (
                f"key {shown(partition.key)} leads {leads}, "
                f"its partition is at {partition.position} in Data.db"
            )
            yield error(CHECK, message, where)

    def rows(self, partition: Partition) -> RowIndexCheck | None:
        """The check of the partition's row index, ``None`` if it has no entry."""
        if self._entry is None or self._entry.data_position != partition.position:
            return None
        return RowIndexCheck(self._entry, self._types, self._where(self._entry))

    def after(self, partition: Partition) -> Iterator[Finding]:
        """Goes on, once a partition's rows have been read."""
        if self._entry is not None and self._entry.data_position <= partition.position:
            yield from self._advance()

    def end(self, first: bytes | None, last: bytes | None) -> Iterator[Finding]:
        """Compares what the index says of all partitions, of which these are the outer keys."""
        while self._entry is not None:
            message = f"no partition starts at {self._entry.data_position} in Data.db"
            yield error(CHECK, message, self._where(self._entry))
            yield from self._advance()
        if self._is_bti:
            yield from self._check_footer(first, last)
        elif self._summary is not None:
            yield from self._summary.end(self._num_partitions, first, last)

    def _check_footer(self, first: bytes | None, last: bytes | None) -> Iterator[Finding]:
        where = self._components.where(PARTITIONS)
        try:
            index: Any = self._sstable.index
        except CqliteError:
            return
        if index.num_keys != self._num_partitions:
            message = f"{index.num_keys} keys, but Data.db has {self._num_partitions} partitions"
            yield error(CHECK, message, where.at(field="partitions.footer.num_keys"))
        for name, stored, key in (
            ("first", index.first_key, first),
            ("last", index.last_key, last),
        ):
            if key is not None and stored != key:
                message = f"{name} key is {shown(stored)}, in Data.db {shown(key)}"
                yield error(CHECK, message, where.at(field=f"partitions.keys.{name}"))

    def _where(self, entry: IndexEntry) -> Any:
        component = ROWS if self._is_bti and entry.index_position is not None else self._component
        return self._components.where(component, entry.index_position)


class SummaryCheck:
    """Summary.db against Index.db's entries as they come."""

    def __init__(self, components: Components) -> None:
        """Reads Summary.db.

        Raises:
            CorruptSSTableError: it breaks its layout.
        """
        self._where = components.where(SUMMARY)
        with components.open(SUMMARY) as file:
            version = components.descriptor.version.number
            self._parsed = layouts.parse("summary.body", file, version, where=self._where)
        self._next = 0
        self._num_entries = 0

    @property
    def _is_full(self) -> bool:
        return bool(self._parsed.sampling_level == _FULL_SAMPLING)

    def add(self, entry: IndexEntry) -> Iterator[Finding]:
        """Takes the next entry of Index.db."""
        index, self._num_entries = self._num_entries, self._num_entries + 1
        samples = self._parsed.entries
        position = entry.index_position or 0
        if self._next >= len(samples) or samples[self._next].position > position:
            if self._is_full and index % self._parsed.min_index_interval == 0:
                message = f"entry {index} of Index.db, at {position}, is not sampled"
                yield error("summary", message, self._where)
            return
        while self._next < len(samples) and samples[self._next].position <= position:
            yield from self._check_sample(samples[self._next], entry, position)
            self._next += 1

    def _check_sample(self, sample: Any, entry: IndexEntry, position: int) -> Iterator[Finding]:
        where = self._where.at(
            layouts.offset_of(self._parsed, "entries", self._next),
            f"summary.body.entries[{self._next}]",
        )
        if sample.position != position:
            message = f"no entry of Index.db starts at {sample.position}"
            yield error("summary", message, where)
        elif sample.key != entry.key:
            stored = shown(entry.key or b"")
            message = f"key {shown(sample.key)}, in Index.db at {position} {stored}"
            yield error("summary", message, where)

    def end(
        self, num_partitions: int, first: bytes | None, last: bytes | None
    ) -> Iterator[Finding]:
        """Compares what Summary.db says of all partitions."""
        parsed = self._parsed
        if self._next < len(parsed.entries):
            message = f"{len(parsed.entries) - self._next} samples lead beyond Index.db's entries"
            yield error("summary", message, self._field("entries"))
        expected = -(-num_partitions // max(parsed.min_index_interval, 1))
        if parsed.size_at_full_sampling != expected:
            message = f"size at full sampling is {parsed.size_at_full_sampling}, not {expected}"
            yield error("summary", message, self._field("size_at_full_sampling"))
        if not self._is_full:
            message = "downsampled, so that which entries are sampled was not checked"
            yield note("summary", message, self._field("sampling_level"))
        for name, stored, key in (
            ("first", parsed.first_key, first),
            ("last", parsed.last_key, last),
        ):
            if key is not None and stored != key:
                message = f"{name} key is {shown(stored)}, in Data.db {shown(key)}"
                yield error("summary", message, self._field(f"{name}_key"))

    def _field(self, name: str) -> Any:
        return self._where.at(layouts.offset_of(self._parsed, name), f"summary.body.{name}")
