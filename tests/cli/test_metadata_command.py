"""Options, paths and exit codes of `cqlite metadata`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from cqlite.cli import main
from cqlite.rows import Cell, ComplexColumn, DeletionTime, LivenessInfo, Row
from cqlite.schema import ColumnMetadata
from cqlite.sstable.scan import data_size
from tests.shared import ROOT, SSTableFixture, sstables

SSTABLES = sstables(component="Statistics.db")
DOCUMENTED = set(
    re.findall(r"`(\w+)`", (ROOT / "docs" / "metadata-json.md").read_text(encoding="utf-8"))
)


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0
) -> tuple[str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["metadata", *map(str, arguments)])
    captured = capsys.readouterr()
    assert (stop.value.code or 0) == code
    return captured.out, captured.err


@pytest.fixture
def case() -> SSTableFixture:
    return next(c for c in SSTABLES if c.version == "oa")


def keys(value: object) -> set[str]:
    """The names in a document, except those of columns and options."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if not isinstance(value, dict):
        return set()
    names = set(value)
    for name, inner in value.items():
        if name not in ("static_columns", "regular_columns", "options"):
            names |= keys(inner)
    return names


def test_every_component_names_the_sstable(
    case: SSTableFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {run(capsys, "--json", "--now=1", path)[0] for path in case.components().values()}
    assert len(answers) == 1


def test_a_directory_stands_for_its_sstables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cases = {c.stem: c for c in SSTABLES}
    for case in cases.values():
        for path in case.components().values():
            shutil.copy(path, tmp_path)
    out, _ = run(capsys, "--json", tmp_path)
    documents = [json.loads(line) for line in out.splitlines()]
    assert {Path(d["sstable"]).name for d in documents} == set(cases)


def test_json_keys_are_documented(capsys: pytest.CaptureFixture[str]) -> None:
    found: set[str] = set()
    for case in SSTABLES[:: max(1, len(SSTABLES) // 10)]:
        found |= keys(json.loads(run(capsys, "--json", "--scan", case.data_path)[0]))
    assert found <= DOCUMENTED


def test_scan_counts_what_sstabledump_shows(capsys: pytest.CaptureFixture[str]) -> None:
    for case in SSTABLES[:: max(1, len(SSTABLES) // 15)]:
        scan = json.loads(run(capsys, "--json", "-s", case.data_path)[0])["scan"]
        partitions = case.dump()
        kinds = [row["type"] for p in partitions for row in p["rows"]]
        assert scan["partitions"] == len(partitions)
        assert scan["rows"] == kinds.count("row") + kinds.count("static_block")
        for leaders in ("widest_partitions", "largest_partitions"):
            assert len(scan[leaders]) == min(5, len(partitions))


def test_scan_lines(case: SSTableFixture, capsys: pytest.CaptureFixture[str]) -> None:
    plain, _ = run(capsys, "--now=1", case.data_path)
    scanned, _ = run(capsys, "--now=1", "--scan", case.data_path)
    head, *rest = scanned.splitlines()
    assert [head, *rest[-len(plain.splitlines()) + 1 :]] == plain.splitlines()
    assert rest[0].startswith("Size: ")
    assert "Largest Partitions: " in rest


def test_colours_only_change_colours(
    case: SSTableFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, _ = run(capsys, "--now=1", "--scan", case.data_path)
    coloured, _ = run(capsys, "--now=1", "--scan", "--colors", case.data_path)
    assert "\x1b[34mPartitioner\x1b[0m\x1b[36m: \x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert run(capsys, "--now=1", "--scan", "--no-colors", case.data_path)[0] == plain


def test_unicode_bars(case: SSTableFixture, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "--now=1", "--unicode", case.data_path)
    assert "\u2589" * 30 in out
    assert "OOO" not in out


def test_grace_period_moves_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    """With a period of g at now + g, tombstones are as old as at now."""
    seen = set()
    for case in SSTABLES:
        at = json.loads(run(capsys, "--json", "--now=1900000000", case.data_path)[0])
        shifted = run(capsys, "--json", "--now=1900000500", "-g", "500", case.data_path)[0]
        ratio = at["estimated_droppable_tombstones"]
        assert json.loads(shifted)["estimated_droppable_tombstones"] == ratio
        seen.add(ratio)
        if len(seen) > 3:
            break
    assert len(seen) > 1


def test_timestamp_unit(case: SSTableFixture, capsys: pytest.CaptureFixture[str]) -> None:
    micros = run(capsys, "--now=1", case.data_path)[0]
    nanos = run(capsys, "--now=1", "-t", "NANOSECONDS", case.data_path)[0]
    line = re.compile(r"^Minimum timestamp: (.*) \((\d+)\)$", re.MULTILINE)
    a, b = line.search(micros), line.search(nanos)
    assert a
    assert b
    assert a[2] == b[2]
    assert a[1] != b[1]


def test_missing_statistics_are_an_error(
    case: SSTableFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = Path(shutil.copy(case.component("TOC.txt"), tmp_path))
    _, err = run(capsys, path, code=1)
    assert "Statistics.db is missing" in err


def test_no_sstable_in_the_directory(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, err = run(capsys, tmp_path, code=1)
    assert "no SSTable in this directory" in err


def test_damage_is_an_error(
    case: SSTableFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = Path(shutil.copy(case.component("Statistics.db"), tmp_path))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    out, err = run(capsys, path, code=1)
    assert out == ""
    assert "stored CRC32" in err
    assert "part stats" in err


def test_size_of_a_row() -> None:
    """By Cassandra's rules: 8 for the row's timestamp, 13 for its deletion, 20 a cell."""
    column = ColumnMetadata.__new__(ColumnMetadata)
    cell = Cell(column, 1, b"abc")
    assert data_size(Row((b"1234", None), None, None, ())) == 4 + 8 + 13
    assert data_size(Row((), LivenessInfo(1), None, (cell,))) == 8 + 13 + 20 + 3
    expiring = LivenessInfo(1, ttl=5, local_expiration_time=9)
    assert data_size(Row((), expiring, DeletionTime(1, 1), ())) == 20 + 13
    pathed = Cell(column, 1, b"ab", path=b"p" * 16)
    complex_column = ComplexColumn(column, None, (pathed,))
    assert data_size(Row((), None, None, (complex_column,))) == 8 + 13 + 12 + 20 + 2 + 16
