"""`cqlite export`: every format, read back; what it refuses, and that it leaves nothing behind."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import zstandard
from pyarrow import ipc

from cqlite import Writer
from cqlite.cli import _run, export_files
from cqlite.errors import CorruptSSTableError
from cqlite.export.text_forms import csv_texts, json_texts
from cqlite.sstable import SSTable
from cqlite.sstable.schema_source import schema_of
from cqlite.sstable.select.portable import FOR_PARQUET, FOR_POLARS
from tests.arrow import rows
from tests.engines import on_engines, using
from tests.shared import OWN, SSTableFixture, sstables

FORMATS = ("parquet", "arrow", "csv", "jsonl")
SOME = [
    case
    for case in sstables(own_only=True, versions={"oa", "da"})
    if case.data_path.parent.name
    in ("types", "collections", "statics", "counters", "vectors", "ttl", "keys", "custom")
]
WIDE = sstables(own_only=True, containing="own/oa/wide/")[0]
DROPPED = OWN / "oa" / "dropped"


def run(*arguments: str | Path) -> int:
    return _run(["export", *map(str, arguments)])


def good(*arguments: str | Path) -> None:
    assert run(*arguments) == 0


def read(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        return pq.read_table(path)
    with path.open("rb") as file:
        return ipc.open_file(file).read_all()


def scanned(case: SSTableFixture, **options: Any) -> pa.Table:
    with SSTable(case.data_path) as sstable:
        schema = schema_of(sstable).schema
    with SSTable(case.data_path, schema=schema) as sstable:
        return sstable.to_arrow(**options)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Formats.


@on_engines
@pytest.mark.parametrize("metadata", [False, True], ids=["rows", "metadata"])
@pytest.mark.parametrize("case", SOME, ids=str)
def test_files_hold_what_a_scan_gives(
    case: SSTableFixture, metadata: bool, engine: str, tmp_path: Path
) -> None:
    options = ["--empty", "null", *(["--metadata"] if metadata else [])]
    with using(engine):
        expected = scanned(case, metadata=metadata, empty="null")
        for format in FORMATS:
            good(case.data_path, "-o", tmp_path / f"out.{format}", *options)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"out.{f}" for f in FORMATS)
    assert read(tmp_path / "out.arrow").schema == expected.schema
    assert _shown(read(tmp_path / "out.arrow")) == _shown(expected)
    parquet = FOR_PARQUET.table(expected)
    assert _shown(read(tmp_path / "out.parquet")) == _shown(_milliseconds(parquet))
    texts = {name: _flat(expected, name, json_texts) for name in expected.column_names}
    assert lines(tmp_path / "out.jsonl") == [
        {name: json.loads(texts[name][at]) for name in texts} for at in range(expected.num_rows)
    ]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        fields = list(csv.reader(file))
    assert fields[0] == expected.column_names
    assert len(fields) == expected.num_rows + 1


def _flat(table: pa.Table, name: str, forms: Any) -> list[str]:
    return [text for chunk in table[name].chunks for text in forms(chunk)]


def _shown(table: pa.Table) -> str:
    return repr(rows(table.combine_chunks()))


def _milliseconds(table: pa.Table) -> pa.Table:
    """As Parquet has it, which has no seconds."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return pq.read_table(pa.BufferReader(sink.getvalue()))


@pytest.mark.parametrize("format", FORMATS)
def test_libraries_read_them(format: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{format}"
    good(WIDE.data_path, "-o", out)
    expected = scanned(WIDE)
    polars = {"parquet": pl.read_parquet, "arrow": pl.read_ipc, "csv": pl.read_csv}
    frame = polars.get(format, pl.read_ndjson)(out)
    assert frame["v"].to_list() == expected["v"].to_pylist()
    pandas = {"parquet": pd.read_parquet, "csv": pd.read_csv, "arrow": pd.read_feather}
    table = pandas[format](out) if format in pandas else pd.read_json(out, lines=True)
    assert table["c"].dropna().astype(int).tolist() == [
        value for value in expected["c"].to_pylist() if value is not None
    ]


def test_frames_keep_every_value() -> None:
    for case in SOME:
        with SSTable(case.data_path) as sstable:
            scan = sstable.scan(empty="null")
            table = scan.to_arrow()
            frame, polars = scan.to_pandas(), scan.to_polars()
        assert list(frame.columns) == polars.columns == table.column_names
        assert len(frame) == polars.height == table.num_rows
        for name, kind in zip(table.column_names, table.schema.types, strict=True):
            assert polars[name].null_count() == table[name].null_count
            assert int(frame[name].isna().sum()) == table[name].null_count
            if pa.types.is_integer(kind):
                # None of them has become a float, for all the nulls among them.
                assert [None if v is pd.NA else int(v) for v in frame[name]] == table[
                    name
                ].to_pylist()


def test_any_library_takes_the_stream() -> None:
    with SSTable(WIDE.data_path) as sstable:
        scan = sstable.scan(columns=["v"], batch_rows=7)
        assert pa.table(scan).num_rows == pl.DataFrame(scan).height == 52
        assert [batch.num_rows for batch in scan] == [7] * 7 + [3]
        assert scan.to_reader().read_all().num_rows == 52
        assert scan.schema.names == ["v"]


# Forms of text.


def test_csv_keeps_null_and_empty_apart() -> None:
    array = pa.array(["", None, "a,b", 'say "hi"', "two\nlines", "plain", " "])
    assert csv_texts(array) == [
        '""', "", '"a,b"', '"say ""hi"""', '"two\nlines"', "plain", " "
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array([(1 << 63) - 1, None]), ["9223372036854775807", "null"]),
        (pa.array([1.5, float("nan"), float("-inf"), 1e300]),
         ["1.5", '"NaN"', '"-Infinity"', "1e+300"]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([True, None]), ["true", "null"]),
        (pa.array([b"\xca\xfe", b""]), ['"0xcafe"', '"0x"']),
        (pa.array(['ü"\n']), ['"ü\\"\\n"']),
        (pa.array([-(1 << 31)], pa.int32()).view(pa.date32()), ['"-5877641-06-23"']),
        (pa.array([1], pa.time64("ns")), ['"00:00:00.000000001"']),
        (pa.array([1_700_000_000_123], pa.timestamp("ms", "UTC")), ['"2023-11-14T22:13:20.123Z"']),
        (pa.array([1_700_000_000], pa.timestamp("s", "UTC")), ['"2023-11-14T22:13:20Z"']),
        (pa.array([-62135596800000, 253402300799999, None], pa.timestamp("ms", "UTC")),
         ['"0001-01-01T00:00:00.000Z"', '"9999-12-31T23:59:59.999Z"', "null"]),
        (pa.array([253402300800000], pa.timestamp("ms", "UTC")), ['"+10000-01-01T00:00:00.000Z"']),
        (pa.array([4294967294, 253402300800], pa.timestamp("s", "UTC")),
         ['"2106-02-07T06:28:14Z"', '"+10000-01-01T00:00:00Z"']),
        (pa.array([-719162, 2932896], pa.int32()).view(pa.date32()),
         ['"0001-01-01"', '"9999-12-31"']),
        (pa.array([-719163, 2932897], pa.int32()).view(pa.date32()),
         ['"0000-12-31"', '"+10000-01-01"']),
        (pa.array([(14, 3, -0)], pa.month_day_nano_interval()), ['"1y2mo3d"']),
        (pa.array([(0, 0, 0)], pa.month_day_nano_interval()), ['"0s"']),
        (pa.array([[1, None], None, []]), ["[1, null]", "null", "[]"]),
        (pa.array([{"a": 1, "b": None}, None]), ['{"a": 1, "b": null}', "null"]),
        (pa.array([[(1, "x")]], pa.map_(pa.int32(), pa.string())), ['{"1": "x"}']),
        (pa.array([[1.0, 2.5]], pa.list_(pa.float32(), 2)), ["[1, 2.5]"]),
        (pa.nulls(2), ["null", "null"]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)  # fmt: skip
def test_json_forms(array: pa.Array, texts: list[str]) -> None:
    assert json_texts(array) == texts
    for text in texts:
        json.loads(text)


@pytest.mark.parametrize("case", SOME, ids=str)
def test_slices_of_batches_are_not_taken_for_their_whole(case: SSTableFixture) -> None:
    table = scanned(case, metadata=True, empty="null").combine_chunks()
    for batch in table.to_batches():
        middle = batch.num_rows // 2
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            whole, part = json_texts(column), json_texts(column.slice(middle))
            assert part == whole[middle:], name
            assert csv_texts(column.slice(middle)) == csv_texts(column)[middle:]
        part = batch.slice(middle)
        for portable in (FOR_PARQUET, FOR_POLARS):
            replaced = portable.batch(part)
            replaced.validate(full=True)
            found = rows(pa.Table.from_batches([replaced]))
            expected = rows(pa.Table.from_batches([portable.batch(batch)]))
            assert repr(found) == repr(expected[middle:])


# Options.


def test_columns_where_limit(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    good(WIDE.data_path.parent, "-o", out, "--columns", "d, c", "--where", "p = 1 AND c < 3")
    assert all(list(row) == ["c", "d"] and row["c"] < 3 for row in lines(out))
    good(WIDE.data_path, "-o", out, "--limit", "5", "--force")
    assert len(lines(out)) == 5


def test_decimals(tmp_path: Path) -> None:
    case = sstables(own_only=True, containing="own/oa/types/")[0]
    out = tmp_path / "out.parquet"
    wanted = ["--columns", "id,c_varint", "--empty", "null"]
    good(case.data_path, "-o", out, *wanted, "--decimal", "c_varint=60,0")
    assert read(out).schema.field("c_varint").type == pa.decimal256(60, 0)


def test_a_value_that_does_not_fit_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = sstables(own_only=True, containing="own/oa/types/")[0]
    assert run(
        case.data_path, "-o", tmp_path / "out.csv", "--empty", "null", "--decimal", "c_decimal=5,2"
    ) == 1  # fmt: skip
    error = capsys.readouterr().err
    assert "field c_decimal: " in error
    assert "is no decimal of 5 digits" in error
    assert not list(tmp_path.iterdir())


def test_several_sstables_become_one_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    good(DROPPED, "-o", out, "--as-stored")
    separately = []
    for data in sorted(DROPPED.glob("*-Data.db")):
        good(data, "-o", tmp_path / "one.jsonl", "--force")
        separately += lines(tmp_path / "one.jsonl")
    assert lines(out) == separately
    good(DROPPED, "-o", out, "--limit", "3", "--force", "--as-stored")
    assert lines(out) == separately[:3]


def test_a_directory_is_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, copy = tmp_path / "folder", tmp_path / "copy"
    folder.mkdir()
    schema = "CREATE TABLE k.t (id int PRIMARY KEY, v int)"
    for value, ids in ((1, range(9)), (2, range(3))):
        with Writer(schema, folder, now=1_700_000_000) as writer:
            for number in ids:
                row = {"id": number, "v": value}
                writer.write(row, timestamp=value, ttl=100 if number == 2 else None)
    out = tmp_path / "out.jsonl"
    (tmp_path / "schema.cql").write_text(schema + ";")
    options = ["-o", out, "--force", "--schema", tmp_path / "schema.cql"]
    good(folder, *options, "--now", "1700000099")
    values = {row["id"]: row["v"] for row in lines(out)}
    assert values == {number: 2 if number < 3 else 1 for number in range(9)}
    shutil.copytree(folder, copy)
    good(folder, copy, *options, "--limit", "8", "--now", "1700000100")
    assert {row["id"]: row["v"] for row in lines(out)} == {k: values[k] for k in values if k != 2}
    good(folder, *options, "--as-stored")
    assert len(lines(out)) == 12
    parts = tmp_path / "parts"
    good(folder, "-o", parts, "--format", "jsonl", "--split", "2")
    found = [row for part in sorted(parts.iterdir()) for row in lines(part)]
    assert len(found) == 8
    next(folder.glob("*-2-*-Data.db")).unlink()
    good(folder, *options)
    assert "is not read: it has no Data.db" in capsys.readouterr().err


def test_columns_of_sstables_without_a_schema_are_put_together(tmp_path: Path) -> None:
    folder = tmp_path / "sstables"
    folder.mkdir()
    for file in DROPPED.glob("oa-*"):
        shutil.copy(file, folder)
    good(folder, "-o", tmp_path / "out.arrow")
    table = read(tmp_path / "out.arrow")
    assert table.num_rows == 3
    with_columns = set(table.column_names)
    for data in folder.glob("*-Data.db"):
        with SSTable(data) as sstable:
            assert {column.name for column in sstable.schema.columns()} <= with_columns


def test_sstables_of_several_tables_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = (WIDE.data_path, DROPPED, "-o", tmp_path / "out.csv")
    assert run(*both, "--as-stored") == 1
    assert "SSTables of several tables: " in capsys.readouterr().err
    assert run(*both) == 1
    assert capsys.readouterr().err


@pytest.mark.parametrize("format", FORMATS)
def test_split_by_tokens(format: str, tmp_path: Path) -> None:
    case = sstables(own_only=True, containing="own/oa/many/")[0]
    out = tmp_path / f"parts.{format}"
    good(case.data_path, "-o", out, "--split", "3")
    parts = sorted(out.iterdir())
    assert [part.name for part in parts] == [f"part-{at:05}.{format}" for at in range(3)]
    good(case.data_path, "-o", tmp_path / f"whole.{format}")
    if format == "jsonl":
        found = [row for part in parts for row in lines(part)]
        assert found == lines(tmp_path / "whole.jsonl")
        assert all(len(lines(part)) > 10 for part in parts)
    elif format != "csv":
        whole = read(tmp_path / f"whole.{format}")
        assert rows(pa.concat_tables(map(read, parts))) == rows(whole)
    good(case.data_path, "-o", out, "--split", "2", "--force")
    assert len(list(out.iterdir())) == 2


def test_row_groups_and_compression(tmp_path: Path) -> None:
    case = sstables(own_only=True, containing="own/oa/many/")[0]
    out = tmp_path / "out.parquet"
    good(case.data_path, "-o", out, "--row-group-size", "30", "--compression", "snappy")
    metadata = pq.ParquetFile(out).metadata
    sizes = [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
    assert sizes == [30, 30, 30, 10]
    assert metadata.row_group(0).column(0).compression == "SNAPPY"
    good(case.data_path, "-o", tmp_path / "out.csv", "--compression", "gzip")
    with gzip.open(tmp_path / "out.csv", "rt", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 101
    good(case.data_path, "-o", tmp_path / "out.jsonl", "--compression", "zstd")
    with zstandard.open(tmp_path / "out.jsonl", "rt", encoding="utf-8") as file:
        assert len(list(file)) == 100


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    good(WIDE.data_path, "-o", "-", "--format", "csv", "--limit", "2")
    assert capfdbinary.readouterr().out.count(b"\n") == 3
    good(WIDE.data_path, "-o", "-", "--format", "arrow")
    assert ipc.open_stream(io.BytesIO(capfdbinary.readouterr().out)).read_all().num_rows == 52


# Refusals and failures.


def test_what_exists_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    assert run(WIDE.data_path, "-o", out) == 1
    assert "the file exists; --force replaces it" in capsys.readouterr().err
    assert out.read_text() == "mine"
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    for options in (["--force"], ["--force", "--split", "2"]):
        assert run(WIDE.data_path, "-o", folder, *options) == 1
    assert (folder / "mine").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.txt"], "says no format"),
        (["-o", "-"], "says no format"),
        (["-o", "-", "--format", "parquet"], "Parquet can't be streamed"),
        (["-o", "-", "--format", "csv", "--split", "2"], "--split needs a name"),
        (["-o", "out.csv", "--compression", "snappy"], "csv has no compression 'snappy'"),
        (["-o", "out.csv", "--format", "xls"], "'xls' is none of"),
        (["-o", "out.csv", "--decimal", "v=1"], "not of the form COLUMN=P,S"),
        (["-o", "out.csv", "--empty", "skip"], "error or null"),
        (["-o", "nowhere/out.csv"], "no such directory"),
        (["-o", "out.csv", "--columns", "nope"], "Undefined column name nope"),
        (["-o", "out.csv", "--where", "v = 'x'"], "line 1, column 1: restrictions of columns"),
    ],
)
def test_refusals(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(WIDE.data_path, *arguments) in (1, 2)
    assert message in " ".join(capsys.readouterr().err.replace("│", "").split())
    assert not list(tmp_path.iterdir())


@on_engines
def test_damage_leaves_no_file_and_rows_before_it(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = sstables(own_only=True, containing="own/oa/many_chunks/")[0]
    folder = tmp_path / "damaged"
    shutil.copytree(case.data_path.parent, folder)
    data = folder / case.data_path.name
    damaged = bytearray(data.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    data.write_bytes(damaged)
    with using(engine):
        for options in ([], ["--split", "2"]):
            assert run(data, "-o", tmp_path / "out.parquet", *options) == 1
            assert f"{data}" in capsys.readouterr().err
            assert [path.name for path in tmp_path.iterdir()] == ["damaged"]
        with SSTable(data) as sstable:
            batches = iter(sstable.scan(batch_rows=10))
            before: list[pa.RecordBatch] = []
            with pytest.raises(CorruptSSTableError) as caught:
                before.extend(batches)
    assert caught.value.where.offset is not None
    assert 300 < sum(batch.num_rows for batch in before) < 850


def test_an_interruption_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(export_files.ExportProgress, "_show", interrupt)
    for options in ([], ["--split", "2"]):
        assert run(WIDE.data_path, "-o", tmp_path / "out.csv", *options) == 130
        assert not list(tmp_path.iterdir())


def test_progress_of_merged_rows_speaks_of_no_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = sstables(own_only=True, containing="own/oa/types/")[0]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    out = tmp_path / "rows.csv"
    for path, has_bytes in ((case.data_path.parent, False), (case.data_path, True)):
        assert run(path, "-o", out, "--empty", "null", "--force") == 0
        shown = capsys.readouterr().err
        assert "8 rows" in shown
        assert ("bytes" in shown or "KiB" in shown) == has_bytes
