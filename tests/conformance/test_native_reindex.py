"""Indexes and Bloom filters that the native engine writes are those that Cassandra wrote."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.write import WRITTEN_VERSIONS, settings_of
from tests.shared import SSTableFixture, sstables

pytestmark = pytest.mark.rust

COMPONENTS = ("Index.db", "Summary.db", "Partitions.db", "Rows.db", "Filter.db")


@pytest.mark.parametrize("case", sstables(versions=WRITTEN_VERSIONS), ids=str)
def test_components_are_identical(case: SSTableFixture, tmp_path: Path) -> None:
    with SSTable(case.data_path) as source:
        settings = settings_of(source)
        # Rows of which nothing counts any more have their place as well.
        facts = replace(facts_of(source), dropped={})
        chance, number = settings.bloom_fp_chance, settings.expected_partitions
        import_module("cqlite._native").reindex(
            facts,
            tmp_path,
            settings.block_size_of(facts.format),
            settings.min_index_interval,
            (number, chance) if chance < 1 else None,
        )
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    expected = {name: case.component(name) for name in COMPONENTS}
    assert written == {name: path.read_bytes() for name, path in expected.items() if path.exists()}
