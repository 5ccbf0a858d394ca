"""Materialized views: schemas from statements, and what of their SSTables' rows counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cqlite import SchemaError, Table, Writer
from cqlite.schema import TableSchema, parse_cql
from cqlite.schema.cql import parse_table
from tests.engines import ENGINES, using
from tests.shared import OWN

NOW = 1_700_000_000
T = NOW * 1_000_000
BASE = "base-11111111111111111111111111111111"
VIEW = "by_v-22222222222222222222222222222222"

CLUSTER = """
CREATE TYPE ks.u (x int);
CREATE TABLE ks.base (p int, c int, d text, s int STATIC, v int, w frozen<u>,
    PRIMARY KEY (p, c, d)) WITH CLUSTERING ORDER BY (c DESC, d ASC);
CREATE TABLE ks.other (nonsense int PRIMARY KEY);
CREATE MATERIALIZED VIEW IF NOT EXISTS ks.by_v AS SELECT * FROM ks.base
    WHERE p IS NOT NULL AND c IS NOT NULL AND d IS NOT NULL AND v IS NOT NULL
    PRIMARY KEY (v, p, c, d) WITH comment = 'all' AND id = 22222222-2222-2222-2222-222222222222;
CREATE MATERIALIZED VIEW ks.by_d AS SELECT p, c, d, v FROM ks.base
    WHERE p IS NOT NULL AND c IS NOT NULL AND d IS NOT NULL
    PRIMARY KEY ((d, p), c) WITH CLUSTERING ORDER BY (c ASC);
CREATE MATERIALIZED VIEW ks.gone AS SELECT * FROM ks.base WHERE p IS NOT NULL PRIMARY KEY (p, c, d);
DROP MATERIALIZED VIEW ks.gone;
ALTER MATERIALIZED VIEW ks.by_v WITH comment = 'changed';
ALTER TABLE ks.base ADD added text;
ALTER TABLE ks.base RENAME d TO dd;
"""


def described(schema: TableSchema) -> list[tuple[str, str, str, bool]]:
    """The columns of a table: name, kind, type, and whether they are in descending order."""
    return [
        (c.name, c.kind.value, c.type.unwrap().cql_name, c.is_descending) for c in schema.columns()
    ]


def test_views_have_the_columns_of_their_base_tables() -> None:
    schema = parse_cql(CLUSTER)
    assert [table.name for table in schema.tables()] == ["base", "other", "by_v", "by_d"]
    by_v, by_d = schema.table("ks", "by_v"), schema.table("ks", "by_d")
    assert by_v is not None
    assert by_d is not None
    assert described(by_v) == [
        ("v", "partition_key", "int", False),
        ("p", "clustering", "int", False),
        # As in the base table, where the view says nothing else.
        ("c", "clustering", "int", True),
        ("dd", "clustering", "text", False),
        ("added", "regular", "text", False),
        ("w", "regular", "frozen<u>", False),
    ]
    assert described(by_d) == [
        ("dd", "partition_key", "text", False),
        ("p", "partition_key", "int", False),
        ("c", "clustering", "int", False),
        ("v", "regular", "int", False),
    ]
    assert (by_v.kind, by_v.strict_liveness, by_v.options) == ("VIEW", True, {"comment": "changed"})
    assert str(by_v.id) == "22222222-2222-2222-2222-222222222222"
    assert (by_d.kind, by_d.strict_liveness) == ("VIEW", False)


def test_of_a_whole_schema_a_view_and_its_base_table_are_read() -> None:
    found = parse_table(CLUSTER, "ks", "by_d")
    assert found.by_name.keys() == {("ks", "base"), ("ks", "by_d")}
    assert found.table("ks", "by_d") == parse_cql(CLUSTER).table("ks", "by_d")
    assert parse_table(CLUSTER, "ks", "base").by_name.keys() == {("ks", "base")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "CREATE TABLE ks.t (p int PRIMARY KEY); CREATE MATERIALIZED VIEW ks.m AS "
            "SELECT * FROM ks.t WHERE v IS NOT NULL PRIMARY KEY (v, p)",
            "view m: there is no column v in t",
        ),
        ("ALTER MATERIALIZED VIEW ks.m WITH comment = ''", "there is no view m"),
    ],
)
def test_views_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        parse_cql(text)


# SSTables.

_FIXTURE_SCHEMA = json.loads((OWN / "nb" / "mview" / "provenance.json").read_text())["schema"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The directory of a view's SSTables, as a node made them."""
    directory = tmp_path / "cqlite" / "view_by_v-22222222222222222222222222222222"
    shutil.copytree(OWN / "nb" / "mview", directory)
    return directory


@pytest.mark.parametrize("engine", ENGINES)
def test_a_view_by_the_schema_of_the_cluster(folder: Path, engine: str) -> None:
    (folder.parents[1] / "schema.cql").write_text(";\n".join(_FIXTURE_SCHEMA))
    with using(engine), Table(folder) as table:
        assert (table.schema.kind, table.schema.strict_liveness) == ("VIEW", True)
        assert table.warnings == ()
        rows = table.scan().to_arrow().to_pylist()
        assert rows == [
            {"v": "v2", "p": 2, "c": 0},
            {"v": "v2", "p": 5, "c": 1},
            {"v": "v0", "p": 0, "c": 0},
            {"v": "v0", "p": 6, "c": 0},
            {"v": "moved", "p": 1, "c": 1},
            {"v": "v1", "p": 3, "c": 1},
            {"v": "v1", "p": 7, "c": 1},
        ]
        assert table.get("v0") == rows[2:4]


def test_a_snapshot_has_a_view_and_its_base_table_apart(folder: Path) -> None:
    snapshot = folder / "snapshots" / "before"
    snapshot.mkdir(parents=True)
    for path in folder.glob("nb-*"):
        path.rename(snapshot / path.name)
    base, view = _FIXTURE_SCHEMA
    (snapshot / "schema.cql").write_text(view)
    with Table(snapshot) as alone:
        (warning,) = alone.warnings
        assert "has the view without its base table; give a schema with both" in warning
        assert [c.name for c in alone.schema.columns()] == ["v", "p", "c"]
        assert len(list(alone.rows())) == 7
    with Table(snapshot, schema=view) as given:
        assert (given.schema.kind, given.warnings) == (
            "VIEW",
            (warning.replace(str(snapshot / "schema.cql"), "given"),),
        )
    of_base = folder.parent / BASE.replace("base", "mview") / "snapshots" / "before"
    of_base.mkdir(parents=True)
    (of_base / "schema.cql").write_text(base)
    with Table(snapshot) as table:
        assert table.warnings == ()
        assert table.schema.strict_liveness
        assert table.schema_source == str(snapshot / "schema.cql")


def written(directory: Path, create: str) -> None:
    """SSTables of a view with the rows 1 (only its cell is live), 2 (never inserted), and 3."""
    (schema,) = parse_cql(create).tables()
    directory.mkdir(parents=True)
    with Writer(schema, directory, now=NOW) as writer:
        writer.write({"v": 1, "p": 1, "w": 1}, timestamp=T, ttl=10)
        writer.write({"v": 1, "p": 2, "w": 2}, timestamp=T, update=True)
    with Writer(schema, directory, now=NOW) as writer:
        writer.write({"v": 1, "p": 1, "w": 5}, timestamp=T + 1, update=True)
        writer.write({"v": 1, "p": 3, "w": 3}, timestamp=T)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("key", "live"), [("(p)", [2, 3]), ("(p, v)", [1, 2, 3])], ids=["strict", "not strict"]
)
def test_rows_without_a_live_primary_key(
    tmp_path: Path, engine: str, key: str, live: list[int]
) -> None:
    """``Row.purge`` takes them away where liveness is strict, if anything in them has ended."""
    written(
        tmp_path / "ks" / VIEW, "CREATE TABLE ks.by_v (v int, p int, w int, PRIMARY KEY (v, p))"
    )
    (tmp_path / "schema.cql").write_text(
        f"CREATE TABLE ks.base (p int, v int, w int, PRIMARY KEY {key});"
        "CREATE MATERIALIZED VIEW ks.by_v AS SELECT * FROM ks.base "
        "WHERE p IS NOT NULL AND v IS NOT NULL PRIMARY KEY (v, p);"
    )
    with using(engine), Table(tmp_path, now=NOW + 100) as table:
        assert [row["p"] for row in table.get(1)] == live
        assert [row["p"] for row in table.scan().to_arrow().to_pylist()] == live
        assert table.exact_rows() is None
        purged = next(table.partitions(gc_before=NOW + 100))
        decode = table.schema.clustering_columns[0].type.decode
        assert [decode(row.clustering[0] or b"") for row in purged.rows()] == live
