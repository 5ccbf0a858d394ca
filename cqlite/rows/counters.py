"""Two values of a counter to one: what every replica contributed, each counted once.

Follows ``org.apache.cassandra.db.context.CounterContext``.
"""

from __future__ import annotations

from dataclasses import replace

from cqlite.codec.be import wrap_s64
from cqlite.types import CounterColumnType, CounterShard, CqlType


def merge_contexts(kind: CqlType, left: bytes, right: bytes) -> bytes:
    """The context with the shards of both (``CounterContext.merge``).

    Args:
        kind: the type ``counter``.
        left: a counter context as a cell holds it.
        right: another one.

    Raises:
        InvalidValueError: one of them is no counter context.
    """
    kind = kind.unwrap()
    assert isinstance(kind, CounterColumnType)
    if left == right and not any(shard.kind == "local" for shard in _shards(kind, left)):
        return left
    merged = {shard.counter_id: shard for shard in _shards(kind, left)}
    for shard in _shards(kind, right):
        known = merged.get(shard.counter_id)
        merged[shard.counter_id] = shard if known is None else merge_shards(known, shard)
    return kind.encode([merged[counter_id] for counter_id in sorted(merged)])


def _shards(kind: CounterColumnType, data: bytes) -> list[CounterShard]:
    """The shards as Cassandra reads them from a file (``clearAllLocal``)."""
    shards = kind.shards(data)
    if not kind.has_locals_to_clear(data):
        return shards
    return [replace(s, kind="remote") if s.kind == "local" else s for s in shards]


def merge_shards(left: CounterShard, right: CounterShard) -> CounterShard:
    """What counts of two shards with the same counter id (``CounterContext.compare``).

    A global shard overrides others, a local one overrides remote ones, and two local
    shards add up. Of two of a kind the one with the later clock counts, and at the same
    clock the one with the higher count.
    """
    if left.kind == right.kind == "local":
        clock, count = left.clock + right.clock, left.count + right.count
        return replace(left, clock=wrap_s64(clock), count=wrap_s64(count))
    if left.kind != right.kind:
        order = ("remote", "local", "global")
        return max(left, right, key=lambda shard: order.index(shard.kind))
    if left.clock == right.clock:
        return left if left.count > right.count else right
    if left.kind == "global":
        return left if left.clock > right.clock else right
    return left if _is_later(left.clock, right.clock) else right


def _is_later(left: int, right: int) -> bool:
    """Whether a remote shard's clock overrides another; negative ones are of old resets."""
    if left >= 0:
        return right > 0 and left >= right
    return right > 0 or left < right
