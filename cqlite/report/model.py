"""What a report says, as plain objects. Sizes are bytes, timestamps µs, other times seconds."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("partition", "row", "range", "complex", "cell", "expired_row", "expired_cell")
"""Kinds of tombstones, in the order in which they are counted.

A deleted partition, a deleted row, a marker that starts or ends the deletion of a range
(a boundary, which does both, is one), the deletion of a whole collection, of a cell or an
element; rows whose own time to live is over, and cells whose is that do not expire with
their row.
"""

DEFAULT_GC_GRACE = 864_000
"""Seconds, where the schema is not known; that of CREATE TABLE."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that a report is for.

    Attributes:
        now: seconds since 1970.
        gc_grace_seconds: age at which tombstones can be dropped.
    """

    now: int
    gc_grace_seconds: int

    @property
    def gc_before(self) -> int:
        """What was deleted before, in seconds since 1970, can be dropped."""
        return self.now - self.gc_grace_seconds


@dataclass(frozen=True, slots=True)
class PartitionCounts:
    """What one partition adds up to, in one SSTable or in several.

    Attributes:
        key: serialized partition key.
        size: bytes in the uncompressed Data.db.
        rows: number of rows, static rows aside.
        cells: number of cells, each element of a collection being one, deleted ones too.
        tombstones: how many of each of ``KINDS``.
        droppable: how many of these are older than the grace period.
        sstables: how many SSTables it is in.
    """

    key: bytes
    size: int
    rows: int
    cells: int
    tombstones: tuple[int, ...]
    droppable: tuple[int, ...]
    sstables: int = 1

    @property
    def total_tombstones(self) -> int:
        """Tombstones of all kinds."""
        return sum(self.tombstones)


@dataclass(frozen=True, slots=True)
class Rows:
    """What only reading all rows tells.

    Versions of the same row in several SSTables count each.

    Attributes:
        partitions: number of distinct partition keys.
        rows: as in ``PartitionCounts``.
        cells: the same.
        tombstones: the same.
        droppable: the same.
        by_sstables: partitions by the number of SSTables that they are in, ascending.
        largest: partitions by bytes, the largest first.
        widest: partitions by rows.
        most_tombstones: partitions by tombstones; none without any.
    """

    partitions: int
    rows: int
    cells: int
    tombstones: tuple[int, ...]
    droppable: tuple[int, ...]
    by_sstables: tuple[tuple[int, int], ...]
    largest: tuple[PartitionCounts, ...]
    widest: tuple[PartitionCounts, ...]
    most_tombstones: tuple[PartitionCounts, ...]


@dataclass(frozen=True, slots=True)
class SSTableReport:
    """What small components say of one SSTable.

    Attributes:
        path: its Data.db.
        name: the file names up to the component, such as ``oa-1-big``.
        version: such as ``oa``.
        level: level in leveled compaction.
        repaired_at: milliseconds since 1970, 0 if not repaired.
        disk_size: bytes of all its files.
        data_size: bytes of Data.db.
        uncompressed_size: bytes of Data.db without compression.
        compressor: its class without the package, ``None`` without compression.
        chunk_length: uncompressed bytes of a chunk, ``None`` without compression.
        partitions: estimated number of partitions.
        rows: number of rows, -1 where the version doesn't say.
        cells: number of cells, a collection counting once.
        min_timestamp: the earliest write, µs.
        max_timestamp: the latest write, µs.
        min_deletion_time: the earliest deletion or expiry, ``None`` if nothing has one.
        max_deletion_time: the latest one, ``None`` if something neither is deleted nor
            expires.
        min_ttl: seconds.
        max_ttl: seconds.
        first_token: token of the first partition, as Cassandra prints it.
        last_token: token of the last one.
        first_key: key of the first partition, as Cassandra prints it.
        last_key: key of the last one.
        largest_partition: bytes that the largest partition has at most; ``None`` above
            what the histogram counts.
        tombstones: estimated tombstones and expiring cells.
        droppable: estimated share of them that can be dropped, in numbers.
        droppable_ratio: these as a share of the cells, as sstablemetadata prints it.
        fully_expired: whether nothing in it lives and all of it can be dropped by age.
    """

    path: str
    name: str
    version: str
    level: int
    repaired_at: int
    disk_size: int
    data_size: int
    uncompressed_size: int
    compressor: str | None
    chunk_length: int | None
    partitions: int
    rows: int
    cells: int
    min_timestamp: int
    max_timestamp: int
    min_deletion_time: int | None
    max_deletion_time: int | None
    min_ttl: int
    max_ttl: int
    first_token: str
    last_token: str
    first_key: str
    last_key: str
    largest_partition: int | None
    tombstones: int
    droppable: float
    droppable_ratio: float
    fully_expired: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two SSTables whose ranges of tokens have tokens in common.

    Attributes:
        left: position of the one in the report's ``sstables``.
        right: position of the other.
        shared: estimated number of partitions that both have.
        share: these as a share of the smaller one's partitions, 0 to 1.
    """

    left: int
    right: int
    shared: int
    share: float


@dataclass(frozen=True, slots=True)
class Blocker:
    """An SSTable that keeps fully expired ones from being dropped.

    Attributes:
        sstable: position in the report's ``sstables``.
        blocks: positions of those that cannot be dropped since what they delete may be in it.
    """

    sstable: int
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableReport:
    """What there is to say of a table's SSTables.

    Attributes:
        keyspace: its name, ``None`` if not known.
        table: the same.
        clock: the time that the report is for.
        sstables: in the order in which they were made.
        partitions: estimated number of distinct partitions.
        overlaps: pairs of SSTables, those that share most first.
        blockers: SSTables that block others.
        droppable_sstables: positions of those that a compaction would drop unread.
        drop_times: tombstones and expiring cells of all SSTables by local deletion time,
            pairs of seconds since 1970 and a number, ascending.
        partition_sizes: partitions of all SSTables by size, pairs of bytes and a number.
        full: what reading all rows said, ``None`` if they were not read.
    """

    keyspace: str | None
    table: str | None
    clock: Clock
    sstables: tuple[SSTableReport, ...]
    partitions: int
    overlaps: tuple[Overlap, ...]
    blockers: tuple[Blocker, ...]
    droppable_sstables: tuple[int, ...]
    drop_times: tuple[tuple[int, int], ...]
    partition_sizes: tuple[tuple[int, int], ...]
    full: Rows | None = None

    @property
    def title(self) -> str:
        """The table's name, or the folder of its first SSTable."""
        if self.keyspace is not None and self.table is not None:
            return f"{self.keyspace}.{self.table}"
        return self.sstables[0].path.rpartition("/")[0] or "."
