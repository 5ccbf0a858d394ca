"""One SSTable: its metadata, schema, partitions and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from cqlite.errors import (
    CorruptSSTableError,
    CqliteError,
    MissingComponentError,
    TruncatedError,
    Where,
    shown,
)
from cqlite.io import COMPRESSION_INFO, CRC, DATA, FILTER, Components, Descriptor, resolve
from cqlite.schema import TableSchema
from cqlite.sstable.metadata import (
    NO_COMPRESSION_RATIO,
    MetadataReader,
    SerializationHeader,
    SSTableMetadata,
    ValidationMetadata,
    open_metadata,
)
from cqlite.sstable.select.frames import Frames
from cqlite.sstable.select.plan import BATCH_ROWS, Empty
from cqlite.types import Partitioner, Token, parse_partitioner, parse_type

if TYPE_CHECKING:
    from cqlite.blocks import CompressionInfo
    from cqlite.index import IndexEntry, PartitionIndex
    from cqlite.index.bloom import BloomFilter
    from cqlite.rows import Partition, PartitionReader, RowFormat
    from cqlite.sstable.select.arguments import Decimals
    from cqlite.sstable.select.engine import Reader
    from cqlite.sstable.select.lookup import Lookup
    from cqlite.sstable.select.scan import Scan
    from cqlite.sstable.select.tokens import TokenRange


class SSTable(Frames):
    """An SSTable of any version from ``ma`` to ``oa`` and ``da``, opened for reading.

    Iterating gives its partitions in token order; each partition gives its rows and
    range tombstone markers as they are read, so that memory does not grow with the
    table. Follows ``org.apache.cassandra.io.sstable.format.SSTableReader``.

        with SSTable("…/oa-1-big-Data.db") as sstable:
            for partition in sstable:
                for row in partition.rows():
                    ...

    Args:
        path: any component of the SSTable, its TOC, or a directory that holds just one.
        schema: the table's schema, for real names of key columns and for dropped
            columns; else the schema is what Statistics.db tells.

    Raises:
        NotAnSSTableError: the path names no SSTable, or several.
        UnsupportedVersionError: the version is older than ``ma`` or unknown.
    """

    def __init__(self, path: str | Path, *, schema: TableSchema | None = None) -> None:
        self._hold(resolve(path), schema)

    def _hold(self, components: Components, schema: TableSchema | None) -> None:
        self.components = components
        self._given_schema = schema
        self._stream: BinaryIO | None = None
        self._index: PartitionIndex | None = None
        self._engine: Reader | None = None
        self._lookups: dict[tuple[str, ...] | None, Lookup] = {}

    def with_schema(self, schema: TableSchema) -> SSTable:
        """The same SSTable with another schema, without another look into Statistics.db."""
        other = SSTable.__new__(SSTable)
        other._hold(self.components, schema)
        for name in ("_statistics", "validation", "header", "header_schema"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    @property
    def descriptor(self) -> Descriptor:
        """What the file names say."""
        return self.components.descriptor

    @cached_property
    def _statistics(self) -> MetadataReader:
        return open_metadata(self.components)

    @cached_property
    def metadata(self) -> SSTableMetadata:
        """Everything in Statistics.db.

        Raises:
            MissingComponentError: there is no Statistics.db.
            CorruptSSTableError: it breaks its layout or a checksum.
        """
        parts = self._statistics
        return SSTableMetadata(self.validation, parts.compaction(), parts.stats(), self.header)

    @cached_property
    def validation(self) -> ValidationMetadata:
        """The partitioner's name and what the Bloom filter was sized for."""
        return self._statistics.validation()

    @cached_property
    def header(self) -> SerializationHeader:
        """What rows are read with."""
        return self._statistics.header()

    @cached_property
    def compression(self) -> CompressionInfo | None:
        """CompressionInfo.db, ``None`` where Data.db is not compressed.

        Raises:
            MissingComponentError: Data.db is compressed and the file is missing.
            CorruptSSTableError: it breaks its layout.
        """
        from cqlite.blocks import read_compression_info

        return read_compression_info(self.components) if self.is_compressed else None

    @property
    def is_compressed(self) -> bool:
        """Whether Data.db is compressed, without a look into CompressionInfo.db.

        Raises:
            MissingComponentError: it is, and CompressionInfo.db is missing.
        """
        if COMPRESSION_INFO in self.components:
            return True
        if self.metadata.stats.compression_ratio == NO_COMPRESSION_RATIO:
            return False
        raise MissingComponentError(
            "the file is missing, but Statistics.db says that Data.db is compressed",
            self.components.where(COMPRESSION_INFO),
        )

    @cached_property
    def header_schema(self) -> TableSchema:
        """The schema as far as Statistics.db tells it: key columns have made-up names."""
        header = self.header
        return TableSchema.from_header(
            key_type=header.key_type,
            clustering_types=header.clustering_types,
            static_columns=header.static_columns,
            regular_columns=header.regular_columns,
            partitioner=self.validation.partitioner,
            keyspace=self.descriptor.keyspace,
            name=self.descriptor.table,
        )

    @cached_property
    def schema(self) -> TableSchema:
        """The schema that was given, else that of Statistics.db.

        Raises:
            SchemaError: the given schema does not fit the file.
        """
        if self._given_schema is None:
            return self.header_schema
        return self._given_schema.matched_to(self.header_schema)

    @cached_property
    def partitioner(self) -> Partitioner:
        """The partitioner that orders the partitions."""
        key_type = parse_type(self.header.key_type)
        return parse_partitioner(self.validation.partitioner, key_type)

    @cached_property
    def row_format(self) -> RowFormat:
        """What the row reader needs of header and schema."""
        from cqlite.rows import RowFormat

        header = self.header
        return RowFormat(
            version=self.descriptor.version.number,
            clustering_shapes=tuple(c.type.shape for c in self.header_schema.clustering_columns),
            static_columns=self.header_schema.static_columns,
            regular_columns=self.header_schema.regular_columns,
            min_timestamp=header.min_timestamp,
            min_local_deletion_time=header.min_local_deletion_time,
            min_ttl=header.min_ttl,
            dropped={d.name: d.dropped_time for d in self.schema.dropped_columns},
        )

    @cached_property
    def reader(self) -> PartitionReader:
        """Reads partitions from Data.db; one stream serves all partitions."""
        from cqlite.rows import PartitionReader

        where = self.components.where(DATA)
        return PartitionReader(self.open_data(), self.row_format, where)

    def open_data(self) -> BinaryIO:
        """Data.db as one uncompressed stream, which :meth:`close` closes."""
        if self._stream is None:
            from cqlite.blocks import open_data

            # Asked first, since it notices that CompressionInfo.db is missing.
            _ = self.is_compressed
            self._stream = open_data(self.components)
        return self._stream

    @property
    def blocks_read(self) -> int:
        """How many chunks or blocks of Data.db were read since it was opened."""
        from cqlite.blocks import BlockStream

        raw = getattr(self._stream, "raw", None)
        return raw.num_read if isinstance(raw, BlockStream) else 0

    @property
    def index(self) -> PartitionIndex:
        """The partition index, BIG or BTI.

        Raises:
            MissingComponentError: there is none.
        """
        if self._index is None:
            from cqlite.index import open_index

            types = [column.type for column in self.header_schema.clustering_columns]
            self._index = open_index(
                self.components, self.partitioner, types, key_at=self.reader.read_key
            )
        return self._index

    @cached_property
    def bloom_filter(self) -> BloomFilter | None:
        """The Bloom filter, ``None`` where there is no Filter.db."""
        from cqlite.index.bloom import BloomFilter

        return BloomFilter.read(self.components) if FILTER in self.components else None

    @cached_property
    def data_length(self) -> int:
        """Length of the uncompressed Data.db in bytes."""
        from cqlite.sstable.chunks import summarised_natively

        found = summarised_natively(self.components) if self.is_compressed else None
        if found is not None:
            return found.data_length
        info = self.compression
        return self.components.size(DATA) if info is None else info.data_length

    @cached_property
    def key_range(self) -> tuple[bytes, bytes]:
        """The first and the last serialized partition key.

        Raises:
            MissingComponentError: neither Statistics.db (from ``oa`` on) nor an index has them.
        """
        from cqlite.sstable.overview import read_overview

        overview = read_overview(self.components)
        if overview.first is not None and overview.last is not None:
            return overview.first.key, overview.last.key
        first = last = None
        for key in self.keys():
            first, last = key if first is None else first, key
        if first is None or last is None:
            raise CorruptSSTableError("the index is empty", Where(self.descriptor.directory))
        return first, last

    @property
    def token_range(self) -> tuple[Token, Token]:
        """The tokens of the first and the last partition."""
        first, last = self.key_range
        return self.token(first), self.token(last)

    def keys(self) -> Iterator[bytes]:
        """All serialized partition keys in token order, from the index."""
        for entry in self.index:
            key = entry.key
            yield self.reader.read_key(entry.data_position) if key is None else key

    def __iter__(self) -> Iterator[Partition]:
        return self.partitions()

    def partitions(self, position: int = 0) -> Iterator[Partition]:
        """All partitions in file order, which is token order.

        Args:
            position: where to start in the uncompressed Data.db, with a partition.

        Raises:
            CorruptSSTableError: and what derives from it, at the damage; what was
                read before it has been handed out.
        """
        last = None
        for partition in self.reader.partitions(position):
            last = partition.key
            yield partition
        self.check_last(last)

    def check_last(self, last: bytes | None) -> None:
        """Where no checksum tells: that the file does not end after another partition.

        Args:
            last: the serialized key of the last partition that was read.

        Raises:
            TruncatedError: another one is the SSTable's last.
        """
        expected = self.unchecked_last_key
        if expected is not None and expected != last:
            raise TruncatedError(
                f"the file ends without the last partition, that of {shown(expected)}",
                self.components.where(DATA, self.components.size(DATA)),
            )

    @cached_property
    def unchecked_last_key(self) -> bytes | None:
        """The last partition's key where no checksum tells that Data.db has its end, else None."""
        if self.is_compressed or CRC in self.components:
            return None
        from cqlite.sstable.overview import read_overview

        try:
            last = read_overview(self.components).last
        except CqliteError:
            # Summary.db is damaged, which rows don't need.
            return None
        return None if last is None else last.key

    def token(self, key: bytes) -> Token:
        """The token of a serialized partition key."""
        return self.partitioner.token(key)

    def find(self, key: bytes) -> Partition | None:
        """The partition with serialized ``key``, ``None`` where the SSTable has none.

        Raises:
            CorruptSSTableError: index or data are damaged, or do not fit each other.
        """
        entry = self.find_entry(key)
        return None if entry is None else self.partition_of(key, entry)

    def find_entry(self, key: bytes) -> IndexEntry | None:
        """What the index says of the partition with serialized ``key``.

        ``None`` where the SSTable has none, which the Bloom filter mostly knows.

        Raises:
            MissingComponentError: there is no index.
            CorruptSSTableError: the index is damaged.
        """
        if self.bloom_filter is not None and not self.bloom_filter.might_contain(key):
            return None
        return self.index.find(key)

    def partition_of(self, key: bytes, entry: IndexEntry) -> Partition:
        """The partition that ``entry`` is of.

        Raises:
            CorruptSSTableError: the data are damaged, or have another key there.
        """
        partition = self.reader.read_partition(entry.data_position)
        if partition.key != key:
            where = self.components.where(DATA, entry.data_position)
            raise CorruptSSTableError(
                f"the index says that the partition of {shown(key)} is here, "
                f"but it is that of {shown(partition.key)}",
                where.at(field="data.partition_header.key"),
            )
        return partition

    # Rows by either engine.

    @property
    def engine(self) -> Reader:
        """The SSTable as the engine that ``cqlite.engine()`` names has it open.

        Raises:
            UnsupportedFeatureError: that engine is not installed.
        """
        if self._engine is None:
            from cqlite.sstable.select.engine import open_reader

            self._engine = open_reader(self)
        return self._engine

    def scan(
        self,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        *,
        token_range: TokenRange | None = None,
        limit: int | None = None,
        batch_rows: int = BATCH_ROWS,
        metadata: bool = False,
        decimals: Decimals | None = None,
        empty: Empty = "error",
        threads: int = 1,
    ) -> Scan:
        """The rows as Arrow record batches; docs/arrow.md has all of it.

            for batch in sstable.scan(["id", "v"], "id = 5"): ...

        Args:
            columns: names of the columns wanted, all by default.
            where: a CQL WHERE clause without the word, on columns of the primary key.
            token_range: only tokens above the first one up to and with the second;
                ``None`` for no bound.
            limit: rows that are wanted at most.
            batch_rows: rows that a batch has at most.
            metadata: make deletions rows, and times of writing and expiry columns.
            decimals: precision and scale of ``decimal`` and ``varint`` columns that are to
                be Arrow decimals, by name; else they are text.
            empty: what becomes of values without bytes that Arrow's types don't have:
                ``error`` or ``null``.
            threads: how many threads the native engine may use; the answer is the same.

        Raises:
            SchemaError: there is no such column, or ``where`` is malformed.
            InvalidValueError: a literal is no value of its column's type, or a number is
                out of range.
            InvalidTypeError: a column can't be the decimal that is asked for.
            UnsupportedFeatureError: ``where`` restricts columns that are no key.
        """
        from cqlite.sstable.select.arguments import make_plan
        from cqlite.sstable.select.scan import Scan

        plan = make_plan(
            self,
            columns,
            where,
            token_range=token_range,
            limit=limit,
            batch_rows=batch_rows,
            metadata=metadata,
            decimals=decimals,
            empty=empty,
            threads=threads,
        )
        return Scan(self.engine, plan)

    def get(self, key: Any, *, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The rows of one partition, none if it is not there; see :meth:`slice`.

            sstable.get("alice")

        Args:
            key: the partition key's value, or a tuple of its columns' values.
            columns: names of the columns wanted, all by default.

        Raises:
            InvalidValueError: ``key`` is no value of its type.
            MissingComponentError: there is no index.
            CorruptSSTableError: index or data are damaged.
        """
        return self._lookup(columns).get(key)

    def slice(
        self,
        key: Any,
        start: Any = None,
        end: Any = None,
        *,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Rows of one partition, in the order of the file.

        They are those that :meth:`scan` gives, with values as in the table of
        ``cqlite.types``, ``None`` for null.

            sstable.slice("alice", (2024,), (2025,))

        Args:
            key: the partition key's value, or a tuple of its columns' values.
            start: values of the first clustering columns, a tuple or a single one; rows
                before those that begin with them are left out.
            end: the same for the end; rows that begin with them are in.
            columns: names of the columns wanted, all by default.
            limit: rows that are wanted at most.

        Raises:
            InvalidValueError, MissingComponentError, CorruptSSTableError: see :meth:`get`.
        """
        return self._lookup(columns).slice(key, start, end, limit)

    def _lookup(self, columns: Sequence[str] | None) -> Lookup:
        """Lookups of ``columns``, kept for the next time."""
        names = columns if columns is None else tuple(columns)
        found = self._lookups.get(names)
        if found is None:
            from cqlite.sstable.select.lookup import Lookup

            found = self._lookups[names] = Lookup(self, columns)
        return found

    def close(self) -> None:
        """Closes all files; partitions that were handed out can't be read any more."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
            self._lookups.clear()
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self.__dict__.pop("reader", None)
        if self._index is not None:
            self._index.close()
            self._index = None

    def __enter__(self) -> SSTable:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SSTable({str(self.descriptor)!r})"
