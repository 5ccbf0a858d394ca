"""Gold masters: made by real Cassandras in one go, and cqlite agrees with all of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.corrupt.damage import fixture
from tests.engines import has_native, must_have_native
from tools.goldmaster import engines
from tools.goldmaster.__main__ import SEED, make
from tools.goldmaster.answered import wrong_answers
from tools.goldmaster.case import Case
from tools.goldmaster.check import check, problems
from tools.goldmaster.plan import SMALL, plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All gold masters, freshly made."""
    target = tmp_path_factory.mktemp("goldmaster") / "all"
    assert make(target, SEED, plan(SEED)) > 500
    return target


def test_cqlite_dumps_and_verifies_every_sstable(folder: Path) -> None:
    """By both engines, which also scan them alike, of large ones the first 32,768 rows."""
    assert has_native() or not must_have_native()
    found = dict(check(folder))
    assert len(found) > 500
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_select_gives_what_the_node_answered(folder: Path) -> None:
    """Row for row in its order: SELECT JSON of all columns, write times and times to live.

    The latter not of the few tables with very many rows.
    """
    answered = [path.parent for path in folder.glob("*/*/select.json")]
    assert len(answered) > 250
    found = {str(case): list(wrong_answers(case)) for case in answered}
    assert {case: lines for case, lines in found.items() if lines} == {}


def test_every_case_is_documented(folder: Path) -> None:
    for case in folder.glob("*/*"):
        about = json.loads((case / "case.json").read_text(encoding="utf-8"))
        assert about["seed"] == SEED
        assert about["features"]
        assert (case / "statements.cql").stat().st_size
        if about["written_by"].startswith("a node"):
            assert json.loads((case / "select.json").read_text(encoding="utf-8"))["rows"]


def test_manifest_has_every_file(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {path for path in folder.rglob("*") if path.is_file()} - {folder / "manifest.json"}
    assert {folder / name for name in manifest["files"]} == files
    name, sha256 = next(iter(manifest["files"].items()))
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256


def test_check_finds_differences(tmp_path: Path) -> None:
    cases: dict[str, list[Case]] = {"me": plan(2, SMALL)["me"][:1]}
    make(tmp_path / "new", 2, cases)
    data = next((tmp_path / "new").glob("me/*/*-Data.db"))
    assert problems(data) == []
    golden = sorted(data.parent.glob("dump*.json"))[0]
    golden.write_text(golden.read_text(encoding="utf-8").replace("tstamp", "other", 1))
    assert any(line.startswith("dump: line ") for line in problems(data))


def test_engines_that_disagree_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = fixture("oa", "deletions").data_path
    assert problems(data) == []
    monkeypatch.setattr(engines, "_same", lambda ours, theirs: ours is theirs)
    scans = ("scan (metadata=False)", "scan (metadata=True)")
    assert [line.split(":")[0] for line in problems(data)] == list(scans)
