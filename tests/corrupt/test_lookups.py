"""Lookups in damaged SSTables: each engine gives the same rows, then the same error, which names
the same component, offset and field."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import CorruptSSTableError, CqliteError
from cqlite.io import (
    COMPRESSION_INFO,
    CRC,
    DATA,
    FILTER,
    INDEX,
    PARTITIONS,
    ROWS,
    SUMMARY,
)
from cqlite.sstable import SSTable
from tests.corrupt.test_index import CASES, copied, mutated
from tests.engines import on_engines, using
from tests.shared import SSTableFixture

COMPONENTS = (DATA, COMPRESSION_INFO, CRC, PARTITIONS, ROWS, INDEX, SUMMARY, FILTER)
MUTATIONS = 40

Outcome = tuple[list[str], Any]
"""Rows up to an error, and that: its class, component, offset and field."""


def keys_and_starts(case: SSTableFixture) -> list[tuple[Any, Any]]:
    """Some partition keys, each with a clustering in the middle of its partition."""
    with using("reference"), SSTable(case.data_path) as sstable:
        keys = list(sstable.keys())
        key_names = [column.name for column in sstable.schema.partition_key]
        names = [column.name for column in sstable.schema.clustering_columns]
        found = []
        for key in (keys[0], keys[len(keys) // 2], keys[-1]):
            values = sstable.header_schema.split_key(key)
            types = [column.type for column in sstable.schema.partition_key]
            python = tuple(kind.decode(value) for kind, value in zip(types, values, strict=True))
            rows = sstable.get(python if len(key_names) > 1 else python[0])
            middle = rows[len(rows) // 2] if rows and names else {}
            found.append((python, tuple(middle[name] for name in names) or None))
        return found


def outcomes(path: Path, engine: str, wanted: list[tuple[Any, Any]]) -> list[Outcome]:
    """What each lookup comes to."""
    found: list[Outcome] = []
    for key, start in wanted:
        for bounds in ((), (start, None)) if start else ((),):
            rows: list[str] = []
            with using(engine):
                try:
                    with SSTable(path) as sstable:
                        rows.extend(map(repr, sstable.slice(key, *bounds)))
                except CqliteError as error:
                    found.append((rows, place_of(error)))
                    continue
            found.append((rows, None))
    return found


def place_of(error: CqliteError) -> tuple[Any, ...]:
    """What both engines have to agree on."""
    where = error.where
    return type(error), where.component, where.offset, where.field


@on_engines
@pytest.mark.parametrize("case", CASES, ids=str)
def test_mutations(case: SSTableFixture, engine: str, tmp_path: Path) -> None:
    rng = random.Random(f"lookups in {case}")
    components = copied(case, tmp_path)
    wanted = keys_and_starts(case)
    whole = outcomes(case.data_path, engine, wanted)
    assert all(rows and place is None for rows, place in whole)
    present = [c for c in COMPONENTS if c in components and components.size(c)]
    failed = 0
    for _ in range(MUTATIONS):
        component = rng.choice(present)
        original = components.read(component)
        components.path(component).write_bytes(mutated(original, rng))
        started = time.process_time()
        found = outcomes(components.path(DATA), engine, wanted)
        assert time.process_time() - started < 10
        assert found == outcomes(components.path(DATA), "reference", wanted)
        failed += any(place is not None for _, place in found)
        components.path(component).write_bytes(original)
    assert failed


@on_engines
def test_a_file_that_gets_shorter_while_it_is_open(engine: str, tmp_path: Path) -> None:
    components = copied(next(case for case in CASES if "legacy_ma_clust" in str(case)), tmp_path)
    with using(engine), SSTable(components.path(DATA)) as sstable:
        kind = sstable.schema.partition_key[0].type
        first, *others = map(kind.decode, sstable.keys())
        assert sstable.get(first)
        os.truncate(components.path(DATA), 100)
        for key in others:
            with pytest.raises(CorruptSSTableError) as caught:
                sstable.get(key)
            assert caught.value.where.component == DATA
