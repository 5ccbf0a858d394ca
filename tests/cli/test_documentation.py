"""The examples of README.md, docs/ and of each command's help do what they are there for."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import pytest

from cqlite.cli import COMMANDS, main
from tests.cli import examples
from tests.shared import ROOT

EXIT_CODES = {"diff": 1, "dump --salvage": 3}
"""What examples end with that show a difference, or what is lost; others end with 0."""

IN_THE_REPOSITORY = {"README.md", "arrow.md"}
"""Pages whose examples are about this repository's fixtures."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("examples")
    examples.make(made)
    return made


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder as the current directory; what an example writes is gone after it."""
    monkeypatch.chdir(folder)
    before = set(folder.iterdir())
    yield folder
    for path in set(folder.iterdir()) - before:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_help_names_extras(capsys: pytest.CaptureFixture[str]) -> None:
    for command, extra in (("shell", "shell"), ("export", "arrow"), ("sql", "sql")):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert f"cqlite-sstable[{extra}]'" in capsys.readouterr().out


def _of_help() -> Iterator[str]:
    for command in COMMANDS:
        name = f"{command}_" if iskeyword(command) else command
        text = getattr(import_module(f"cqlite.cli.{name}"), name).__doc__
        _, _, shown = text.partition("\b\n    Examples:\n")
        assert shown, f"cqlite {command} --help has no examples"
        yield from (line.strip() for line in shown.splitlines() if line.strip())


def _pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _of_pages() -> Iterator[str]:
    """Commands of the pages, but for those that set up an environment in a new clone."""
    for page in _pages():
        for block in _blocks(page, "sh"):
            yield from (line for line in block.splitlines() if line.startswith("cqlite "))


def _run(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Runs the `cqlite` of a command line, with what is echoed into it; its exit code."""
    words = shlex.shlex(
        line.replace(examples.INSTALLED, "data"), posix=True, punctuation_chars="|>"
    )
    words.whitespace_split = True
    arguments: list[str] = []
    for word in words:
        if word in ("|", ">"):
            if arguments[0] == "cqlite":
                break
            assert arguments[0] == "echo"
            monkeypatch.setattr("sys.stdin", io.StringIO(f"{arguments[1]}\n"))
            arguments = []
        else:
            found = sorted(map(str, Path().glob(word))) if "*" in word else []
            arguments += found or [word]
    assert arguments[0] == "cqlite"
    with pytest.raises(SystemExit) as stop:
        main(arguments[1:])
    return int(stop.value.code or 0)


@pytest.mark.parametrize("line", [*_of_help(), *_of_pages()])
def test_command(line: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    expected = next((EXIT_CODES[k] for k in EXIT_CODES if line.startswith(f"cqlite {k}")), 0)
    assert _run(line, monkeypatch) == expected


@pytest.mark.parametrize(
    "page",
    [p for p in _pages() if _blocks(p, "python") and p.name != "rig.md"],
    ids=lambda p: p.name,
)
def test_python(page: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page.name in IN_THE_REPOSITORY:
        monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    for block in _blocks(page, "python"):
        source = block.replace(examples.INSTALLED, "data")
        exec(compile(source, page.name, "exec"), names)


def test_output_of_diff(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    command, *expected = [line[4:] for line in shown.splitlines()]
    assert _run(command.removeprefix("$ "), monkeypatch) == 1
    assert capsys.readouterr().out.splitlines() == expected
