"""SELECT JSON over tables of several SSTables: a node's answers, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cqlite import Table
from cqlite.query.execute import execute
from cqlite.query.statement import prepare
from tests.conformance.test_table import tables


@pytest.mark.parametrize(
    ("directory", "answers"), tables(), ids=lambda p: f"{p.parents[1].name}-{p.name[:4]}"
)
def test_select_json_is_the_nodes(directory: Path, answers: Path) -> None:
    said = json.loads(answers.read_text(encoding="utf-8"))
    name, now = directory.name.partition("-")[0], said["captured_at"]
    with Table(directory, now=now) as table:
        text = f"SELECT JSON * FROM {table.schema.keyspace}.{name}"
        statement = prepare(text, lambda _keyspace, _name: table.schema)
        found = [row[0] or b"" for row in execute(statement, table, now=now)]
    assert [row.decode() for row in found] == said["tables"][name]["rows"]
