"""`cqlite import`: every format, round trips of all types, and what it refuses and why."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from pyarrow import ipc

from cqlite.cli import EXIT_SALVAGED, _run
from cqlite.importing.csv_input import _records
from cqlite.rows import Partition, Row
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture, sstables

FORMATS = ("csv", "jsonl", "parquet", "arrow")
# Not these: tables that cannot be written, and what rows or sstabledump don't tell.
NOT_WRITTEN = ("/compact_", "/counters/")
NOT_IN_A_DUMP = ("/clusterings/", "/dropped/da-1", "/expired/", "/shadowable/", "/ttl/", "/types/")
CASES = [
    case
    for case in sstables(versions={"da"}, own_only=True)
    if case.schema is not None and not any(name in case.id for name in NOT_WRITTEN)
]
TABLE = """
CREATE TYPE k.address (street text, no int);
CREATE TABLE k.t (
    p int, c text, s bigint static, n tinyint, v text, tags set<text>, home frozen<address>,
    PRIMARY KEY (p, c)
) WITH CLUSTERING ORDER BY (c DESC);
"""
SIMPLE = "CREATE TABLE k.simple (id int PRIMARY KEY, n tinyint, v text);"
NOW = 1_700_000_000_000_000


def run(*arguments: str | Path | int) -> int:
    return _run(["import", *map(str, arguments)])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.cql"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def simple(tmp_path: Path) -> Path:
    path = tmp_path / "simple.cql"
    path.write_text(SIMPLE, encoding="utf-8")
    return path


def written(directory: Path) -> SSTable:
    (path,) = directory.glob("*-Data.db")
    return SSTable(path)


def values(directory: Path) -> list[dict[str, Any]]:
    """The simple table's rows, by id."""
    with written(directory) as sstable:
        found = [sstable.schema.decode_key(p.key) + _cells(p) for p in sstable]
    return [{"id": key, **cells} for key, cells in sorted(found, key=lambda item: item[0])]


def _cells(partition: Partition) -> tuple[dict[str, Any]]:
    (row,) = partition
    assert isinstance(row, Row)
    return ({cell.column.name: None if cell.is_tombstone else cell.value for cell in row.cells()},)


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


# Round trips.


def _partitioner(case: SSTableFixture) -> str:
    with SSTable(case.data_path) as source:
        return source.partitioner.name


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_exported_comes_back(case: SSTableFixture, format: str, tmp_path: Path) -> None:
    assert case.schema is not None
    first, second, made = tmp_path / f"a.{format}", tmp_path / f"b.{format}", tmp_path / "made"
    export = ["export", "--empty", "null"]
    assert _run([*export, str(case.data_path), "-o", str(first)]) == 0
    options = ["--schema", case.schema, "-o", made, "--partitioner", _partitioner(case)]
    assert run(first, *options) == 0
    shutil.copy(case.schema, made)
    (data,) = made.glob("*-Data.db")
    assert _run([*export, str(data), "-o", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "case", [c for c in CASES if not any(name in c.id for name in NOT_IN_A_DUMP)], ids=str
)
def test_a_dump_comes_back(
    case: SSTableFixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With times, deletions and positions, so the rows of Data.db are the same too."""
    assert case.schema is not None
    assert _run(["dump", "-t", str(case.data_path)]) == 0
    dumped = text(tmp_path / "dump.json", capsys.readouterr().out)
    made = tmp_path / "made"
    options = ["--schema", case.schema, "-o", made, "--partitioner", _partitioner(case)]
    assert run(dumped, *options) == 0
    capsys.readouterr()
    (data,) = made.glob("*-Data.db")
    assert _run(["dump", "-t", str(data)]) == 0
    assert capsys.readouterr().out == dumped.read_text(encoding="utf-8")


def test_a_cell_may_have_its_rows_time_to_live_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """sstabledump prints neither, so all rows of a dump come back but the one with such a cell."""
    (case,) = (case for case in CASES if "/ttl/" in case.id)
    assert case.schema is not None
    assert _run(["dump", "-t", str(case.data_path)]) == 0
    source = text(tmp_path / "dump.json", capsys.readouterr().out)
    made, bad = tmp_path / "made", tmp_path / "bad.csv"
    options = ["--schema", case.schema, "-o", made, "--rejects", bad]
    assert run(source, *options) == EXIT_SALVAGED
    (_, rejected) = bad.read_text(encoding="utf-8").splitlines()
    assert ',3,w,"whether it expires is not told' in rejected
    with SSTable(case.data_path) as before, written(made) as after:
        expected = [row for row in _dumped_rows(before) if row[1] != (b"\0\0\0\2",)]
        assert _dumped_rows(after) == expected


def _dumped_rows(sstable: SSTable) -> list[tuple[Any, ...]]:
    """All but where the rows are in the file."""
    rows = ((p.key, row) for p in sstable for row in p if isinstance(row, Row))
    return [(key, r.clustering, r.liveness, r.deletion, r.columns) for key, r in rows]


def test_several_files_are_one_table(simple: Path, tmp_path: Path) -> None:
    rows = [{"id": 3, "v": "from Arrow"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "c.parquet")
    with ipc.new_stream(tmp_path / "d.arrow", pa.schema({"id": pa.int64()})) as stream:
        stream.write(pa.RecordBatch.from_pydict({"id": pa.array([4])}))
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"v,id\none,1\n"))
    (tmp_path / "b.jsonl").write_bytes(zstandard.compress(b'{"id": 2, "v": "two"}\n'))
    files = [tmp_path / name for name in ("a.csv", "b.jsonl", "c.parquet", "d.arrow")]
    assert run(*files, "--schema", simple, "-o", tmp_path / "made") == 0
    assert values(tmp_path / "made") == [
        {"id": 1, "v": "one"},
        {"id": 2, "v": "two"},
        {"id": 3, "v": "from Arrow"},
        {"id": 4},
    ]


# Options.


def test_times_and_nulls(table: Path, tmp_path: Path) -> None:
    source = text(tmp_path / "a.csv", "p,c,s,n,v\n1,x,7,,\n2,,8,,\n")
    options = ["--timestamp", NOW, "--ttl", 60, "--null-deletes", "--format", "oa"]
    assert run(source, "--schema", table, "-o", tmp_path / "made", *options) == 0
    with written(tmp_path / "made") as sstable:
        assert sstable.descriptor.version.name == "oa"
        found = {sstable.schema.decode_key(p.key): (p.static_row, list(p)) for p in sstable}
    static, (row,) = found[(1,)]
    assert static is not None
    assert [cell.value for cell in static.cells()] == [7]
    assert isinstance(row, Row)
    assert row.liveness is not None
    assert (row.liveness.timestamp, row.liveness.ttl) == (NOW, 60)
    assert {cell.column.name: cell.is_tombstone for cell in row.cells()} == {"n": True, "v": True}
    assert found[(2,)][1] == []


def test_csv_texts_of_many_lines_take_no_longer_than_other_texts(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    long = '"' + "a\n" * 200_000 + '"'
    path.write_text(f'\n{long},1\n\n\n2,3\n"open\n4', encoding="utf-8")
    with path.open("rb") as file:
        records = list(_records(file))
    assert records == [f"{long},1\n".encode(), b"2,3\n", b'"open\n4']


def test_names_and_sizes(simple: Path, tmp_path: Path) -> None:
    rows = "".join(f"{number},{'x' * 32_000}\n" for number in range(75))
    source = text(tmp_path / "a.csv", "id,v\n" + rows)
    options = ["--uuid-ids", "--max-sstable-size", 1, "--compression", "none"]
    assert run(source, "--schema", simple, "-o", tmp_path / "made", *options) == 0
    made = sorted((tmp_path / "made").glob("*-Data.db"))
    assert [len(path.name.split("-")[1]) for path in made] == [28] * 3
    counts = []
    for path in made:
        with SSTable(path) as sstable:
            assert sstable.compression is None
            counts.append(sum(1 for _ in sstable))
    assert sum(counts) == 75


def test_a_table_of_several(tmp_path: Path) -> None:
    both = text(tmp_path / "both.cql", SIMPLE + TABLE)
    source = text(tmp_path / "a.csv", "id\n1\n")
    assert run(source, "--schema", both, "-o", tmp_path / "made") == 1
    assert run(source, "--schema", both, "--table", "simple", "-o", tmp_path / "made") == 0


# What cannot be written.

BAD_CSV = [
    ("id,v\n1,a\nx,b\n", "row 2: column id: 'x' is no int"),
    ("id,n\n1,1\n2,300\n", "row 2: column n: "),
    ("id,v\n1,a\n,b\n", "row 2: column id: a column of the primary key has no value"),
    ("id,v\n1,a\n2\n", "row 2: 1 fields where there are 2 columns"),
    ('id,v\n1,a\n2,"b"c\n', "row 2: not CSV at character 2 of the line"),
]
BAD_JSON = [
    ('{"id": 1}\n{"id": "x"}\n', "row 2: column id: 'x' is no int"),
    ('{"id": 1}\n{"id": 2, "n": 300}\n', "row 2: column n: "),
    ('{"id": 1}\n{"id": 2, "n": 1.5}\n', "row 2: column n: "),
    ('{"id": 1}\n{"v": "b"}\n', "row 2: column id: a column of the primary key has no value"),
    ('{"id": 1}\n{"id": 2, "w": 1}\n', "row 2: column w: the table has no such column"),
    ('{"id": 1}\n{"id": 2, "v": 1}\n', "row 2: column v: 1 is no text"),
    ('{"id": 1}\n{"id": 2\n', "row 2: not JSON: "),
    ('{"id": 1}\n{"id": 2, "id": 3}\n', "row 2: not JSON: an object has a name twice"),
    ('{"id": 1}\n[2]\n', "row 2: not a JSON object"),
]
BAD = [pytest.param("csv", content, reason, id=reason) for content, reason in BAD_CSV]
BAD += [pytest.param("jsonl", content, reason, id=reason) for content, reason in BAD_JSON]


@pytest.mark.parametrize(("format", "content", "reason"), BAD)
def test_bad_row_is_an_error(
    format: str,
    content: str,
    reason: str,
    simple: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = text(tmp_path / f"a.{format}", content)
    before = sorted(tmp_path.iterdir())
    assert run(source, "--schema", simple, "-o", tmp_path / "made") == 1
    assert f"a.{format}: {reason}" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("format", "content", "reason"), BAD)
def test_bad_row_is_rejected(
    format: str, content: str, reason: str, simple: Path, tmp_path: Path
) -> None:
    good = "id,v\n5,good\n" if format == "csv" else '{"id": 5, "v": "good"}\n'
    files = [text(tmp_path / f"a.{format}", content), text(tmp_path / f"b.{format}", good)]
    rejects, made = tmp_path / "bad.csv", tmp_path / "made"
    options = ["--schema", simple, "-o", made, "--rejects", rejects]
    assert run(*files, *options) == EXIT_SALVAGED
    head, line = rejects.read_text(encoding="utf-8").splitlines()
    assert head == "file,row,column,reason"
    place = reason.split(": ")
    column = place[1].removeprefix("column ") if place[1].startswith("column ") else ""
    assert line.startswith(f"{files[0]},2,{column},")
    assert [row["id"] for row in values(made)] == [1, 5]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"id,v\n1,a\n2,\xff\n"), ("a.jsonl", b'{"id": 1}\n{"id": 2, "v": "\xff"}\n')],
)
def test_invalid_utf_8(
    name: str, content: bytes, simple: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run(tmp_path / name, "--schema", simple, "-o", tmp_path / "made") == 1
    assert f"{name}: row 2: not UTF-8 at byte" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("1,b\n1,a\n1,c\n", "row 3: it is before the row before it"),
        ("1,b\n1,b\n", "row 2: the row before it has the same primary key"),
        ("1,b\n2,b\n1,c\n", "row 3: its partition is before that of the row before it"),
    ],
)
def test_order_that_was_promised(
    rows: str, reason: str, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The partitions in the order of their tokens; c is in descending order."""
    source = text(tmp_path / "a.csv", "p,c\n" + rows)
    assert run(source, "--schema", table, "-o", tmp_path / "made", "--sorted") == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "made").exists()
    assert run(source, "--schema", table, "-o", tmp_path / "made") == 0


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "id,w\n1,2\n", "table simple has no column 'w'; it has id, n, v"),
        ("a.csv", "", "no names of columns in the first line: it is empty"),
        ("a.csv", "v\nx\n", "columns of the primary key are missing: id"),
        ("a.csv", "id,id\n1,2\n", "column 'id' is there twice"),
        ("a.jsonl", '{"w": 1}\n', "table simple has no column 'w'"),
        ("a.json", '[{"no": "partition"}]', "not what sstabledump prints"),
    ],
)
def test_columns_are_checked_first(
    name: str,
    content: str,
    reason: str,
    simple: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = text(tmp_path / name, content)
    assert run(source, "--schema", simple, "-o", tmp_path / "made") == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_types_of_columns_are_checked_first(
    simple: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"id": pa.array([1.5])}), tmp_path / "a.parquet")
    assert run(tmp_path / "a.parquet", "--schema", simple, "-o", tmp_path / "made") == 1
    assert "column id is int, which the file's double cannot be" in capsys.readouterr().err


def test_values_that_types_let_pass(
    simple: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"id": pa.array([1, 1 << 40])}), tmp_path / "a.parquet")
    assert run(tmp_path / "a.parquet", "--schema", simple, "-o", tmp_path / "made") == 1
    assert "a.parquet: row 2: column id: " in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_damaged_files_are_errors(simple: Path, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no more")
    (tmp_path / "b.arrow").write_bytes(b"ARROW1 no more")
    (tmp_path / "c.csv").write_bytes(gzip.compress(b"id\n" + b"1\n" * 10_000)[:-20])
    for path in sorted(tmp_path.glob("?.*")):
        assert run(path, "--schema", simple, "-o", tmp_path / "made") == 1
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("kept", [-1, -3, 2000])
def test_zstandard_that_ends_early(
    kept: int, simple: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{number},{number % 100}\n" for number in range(5000))
    packed = zstandard.ZstdCompressor().compress(f"id,n\n{rows}".encode())
    source = tmp_path / "a.csv"
    source.write_bytes(packed[:kept])
    assert run(source, "--schema", simple, "-o", tmp_path / "made") == 1
    assert "cannot be decompressed: it ends within a frame" in capsys.readouterr().err
    source.write_bytes(packed + zstandard.ZstdCompressor().compress(b"7000,7\n"))
    assert run(source, "--schema", simple, "-o", tmp_path / "made") == 0
    assert "5001 rows written" in capsys.readouterr().err


DUMPED = '{"type": "row", "clustering": ["*"], "liveness_info": {"tstamp": "1"}, "cells": []}'


def dumped(rows: str) -> str:
    return f'[{{"partition": {{"key": ["1"], "position": 0}}, "rows": {rows}}}]'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[" * 100_000, "not JSON: it ends within an array"),
        ('[{"partition": ' + "[" * 100_000, "not JSON: too deep"),
        (dumped(f"[{DUMPED}]")[:-1], "not JSON: it ends within an array"),
        (dumped(f"[{DUMPED}]")[:-20], "not JSON: "),
        (dumped("5"), "row 1: not what sstabledump prints"),
        (dumped(f"[{DUMPED}, 5]"), "row 2: not what sstabledump prints"),
        (dumped(f"[{DUMPED}]").replace('"1"}', f'"{1 << 63}"}}'), "is no time of 64 bits"),
        (dumped(f"[{DUMPED}]").replace('"1"}', '"1", "ttl": 0.5}'), "is no time to live"),
        (
            dumped(f"[{DUMPED}]").replace("[]", '[{"name": "tags", "path": [], "value": ""}]'),
            "row 1: not what sstabledump prints",
        ),
        (
            dumped(f"[{DUMPED}]")
            .replace('"1"}', '"1", "ttl": 9, "expires_at": "10"}')
            .replace("[]", '[{"name": "n", "value": 1, "tstamp": "2"}]'),
            "row 1: column n: whether it expires is not told",
        ),
    ],
)
def test_dumps_that_are_none(
    content: str, reason: str, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = text(tmp_path / "a.json", content)
    assert run(source, "--schema", table, "-o", tmp_path / "made") == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_a_dump_of_rows_that_look_like_bounds_and_of_long_texts(
    table: Path, tmp_path: Path
) -> None:
    value = "語" * 400_000
    long = DUMPED.replace("*", "b").replace("[]", f'[{{"name": "v", "value": "{value}"}}]')
    source = text(tmp_path / "a.json", dumped(f"[{long}, {DUMPED}]"))
    assert run(source, "--schema", table, "-o", tmp_path / "made") == 0
    with written(tmp_path / "made") as sstable:
        found = [row.clustering for partition in sstable for row in partition]
    assert found == [(b"b",), (b"*",)]


def test_nothing_is_overwritten(simple: Path, tmp_path: Path) -> None:
    source = text(tmp_path / "a.csv", "id\n1\n")
    assert run(source, "--schema", simple, "-o", tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "simple.cql"]


def test_counters_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = text(tmp_path / "c.cql", "CREATE TABLE k.c (id int PRIMARY KEY, n counter);")
    source = text(tmp_path / "a.csv", "id,n\n1,2\n")
    assert run(source, "--schema", schema, "-o", tmp_path / "made") == 1
    assert "only that replica may change" in capsys.readouterr().err
