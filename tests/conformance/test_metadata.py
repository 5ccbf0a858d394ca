"""`cqlite metadata` against sstablemetadata 5.0.6, for every SSTable at hand.

The golden text is parsed into values, and every one of them is looked up in what
`cqlite metadata --json` prints; then the text that `cqlite metadata` prints is compared as
a whole. Two things can't be compared as they stand:

* the line `SSTable`: the path that the tool was called with. Its last part is compared.
* `Estimated droppable tombstones`: it depends on the clock when Cassandra's tool ran. The
  second at which our estimate is the golden one, to the last digit, is searched for, and
  must exist after the SSTable was written and before `LATEST`.

Columns are compared regardless of their order, since sstablemetadata prints them in the
order of a Java hash map.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cqlite.cli import main
from cqlite.io import resolve
from cqlite.sstable.metadata import NO_DELETION_TIME, SSTableMetadata, read_metadata
from tests.shared import SSTableFixture, all_sstables

LATEST = 2_000_000_000
"""No golden text was made after this, in seconds since 1970."""

FIELDS = (
    "SSTable",
    "Partitioner",
    "Bloom Filter FP chance",
    "Minimum timestamp",
    "Maximum timestamp",
    "Duration",
    "SSTable min local deletion time",
    "SSTable max local deletion time",
    "Compressor",
    "Compression ratio",
    "TTL min",
    "TTL max",
    "First token",
    "Last token",
    "Covered clusterings",
    "Estimated droppable tombstones",
    "SSTable Level",
    "Repaired at",
    "Originating host id",
    "Pending repair",
    "Replay positions covered",
    "totalColumnsSet",
    "totalRows",
    "Estimated tombstone drop times",
    "Partition Size",
    "Column Count",
    "Local token space coverage",
    "Estimated cardinality",
    "EncodingStats minTTL",
    "EncodingStats minLocalDeletionTime",
    "EncodingStats minTimestamp",
    "KeyType",
    "ClusteringTypes",
    "StaticColumns",
    "RegularColumns",
    "IsTransient",
)
OPTIONAL = {"Compression ratio", "First token", "Last token"}
_TEXT = re.compile(
    "".join(
        f"(?:{re.escape(name)}: (?P<f{index}>.*?)\n){'?' if name in OPTIONAL else ''}"
        for index, name in enumerate(FIELDS)
    ),
    re.DOTALL,
)
_ENTRY = re.compile(r"   (?P<value>\d+).* \| +(?P<count>\d+) \( *(?P<percent>\d+)\) [Oo.]*")
_PERCENTILE = re.compile(r"   (?P<name>\w+) +(?P<value>\d+)\b.*")
_POSITION = r"CommitLogPosition\(segmentId=(-?\d+), position=(\d+)\)"


@cache
def golden(case: SSTableFixture) -> dict[str, str]:
    """The golden text's values by the name before the colon."""
    match = _TEXT.fullmatch(case.metadata())
    assert match, "the golden text has a line that this test does not know"
    found = {name: match[f"f{index}"] for index, name in enumerate(FIELDS)}
    return {name: value for name, value in found.items() if value is not None}


def number(text: str) -> int:
    """The number in `12`, `12 (comment)` or `date (12)`."""
    match = re.fullmatch(r"(-?\d+)(?: \(.*\))?|.* \((-?\d+)\)", text)
    assert match
    return int(match[1] or match[2])


def deletion_time(text: str) -> int | None:
    value = number(text)
    return None if value == NO_DELETION_TIME else value


def real(text: str) -> float | None:
    return None if text == "NaN" else float(text)


def optional(text: str) -> str | None:
    return None if text == "--" else text


def key(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    token, _, rest = text.partition(" (")
    return {"token": token, "key": rest.removesuffix(")")}


def intervals(text: str) -> list[dict[str, dict[str, int]]]:
    found = re.findall(f"{_POSITION}={_POSITION}", text)
    return [
        {
            "start": {"segment_id": int(a), "position": int(b)},
            "end": {"segment_id": int(c), "position": int(d)},
        }
        for a, b, c, d in found
    ]


def histogram(text: str) -> dict[str, Any]:
    _, head, *rows = text.split("\n")
    assert head.endswith("  (%)  Histogram ")
    at = rows.index("   Percentiles")
    entries = [_ENTRY.fullmatch(row) for row in rows[:at]]
    assert all(entries)
    percentiles = [_PERCENTILE.fullmatch(row) for row in rows[at + 1 :]]
    assert all(percentiles)
    return {
        "entries": [{k: int(v) for k, v in m.groupdict().items()} for m in entries if m],
        "percentiles": {m["name"].lower(): int(m["value"]) for m in percentiles if m},
    }


def columns(text: str) -> list[str]:
    """`a:type, b:type` apart, where types may have commas inside parentheses."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and text.startswith(", ", at):
            parts.append(text[start:at])
            start = at + 2
    return sorted([*parts, text[start:]]) if text else []


def covered(document: dict[str, Any] | None) -> str:
    if document is None:
        return "ALL"
    start, end = document["start"], document["end"]
    ends = [":".join("null" if v is None else v for v in b["values"]) for b in (start, end)]
    opening, closing = "[" if start["inclusive"] else "(", "]" if end["inclusive"] else ")"
    return f"{opening}{ends[0]}, {ends[1]}{closing}"


def expected(case: SSTableFixture) -> dict[str, Any]:
    """The golden values under the keys of the JSON document."""
    text = golden(case)
    return {
        "partitioner": text["Partitioner"],
        "bloom_filter_fp_chance": real(text["Bloom Filter FP chance"]),
        "min_timestamp": number(text["Minimum timestamp"]),
        "max_timestamp": number(text["Maximum timestamp"]),
        "min_local_deletion_time": deletion_time(text["SSTable min local deletion time"]),
        "max_local_deletion_time": deletion_time(text["SSTable max local deletion time"]),
        "compressor": None if text["Compressor"] == "-" else text["Compressor"],
        "compression_ratio": real(text.get("Compression ratio", "NaN")),
        "min_ttl": number(text["TTL min"]),
        "max_ttl": number(text["TTL max"]),
        "first": key(text.get("First token")),
        "last": key(text.get("Last token")),
        "covered_clusterings": text["Covered clusterings"],
        "estimated_droppable_tombstones": real(text["Estimated droppable tombstones"]),
        "sstable_level": number(text["SSTable Level"]),
        "repaired_at": number(text["Repaired at"]),
        "originating_host_id": optional(text["Originating host id"]),
        "pending_repair": optional(text["Pending repair"]),
        "commit_log_intervals": intervals(text["Replay positions covered"]),
        "total_columns_set": number(text["totalColumnsSet"]),
        "total_rows": number(text["totalRows"]),
        "tombstone_drop_times": histogram(text["Estimated tombstone drop times"]),
        "partition_sizes": histogram(text["Partition Size"]),
        "cells_per_partition": histogram(text["Column Count"]),
        "token_space_coverage": real(text["Local token space coverage"]),
        "estimated_cardinality": number(text["Estimated cardinality"]),
        "encoding_stats": {
            "min_ttl": number(text["EncodingStats minTTL"]),
            "min_local_deletion_time": number(text["EncodingStats minLocalDeletionTime"]),
            "min_timestamp": number(text["EncodingStats minTimestamp"]),
        },
        "key_type": text["KeyType"],
        "clustering_types": text["ClusteringTypes"],
        "static_columns": columns(text["StaticColumns"]),
        "regular_columns": columns(text["RegularColumns"]),
        "is_transient": text["IsTransient"] == "true",
    }


def answered(document: dict[str, Any]) -> dict[str, Any]:
    """The document's values in the form of `expected`."""
    compression = document["compression"] or {}
    flat = {
        **document,
        "compressor": compression.get("compressor"),
        "compression_ratio": compression.get("ratio"),
        "covered_clusterings": covered(document["covered_clusterings"]),
        "clustering_types": f"[{', '.join(document['clustering_types'])}]",
    }
    for end in ("first", "last"):
        if document[end] is not None:
            flat[end] = {k: document[end][k] for k in ("token", "key")}
    for kind in ("static_columns", "regular_columns"):
        flat[kind] = sorted(f"{name}:{type_}" for name, type_ in document[kind].items())
    return flat


def golden_clock(case: SSTableFixture, metadata: SSTableMetadata) -> int:
    """The earliest second from which on our estimate is at least the golden one."""
    wanted = real(golden(case)["Estimated droppable tombstones"])
    assert wanted is not None
    low, high = metadata.stats.max_timestamp // 1_000_000, LATEST
    low = low if 0 < low < high else 0
    while low < high:
        middle = (low + high) // 2
        if metadata.stats.estimated_droppable_tombstone_ratio(middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    with pytest.raises(SystemExit) as stop:
        main(["metadata", *map(str, arguments)])
    captured = capsys.readouterr()
    assert (stop.value.code or 0, captured.err) == (0, "")
    return captured.out


@pytest.fixture
def clock(sstable: SSTableFixture) -> str:
    metadata = read_metadata(resolve(sstable.data_path))
    return f"--now={golden_clock(sstable, metadata)}"


def test_json_agrees_value_by_value(
    sstable: SSTableFixture, clock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(run(capsys, "--json", clock, sstable.data_path))
    answer = answered(document)
    wanted = expected(sstable)
    assert {name: answer[name] for name in wanted} == wanted
    assert document["sstable"].endswith(sstable.stem)
    assert document["version"] == sstable.version


def test_text_is_cassandra_s(
    sstable: SSTableFixture, clock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = list(comparable(run(capsys, clock, sstable.data_path)))
    assert answer == list(comparable(sstable.metadata()))


def comparable(text: str) -> Iterator[str | list[str]]:
    for line in text.split("\n"):
        name, _, value = line.partition(": ")
        if name == "SSTable":
            yield value.rpartition("/")[2]
        elif name in ("StaticColumns", "RegularColumns"):
            yield columns(value)
        else:
            yield line


def test_there_is_something_to_compare() -> None:
    assert all_sstables()
