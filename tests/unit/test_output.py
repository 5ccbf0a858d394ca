"""Files of an SSTable appear all at once, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import OutputError
from cqlite.io import Descriptor, Output, parse_version

OA = parse_version("oa", "big")


def _output(directory: Path) -> Output:
    return Output(Descriptor(directory, OA, "1"))


def test_nothing_is_there_before_the_end(tmp_path: Path) -> None:
    with _output(tmp_path) as output:
        output.write("Data.db", b"rows")
        output.write("TOC.txt", b"Data.db\n")
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
        output.commit()
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "oa-1-big-Data.db",
            "oa-1-big-TOC.txt",
        ]


def test_nothing_is_left_of_what_was_given_up(tmp_path: Path) -> None:
    with _output(tmp_path) as output:
        output.write("Data.db", b"rows")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    existing = tmp_path / "oa-1-big-Filter.db"
    existing.write_bytes(b"mine")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        _output(tmp_path)
    assert existing.read_bytes() == b"mine"


def test_nothing_is_overwritten_that_came_in_between(tmp_path: Path) -> None:
    output = _output(tmp_path)
    output.write("Index.db", b"index")
    output.write("Data.db", b"rows")
    existing = tmp_path / "oa-1-big-Data.db"
    existing.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        output.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["oa-1-big-Data.db"]
    assert existing.read_bytes() == b"mine"


def test_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file"):
        _output(tmp_path / "not there")


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = _output(tmp_path)
    output.write("Data.db", b"rows")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        output.commit()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", range(5))
def test_killed_at_any_point_there_is_all_or_no_data(links: int, tmp_path: Path) -> None:
    """Killed after so many files got their names, there is no Data.db unless all else is."""
    code = f"""
import os, signal
from pathlib import Path
from cqlite.io import Descriptor, Output, parse_version
output = Output(Descriptor(Path({str(tmp_path)!r}), parse_version("oa", "big"), "1"))
for name in ("Data.db", "TOC.txt", "Index.db", "Statistics.db"):
    output.write(name, b"x")
link, made = os.link, []
def counted(*args):
    if len(made) == {links}:
        os.kill(os.getpid(), signal.SIGKILL)
    link(*args)
    made.append(args)
os.link = counted
output.commit()
"""
    done: Any = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == (0 if links == 4 else -signal.SIGKILL)
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    if "oa-1-big-Data.db" in names:
        assert {"oa-1-big-Index.db", "oa-1-big-Statistics.db"} <= names
    assert ("oa-1-big-TOC.txt" in names) == (links == 4)
