"""Scans against the dump, whose text is compared with sstabledump's in `test_dump`.

Here it has plain numbers for times (as with `-t`), so that nothing is rounded. What SELECT
would give is computed from it anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from cqlite.export.sstabledump import SSTableDump
from cqlite.schema import ColumnMetadata
from cqlite.sstable import SSTable
from tests.arrow import as_cells, as_json, encoded, loads, rows
from tests.engines import on_engines, using
from tests.shared import SSTableFixture, sstables

_NEVER = -(1 << 63)
_EXPIRED_LIVENESS = 0x7FFFFFFF

Row = dict[str, Any]


def _dump(sstable: SSTable) -> list[Any]:
    out = io.StringIO()
    SSTableDump(out, sstable.header_schema, now=0, raw_timestamps=True).write(sstable)
    return list(loads(out.getvalue()))


def _marked(holder: Row) -> int:
    info = holder.get("deletion_info")
    return _NEVER if info is None else int(info["marked_deleted"])


# What SELECT gives.


def _selected(sstable: SSTable, *, shadowable: bool) -> Iterator[Row]:
    """The rows that SELECT * gives of the dump, as JSON."""
    schema = sstable.header_schema
    for partition in _dump(sstable):
        deleted = _marked(partition["partition"])
        key = dict(
            zip([c.name for c in schema.partition_key], partition["partition"]["key"], strict=True)
        )
        static, opened, count = {}, _NEVER, 0
        for row in partition["rows"]:
            if row["type"] == "static_block":
                static = _live_cells(row, deleted) or {}
            elif row["type"] != "row":
                opened = _marked(row["start"]) if "start" in row else _NEVER
            else:
                cells = _live_row(row, max(deleted, opened), shadowable=shadowable)
                if cells is not None:
                    count += 1
                    yield key | _clustering(schema.clustering_columns, row) | static | cells
        if static and not count:
            yield key | static


def _clustering(columns: tuple[ColumnMetadata, ...], row: Row) -> Row:
    values = row.get("clustering", [])
    return {c.name: v for c, v in zip(columns, values, strict=False)}


def _live_row(row: Row, deleted: int, *, shadowable: bool) -> Row | None:
    liveness = row.get("liveness_info")
    written = _NEVER if liveness is None else int(liveness["tstamp"])
    if not (shadowable and written > _marked(row)):
        deleted = max(deleted, _marked(row))
    cells = _live_cells(row, deleted)
    if liveness is not None and int(liveness.get("ttl", 0)) != _EXPIRED_LIVENESS:
        return cells if cells or written > deleted else None
    return cells or None


def _live_cells(row: Row, deleted: int) -> Row:
    written = int(row.get("liveness_info", {}).get("tstamp", _NEVER))
    found: Row = {}
    up_to: dict[str, int] = {}
    for cell in row["cells"]:
        name = cell["name"]
        if "value" not in cell:
            if "path" not in cell and "marked_deleted" in cell["deletion_info"]:
                up_to[name] = _marked(cell)
            continue
        if int(cell.get("tstamp", written)) <= max(deleted, up_to.get(name, _NEVER)):
            continue
        if "path" in cell:
            found.setdefault(name, {})[cell["path"][0]] = cell["value"]
        else:
            found[name] = cell["value"]
    return found


def _expected(column: ColumnMetadata, found: Row) -> Any:
    value = found.get(column.cql_name if column.kind in ("static", "regular") else column.name)
    if value is None or not column.is_complex:
        return value
    if column.type.is_collection and column.type.class_name == "ListType":
        return list(value.values())
    return value


def _actual(column: ColumnMetadata, value: Any) -> Any:
    if not column.is_complex:
        return as_json(value, column.type)
    cells = as_cells(value, column.type)
    is_list = cells is not None and column.type.class_name == "ListType"
    return list(cells.values()) if is_list else cells


def _same(column: ColumnMetadata, expected: Any, actual: Any) -> bool:
    if column.kind == "partition_key":
        return True
    if column.type.is_counter:
        # sstabledump shows the first bytes of a counter's context.
        return (expected is None) == (actual is None)
    return _without_empty(expected) == _without_empty(actual)


def _without_empty(value: Any) -> Any:
    """Values without bytes are null in Arrow here and "" in dumps; so is text."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return None if value == "" else value


def _shadowable(case: SSTableFixture) -> bool:
    return "shadowable" in case.id or "mview" in case.id


@on_engines
def test_scan_is_what_select_gives(sstable: SSTableFixture, engine: str) -> None:
    with using(engine), SSTable(sstable.data_path) as opened:
        columns = list(opened.schema.columns())
        expected = list(_selected(opened, shadowable=_shadowable(sstable)))
        found = rows(opened.to_arrow(empty="null"))
        keys = opened.scan(columns=[c.name for c in opened.schema.partition_key])
        assert keys.to_arrow().num_rows == len(found)
    assert len(found) == len(expected)
    for want, have in zip(expected, found, strict=True):
        for column in columns:
            wanted, had = _expected(column, want), _actual(column, have[column.name])
            assert _same(column, wanted, had), (column.name, wanted, had)
        texts = [
            c.type.to_string(b"")
            if have[c.name] is None
            else c.type.to_string(encoded(have[c.name], c.type))
            for c in opened.schema.partition_key
        ]
        assert texts == [want[c.name] for c in opened.schema.partition_key]


# All that there is.

_KINDS = {
    "row": "row",
    "static_block": "static",
    "range_tombstone_boundary": "range_tombstone_boundary",
}


def _kind(row: Row) -> str:
    if row["type"] == "range_tombstone_bound":
        return "range_tombstone_start" if "start" in row else "range_tombstone_end"
    return _KINDS[row["type"]]


def _deletion(holder: Row) -> Row | None:
    info = holder.get("deletion_info")
    if info is None:
        return None
    return {
        "marked_for_delete_at": int(info["marked_deleted"]),
        "local_deletion_time": int(info["local_delete_time"]),
    }


def _check_row(columns: list[ColumnMetadata], want: Row, have: Row) -> None:
    liveness = want.get("liveness_info", {})
    assert have["row_writetime"] == _integer(liveness.get("tstamp"))
    assert have["row_ttl"] == _integer(liveness.get("ttl"))
    assert have["row_expires_at"] == _integer(liveness.get("expires_at"))
    assert have["row_deletion"] == _deletion(want)
    written = _integer(liveness.get("tstamp"))
    kind = "static" if want["type"] == "static_block" else "regular"
    for column in columns:
        if column.kind in ("static", "regular"):
            cells = [cell for cell in want["cells"] if cell["name"] == column.cql_name]
            cells = cells if column.kind == kind else []
            check = _check_complex if column.is_complex else _check_simple
            check(column, cells, have, written, _integer(liveness.get("ttl")))


def _integer(text: str | None) -> int | None:
    return None if text is None else int(text)


def _check_simple(
    column: ColumnMetadata, cells: list[Row], have: Row, written: int | None, ttl: int | None
) -> None:
    name = column.name
    if not cells:
        times = [have[f"{what}({name})"] for what in ("writetime", "ttl", "deletion_time")]
        assert [have[name], *times] == [None] * 4
        return
    (cell,) = cells
    tstamp = cell.get("tstamp")
    assert have[f"writetime({name})"] == (written if tstamp is None else int(tstamp))
    assert _same(column, cell.get("value"), as_json(have[name], column.type))
    deleted = cell.get("deletion_info", {}).get("local_delete_time")
    assert have[f"deletion_time({name})"] == _integer(deleted)
    if "ttl" in cell:
        assert have[f"ttl({name})"] == int(cell["ttl"])
        assert have[f"expires_at({name})"] == int(cell["expires_at"])
    else:
        assert have[f"ttl({name})"] in (None, ttl)


def _check_complex(
    column: ColumnMetadata, cells: list[Row], have: Row, written: int | None, ttl: int | None
) -> None:
    name, cql = column.name, column.type
    if not cells:
        assert [have[name], have[f"deletion({name})"], have[f"cells({name})"]] == [None] * 3
        return
    deletion, *_ = [_deletion(c) for c in cells if "path" not in c] or [None]
    assert have[f"deletion({name})"] == deletion
    expected = [cell for cell in cells if "path" in cell]
    assert len(have[f"cells({name})"]) == len(expected)
    for want, found in zip(expected, have[f"cells({name})"], strict=True):
        assert cql.path_string(found["path"]) == want["path"][0]
        tstamp = want.get("tstamp")
        assert found["writetime"] == (written if tstamp is None else int(tstamp))
        deleted = want.get("deletion_info", {}).get("local_delete_time")
        assert found["deletion_time"] == _integer(deleted)
        if "value" in want:
            assert loads(cql.cell_type(found["path"]).to_json(found["value"])) == want["value"]
        else:
            assert found["value"] is None
        assert found["ttl"] in ((int(want["ttl"]),) if "ttl" in want else (None, ttl))


def _check_marker(want: Row, have: Row) -> None:
    start, end = want.get("start", {}), want.get("end", {})
    assert have["range_open_deletion"] == _deletion(start)
    assert have["row_deletion"] == _deletion(end)
    bound = end or start
    assert have["range_inclusive"] == (bound["type"] == "inclusive")
    values = [value for value in bound.get("clustering", []) if value != "*"]
    assert have["range_columns"] == len(values)


@on_engines
def test_metadata_leaves_nothing_out(sstable: SSTableFixture, engine: str) -> None:
    with using(engine), SSTable(sstable.data_path) as opened:
        columns = list(opened.schema.columns())
        dump = _dump(opened)
        found = iter(rows(opened.to_arrow(metadata=True, empty="null")))
    for partition in dump:
        if "deletion_info" in partition["partition"]:
            have = next(found)
            assert have["row_kind"] == "partition"
            assert have["row_deletion"] == _deletion(partition["partition"])
        for want in partition["rows"]:
            if want["type"] == "static_block" and not want["cells"]:
                continue
            have = next(found)
            assert have["row_kind"] == _kind(want)
            values = _clustering(opened.schema.clustering_columns, want.get("end", want))
            for column in opened.schema.clustering_columns[: len(values)]:
                if values[column.name] != "*":
                    actual = as_json(have[column.name], column.type)
                    assert _same(column, values[column.name], actual)
            if have["row_kind"] in ("row", "static"):
                _check_row(columns, want, have)
            else:
                _check_marker(want, have)
    assert next(found, None) is None


# Lookups, and parts of it.


@on_engines
def test_each_partition_by_its_key(sstable: SSTableFixture, engine: str) -> None:
    with using(engine), SSTable(sstable.data_path) as opened:
        schema = opened.schema
        found: dict[str, int] = {}
        keys = [column.name for column in schema.partition_key]
        names = keys + [column.name for column in schema.clustering_columns]
        everything = opened.scan(columns=keys).to_arrow().num_rows
        for partition in islice(opened, 50):
            key = schema.decode_key(partition.key)
            found[repr(key)] = len(opened.get(key, columns=names))
        if len(found) < 50:
            assert sum(found.values()) == everything


@on_engines
@pytest.mark.parametrize("case", sstables(own_only=True), ids=str)
def test_token_ranges_are_parts_of_all(case: SSTableFixture, engine: str) -> None:
    with using(engine), SSTable(case.data_path) as opened:
        tokens = sorted({opened.token(partition.key) for partition in opened})
        middle = tokens[len(tokens) // 2]
        whole = opened.to_arrow(empty="null")
        first = opened.to_arrow(token_range=(None, middle), empty="null")
        second = opened.to_arrow(token_range=(middle, None), empty="null")
    assert rows(first) + rows(second) == rows(whole) or _has_nan(whole)
    assert first.num_rows + second.num_rows == whole.num_rows


def _has_nan(table: Any) -> bool:
    return "nan" in repr(rows(table))
