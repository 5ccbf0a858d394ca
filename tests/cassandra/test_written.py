"""What cqlite writes: Cassandra's tools find nothing wrong, and a node takes it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cqlite.blocks.compressors import COMPRESSORS
from cqlite.blocks.write import Compression
from cqlite.io import FORMAT_OF_VERSION, Descriptor, parse_version
from cqlite.sstable import SSTable
from cqlite.sstable.write import Settings, rewrite, settings_for
from tests.cassandra.answers import objections, rows_of
from tests.shared import SSTableFixture, sstables
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools

CONVERTED = [
    pytest.param(case, target, id=f"{case}-to-{target}")
    for versions, targets in (({"da"}, ("oa", "nb")), ({"me", "md", "mc"}, ("da",)))
    for case in sstables(versions=versions, own_only=True)
    for target in targets
    if not ("beyond_2038" in case.id and target == "nb")
]
NO_TABLE_OF_THEIR_OWN = ("indexed", "mview", "partitioner_", "custom", "compact_", "dropped")
TABLES = [
    case
    for case in sstables(versions={"da"}, own_only=True)
    if not any(name in case.id for name in NO_TABLE_OF_THEIR_OWN)
]


def _written(
    case: SSTableFixture, version: str, directory: Path, compression: Compression | None = None
) -> Path:
    """Data.db of ``case`` converted to ``version``."""
    target = parse_version(version, FORMAT_OF_VERSION[version])
    with SSTable(case.data_path) as source:
        settings: Settings = settings_for(source, target)
        if compression is not None:
            settings = replace(settings, compression=compression)
        descriptor: Descriptor = rewrite(source, directory, target, "1", settings)
    return descriptor.path("Data.db")


def _without_places(text: str) -> Any:
    """sstabledump's answer without positions in the file and what the clock decides."""

    def drop(pairs: list[tuple[str, object]]) -> dict[str, object]:
        return {name: value for name, value in pairs if name not in ("expired", "position")}

    return json.loads(text, object_pairs_hook=drop)


@pytest.mark.parametrize(("case", "version"), CONVERTED)
def test_tools_read_and_verify_what_was_converted(
    case: SSTableFixture, version: str, tools: Tools, tmp_path: Path
) -> None:
    data = _written(case, version, tmp_path)
    assert tools.verify(data) == ""
    golden = case.golden_dump.read_text(encoding="utf-8")
    assert _without_places(tools.dump(data)) == _without_places(golden)


@pytest.fixture(scope="module")
def tables(node: Node) -> Node:
    """The node with the fixtures' tables, once as fixtures say and once in `copy`."""
    for keyspace in ("cqlite", "copy"):
        node.cql(
            f"CREATE KEYSPACE {keyspace} WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        for case in TABLES:
            folder = case.data_path.parent
            provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
            for statement in provenance["schema"]:
                node.cql(statement.replace("cqlite.", f"{keyspace}."))
        node.nodetool("disableautocompaction", keyspace)
    return node


@pytest.mark.parametrize("version", ["da", "oa", "nb"])
@pytest.mark.parametrize("case", TABLES, ids=str)
def test_node_takes_it(case: SSTableFixture, version: str, tables: Node, tmp_path: Path) -> None:
    if "beyond_2038" in case.id and version == "nb":
        return  # Refused, see tests/roundtrip.
    table = case.id.split("/")[2]
    for keyspace in ("cqlite", "copy"):
        tables.cql(f"TRUNCATE {keyspace}.{table}")
    tables.import_sstables("cqlite", table, case.components().values())
    expected = rows_of(tables, "cqlite", table)
    start = tables.log.stat().st_size
    for number, name in enumerate(COMPRESSORS):
        directory = tmp_path / name
        directory.mkdir()
        data = _written(case, version, directory, Compression(name))
        if number == 0:
            tables.import_sstables("copy", table, directory.iterdir())
            assert rows_of(tables, "copy", table) == expected
        tables.import_sstables("cqlite", table, data.parent.iterdir())
    assert rows_of(tables, "cqlite", table) == expected
    tables.compact("cqlite", table)
    assert rows_of(tables, "cqlite", table) == expected
    assert objections(tables, start) == []
    for path in tables.sstables("cqlite", table):
        with SSTable(path) as compacted:
            assert sum(1 for _ in compacted) > 0
