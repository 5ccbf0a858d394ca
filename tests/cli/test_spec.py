"""`cqlite spec` and `cqlite decompress`: what they print, write and refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from cqlite.blocks import open_data
from cqlite.cli import _run
from cqlite.inspect.documents import spec_names, spec_text
from cqlite.io import resolve
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture, sstables

CASE = sstables(own_only=True, containing="own/oa/deletions/")[0]
COMPRESSED = sstables(own_only=True, component="CompressionInfo.db")


def good(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command prints, once it is sure that it went well."""
    assert _run([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command says is wrong."""
    assert _run([str(argument) for argument in arguments]) == 1
    return capsys.readouterr().err


def test_list_names_every_spec(capsys: pytest.CaptureFixture[str]) -> None:
    text = good(capsys, "spec", "--list")
    assert [line.split()[0] for line in text.splitlines()[: len(spec_names())]] == spec_names()


@pytest.mark.parametrize("name", ["statistics", "Statistics.db", "oa-1-big-Statistics.db"])
def test_a_spec_is_printed_as_shipped(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert good(capsys, "spec", name) == spec_text("statistics")


@pytest.mark.parametrize("version", ["ma", "mc", "nb", "da"])
def test_version_goes_into_the_root(capsys: pytest.CaptureFixture[str], version: str) -> None:
    parsed = yaml.safe_load(good(capsys, "spec", "filter", "--version", version))
    assert parsed["seq"][0]["type"] == f"body(version::id::{version}.to_i)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "no spec 'nothing'; there are"),
        (["statistics", "--version", "zz"], "no version 'zz'"),
        (["vint", "--version", "mc"], "does not depend on the version"),
        (["statistics", "--list"], "give one of"),
        (["--list", "--version", "mc"], "--version goes with"),
        (["Data.db", "--schema", "table.cql"], "--schema goes with --for"),
        (["--for", "oa-1-big-Nothing.db"], "no such file"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert message in refused(capsys, "spec", *arguments)


@pytest.mark.parametrize("case", sstables(own_only=True), ids=str)
def test_columns_are_fields(capsys: pytest.CaptureFixture[str], case: SSTableFixture) -> None:
    parsed = yaml.safe_load(good(capsys, "spec", "--for", case.data_path))
    assert "imports" not in parsed["meta"]
    with SSTable(case.data_path) as sstable:
        schema = sstable.header_schema
    fields = parsed["types"]["row_body"]["seq"]
    names = [field["-orig-id"] for field in fields]
    wanted = [column.name for column in schema.regular_columns]
    assert names[len(names) - len(wanted) :] == wanted
    static = [field["-orig-id"] for field in parsed["types"]["row_body_static"]["seq"]]
    assert static[len(static) - len(schema.static_columns) :] == [
        column.name for column in schema.static_columns
    ]


def test_key_names_come_from_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    case = sstables(own_only=True, containing="own/oa/reversed_udt/")[0]
    types = yaml.safe_load(good(capsys, "spec", "--for", case.data_path))["types"]
    assert [field["id"] for field in types["partition_key"]["seq"]] == ["p"]
    clustering = [field["id"] for field in types["clustering_block"]["seq"]]
    assert clustering == ["header", "a", "b", "c"]


def test_output_is_not_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.ksy"
    good(capsys, "spec", "vint", "-o", path)
    assert "the file exists" in refused(capsys, "spec", "data", "-o", path)
    assert path.read_text(encoding="utf-8") == spec_text("vint")
    good(capsys, "spec", "data", "-o", path, "--force")
    assert path.read_text(encoding="utf-8") == spec_text("data")


@pytest.mark.parametrize("case", COMPRESSED[:6], ids=str)
def test_decompress(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: SSTableFixture
) -> None:
    path = tmp_path / "out"
    assert good(capsys, "decompress", case.data_path, "-o", path) == ""
    with open_data(resolve(case.data_path)) as stream:
        assert path.read_bytes() == stream.read()
    assert [found.name for found in tmp_path.iterdir()] == ["out"]


def test_decompress_to_the_current_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    good(capsys, "decompress", CASE.data_path)
    assert (tmp_path / f"{CASE.data_path.name}.uncompressed").stat().st_size > 0


def starts(case: SSTableFixture) -> list[int]:
    """Where each partition starts, and where the last one ends."""
    with SSTable(case.data_path) as sstable:
        found = [partition.position for partition in sstable]
        return [*found, sstable.open_data().seek(0, 2)]


def test_decompress_some_partitions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    positions = starts(CASE)
    for count in (1, 2, len(positions) - 1, len(positions) + 5):
        path = tmp_path / str(count)
        good(capsys, "decompress", CASE.data_path, "-n", str(count), "-o", path)
        assert path.stat().st_size == positions[min(count, len(positions) - 1)]


def test_decompress_up_to_a_limit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    positions = starts(CASE)
    for limit in (1, positions[1], positions[2] - 1, positions[2], positions[-1] + 1):
        path = tmp_path / str(limit)
        good(capsys, "decompress", CASE.data_path, "--limit", str(limit), "-o", path)
        within = [position for position in positions if position <= limit]
        assert path.stat().st_size == max(within[-1], positions[1])


def test_decompress_never_in_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for path in CASE.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / CASE.data_path.name
    before = data.read_bytes()
    other = tmp_path / CASE.component("Statistics.db").name
    link = tmp_path / "link"
    link.symlink_to(data)
    for target in (data, other, link):
        assert "own files" in refused(capsys, "decompress", data, "--force", "-o", target)
    assert data.read_bytes() == before


def test_decompress_leaves_nothing_of_damaged_data(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = COMPRESSED[0]
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / case.data_path.name
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)
    target = tmp_path / "out"
    before = sorted(tmp_path.iterdir())
    error = refused(capsys, "decompress", data, "-o", target)
    assert "CRC-32" in error
    assert sorted(tmp_path.iterdir()) == before
