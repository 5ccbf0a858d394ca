"""Tables of several SSTables: the rows equal a node's answers, row for row in its order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cqlite
from cqlite.sstable import SSTable
from cqlite.sstable.schema_source import schema_of
from cqlite.sstable.select.plan import PositionRange, Restriction
from cqlite.table.model import TableRow
from tests.arrow import rows
from tests.engines import ENGINES, on_engines, using
from tests.shared import SHARED, SSTableFixture, sstables

ANSWERS = {"da": "cql-da-oa.json", "oa": "cql-da-oa.json", "nb": "cql-nb.json"}


def tables() -> list[tuple[Path, Path]]:
    """Directories of tables with several SSTables, each with the file of answers."""
    return [
        (directory, SHARED / "types" / name)
        for version, name in ANSWERS.items()
        for directory in sorted((SHARED / "types" / version / "types").glob("t*-*"))
        if len(list(directory.glob("*-Data.db"))) > 1
    ]


def as_json(table: cqlite.Table, **options: Any) -> list[dict[str, Any]]:
    """The rows as ``SELECT JSON *`` has them, parsed."""
    columns = [(c.name, c.type.unwrap().freeze()) for c in table.schema.columns()]
    return [
        {
            name: None if data is None else json.loads(kind.to_json(data))
            for (name, kind), data in zip(columns, row.values, strict=True)
        }
        for row in table.rows(**options)
    ]


def answer(path: Path, name: str) -> tuple[int, list[dict[str, Any]]]:
    """When the node was asked, and what it said; names that CQL quotes are not quoted."""
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [json.loads(row) for row in found["tables"][name]["rows"]]
    return found["captured_at"], [{k.strip('"'): v for k, v in row.items()} for row in rows]


@pytest.mark.parametrize(
    ("directory", "answers"), tables(), ids=lambda p: f"{p.parents[1].name}-{p.name[:4]}"
)
def test_rows_of_many_sstables_equal_the_nodes(directory: Path, answers: Path) -> None:
    now, expected = answer(answers, directory.name.partition("-")[0])
    with cqlite.open(directory, now=now) as table:
        assert table.schema.names_are_known
        assert table.warnings == ()
        assert as_json(table) == expected


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "reference"])
@pytest.mark.parametrize(
    ("directory", "answers"),
    [case for case in tables() if "da" in case[0].parts],
    ids=lambda p: p.name[:4],
)
def test_engines_merge_the_same_rows(directory: Path, answers: Path, engine: str) -> None:
    """Scans and lookups, at a time when what has a time to live has expired."""
    now = answer(answers, directory.name.partition("-")[0])[0] + 10**9
    assert _everything(directory, engine, now) == _everything(directory, "reference", now)


@pytest.mark.rust
@pytest.mark.parametrize(
    ("directory", "answers"),
    [case for case in tables() if "da" in case[0].parts],
    ids=lambda p: p.name[:4],
)
def test_threads_merge_the_same_rows_in_the_same_order(directory: Path, answers: Path) -> None:
    now = answer(answers, directory.name.partition("-")[0])[0]
    with using("native"), cqlite.open(directory, now=now) as table:
        for part in (None, (None, 0), (0, None), (-(1 << 62), 1 << 62)):
            one, many = (
                rows(table.scan(token_range=part, empty="null", threads=threads).to_arrow())
                for threads in (1, 3)
            )
            assert repr(many) == repr(one)


def _everything(directory: Path, engine: str, now: int) -> tuple[str, list[list[TableRow]]]:
    with using(engine), cqlite.open(directory, now=now) as table:
        assert cqlite.engine() == engine
        scanned = repr(rows(table.scan(empty="null").to_arrow()))
        scanned += repr(rows(table.scan(empty="null", metadata=True).to_arrow()))
        keys = sorted({key for sstable in table.sstables for key in SSTable.keys(sstable)})[:5]
        wanted = [Restriction(keys=(key,)) for key in keys]
        in_rows = [list(table.rows(restriction=each)) for each in wanted]
        in_rows += [list(table.rows(restriction=each, reverse=True)) for each in wanted]
        in_rows.append(list(table.rows()))
        places = sorted(table.partitioner.byte_comparable(key) for key in keys)
        part = Restriction(positions=PositionRange(places[0], places[-1]))
        in_rows.append(list(table.rows(restriction=part)))
        in_rows.append(list(table.rows(cells=True)))
        in_rows += [list(table.rows(restriction=each, cells=True, reverse=True)) for each in wanted]
        for earlier in sorted({written_first(sstable) for sstable in table.sstables})[:3]:
            before = table.as_of(earlier)
            scanned += repr(rows(before.scan(empty="null").to_arrow()))
            scanned += repr(rows(before.scan(empty="null", metadata=True).to_arrow()))
            in_rows += [list(before.rows(restriction=each, now=now)) for each in wanted]
            in_rows.append(list(before.rows(cells=True)))
    return scanned, in_rows


def written_first(sstable: SSTable) -> int:
    """Microseconds, by which some of an SSTable was written, and not much."""
    stats = sstable.metadata.stats
    return (3 * stats.min_timestamp + stats.max_timestamp) // 4


SMALL = [
    case
    for case in sstables(own_only=True, versions={"mc", "nb", "oa", "da"})
    if case.data_path.stat().st_size < 20_000
]


@on_engines
@pytest.mark.parametrize("case", SMALL, ids=str)
def test_a_table_of_one_sstable_has_its_rows(engine: str, case: SSTableFixture) -> None:
    """With a clock that stands at its start, a table of one SSTable is that SSTable."""
    with using(engine), SSTable(case.data_path) as plain:
        schema = schema_of(plain).schema
        with (
            SSTable(case.data_path, schema=schema) as sstable,
            cqlite.Table(case.data_path, now=0) as table,
        ):
            expected = rows(sstable.scan(empty="null").to_arrow())
            assert str(rows(table.scan(empty="null").to_arrow())) == str(expected)
            assert len(list(table.rows(cells=True))) == len(expected)
            stored = [row for row in rows(sstable.scan(empty="null", metadata=True).to_arrow())]
            assert str(rows(table.scan(empty="null", metadata=True).to_arrow())) == str(stored)
