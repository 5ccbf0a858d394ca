"""Specialised specs in the Kaitai Web IDE's own compiler and runtime.

Each parses what `cqlite decompress` writes; the trees must hold what sstabledump says:
key and column names, values, paths, timestamps, deletions.
"""

from __future__ import annotations

import datetime
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from codegen.compiler import compile_specs
from codegen.plan import load

from cqlite.cli import main
from cqlite.inspect.specialised import spec_for_version, specialised
from cqlite.io import parse_version
from cqlite.sstable import SSTable
from cqlite.types import CqlType, UserType
from cqlite.types.text import maybe_quote
from tests.shared import SSTableFixture, sstables
from tests.webide import drawn, tree

LIMIT = 12_000

CASES = [
    *("own/mc/types/", "own/nb/types/", "own/da/types/", "own/oa/collections/"),
    *("own/me/collections/", "own/oa/statics/", "own/mc/statics/", "own/da/columns_70/"),
    *("own/mc/columns_70/", "own/oa/columns_8/", "own/nb/deletions/", "own/oa/deletions/"),
    *("own/oa/reversed_udt/", "own/oa/clusterings/", "own/oa/counters/", "own/oa/vectors/"),
    *("own/da/expired/", "own/nb/expired/"),
    *("own/oa/ttl/", "own/oa/keys/", "own/me/compact_dense/", "own/oa/shadowable/"),
    *("own/oa/custom/", "shared/types/da/types/t000", "shared/types/oa/types/t005"),
    *("shared/types/nb/types/t012", "shared/types/oa/types/t016"),
]


def chosen() -> list[SSTableFixture]:
    """The first SSTable of each case that is at hand."""
    found = [sstables(containing=name)[:1] for name in CASES]
    return [case for cases in found for case in cases]


@dataclass
class Sample:
    """A specialised spec, the start of its table and the tree of it."""

    sstable: SSTable
    tree: dict[str, Any]
    data: bytes

    def raw(self, node: dict[str, Any]) -> bytes:
        """The bytes that a node is made of."""
        return self.data[node["start"] : node["end"]]


def files(case: SSTableFixture, folder: Path) -> tuple[Path, Path]:
    """What the two commands write."""
    spec, data = folder / "table.ksy", folder / "table.bin"
    for arguments in (
        ["spec", "--for", str(case.data_path), "-o", str(spec)],
        ["decompress", str(case.data_path), "--limit", str(LIMIT), "-o", str(data)],
    ):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert not stop.value.code
    return spec, data


@pytest.mark.node
@pytest.mark.parametrize("case", chosen(), ids=str)
def test_tree_holds_what_sstabledump_says(case: SSTableFixture, tmp_path: Path) -> None:
    spec, data = files(case, tmp_path)
    with SSTable(case.data_path) as sstable:
        sample = Sample(sstable, tree(spec, data), data.read_bytes())
        assert sample.tree["end"] == len(sample.data)
        partitions = fields(sample.tree["fields"][0])
        expected = case.dump()[: len(partitions)]
        assert partitions
        for node, golden in zip(partitions, expected, strict=True):
            check_partition(sample, node, golden)


def fields(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A node's fields."""
    found: list[dict[str, Any]] = node["fields"]
    return found


def child(node: dict[str, Any], *path: str) -> Any:
    """The field at `path`, None if there is none."""
    for name in path:
        node = next((f for f in node.get("fields", []) if f["id"] == name), None)  # type: ignore[assignment]
        if node is None:
            return None
    return node


def check_partition(sample: Sample, node: dict[str, Any], golden: dict[str, Any]) -> None:
    """One partition against sstabledump's."""
    schema = sample.sstable.header_schema
    key = child(node, "header", "key")
    assert schema.key_strings(sample.raw(key)) == golden["partition"]["key"]
    assert len([f for f in fields(key) if "start" in f]) == len(schema.partition_key)
    unfiltereds = [
        f
        for unfiltered in fields(child(node, "unfiltereds"))
        for f in fields(unfiltered)
        if f["id"] in ("row", "static_row", "marker")
    ]
    # A row or static row of which nothing is left is not dumped.
    unfiltereds = [u for u in unfiltereds if u["id"] == "marker" or not is_empty(u)]
    for unfiltered, row in zip(unfiltereds, golden["rows"], strict=True):
        if unfiltered["id"] == "marker":
            check_marker(sample, unfiltered, row)
        else:
            check_row(sample, unfiltered, row)


def is_empty(row: dict[str, Any]) -> bool:
    """Whether a row says nothing."""
    body = child(row, "body")
    has_times = child(body, "liveness_info") or child(body, "deletion")
    return not has_times and not list(columns(row))


def columns(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The columns that a row has; of the column's names only they have these fields."""
    for field in fields(child(row, "body")):
        if child(field, "cell") or child(field, "complex"):
            yield field


def check_row(sample: Sample, node: dict[str, Any], golden: dict[str, Any]) -> None:
    """One row: clustering, times, cells."""
    assert (golden["type"] == "static_block") == (node["id"] == "static_row")
    if node["id"] == "row":
        check_clustering(sample, child(node, "clustering"), golden.get("clustering", []))
    info = golden.get("liveness_info")
    if info:
        found = child(node, "body", "liveness_info", "absolute_timestamp")
        assert int(found["value"]) == micros(info["tstamp"])
    if "ttl" in (info or {}):
        assert int(child(node, "body", "liveness_info", "absolute_ttl")["value"]) == info["ttl"]
    if "deletion_info" in golden:
        check_deletion(child(node, "body", "deletion"), golden["deletion_info"])
    found_cells = [cell for column in columns(node) for cell in cells(sample, column)]
    for (name, path, cell), expected in zip(found_cells, golden["cells"], strict=True):
        assert maybe_quote(name) == expected["name"]
        assert path == (expected["path"][0] if "path" in expected else None)
        check_cell(sample, name, cell, expected)


def cells(
    sample: Sample, column: dict[str, Any]
) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """Name, path and node of each of a column's cells, a complex deletion among them."""
    name = column["original"]
    if child(column, "cell"):
        yield name, None, child(column, "cell")
        return
    kind = column_type(sample, name)
    deletion = child(column, "complex", "deletion")
    if deletion and child(deletion, "absolute_marked_for_delete_at"):
        yield name, None, deletion
    for cell in fields(child(column, "complex", "cells")):
        yield name, path_text(sample, kind, child(cell, "path")), cell


def path_text(sample: Sample, kind: CqlType, path: dict[str, Any]) -> str:
    """A cell's path as sstabledump says it."""
    if isinstance(kind, UserType):
        return kind.field_names[int(single(path) or "")]
    assert kind.name_comparator is not None
    return kind.name_comparator.to_string(sample.raw(path))


def column_type(sample: Sample, name: str) -> CqlType:
    """The type of a column that is no key."""
    column = sample.sstable.header_schema.column(name)
    assert column is not None
    return column.type


def check_cell(sample: Sample, name: str, cell: dict[str, Any], golden: dict[str, Any]) -> None:
    """One cell's value and times, or its deletion."""
    if "marked_deleted" in golden.get("deletion_info", {}):
        check_deletion(cell, golden["deletion_info"])
        return
    if "tstamp" in golden:
        found = child(cell, "header", "absolute_timestamp")
        assert int(found["value"]) == micros(golden["tstamp"])
    if "deletion_info" in golden:
        assert child(cell, "header", "is_deleted")["value"] == "true"
        local = child(cell, "header", "absolute_local_deletion_time")["value"]
        assert int(local) * 1_000_000 == micros(golden["deletion_info"]["local_delete_time"])
        return
    value = child(cell, "value")
    path = child(cell, "path")
    kind = column_type(sample, name).cell_type(path and sample.raw(path))
    if value is None:
        assert golden["value"] == json.loads(kind.to_json(b""))
        return
    check_value(sample, kind, value, golden["value"])


def check_value(sample: Sample, kind: CqlType, node: dict[str, Any], golden: Any) -> None:
    """A value: the right bytes, and where it is one number or text also the right value."""
    raw = sample.raw(node)
    if kind.is_counter:
        # sstabledump takes the start of a counter for a number.
        shards = fields(child(node, "shards"))
        counts = [float(child(shard, "count")["value"].lstrip("~")) for shard in shards]
        assert sum(counts) == pytest.approx(kind.decode(raw))
        return
    assert comparable(json.loads(kind.to_json(raw))) == comparable(golden)
    shown = single(node)
    if shown is not None and isinstance(golden, str | int) and kind.class_name in DIRECT:
        text = {"true": "1", "false": "0"}.get(str(golden).lower(), str(golden))
        assert shown == text or shown.startswith("~")
    if shown is not None and isinstance(golden, float):
        assert float(shown) == pytest.approx(float(golden), nan_ok=True, rel=1e-6)


DIRECT = {
    *("UTF8Type", "AsciiType", "Int32Type", "LongType", "ShortType", "ByteType"),
    "BooleanType",
}
"""Types whose values stand in the tree as sstabledump has them."""


def single(node: dict[str, Any]) -> str | None:
    """The value of a leaf, or of the only field of a type with one field."""
    while "value" not in node:
        inside = [f for f in fields(node) if "start" in f]
        if len(inside) != 1:
            return None
        node = inside[0]
    text: str = node["value"]
    return text


def comparable(value: Any) -> Any:
    """A value in a form in which numbers that are equal are the same."""
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, dict):
        return {str(name): comparable(item) for name, item in value.items()}
    return str(value).lower()


def check_clustering(sample: Sample, node: Any, golden: list[Any]) -> None:
    """Values of clustering columns; those of a bound are fewer."""
    schema = sample.sstable.schema
    wanted = [value for value in golden if value != "*"]
    found = [f for f in fields(child(node, "values")) if f["id"] != "header"] if wanted else []
    for value, column, item in zip(wanted, schema.clustering_columns, found, strict=False):
        held = child(item, "value")
        if held is None:
            assert value in (json.loads(column.type.to_json(b"")), None)
            continue
        check_value(sample, column.type.unwrap(), held, value)
    assert len(found) == len(wanted)


def check_marker(sample: Sample, node: dict[str, Any], golden: dict[str, Any]) -> None:
    """A range tombstone's bound, or both of a boundary."""
    first, second = child(node, "body", "deletion"), child(node, "body", "start_deletion")
    is_boundary = golden["type"] == "range_tombstone_boundary"
    assert is_boundary == (second is not None)
    for name in ("start", "end"):
        if name in golden:
            deletion = second if is_boundary and name == "start" else first
            check_deletion(deletion, golden[name]["deletion_info"])
            values = child(node, "bound", "values")
            check_clustering(sample, values, golden[name].get("clustering", []))


def check_deletion(node: dict[str, Any], golden: dict[str, str]) -> None:
    """A deletion's two times."""
    marked = child(node, "absolute_marked_for_delete_at")["value"]
    assert int(marked) == micros(golden["marked_deleted"])
    local = child(node, "absolute_local_deletion_time")["value"]
    assert int(local) * 1_000_000 == micros(golden["local_delete_time"])


def micros(text: str) -> int:
    """Microseconds since 1970 of sstabledump's times."""
    since = datetime.datetime.fromisoformat(text) - datetime.datetime(
        1970, 1, 1, tzinfo=datetime.UTC
    )
    return since // datetime.timedelta(microseconds=1)


def whole(version: str) -> list[SSTableFixture]:
    """An SSTable of a version, with a large partition and so all there is in indexes."""
    return sstables(versions={version}, containing="/wide/")[:1]


@pytest.mark.node
@pytest.mark.parametrize(
    ("case", "component"),
    [
        pytest.param(case, component, id=f"{case}-{component}")
        for version in ("mc", "oa", "da")
        for case in whole(version)
        for component in case.components()
        if component != "Data.db"
    ],
)
def test_other_components(case: SSTableFixture, component: str, tmp_path: Path) -> None:
    path = tmp_path / "component.ksy"
    with SSTable(case.data_path) as sstable:
        path.write_text(specialised(sstable, component), encoding="utf-8")
    found = tree(path, case.component(component))
    assert fields(found)
    if component == "Index.db":
        blocks = child(fields(child(found, "body", "entries"))[0], "promoted_index", "blocks")
        assert len(fields(blocks)) > 1


@pytest.mark.node
@pytest.mark.parametrize("case", sstables(containing="own/oa/statics/")[:1], ids=str)
def test_page_in_chromium(case: SSTableFixture, tmp_path: Path) -> None:
    spec, data = files(case, tmp_path)
    dom = html.unescape(drawn(spec, data, tmp_path))
    assert f"{data.stat().st_size} bytes parsed" in dom
    with SSTable(case.data_path) as sstable:
        names = [column.name for column in sstable.header_schema.regular_columns]
    for name in names:
        assert f'<span class="id">{name}</span>' in dom
    values = [
        cell["value"]
        for partition in case.dump()[:1]
        for row in partition["rows"]
        for cell in row["cells"]
        if isinstance(cell.get("value"), str | int)
    ]
    assert values
    for value in values:
        assert f'<span class="value">{value}</span>' in dom
    assert (tmp_path / "page.png").stat().st_size > 10_000


@pytest.mark.java
@pytest.mark.parametrize("case", chosen()[:4], ids=str)
def test_compiles_without_warnings(case: SSTableFixture, tmp_path: Path) -> None:
    specs = []
    with SSTable(case.data_path) as sstable:
        for component in sstable.components:
            text = specialised(sstable, component)
            # The compiler wants a file to have the spec's name.
            path = tmp_path / f"{yaml.safe_load(text)['meta']['id']}.ksy"
            path.write_text(text, encoding="utf-8")
            specs.append(path)
    assert compile_specs(load().compiler, specs, tmp_path / "made", "java", ("-w",)) == []


def test_self_contained() -> None:
    case = sstables(own_only=True)[0]
    with SSTable(case.data_path) as sstable:
        for component in sstable.components:
            parsed = yaml.safe_load(specialised(sstable, component))
            assert "imports" not in parsed["meta"]
            assert "params" not in parsed


def test_version_is_set_in_the_root() -> None:
    shipped = spec_for_version("statistics", None)
    changed = spec_for_version("statistics", parse_version("mc", "big"))
    assert "type: body(version::id::mc.to_i)" in changed
    assert changed.replace("::mc.", "::oa.", 1) == shipped
