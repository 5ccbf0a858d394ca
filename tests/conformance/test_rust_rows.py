"""The native engine's rows room tells what the reference engine reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cqlite import CorruptSSTableError
from cqlite.sstable import SSTable
from tests.rust_rows import expected, run
from tests.shared import SSTableFixture, sstables

pytestmark = pytest.mark.rust


def _without_unread(lines: list[str]) -> list[str]:
    """Bytes are not counted where columns are not asked for."""
    return ["row_end" if line.startswith("row_end ") else line for line in lines]


@pytest.mark.parametrize("window", [1, 1 << 20])
def test_events(sstable: SSTableFixture, tmp_path: Path, window: int) -> None:
    with SSTable(sstable.data_path) as opened:
        told = run(tmp_path, "dump", opened, opened.open_data().read(), window)
        assert told.splitlines() == list(expected(opened))


# Local deletion times that are below zero, close to 1970, and beyond 32 bits.
@pytest.mark.parametrize("minimum", [-(1 << 30), 0, 1_000_000, 1 << 32])
@pytest.mark.parametrize("version", ["da", "nb"])
@pytest.mark.parametrize("table", ["expired", "deletions"])
def test_other_minimums(table: str, version: str, minimum: int, tmp_path: Path) -> None:
    (case,) = sstables(versions={version}, own_only=True, containing=f"/{table}/")
    with SSTable(case.data_path) as opened:
        opened.__dict__["row_format"] = replace(opened.row_format, min_local_deletion_time=minimum)
        told = run(tmp_path, "dump", opened, opened.open_data().read(), 4096)
        read, refusal = [], None
        try:
            read.extend(expected(opened))
        except CorruptSSTableError as error:
            refusal = error.message
        if refusal is None:
            assert told.splitlines() == read
        else:
            assert refusal in told.splitlines()[-1]


def test_projection(sstable: SSTableFixture, tmp_path: Path) -> None:
    with SSTable(sstable.data_path) as opened:
        format = opened.reader._format
        names = [column.name for column in (*format.static_columns, *format.regular_columns)]
        wanted = names[1::3] or ["none of them"]
        told = run(tmp_path, "dump", opened, opened.open_data().read(), 4096, *wanted)
        told_lines = _without_unread(told.splitlines())
        assert told_lines == _without_unread(list(expected(opened, wanted)))
