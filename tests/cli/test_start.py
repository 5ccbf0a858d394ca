"""What a fresh `cqlite query` loads before it answers, since that is most of what it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines import has_native

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

MOST = 112
"""Modules of ours; each takes some tenths of a millisecond."""

HEAVY = {
    "antlr4", "cassandra", "construct", "duckdb", "fsspec", "numpy", "polars", "prompt_toolkit",
    "pyarrow", "rich", "typer", "yaml",
    # What dataclasses load. Records do without.
    "dataclasses", "inspect", "ast",
    "argparse", "logging", "random", "subprocess", "tempfile", "threading",
    "copy", "heapq",
    # What only URLs, backups and compactions that were not cleaned up after need.
    "cqlite.io.remote", "cqlite.table.medusa", "cqlite.table.transactions",
}  # fmt: skip

REFERENCE = {
    "cqlite.blocks", "cqlite.index.trie", "cqlite.rows", "cqlite.table.reference",
    # Parsers in Python: the few bytes that Python looks at are decoded in Rust.
    "kaitaistruct", "cqlite.layouts.kaitai",
}  # fmt: skip
"""What only the reference engine needs."""

CODE = """
import sys
from cqlite.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


RARE = {
    "datetime", "decimal", "unicodedata",
    "cqlite.types.collections", "cqlite.types.composites", "cqlite.types.decimals",
    "cqlite.types.floats", "cqlite.types.special", "cqlite.types.temporal", "cqlite.types.tuples",
    "cqlite.types.values",
    "cqlite.query.calls", "cqlite.query.computations", "cqlite.query.computed",
    "cqlite.query.grouping", "cqlite.query.ordering", "cqlite.query.select_reader",
    "cqlite.terms.literals", "cqlite.terms.refusals",
    "cqlite.schema.index", "cqlite.sstable.select.clusterings", "cqlite.sstable.select.where.like",
}  # fmt: skip
"""What only values of some types and clauses of some statements need."""


def loaded_by(statement: str, table: str, format: str = "table") -> set[str]:
    """Names of the modules that a query over a fixture loads."""
    command = [sys.executable, "-c", CODE, "query", statement, "--format", format]
    data = str(FIXTURES / "oa" / table)
    run = subprocess.run([*command, "-d", data], capture_output=True, text=True, check=True)
    assert run.stdout
    return set(run.stderr.split())


@pytest.mark.parametrize("format", ["table", "csv"])
@pytest.mark.parametrize("statement", ["SELECT id, c_text FROM types WHERE id = 0"])
def test_a_query_loads_little(statement: str, format: str) -> None:
    loaded = loaded_by(statement, "types", format)
    assert not sorted(loaded & HEAVY)
    if has_native():
        assert not sorted(loaded & REFERENCE)
        assert len([name for name in loaded if name.startswith("cqlite")]) < MOST


@pytest.mark.parametrize("columns", ["*", "v, k AS key"])
def test_a_plain_query_of_usual_types_loads_least(columns: str) -> None:
    loaded = loaded_by(f"SELECT {columns} FROM many WHERE k = '1'", "many")
    assert not sorted(loaded & HEAVY)
    if has_native():
        assert not sorted(loaded & (REFERENCE | RARE))


def test_values_with_parts_need_no_parser_in_python() -> None:
    loaded = loaded_by("SELECT * FROM collections LIMIT 3", "collections")
    assert "cqlite.types.collections" in loaded
    if has_native():
        assert not sorted(loaded & REFERENCE)
