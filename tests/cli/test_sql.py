"""`cqlite sql`: DuckDB over merged tables, what is looked up, the formats and errors."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cqlite import CqliteError, Table, Writer, connect, scan_polars
from cqlite.cli import main
from cqlite.frames.duck import Catalog
from cqlite.frames.results import json_lines
from cqlite.schema import TableSchema, parse_cql
from cqlite.sstable.select.portable import Portable
from tests.shared import OWN

NOW = 1_700_000_000
T = NOW * 1_000_000
DOT = '"."'
ODD = 'we"ird\\,\n  "x'


def _schema(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


EVENTS = _schema(
    "CREATE TABLE k.events (p int, name text, c timestamp, v text, d duration, n varint, "
    "tags set<text>, PRIMARY KEY ((p, name), c))"
)
NAMES = _schema('CREATE TABLE k."Names" (p int PRIMARY KEY, label text, hour time)')
OTHER = _schema(
    "CREATE TABLE other.users (id uuid PRIMARY KEY, day date, u list<frozen<set<uuid>>>)"
)


def _folder(data: Path, schema: TableSchema) -> Path:
    folder = data / schema.keyspace / f"{schema.name}-{uuid.UUID(int=1).hex}"
    folder.mkdir(parents=True)
    (folder / "schema.cql").write_text(schema.to_cql(with_internals=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of three tables in two keyspaces; `events` has three SSTables."""
    data = tmp_path_factory.mktemp("data")
    folder = _folder(data, EVENTS)
    for flush in range(3):
        with Writer(EVENTS, folder, now=NOW) as writer:
            for i in range(40):
                key = {"p": i % 10, "name": (ODD, "plain")[i % 2], "c": 1000 * (i + flush)}
                row = {"v": f"v{flush}", "n": 10**20 + i, "tags": {"a"}}
                writer.write({**key, **row}, timestamp=T + flush)
            if flush == 2:
                writer.delete_partition({"p": 0, "name": ODD}, timestamp=T + 9)
    folder = _folder(data, NAMES)
    with Writer(NAMES, folder, now=NOW) as writer:
        for p in range(5):
            writer.write({"p": p, "label": f"l{p}", "hour": p}, timestamp=T, ttl=1000)
    folder = _folder(data, OTHER)
    with Writer(OTHER, folder, now=NOW) as writer:
        for i in range(5):
            row = {"id": uuid.UUID(int=i), "day": 19_000 + i, "u": [{uuid.UUID(int=i)}]}
            writer.write(row, timestamp=T)
    return data


def _ask(data: Path, text: str, **options: Any) -> tuple[list[tuple[Any, ...]], list[Any]]:
    """The rows, and the WHERE clauses that were looked up."""
    with Catalog([data], now=NOW, **options) as catalog:
        relation = catalog.query(text)
        assert relation is not None
        rows = [
            tuple(row.values()) for batch in catalog.batches(relation) for row in batch.to_pylist()
        ]
        return rows, catalog.wheres


def test_tables_are_merged(data: Path) -> None:
    # 42 clusterings over three flushes of 10 partitions, one of which is deleted.
    (row,), _ = _ask(data, "SELECT count(*), count(DISTINCT (p, name)) FROM k.events")
    rows, _ = _ask(data, "SELECT p, name, c FROM k.events")
    assert row == (len(rows), 9)
    assert len(set(rows)) == len(rows)
    newest, _ = _ask(data, "SELECT DISTINCT v FROM k.events ORDER BY 1")
    assert newest == [("v0",), ("v1",), ("v2",)]


def test_joins_and_windows(data: Path) -> None:
    rows, _ = _ask(
        data,
        "SELECT label, count(*) AS n, rank() OVER (ORDER BY count(*) DESC, label) "
        'FROM k.events JOIN k."Names" USING (p) GROUP BY label ORDER BY label',
    )
    assert [row[0] for row in rows] == ["l1", "l2", "l3", "l4"]
    assert rows[0][2] == 1


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ("p = 3 AND name = 'plain'", "p IN (3) AND name IN ('plain')"),
        ("p IN (1, 2) AND name = 'plain'", "p IN (1, 2) AND name IN ('plain')"),
        ("(p = 1 OR p = 2) AND name IN ('plain', 'x')", None),
        ("p = 1", None),
        ("name = 'plain' AND v = 'v1'", None),
        ("v LIKE '%1' OR p = 3", None),
        ("c >= '1970-01-01 00:00:20Z' AND c < '1970-01-01 00:00:30Z'", "c >= 20000 AND c < 30000"),
        ("p = 2 AND name <> 'plain'", None),
        ("p = 2 AND name IS NOT NULL", None),
    ],
)
def test_key_is_looked_up(data: Path, condition: str, where: str | None) -> None:
    found, wheres = _ask(data, f"SELECT p, name, c, v FROM k.events WHERE {condition}")
    # The condition on all rows as text, of which nothing can be looked up.
    every, _ = _ask(
        data,
        f"SELECT p, name, c, v FROM (SELECT * FROM k.events ORDER BY random()) WHERE {condition}",
    )
    assert sorted(found) == sorted(every)
    if where is not None:
        assert wheres == [where]


def test_odd_texts_are_looked_up_or_not_but_never_missed(data: Path) -> None:
    quoted = ODD.replace("'", "''")
    for condition in (f"name = '{quoted}'", f"name IN ('{quoted}', 'y')"):
        found, _ = _ask(data, f"SELECT count(*) FROM k.events WHERE p = 2 AND {condition}")
        counted, _ = _ask(
            data,
            "SELECT count(*) FILTER (WHERE name || '' <> 'plain') FROM k.events WHERE p + 0 = 2",
        )
        assert found == counted != [(0,)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("FROM other.users WHERE id = '{0}'", "id IN ({0})"),
        ("FROM other.users u WHERE u.id = UUID '{0}' AND day IS NOT NULL", "id IN ({0})"),
        ("SELECT day FROM other.users WHERE id IN ('{0}', '{1}')", "id IN ({0}, {1})"),
        ("FROM other.users WHERE id = '{0}' OR id = '{1}'", None),
        ("FROM other.users WHERE id <> '{0}'", None),
        ("SELECT a.id FROM other.users a, other.users b WHERE a.id = '{0}'", None),
        ("SELECT day, (SELECT count(*) FROM other.users) FROM other.users WHERE id = '{0}'", None),
        ("WITH q AS (FROM other.users) FROM q WHERE id = '{0}'", None),
        ("SELECT y FROM other.users u(x, y) WHERE x = '{0}'", None),
    ],
)
def test_uuids_are_looked_up(data: Path, text: str, where: str | None) -> None:
    ids = [str(uuid.UUID(int=i)) for i in (3, 4)]
    with Catalog([data], now=NOW) as catalog:
        found = [row for batch in catalog.rows(text.format(*ids)) for row in batch.to_pylist()]
        wheres = catalog.wheres
        plainly = [
            row
            for batch in catalog.batches(catalog.query(text.format(*ids)))
            for row in batch.to_pylist()
        ]
    assert found == plainly
    assert found
    assert set(wheres) == {where and where.format(*ids)}


def test_types(data: Path) -> None:
    ((row,), _) = _ask(
        data,
        "SELECT id, day FROM other.users WHERE id = uuid '"
        + "0" * 8
        + "-"
        + "0000-" * 3
        + "0" * 11
        + "3'",
    )
    assert str(row[0]) == str(uuid.UUID(int=3))
    (row,), _ = _ask(data, "SELECT n::HUGEINT + 1 FROM k.events ORDER BY n LIMIT 1")
    assert int(row[0]) == 10**20 + 2


CASES = [f"oa/{name}" for name in ("types", "collections", "clusterings", "vectors", "keys")]


@pytest.mark.parametrize("case", CASES)
def test_values_of_every_type_arrive_as_they_are(case: str) -> None:
    folder = OWN / case
    with Table(folder, now=NOW) as table:
        portable = Portable()
        scan = table.scan(empty="null")
        expected = [line for batch in scan for line in json_lines(portable.batch(batch))]
        frame = table.scan(empty="null").to_polars()
        assert scan_polars(table, empty="null").collect().equals(frame)
        assert table.scan(empty="null").to_pandas().shape == frame.shape
    with Catalog([folder], now=NOW, empty="null") as catalog:
        catalog.open()
        (name,) = catalog.names
        rows = catalog.rows(f'FROM "{name.replace(".", DOT)}"')
        assert [line for batch in rows for line in json_lines(batch)] == expected
    assert expected


def test_only_columns_that_are_needed_are_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    scan = Table.scan

    def noted(self: Table, columns: Any = None, *arguments: Any, **options: Any) -> Any:
        if columns is not None:
            asked.append(set(columns))
        return scan(self, columns, *arguments, **options)

    monkeypatch.setattr(Table, "scan", noted)
    _ask(data, "SELECT max(v) FROM k.events")
    _ask(data, "SELECT v FROM k.events WHERE p = 3 AND name = 'plain'")
    _ask(data, 'SELECT label FROM k.events JOIN k."Names" USING (p)')
    events = data / "k" / f"events-{uuid.UUID(int=1).hex}"
    scan_polars(events, now=NOW).filter(pl.col("p") == 3).select("v").collect()
    joined = [{"p"}, {"p", "label"}]
    assert asked[:2] == [{"v"}, {"p", "name", "v"}]
    assert sorted(asked[2:4], key=len) == joined
    assert asked[4:] == [{"p", "v"}]


def test_rows_with_any_type_are_filtered(data: Path) -> None:
    rows, _ = _ask(data, "SELECT day, u FROM other.users WHERE day >= '2022-01-09' ORDER BY day")
    assert [[str(v) for v in row[1][0]] for row in rows] == [
        [str(uuid.UUID(int=i))] for i in (1, 2, 3, 4)
    ]


def test_expired_rows_count_by_the_clock(data: Path) -> None:
    names = 'SELECT count(*) FROM k."Names"'
    assert _ask(data, names)[0] == [(5,)]
    with Catalog([data], now=NOW + 1000) as catalog:
        assert catalog.query(names).fetchall() == [(0,)]


def test_connection_in_python(data: Path) -> None:
    connection = connect(data / "k", now=NOW)
    assert connection.sql("SELECT max(p) FROM events").fetchall() == [(9,)]
    assert connection.sql("SELECT p FROM names ORDER BY p").fetchall()[0] == (0,)
    (first,) = connection.sql("SELECT min(c) FROM events").fetchall()
    assert first == (datetime.fromtimestamp(1, UTC),)
    connection.close()


def test_tables_are_listed_by_their_own_names(data: Path) -> None:
    connection = connect(data / "k", now=NOW)
    assert connection.sql("SHOW TABLES").fetchall() == [("Names",), ("events",)]
    # A cursor, of another thread say, sees them too.
    assert connection.cursor().sql("SELECT count(*) FROM k.names").fetchall() == [(5,)]
    connection.close()
    several, _ = _ask(data, "show tables;")
    assert several == [("k.Names",), ("k.events",), ("other.users",)]
    assert _ask(data, "SELECT count(*) FROM duckdb_views() WHERE NOT internal")[0] == [(3,)]


# The command.


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["sql", "--now", str(NOW), *map(str, arguments)])
    captured = capsys.readouterr()
    return int(stop.value.code or 0), captured.out, captured.err


def test_table_and_json_lines(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'SELECT p, label, hour, NULL AS x FROM "Names" WHERE p < 2 ORDER BY p'
    code, out, _ = _run(capsys, text, "--data", data / "k")
    assert code == 0
    assert out.splitlines() == [
        " p | label | hour               | x",
        "---+-------+--------------------+------",
        " 0 | l0    | 00:00:00.000000000 | null",
        " 1 | l1    | 00:00:00.000000001 | null",
        "",
        "(2 rows)",
    ]
    _, out, _ = _run(
        capsys, "SELECT sum(p) AS s FROM names", "--data", data / "k", "--format", "jsonl"
    )
    assert json.loads(out) == {"s": 10}
    _, out, _ = _run(capsys, "FROM names WHERE p = 77", "--data", data / "k")
    assert out.splitlines()[-1] == "(0 rows)"


def test_times_of_any_unit(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "SELECT TIMESTAMPTZ '2024-01-02 03:04:05.120Z' AS ms, TIMESTAMP '2024-01-02 03:04:05' AS s,"
        " TIMESTAMPTZ '2024-01-02 03:04:05.000001Z' AS us, TIMESTAMP_NS '2024-01-02 03:04:05.1' AS "
        "ns, TIMESTAMPTZ '12024-01-02 03:04:05.000001Z' AS far, TIME '03:04:05.5' AS t, "
        "5::HUGEINT AS h, 1.50 AS d"
    )
    _, out, _ = _run(capsys, text, "--data", data / "k", "--format", "jsonl")
    assert json.loads(out, parse_float=str) == {
        "ms": "2024-01-02T03:04:05.120Z",
        "s": "2024-01-02T03:04:05.000",
        "us": "2024-01-02T03:04:05.000001Z",
        "ns": "2024-01-02T03:04:05.100",
        "far": "+12024-01-02T03:04:05.000001Z",
        "t": "03:04:05.500000000",
        "h": 5,
        "d": "1.50",
    }


def test_files(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT p, c, tags FROM k.events ORDER BY ALL"
    parquet = tmp_path / "rows.parquet"
    assert _run(capsys, text, "--data", data, "-o", parquet)[0] == 0
    table = pq.read_table(parquet)
    assert table.num_rows == len(_ask(data, text)[0])
    assert table.schema.field("c").type == pa.timestamp("us", "UTC")
    assert _run(capsys, text, "--data", data, "--format", "parquet")[0] == 2
    assert _run(capsys, text, "--data", data, "--format", "parquet", "-o", parquet)[0] == 1
    _, out, _ = _run(capsys, text, "--data", data, "--format", "csv")
    assert out.splitlines()[0] == "p,c,tags"
    assert len(out.splitlines()) == table.num_rows + 1


def test_errors(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("SELECT nope FROM k.events", "SELECT FROM FROM", "FROM k.nothing"):
        code, out, err = _run(capsys, text, "--data", data)
        assert (code, out) == (2, "")
        assert "Error" in err
    assert "There are k.Names, k.events, other.users" in err
    folder = _folder(tmp_path, NAMES)
    with Writer(NAMES, folder, now=NOW) as writer:
        writer.write({"p": 1, "label": "x" * 5000}, timestamp=T)
    damaged = next(folder.glob("*-Data.db"))
    damaged.write_bytes(damaged.read_bytes()[:-20])
    code, _, err = _run(capsys, 'FROM k."Names"', "--data", tmp_path)
    assert code == 1
    assert damaged.name in err
    with Catalog([tmp_path], now=NOW) as catalog, pytest.raises(CqliteError) as caught:
        list(catalog.batches(catalog.query('FROM k."Names"')))
    assert caught.value.where.file == damaged
