"""The warm JVM says what Cassandra's tools say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.shared import SSTableFixture, sstables
from tools.cassandra.errors import RigError
from tools.cassandra.offline import Tools

OWN = sstables(own_only=True)


def _without_clock(answer: str) -> object:
    """sstabledump's answer without what depends on the time of asking."""

    def drop(pairs: list[tuple[str, object]]) -> dict[str, object]:
        return {name: value for name, value in pairs if name != "expired"}

    return json.loads(answer, object_pairs_hook=drop)


@pytest.mark.parametrize("case", OWN, ids=str)
def test_fixture_is_sound_and_its_answers_are_reproduced(
    case: SSTableFixture, tools: Tools
) -> None:
    golden = case.golden_dump.read_text(encoding="utf-8")
    assert _without_clock(tools.dump(case.data_path)) == _without_clock(golden)
    assert tools.metadata(case.data_path).splitlines()[1:6] == case.metadata().splitlines()[1:6]


def test_verify_finds_damage(tools: Tools, tmp_path: Path) -> None:
    case = next(case for case in OWN if case.id.startswith("own/da/types"))
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / case.data_path.name
    assert tools.verify(data) == ""
    damaged = bytearray(data.read_bytes())
    damaged[len(damaged) // 2] ^= 0x40
    data.write_bytes(damaged)
    assert "Error verifying" in tools.verify(data)


def test_unreadable_file_is_an_error(tools: Tools, tmp_path: Path) -> None:
    with pytest.raises(RigError, match=r"sstabledump .* failed"):
        tools.dump(tmp_path / "da-1-bti-Data.db")
