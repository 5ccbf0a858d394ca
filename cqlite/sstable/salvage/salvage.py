"""Salvage itself: partitions and rows up to damage, and after it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import TracebackType

from cqlite.blocks.repair import CutBlocks, RepairingBlocks
from cqlite.errors import ChecksumError, CorruptSSTableError, CqliteError, TruncatedError
from cqlite.index import IndexEntry, PartitionIndex, RowIndexBlock, open_index
from cqlite.io import DATA
from cqlite.rows import DeletionTime, Partition, PartitionReader, Unfiltered
from cqlite.rows.model import prefix_of
from cqlite.sstable.salvage.cursor import IndexCursor
from cqlite.sstable.salvage.losses import Affected, Loss, LossReport
from cqlite.sstable.salvage.ranges import RangeEnds
from cqlite.sstable.salvage.source import (
    SalvageStream,
    open_salvage_blocks,
    read_header,
    usable_filter,
)
from cqlite.sstable.salvage.suspicion import Suspicion
from cqlite.sstable.salvage.values import check_key, check_unfiltered
from cqlite.sstable.sstable import SSTable


class Salvage:
    """Everything of an SSTable that can still be read. A context manager.

        with SSTable(path) as sstable, salvage(sstable) as salvaged:
            for partition in salvaged.partitions():
                ...
            for loss in salvaged.losses:
                print(loss)

    What was lost, and what else is wrong, is complete once :meth:`partitions` is through.
    """

    def __init__(
        self, sstable: SSTable, *, with_invalid_values: bool = False, closed_ranges: bool = False
    ) -> None:
        """Opens what is there of ``sstable``; see :func:`salvage`.

        Args:
            sstable: the SSTable.
            with_invalid_values: gives also what could not be shown, since a value is none
                of its type, rather than counting it as lost.
            closed_ranges: ends range deletions before damage, and starts them again behind it,
                where the index says what is open there, rather than giving markers as stored.
        """
        self._with_invalid_values = with_invalid_values
        self._ranges = RangeEnds(are_wanted=closed_ranges)
        self._notes: list[str] = []
        self._sstable = sstable
        self._where = sstable.components.where(DATA)
        read_header(sstable, self._notes)
        self._blocks = open_salvage_blocks(sstable, self._notes)
        self._raw = SalvageStream(self._blocks, self._where)
        stream = io.BufferedReader(self._raw)
        self._reader = PartitionReader(stream, sstable.row_format, self._where)
        self._types = [column.type for column in sstable.header_schema.clustering_columns]
        self._report = LossReport(self._blocks)
        self._index: PartitionIndex | None = None
        self._opened_cursor: IndexCursor | None = None
        bloom_filter = usable_filter(sstable, self._notes)
        self._suspicion = Suspicion(sstable.partitioner, self._types, bloom_filter)
        self._position = 0
        self._pending: Partition | None = None

    @property
    def length(self) -> int:
        """Length of the uncompressed stream in bytes."""
        return self._blocks.length

    @property
    def notes(self) -> list[str]:
        """Damage up to now that did not keep anything from being read."""
        blocks = self._blocks
        return self._notes + (blocks.repairs if isinstance(blocks, RepairingBlocks) else [])

    @property
    def losses(self) -> list[Loss]:
        """What could not be read up to now, in the order of Data.db."""
        return self._report.losses

    def __enter__(self) -> Salvage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files that were opened for this; those of the SSTable stay open."""
        self._raw.close()
        if self._index is not None:
            self._index.close()

    @property
    def _is_checked(self) -> bool:
        """Whether checksums find all damage."""
        return isinstance(self._blocks, RepairingBlocks) or (
            isinstance(self._blocks, CutBlocks) and self._blocks.is_checked
        )

    @property
    def _cursor(self) -> IndexCursor:
        """The index, opened when it is first needed."""
        if self._opened_cursor is None:
            components = self._sstable.components
            try:
                self._index = open_index(
                    components,
                    self._sstable.partitioner,
                    self._types,
                    key_at=self._reader.read_key,
                )
            except CqliteError as error:
                self._notes.append(f"no index to go on by: {error}")
            self._opened_cursor = IndexCursor(
                self._index, components, self._sstable.partitioner, self._notes
            )
        return self._opened_cursor

    def partitions(self) -> Iterator[Partition]:
        """What can be read, in file order, once.

        A partition may lack rows, its static row, or where only its row index tells of
        it, its start; :attr:`losses` says which.
        """
        while self._position < self._blocks.length:
            partition = self._next_partition()
            if partition is None:
                continue
            self._suspicion.start(partition.key)
            static_row = partition.static_row
            if static_row is not None and not self._has_valid_values(partition, static_row):
                partition.static_row = None
            invalid = self._invalid_key(partition)
            if invalid is None:
                yield partition
            for _ in partition:
                pass
            if invalid is not None:
                affected = Affected([partition.key], 1)
                self._report.add(partition.position, self._position, affected, invalid)
        self._check_end()

    def _invalid_key(self, partition: Partition) -> CorruptSSTableError | None:
        """Why the partition's key is none of its type, if so, and it cannot be shown."""
        if self._with_invalid_values:
            return None
        try:
            check_key(self._sstable.header_schema, partition.key)
        except CqliteError as error:
            where = self._where.at(partition.position, "data.partition_header.key")
            return CorruptSSTableError(error.message, where)
        return None

    def _has_valid_values(self, partition: Partition, unfiltered: Unfiltered) -> bool:
        """Whether a row or marker can be shown; one that can't is lost."""
        if self._with_invalid_values:
            return True
        try:
            check_unfiltered(self._sstable.header_schema, unfiltered)
        except CqliteError as error:
            where = self._where.at(unfiltered.position, "data.unfiltered")
            end = unfiltered.position + unfiltered.size
            affected = Affected([partition.key], 1)
            invalid = CorruptSSTableError(error.message, where)
            self._report.add(unfiltered.position, end, affected, invalid)
            return False
        return True

    def _check_end(self) -> None:
        """Whether CRC.db or the index know of more than there is."""
        end = self._blocks.length
        try:
            self._blocks.check_end()
            if not self._is_checked and self._cursor.position_after(end - 1) is not None:
                where = self._where.at(end)
                raise TruncatedError("the file ends before the next partition", where)
        except CorruptSSTableError as error:
            if not self.losses or self.losses[-1].end < end:
                affected = Affected()
                for entry in self._cursor.after(end - 1):
                    affected.add(entry.key)
                self._report.add(end, end, affected, error)

    def _next_partition(self) -> Partition | None:
        """The partition at the position; ``None`` where it has to be looked for again."""
        if self._pending is not None:
            partition, self._pending = self._pending, None
            return partition
        start = self._position
        self._ranges.start()
        try:
            partition = self._reader.read_partition(start)
            if not self._is_checked:
                self._check_key(partition)
        except CorruptSSTableError as error:
            if self._is_cut(start, error, in_partition=False):
                return None
            return self._after_damaged_start(start, error)
        partition.unfiltereds = self._rows(partition)
        return partition

    def _check_key(self, partition: Partition) -> None:
        """Where there are no checksums: whether the key can be what it seems."""
        where = self._where.at(partition.position, "data.partition_header.key")
        entry = self._cursor.at(partition.position)
        self._suspicion.check_key(partition.key, entry, where)
        if entry is not None and entry.key is None and self._index is not None:
            found = self._index.find(partition.key)
            if found is None or found.data_position != partition.position:
                raise CorruptSSTableError("the index has another key for the partition", where)

    def _after_damaged_start(self, start: int, error: CorruptSSTableError) -> Partition | None:
        """What is left of the partition at ``start``, of which header or static row is damaged."""
        entry = self._cursor.at(start)
        partition = self._known_header(start, entry)
        if partition is None:
            self._lose_to_next_partition(start, error, entry)
            return None
        partition.unfiltereds = self._rows_after(partition, start, error)
        return partition

    def _known_header(self, start: int, entry: IndexEntry | None) -> Partition | None:
        """The partition at ``start`` without static row, from Data.db or the index."""
        try:
            partition = self._reader.read_header(start)
            if not self._is_checked:
                self._check_key(partition)
        except CorruptSSTableError:
            return None if entry is None else _from_index(entry)
        if entry is not None and entry.key not in (None, partition.key):
            return None
        return partition

    def _rows_after(
        self, partition: Partition, position: int, error: CorruptSSTableError
    ) -> Iterator[Unfiltered]:
        """The rows of a partition that has damage at ``position``, from the next block on."""
        resumed = self._next_block(partition, position, error)
        if resumed is not None:
            partition.unfiltered_position = resumed
            yield from self._rows(partition)

    def _rows(self, partition: Partition) -> Iterator[Unfiltered]:
        """The rows of a partition, past damage in it; moves on to the next partition."""
        position: int | None = partition.unfiltered_position
        while position is not None:
            rows = self._reader.unfiltereds(position)
            failure: CorruptSSTableError | None = None
            while failure is None:
                try:
                    unfiltered = next(rows)
                    self._check(partition, unfiltered)
                except StopIteration as stop:
                    self._finish(partition, stop.value)
                    return
                except CorruptSSTableError as error:
                    failure = error
                else:
                    position = unfiltered.position + unfiltered.size
                    is_lost = not self._has_valid_values(partition, unfiltered)
                    yield from self._ranges.passed(unfiltered, is_lost=is_lost)
            if not self._is_cut(position, failure, in_partition=True):
                position = self._next_block(partition, position, failure)
                yield from self._ranges.cut()

    def _check(self, partition: Partition, unfiltered: Unfiltered) -> None:
        """Where there are no checksums: whether the row can be what it seems."""
        if self._is_checked:
            return
        where = self._where.at(unfiltered.position, "data.unfiltered")
        self._suspicion.check(unfiltered, where)
        limit = self._cursor.position_after(partition.position)
        if limit is not None and unfiltered.position + unfiltered.size >= limit:
            raise CorruptSSTableError("reaches into the next partition", where)

    def _finish(self, partition: Partition, end: int) -> None:
        """Notes the end of a partition, and goes on behind it."""
        partition.end = self._position = end
        if self._is_checked:
            return
        limit = self._cursor.position_after(partition.position)
        if limit is not None and limit != end:
            message = f"the partition ends here, the next starts at {limit}"
            error = CorruptSSTableError(message, self._where.at(end))
            self._lose_to_next_partition(end, error, partition)

    # Where to go on.

    def _next_block(
        self, partition: Partition, position: int, error: CorruptSSTableError
    ) -> int | None:
        """Where the partition's next readable block starts; ``None`` after going on behind it."""
        entry = self._cursor.at(partition.position)
        for block in self._cursor.blocks(entry):
            start = partition.position + block.offset
            if start > position and self._starts_at(start, block):
                self._report.add(position, start, Affected([partition.key], 1), error)
                self._suspicion.resume()
                return start
        self._lose_to_next_partition(position, error, partition)
        return None

    def _starts_at(self, position: int, block: RowIndexBlock) -> bool:
        """Whether the rows at ``position`` are those of ``block``."""
        if self._raw.is_known_bad(position):
            return False
        try:
            prefix = prefix_of(next(self._reader.unfiltereds(position)))
            if block.first is not None:
                is_there = prefix == block.first
            else:
                is_there = (block.separator or b"") <= prefix.byte_comparable(self._types)
        except (CqliteError, StopIteration):
            return False
        if is_there:
            opened = block.open_deletion
            self._ranges.resume(None if opened is None else DeletionTime(*opened))
        return is_there

    def _lose_to_next_partition(
        self, start: int, error: CorruptSSTableError, damaged: Partition | IndexEntry | None
    ) -> None:
        """Goes on after ``start`` at the next partition, or block of one, that can be read."""
        affected = Affected()
        if damaged is not None:
            affected.add(damaged.key)
        for entry in self._cursor.after(start):
            if self._has_partition(entry):
                self._position = entry.data_position
                break
            affected.add(entry.key)
            if self._find_in(entry):
                break
        else:
            self._position = max(start, self._blocks.length)
        self._report.add(start, self._position, affected, error)

    def _has_partition(self, entry: IndexEntry) -> bool:
        """Whether the partition of ``entry`` starts where it says."""
        if self._raw.is_known_bad(entry.data_position):
            return False
        try:
            key = self._reader.read_key(entry.data_position)
        except CorruptSSTableError:
            return False
        return entry.key in (None, key) and self._suspicion.is_plausible(key)

    def _find_in(self, entry: IndexEntry) -> bool:
        """Looks for a readable block of a partition whose start is damaged."""
        partition = _from_index(entry)
        if partition is None:
            return False
        for block in self._cursor.blocks(entry):
            start = entry.data_position + block.offset
            if self._starts_at(start, block):
                partition.unfiltered_position = self._position = start
                partition.unfiltereds = self._rows(partition)
                self._pending = partition
                return True
        return False

    # Files that were cut off.

    def _is_cut(self, position: int, error: CorruptSSTableError, *, in_partition: bool) -> bool:
        """Whether the file just ends too early, so that the rows left in its last block count.

        What is left of that block has no checksum that could fit. It is taken for
        whole if all of it can be read up to the end, and only the end is missing.
        """
        blocks = self._blocks
        if not isinstance(error, ChecksumError) or not isinstance(blocks, CutBlocks):
            return False
        if blocks.trusts_last or error.where.offset != blocks.last_position:
            return False
        blocks.trusts_last = True
        self._raw.forget(blocks.last_position // blocks.block_length)
        if self._reads_to_end(position, in_partition):
            self._notes.append(
                f"the file was cut off: bytes {blocks.last_position} to {blocks.length} have no "
                "checksum of their own and are taken as they are"
            )
            return True
        blocks.trusts_last = False
        self._raw.forget(blocks.last_position // blocks.block_length)
        return False

    def _reads_to_end(self, position: int, in_partition: bool) -> bool:
        try:
            if in_partition:
                position = self._skip_rows(position)
            for partition in self._reader.partitions(position):
                self._suspicion.check_key(partition.key, None, self._where)
        except TruncatedError as error:
            return error.where.component == DATA
        except CorruptSSTableError:
            return False
        # It ends between two partitions, as it also would if a byte in it had changed.
        return False

    def _skip_rows(self, position: int) -> int:
        rows = self._reader.unfiltereds(position)
        while True:
            try:
                next(rows)
            except StopIteration as stop:
                end: int = stop.value
                return end


def _from_index(entry: IndexEntry) -> Partition | None:
    """A partition as far as a row index tells of it, ``None`` if it has none."""
    if entry.key is None or entry.row_index is None:
        return None
    deletion = entry.row_index.partition_deletion
    return Partition(
        key=entry.key,
        deletion=None if deletion is None else DeletionTime(*deletion),
        static_row=None,
        position=entry.data_position,
        unfiltered_position=entry.data_position,
    )
