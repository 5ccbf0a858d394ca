"""`cqlite stats`: counts against sstabledump's answers, sketches, blockers, its three forms."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cqlite import CorruptSSTableError, SSTable, Writer
from cqlite.cli import main
from cqlite.report import KINDS, Clock, PartitionCounts
from cqlite.report.count import count_partitions
from cqlite.schema import TableSchema, parse_cql
from tests.engines import ENGINES, on_engines, using
from tests.shared import ROOT, SSTableFixture, sstables

NOW = 1_700_000_000
DAY = 86_400
GRACE = 10 * DAY
DUMPED = sstables(component="Statistics.db", own_only=True)


def _table(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


EVENTS = _table(
    "CREATE TABLE k.events (p int, c int, v text, s text static, tags set<text>, "
    "PRIMARY KEY (p, c)) WITH gc_grace_seconds = 3600"
)


def _stats(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stop:
        main(["stats", *map(str, arguments)])
    captured = capsys.readouterr()
    assert (stop.value.code or 0) == 0, captured.err
    return captured.out


def _document(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_stats(capsys, "--json", *arguments))
    return answer


# Counts, as Cassandra's sstabledump shows what there is.


def _seconds(date: str) -> int:
    return int(datetime.fromisoformat(date.replace("Z", "+00:00")).astimezone(UTC).timestamp())


def _dumped(partition: dict[str, Any], now: int) -> tuple[int, int, dict[str, int]]:
    """Rows, cells and tombstones of a partition by sstabledump's answer."""
    found: Counter[str] = Counter()
    rows = cells = 0
    found["partition"] += "deletion_info" in partition["partition"]
    for item in partition["rows"]:
        if item["type"].startswith("range_tombstone"):
            found["range"] += 1
            continue
        rows += item["type"] == "row"
        liveness = item.get("liveness_info", {})
        found["row"] += "deletion_info" in item
        found["expired_row"] += "expires_at" in liveness and _seconds(liveness["expires_at"]) <= now
        for cell in item.get("cells", ()):
            deletion = cell.get("deletion_info", {})
            if "marked_deleted" in deletion:
                found["complex"] += 1
                continue
            cells += 1
            found["cell"] += bool(deletion)
            # sstabledump shows a cell's time to live where it is not that of the row.
            if "ttl" in cell and cell["ttl"] != liveness.get("ttl"):
                found["expired_cell"] += _seconds(cell["expires_at"]) <= now
    return rows, cells, {kind: found[kind] for kind in KINDS}


@on_engines
@pytest.mark.parametrize("case", DUMPED, ids=str)
def test_counts_are_those_of_sstabledump(case: SSTableFixture, engine: str) -> None:
    now = 4_000_000_000
    with using(engine), SSTable(case.data_path) as sstable:
        counted = list(count_partitions(sstable, Clock(now, 0)))
        total = sstable.data_length
    dumped = [_dumped(partition, now) for partition in case.dump()]
    assert len(counted) == len(dumped)
    for counts, (rows, cells, found) in zip(counted, dumped, strict=True):
        assert (counts.rows, counts.cells) == (rows, cells)
        assert dict(zip(KINDS, counts.tombstones, strict=True)) == found
    assert sum(counts.size for counts in counted) == total


@pytest.mark.parametrize("case", sstables(versions={"oa"}, own_only=True), ids=str)
def test_quick_answer_is_that_of_sstablemetadata(
    case: SSTableFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    (sstable,) = _document(capsys, "--now", NOW, case.data_path)["sstables"]
    golden = case.metadata()
    for name, pattern in (
        ("min_timestamp", r"Minimum timestamp: .*\((-?\d+)\)"),
        ("max_timestamp", r"Maximum timestamp: .*\((-?\d+)\)"),
        ("rows", r"totalRows: (\d+)"),
        ("cells", r"totalColumnsSet: (\d+)"),
        ("partitions", r"Estimated cardinality: (\d+)"),
        ("first_token", r"First token: (\S+)"),
        ("level", r"SSTable Level: (\d+)"),
    ):
        (expected,) = re.findall(pattern, golden)
        assert str(sstable[name]) == expected


@pytest.mark.parametrize("now", [0, 1_600_000_000, 1_700_000_100, 1_800_000_000])
def test_engines_count_the_same(now: int) -> None:
    for case in sstables(own_only=True, versions={"oa", "mc"}):
        found = []
        for engine in ENGINES:
            with using(engine), SSTable(case.data_path) as sstable:
                found.append(list(count_partitions(sstable, Clock(now, 50))))
        assert found[1:] == found[:-1]


# A table of several SSTables, written here.


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Three SSTables: live rows, expired rows that old data block, tombstones of all kinds."""
    folder = tmp_path / "k" / "events-0123456789abcdef0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "schema.cql").write_text(EVENTS.to_cql(with_internals=False), encoding="utf-8")
    old, middle, late = (NOW - 30 * DAY, NOW - 20 * DAY, NOW - 600)
    with Writer(EVENTS, folder, now=old) as writer:
        for key in range(100):
            writer.write({"p": key, "c": 0, "v": "x" * key}, timestamp=old * 1_000_000)
        for row in range(1, 50):
            writer.write({"p": 7, "c": row, "v": "y"}, timestamp=old * 1_000_000)
    with Writer(EVENTS, folder, now=middle) as writer:
        for key in range(50, 150):
            writer.write(
                {"p": key, "c": 1, "v": "z"}, timestamp=middle * 1_000_000, ttl=DAY, update=False
            )
    with Writer(EVENTS, folder, now=late) as writer:
        writer.delete_partition({"p": 1}, timestamp=late * 1_000_000)
        writer.delete_row({"p": 2, "c": 0}, timestamp=late * 1_000_000)
        writer.write({"p": 3, "c": 0, "v": None}, timestamp=late * 1_000_000)
        writer.write({"p": 3, "c": 1, "tags": {"a", "b"}}, timestamp=late * 1_000_000)
        writer.write({"p": 4, "s": None}, timestamp=late * 1_000_000)
    return folder


def test_table_of_several_sstables(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = _document(capsys, "--full", "--now", NOW, directory)
    names = [sstable["name"] for sstable in answer["sstables"]]
    assert (answer["keyspace"], answer["table"]) == ("k", "events")
    assert answer["gc_grace_seconds"] == 3600
    assert answer["partitions"] == 150
    assert [s["fully_expired"] for s in answer["sstables"]] == [False, True, False]
    assert answer["blockers"] == [{"sstable": names[0], "blocks": [names[1]]}]
    assert answer["droppable_sstables"] == []
    shared = {tuple(o["sstables"]): o["shared_partitions"] for o in answer["overlaps"]}
    assert shared[names[0], names[1]] == 50
    full = answer["full"]
    assert full["partitions"] == 150
    assert {b["sstables"]: b["count"] for b in full["partitions_by_sstables"]} == {1: 96, 2: 54}
    assert full["tombstones"] == {
        "partition": 1,
        "row": 1,
        "range": 0,
        "complex": 1,
        "cell": 2,
        "expired_row": 100,
        "expired_cell": 0,
        "total": 105,
    }
    assert full["droppable"]["expired_row"] == full["droppable"]["total"] == 100
    assert full["widest_partitions"][0]["key"] == "7"
    assert full["widest_partitions"][0]["rows"] == 50
    sizes = [partition["size"] for partition in full["largest_partitions"]]
    assert sizes == sorted(sizes, reverse=True)
    assert full["largest_partitions"][0]["key"] == "7"


def test_what_can_be_dropped_changes_with_time(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = sorted(directory.glob("*-Data.db"))[1]
    alone = _document(capsys, "--now", NOW, second)
    assert alone["droppable_sstables"] == [alone["sstables"][0]["name"]]
    earlier = _document(capsys, "--now", NOW - 19 * DAY, "-g", GRACE, second)
    assert earlier["droppable_sstables"] == []
    assert alone["sstables"][0]["droppable"] > earlier["sstables"][0]["droppable"] == 0


def test_copies_do_not_count(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = directory / "snapshots" / "before"
    snapshot.mkdir(parents=True)
    for path in directory.glob("*.*"):
        (snapshot / path.name).write_bytes(path.read_bytes())
    of_node = _document(capsys, "--now", NOW, directory.parent.parent)
    assert len(of_node["sstables"]) == 3
    both = _document(capsys, "--now", NOW, directory, snapshot)
    assert len(both["sstables"]) == 6
    assert len({sstable["name"] for sstable in both["sstables"]}) == 6


def test_text(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = _stats(capsys, "--full", "--now", NOW, directory)
    assert "k.events" in text
    assert re.search(r"expired row +100 +100", text)
    assert "\n3 SSTables, " in text
    assert "\nda-1-bti blocks expired da-2-bti\n" in text


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_narrow_terminals_cut_nothing(
    terminal: str,
    directory: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piped = _stats(capsys, "--now", NOW, directory)
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = _stats(capsys, "--now", NOW, directory)
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == piped


def test_long_keys_are_cut_in_text_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "k" * 300
    with Writer("CREATE TABLE k.t (p text PRIMARY KEY)", tmp_path, now=NOW) as writer:
        writer.write({"p": key}, timestamp=NOW)
    text = _stats(capsys, "--full", tmp_path)
    assert "\n1 SSTable, " in text
    assert f"\n{'k' * 59}…  " in text
    (largest,) = _document(capsys, "--full", tmp_path)["full"]["largest_partitions"]
    assert largest["key"] == key


def test_page_stands_by_itself(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert _stats(capsys, "--full", "--now", NOW, "--html", page, directory) == ""
    text = page.read_text(encoding="utf-8")
    assert "http" not in text
    assert not re.search(r"<(script|link|img)", text)
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(plots) >= 7
    for plot in plots:
        ElementTree.fromstring(plot)
    with pytest.raises(SystemExit) as stop:
        main(["stats", "--html", str(page), str(directory)])
    assert stop.value.code == 1


def test_every_name_is_documented(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "stats.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", text))
    answer = _document(capsys, "--full", "--now", NOW, directory)
    assert set(answer) | set(answer["full"]) | set(answer["sstables"][0]) <= documented
    assert set(KINDS) <= documented


@on_engines
def test_damage_is_an_error(
    directory: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = sorted(directory.glob("*-Data.db"))[0]
    data.write_bytes(data.read_bytes()[:-40])
    with using(engine), pytest.raises(SystemExit) as stop:
        main(["stats", "--full", str(directory)])
    assert stop.value.code == 1
    assert data.name in capsys.readouterr().err


@on_engines
def test_partitions_before_damage_are_counted(tmp_path: Path, engine: str) -> None:
    with Writer(EVENTS, tmp_path, now=NOW, compression=None) as writer:
        for key in range(600):
            writer.write({"p": key, "c": 0, "v": "x" * 400}, timestamp=NOW)
    data = next(tmp_path.glob("*-Data.db"))
    content = bytearray(data.read_bytes())
    content[-3] ^= 0xFF
    data.write_bytes(content)
    counted: list[PartitionCounts] = []
    with using(engine), SSTable(data) as sstable, pytest.raises(CorruptSSTableError):
        counted.extend(count_partitions(sstable, Clock(NOW, 0)))
    assert 100 < len(counted) < 600
    assert all(counts.rows == 1 for counts in counted)
