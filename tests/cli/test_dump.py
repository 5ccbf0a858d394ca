"""`cqlite dump`: options, exit codes, and what stands on which stream."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cqlite.cli import _run
from tests.shared import SSTableFixture, sstables

CASE = next(iter(sstables(versions={"oa"}, own_only=True, containing="/deletions/")))


def dump(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints, once it is sure that it went well."""
    assert _run(["dump", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def keys_of(text: str) -> list[list[str]]:
    return [partition["partition"]["key"] for partition in json.loads(text)]


def path_of(case: SSTableFixture) -> str:
    return str(case.data_path)


@pytest.mark.parametrize("component", ["Data.db", "Statistics.db", "TOC.txt"])
def test_any_component_names_the_sstable(
    capsys: pytest.CaptureFixture[str], component: str
) -> None:
    text = dump(capsys, str(CASE.component(component)), "--now", "0")
    assert keys_of(text) == keys_of(CASE.golden_dump.read_text())


def test_lines_are_the_partitions_of_the_array(capsys: pytest.CaptureFixture[str]) -> None:
    lines = dump(capsys, "-l", path_of(CASE), "--now", "0").splitlines()
    whole = json.loads(dump(capsys, path_of(CASE), "--now", "0"))
    assert [json.loads(line) for line in lines] == whole
    assert " : " not in lines[0]


def test_keys_alone_are_those_of_the_partitions(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(dump(capsys, "-e", path_of(CASE))) == keys_of(dump(capsys, path_of(CASE)))


def test_only_the_keys_asked_for_in_token_order(capsys: pytest.CaptureFixture[str]) -> None:
    every = keys_of(dump(capsys, path_of(CASE)))
    first, last = every[0], every[-1]
    chosen = dump(capsys, path_of(CASE), "-k", ":".join(last), "-k", ":".join(first))
    assert keys_of(chosen) == [first, last]


def test_excluded_keys_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    every = keys_of(dump(capsys, path_of(CASE)))
    rest = dump(capsys, path_of(CASE), "-x", ":".join(every[0]))
    assert keys_of(rest) == every[1:]


def test_raw_timestamps_are_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    text = dump(capsys, "-t", path_of(CASE))
    stamps = [
        row["liveness_info"]["tstamp"]
        for partition in json.loads(text)
        for row in partition["rows"]
        if "liveness_info" in row
    ]
    assert stamps
    assert all(stamp.isdigit() for stamp in stamps)


def test_now_decides_what_has_expired(capsys: pytest.CaptureFixture[str]) -> None:
    case = next(iter(sstables(versions={"oa"}, own_only=True, containing="/ttl/")))
    assert '"expired" : true' not in dump(capsys, path_of(case), "--now", "0")
    assert '"expired" : false' not in dump(capsys, path_of(case), "--now", str(2**40))


def test_damage_ends_with_a_typed_error_and_valid_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = next(iter(sstables(versions={"oa"}, own_only=True, containing="/many/")))
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / case.data_path.name
    damaged = bytearray(data.read_bytes())
    damaged[-6] ^= 0xFF
    data.write_bytes(damaged)
    assert _run(["dump", str(data)]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("cqlite: error: ")
    assert "CRC-32" in captured.err
    assert "byte" in captured.err
    json.loads(captured.out)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("la-1-big-Data.db", "Cassandra 2.2"),
        ("zz-1-big-Data.db", "unknown SSTable version 'zz'"),
        ("notes.txt", "not an SSTable component"),
        ("oa-9-big-Data.db", "no such file"),
    ],
)
def test_what_is_no_sstable_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, message: str
) -> None:
    if not name.startswith("oa"):
        (tmp_path / name).touch()
    assert _run(["dump", str(tmp_path / name)]) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert name in captured.err
    assert captured.out == ""


def test_wrong_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["dump", "--nonsense", path_of(CASE)]) == 2
    assert "--nonsense" in capsys.readouterr().err


def test_closed_pipe_ends_quietly() -> None:
    case = next(iter(sstables(versions={"oa"}, own_only=True, containing="/many_chunks/")))
    command = [sys.executable, "-m", "cqlite", "dump", path_of(case)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(100)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == -signal.SIGPIPE
