"""`cqlite diff` and `Table.diff`: what differs, on which side, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cqlite import Table, Writer
from cqlite.cli import main
from cqlite.schema import TableSchema, parse_cql
from cqlite.table.diff import MetadataDifference, RowDifference, quick
from cqlite.types import EMPTY
from tests.engines import using
from tests.shared import sstables

NOW = 1_700_000_000
T = NOW * 1_000_000


def _table(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


EVENTS = _table(
    "CREATE TABLE k.events (p int, c int, v text, s text static, tags set<text>, "
    "PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c DESC)"
)

Fill = Callable[[Writer], None]


def _write(folder: Path, *flushes: Fill, schema: TableSchema = EVENTS) -> Path:
    """A directory with an SSTable for each of ``flushes``."""
    folder.mkdir(parents=True)
    (folder / "schema.cql").write_text(schema.to_cql(with_internals=False), encoding="utf-8")
    for fill in flushes:
        with Writer(schema, folder, now=NOW) as writer:
            fill(writer)
    return folder


def _rows(writer: Writer) -> None:
    for p in range(5):
        writer.write({"p": p, "s": f"s{p}"}, timestamp=T)
        for c in range(4):
            row = {"p": p, "c": c, "v": f"v{c}", "tags": {"a", "b"}}
            writer.write(row, timestamp=T)


def _changes(writer: Writer) -> None:
    writer.write({"p": 1, "c": 2, "v": "other"}, timestamp=T + 1)
    writer.write({"p": 1, "c": 1, "v": "v1"}, timestamp=T + 1)
    writer.delete_row({"p": 2, "c": 3}, timestamp=T + 2)
    writer.delete_partition({"p": 3}, timestamp=T + 3)
    writer.write({"p": 4, "s": "else"}, timestamp=T + 4)
    writer.write({"p": 7, "c": 0, "v": "added"}, timestamp=T + 5)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """The same rows, on the right with later changes in an SSTable of their own."""
    return _write(tmp_path / "a", _rows), _write(tmp_path / "b", _rows, _changes)


def _found(left: Path, right: Path, **options: Any) -> list[Any]:
    with Table(left, now=NOW) as one, Table(right, now=NOW) as other:
        return list(one.diff(other, **options))


def _told(differences: list[Any]) -> set[tuple[Any, ...]]:
    """Side, key, clustering and the values that differ."""
    (key,), (clustering,) = EVENTS.partition_key, EVENTS.clustering_columns
    return {
        (
            d.side,
            key.type.decode(d.key),
            None if d.clustering is None else clustering.type.decode(d.clustering[0]),
            *sorted((c.column.name, str(c.left_value), str(c.right_value)) for c in d.cells),
        )
        for d in differences
    }


def test_what_differs(sides: tuple[Path, Path]) -> None:
    tags = str(EVENTS.column("tags").type.decode(EVENTS.column("tags").type.encode({"a", "b"})))  # type: ignore[union-attr]
    gone = {("left", 3, c, ("tags", tags, "None"), ("v", f"v{c}", "None")) for c in range(4)}
    differences = _found(*sides)
    assert all(isinstance(d, RowDifference) for d in differences)
    assert _told(differences) == gone | {
        ("left", 3, None, ("s", "s3", "None")),
        ("both", 1, 2, ("v", "v2", "other")),
        ("left", 2, 3, ("tags", tags, "None"), ("v", "v3", "None")),
        ("both", 4, None, ("s", "s4", "else")),
        ("right", 7, 0, ("v", "None", "added")),
    }
    mirrored = _found(*reversed(sides))
    assert len(mirrored) == len(differences)
    swapped = {"left": "right", "right": "left", "both": "both"}
    assert [swapped[d.side] for d in mirrored] == [d.side for d in differences]


@pytest.mark.parametrize("metadata", [False, True])
def test_one_side_without_a_schema(sides: tuple[Path, Path], metadata: bool) -> None:
    # As of a copy that was made of the SSTables alone, whose key columns have no names.
    left, right = sides
    expected = _found(left, right, metadata=metadata)
    one = _found(left, right, metadata=metadata, where="p = 1")
    (left / "schema.cql").unlink()
    assert _found(left, right, metadata=metadata) == expected
    assert _found(left, right, metadata=metadata, where="p = 1") == one
    assert one


@pytest.mark.parametrize("options", [{}, {"metadata": True}, {"where": "token(p) >= -1"}], ids=str)
def test_progress_is_told(
    tmp_path: Path, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(writer: Writer) -> None:
        for p in range(600):
            writer.write({"p": p, "c": 0, "v": "v"}, timestamp=T)

    monkeypatch.setattr(quick, "_PART_ROWS", 100)
    folder = _write(tmp_path / "a", many)
    shares: list[float] = []
    assert _found(folder, folder, progress=shares.append, **options) == []
    assert len(shares) >= 1
    assert shares == sorted(shares)
    assert all(0 < share <= 1 for share in shares)


def test_order_is_that_of_the_tables(sides: tuple[Path, Path]) -> None:
    differences = _found(*sides)
    with Table(sides[0]) as table:
        place = table.partitioner.byte_comparable
        places = [place(d.key) for d in differences]
    assert places == sorted(places)
    # In descending order of the clustering column, after the static ones.
    clusterings = [d.clustering for d in differences if d.key == b"\0\0\0\x03"]
    assert clusterings == [None, *((bytes([0, 0, 0, c]),) for c in (3, 2, 1, 0))]


def test_columns_and_where(sides: tuple[Path, Path]) -> None:
    assert _told(_found(*sides, where="p = 1 AND c > 0")) == {("both", 1, 2, ("v", "v2", "other"))}
    statics = _found(*sides, columns=["s"], where="p IN (1, 4)")
    assert _told(statics) == {("both", 4, None, ("s", "s4", "else"))}


def test_same_rows_in_other_sstables(tmp_path: Path) -> None:
    left = _write(tmp_path / "a", _rows, _changes)
    right = _write(tmp_path / "b", lambda w: (_changes(w), _rows(w))[-1])
    assert _found(left, right) == []
    assert _found(left, right, metadata=True) == []


def test_what_is_stored(sides: tuple[Path, Path]) -> None:
    differences = _found(*sides, metadata=True)
    assert all(isinstance(d, MetadataDifference) for d in differences)
    (key,) = EVENTS.partition_key
    found = {(d.kind, d.side, key.type.decode(d.key)) for d in differences}
    # The value of p = 1, c = 1 was written again, which no reader sees.
    assert ("row", "both", 1) in found
    assert sum(d.key == b"\0\0\0\x01" for d in differences) == 2
    assert {("partition", "right", 3), ("static", "left", 3), ("row", "left", 3)} <= found
    assert {("row", "both", 2), ("static", "both", 4), ("row", "right", 7)} <= found


def test_expired_rows_count_by_the_clock(tmp_path: Path) -> None:
    left = _write(tmp_path / "a", lambda w: w.write({"p": 1, "c": 1, "v": "x"}, timestamp=T))
    right = _write(
        tmp_path / "b", lambda w: w.write({"p": 1, "c": 1, "v": "x"}, timestamp=T, ttl=60)
    )
    assert _found(left, right) == []
    with Table(left, now=NOW + 60) as one, Table(right, now=NOW + 60) as other:
        assert [d.side for d in one.diff(other)] == ["left"]
    assert [d.side for d in _found(left, right, metadata=True)] == ["both"]


def test_every_fixture_is_the_same_as_itself() -> None:
    for case in sstables(own_only=True, versions={"oa"}):
        path = case.data_path
        assert _found(path, path, metadata=True) == []


# The command.


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["diff", "--now", str(NOW), *map(str, arguments)])
    captured = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, captured.out, captured.err


def test_text(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, *sides)
    lines = out.splitlines()
    assert code == 1
    assert f"+ p=7 c=0 v='added' (@{T + 5})" in lines
    place = lines.index("~ p=1 c=2")
    assert lines[place + 1 : place + 3] == [
        f"-   v='v2' (@{T})",
        f"+   v='other' (@{T + 1})",
    ]


def test_json_lines(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "--format", "jsonl", "--where", "p = 1", *sides)
    assert code == 1
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "side": "both",
            "key": {"p": 1},
            "clustering": {"c": 2},
            "cells": {
                "v": {"left": "v2", "right": "other", "left_writetime": T, "right_writetime": T + 1}
            },
        }
    ]


def test_metadata_in_both_forms(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = _run(capsys, "--metadata", *sides)
    assert f"+ p=3 partition deleted @{T + 3} (at {NOW})" in out.splitlines()
    _, out, _ = _run(capsys, "--metadata", "--format", "jsonl", *sides)
    found = [json.loads(line) for line in out.splitlines()]
    (deletion,) = (f for f in found if f["kind"] == "partition")
    assert deletion["right"] == {"writetime": T + 3, "deleted_at": NOW}


def test_as_of(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    _, right = sides
    code, out, _ = _run(capsys, "--as-of", T, right)
    assert code == 1
    assert out == _run(capsys, *sides)[1]
    assert _run(capsys, "--as-of", T + 10, right)[:2] == (0, "")
    assert _run(capsys, right)[0] == 2


def test_exit_codes(
    sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left, right = sides
    assert _run(capsys, left, left) == (0, "", "")
    assert _run(capsys, "--limit", 1, left, right)[1].count("\n") <= 3
    other = _write(
        tmp_path / "c",
        lambda w: w.write({"id": "x"}, timestamp=T),
        schema=_table("CREATE TABLE k.other (id text PRIMARY KEY)"),
    )
    code, _, err = _run(capsys, left, other)
    assert code == 2
    assert "tables of different partition key: (" in err
    code, _, err = _run(capsys, left, tmp_path / "nothing")
    assert code == 2
    code, _, err = _run(capsys, "--columns", "nope", left, right)
    assert code == 2
    assert "nope" in err
    data = next(right.glob("*-Data.db"))
    data.write_bytes(data.read_bytes()[:-30])
    assert _run(capsys, left, right)[0] == 2


# Parts that are compared as a whole before.

NUMBERS = _table("CREATE TABLE k.numbers (p int, c int, d double, i int, PRIMARY KEY (p, c))")


def _numbers(changes: dict[int, dict[str, Any]]) -> Fill:
    def fill(writer: Writer) -> None:
        for p in range(200):
            for c in range(p % 3):
                row = {"p": p, "c": c, "d": float(p), "i": c}
                writer.write(row | (changes.get(p, {}) if c == 1 else {}), timestamp=T)

    return fill


@pytest.mark.parametrize(
    "change", [{"d": -1.5}, {"i": None}, {"c": 7}, {"i": EMPTY}, {"d": float("nan")}], ids=str
)
@pytest.mark.parametrize("keys", [(), (2,), (5, 8, 197), tuple(range(2, 200, 3))], ids=len)
def test_parts_are_split_until_they_are_few(
    tmp_path: Path, keys: tuple[int, ...], change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "_LEAST_ROWS", 5)
    monkeypatch.setattr(quick, "_PART_ROWS", 100)
    left = _write(tmp_path / "a", _numbers({}), schema=NUMBERS)
    right = _write(tmp_path / "b", _numbers(dict.fromkeys(keys, change)), schema=NUMBERS)
    found = _found(left, right)
    with using("reference"):
        assert _found(left, right) == found
    assert len({d.key for d in found}) == len(keys)


def test_zeros_of_both_signs_differ(tmp_path: Path) -> None:
    left = _write(tmp_path / "a", _numbers({5: {"d": 0.0}}), schema=NUMBERS)
    right = _write(tmp_path / "b", _numbers({5: {"d": -0.0}}), schema=NUMBERS)
    assert [d.side for d in _found(left, right)] == ["both"]
    assert _found(left, right, columns=["i"]) == []


def test_values_that_arrow_lacks_are_compared(tmp_path: Path) -> None:
    empty = {5: {"i": EMPTY}, 8: {"i": EMPTY}}
    left = _write(tmp_path / "a", _numbers(empty), schema=NUMBERS)
    right = _write(tmp_path / "b", _numbers(empty), schema=NUMBERS)
    assert _found(left, right) == []
