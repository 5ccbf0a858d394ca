"""Values of other bytes that CQL takes for equal: 0, 0.0 and 0.00 are one key and one element."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cqlite import Table, Writer
from cqlite.query.execute import execute
from cqlite.query.statement import prepare
from cqlite.schema import parse_cql
from tests.engines import ENGINES, using

SCHEMA = (
    "CREATE TABLE k.t (p int PRIMARY KEY, s set<decimal>, m map<decimal, int>, "
    "fs frozen<set<decimal>>, fm frozen<map<decimal, int>>)"
)
NOW = 1_700_000_000
T = NOW * 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One row of two SSTables, each with elements that the other has with more zeros."""
    path = tmp_path / "k" / "t-5a1b1ca866023f77a0459273d308917a"
    zero, one = Decimal(0), Decimal(1)
    first = {"p": 1, "s": {zero, one}, "m": {zero: 1, one: 2}, "fs": {zero, one}, "fm": {zero: 1}}
    with Writer(SCHEMA, path, format="oa", now=NOW) as writer:
        writer.write(first, timestamp=T)
    with Writer(SCHEMA, path, format="oa", now=NOW) as writer:
        second = {"p": 1, "s": {Decimal("0.00"), Decimal(3)}, "m": {Decimal("1.0"): 20}}
        writer.write(second, timestamp=T + 1, update=True, append=("s", "m"))
    return path


def ask(table: Table, text: str) -> list[str]:
    """The values of all rows as JSON."""
    (schema,) = parse_cql(SCHEMA).tables()
    result = execute(prepare(text, lambda _k, _n: schema, now_ms=NOW * 1000), table, now=NOW)
    return [
        column.value_type.to_json(value)
        for values in result
        for column, value in zip(result.columns, values, strict=True)
        if value is not None
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_elements_are_merged(engine: str, folder: Path) -> None:
    with using(engine), Table(folder, schema=f"{SCHEMA};", now=NOW) as table:
        assert ask(table, "SELECT collection_count(s), collection_sum(s), m[1.00] FROM t") == [
            "3", "4.00", "20",
        ]  # fmt: skip
        assert ask(table, "SELECT s FROM t") == ["[0.00, 1, 3]"]


@pytest.mark.parametrize(
    "where",
    [
        "fs = {0.00, 0, 1.0}", "fs = {1, 0.0}", "fm = {0.0: 5, 0: 1}", "fm CONTAINS KEY 0.0",
        "s CONTAINS 0.0", "m[0.000] = 1", "fs = from_json('[0.0, 1.00, 1]')",
    ],
)  # fmt: skip
def test_conditions(where: str, folder: Path) -> None:
    with Table(folder, schema=f"{SCHEMA};", now=NOW) as table:
        assert ask(table, f"SELECT p FROM t WHERE {where}") == ["1"]


def test_the_first_of_equal_elements_is_kept(folder: Path) -> None:
    text = "SELECT (set<decimal>) {0.00, 0, 1}, (map<decimal, int>) {1.0: 1, 1: 2, 0: 3} FROM t"
    with Table(folder, schema=f"{SCHEMA};", now=NOW) as table:
        assert ask(table, text) == ["[0.00, 1]", '{"0": 3, "1.0": 2}']
