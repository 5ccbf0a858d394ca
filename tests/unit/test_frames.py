"""Tables as lazy frames of Polars, and what filters say of the primary key."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cqlite import Table, Writer, scan_polars
from cqlite.frames import arrow_filter, polars_filter
from cqlite.frames.hints import Condition, where_of
from cqlite.schema import TableSchema, parse_cql
from cqlite.types import Murmur3Partitioner

NOW = 1_700_000_000


def _schema(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


EVENTS = _schema(
    "CREATE TABLE k.events (p int, u uuid, c timestamp, e text, v int, PRIMARY KEY ((p, u), c, e)) "
    "WITH CLUSTERING ORDER BY (c DESC, e ASC)"
)
KEYS = [uuid.UUID(int=i) for i in range(3)]
UTC = dt.UTC


def _time(second: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, 0, 0, second, tzinfo=UTC)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    folder = tmp_path_factory.mktemp("events")
    (folder / "schema.cql").write_text(EVENTS.to_cql(with_internals=False), encoding="utf-8")
    for flush in range(2):
        with Writer(EVENTS, folder, now=NOW) as writer:
            for i in range(60):
                key = {"p": i % 4, "u": KEYS[i % 3], "c": 1000 * (i % 7), "e": f"e{i % 5}"}
                writer.write({**key, "v": i + flush}, timestamp=NOW + flush)
    with Table(folder, now=NOW) as opened:
        yield opened


FILTERS = [
    pl.col("p") == 1,
    (pl.col("p") == 1) & (pl.col("u") == KEYS[1].bytes),
    pl.col("p").is_in([1, 2]) & (pl.col("u") == KEYS[1].bytes) & (pl.col("c") > _time(3)),
    (pl.col("p") == 1) & (pl.col("u") == KEYS[1].bytes) & (pl.col("c") == _time(2)),
    (pl.col("c") >= _time(2)) & (pl.col("c") < _time(4)),
    (pl.col("c") == _time(2)) & (pl.col("e") >= "e2"),
    (pl.col("p") == 1) | (pl.col("v") > 50),
    ~(pl.col("p") == 1),
    pl.col("e").str.ends_with("1"),
    pl.col("v").is_between(3, 9) & (pl.col("e") == "e1"),
    (pl.col("p") == 1) & (pl.col("p") == 2),
    pl.col("p") + 0 == 2,
    pl.col("c").dt.replace_time_zone(None) == dt.datetime(1970, 1, 1, 0, 0, 3),
]


@pytest.mark.parametrize("filter", FILTERS, ids=str)
def test_filters_are_exact(table: Table, filter: pl.Expr) -> None:
    every = table.to_polars()
    lazy = scan_polars(table)
    assert lazy.filter(filter).collect().equals(every.filter(filter))
    few = lazy.filter(filter).select("v", "p").head(3).collect()
    assert few.equals(every.filter(filter).select("v", "p").head(3))


def test_projection_and_limit(table: Table) -> None:
    lazy, every = scan_polars(table), table.to_polars()
    assert lazy.collect_schema() == every.schema
    assert lazy.collect().equals(every)
    assert lazy.select("e").head(5).collect().equals(every.select("e").head(5))
    assert lazy.select(pl.len()).collect().item() == len(every)
    assert lazy.group_by("p").agg(pl.col("v").sum()).sort("p").collect().height == 4


def test_from_a_path(table: Table) -> None:
    assert isinstance(table.path, str | Path)
    assert scan_polars(table.path, now=NOW).collect().equals(table.to_polars())
    named = scan_polars(table.path, keyspace="k", table="events", now=NOW)
    assert named.collect().equals(table.to_polars())


# What filters say.


def _where(conditions: tuple[Condition, ...]) -> str | None:
    return where_of(conditions, EVENTS, Murmur3Partitioner())


@pytest.mark.parametrize(
    ("filter", "where"),
    [
        (FILTERS[0], None),
        (FILTERS[1], f"p IN (1) AND u IN ({KEYS[1]})"),
        (FILTERS[2], f"p IN (1, 2) AND u IN ({KEYS[1]}) AND c > 3000"),
        (FILTERS[4], "c >= 2000 AND c < 4000"),
        (FILTERS[5], "c IN (2000) AND e >= 'e2'"),
        (FILTERS[6], None),
        (FILTERS[8], None),
    ],
    ids=str,
)
def test_polars_conditions(table: Table, filter: pl.Expr, where: str | None) -> None:
    # As Polars hands them over: with literals of the columns' types, in an order of its own.
    seen: list[pl.Expr] = []

    def read(columns: Any, predicate: pl.Expr | None, limit: Any, size: Any) -> Any:
        if predicate is not None:
            seen.append(predicate)
        yield table.to_polars().filter(filter)

    from polars.io.plugins import register_io_source

    register_io_source(read, schema=table.to_polars().schema).filter(filter).collect()
    assert _where(polars_filter.conditions_of(seen[0])) == where


ARROW = pa.schema(
    [("p", pa.int32()), ("u", pa.string()), ("c", pa.timestamp("ms", "UTC")), ("e", pa.string())]
)


def test_arrow_conditions() -> None:
    field = pc.field
    text = 'a"b\\c\n) and (p == 3'
    expression = (field("p") == pa.scalar(1, pa.int32())) & (field("e") == text)
    assert arrow_filter.conditions_of(expression, ARROW) == (
        Condition("p", "IN", (1,)),
        Condition("e", "IN", (text,)),
    )
    assert arrow_filter.conditions_of(~expression, ARROW) == ()
    assert arrow_filter.conditions_of(field("p") + 1 == 2, ARROW) == ()
    either = (field("p") == pa.scalar(1, pa.int32())) | (field("e") == "x")
    assert arrow_filter.conditions_of(either, ARROW) == ()


@pytest.mark.parametrize("values", [["a", "b"], ['x",\n  "y'], ["a\nb", 'q"'], ["…"] * 30])
def test_arrow_lists_are_understood_or_not_at_all(values: list[str]) -> None:
    field = pc.field("e")
    null = pa.scalar(None, pa.bool_())
    expression = pc.if_else(pc.is_valid(field), field.isin(pa.array(values)), null)
    found = arrow_filter.conditions_of(expression, ARROW)
    assert found in ((), (Condition("e", "IN", tuple(values)),))
    if values == ["a", "b"]:
        assert found


def test_no_relation_is_better_than_a_wrong_one() -> None:
    inet = _schema("CREATE TABLE k.t (a inet PRIMARY KEY, v int)")
    partitioner = Murmur3Partitioner()
    assert where_of([Condition("a", "IN", ("nowhere",))], inet, partitioner) is None
    assert where_of([Condition("a", "IN", ("10.0.0.1",))], inet, partitioner) == (
        "a IN ('10.0.0.1')"
    )
    decimal = _schema("CREATE TABLE k.t (a decimal PRIMARY KEY, v int)")
    assert where_of([Condition("a", "IN", ("1.50",))], decimal, partitioner) is None
    many = [Condition("p", "IN", tuple(range(200))), Condition("u", "IN", tuple(map(str, KEYS)))]
    assert where_of(many, EVENTS, partitioner) is not None
    more = [Condition("p", "IN", tuple(range(20_000))), many[1]]
    assert where_of(more, EVENTS, partitioner) is None
