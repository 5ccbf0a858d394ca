"""Files that commands write appear whole under their names or not at all, and errors name them."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cqlite import CqliteError
from cqlite.cli import main
from cqlite.cli.common import output


@contextmanager
def _full_disk(room: int) -> Iterator[None]:
    """Makes writes fail that would make a file longer than ``room`` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _interrupted() -> Iterator[str]:
    yield "x"
    raise KeyboardInterrupt


def test_what_was_written_before_an_error_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with pytest.raises(OSError, match="too large") as caught, _full_disk(10), output(path) as file:
        file.write("x" * 100_000)
    assert caught.value.filename == str(path)
    with pytest.raises(KeyboardInterrupt), output(path) as file:
        file.writelines(_interrupted())
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "here.csv").write_text("mine", encoding="utf-8")
    for name, force, message in (
        ("no/rows.csv", True, "/no: no such directory"),
        ("here.csv", False, "here.csv: the file exists; --force replaces it"),
        ("", True, "this is a directory"),
    ):
        with pytest.raises(CqliteError, match=message), output(tmp_path / name, force=force):
            raise AssertionError
    with output(tmp_path / "here.csv", force=True) as file:
        file.write("yours")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["yours"]


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 64)
    with pytest.raises(OSError, match="too long") as caught, output(path):
        raise AssertionError
    assert caught.value.filename == str(path)


@pytest.mark.parametrize(
    "command",
    [
        ["stats", "nowhere", "--html"],
        ["sql", "SELECT 1", "--data", "nowhere", "-o"],
        ["export", "nowhere", "-o"],
    ],
    ids=lambda words: words[0],
)
def test_commands_look_at_the_file_first(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "there.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main([*command, str(path)])
    assert stop.value.code == 1
    assert "the file exists" in capsys.readouterr().err
