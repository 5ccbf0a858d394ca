"""Killed at any point, or out of room at any byte, a writer leaves whole SSTables or none."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cqlite.sstable import SSTable
from tests import interrupted
from tests.shared import sstables

PYTHON = (sys.executable, "-B", "-m")
"""Without room, Python would leave half-written bytecode of what it imports."""

ENOUGH = 30
"""Fewer steps than this would be too few to say anything."""


def _run(how: str, target: str, folder: Path, *more: str) -> list[Path]:
    """The directory of each attempt but the last, which got through."""
    command = [*PYTHON, interrupted.__name__, how, target, str(folder), *more]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    steps = int(done.stdout)
    assert steps > ENOUGH
    assert _files(folder / str(steps) / "made") == _files(folder / "whole")
    return [folder / str(step) / "made" for step in range(steps)]


def _files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def test_killed_a_new_directory_is_there_with_everything_or_not(tmp_path: Path) -> None:
    whole = _files_of_whole(tmp_path)
    for directory in _run("kill", "new", tmp_path):
        assert not directory.exists() or _files(directory) == whole


def test_killed_an_old_directory_has_whole_sstables(tmp_path: Path) -> None:
    partly = 0
    for directory in _run("kill", "old", tmp_path):
        found, whole = _files(directory), _files(tmp_path / "whole")
        assert found.items() <= whole.items()
        for name in [name for name in found if name.endswith("-Data.db")]:
            prefix = name.removesuffix("Data.db")
            missing = {other for other in whole if other.startswith(prefix)} - found.keys()
            assert missing <= {f"{prefix}TOC.txt"}
            with SSTable(directory / name) as sstable:
                assert sum(1 for _ in sstable) > 0
        partly += found != whole and bool(found)
    assert partly > 0


@pytest.mark.parametrize("target", ["new", "old"])
def test_out_of_room_nothing_is_left(target: str, tmp_path: Path) -> None:
    for directory in _run("full", target, tmp_path):
        assert list(directory.parent.rglob("*")) == ([directory] if target == "old" else [])


@pytest.mark.rust
@pytest.mark.parametrize("target", ["new", "old"])
def test_out_of_room_the_native_engine_leaves_nothing(target: str, tmp_path: Path) -> None:
    for directory in _run("full", target, tmp_path, "arrow"):
        assert list(directory.parent.rglob("*")) == ([directory] if target == "old" else [])


@pytest.mark.rust
def test_killed_the_native_engine_leaves_everything_or_nothing(tmp_path: Path) -> None:
    whole = _files_of_whole(tmp_path)
    for directory in _run("kill", "new", tmp_path, "arrow"):
        assert not directory.exists() or _files(directory) == whole


def _files_of_whole(folder: Path) -> dict[str, bytes]:
    other = folder / "other"
    interrupted.write(other)
    return _files(other)


@pytest.mark.parametrize("limit", [0, 100, 1000, 4000])
def test_rewriting_out_of_room_nothing_is_left(limit: int, tmp_path: Path) -> None:
    def before() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    source = sstables(versions={"oa"}, own_only=True, containing="/many/")[0].data_path
    command = [*PYTHON, "cqlite", "rewrite", str(source), str(tmp_path / "new")]
    done = subprocess.run(
        command, check=False, stderr=subprocess.PIPE, text=True, preexec_fn=before
    )
    assert done.returncode == 1
    assert "cqlite: error: " in done.stderr
    assert "File too large" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
