"""A table's rows and deletions, in any order, to SSTables that Cassandra can take.

What ``CQLSSTableWriter`` is in Cassandra. Everything is sorted first, in files where it
does not fit in memory, so that the SSTables follow from what was written and not from
its order.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from cqlite.blocks.write import Compression
from cqlite.errors import CqliteError, RowError
from cqlite.io import DATA, FORMAT_OF_VERSION, OutputSet, Version, failure, parse_version
from cqlite.rows import Partition
from cqlite.schema import TableSchema
from cqlite.sstable.write import options
from cqlite.sstable.write.copies import PartitionCopier
from cqlite.sstable.write.fragments import OF_STATIC_ROW, EncodingStats, packed
from cqlite.sstable.write.ids import new_ids
from cqlite.sstable.write.mutations import Mutation, MutationBuilder
from cqlite.sstable.write.order import OrderCheck
from cqlite.sstable.write.sorter import DEFAULT_MEMORY, Sorter
from cqlite.sstable.write.split import Split, write_all
from cqlite.sstable.write.values import WriteTimes
from cqlite.sstable.write.writer import max_deletion_time
from cqlite.types import parse_partitioner

MAX_TTL = 20 * 365 * 24 * 60 * 60
"""Seconds, Cassandra's limit for times to live."""

_LONG_MIN, _LONG_MAX = -0x8000000000000000, 0x7FFFFFFFFFFFFFFF


class Writer:
    """Writes rows and deletions of a table to new SSTables in a directory.

    A context manager. At its end the SSTables are there, ready for ``nodetool import``; if
    it ends by an error, nothing is.

        with Writer(schema, directory) as writer:
            writer.write({"id": 1, "name": "one"})
            writer.delete_row({"id": 2})
        writer.sstables  # paths of their Data.db

    A call that raises ``RowError`` writes nothing of its row; one may go on after it.

    Args:
        schema: the table, or CQL that has one CREATE TABLE and the types that it needs.
        directory: where to. Made if it is not there; what it has is not overwritten.
        format: version to write: ``da``, ``oa`` or ``nb``.
        compression: compressor such as ``LZ4Compressor`` or ``zstd``, ``none``, or a
            ``Compression``; by default as the table says.
        chunk_length: bytes to compress at a time, a power of two.
        bloom_fp_chance: false positive rate of the Bloom filter, up to 1 for none.
        column_index_size: bytes of rows from one entry of a partition's row index to the next,
            as in cassandra.yaml; by default the format's, 16 KiB in ``da`` and else 64.
        max_sstable_size: bytes of uncompressed rows after which a new SSTable is begun with
            the next partition; ``None`` for one SSTable.
        partitioner: class name of the cluster's partitioner.
        sorted: promises that rows come in the order of the table, each once; a
            ``RowError`` says where that is not so. Without it rows may come in any order, and
            what is said twice of one is reconciled as Cassandra does.
        ids: names with numbers, the next that are free, or with UUIDs.
        now: seconds since 1970, what times to live and local deletion times count from; by
            default the clock at each call.
        memory: bytes of rows that are held before they go to temporary files.

    Raises:
        UnsupportedFeatureError: a table WITH COMPACT STORAGE, a materialized view, or
            another format.
        SchemaError: CQL that does not have one table.
        OutputError: nothing can be written there.
    """

    def __init__(
        self,
        schema: TableSchema | str,
        directory: str | Path,
        *,
        format: str = "da",
        compression: Compression | str | None = None,
        chunk_length: int | None = None,
        bloom_fp_chance: float | None = None,
        column_index_size: int | None = None,
        max_sstable_size: int | None = None,
        partitioner: str = "Murmur3Partitioner",
        sorted: bool = False,
        ids: Literal["number", "uuid"] = "number",
        now: int | None = None,
        memory: int = DEFAULT_MEMORY,
    ) -> None:
        self.schema = options.table(schema)
        self._version = parse_version(format, FORMAT_OF_VERSION.get(format, ""))
        self._partitioner = parse_partitioner(partitioner, self.schema.partition_key_type)
        self._settings = options.settings(
            self.schema,
            self._version,
            compression,
            chunk_length,
            bloom_fp_chance,
            column_index_size,
        )
        self._max_size = max_sstable_size
        self._default_ttl = int(self.schema.options.get("default_time_to_live", 0))
        self._now = now
        self._last_timestamp = _LONG_MIN
        self._builder = MutationBuilder(self.schema)
        self._copier = PartitionCopier(self.schema)
        self._stats = EncodingStats()
        self._check = OrderCheck() if sorted else None
        self._row = 0
        self._directory = Path(directory)
        self._ids = new_ids(self._directory, ids)
        self.sstables: list[Path] = []
        """Data.db of the SSTables, once they are written."""
        self._output = OutputSet(self._directory)
        self._sorter: Sorter | None = Sorter(self._output.scratch, memory)

    @property
    def directory(self) -> Path:
        """Where the SSTables are to be."""
        return self._directory

    # What can be written.

    def write(
        self,
        row: Mapping[str, Any],
        *,
        timestamp: int | None = None,
        ttl: int | None = None,
        update: bool = False,
        append: Collection[str] = (),
    ) -> None:
        """Writes a row as INSERT does.

        A column that is not in ``row`` is not touched, one with ``None`` is deleted. A
        collection or a UDT that is not frozen takes the place of what older writes said.
        Static columns are those of the partition; a row of these and the partition key
        alone says nothing of any row.

        Args:
            row: values by column, of the types in the table of ``cqlite.types``.
            timestamp: microseconds; by default the clock, later with every call.
            ttl: seconds until it expires, 0 for never; by default as the table says.
            update: write as UPDATE does: only the columns, not that there is a row.
            append: columns that are not frozen whose elements or fields are added to those
                that there are; fields that are ``None`` are deleted.

        Raises:
            RowError: a value, a name or a time that cannot be; nothing is written of the row.
            UnsupportedFeatureError: a table of counters, whose shards cannot be made.
            OutputError: the disk is full.
        """
        options.refuse_counters(self.schema)
        with self._next_row():
            times = self._times(timestamp, ttl)
            self._add(self._builder.write(row, times, update=update, append=append))

    def delete_partition(self, key: Mapping[str, Any], *, timestamp: int | None = None) -> None:
        """Deletes a partition; ``key`` has the columns of its key. Raises as ``write``."""
        with self._next_row():
            self._add(self._builder.delete_partition(key, self._times(timestamp)))

    def delete_row(self, key: Mapping[str, Any], *, timestamp: int | None = None) -> None:
        """Deletes a row; ``key`` has the columns of the primary key. Raises as ``write``."""
        with self._next_row():
            self._add(self._builder.delete_row(key, self._times(timestamp)))

    def delete_range(
        self,
        key: Mapping[str, Any],
        start: Sequence[Any] = (),
        end: Sequence[Any] = (),
        *,
        include_start: bool = True,
        include_end: bool = True,
        timestamp: int | None = None,
    ) -> None:
        """Deletes the rows of a partition in a range, which may be open on either side.

        Args:
            key: the columns of the partition key.
            start: values of the first clustering columns. In the order of the table: where
                a column is descending, the range starts at the greater value.
            end: the same of the end.
            include_start: whether rows that begin with the values of ``start`` are included.
            include_end: the same of the end.
            timestamp: as of ``write``.

        Raises:
            RowError: as ``write``.
        """
        inclusive = include_start, include_end
        with self._next_row():
            times = self._times(timestamp)
            self._add(self._builder.delete_range(key, start, end, inclusive, times))

    def delete_cells(
        self,
        key: Mapping[str, Any],
        columns: Collection[str] = (),
        *,
        elements: Mapping[str, Iterable[Any]] | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Deletes columns of a row, or of the partition if they are static.

        Args:
            key: the columns of the primary key; of the partition key for static columns.
            columns: columns to delete.
            elements: by column, elements to delete alone: of a set elements, of a map keys,
                of a UDT names of fields, of a list UUIDs of cells.
            timestamp: as of ``write``.

        Raises:
            RowError: as ``write``.
        """
        with self._next_row():
            times = self._times(timestamp)
            self._add(self._builder.delete_cells(key, columns, elements or {}, times))

    def add(self, mutation: Mutation) -> None:
        """Writes what is a mutation already, such as a row of another SSTable's dump.

        Raises:
            RowError: it is not in the order that was promised.
            OutputError: the disk is full.
        """
        with self._next_row():
            self._add(mutation)

    def append(self, partition: Partition) -> None:
        """Writes a partition that was read from an SSTable of the same table.

        Raises:
            RowError: it is not in the order that was promised.
            SchemaError: a column is not the table's, or is of another type there.
            OutputError: the disk is full.
        """
        with self._next_row():
            for mutation in self._copier.mutations(partition):
                self._add(mutation)

    # How.

    @contextmanager
    def _next_row(self) -> Iterator[None]:
        """Counts a call, and says in its errors which one it was."""
        if self._sorter is None:
            raise CqliteError("the writer is closed")
        self._row += 1
        try:
            yield
        except RowError as error:
            raise RowError(error.reason, row=self._row, column=error.column) from error

    def _add(self, mutation: Mutation) -> None:
        partition = self._partitioner.byte_comparable(mutation.key)
        if self._check is not None:
            self._check.take(partition, mutation.row_place)
        assert self._sorter is not None
        for place, fragment in mutation.fragments:
            self._stats.add(fragment, is_static=place == OF_STATIC_ROW)
            self._sorter.add((partition, place, packed(mutation.key, fragment)))

    def _times(self, timestamp: int | None, ttl: int | None = None) -> WriteTimes:
        if timestamp is None:
            # What is written later counts more, also where the clock stands.
            timestamp = max(time.time_ns() // 1000, self._last_timestamp + 1)
            self._last_timestamp = timestamp
        now = int(time.time()) if self._now is None else self._now
        ttl = self._default_ttl if ttl is None else ttl
        check_times(timestamp, now, ttl, self._version)
        return WriteTimes(timestamp, now, ttl or None)

    def finish(self) -> list[Path]:
        """Writes the SSTables; Data.db of each. Without rows there are none.

        Raises:
            OutputError: the disk is full; then nothing is left.
        """
        if self._sorter is None:
            return self.sstables
        sorter, self._sorter = self._sorter, None
        split = Split(self._output.finished, self._version, self._ids, self._max_size)
        with self._output:
            try:
                made = write_all(
                    sorter, self.schema, self._stats, self._partitioner, self._settings, split
                )
            except OSError as error:
                raise failure(error, self._directory) from error
            if made:
                published = self._output.commit(made)
                self.sstables = [descriptor.path(DATA) for descriptor in published]
        return self.sstables

    def abort(self) -> None:
        """Gives up: nothing of it is left."""
        self._sorter = None
        self._output.abort()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.abort()


def check_times(timestamp: int, now: int, ttl: int, version: Version) -> None:
    """Raises RowError where rows of a version cannot be written at such times.

    Args:
        timestamp: microseconds.
        now: seconds since 1970.
        ttl: seconds, 0 for what does not expire.
        version: the version.
    """
    if not _LONG_MIN < timestamp <= _LONG_MAX:
        raise RowError(f"timestamp {timestamp} is not between -2^63 and 2^63")
    if not 0 <= ttl <= MAX_TTL:
        raise RowError(f"a time to live of {ttl} seconds, up to {MAX_TTL} are possible")
    last = max_deletion_time(version)
    if now + ttl > last:
        raise RowError(
            f"{now + ttl} seconds after 1970; version {version} has no times of "
            f"deletion or expiration after {last}"
        )
