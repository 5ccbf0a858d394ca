"""`cqlite inspect`: trees, paths, offsets and JSON of every component."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cqlite.blocks import open_data
from cqlite.cli import _run
from cqlite.inspect import claims, component_source
from cqlite.inspect.show import View, lines
from cqlite.io import Components, resolve
from tests.memory import peak_of
from tests.shared import SSTableFixture, sstables


def own(name: str) -> SSTableFixture:
    """One of the project's own SSTables."""
    return sstables(own_only=True, containing=f"own/{name}/")[0]


def inspect(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> str:
    """What the command prints, once it is sure that it went well."""
    assert _run(["inspect", str(path), *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def refused(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> str:
    """What the command says is wrong."""
    assert _run(["inspect", str(path), *arguments]) == 1
    return capsys.readouterr().err


SMALL = [own("oa/collections"), own("da/wide"), own("mc/deletions")]
COMPONENTS = [
    pytest.param(case.component(name), id=f"{case}-{name}")
    for case in SMALL
    for name in case.components()
]


def objects(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All objects, parents before their children."""
    for item in found:
        yield item
        yield from objects(item.get("children", []))


@pytest.mark.parametrize("path", COMPONENTS)
def test_json_agrees_with_the_claims(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    component = path.name.split("-")[-1]
    components = resolve(path)
    arguments = ["--path", "partitions[0]"] if component == "Data.db" else []
    found = json.loads(inspect(capsys, path, "--json", "--depth", "0", *arguments))
    everything = list(objects(found))
    size = max(item["end"] for item in found)
    leaves = {
        item["path"]: (item["start"], item["end"])
        for item in everything
        if "children" not in item and item["end"] > item["start"]
    }
    expected = {c.path: (c.start, c.end) for c in claims(components, component) if c.end <= size}
    # Tries are shown from their roots too.
    assert {path: span for path, span in leaves.items() if ".root." not in f"{path}."} == expected
    for item in everything:
        for below in item.get("children", []):
            if not below["name"].startswith(("root", "branch")):
                assert item["start"] <= below["start"] <= below["end"] <= item["end"]
        assert item["doc"]


@pytest.mark.parametrize("path", COMPONENTS)
def test_offset_finds_the_field_that_holds_a_byte(
    capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    component = path.name.split("-")[-1]
    found = [c for c in claims(resolve(path), component) if c.bits is None]
    for claim in found[:: len(found) // 3 or 1]:
        shown = json.loads(inspect(capsys, path, "--json", "--offset", str(claim.end - 1)))
        leaves = [item for item in objects(shown) if not item.get("children")]
        assert [item["path"] for item in leaves] == [claim.path]


def test_hex_is_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    path = own("oa/collections").component("Statistics.db")
    data = path.read_bytes()
    for item in objects(json.loads(inspect(capsys, path, "--json", "--depth", "0"))):
        if "hex" in item and "…" not in item["hex"]:
            assert bytes.fromhex(item["hex"]) == data[item["start"] : item["end"]]


def test_data_shows_names_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    case = own("oa/statics")
    text = inspect(capsys, case.data_path, "--depth", "0", "--instances")
    first = case.dump()[0]
    assert f"p = '{first['partition']['key'][0]}'" in text
    assert "static row" in text
    assert "s2 set<text>" in text
    assert "HAS_EMPTY_VALUE_MASK" in text
    assert "is_static  computed  true" in text


def test_flags_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    text = inspect(capsys, own("oa/ttl").data_path)
    assert "HAS_TIMESTAMP | HAS_TTL" in text


def test_path_descends_and_body_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    path = own("oa/collections").component("Statistics.db")
    text = inspect(capsys, path, "--path", "body.components[0].content.partitioner", "-d", "0")
    assert text == inspect(capsys, path, "-p", "components[0].content.partitioner", "-d", "0")
    assert text.startswith("partitioner  ")
    assert "Murmur3Partitioner" in text


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("body.nothing", "no field 'nothing' in body; there are:"),
        ("components[9]", "no field 'components[9]'; there are:"),
        ("body.components[0].checksum.x", "no field 'x' in body.components[0].checksum"),
        (".", "is not a path"),
    ],
)
def test_wrong_path(capsys: pytest.CaptureFixture[str], path: str, message: str) -> None:
    error = refused(capsys, own("oa/collections").component("Statistics.db"), "--path", path)
    assert message in error


def test_offset_beyond_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    path = own("oa/collections").component("TOC.txt")
    size = path.stat().st_size
    assert f"only {size} bytes" in refused(capsys, path, "--offset", str(size))


def test_chunks_on_disk(capsys: pytest.CaptureFixture[str]) -> None:
    case = own("me/chunks_lz4")
    found = json.loads(inspect(capsys, case.data_path, "--raw", "--json", "--depth", "0"))
    assert [item["name"] for item in found] == [f"chunks[{n}]" for n in range(len(found))]
    assert found[-1]["end"] == case.data_path.stat().st_size
    names = {item["name"] for item in objects(found)}
    assert {"len_decompressed", "block", "crc32"} <= names


def test_raw_needs_compression(capsys: pytest.CaptureFixture[str]) -> None:
    plain = next(
        case for case in sstables(own_only=True)
        if not case.component("CompressionInfo.db").exists()
    )  # fmt: skip
    assert "not compressed" in refused(capsys, plain.data_path, "--raw")


def test_promoted_index(capsys: pytest.CaptureFixture[str]) -> None:
    path = own("oa/wide").component("Index.db")
    text = inspect(capsys, path, "--path", "entries[0].promoted_index.blocks[0]", "-d", "5")
    assert "first_name" in text
    assert "end_open_marker" in text
    assert " = " in text


def test_trie_from_its_root(capsys: pytest.CaptureFixture[str]) -> None:
    path = own("da/many").component("Partitions.db")
    text = inspect(capsys, path, "--path", "body.root", "--depth", "8")
    assert text.count("branch") > 2
    assert "transition" in text


def test_parsing_stops_with_a_typed_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = own("oa/collections")
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / case.component("Statistics.db").name
    data.write_bytes(data.read_bytes()[:100])
    error = refused(capsys, data)
    assert str(data) in error
    assert "field statistics.body" in error


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    few, many = (repeated(own("oa/types"), tmp_path / str(times), times) for times in (5, 30))
    peak(few)  # what is loaded once
    growth = peak(many) - peak(few)
    # The objects of all partitions together would take some seventy times their bytes.
    assert growth < 30 * (many.size("Data.db") - few.size("Data.db"))


def repeated(case: SSTableFixture, folder: Path, times: int) -> Components:
    """An SSTable without compression that has the partitions of another many times."""
    folder.mkdir()
    shutil.copy(case.component("Statistics.db"), folder)
    with open_data(resolve(case.data_path)) as stream:
        (folder / case.data_path.name).write_bytes(stream.read() * times)
    return resolve(folder / case.data_path.name)


def peak(components: Components) -> int:
    """Bytes that a walk over all of Data.db holds at most."""
    with component_source(components, "Data.db") as source:
        number, held = peak_of(lines(View(source, 3), source.nodes()))
    assert number > 500
    return held


def test_terminal_shows_the_same_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own("oa/collections").component("CompressionInfo.db")
    plain = inspect(capsys, path)
    monkeypatch.setattr("cqlite.cli.inspect.console", _terminal)
    coloured = inspect(capsys, path)
    assert "\x1b[" in coloured
    assert _without_colours(coloured) == plain


def _terminal() -> Console:
    return Console(file=sys.stdout, force_terminal=True, highlight=False, soft_wrap=True)


def _without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_directory_stands_for_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    case = own("oa/collections")
    assert inspect(capsys, case.data_path.parent) == inspect(capsys, case.data_path)


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "nothing: no such file or directory" in refused(capsys, tmp_path / "nothing")


def test_unknown_component(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "oa-1-big-SAI+aa+Meta.db"
    path.write_bytes(b"")
    assert "no spec" in refused(capsys, path)


def test_nothing_is_left_open() -> None:
    components: Components = resolve(own("oa/collections").data_path)
    with component_source(components, "Data.db") as source:
        assert isinstance(source.read(0, 1), bytes)
    with pytest.raises(ValueError, match="closed"):
        source.read(0, 1)
