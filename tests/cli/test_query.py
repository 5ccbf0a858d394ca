"""`cqlite query`: options, formats, exit codes, and what stands on which stream."""

from __future__ import annotations

import csv
import io
import ipaddress
import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.ipc
import pyarrow.parquet
import pytest

import cqlite
from cqlite.cli import _run, quick
from cqlite.cli.query_run import Request
from cqlite.cli.quick import quick_request

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

TYPES = str(FIXTURES / "oa" / "types")
STATICS = str(FIXTURES / "oa" / "statics")
COLLECTIONS = str(FIXTURES / "oa" / "collections")
COUNTERS = str(FIXTURES / "oa" / "counters")
TTL = str(FIXTURES / "oa" / "ttl")


def ask(capsys: pytest.CaptureFixture[str], statement: str, data: str, *more: str) -> str:
    """What the command prints, once it is sure that it went well and noted nothing."""
    assert _run(["query", statement, "--data", data, *more]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def refusal(capsys: pytest.CaptureFixture[str], statement: str, data: str, *more: str) -> str:
    assert _run(["query", statement, "--data", data, *more]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_a_table_as_cqlsh_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT id, c_text, c_boolean FROM types WHERE id IN (0, 2)", TYPES)
    assert text == (
        "\n"
        " id | c_text         | c_boolean\n"
        "----+----------------+-----------\n"
        "  0 | Grüße, 世界 🎉 |      True\n"
        "  2 | tab\\tline\\nend |      True\n"
        "\n(2 rows)\n"
    )


def test_nothing_found_has_titles(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT id FROM cqlite.types WHERE id = 99;", TYPES)
    assert text == "\n id\n----\n\n(0 rows)\n"


def test_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(
        capsys, "SELECT id, c_blob AS b, c_int FROM types LIMIT 2", TYPES, "--format", "jsonl"
    )
    assert [json.loads(line) for line in text.splitlines()] == [
        {"id": 5, "b": "0x", "c_int": None},
        {"id": 1, "b": "0x", "c_int": -2147483648},
    ]


def test_a_row_of_select_json_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    statement = "SELECT JSON id, c_int FROM types WHERE id = 0"
    text = ask(capsys, statement, TYPES, "--format", "jsonl")
    assert text == '{"[json]": "{\\"id\\": 0, \\"c_int\\": 42}"}\n'


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    statement = "SELECT id, c_text, c_blob, c_timestamp, c_double FROM types"
    text = ask(capsys, statement, TYPES, "--format", "csv")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["id", "c_text", "c_blob", "c_timestamp", "c_double"]
    assert rows[4][:3] == ["2", "tab\tline\nend", "0x00"]
    assert rows[3][:3] == ["0", "Grüße, 世界 🎉", "0xcafe"]
    assert rows[3][3:] == ["2023-11-14 22:13:20.123000+0000", "2.718281828"]


def test_csv_tells_null_from_an_empty_string(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT id, c_text FROM types", TYPES, "--format", "csv")
    assert '5,""\r\n' in text
    assert "7,\r\n" in text


@pytest.mark.parametrize("by_suffix", [True, False])
def test_parquet(capsys: pytest.CaptureFixture[str], tmp_path: Path, by_suffix: bool) -> None:
    target = tmp_path / ("x.parquet" if by_suffix else "x")
    options = [] if by_suffix else ["--format", "parquet"]
    ask(capsys, "SELECT id, c_int + 1 AS n FROM types", TYPES, "-o", str(target), *options)
    table = pyarrow.parquet.read_table(target)
    assert table.schema.names == ["id", "n"]
    assert dict(zip(*table.to_pydict().values(), strict=True))[0] == 43
    assert _run(["query", "SELECT id FROM types", "-d", TYPES, "-o", str(target), *options]) == 1
    assert "the file exists; --force replaces it" in capsys.readouterr().err
    ask(capsys, "SELECT id FROM types", TYPES, "-o", str(target), "--force")


def test_arrow_in_a_file_and_in_a_pipe(tmp_path: Path) -> None:
    target = tmp_path / "x.arrow"
    assert _run(["query", "SELECT * FROM collections", "-d", COLLECTIONS, "-o", str(target)]) == 0
    table = pyarrow.ipc.open_file(target).read_all()
    assert table.num_rows > 0
    command = [sys.executable, "-m", "cqlite", "query", "SELECT * FROM collections"]
    command += ["-d", COLLECTIONS, "--format", "arrow"]
    piped = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    assert pyarrow.ipc.open_stream(piped).read_all() == table


def test_counters_are_their_sum(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT JSON * FROM counters LIMIT 1", COUNTERS)
    plain = ask(capsys, "SELECT * FROM counters LIMIT 1", COUNTERS, "--format", "jsonl")
    values = json.loads(plain)
    assert all(isinstance(value, int | str) or value is None for value in values.values())
    assert "[json]" in text


def test_the_present_decides_what_has_expired(capsys: pytest.CaptureFixture[str]) -> None:
    early = ask(capsys, "SELECT count(*) FROM ttl", TTL, "--now", "0", "--format", "jsonl")
    late = ask(capsys, "SELECT count(*) FROM ttl", TTL, "--now", "4000000000", "--format", "jsonl")
    assert json.loads(early)["count"] > json.loads(late)["count"]


def test_the_present_of_functions(capsys: pytest.CaptureFixture[str]) -> None:
    statement = "SELECT current_timestamp() AS t FROM types LIMIT 1"
    text = ask(capsys, statement, TYPES, "--now", "86400", "--format", "jsonl")
    assert json.loads(text) == {"t": "1970-01-02 00:00:00.000Z"}


def test_filtering_is_done_and_noted(capsys: pytest.CaptureFixture[str]) -> None:
    statement = ["query", "SELECT id FROM types WHERE c_int = 42", "-d", TYPES]
    assert _run(statement) == 0
    captured = capsys.readouterr()
    assert "\n  0\n" in captured.out
    assert captured.err.startswith("cqlite: note: done as with ALLOW FILTERING: ")
    statement[1] += " ALLOW FILTERING"
    assert _run(statement) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("statement", "message", "marked"),
    [
        ("SELECT foo FROM types", "Undefined column name foo in table cqlite.types", "foo"),
        ("SELECT id FROM other", "table other does not exist; this is cqlite.types", "other"),
        ("SELECT id FROM types WHERE id = 'a'", 'Invalid STRING constant (a) for "id"', "'a'"),
        ("SELECT nothing(id) FROM types", "Unknown function 'nothing'", "nothing(id)"),
        (
            "SELECT map_keys({'a': 1}) FROM types",
            "Cannot infer type of argument {'a': 1} in call to function system.map_keys(map)",
            "map_keys",
        ),
        ("DELETE FROM types WHERE id = 1", "only SELECT statements are answered", "DELETE"),
        ("SELECT id\nFROM types\nWHERE nix > 1", "Undefined column name nix in table", "nix"),
    ],
)
def test_what_is_wrong_is_marked(
    capsys: pytest.CaptureFixture[str], statement: str, message: str, marked: str
) -> None:
    head, line, mark = refusal(capsys, statement, TYPES).splitlines()[:3]
    assert head.startswith(f"cqlite: error: {message}")
    at = mark.index("^")
    assert line[at:].startswith(marked[: mark.count("^")])
    assert line.strip() in statement


def test_a_table_without_a_schema_is_called_as_it_can_be_queried(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for path in Path(TYPES).glob("oa-1-*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    message = refusal(capsys, "SELECT * FROM nix", str(tmp_path)).splitlines()[0]
    name = message.partition("this is ")[2]
    assert _run(["query", f"SELECT * FROM {name}", "-d", str(tmp_path)]) == 0
    assert "PartitionKey" in capsys.readouterr().out


def test_a_long_line_is_cut_around_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    names = ", ".join(["id"] * 100)
    _, line, mark = refusal(capsys, f"SELECT {names}, foo FROM types", TYPES).splitlines()
    assert len(line) <= 102
    assert line[mark.index("^") :].startswith("foo")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["SELECT 1"], "--data is needed: a directory with SSTables"),
        (["-d", TYPES], "a statement is needed, or a --file with some"),
        (["SELECT id FROM types", "-d", TYPES, "--format", "xml"], "no format 'xml'"),
    ],
)
def test_what_is_missing(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert _run(["query", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"cqlite: error: {message}")


def test_statements_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    script = tmp_path / "queries.cql"
    script.write_text(
        "-- a comment; with a semicolon\n"
        "SELECT id AS a FROM types WHERE id = 0; /* ; */\n"
        "SELECT id AS b FROM types WHERE c_text = ';' ALLOW FILTERING;;\n"
        "SELECT id AS c FROM types LIMIT 1"
    )
    assert _run(["query", "--file", str(script), "-d", TYPES, "--format", "jsonl"]) == 0
    assert capsys.readouterr().out == '{"a": 0}\n{"c": 5}\n'


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT id FROM types WHERE id = 0", TYPES, "--explain")
    assert text.startswith("partitions: ")
    assert "oa-1-big" in text
    assert text.endswith("1 rows\n")


def test_statements_of_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT id AS a FROM types LIMIT 1;\n"))
    assert ask(capsys, "-", TYPES, "--format", "jsonl") == '{"a": 5}\n'


def test_no_arguments_at_all_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    _run(["query"])
    assert "Usage: cqlite query" in capsys.readouterr().out


def test_damage_fails_the_query(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for file in Path(TYPES).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    data = tmp_path / "oa-1-big-Data.db"
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 0xFF
    data.write_bytes(content)
    assert _run(["query", "SELECT * FROM types", "-d", str(tmp_path)]) == 1
    assert "oa-1-big-Data.db" in capsys.readouterr().err


def test_a_table_of_the_schema_without_sstables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "data" / "ks" / "other-5a1c395e2d1b11eda2610242ac120002"
    table.mkdir(parents=True)
    for file in Path(TYPES).glob("oa-*"):
        (table / file.name).write_bytes(file.read_bytes())
    schema = tmp_path / "schema.cql"
    text = (Path(TYPES) / "schema.cql").read_text().replace("cqlite.types", "ks.other")
    schema.write_text(f"{text}\nCREATE TABLE ks.nothing (key int PRIMARY KEY);")
    data = str(tmp_path / "data")
    options = ["--schema", str(schema), "--format", "jsonl"]
    for more in (["SELECT key FROM ks.nothing"], ["SELECT key FROM nothing", "-k", "ks"]):
        assert _run(["query", *more, "--data", data, *options]) == 0
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.endswith("there are no SSTables of ks.nothing, which the schema has\n")
    assert ask(capsys, "SELECT count(*) FROM other", data, *options) == '{"count": 8}\n'
    assert "table missing does not exist" in refusal(capsys, "SELECT a FROM ks.missing", data)
    assert "keyspace no does not exist" in refusal(capsys, "SELECT a FROM no.other", data)


def test_usual_command_lines_need_no_typer() -> None:
    line = ["SELECT 1", "--data", "a", "-d", "b", "--now=7", "-k", "ks", "--force", "-o", "x.csv"]
    request = quick_request(line)
    assert request == Request(
        statement="SELECT 1",
        data=("a", "b"),
        keyspace="ks",
        now=7,
        output=Path("x.csv"),
        force=True,
    )
    loaded = "import sys, cqlite.cli as c; c._run(sys.argv[1:]); print('typer' in sys.modules)"
    command = [sys.executable, "-c", loaded, "query", "SELECT id FROM types LIMIT 1", "-d", TYPES]
    assert subprocess.run(command, capture_output=True, text=True).stdout.endswith("False\n")


@pytest.mark.parametrize(
    "line",
    [["--help"], ["-d"], ["a", "b"], ["--now", "x"], ["--nix", "1"], ["-dx"], ["--format"]],
)
def test_unusual_command_lines_are_left_to_typer(line: list[str]) -> None:
    assert quick_request(line) is None


def test_both_readers_know_the_same_options() -> None:
    reference = (FIXTURES.parent / "docs" / "cli.md").read_text()
    part = reference.split("## cqlite query")[1].split("\n## ")[0]
    assert set(re.findall(r"(?<![\w-])--[a-z]+", part)) - {"--help"} == {
        name for name in [*quick._VALUES, *quick._FLAGS] if name.startswith("--")
    }


def test_results_in_python() -> None:
    with cqlite.Session([TYPES], now=0) as session:
        (row,) = session.execute("SELECT id, c_int, c_text, c_inet FROM types WHERE id = 0").dicts()
        assert row == {
            "id": 0,
            "c_int": 42,
            "c_text": "Grüße, 世界 🎉",
            "c_inet": ipaddress.ip_address("192.0.2.1"),
        }
        (empty,) = session.execute("SELECT c_int, c_text FROM types WHERE id = 5").dicts()
        assert empty == {"c_int": None, "c_text": ""}
        statement = session.prepare("SELECT id, c_decimal FROM types")
        assert statement.text.startswith("SELECT")
        tables = [session.execute(statement).to_arrow() for _ in range(2)]
    assert tables[0] == tables[1]
    assert tables[0].schema.names == ["id", "c_decimal"]
    assert tables[0].num_rows == 8


def test_data_behind_a_url(capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, "SELECT count(*) FROM types", f"file://{TYPES}", "--format", "jsonl")
    assert text == '{"count": 8}\n'


@pytest.mark.parametrize("case", ["types", "collections", "counters", "statics", "reversed", "ttl"])
def test_arrow_is_the_same_by_columns_and_by_rows(case: str) -> None:
    with cqlite.Session([str(FIXTURES / "oa" / case)], now=1_700_000_000) as session:
        (_, name) = session.names()[0]
        result = session.execute(f"SELECT * FROM {name}")
        assert result.scan() is not None
        by_columns = result.to_arrow()
        by_rows = session.execute(f"SELECT * FROM {name}")
        by_rows.scan = lambda: None
        rows = by_rows.to_arrow()
        assert rows.schema == by_columns.schema
        # As text, since NaN equals nothing.
        shown = [
            [column.combine_chunks().to_string(window=100) for column in table.columns]
            for table in (rows, by_columns)
        ]
        assert shown[0] == shown[1]
        first = by_columns.schema.names[0]
        limited = session.execute(f"SELECT {first} AS x FROM {name} LIMIT 2").to_arrow()
        assert limited.schema.names == ["x"]
        assert limited.column(0) == by_columns.column(0).slice(0, 2)
        for more in ("WHERE token({}) > 0", "PER PARTITION LIMIT 1", "GROUP BY {}"):
            statement = f"SELECT {first} FROM {name} {more.format(first)}"
            assert session.execute(statement).scan() is None
        assert session.execute(f"SELECT JSON {first} FROM {name}").scan() is None
        assert session.execute(f"SELECT count({first}) FROM {name}").scan() is None
