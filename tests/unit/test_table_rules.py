"""Which of two versions counts, what skipping leaves out, earlier times, and what purging drops."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cqlite import Table, Writer
from cqlite.rows import Cell, ComplexColumn, DeletionTime, LivenessInfo, Partition, Row
from cqlite.rows.counters import merge_contexts
from cqlite.rows.live import is_live
from cqlite.rows.merge import merge_cells, merge_rows
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema, parse_cql
from cqlite.sstable.select.arguments import restriction_of
from cqlite.sstable.select.plan import Restriction, Slice, SliceBound
from cqlite.table import Trace
from cqlite.table.purge import Purger
from cqlite.types import CounterColumnType, CounterShard, parse_partitioner, parse_type
from tests.engines import ENGINES, using

NOW = 1_700_000_000
T = NOW * 1_000_000
V = ColumnMetadata("v", parse_type("Int32Type"), ColumnKind.REGULAR)


def table_of(cql: str) -> TableSchema:
    (found,) = parse_cql(cql).tables()
    return found


EVENTS = table_of(
    "CREATE TABLE k.t (p int, c int, v int, m map<int, int>, s int static, PRIMARY KEY (p, c))"
)


def cell(raw: bytes = b"\0\0\0\1", at: int = T, ttl: int | None = None, **more: Any) -> Cell:
    """A cell of ``v``, which expires where it has a ``ttl``."""
    ends = None if ttl is None else NOW + ttl
    return Cell(V, at, raw, **{"ttl": ttl, "local_deletion_time": ends, **more})


def tombstone(at: int = T, deleted: int = NOW) -> Cell:
    """A deleted cell of ``v``."""
    return cell(b"", at, local_deletion_time=deleted, is_tombstone=True)


# Cells.reconcile: at the same timestamp, the first of these counts.
RANKED = [
    cell(b"\0", T + 1),
    tombstone(deleted=NOW + 99),
    tombstone(),
    cell(ttl=20),
    # The same end, though it was written with a longer time to live: written earlier.
    cell(b"\xff", ttl=20, local_deletion_time=NOW + 19),
    cell(b"\xff", ttl=21, local_deletion_time=NOW + 19),
    cell(b"\xff"),
    cell(b"\1\0"),
    cell(b"\1"),
    cell(b""),
]


@pytest.mark.parametrize(("winner", "loser"), list(itertools.combinations(RANKED, 2)))
def test_the_cell_that_counts(winner: Cell, loser: Cell) -> None:
    assert merge_cells(winner, loser) == winner
    assert merge_cells(loser, winner) == winner


# LivenessInfo.supersedes.
LIVENESS = [
    LivenessInfo(T + 1),
    LivenessInfo(T, 0x7FFFFFFF, NOW),
    LivenessInfo(T, 20, NOW + 20),
    LivenessInfo(T, 19, NOW + 19),
    LivenessInfo(T, 20, NOW + 19),
    LivenessInfo(T),
    None,
]


def row(*columns: Cell | ComplexColumn, **fields: Any) -> Row:
    """A row with these columns."""
    return Row(
        **{"clustering": (b"\0\0\0\1",), "liveness": None, "deletion": None} | fields,
        columns=columns,
    )


@pytest.mark.parametrize(("winner", "loser"), list(itertools.combinations(LIVENESS, 2)))
def test_the_liveness_that_counts(winner: LivenessInfo, loser: LivenessInfo | None) -> None:
    for versions in ((winner, loser), (loser, winner)):
        merged = merge_rows([row(cell(), liveness=v) for v in versions], None)
        assert merged is not None
        assert merged.liveness == winner


def test_liveness_ends_with_its_time_to_live() -> None:
    assert is_live(LivenessInfo(T), T - 1, NOW)
    assert not is_live(LivenessInfo(T), T, NOW)
    assert is_live(LivenessInfo(T, 5, NOW + 5), T - 1, NOW + 4)
    assert not is_live(LivenessInfo(T, 5, NOW + 5), T - 1, NOW + 5)
    assert not is_live(LivenessInfo(T, 0x7FFFFFFF, NOW + 5), T - 1, NOW)
    assert not is_live(None, T - 1, NOW)


def test_a_shadowable_deletion_yields_to_newer_liveness() -> None:
    deleted = row(deletion=DeletionTime(T, NOW), is_shadowable=True)
    newer = row(liveness=LivenessInfo(T + 1))
    older = row(cell(), liveness=LivenessInfo(T))
    assert merge_rows([deleted, newer, older], None) == row(cell(), liveness=LivenessInfo(T + 1))
    assert merge_rows([deleted, older], None) == deleted
    regular = replace(deleted, is_shadowable=False)
    merged = merge_rows([regular, newer, older], None)
    assert merged == row(liveness=LivenessInfo(T + 1), deletion=DeletionTime(T, NOW))


# Counters.


def shards(*parts: tuple[int, int, int, str]) -> bytes:
    """A context of (number of the counter id, clock, count, kind)."""
    made = [CounterShard(bytes([number]) * 16, *rest) for number, *rest in parts]  # type: ignore[arg-type]
    return CounterColumnType().encode(made)


@pytest.mark.parametrize(
    ("left", "right", "merged"),
    [
        ((5, 10, "global"), (6, 1, "global"), (6, 1, "global")),
        ((5, 10, "global"), (5, 11, "global"), (5, 11, "global")),
        ((5, 10, "global"), (9, 11, "local"), (5, 10, "global")),
        ((5, 10, "global"), (9, 11, "remote"), (5, 10, "global")),
        ((5, 10, "local"), (9, 11, "remote"), (5, 10, "local")),
        ((5, 10, "local"), (6, 2, "local"), (11, 12, "local")),
        ((5, 10, "local"), (5, 10, "local"), (10, 20, "local")),
        ((5, 10, "remote"), (6, 2, "remote"), (6, 2, "remote")),
        ((5, 10, "remote"), (5, 2, "remote"), (5, 10, "remote")),
        ((-5, 10, "remote"), (6, 2, "remote"), (-5, 10, "remote")),
        ((-5, 10, "remote"), (-6, 2, "remote"), (-6, 2, "remote")),
    ],
)
def test_shards_of_one_replica(
    left: tuple[int, int, str], right: tuple[int, int, str], merged: tuple[int, int, str]
) -> None:
    one, other = shards((1, *left)), shards((1, *right))
    assert merge_contexts(CounterColumnType(), one, other) == shards((1, *merged))
    assert merge_contexts(CounterColumnType(), other, one) == shards((1, *merged))


def test_shards_of_several_replicas_are_kept_each() -> None:
    left = shards((1, 1, 10, "global"), (3, 1, 30, "global"))
    right = shards((2, 1, 5, "remote"), (3, 2, 31, "global"))
    merged = merge_contexts(CounterColumnType(), left, right)
    assert merged == shards((1, 1, 10, "global"), (2, 1, 5, "remote"), (3, 2, 31, "global"))
    assert CounterColumnType().decode(merged) == 46


def test_a_deleted_counter_stays_deleted() -> None:
    column = ColumnMetadata("n", CounterColumnType(), ColumnKind.REGULAR)
    value = Cell(column, T + 5, shards((1, 1, 10, "global")))
    deleted = Cell(column, T, b"", local_deletion_time=NOW, is_tombstone=True)
    assert merge_cells(value, deleted) == merge_cells(deleted, value) == deleted
    later = replace(deleted, timestamp=T + 7, local_deletion_time=NOW + 7)
    assert merge_cells(later, deleted) == merge_cells(deleted, later) == later
    later = replace(deleted, local_deletion_time=NOW + 7)
    assert merge_cells(later, deleted) == merge_cells(deleted, later) == later
    newer = Cell(column, T + 9, shards((1, 2, 12, "global")))
    assert merge_cells(newer, value) == newer
    assert merge_cells(replace(value, timestamp=T + 10), newer) == replace(newer, timestamp=T + 10)


# Schema changes between SSTables.


def written(
    directory: Path, schema: TableSchema, *rows: dict[str, Any], version: str = "oa", at: int = T
) -> Path:
    """Writes an SSTable with these rows."""
    directory.mkdir(parents=True, exist_ok=True)
    with Writer(schema, directory, format=version, now=NOW) as writer:
        for values in rows:
            writer.write(values, timestamp=at)
    return Path(writer.sstables[0])


def answers(schema: TableSchema | str | None, *paths: Path, **options: Any) -> list[dict[str, Any]]:
    """All rows of the table."""
    with Table(*paths, schema=schema, now=NOW, **options) as table:
        return list(table.scan().to_arrow().to_pylist())


def test_columns_that_come_and_go(tmp_path: Path) -> None:
    first = table_of("CREATE TABLE k.t (id int PRIMARY KEY, gone int, back int)")
    second = table_of("CREATE TABLE k.t (id int PRIMARY KEY, added text)")
    old = written(tmp_path / "a", first, {"id": 1, "gone": 1, "back": 1}, {"id": 2, "back": 2})
    new = written(tmp_path / "b", second, {"id": 1, "added": "x"}, version="nb", at=T + 10)
    again = written(tmp_path / "c", first, {"id": 2, "back": 3}, version="da", at=T + 30)
    now = (
        "CREATE TABLE k.t (id int PRIMARY KEY, gone int, back int, added text);"
        f"ALTER TABLE k.t DROP gone USING TIMESTAMP {T + 20};"
        f"ALTER TABLE k.t DROP back USING TIMESTAMP {T + 20};"
        "ALTER TABLE k.t ADD back int;"
    )
    assert answers(now, old, new, again) == [
        {"id": 1, "added": "x", "back": None},
        {"id": 2, "added": None, "back": 3},
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_was_regular_and_is_static(tmp_path: Path, engine: str) -> None:
    """What is stored as regular is of the dropped column (``SerializationHeader.toHeader``)."""
    old = table_of("CREATE TABLE k.t (p int, c int, v int, PRIMARY KEY (p, c))")
    path = written(tmp_path / "a", old, {"p": 1, "c": 1, "v": 1}, at=T + 10)
    now = (
        "CREATE TABLE k.t (p int, c int, v int, PRIMARY KEY (p, c));"
        f"ALTER TABLE k.t DROP v USING TIMESTAMP {T}; ALTER TABLE k.t ADD v int STATIC;"
    )
    with using(engine):
        assert answers(now, path) == [{"p": 1, "c": 1, "v": None}]


def test_types_that_were_widened(tmp_path: Path) -> None:
    """Ints became varints and a user-defined type got a field, in the clustering too."""
    old = table_of(
        "CREATE TYPE k.u (a int); CREATE TABLE k.t (p ascii, c int, v int, u u, f frozen<u>, "
        "PRIMARY KEY (p, c))"
    )
    new = table_of(
        "CREATE TYPE k.u (a int, b text); CREATE TABLE k.t (p text, c varint, v varint, u u, "
        "f frozen<u>, PRIMARY KEY (p, c))"
    )
    one = written(
        tmp_path / "a",
        old,
        *({"p": "x", "c": c, "v": c, "u": {"a": 1}, "f": {"a": c}} for c in (-300, 7)),
    )
    two = written(
        tmp_path / "b",
        new,
        {"p": "x", "c": 1 << 70, "v": 1 << 70, "f": {"a": 1, "b": "y"}},
        {"p": "x", "c": 5, "u": {"a": 2, "b": "z"}},
    )
    for schema in (new, None):
        with Table(one, two, schema=schema) as table:
            names = [column.name for column in table.schema.columns()]
            key, clustering = names[:2]
            found = table.get("x")
            assert [row[clustering] for row in found] == [-300, 5, 7, 1 << 70]
            assert [row["v"] for row in found] == [-300, None, 7, 1 << 70]
            assert [row["u"] and tuple(row["u"]) for row in found] == [
                (1, None),
                (2, "z"),
                (1, None),
                None,
            ]
            sliced = table.slice("x", 5, 7, columns=[clustering])
            assert [row[clustering] for row in sliced] == [5, 7]
            assert key in found[0]


# Skipping.


@pytest.fixture
def layers(tmp_path: Path) -> Callable[..., Table]:
    """Three SSTables: rows 0 to 9, rows 20 to 29, and newer deletions."""
    for number, first in enumerate((0, 20)):
        rows = (
            {"p": p, "c": c, "v": c, "s": p} for p in range(3) for c in range(first, first + 10)
        )
        written(tmp_path / str(number), EVENTS, *rows)
    (tmp_path / "2").mkdir()
    with Writer(EVENTS, tmp_path / "2", format="oa", now=NOW) as writer:
        writer.delete_partition({"p": 1}, timestamp=T + 5)
        writer.delete_range({"p": 0}, (22,), (24,), timestamp=T + 5)
    return lambda **options: Table(
        *(tmp_path / str(number) for number in range(3)), schema=EVENTS, now=NOW, **options
    )


def of(number: int) -> bytes:
    """A serialized int."""
    return number.to_bytes(4, "big")


def read(table: Table, restriction: Restriction, columns: Sequence[str] = ("c",)) -> Any:
    """The clusterings of the rows, and for each SSTable what was read of it."""
    trace = Trace()
    rows = list(table.rows(columns, restriction, trace=trace))
    found = [int.from_bytes(r.values[0] or b"", "big") for r in rows]
    return found, [trace.sstables[str(s.descriptor)] for s in table.sstables]


def test_sstables_without_the_clusterings_are_not_read(layers: Callable[..., Table]) -> None:
    slices = (Slice(SliceBound((of(21),)), SliceBound((of(25),))),)
    with layers() as table:
        rows, (low, high, deletions) = read(table, Restriction((of(0),), slices=slices))
        assert rows == [21, 25]
        assert (low.skipped, low.partitions, low.chunks) == ("clusterings", 0, 0)
        assert (high.skipped, high.partitions, high.index_lookups) == (None, 1, 1)
        assert (deletions.skipped, deletions.partitions) == (None, 1)
        # Static columns are in none of the clusterings.
        _, (low, *_) = read(table, Restriction((of(0),), slices=slices), ["c", "s"])
        assert (low.skipped, low.partitions) == (None, 1)


@pytest.fixture
def apart(tmp_path: Path) -> Table:
    """SSTables with one partition each, in the order of their tokens."""
    partitioner = parse_partitioner("Murmur3Partitioner", EVENTS.partition_key_type)
    keys = sorted(range(3), key=lambda p: partitioner.byte_comparable(of(p)))
    for number, p in enumerate(keys):
        written(tmp_path / str(number), EVENTS, {"p": p, "c": p})
    return Table(*(tmp_path / str(number) for number in range(3)), schema=EVENTS, now=NOW)


def test_sstables_without_the_tokens_are_not_read(apart: Table) -> None:
    with apart as table:
        first, second, third = (s.token_range[0] for s in table.sstables)
        for token_range, expected in (
            ((first, second), ["tokens", None, "tokens"]),
            ((second, None), ["tokens", "tokens", None]),
            ((None, second), [None, None, "tokens"]),
            ((third, None), ["tokens"] * 3),
        ):
            rows, traces = read(table, restriction_of(table, None, token_range))
            assert [trace.skipped for trace in traces] == expected
            assert len(rows) == expected.count(None)
            assert [trace.partitions for trace in traces] == [int(e is None) for e in expected]


def test_sstables_that_the_bloom_filter_rules_out_are_not_looked_into(apart: Table) -> None:
    with apart as table:
        rows, traces = read(table, Restriction(tuple(of(p) for p in range(100))))
        assert len(rows) == 3
        for trace in traces:
            assert trace.keys_filtered + trace.index_lookups == 100
            # One in a hundred may be taken for one that is there.
            assert trace.index_lookups < 10
            assert trace.partitions == 1


def test_without_a_bloom_filter_keys_outside_of_the_sstable_are_ruled_out(apart: Table) -> None:
    for sstable in apart.sstables:
        sstable.components.path("Filter.db").unlink()
    with apart as table:
        middle = table.sstables[1].key_range[0]
        rows, traces = read(table, Restriction((middle,)))
        assert rows == [int.from_bytes(middle)]
        assert [(t.keys_filtered, t.index_lookups) for t in traces] == [(1, 0), (0, 1), (1, 0)]


def test_a_deleted_partition_spares_older_sstables(layers: Callable[..., Table]) -> None:
    with layers() as table:
        rows, (low, high, deletions) = read(table, Restriction((of(1),)))
        assert rows == []
        assert (low.keys_skipped, high.keys_skipped, deletions.partitions) == (1, 1, 1)
        rows, (low, high, deletions) = read(table, Restriction((of(2),)))
        assert rows == [*range(10), *range(20, 30)]
        assert deletions.keys_filtered + deletions.index_lookups == 1
        assert deletions.partitions == 0
        assert low.chunks == 1


def test_an_earlier_time_has_what_was_written_by_then(layers: Callable[..., Table]) -> None:
    with layers() as table:
        assert len(list(table.rows())) == 37
        before = table.as_of(T + 4)
        assert len(list(before.rows())) == 60
        assert len(before.scan().to_arrow()) == 60
        assert before.now == NOW
        _, (low, _, deletions) = read(before, Restriction((of(1),)))
        assert (low.partitions, deletions.skipped) == (1, "timestamps")
        assert list(table.as_of(T - 1).rows()) == []
        assert len(list(table.as_of(T + 5).rows())) == 37


def test_an_earlier_time_of_rows_that_were_changed(tmp_path: Path) -> None:
    with Writer(EVENTS, tmp_path, format="oa", now=NOW) as writer:
        writer.write({"p": 1, "c": 1, "v": 1, "m": {1: 1}, "s": 1}, timestamp=T, ttl=100)
        writer.write({"p": 1, "c": 2, "v": 1}, timestamp=T + 2_000_000, update=True)
        writer.write({"p": 1, "m": {1: 2}, "c": 1}, timestamp=T + 3_000_000, append=["m"])
        writer.delete_range({"p": 1}, (2,), (), timestamp=T + 4_000_000)
    with Table(tmp_path, schema=EVENTS, now=NOW + 1000) as table:
        assert [row["m"] for row in table.get(1)] == [{1: 2}]
        earlier = table.as_of(T + 2_000_000).get(1)
        # What was overwritten or deleted in the same SSTable, it does not tell any more.
        found = [(row["c"], row["v"], row["m"], row["s"]) for row in earlier]
        assert found == [(1, 1, None, 1)]
        assert table.as_of(T + 101_000_000).get(1) == table.get(1)


# Purging.


def test_purging_drops_what_counts_no_more() -> None:
    purger = Purger(NOW, NOW - 100)
    old, young = DeletionTime(T, NOW - 101), DeletionTime(T, NOW - 100)
    assert purger.deletion(old) is None
    assert purger.deletion(young) == young
    ended = cell(ttl=50, local_deletion_time=NOW - 60)
    kept = row(
        cell(),
        liveness=LivenessInfo(T, 5, NOW + 5),
        deletion=young,
    )
    assert purger.row(kept) == kept
    assert purger.row(row(ended, deletion=old, liveness=LivenessInfo(T, 5, NOW - 101))) is None
    # What has expired is deleted from when it was written, at the earliest.
    late = cell(ttl=50, local_deletion_time=NOW - 10)
    assert purger.row(row(late)) == row(cell(b"", local_deletion_time=NOW - 60, is_tombstone=True))
    partition = Partition(b"", old, None, 0, 0, iter([row(tombstone(deleted=NOW - 101)), kept]))
    purged = purger.partition(partition)
    assert purged.deletion is None
    assert list(purged) == [kept]


def test_partitions_can_be_purged(layers: Callable[..., Table]) -> None:
    with layers() as table:
        kept = [p.deletion for p in table.partitions() if not any(p.rows())]
        assert kept == [DeletionTime(T + 5, NOW)]
        purged = table.partitions(gc_before=NOW + 1)
        assert [(p.deletion, any(p.rows())) for p in purged if p.key == of(1)] == [(None, False)]
