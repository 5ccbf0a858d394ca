"""What a Writer makes of Python values, and what it refuses."""

from __future__ import annotations

import random
import uuid
from pathlib import Path
from typing import Any, Literal

import pytest

from cqlite import RowError, SSTable, UnsupportedFeatureError, Writer
from cqlite.rows import DeletionTime, RangeTombstoneMarker, Row
from cqlite.schema import TableSchema, parse_cql
from cqlite.sstable.verify import Severity, verify
from cqlite.sstable.write.ids import short_form

NOW = 1_700_000_000
T = NOW * 1_000_000
CASSANDRAS_ID = "3gab_1l2x_0wxk020wzs8cpp7gdd"


def _table(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


EVENTS = _table(
    "CREATE TYPE k.point (x int, y int);"
    "CREATE TABLE k.events (p int, c int, d text, v text, s int static, tags set<text>, "
    "m map<text, int>, l list<int>, u point, f frozen<list<int>>, PRIMARY KEY (p, c, d))"
)
SIMPLE = _table("CREATE TABLE k.simple (id int PRIMARY KEY, v text)")


def _partitions(writer: Writer) -> list[tuple[int, Any, Any, list[Any]]]:
    """Key, deletion, static row and rows of all that was written, once it verifies."""
    (written,) = writer.sstables
    with SSTable(written) as opened:
        found = [
            (opened.schema.decode_key(p.key)[0], p.deletion, p.static_row, list(p)) for p in opened
        ]
        assert [str(f) for f in verify(opened) if f.severity is not Severity.NOTE] == []
    return found


def _values(row: Row) -> dict[str, Any]:
    return {data.column.name: data.value for data in row.columns if hasattr(data, "value")}


def test_later_writes_count(tmp_path: Path) -> None:
    with Writer(SIMPLE, tmp_path, now=NOW) as writer:
        writer.write({"id": 1, "v": "new"}, timestamp=T + 1)
        writer.write({"id": 1, "v": "old"}, timestamp=T)
        writer.write({"id": 2, "v": "x"}, timestamp=T, update=True)
        writer.delete_partition({"id": 2}, timestamp=T)
    partitions = {key: (deletion, rows) for key, deletion, _, rows in _partitions(writer)}
    (row,) = partitions[1][1]
    assert _values(row) == {"v": "new"}
    assert row.liveness.timestamp == T + 1
    assert partitions[2] == (DeletionTime(T, NOW), [])


@pytest.mark.parametrize("version", ["nb", "oa", "da"])
def test_everything_that_a_row_can_hold(version: str, tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path, format=version, now=NOW) as writer:
        writer.write(
            {
                "p": 1,
                "c": 2,
                "d": "a",
                "v": None,
                "s": 7,
                "tags": {"y", "x"},
                "m": {"k": 1},
                "l": [3, 1],
                "u": {"x": 5},
                "f": [1, 2],
            },
            timestamp=T,
            ttl=60,
        )
    ((_, _, static, (row,)),) = _partitions(writer)
    assert _values(static) == {"s": 7}
    assert (row.liveness.ttl, row.liveness.local_expiration_time) == (60, NOW + 60)
    by_name = {data.column.name: data for data in row.columns}
    assert by_name["v"].is_tombstone
    assert by_name["f"].value == [1, 2]
    assert [cell.decoded_path for cell in by_name["tags"].cells] == ["x", "y"]
    assert [(c.decoded_path, c.value) for c in by_name["m"].cells] == [("k", 1)]
    assert [cell.value for cell in by_name["l"].cells] == [3, 1]
    assert [cell.value for cell in by_name["u"].cells] == [5]
    assert by_name["tags"].deletion == DeletionTime(T - 1, NOW)


def test_range_deletions_shadow_and_meet(tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path, now=NOW) as writer:
        for c in range(6):
            writer.write({"p": 1, "c": c, "d": "a", "v": str(c)}, timestamp=T + c, update=True)
        key = {"p": 1}
        writer.delete_range(key, (1,), (3,), timestamp=T + 2)
        writer.delete_range(key, (3,), timestamp=T + 4)
        writer.delete_cells({"p": 1, "c": 0, "d": "a"}, ["v"], timestamp=T + 9)
    ((_, _, _, unfiltereds),) = _partitions(writer)
    rows = [u.clustering[0][-1] for u in unfiltereds if isinstance(u, Row)]
    kinds = [u.kind.name for u in unfiltereds if isinstance(u, RangeTombstoneMarker)]
    assert rows == [0, 5]
    assert kinds == ["incl_start_bound", "excl_end_incl_start_boundary", "incl_end_bound"]
    assert unfiltereds[0].columns[0].is_tombstone


def test_only_used_columns_are_in_the_header(tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path, now=NOW) as writer:
        writer.write({"p": 1, "c": 1, "d": "", "v": "x"}, timestamp=T)
    with SSTable(writer.sstables[0]) as opened:
        assert list(opened.header.regular_columns) == ["v"]
        assert list(opened.header.static_columns) == []
        assert opened.header.min_timestamp == T


def test_statics_alone(tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path, now=NOW) as writer:
        writer.write({"p": 1, "s": 3}, timestamp=T)
    ((_, _, static, rows),) = _partitions(writer)
    assert _values(static) == {"s": 3}
    assert rows == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"id": "one"}, r"row 2: column id: "),
        ({"id": 1 << 31}, r"row 2: column id: "),
        ({"v": "x"}, r"row 2: column id: a column of the primary key has no value"),
        ({"id": 1, "w": 1}, r"row 2: column w: the table has no such column"),
        ({"id": 1, "v": 5}, r"row 2: column v: "),
        ({"id": 1, "v": "\ud800"}, r"row 2: column v: "),
    ],
)
def test_bad_row_is_named(values: dict[str, Any], message: str, tmp_path: Path) -> None:
    writer = Writer(SIMPLE, tmp_path)
    writer.write({"id": 1, "v": "good"})
    with pytest.raises(RowError, match=message), writer:
        writer.write(values)
    assert not list(tmp_path.iterdir())


def test_counters_are_not_made(tmp_path: Path) -> None:
    counter = _table("CREATE TABLE k.c (id int PRIMARY KEY, n counter)")
    writer = Writer(counter, tmp_path)
    with pytest.raises(UnsupportedFeatureError, match="only that replica may change"), writer:
        writer.write({"id": 1, "n": 1}, update=True)


def test_other_refusals(tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path) as writer:
        with pytest.raises(RowError, match="row 1: column c: a column of the primary key has no"):
            writer.delete_row({"p": 1, "d": "a"})
        with pytest.raises(RowError, match="row 2: column v: only p, c, d can be given here"):
            writer.delete_row({"p": 1, "v": "a"})
        with pytest.raises(RowError, match="row 3: the range's end is not after its start"):
            writer.delete_range({"p": 1}, (3,), (1,))
        with pytest.raises(RowError, match="row 4: a time to live"):
            writer.write({"p": 1, "c": 1, "d": ""}, ttl=-1)
        with pytest.raises(RowError, match="row 5: timestamp"):
            writer.write({"p": 1, "c": 1, "d": ""}, timestamp=1 << 63)
    with pytest.raises(UnsupportedFeatureError, match="version me"):
        Writer(SIMPLE, tmp_path, format="me")
    assert not list(tmp_path.iterdir())


def test_order_and_memory_do_not_matter(tmp_path: Path) -> None:
    rows = [
        {"p": p, "c": c, "d": "x", "v": str(c), "tags": {"a", str(c)}, "l": [c, p], "s": c}
        for p in range(5)
        for c in range(8)
    ]
    files = []
    for number, memory in enumerate((1 << 26, 3000)):
        random.Random(number).shuffle(rows)
        with Writer(EVENTS, tmp_path / str(number), now=NOW, memory=memory) as writer:
            for row in rows:
                writer.write(row, timestamp=T)
                writer.delete_range({"p": row["p"]}, (6,), timestamp=T - 1)
        made = sorted((tmp_path / str(number)).iterdir())
        files.append({path.name: path.read_bytes() for path in made})
    assert files[0] == files[1]


@pytest.mark.parametrize("later", [{"id": 1}, {"id": 2, "v": "x"}])
def test_order_that_was_promised_is_checked(later: dict[str, Any], tmp_path: Path) -> None:
    """Of the two ids 2 has the greater token, so 2, 1 and 2 twice are wrong."""
    with Writer(SIMPLE, tmp_path, sorted=True) as writer:
        writer.write({"id": 1})
        writer.write({"id": 2})
        with pytest.raises(RowError, match=r"row 3: .*sorted was promised"):
            writer.write(later)


def test_nothing_written_makes_nothing(tmp_path: Path) -> None:
    with Writer(SIMPLE, tmp_path, now=NOW) as writer:
        pass
    assert writer.sstables == []
    assert not list(tmp_path.iterdir())


def test_ids_count_on_or_are_unique(tmp_path: Path) -> None:
    kinds: list[Literal["number", "uuid"]] = ["number", "number", "uuid"]
    for ids in kinds:
        with Writer(SIMPLE, tmp_path, ids=ids) as writer:
            writer.write({"id": 1})
    ids_found = sorted(path.name.split("-")[1] for path in tmp_path.glob("*-Data.db"))
    assert ids_found[:2] == ["1", "2"]
    assert len(ids_found[2]) == 28
    with pytest.raises(ValueError, match="no ids of kind"):
        Writer(SIMPLE, tmp_path, ids="other")  # type: ignore[arg-type]


def test_options_of_the_table_count(tmp_path: Path) -> None:
    table = _table(
        "CREATE TABLE k.t (id int PRIMARY KEY) WITH bloom_filter_fp_chance = 0.1 AND compression "
        "= {'class': 'ZstdCompressor', 'chunk_length_in_kb': 64, 'min_compress_ratio': 2, "
        "'compression_level': 5}"
    )
    with Writer(table, tmp_path) as writer:
        writer.write({"id": 1})
    with SSTable(writer.sstables[0]) as opened:
        info = opened.compression
        assert info is not None
        assert (info.compressor, info.chunk_length) == ("ZstdCompressor", 65536)
        assert info.max_compressed_length == 32768
        assert info.options == {"compression_level": "5"}
        assert opened.validation.bloom_filter_fp_chance == 0.1


def test_uuid_in_a_name_is_cassandras() -> None:
    """The UUID that a name of Cassandra's stands for gives that name again."""
    name = CASSANDRAS_ID.replace("_", "")
    days, seconds, ticks, low = (
        int(part, 36) for part in (name[:4], name[4:8], name[8:13], name[13:])
    )
    time = (days * 86_400 + seconds) * 10_000_000 + ticks
    fields = (time & 0xFFFFFFFF, time >> 32 & 0xFFFF, time >> 48 | 0x1000)
    made = uuid.UUID(int=int(f"{fields[0]:08x}{fields[1]:04x}{fields[2]:04x}{low:016x}", 16))
    assert (made.version, made.variant) == (1, uuid.RFC_4122)
    assert short_form(made) == CASSANDRAS_ID
