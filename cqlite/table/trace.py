"""What was read of a table's SSTables, and what was skipped and why."""

from __future__ import annotations

from cqlite.records import made, mutable


@mutable
class SSTableTrace:
    """What was read of one SSTable.

    Attributes:
        skipped: why nothing of it was read: ``tokens``, ``clusterings`` or ``timestamps``;
            else ``None``.
        keys_filtered: partitions that it does not have by its tokens or its Bloom filter.
        keys_skipped: partitions that newer SSTables delete, so that they were not looked up.
        index_lookups: partitions that were looked up in its index.
        partitions: partitions that were read of it.
        index_blocks: blocks of rows that were gone to by a partition's row index.
        chunks: chunks of Data.db that were read and decompressed, or blocks where it is not
            compressed.
    """

    skipped: str | None = None
    keys_filtered: int = 0
    keys_skipped: int = 0
    index_lookups: int = 0
    partitions: int = 0
    index_blocks: int = 0
    chunks: int = 0


@mutable
class Trace:
    """What one or several reads of a table did.

    Attributes:
        sstables: by the SSTable's descriptor as text.
    """

    sstables: dict[str, SSTableTrace] = made(default_factory=dict)

    def of(self, name: str) -> SSTableTrace:
        """The trace of the SSTable with this name."""
        return self.sstables.setdefault(name, SSTableTrace())
