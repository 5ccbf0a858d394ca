"""What a writer has to be told, since rows do not say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from cqlite.blocks.write import Compression
from cqlite.index.write import big, bti
from cqlite.index.write.bloom import DEFAULT_FP_CHANCE
from cqlite.sstable.metadata import CommitLogPosition

PARTITION_SIZE_BUCKETS = 155
"""Offsets of the histogram of partition sizes since 5.0; 4.x had 150."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an SSTable comes from, as Statistics.db has it besides what follows from rows.

    Attributes:
        sstable_level: level in leveled compaction.
        repaired_at: milliseconds since 1970, 0 if not repaired.
        pending_repair: the repair session that it belongs to, if any.
        is_transient: whether it is of a transient replica.
        originating_host_id: the host whose commit log the intervals are of, if any.
        commit_log_intervals: the parts of the commit log that it covers.
        token_space_coverage: share of the node's tokens, NaN if not known.
    """

    sstable_level: int = 0
    repaired_at: int = 0
    pending_repair: UUID | None = None
    is_transient: bool = False
    originating_host_id: UUID | None = None
    commit_log_intervals: tuple[tuple[CommitLogPosition, CommitLogPosition], ...] = ()
    token_space_coverage: float = float("nan")


@dataclass(frozen=True, slots=True)
class Settings:
    """How an SSTable is written.

    Attributes:
        compression: ``None`` for none.
        bloom_fp_chance: the false positive rate for Filter.db; with 1 there is no such file.
        expected_partitions: how many the Bloom filter is sized for.
        block_size: from this length on, in bytes, a block of a row index is complete;
            ``None`` for the format's default.
        min_index_interval: partitions from one entry of Summary.db to the next.
        partition_size_buckets: offsets of the histogram of partition sizes.
        synced_before_end: whether Data.db has an empty chunk at its end; see
            ``blocks.write.DataWriter.finish``.
        provenance: see there.
    """

    compression: Compression | None = field(default_factory=Compression)
    bloom_fp_chance: float = DEFAULT_FP_CHANCE
    expected_partitions: int = 0
    block_size: int | None = None
    min_index_interval: int = big.DEFAULT_MIN_INDEX_INTERVAL
    partition_size_buckets: int = PARTITION_SIZE_BUCKETS
    synced_before_end: bool = False
    provenance: Provenance = field(default_factory=Provenance)

    def block_size_of(self, format: str) -> int:
        """The length of blocks in ``big`` or ``bti``."""
        if self.block_size is not None:
            return self.block_size
        return big.DEFAULT_BLOCK_SIZE if format == "big" else bti.DEFAULT_BLOCK_SIZE
