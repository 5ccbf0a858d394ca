"""Cells that were written before their column was dropped do not count, also in plain rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from cqlite import _native
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import NEVER_TIME, facts_of
from tests.arrow import rows
from tests.corrupt.damage import fixture

pytestmark = pytest.mark.rust

CASE = fixture("nb", "vectors")
TIMES = [1_700_000_000_000_000, 1_700_000_000_000_001, 1_700_000_000_000_002]
COLUMNS = ("floats", "lists", "matrix", "sets", "texts")


def scanned(dropped: dict[str, int], threads: int) -> list[dict[str, Any]]:
    with SSTable(CASE.data_path) as sstable:
        plan = sstable.scan(threads=threads).plan
        stream = _native.Reader(replace(facts_of(sstable), dropped=dropped)).scan(plan)
    return rows(pa.RecordBatchReader.from_stream(stream).read_all())


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("time", [*TIMES, TIMES[0] - 1, NEVER_TIME])
def test_a_dropped_column(time: int, threads: int) -> None:
    whole = scanned({}, threads)
    assert len(whole) == len(TIMES)
    for name in COLUMNS:
        expected = [
            {**row, name: None} if written <= time else row
            for row, written in zip(whole, TIMES, strict=True)
        ]
        assert scanned({name: time}, threads) == expected
