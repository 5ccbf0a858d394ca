"""A real node: CQL, flush, compaction, snapshots, import, restart in another format."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.shared import sstables
from tools.cassandra.errors import RigError
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools


def _rows(node: Node, table: str) -> list[tuple[int, str]]:
    return sorted((row.k, row.v) for row in node.cql(f"SELECT k, v FROM {table}"))


def test_flush_compact_snapshot(node: Node, tools: Tools) -> None:
    node.cql("CREATE TABLE test.basic (k int PRIMARY KEY, v text)")
    node.nodetool("disableautocompaction", "test", "basic")
    for k in range(2):
        node.cql(f"INSERT INTO test.basic (k, v) VALUES ({k}, 'v{k}')")
        node.flush("test", "basic")
    assert [path.name.split("-")[0] for path in node.sstables("test", "basic")] == ["da", "da"]
    node.compact("test", "basic")
    (data,) = node.sstables("test", "basic")
    assert '"v1"' in tools.dump(data)
    assert tools.verify(data) == ""
    folders = node.snapshot("test", "first")
    assert "CREATE TABLE" in (folders[0] / "schema.cql").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", ["da", "oa", "nb", "me", "mc"])
def test_import_of_a_foreign_sstable(node: Node, version: str) -> None:
    case = sstables(versions={version}, own_only=True, containing="/statics/")[0]
    table = f"imported_{version}"
    assert case.schema is not None
    create = case.schema.read_text(encoding="utf-8").split("(", 1)[1].split(") WITH")[0]
    node.cql(f"CREATE TABLE test.{table} ({create}) WITH CLUSTERING ORDER BY (c DESC)")
    node.import_sstables("test", table, case.components().values())
    assert len(node.cql(f"SELECT p FROM test.{table} WHERE p = 'both'")) == 2


def test_refresh(node: Node) -> None:
    node.cql("CREATE TABLE test.refreshed (k text PRIMARY KEY, v int)")
    case = sstables(versions={"oa"}, own_only=True, containing="/many/")[0]
    node.refresh("test", "refreshed", case.components().values())
    assert len(node.cql("SELECT k FROM test.refreshed")) == 100


def test_import_refuses_damage(node: Node, tmp_path: Path) -> None:
    node.cql(
        "CREATE TABLE test.refused (p text, c timeuuid, s1 int static, "
        "s2 set<text> static, v int, PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c DESC)"
    )
    case = sstables(versions={"da"}, own_only=True, containing="/statics/")[0]
    for path in case.components().values():
        shutil.copy(path, tmp_path)
    data = tmp_path / case.data_path.name
    damaged = bytearray(data.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    data.write_bytes(damaged)
    with pytest.raises(RigError, match="refuses"):
        node.import_sstables("test", "refused", tmp_path.iterdir())


def test_restart_in_another_format(tools: Tools) -> None:
    with Node(tools=tools) as own:
        own.cql(
            "CREATE KEYSPACE k WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        own.cql("CREATE TABLE k.t (k int PRIMARY KEY, v text)")
        own.cql("INSERT INTO k.t (k, v) VALUES (1, 'one')")
        own.flush("k")
        own.restart(format="big")
        assert _rows(own, "k.t") == [(1, "one")]
        own.upgradesstables("k")
        assert [path.name.split("-")[0] for path in own.sstables("k", "t")] == ["oa"]
        with pytest.raises(RigError, match="died while it started") as caught:
            own.restart(compatibility="CASSANDRA_4")
        assert caught.value.log
