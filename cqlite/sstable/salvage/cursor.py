"""The partition index for salvage: forward only, as far as it can be read."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, CqliteError, MissingComponentError
from cqlite.index import IndexEntry, PartitionIndex, RowIndexBlock
from cqlite.io import SUMMARY, Components
from cqlite.types import Partitioner


class IndexCursor:
    """Goes through an index once, past damage where that is possible."""

    def __init__(
        self,
        index: PartitionIndex | None,
        components: Components,
        partitioner: Partitioner,
        notes: list[str],
    ) -> None:
        """A cursor before the first entry.

        Args:
            index: the index, ``None`` if there is none that can be read.
            components: the SSTable's files.
            partitioner: what orders the partitions.
            notes: takes what is found to be wrong with the index.
        """
        self._notes = notes
        self._index = index
        self._components = components
        self._partitioner = partitioner
        self._entries = iter(()) if index is None else index.entries()
        self._samples: list[tuple[int, bytes]] | None = None
        self._last_position = -1
        self._current: IndexEntry | None = None
        self._next = self._fetch()
        self._advance()

    def _advance(self) -> None:
        self._current = self._next
        self._next = None if self._next is None else self._fetch()

    def _fetch(self) -> IndexEntry | None:
        while True:
            try:
                entry = next(self._entries, None)
            except CqliteError as error:
                self._notes.append(str(error))
                if not self._skip_damage():
                    return None
                continue
            if entry is None or entry.data_position > self._last_position:
                self._last_position = -1 if entry is None else entry.data_position
                return entry

    def _skip_damage(self) -> bool:
        """Goes on at the next entry of Index.db that Summary.db has a sample of."""
        if self._samples is None:
            self._samples = self._read_samples()
        while self._index is not None and self._samples:
            _, key = self._samples.pop(0)
            start = self._partitioner.byte_comparable(key)
            entries = self._index.entries(start)
            try:
                entry = next(entries, None)
            except CqliteError:
                continue
            if entry is not None and entry.data_position > self._last_position:
                self._entries = _chain(entry, entries)
                return True
        return False

    def _read_samples(self) -> list[tuple[int, bytes]]:
        """Positions in Index.db and keys of Summary.db's samples, none for BTI."""
        version = self._components.descriptor.version.number
        try:
            data = self._components.read(SUMMARY)
            where = self._components.where(SUMMARY)
            parsed = layouts.parse("summary.body", data, version, where=where)
        except (MissingComponentError, CorruptSSTableError):
            return []
        return [(sample.position, sample.key) for sample in parsed.entries]

    def at(self, position: int) -> IndexEntry | None:
        """The entry of the partition at ``position`` of Data.db, which goes up only."""
        while self._current is not None and self._current.data_position < position:
            self._advance()
        if self._current is None or self._current.data_position != position:
            return None
        return self._current

    def position_after(self, position: int) -> int | None:
        """Where the first partition after ``position`` starts, without going there."""
        self.at(position)
        for entry in (self._current, self._next):
            if entry is not None and entry.data_position > position:
                return entry.data_position
        return None

    def after(self, position: int) -> Iterator[IndexEntry]:
        """The entries of partitions after ``position``; goes no further than it is asked to."""
        self.at(position)
        while self._current is not None:
            if self._current.data_position > position:
                yield self._current
            self._advance()

    def blocks(self, entry: IndexEntry | None) -> Iterator[RowIndexBlock]:
        """The blocks of a partition as far as its row index can be read."""
        if entry is None or entry.row_index is None:
            return
        try:
            yield from entry.row_index.blocks()
        except CqliteError as error:
            self._notes.append(str(error))


def _chain(first: IndexEntry, rest: Iterator[IndexEntry]) -> Iterator[IndexEntry]:
    yield first
    yield from rest
