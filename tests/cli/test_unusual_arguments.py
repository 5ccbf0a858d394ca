"""Command lines with names of files that are not UTF-8, and with times beyond 64 bits."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from cqlite.cli import main
from tests.shared import ROOT

TABLE = ROOT / "fixtures" / "da" / "expired"
NAME = os.fsdecode(b"table-\xff")


def _run(*arguments: str | Path) -> int | str | None:
    with pytest.raises(SystemExit) as stopped:
        main([*map(str, arguments)])
    return stopped.value.code


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TABLE, tmp_path / NAME))


@pytest.mark.parametrize("command", ["ls", "stats", "verify"])
def test_names_that_are_not_utf_8(
    command: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = directory / "da-2-bti-Data.db" if command == "verify" else directory
    assert _run(command, path) == 0
    assert "da-2-bti" in capsys.readouterr().out
    assert _run(command, "--json", path) == 0
    assert NAME in json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False)


def test_names_that_are_not_utf_8_in_files(directory: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert _run("stats", "--html", page, directory) == 0
    assert "table-\\udcff" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "SELECT * FROM expired", "--data", TABLE, "--now"),
        ("sql", "SELECT * FROM expired", "--data", TABLE, "--now"),
        ("diff", TABLE, TABLE, "--now"),
        ("diff", TABLE, TABLE, "--as-of"),
        ("stats", "--full", TABLE, "--now"),
        ("stats", "--full", TABLE, "--gc-grace-seconds"),
    ],
    ids=lambda arguments: " ".join((arguments[0], arguments[-1])),
)
def test_times_beyond_64_bits(
    arguments: tuple[str | Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*arguments, str(1 << 64)) == 2
    assert "of 64 bits" in capsys.readouterr().err
    assert _run(*arguments, str((1 << 62) - 1)) in (0, 1)
    assert _run(*arguments, str(1 - (1 << 62))) in (0, 1)
    assert "error" not in capsys.readouterr().err
