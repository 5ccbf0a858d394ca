"""What could not be read of a damaged SSTable."""

from __future__ import annotations

from dataclasses import dataclass, field

from cqlite.blocks import Blocks, CompressedBlocks
from cqlite.errors import CqliteError, Where

MAX_KEYS = 1000
"""As many keys of affected partitions are named in one loss."""


@dataclass(slots=True)
class Affected:
    """Partitions that a loss affects.

    Attributes:
        keys: serialized keys as far as they are known, at most ``MAX_KEYS``.
        count: how many partitions are known of, with or without key.
    """

    keys: list[bytes] = field(default_factory=list)
    count: int = 0

    def add(self, key: bytes | None) -> None:
        """Counts a partition, ``None`` where its key is not known."""
        self.count += 1
        if key is not None and len(self.keys) < MAX_KEYS:
            self.keys.append(key)


@dataclass(frozen=True, slots=True)
class Loss:
    """A range of Data.db that could not be read.

    Attributes:
        start: where it starts in the uncompressed stream, in bytes.
        end: where reading went on, or the end of the stream.
        file_start: where it starts in the file on disk; where Data.db is compressed the
            first chunk that it touches.
        file_end: where it ends in the file on disk, as far as the file goes.
        keys: serialized keys of the partitions that are affected, as far as they are
            known, at most ``MAX_KEYS``.
        num_partitions: how many partitions the index knows to be affected, with or
            without key; 0 if nothing is known.
        error: what was wrong.
    """

    start: int
    end: int
    file_start: int
    file_end: int
    keys: tuple[bytes, ...]
    num_partitions: int
    error: CqliteError

    @property
    def where(self) -> Where:
        """File, component and start."""
        return Where(self.error.where.file, self.error.where.component, self.start)

    def __str__(self) -> str:
        partitions = f"{self.num_partitions} partition{'s' * (self.num_partitions != 1)}"
        known = partitions if self.num_partitions else "partitions that nothing tells of"
        return (
            f"bytes {self.start} to {self.end} (uncompressed), "
            f"{self.file_start} to {self.file_end} on disk, of {known}: {self.error.message}"
        )


class LossReport:
    """Collects losses.

    Attributes:
        losses: what was lost up to now.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.losses: list[Loss] = []
        self._blocks = blocks

    def add(self, start: int, end: int, affected: Affected, error: CqliteError) -> None:
        """Notes that the stream's bytes from ``start`` to ``end`` were lost."""
        file_start, file_end = self._on_disk(start, end)
        self.losses.append(
            Loss(start, end, file_start, file_end, tuple(affected.keys), affected.count, error)
        )

    def _on_disk(self, start: int, end: int) -> tuple[int, int]:
        blocks = self._blocks
        if not isinstance(blocks, CompressedBlocks):
            return min(start, blocks.length), min(end, blocks.length)
        info = blocks.info
        if start >= info.data_length or not len(info):
            return info.file_length, info.file_length
        first = info.chunk(min(start // info.chunk_length, len(info) - 1))
        last = info.chunk(min((max(end, start + 1) - 1) // info.chunk_length, len(info) - 1))
        return (
            min(first.offset, info.file_length),
            min(last.end, info.file_length),
        )
