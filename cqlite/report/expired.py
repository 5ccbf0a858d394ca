"""SSTables in which all has expired, and what keeps them.

Follows ``CompactionController.getFullyExpiredSSTables`` for a compaction of all SSTables
and ``SSTableExpiredBlockers``, which asks of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.report.model import Blocker, SSTableReport


def blockers(sstables: Sequence[SSTableReport]) -> tuple[Blocker, ...]:
    """The SSTables with something alive that may be older than what an expired one deletes."""
    found = []
    for position, blocker in enumerate(sstables):
        if blocker.fully_expired:
            continue
        blocked = tuple(
            other
            for other, expired in enumerate(sstables)
            if expired.fully_expired and blocker.min_timestamp <= expired.max_timestamp
        )
        if blocked:
            found.append(Blocker(position, blocked))
    return tuple(found)


def droppable(sstables: Sequence[SSTableReport], found: Sequence[Blocker]) -> tuple[int, ...]:
    """Positions of the fully expired SSTables that nothing of ``found`` blocks."""
    blocked = {position for blocker in found for position in blocker.blocks}
    return tuple(
        position
        for position, sstable in enumerate(sstables)
        if sstable.fully_expired and position not in blocked
    )
