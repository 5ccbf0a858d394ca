"""What is printed is the same in any locale."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.shared import ROOT

TYPES = str(ROOT / "fixtures" / "oa" / "types")


def _printed(encoding: str, *arguments: str, given: str = "") -> str:
    """What a command prints where the locale has that encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "cqlite", *arguments],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        input=given.encode(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii:surrogateescape"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("dump", "--now", "0", TYPES),
        ("query", "SELECT id, c_text FROM types", "-d", TYPES),
        ("inspect", TYPES),
        ("metadata", "-u", "--now", "0", TYPES),
    ],
    ids=lambda arguments: arguments[0],
)
def test_output_is_utf8_in_any_locale(arguments: tuple[str, ...], encoding: str) -> None:
    text = _printed(encoding, *arguments)
    assert text == _printed("utf-8", *arguments)
    assert not text.isascii()


@pytest.mark.parametrize("encoding", ["latin-1", "ascii:surrogateescape"])
@pytest.mark.parametrize("arguments", [("query", "-"), ("shell",)], ids=lambda a: a[0])
def test_input_is_utf8_in_any_locale(arguments: tuple[str, ...], encoding: str) -> None:
    text = _printed(
        encoding, *arguments, "-d", TYPES, given='SELECT id AS "Größe" FROM cqlite.types;\n'
    )
    assert "Größe" in text


@pytest.mark.parametrize("command", ["query", "sql"])
def test_input_that_is_not_utf8_is_refused(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cqlite", command, "-", "-d", TYPES],
        env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"},
        input=b"SELECT \xff",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"cqlite: error: ")
