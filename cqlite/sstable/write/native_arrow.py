"""Rows of Arrow's record batches, taken, sorted and written by the native engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from cqlite.blocks.write import Compression
from cqlite.errors import RowError
from cqlite.io import DATA, FORMAT_OF_VERSION, Descriptor, Output, OutputSet, parse_version
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.select.facts import ColumnFacts, Facts
from cqlite.sstable.write import options
from cqlite.sstable.write.fragments import EncodingStats
from cqlite.sstable.write.ids import new_ids
from cqlite.sstable.write.native import components, fill, write_settings
from cqlite.sstable.write.sorter import DEFAULT_MEMORY
from cqlite.sstable.write.split import header_of
from cqlite.sstable.write.table_writer import check_times
from cqlite.sstable.write.writer import Collected, complete, new_collector
from cqlite.types import parse_partitioner

if TYPE_CHECKING:
    import pyarrow as pa

_NO_LIMIT = (1 << 64) - 1
_ROWS = 1 << 17
"""Rows that are taken at a time."""


@dataclass(frozen=True, slots=True)
class RowTimes:
    """When rows are written.

    Attributes:
        timestamp: microseconds, of the first row.
        step: how much later each further row is, in microseconds.
        now: seconds since 1970.
        ttl: seconds, ``None`` for what does not expire.
        null_deletes: whether null deletes what there was; else it is as if it weren't there.
    """

    timestamp: int
    step: int
    now: int
    ttl: int | None
    null_deletes: bool


class NativeArrowWriter:
    """Writes batches of a table's rows to new SSTables in a directory.

    As ``Writer``, whose arguments these are, for batches that :meth:`fits`; a context manager
    as that is.

    Args:
        importer: ``ArrowImporter`` of the native module.
    """

    def __init__(
        self,
        importer: Callable[..., Any],
        schema: TableSchema,
        directory: Path,
        *,
        format: str = "da",
        compression: Compression | str | None = None,
        chunk_length: int | None = None,
        bloom_fp_chance: float | None = None,
        column_index_size: int | None = None,
        max_sstable_size: int | None = None,
        partitioner: str = "Murmur3Partitioner",
        ids: Literal["number", "uuid"] = "number",
        now: int | None = None,
        memory: int = DEFAULT_MEMORY,
    ) -> None:
        self._schema = schema
        self._version = parse_version(format, FORMAT_OF_VERSION.get(format, ""))
        self._partitioner = parse_partitioner(partitioner)
        self._settings = options.settings(
            schema, self._version, compression, chunk_length, bloom_fp_chance, column_index_size
        )
        self._max_size = _NO_LIMIT if max_sstable_size is None else max_sstable_size
        self._default_ttl = int(schema.options.get("default_time_to_live", 0))
        self._now = now
        self._last_timestamp = -(1 << 63)
        self._num_rows = 0
        self.sstables: list[Path] = []
        """Data.db of the SSTables, once they are written."""
        self._ids = new_ids(directory, ids)
        self._output = OutputSet(directory)
        self._importer = importer(self._facts(schema.regular_columns), self._output.scratch, memory)

    def _facts(self, regular: tuple[ColumnMetadata, ...]) -> Facts:
        kinds = (
            ("partition_key", self._schema.partition_key),
            ("clustering", self._schema.clustering_columns),
            ("regular", regular),
        )
        return Facts(
            components={},
            open=None,
            version=self._version.number,
            format=self._version.format,
            is_compressed=False,
            min_timestamp=0,
            min_local_deletion_time=0,
            min_ttl=0,
            columns=tuple(
                ColumnFacts(column.name, column.type.marshal_name, kind)
                for kind, columns in kinds
                for column in columns
            ),
            dropped={},
            partitioner=self._partitioner.name,
            last_key=None,
        )

    def fits(self, schema: pa.Schema) -> bool:
        """Whether batches of ``schema`` can be taken: none of their columns is static, say."""
        static = [column.name for column in self._schema.static_columns]
        if any(name in static for name in schema.names):
            return False
        fits: bool = self._importer.fits(_reader(schema, []))
        return fits

    def write(
        self,
        batch: pa.RecordBatch,
        *,
        timestamp: int | None = None,
        ttl: int | None = None,
        null_deletes: bool = False,
        reject: Callable[[RowError], None] | None = None,
    ) -> int:
        """Writes a batch's rows, as INSERT does; how many could be written.

        Args:
            batch: of a schema that fits.
            timestamp: microseconds; by default the clock, later with every row.
            ttl: seconds until they expire, 0 for never; by default as the table says.
            null_deletes: whether null deletes what there was; else it is as if it weren't there.
            reject: takes what is wrong with rows that cannot be written, with their numbers among
                all that were given; ``None`` if the first is an error.

        Raises:
            RowError: a row cannot be written; those before it are.
            OutputError: the disk is full.
        """
        written = 0
        for start in range(0, len(batch), _ROWS):
            times = self._times(timestamp, ttl, null_deletes)
            written += self._write_part(batch.slice(start, _ROWS), times, reject)
        return written

    def _write_part(
        self, batch: pa.RecordBatch, times: RowTimes, reject: Callable[[RowError], None] | None
    ) -> int:
        written = 0
        while len(batch):
            failed = self._importer.add(_reader(batch.schema, [batch]), times)
            taken = len(batch) if failed is None else failed[0]
            written += taken
            self._num_rows += taken
            times = replace(times, timestamp=times.timestamp + times.step * taken)
            if failed is None:
                break
            _, column, reason = failed
            self._num_rows += 1
            error = RowError(reason, row=self._num_rows, column=column or None)
            if reject is None:
                raise error
            reject(error)
            batch = batch.slice(taken + 1)
        if times.step:
            self._last_timestamp = times.timestamp - 1
        return written

    def _times(self, timestamp: int | None, ttl: int | None, null_deletes: bool) -> RowTimes:
        step = 0
        if timestamp is None:
            # What is written later counts more, also where the clock stands.
            timestamp, step = max(time.time_ns() // 1000, self._last_timestamp + 1), 1
        now = int(time.time()) if self._now is None else self._now
        ttl = self._default_ttl if ttl is None else ttl
        check_times(timestamp, now, ttl, self._version)
        return RowTimes(timestamp, step, now, ttl or None, null_deletes)

    def finish(self) -> list[Path]:
        """Writes the SSTables; Data.db of each. Without rows there are none.

        Raises:
            OutputError: the disk is full; then nothing is left.
        """
        with self._output:
            found = self._importer.stats()
            stats = EncodingStats(found["timestamp"], found["local_deletion_time"], found["ttl"])
            stats.regular_columns = set(found["columns"])
            made = []
            has_more = self._importer.sort()
            while has_more:
                descriptor = Descriptor(self._output.finished, self._version, next(self._ids))
                has_more = self._write(descriptor, stats)
                made.append(descriptor)
            if made:
                self.sstables = [each.path(DATA) for each in self._output.commit(made)]
        return self.sstables

    def _write(self, descriptor: Descriptor, stats: EncodingStats) -> bool:
        """Writes one SSTable; whether there are more rows."""
        header = header_of(self._schema, stats)
        columns = [self._schema.regular_columns[index] for index in sorted(stats.regular_columns)]
        facts = replace(
            self._facts(tuple(columns)),
            min_timestamp=header.min_timestamp,
            min_local_deletion_time=header.min_local_deletion_time,
            min_ttl=header.min_ttl,
        )
        types = [column.type for column in self._schema.clustering_columns]
        collected = new_collector(types, self._settings)
        asked = write_settings(self._settings, self._version, collected)
        with Output(descriptor) as output:
            names = components(self._settings, descriptor)
            paths = {name: output.create(name).name for name in names}
            found, has_more = self._importer.write(facts, asked, paths, self._max_size)
            fill(collected, found)
            whole = Collected(header, collected, found["compression_ratio"])
            complete(output, whole, self._partitioner, self._settings)
        return bool(has_more)

    def abort(self) -> None:
        """Gives up: nothing of it is left."""
        self._output.abort()

    def __enter__(self) -> NativeArrowWriter:
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


def _reader(schema: pa.Schema, batches: list[pa.RecordBatch]) -> pa.RecordBatchReader:
    """Batches as the native engine takes them."""
    import pyarrow as pa

    return pa.RecordBatchReader.from_batches(schema, batches)
