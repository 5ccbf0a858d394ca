"""`cqlite dump --salvage`: all that can be read, what was lost, and exit code 3."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cqlite.cli import _run
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture, sstables

CASES = [case for case in sstables(own_only=True, component="CompressionInfo.db")]


def _chunks(case: SSTableFixture) -> int:
    with SSTable(case.data_path) as opened:
        return len(opened.compression or ())


SEVERAL_CHUNKS = [case for case in CASES if _chunks(case) >= 3]


def _row_texts(partitions: list[Any]) -> set[str]:
    """Every row of a dump with its partition's key, without what depends on the clock."""

    def drop(row: Any) -> str:
        return json.dumps(row).replace('"expired": true', '"expired": false')

    return {f"{p['partition']['key']} {drop(row)}" for p in partitions for row in p["rows"]}


@pytest.mark.parametrize("case", SEVERAL_CHUNKS, ids=str)
def test_damaged_chunk_costs_only_what_is_near(
    case: SSTableFixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    with SSTable(case.data_path) as opened:
        assert opened.compression is not None
        chunk = opened.compression.chunk(1)
    data = tmp_path / case.data_path.name
    damaged = bytearray(data.read_bytes())
    damaged[chunk.offset + chunk.length // 2] ^= 0x10
    data.write_bytes(damaged)
    assert _run(["dump", "--salvage", "--now", "0", str(data)]) == 3
    captured = capsys.readouterr()
    saved, every = _row_texts(json.loads(captured.out)), _row_texts(case.dump())
    assert saved < every
    assert saved
    assert "CRC-32" in captured.err
    assert "cqlite: lost" in captured.err
    assert str(chunk.offset) in captured.err


def test_there_are_cases_to_look_at() -> None:
    assert SEVERAL_CHUNKS


def test_nothing_is_lost_of_a_sound_sstable(capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[0]
    assert _run(["dump", "--salvage", "--now", "0", str(case.data_path)]) == 0
    captured = capsys.readouterr()
    assert _row_texts(json.loads(captured.out)) == _row_texts(case.dump())
    assert "lost 0 of" in captured.err


def test_salvage_of_single_keys_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["dump", "--salvage", "-k", "a", str(CASES[0].data_path)]) == 2
    assert "--salvage" in capsys.readouterr().err
