"""`cqlite query --salvage`: what is left of tables with damaged SSTables, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import cqlite
from cqlite.cli import _run
from cqlite.schema import parse_cql
from cqlite.sstable.write import Writer

SCHEMA = "CREATE TABLE k.t (p int, c int, s text static, v text, PRIMARY KEY (p, c))"
ROWS = 400


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two SSTables: the older one has all rows, the newer one each tenth again."""
    (table,) = parse_cql(SCHEMA).tables()
    directory = tmp_path / "k" / "t-5a1c0000000000000000000000000000"
    directory.mkdir(parents=True)
    for timestamp, step in ((1, 1), (2, 10)):
        with Writer(table, directory, format="oa", chunk_length=4096) as writer:
            for p in range(0, ROWS, step):
                for c in range(3):
                    row = {"p": p, "c": c, "s": f"s{p}", "v": f"{timestamp}" + "x" * 40}
                    writer.write(row, timestamp=timestamp)
    return directory


def damage(directory: Path, component: str, at: float) -> Path:
    """A byte of the older SSTable's component changes."""
    path = min(directory.glob(f"*-{component}"))
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(content)
    return path


def ask(data: Path, statement: str, *more: str) -> int:
    schema = data.parent / "schema.cql"
    schema.write_text(SCHEMA, encoding="utf-8")
    arguments = ["--data", str(data), "--schema", str(schema), "--format", "csv", *more]
    return _run(["query", statement, *arguments])


def test_nothing_is_lost_without_damage(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for statement in (
        "SELECT * FROM k.t",
        "SELECT * FROM k.t WHERE p IN (7, 20) AND c > 0",
        "SELECT p, c FROM k.t WHERE p = 20 AND (c) >= (1) ORDER BY c DESC",
        "SELECT count(*) FROM k.t WHERE token(p) > 0",
    ):
        assert ask(data, statement) == 0
        expected = capsys.readouterr()
        assert ask(data, statement, "--salvage") == 0
        assert capsys.readouterr() == expected


def test_a_damaged_chunk(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = damage(data, "Data.db", 0.5)
    assert ask(data, "SELECT * FROM k.t") == 1
    assert f"{path}, byte" in capsys.readouterr().err
    assert ask(data, "SELECT p, c, v FROM k.t", "--salvage") == 3
    captured = capsys.readouterr()
    rows = captured.out.splitlines()[1:]
    assert ROWS * 3 * 0.5 < len(rows) < ROWS * 3
    newer = [row for row in rows if row.split(",")[2].startswith("2")]
    assert len(newer) == ROWS // 10 * 3
    assert "cqlite: lost: bytes" in captured.err
    assert str(path) in captured.err
    # All partitions of which rows are missing are named.
    there = {int(row.split(",")[0]) for row in rows}
    named = {line.split()[-1] for line in captured.err.splitlines() if "lost: partition" in line}
    assert {str(p) for p in range(ROWS) if p not in there} <= named


def test_a_partition_behind_a_damaged_index(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for component in ("Index.db", "Filter.db"):
        for path in data.glob(f"*-{component}"):
            path.write_bytes(path.read_bytes()[:20])
    assert ask(data, "SELECT c, v FROM k.t WHERE p = 7") == 1
    capsys.readouterr()
    assert ask(data, "SELECT c FROM k.t WHERE p = 7", "--salvage") == 0
    assert capsys.readouterr().out.split() == ["c", "0", "1", "2"]


def test_an_sstable_without_a_header(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = min(data.glob("*-Statistics.db"))
    path.write_bytes(path.read_bytes()[:40])
    assert ask(data, "SELECT count(*) FROM k.t") == 1
    capsys.readouterr()
    assert ask(data, "SELECT count(*) FROM k.t", "--salvage") == 3
    captured = capsys.readouterr()
    assert captured.out.split() == ["count", str(ROWS // 10 * 3)]
    assert captured.err.startswith("cqlite: lost: all of ")


def test_from_python(data: Path) -> None:
    damage(data, "Data.db", 0.5)
    with cqlite.open(data, schema=SCHEMA, salvage=True) as table:
        assert table.losses == []
        count = sum(1 for _ in table.rows())
        assert ROWS * 3 * 0.5 < count < ROWS * 3
        assert len(table.losses) > 1
        assert table.to_arrow().num_rows == count
    with cqlite.open(data, schema=SCHEMA) as table, pytest.raises(cqlite.CorruptSSTableError):
        list(table.rows())
