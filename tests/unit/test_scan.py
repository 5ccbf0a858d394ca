"""Scans: arguments, errors and where they point, what a given schema changes, deletions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cqlite import Writer
from cqlite.errors import (
    InvalidTypeError,
    InvalidValueError,
    MissingComponentError,
    SchemaError,
    UnsupportedFeatureError,
)
from cqlite.rows import Cell, ComplexColumn, DeletionTime, LivenessInfo, Row
from cqlite.rows.model import EXPIRED_LIVENESS_TTL
from cqlite.schema import ColumnKind, ColumnMetadata, parse_cql
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import NEVER_TIME, facts_of
from cqlite.sstable.select.live import live_row
from cqlite.types import EMPTY, parse_type
from tests.arrow import rows
from tests.engines import on_engines, using
from tests.shared import OWN, SSTableFixture, sstables

WIDE = sstables(own_only=True, containing="own/oa/wide/")[0]
TYPES = sstables(own_only=True, containing="own/oa/types/")[0]
STATICS = sstables(own_only=True, containing="own/oa/statics/")[0]


def opened(case: SSTableFixture, change: Any = lambda text: text) -> SSTable:
    """The SSTable with the schema of its folder, as `change` makes it."""
    assert case.schema is not None
    text = change(case.schema.read_text(encoding="utf-8"))
    return SSTable(case.data_path, schema=next(parse_cql(text).tables()))


# Arguments.


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"columns": ["nope"]}, SchemaError, "Undefined column name nope in table .*; it has p, c"),
        ({"columns": []}, SchemaError, "columns has no names"),
        ({"columns": "v"}, SchemaError, "columns is a list of names, not 'v'"),
        ({"limit": -1}, InvalidValueError, "limit is -1; it is at least 0"),
        ({"batch_rows": 0}, InvalidValueError, "batch_rows is 0"),
        ({"threads": 0}, InvalidValueError, "threads is 0"),
        ({"empty": "skip"}, InvalidValueError, "'error' or 'null'"),
        ({"decimals": {"nope": (5, 1)}}, SchemaError, "Undefined column name nope"),
        ({"decimals": {"v": (5, 1)}}, InvalidTypeError, "only decimal and varint"),
        ({"token_range": (5,)}, InvalidValueError, "has a start and an end"),
        ({"token_range": (5, 4)}, InvalidValueError, "ends at 4, before its start 5"),
        ({"token_range": ("x", None)}, InvalidValueError, "'x' is no token of Murmur3Partitioner"),
        ({"token_range": (1 << 63, None)}, InvalidValueError, "no token of Murmur3Partitioner"),
    ],
)
def test_arguments_that_are_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with opened(WIDE) as sstable, pytest.raises(error, match=message):
        sstable.scan(**options)


@on_engines
def test_columns_are_in_the_order_of_the_schema(engine: str) -> None:
    with using(engine), opened(WIDE) as sstable:
        scan = sstable.scan(columns=["v", "c", "p", "v"])
        assert scan.schema.names == ["p", "c", "v"]
        assert scan.to_arrow().equals(sstable.to_arrow().select(["p", "c", "v"]))


@on_engines
@pytest.mark.parametrize("limit", [0, 1, 45, 1000])
def test_limit_and_batches(limit: int, engine: str) -> None:
    with using(engine), opened(WIDE) as sstable:
        everything = sstable.to_arrow()
        batches = list(sstable.scan(limit=limit, batch_rows=10))
        assert all(0 < batch.num_rows <= 10 for batch in batches)
        found = pa.Table.from_batches(batches, sstable.scan().schema)
        assert found.equals(everything.slice(0, limit))


@on_engines
def test_an_sstable_is_read_anew_each_time(engine: str) -> None:
    with using(engine), opened(WIDE) as sstable:
        scan = sstable.scan()
        first, second = iter(scan), iter(scan)
        assert next(first).equals(next(second))
        assert scan.to_arrow().num_rows == 52


@on_engines
def test_token_ranges_begin_above_their_start(engine: str) -> None:
    with using(engine), opened(WIDE) as sstable:
        tokens = sorted({sstable.token(partition.key) for partition in sstable})
        first, last = tokens[0].value, tokens[-1].value
        assert sstable.to_arrow(token_range=(None, None)).num_rows == 52
        assert sstable.to_arrow(token_range=(last, None)).num_rows == 0
        some = sstable.to_arrow(token_range=(None, first)).num_rows
        rest = sstable.to_arrow(token_range=(first, last)).num_rows
        assert some > 0
        assert some + rest == 52
        assert sstable.to_arrow(token_range=(first, first)).num_rows == 0
        one = sstable.to_arrow(where="p = 1", token_range=(None, None))
        assert one.num_rows == 39


# Errors.


@on_engines
def test_an_empty_value_names_its_column_and_row(engine: str) -> None:
    with using(engine), opened(TYPES) as sstable:
        for columns in (["c_int"], ["id", "c_int", "c_uuid"]):
            with pytest.raises(InvalidValueError, match="a int without bytes") as caught:
                sstable.to_arrow(columns=columns)
            assert caught.value.where.field == "c_int"
            assert caught.value.where.component == "Data.db"
            positions = [row.position for partition in sstable for row in partition.rows()]
            assert caught.value.where.offset in positions
        found = sstable.to_arrow(columns=["id", "c_int"], empty="null")
        assert found["c_int"].null_count > 0
        key = next(i for i, v in zip(found["id"], found["c_int"], strict=True) if v.as_py() is None)
        assert sstable.get(key.as_py())[0]["c_int"] in (EMPTY, None)


@on_engines
def test_rows_before_a_bad_value_come_first(engine: str) -> None:
    with using(engine), opened(TYPES) as sstable:
        whole = sstable.to_arrow(columns=["id", "c_int"], empty="null")
        before: list[pa.RecordBatch] = []
        with pytest.raises(InvalidValueError):
            before.extend(sstable.scan(columns=["id", "c_int"]))
        found = pa.Table.from_batches(before, whole.schema)
        assert found.equals(whole.slice(0, found.num_rows))


@on_engines
@pytest.mark.parametrize("version", ["oa", "da"])
def test_without_an_index_only_whole_scans_work(version: str, engine: str, tmp_path: Path) -> None:
    case = sstables(own_only=True, containing=f"own/{version}/wide/")[0]
    folder = tmp_path / "sstable"
    shutil.copytree(case.data_path.parent, folder)
    for name in ("Index.db", "Partitions.db"):
        (folder / f"{case.stem}-{name}").unlink(missing_ok=True)
    with using(engine), SSTable(folder) as sstable:
        assert sstable.to_arrow().num_rows == 52
        with pytest.raises(MissingComponentError):
            sstable.to_arrow(where='"PartitionKey" = 1')
        with pytest.raises(MissingComponentError):
            sstable.to_arrow(token_range=(0, None))
        with pytest.raises(MissingComponentError):
            sstable.get(1)


def test_names_that_metadata_needs_are_refused() -> None:
    renamed = lambda text: text.replace("p text", '"row_kind" text').replace(  # noqa: E731
        "PRIMARY KEY (p,", 'PRIMARY KEY ("row_kind",'
    )
    with opened(STATICS, renamed) as sstable:
        assert "row_kind" in sstable.to_arrow().column_names
        with pytest.raises(UnsupportedFeatureError, match="a column 'row_kind', which metadata"):
            sstable.to_arrow(metadata=True)


# What a given schema changes.


@on_engines
def test_columns_that_the_file_lacks_are_null(engine: str) -> None:
    more = lambda text: text.replace("v text,", "v text, more frozen<list<int>>, z int static,")  # noqa: E731
    with using(engine), opened(WIDE, more) as sstable:
        table = sstable.to_arrow()
        assert table.column_names == ["p", "c", "d", "s", "z", "more", "v"]
        assert table["more"].null_count == table["z"].null_count == 52
        assert table.schema.field("more").type == pa.list_(pa.int32())
        assert sstable.get(1, columns=["more", "c"])[0]["more"] is None
        assert rows(sstable.to_arrow(metadata=True))[0]["writetime(more)"] is None


@on_engines
def test_dropped_columns_do_not_count(engine: str) -> None:
    folder = OWN / "oa" / "dropped"
    schema = next(parse_cql((folder / "schema.cql").read_text(encoding="utf-8")).tables())
    for data in sorted(folder.glob("*-Data.db")):
        with using(engine), SSTable(data, schema=schema) as sstable:
            table = sstable.to_arrow()
            assert table.column_names == [column.name for column in schema.columns()]
            expected = _selected(sstable, schema)
            assert rows(table) == expected


def _selected(sstable: SSTable, schema: Any) -> list[dict[str, Any]]:
    """The rows by hand: this table has neither deletions nor static columns."""
    found: list[dict[str, Any]] = []
    for partition in sstable:
        key = sstable.schema.decode_key(partition.key)
        for row in partition.rows():
            values: dict[str, Any] = dict.fromkeys(column.name for column in schema.columns())
            values |= zip([c.name for c in schema.partition_key], key, strict=True)
            for column, data in zip(schema.clustering_columns, row.clustering, strict=True):
                values[column.name] = column.type.decode(data)
            live = {c.column.name: c.value for c in row.cells() if not c.is_tombstone}
            values |= {name: v for name, v in live.items() if schema.column(name) is not None}
            found.append(values)
    return found


# Deletions.

_V = ColumnMetadata("v", parse_type("Int32Type"), ColumnKind.REGULAR)
_L = ColumnMetadata("l", parse_type("SetType(Int32Type)"), ColumnKind.REGULAR)


def row(*columns: Any, written: int | None = None, deleted: int | None = None, **more: Any) -> Row:
    ttl = more.pop("ttl", None)
    liveness = None if written is None else LivenessInfo(written, ttl, ttl)
    deletion = None if deleted is None else DeletionTime(deleted, 0)
    return Row((), liveness, deletion, tuple(columns), **more)


def cell(timestamp: int, **more: Any) -> Cell:
    return Cell(more.pop("column", _V), timestamp, b"\0\0\0\1", **more)


def live(of: Row, deleted: int = -(1 << 63), dropped: dict[str, int] | None = None) -> Any:
    """Names of live columns, or `None` where the row is not there."""
    found = live_row(of, deleted, dropped or {})
    return None if found is None else sorted(found.cells)


def test_rows_are_there_by_liveness_or_a_live_cell() -> None:
    assert live(row(written=5)) == []
    assert live(row(cell(5))) == ["v"]
    assert live(row()) is None
    assert live(row(cell(5, is_tombstone=True))) is None
    assert live(row(cell(5, is_tombstone=True), written=5)) == []
    assert live(row(written=5, ttl=EXPIRED_LIVENESS_TTL)) is None
    assert live(row(written=5, ttl=10)) == []
    assert live(row(cell(5, ttl=1, local_deletion_time=1))) == ["v"]


def test_deletions_cover_what_is_not_newer() -> None:
    assert live(row(cell(5), written=5), deleted=5) is None
    assert live(row(cell(6), written=5), deleted=5) == ["v"]
    assert live(row(cell(5), written=6), deleted=5) == []
    assert live(row(cell(5), written=6, deleted=5)) == []
    assert live(row(cell(5), deleted=5)) is None
    assert live(row(cell(5), deleted=4), deleted=5) is None


def test_a_shadowable_deletion_yields_to_newer_liveness() -> None:
    assert live(row(cell(4), written=6, deleted=5, is_shadowable=True)) == ["v"]
    assert live(row(cell(4), written=5, deleted=5, is_shadowable=True)) is None
    assert live(row(cell(4), deleted=5, is_shadowable=True)) is None


def test_columns_of_many_cells() -> None:
    cells = tuple(cell(at, column=_L, path=bytes([0, 0, 0, at])) for at in (4, 5, 6))
    column = ComplexColumn(_L, DeletionTime(5, 0), cells)
    found = live_row(row(column), -1, {})
    assert found is not None
    assert [c.timestamp for c in found.cells["l"]] == [6]
    assert live(row(column), deleted=6) is None
    assert live(row(ComplexColumn(_L, DeletionTime(9, 0), cells), written=1)) == []


def test_facts_are_those_of_header_and_schema() -> None:
    lacking = opened(WIDE, lambda text: text.replace("s text static,", ""))
    with lacking as sstable, pytest.raises(SchemaError, match="column s"):
        facts_of(sstable)
    with SSTable(WIDE.data_path) as sstable:
        facts = facts_of(sstable)
        assert [(c.name, c.kind) for c in facts.columns] == [
            (c.name, c.kind) for c in sstable.schema.columns()
        ]
        assert (facts.dropped, facts.last_key, facts.format) == ({}, None, "big")
        assert facts.components["Data.db"] == str(WIDE.data_path)


def test_cells_of_columns_that_are_gone() -> None:
    assert live(row(cell(5), written=1), dropped={"v": 5}) == []
    assert live(row(cell(6)), dropped={"v": 5}) == ["v"]
    assert live(row(cell(6)), dropped={"v": NEVER_TIME}) is None


@on_engines
def test_a_column_that_was_regular_and_is_static(engine: str, tmp_path: Path) -> None:
    """What the file has as regular is not taken for a static column, nor is another's place."""
    create = "CREATE TABLE k.t (p int, c int, a int STATIC, v int, PRIMARY KEY (p, c));"
    now = f"{create} ALTER TABLE k.t DROP v USING TIMESTAMP 1; ALTER TABLE k.t ADD v int STATIC"
    (old,), (new,) = (list(parse_cql(text).tables()) for text in (create, now))
    with Writer(old, tmp_path) as writer:
        writer.write({"p": 1, "c": 1, "a": 7, "v": 8}, timestamp=10)
    expected = [{"p": 1, "c": 1, "a": 7, "v": None}]
    with using(engine), SSTable(writer.sstables[0], schema=new) as sstable:
        assert sstable.scan().to_arrow().to_pylist() == sstable.get(1) == expected
