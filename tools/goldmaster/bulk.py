"""Two cases of size: one partition of very many rows, very many partitions of one row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from tools.goldmaster.case import KEYSPACE, T0, Case, compression

WIDE_ROWS = 200_000
TINY_PARTITIONS = 100_000
_BATCH = 250


def _batches(rows: Iterator[str]) -> tuple[str, ...]:
    """Unlogged batches, which a node takes many times faster than single statements."""
    batches = []
    while batch := list(islice(rows, _BATCH)):
        batches.append(f"BEGIN UNLOGGED BATCH {'; '.join(batch)}; APPLY BATCH")
    return tuple(batches)


def wide(rng: Random, rows: int = WIDE_ROWS) -> Case:
    """A partition of many rows, with range deletions here and there."""
    table = f"{KEYSPACE}.wide_partition"

    def statements() -> Iterator[str]:
        for n in range(rows):
            yield (
                f"INSERT INTO {table} (p, c, v) VALUES (1, {n}, '{n * 7919 % 1009}') "
                f"USING TIMESTAMP {T0 + rng.randrange(1000)}"
            )
            if n % 5000 == 2500:
                yield (
                    f"DELETE FROM {table} USING TIMESTAMP {T0 + 500} "
                    f"WHERE p = 1 AND c > {n} AND c < {n + rng.randrange(500)}"
                )

    return Case(
        name="wide_partition",
        pattern="bulk",
        table=table,
        types=(),
        create=f"CREATE TABLE {table} (p int, c int, v text, PRIMARY KEY (p, c)) "
        f"WITH {compression('LZ4', 16)}",
        flushes=(_batches(statements()),),
        compressor="LZ4",
        chunk_kib=16,
        features=frozenset(("wide partition", "range deletion")),
        key=("p", "c"),
    )


def tiny(rng: Random, partitions: int = TINY_PARTITIONS) -> Case:
    """Many partitions of one row."""
    table = f"{KEYSPACE}.tiny_partitions"
    rows = (
        f"INSERT INTO {table} (k, v) VALUES ('key-{n}', {rng.randrange(1000)}) "
        f"USING TIMESTAMP {T0 + n}"
        for n in range(partitions)
    )
    return Case(
        name="tiny_partitions",
        pattern="bulk",
        table=table,
        types=(),
        create=f"CREATE TABLE {table} (k text PRIMARY KEY, v int) WITH {compression('LZ4', 16)}",
        flushes=(_batches(rows),),
        compressor="LZ4",
        chunk_kib=16,
        features=frozenset(("many partitions",)),
        key=("k",),
    )
