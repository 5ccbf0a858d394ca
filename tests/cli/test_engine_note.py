"""What is said of the engine: by `--version`, and where the native one was not built."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from cqlite import cli
from cqlite.io import native
from tests.engines import on_engines, using
from tests.shared import sstables

CASE = sstables(own_only=True, containing="own/oa/wide/")[0]
NOTE = (
    "cqlite: note: the native engine was not built, which takes Rust's cargo; "
    "the reference engine gives the same answers, but slowly\n"
)


@pytest.fixture
def without_native(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose native engine was not built."""
    monkeypatch.setattr(native, "native_module", lambda: None)
    monkeypatch.delenv(native.VARIABLE, raising=False)


def print_version(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    return capsys.readouterr()


@on_engines
def test_the_version_names_the_engine(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with using(engine):
        assert print_version(capsys) == (
            f"cqlite {version('cqlite-sstable')}, {engine} engine\n",
            "",
        )


@pytest.mark.usefixtures("without_native")
def test_the_version_says_what_was_not_built(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = print_version(capsys)
    assert out.endswith(", reference engine\n")
    assert err == NOTE


def test_an_engine_that_there_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(native.VARIABLE, "fast")
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 1
    assert "the engines are 'native' and 'reference'" in capsys.readouterr().err


@pytest.mark.usefixtures("without_native")
@pytest.mark.parametrize("command", [["dump"], ["verify"], ["export", "-o", "out.csv"]], ids=str)
def test_commands_that_read_rows_say_it_once(
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli._run([*command, str(CASE.data_path)]) == 0
    assert capsys.readouterr().err.count(NOTE) == 1
    monkeypatch.setenv(native.VARIABLE, "reference")
    assert cli._run([*command, *(["--force"] if "-o" in command else []), str(CASE.data_path)]) == 0
    assert NOTE not in capsys.readouterr().err
