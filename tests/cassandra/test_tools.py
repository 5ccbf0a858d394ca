"""The warm JVM says what Cassandra's tools say."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from cqlite import SSTable
from cqlite.report import Clock
from cqlite.report.count import count_partitions
from tests.shared import OWN as OWN_FOLDER
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


@pytest.mark.parametrize("version", ["mc", "nb", "oa", "da"])
def test_partitions_are_counted_as_by_sstablepartitions(version: str, tools: Tools) -> None:
    now = 1_900_000_000
    line = r'",([0-9a-f]*),(true|false),' + ",".join([r"(\d+)"] * 11) + r",(/[^,]*),"
    said: dict[str, list[tuple[str, ...]]] = {}
    for found in re.findall(line, tools.partitions(OWN_FOLDER / version, now)):
        said.setdefault(found[-1], []).append(found[:-1])
    assert set(said) == {str(case.data_path) for case in OWN if case.version == version}
    for path, partitions in said.items():
        with SSTable(path) as sstable:
            counted = list(count_partitions(sstable, Clock(now, 0)))
            has_static = bool(sstable.header.static_columns)
        assert len(partitions) == len(counted)
        position = 0
        for (key, is_live, *texts), counts in zip(partitions, counted, strict=True):
            deleted, *tombstones = counts.tombstones
            mine = [position, counts.size, counts.rows, counts.cells, sum(tombstones), *tombstones]
            # The tool passes over static rows.
            compared = 3 if has_static else len(mine)
            assert (key, is_live) == (counts.key.hex(), "false" if deleted else "true")
            assert [int(text) for text in texts][:compared] == mine[:compared]
            position += counts.size


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
