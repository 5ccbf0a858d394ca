"""Arrow's rows written by the native engine are those written by the reference engine."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from cqlite.errors import CqliteError, RowError, SchemaError, UnsupportedFeatureError
from cqlite.importing import Options, write
from cqlite.importing.arrow import native_writer, write_arrow
from cqlite.importing.arrow_input import ArrowInput
from cqlite.importing.load import Counts
from cqlite.io.native import VARIABLE
from cqlite.sstable import SSTable
from cqlite.sstable.write.options import table

pytestmark = pytest.mark.rust

NOW = 1_700_000_000
TIMESTAMP = 1_700_000_000_000_000
ALL_TYPES = """CREATE TABLE k.t (a text, b date, c int, d timestamp, e ascii, f blob, g boolean,
h double, i float, j bigint, k smallint, l tinyint, m time, n uuid, o timeuuid,
PRIMARY KEY ((a, b), c, d)) WITH CLUSTERING ORDER BY (c DESC, d ASC)"""


def all_types(number: int, seed: int = 1) -> pa.Table:
    chance = random.Random(seed)

    def some(make: Any) -> list[Any]:
        return [None if chance.random() < 0.2 else make() for _ in range(number)]

    uuids = pa.binary(16)
    keys = [chance.randrange(1 + number // 20) for _ in range(number)]
    return pa.table(
        {
            "o": pa.array(some(lambda: _time_uuid(chance)), uuids),
            "n": pa.array(some(lambda: chance.randbytes(16)), uuids),
            "a": [f"key {key}" for key in keys],
            "b": pa.array([key % 7 - 3 for key in keys], pa.int32()).cast(pa.date32()),
            "c": pa.array([chance.randint(-20, 20) for _ in keys], pa.int64()),
            "d": pa.array([1000 * chance.randint(-9, 9) for _ in keys], pa.timestamp("us")),
            "e": some(lambda: "x" * chance.randrange(300)),
            "f": pa.array(some(lambda: chance.randbytes(chance.randrange(9))), pa.large_binary()),
            "g": some(lambda: chance.random() < 0.5),
            "h": some(chance.random),
            "i": pa.array(some(chance.random), pa.float32()),
            "j": some(lambda: chance.randint(-(1 << 63), (1 << 63) - 1)),
            "k": pa.array(some(lambda: chance.randint(-(1 << 15), (1 << 15) - 1)), pa.int16()),
            "l": pa.array(some(lambda: chance.randint(-128, 127)), pa.int8()),
            "m": pa.array(some(lambda: chance.randrange(86_400_000)), pa.time32("ms")),
        }
    )


def _time_uuid(chance: random.Random) -> bytes:
    made = bytearray(chance.randbytes(16))
    made[6] = made[6] & 0x0F | 0x10
    return bytes(made)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _by_both(
    data: pa.Table, cql: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **how: Any
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    how = {"timestamp": TIMESTAMP, "now": NOW, **how}
    assert native_writer([data.schema], table(cql), folder / "tried", {}) is not None
    write_arrow(data, cql, folder / "native", **how)
    with monkeypatch.context() as patch:
        patch.setenv(VARIABLE, "reference")
        write_arrow(data, cql, folder / "reference", **how)
    return _files(folder / "native"), _files(folder / "reference")


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"format": "oa", "ttl": 1000},
        {"format": "nb", "null_deletes": True, "compression": "none"},
        {"null_deletes": True, "ttl": 5, "bloom_fp_chance": 1.0},
        {"max_sstable_size": 20_000, "memory": 1 << 16},
        {"partitioner": "RandomPartitioner", "chunk_length": 4096},
    ],
    ids=str,
)
def test_all_types(how: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # With more rows than there are clusterings, so that rows are there twice.
    native, reference = _by_both(all_types(700), ALL_TYPES, tmp_path, monkeypatch, **how)
    assert native == reference


@pytest.mark.parametrize("number", [1, 3000])
def test_one_key(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pa.table({"id": range(number), "v": pa.array([None] * number, pa.string())})
    cql = "CREATE TABLE k.t (id bigint PRIMARY KEY, v text, w text)"
    native, reference = _by_both(data, cql, tmp_path, monkeypatch)
    assert native == reference


def test_structs_of_no_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = pa.array([{}, None], pa.struct([]))
    data = pa.table({"id": [1, 2], "v": nothing})
    cql = "CREATE TABLE k.t (id int PRIMARY KEY, v frozen<tuple<int, text>>)"
    native, reference = _by_both(data, cql, tmp_path, monkeypatch)
    assert native == reference


@pytest.mark.parametrize("size", [None, 4096])
def test_wide_partition(size: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{at % 89} and more " * (at % 9) for at in range(3000)]
    data = pa.table({"id": [1] * 3000, "at": range(3000), "v": texts})
    cql = "CREATE TABLE k.t (id int, at int, v text, PRIMARY KEY (id, at))"
    native, reference = _by_both(data, cql, tmp_path, monkeypatch, column_index_size=size)
    assert native == reference
    assert len(native["da-1-bti-Rows.db"]) > (100 if size is None else 300)
    with SSTable(tmp_path / "native") as opened:
        row_index = next(iter(opened.index)).row_index
        assert row_index is not None
        blocks = [block.offset for block in row_index.blocks()]
    gaps = [after - before for before, after in pairwise(blocks)]
    assert min(gaps) >= (size or 16 * 1024) > max(gaps) // 2


def test_later_rows_count(tmp_path: Path) -> None:
    data = pa.table({"id": [1, 2, 1], "v": ["first", "other", "last"]})
    (path,) = write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY, v text)", tmp_path / "new")
    with SSTable(path) as opened:
        assert sorted(opened.to_arrow()["v"].to_pylist()) == ["last", "other"]


def test_no_rows(tmp_path: Path) -> None:
    data = pa.table({"id": pa.array([], pa.int32())})
    assert write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY)", tmp_path / "new") == []
    assert list(tmp_path.iterdir()) == []


WRONG = [
    ("int", pa.array([1, 1 << 40]), "range"),
    ("tinyint", pa.array([1, 128]), "range"),
    ("ascii", pa.array(["a", "ä"]), "ASCII"),
    ("timestamp", pa.array([1000, 1], pa.timestamp("us")), "between two milliseconds"),
    ("time", pa.array([1, -1], pa.int64()).cast(pa.time64("ns")), "within a day"),
    ("timeuuid", pa.array([_time_uuid(random.Random(1)), bytes(16)], pa.binary(16)), "version 0"),
]


@pytest.mark.parametrize(("kind", "values", "reason"), WRONG, ids=[kind for kind, *_ in WRONG])
def test_wrong_values(kind: str, values: pa.Array, reason: str, tmp_path: Path) -> None:
    cql = f"CREATE TABLE k.t (id int PRIMARY KEY, v {kind})"
    data = pa.table({"id": [1, 2], "v": values})
    assert native_writer([data.schema], table(cql), tmp_path / "tried", {}) is not None
    with pytest.raises(RowError, match=reason) as caught:
        write_arrow(data, cql, tmp_path / "new")
    assert (caught.value.row, caught.value.column) == (2, "v")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("key", [None, ""])
def test_keys_have_values(key: str | None, tmp_path: Path) -> None:
    data = pa.table({"id": pa.array(["a", key])})
    with pytest.raises(RowError, match="key") as caught:
        write_arrow(data, "CREATE TABLE k.t (id text PRIMARY KEY)", tmp_path / "new")
    assert (caught.value.row, caught.value.column) == (2, "id")


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_what_cannot_be(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, engine)
    data = pa.table({"id": [1], "v": [1]})
    with pytest.raises(SchemaError, match="no column 'v'"):
        write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY)", tmp_path)
    with pytest.raises(SchemaError, match="cannot be"):
        write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY, v blob)", tmp_path)
    with pytest.raises(UnsupportedFeatureError, match="counters"):
        write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY, v counter)", tmp_path)
    cql = "CREATE TABLE k.t (id int PRIMARY KEY, v int)"
    with pytest.raises(CqliteError, match="Bloom"):
        write_arrow(data, cql, tmp_path, bloom_fp_chance=1e-9)


COLLECTIONS = """CREATE TABLE k.t (id int, at frozen<list<int>>, a list<text>, b set<double>,
c map<timeuuid, boolean>, d frozen<set<text>>, e frozen<map<int, frozen<list<smallint>>>>, f text,
PRIMARY KEY (id, at))"""


def collections(number: int) -> pa.Table:
    chance = random.Random(number)

    def some(make: Any) -> list[Any]:
        return [
            None if chance.random() < 0.2 else [make() for _ in range(chance.randrange(5))]
            for _ in range(number)
        ]

    uuids = pa.map_(pa.binary(16), pa.bool_())
    lists = pa.map_(pa.int64(), pa.list_(pa.int64()))
    return pa.table(
        {
            "id": [chance.randrange(1 + number // 9) for _ in range(number)],
            "at": pa.array([[chance.randint(-1, 1)] * chance.randint(1, 2) for _ in range(number)]),
            "a": pa.array(some(lambda: chance.choice(("", "x", "long" * 50)))),
            "b": pa.array(some(lambda: chance.choice((0.0, -0.0, 1.5, -2.5)))),
            "c": pa.array(some(lambda: (_time_uuid(chance), chance.random() < 0.5)), uuids),
            "d": pa.array(some(lambda: chance.choice("abc")), pa.large_list(pa.string())),
            "e": pa.array(some(lambda: (chance.randint(-3, 3), [1, 2])), lists),
            "f": pa.array([None] * number, pa.string()),
        }
    )


@pytest.mark.parametrize("how", [{}, {"null_deletes": True, "ttl": 60, "format": "nb"}], ids=str)
def test_collections(how: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    native, reference = _by_both(collections(400), COLLECTIONS, tmp_path, monkeypatch, **how)
    assert native == reference


def test_collections_have_no_nulls(tmp_path: Path) -> None:
    data = pa.table({"id": [1], "v": [["a", None]]})
    cql = "CREATE TABLE k.t (id int PRIMARY KEY, v list<text>)"
    with pytest.raises(RowError, match="no nulls in collections"):
        write_arrow(data, cql, tmp_path / "new")


def test_other_types_go_the_other_way(tmp_path: Path) -> None:
    data = pa.table({"id": [1], "v": ["2"]})
    cql = "CREATE TABLE k.t (id int PRIMARY KEY, v int)"
    assert native_writer([data.schema], table(cql), tmp_path / "tried", {}) is None
    (path,) = write_arrow(data, cql, tmp_path / "new", timestamp=TIMESTAMP)
    with SSTable(path) as opened:
        assert opened.to_arrow()["v"].to_pylist() == [2]


@pytest.mark.parametrize("null_deletes", [False, True])
def test_batches_in_any_order(
    null_deletes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Batches that follow one another in their partitions, then some that reach into others.
    cql = "CREATE TABLE k.t (id int, at int, v text, w int, PRIMARY KEY (id, at))"
    rows = [(row // 40 % 5, row % 40 + row // 200 * 40) for row in range(600)]
    rows += [(row % 5, row * 3) for row in range(200)]
    data = pa.table(
        {
            "id": [key for key, _ in rows],
            "at": [at for _, at in rows],
            "v": [None if at % 7 == 0 else "v" * (at % 300) for _, at in rows],
            "w": pa.array([None if at % 5 == 0 else at for _, at in rows], pa.int64()),
        }
    )
    chunks = pa.Table.from_batches(data.to_batches(max_chunksize=90))
    native, reference = _by_both(
        chunks, cql, tmp_path, monkeypatch, null_deletes=null_deletes, chunk_length=4096
    )
    assert native == reference


UNUSUAL = [
    ("text", pa.array(["a", "b", None, "a", ""]).dictionary_encode()),
    ("int", pa.array([1, None, 3, 1, 1], pa.int64()).dictionary_encode()),
    ("date", pa.array([0, 86_400_000, -86_400_000, None, 1 << 40], pa.date64())),
    ("decimal", pa.array(["1.50", "-1E+3", "0", None, "12345678901234567890.123456789e-30"])),
    ("decimal", pa.array([Decimal("1.50"), Decimal("-0.01"), None, Decimal(0), Decimal(7)])),
    ("decimal", pa.array([Decimal("9" * 60), None, Decimal(-5), Decimal(128), Decimal(-128)])),
    ("decimal", pa.array([1, -129, None, 0, 1 << 40])),
    ("varint", pa.array(["1", "-12345678901234567890123", "+5", None, "000"])),
    ("varint", pa.array([Decimal("100"), None, Decimal("-7"), Decimal(0), Decimal(255)])),
    ("varint", pa.array([1, -129, None, 0, 1 << 40])),
    ("inet", pa.array(["1.2.3.4", "::1", None, "::ffff:1.2.3.4", "2001:db8::ff00:42:8329"])),
    ("inet", pa.array(["1", "1.2", "1.2.65535", "4294967295", "01.2.3.4", "[::1]", "::1%5", "::"])),
    ("inet", pa.array(["00001::00c", "::01.2.3.4", "::00.1.2.3", "A:b::FFFF:0:1.2.3.4", "::0:0"])),
    ("duration", pa.array([(1, 2, 3), (-1, 0, -(10**15)), None, (0, 0, 0), (12, 31, 10**12)],
                          pa.month_day_nano_interval())),
    ("vector<float, 3>", pa.array([[1, 2, 3], None, [0, -1, 0.5], [9, 9, 9], [1, 1, 1]],
                                  pa.list_(pa.float32(), 3))),
    ("vector<text, 2>", pa.array([["a", "bc"], None, ["", "x" * 200], ["a", "b"], ["c", "d"]],
                                 pa.list_(pa.string(), 2))),
    ("tuple<int, text, decimal>", pa.array(
        [{"0": 1, "1": "a", "2": "1.5"}, None, {"0": None, "1": "", "2": None}, {}, {"0": 7}],
        pa.struct({"0": pa.int64(), "1": pa.string(), "2": pa.string()}))),
    ("tuple<int, text>", pa.array([{"1": "a"}, None, {"1": None}, {"1": ""}, {"1": "b"}])),
    ("frozen<place>", pa.array(
        [{"number": 1, "street": "a"}, None, {"number": None, "street": ""}, {}, {"number": 7}],
        pa.struct({"number": pa.int32(), "street": pa.string()}))),
    ("frozen<list<frozen<place>>>", pa.array(
        [[{"street": "a"}, {"street": None}], None, [], [{"street": ""}], [{"street": "b"}]])),
    ("map<text, frozen<tuple<int>>>", pa.array(
        [[("a", {"0": 1})], None, [], [("b", {"0": None})], [("", {"0": 5}), ("c", {"0": 6})]],
        pa.map_(pa.string(), pa.struct({"0": pa.int32()})))),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), UNUSUAL, ids=[f"{k} {v.type}" for k, v in UNUSUAL])
def test_unusual_values(
    kind: str, values: pa.Array, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pa.table({"id": range(len(values)), "v": values})
    cql = "CREATE TYPE k.place (street text, number int);"
    cql += f"CREATE TABLE k.t (id bigint PRIMARY KEY, v {kind})"
    native, reference = _by_both(data, cql, tmp_path, monkeypatch)
    assert native == reference


@pytest.mark.parametrize(
    ("kind", "text"),
    [("decimal", "1..5"), ("decimal", "NaN"), ("varint", "1.5"), ("decimal", "1e99999999999"),
     ("varint", ""), ("inet", ""), ("inet", "1..3"), ("inet", "1.256.3.4"), ("inet", "1.2.65536"),
     ("inet", "4294967296"), ("inet", "1.2.3.4.5"), ("inet", "00000000000001.2"), ("inet", "[::1"),
     ("inet", "::1%eth0"), ("inet", "[1.2.3.4]"), ("inet", "::1.2.3.04"), ("inet", "1:2")],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_texts_that_say_nothing(
    kind: str, text: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, engine)
    data = pa.table({"id": [1, 2], "v": pa.array([None, text])})
    with pytest.raises(RowError) as caught:
        write_arrow(data, f"CREATE TABLE k.t (id int PRIMARY KEY, v {kind})", tmp_path / "new")
    assert (caught.value.row, caught.value.column) == (2, "v")


def test_texts_are_looked_at(tmp_path: Path) -> None:
    bytes_of = [pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")]
    texts = pa.StringArray.from_buffers(2, *bytes_of)
    data = pa.table({"id": [1, 2], "v": texts})
    with pytest.raises(RowError, match="UTF-8") as caught:
        write_arrow(data, "CREATE TABLE k.t (id int PRIMARY KEY, v text)", tmp_path / "new")
    assert (caught.value.row, caught.value.column) == (2, "v")
    assert not (tmp_path / "new").exists()


def test_rows_that_cannot_be_written_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One is the first, two follow one another, one is the last.
    wrong = {0, 7, 8, 29}
    paths = []
    for number in range(2):
        values = [1 << 40 if row in wrong else row for row in range(30)]
        ids = [None if row == 15 else row + 30 * number for row in range(30)]
        data = pa.table({"id": pa.array(ids, pa.int32()), "v": pa.array(values, pa.int64())})
        paths.append(tmp_path / f"{number}.parquet")
        parquet.write_table(data, paths[-1])
    made = {}
    schema = table("CREATE TABLE k.t (id int PRIMARY KEY, v int)")
    for engine in ("native", "reference"):
        monkeypatch.setenv(VARIABLE, engine)
        inputs = [ArrowInput(path, schema, is_parquet=True) for path in paths]
        rejected: list[tuple[Any, ...]] = []
        counts, _ = write(
            inputs,
            schema,
            tmp_path / engine,
            Options(TIMESTAMP),
            lambda source, error, to=rejected: to.append((source.path, error.row, error.column)),
            lambda position: None,
            now=NOW,
        )
        made[engine] = (counts, rejected, _files(tmp_path / engine))
    assert made["native"] == made["reference"]
    assert made["native"][0] == Counts(50, 10)
