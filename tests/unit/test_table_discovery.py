"""Which SSTables a table is found to have, below directories of all kinds."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import pytest

from cqlite import (
    CorruptSSTableError,
    MissingComponentError,
    NotAnSSTableError,
    SchemaError,
    Table,
    UnsupportedVersionError,
    Writer,
)
from cqlite.schema import TableSchema, parse_cql
from cqlite.table.discover import Discovery, discover
from tests.engines import ENGINES, using
from tests.shared import OWN

NOW = 1_700_000_000
T = NOW * 1_000_000
FOLDER = "t-5a1b1ca866023f77a0459273d308917a"
CREATE = "CREATE TABLE ks.t (id int PRIMARY KEY, v text)"
(SCHEMA,) = parse_cql(CREATE).tables()


def written(directory: Path, *ids: int, schema: TableSchema = SCHEMA) -> Path:
    """Writes an SSTable with one row for each of ``ids``; its Data.db."""
    directory.mkdir(parents=True, exist_ok=True)
    with Writer(schema, directory, format="oa", now=NOW) as writer:
        for number in ids:
            writer.write({"id": number, "v": f"v{number}"}, timestamp=T)
    (made,) = writer.sstables
    return Path(made)


def renamed(data: Path, number: int) -> str:
    """Gives an SSTable a number for its id; the prefix of its file names."""
    prefix = data.name.removesuffix("Data.db")
    version, _, kind, _ = prefix.split("-")
    new = f"{version}-{number}-{kind}-"
    for path in list(data.parent.glob(f"{prefix}*")):
        path.rename(path.with_name(new + path.name.removeprefix(prefix)))
    return new


def numbered(directory: Path, number: int, *ids: int) -> str:
    """An SSTable with a number for its id; the prefix of its file names."""
    return renamed(written(directory / f"{number}.new", *ids), number) and moved(
        directory / f"{number}.new", directory
    )


def moved(source: Path, target: Path) -> str:
    """Moves all files; the prefix of their names."""
    (prefix,) = {"-".join(path.name.split("-")[:3]) + "-" for path in source.iterdir()}
    for path in source.iterdir():
        path.rename(target / path.name)
    source.rmdir()
    return prefix


def ids_of(*paths: Path, schema: str | None = CREATE) -> list[int]:
    """The ids of all rows of the table below ``paths``."""
    with Table(*paths, schema=schema) as table:
        return sorted(row["id"] for row in table.scan(["id"]).to_arrow().to_pylist())


def names(found: Discovery) -> list[str]:
    """The prefixes of the SSTables' file names."""
    return [descriptor.prefix for descriptor in found.sstables]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table's directory in a data directory, with two SSTables."""
    directory = tmp_path / "data" / "ks" / FOLDER
    directory.mkdir(parents=True)
    numbered(directory, 1, 1, 2)
    numbered(directory, 2, 3)
    return directory


def test_a_tables_directory_and_those_above(folder: Path) -> None:
    written(folder.parent / "other-0feb57ac311f382fba6d9024d305702f", 9)
    assert ids_of(folder) == [1, 2, 3]
    with pytest.raises(NotAnSSTableError, match=r"2 tables here, name one: ks\.other, ks\.t"):
        discover([folder.parents[1]])
    assert len(discover([folder.parents[1]], "ks", "t").sstables) == 2
    with pytest.raises(NotAnSSTableError, match=r"no such table here; there are ks\.other, ks\.t"):
        discover([folder.parents[1]], "ks", "u")
    assert len(discover([folder / "oa-1-big-Data.db"]).sstables) == 1


def test_other_tables_are_not_looked_into(folder: Path) -> None:
    other = folder.with_name("other-0feb57ac311f382fba6d9024d305702f")
    other.mkdir()
    (other / "zz-1-big-Data.db").touch()
    with pytest.raises(UnsupportedVersionError):
        discover([folder.parents[1]])
    assert len(discover([folder.parents[1]], "ks", "t").sstables) == 2
    with pytest.raises(UnsupportedVersionError):
        discover([folder.parents[1]], "ks", "other")
    with pytest.raises(NotAnSSTableError, match=r"no such table here; there are ks\.other, ks\.t"):
        discover([folder.parents[1]], "elsewhere", "t")


def test_relative_paths(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parents[1] / "schema.cql").write_text(CREATE)
    for here, path in (
        (folder, "."),
        (folder, f"../{FOLDER}"),
        (folder.parent, FOLDER),
        (folder.parents[1], "ks"),
        (folder, "oa-1-big-Data.db"),
    ):
        monkeypatch.chdir(here)
        with Table(path) as table:
            assert (table.schema.keyspace, table.schema.name) == ("ks", "t")
            assert table.schema_source == str(folder.parents[1] / "schema.cql")


def test_directories_that_do_not_say_whose_they_are(folder: Path, tmp_path: Path) -> None:
    both = tmp_path / "copies"
    for name in ("after", "before"):
        shutil.copytree(folder, both / name)
    with pytest.raises(NotAnSSTableError, match="name one, or each of those that are of one table"):
        discover([both])
    assert ids_of(both / "after") == ids_of(both / "after", both / "before") == [1, 2, 3]


def test_what_a_shell_would_expand(folder: Path) -> None:
    for path, hint in (("~/data", "~ is what a shell"), (f"{folder}/*.db", "patterns are what")):
        with pytest.raises(NotAnSSTableError, match=f"no such file or directory; {hint}"):
            discover([path])


def test_a_table_that_was_dropped_and_made_again(folder: Path) -> None:
    again = folder.with_name("t-" + "f" * 32)
    shutil.copytree(folder, again / "snapshots" / "dropped")
    assert len(discover([folder.parent]).sstables) == 2
    (folder / "oa-1-big-Data.db").rename(again / "oa-1-big-Data.db")
    with pytest.raises(NotAnSSTableError, match=f"different ids, name one: {folder}, {again}"):
        discover([folder.parent], "ks", "t")


def test_nothing_there(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NotAnSSTableError, match="no such file or directory"):
        discover([tmp_path / "nothing"])
    empty = tmp_path / "data2" / "ks" / FOLDER
    (empty / "snapshots" / "before").mkdir(parents=True)
    with pytest.raises(NotAnSSTableError, match="only snapshots: before"):
        discover([empty])
    for name in ("one", "two"):
        shutil.copytree(folder, empty / "snapshots" / name)
    with pytest.raises(NotAnSSTableError, match="2 snapshots here, name one: one, two"):
        discover([empty / "snapshots"])


def test_snapshots_and_backups_are_not_part_of_the_live_table(folder: Path) -> None:
    snapshot = folder / "snapshots" / "before"
    written(snapshot, 7)
    written(folder / "backups", 8)
    (snapshot / "schema.cql").write_text(CREATE + ";")
    assert ids_of(folder) == [1, 2, 3]
    assert ids_of(snapshot, schema=None) == [7]
    assert ids_of(folder / "backups") == [8]
    assert ids_of(snapshot, folder / "backups") == [7, 8]


@pytest.mark.parametrize("copy", [os.link, shutil.copyfile])
def test_an_sstable_that_is_there_twice_counts_once(folder: Path, copy: object) -> None:
    snapshot = folder / "snapshots" / "before"
    snapshot.mkdir(parents=True)
    for path in folder.glob("oa-1-*"):
        copy(path, snapshot / path.name)  # type: ignore[operator]
    found = discover([snapshot, folder])
    assert [d.directory.name for d in found.sstables] == ["before", FOLDER]
    assert names(found) == ["oa-1-big-", "oa-2-big-"]


def test_the_same_id_of_another_replica_is_another_sstable(tmp_path: Path, folder: Path) -> None:
    replica = tmp_path / "data2" / "ks" / FOLDER
    replica.mkdir(parents=True)
    numbered(replica, 1, 4, 5)
    assert ids_of(folder, replica) == [1, 2, 3, 4, 5]


def test_what_is_incomplete_is_passed_over_and_said(folder: Path) -> None:
    (folder / "oa-1-big-Data.db").unlink()
    (folder / "oa-3-big-Data.db").touch()
    (folder / "oa-4-big-Data.db.tmp").write_bytes(b"x")
    found = discover([folder])
    assert names(found) == ["oa-2-big-"]
    for warning, number in zip(found.warnings, (1, 3, 4), strict=True):
        assert warning.endswith(f"oa-{number}-big is not read: it has no Data.db")
    (folder / "oa-2-big-TOC.txt").unlink()
    assert ids_of(folder) == [3]


def line(kind: str, path: str = "", time: int = 0, files: int = 0) -> str:
    """A line of a transaction's log."""
    data = path.encode() + kind.encode()
    for number in (time & 0xFFFFFFFF, time >> 32, files):
        data += number.to_bytes(4, "big")
    return f"{kind}:[{path},{time},{files}][{crc32(data)}]\n"


def log(folder: Path, lines: Sequence[str]) -> None:
    """Writes the log of a compaction."""
    (folder / "oa_txn_compaction_8ad8eaa0-e53c-11f1-929c-4bad2c452306.log").write_text(
        "".join(lines)
    )


def compaction(folder: Path) -> list[str]:
    """The log's lines of a compaction of two SSTables to a third, which is made."""
    numbered(folder, 3, 1, 2, 3)
    lines = [line("ADD", f"{folder}/oa-3-big-", 0, 8)]
    for number in (1, 2):
        files = [p for p in folder.glob(f"oa-{number}-*") if "Statistics" not in p.name]
        changed = max(path.stat().st_mtime_ns // 1_000_000 for path in files)
        lines.append(line("REMOVE", f"{folder}/oa-{number}-big-", changed, 8))
    return lines


def test_cassandras_checksum_of_a_log_record() -> None:
    assert line("COMMIT") == "COMMIT:[,0,0][2613697770]\n"


def test_a_committed_compaction_leaves_the_new_sstable(folder: Path) -> None:
    log(folder, [*compaction(folder), line("COMMIT")])
    found = discover([folder])
    assert names(found) == ["oa-3-big-"]
    assert [w.partition(":")[0] for w in found.warnings] == [
        "oa-1-big is not read",
        "oa-2-big is not read",
    ]
    assert "was committed, says that it was replaced" in found.warnings[0]


@pytest.mark.parametrize("last", [[], [line("ABORT")], ["COMMIT:[,0,0][26136"]])
def test_an_unfinished_compaction_leaves_the_old_ones(folder: Path, last: list[str]) -> None:
    log(folder, [*compaction(folder), *last])
    found = discover([folder])
    assert names(found) == ["oa-1-big-", "oa-2-big-"]
    (warning,) = found.warnings
    assert "oa-3-big is not read" in warning
    assert "was not finished" in warning


def test_logs_that_do_not_fit_are_said(folder: Path) -> None:
    lines = compaction(folder)
    log(folder, lines)
    for path in folder.glob("oa-2-*"):
        path.unlink()
    assert "oa-2-big is missing" in discover([folder]).warnings[-1]
    log(folder, [*lines, line("COMMIT")])
    os.utime(folder / "oa-1-big-Data.db", (NOW * 2, NOW * 2))
    assert "if it was restored, remove the log" in discover([folder]).warnings[-1]
    log(folder, [lines[0].replace("3", "4"), line("COMMIT")])
    with pytest.raises(CorruptSSTableError, match="line 1 of the log is damaged"):
        discover([folder])


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A differential backup of Medusa, whose files are in the node's data folder."""
    node = tmp_path / "bucket" / "prefix" / "node1"
    data = node / "data" / "ks" / FOLDER
    data.mkdir(parents=True)
    numbered(data, 1, 1)
    numbered(data, 2, 2)
    index = data / ".by_v"
    written(index, 5)
    paths = {FOLDER: list(data.glob("oa-1-*")), f"{FOLDER}.by_v": list(index.iterdir())}
    sections = [
        {
            "keyspace": "ks",
            "columnfamily": name,
            "objects": [
                {"path": str(p.relative_to(tmp_path / "bucket")), "size": p.stat().st_size}
                for p in files
            ],
        }
        for name, files in paths.items()
    ]
    meta = node / "monday" / "meta"
    meta.mkdir(parents=True)
    (meta / "manifest.json").write_text(json.dumps(sections))
    (meta / "schema.cql").write_text(CREATE + ";")
    return meta.parent


def test_a_backup_of_medusa_has_what_its_manifest_lists(backup: Path) -> None:
    assert ids_of(backup, schema=None) == [1]
    with Table(backup / "meta", keyspace="ks", table="t") as table:
        assert table.schema_source == str(backup / "meta" / "schema.cql")
    assert ids_of(backup.parent / "data") == [1, 2]


def test_a_backup_that_is_not_whole(backup: Path) -> None:
    data = backup.parent / "data" / "ks" / FOLDER / "oa-1-big-Data.db"
    whole = data.read_bytes()
    data.write_bytes(whole[:-1])
    with pytest.raises(CorruptSSTableError, match="the backup's manifest says"):
        discover([backup])
    data.unlink()
    with pytest.raises((MissingComponentError, NotAnSSTableError)):
        discover([backup])
    (backup / "meta" / "manifest.json").write_text("[{}]")
    with pytest.raises(CorruptSSTableError, match="no manifest of a backup"):
        discover([backup])


# Schemas.


def test_the_schema_that_is_given_comes_first(folder: Path, tmp_path: Path) -> None:
    (folder / "schema.cql").write_text("CREATE TABLE ks.t (near int PRIMARY KEY, v text);")
    cluster = tmp_path / "cluster.cql"
    cluster.write_text(f"CREATE TABLE ks.s (a int PRIMARY KEY); {CREATE};")
    for given, key, source in (
        (None, "near", str(folder / "schema.cql")),
        (SCHEMA, "id", "given"),
        (CREATE, "id", "given"),
        (cluster, "id", str(cluster)),
        (str(cluster), "id", str(cluster)),
    ):
        with Table(folder, schema=given) as table:
            assert (table.schema.partition_key[0].name, table.schema_source) == (key, source)
    for given in ("CREATE TABLE ks.a (b int PRIMARY KEY)", tmp_path / "none.cql"):
        with pytest.raises(SchemaError):
            Table(folder, schema=given)


def test_types_that_a_snapshots_schema_lacks_are_those_of_the_sstables(tmp_path: Path) -> None:
    """A node writes down types of columns, but none that is only within another type."""
    create = "CREATE TABLE ks.t (id int PRIMARY KEY, v list<frozen<u>>, w frozen<tuple<o, int>>)"
    types = "CREATE TYPE ks.o (u frozen<u>); CREATE TYPE ks.u (a int, l list<int>{});"
    snapshot = tmp_path / "ks" / FOLDER / "snapshots" / "before"
    snapshot.mkdir(parents=True)
    (snapshot / "schema.cql").write_text(create)
    for more in ("", ", b text"):
        schema = parse_cql(types.format(more) + create).table("ks", "t")
        assert schema is not None
        with Writer(schema, snapshot, now=NOW) as writer:
            u = {"a": 1, "l": [2]} | ({"b": "x"} if more else {})
            row = {"id": len(more), "v": [u], "w": ({"u": u}, 5)}
            writer.write(row, timestamp=T)
    for engine in ENGINES:
        with using(engine), Table(snapshot) as table:
            assert (table.warnings, table.schema_source) == ((), str(snapshot / "schema.cql"))
            for number, b in ((0, None), (8, "x")):
                value = (1, [2], b)
                assert table.get(number) == [{"id": number, "v": [value], "w": ((value,), 5)}]
    (snapshot / "schema.cql").write_text(create.replace("v list", "n set<frozen<x>>, v list"))
    with pytest.raises(SchemaError, match="there is no type x"):
        Table(snapshot)


def test_what_the_schema_does_not_have_is_left_out_and_said(folder: Path) -> None:
    with Table(folder, schema="CREATE TABLE ks.t (id int PRIMARY KEY, w text)") as table:
        (first, second) = table.warnings
        assert "column v (text) of" in first
        assert "is left out: the schema (given) does not have it" in second
        assert table.get(1) == [{"id": 1, "w": None}]
    with pytest.raises(SchemaError, match="is int by the schema and text by Statistics"):
        Table(folder, schema="CREATE TABLE ks.t (id int PRIMARY KEY, v int)")


def test_statistics_alone_have_the_columns_of_all_sstables(folder: Path) -> None:
    (wider,) = parse_cql("CREATE TABLE ks.t (id int PRIMARY KEY, v blob, w int)").tables()
    with Writer(wider, folder, now=NOW) as writer:
        writer.write({"id": 4, "v": b"x", "w": 1}, timestamp=T)
    with Table(folder) as table:
        assert table.schema_source == "Statistics.db"
        assert [(c.name, c.type.cql_name) for c in table.schema.regular_columns] == [
            ("v", "blob"),
            ("w", "int"),
        ]
        assert table.get(4) == [{"PartitionKey": 4, "v": b"x", "w": 1}]
        assert table.get(1) == [{"PartitionKey": 1, "v": b"v1", "w": None}]


def test_an_index_is_a_table_that_the_schema_does_not_have(tmp_path: Path) -> None:
    """Its directory is hidden in that of its table, whose schema isn't its own."""
    snapshot = tmp_path / "shop" / f"orders-{'1' * 32}" / "snapshots" / "before"
    index = snapshot / ".by_day"
    shutil.copytree(OWN / "da" / "indexed", index)
    (snapshot / "schema.cql").write_text("CREATE TABLE shop.orders (day text, n int PRIMARY KEY);")
    for engine in ENGINES:
        with using(engine), Table(index) as table:
            assert (table.schema.name, table.schema.kind) == ("orders.by_day", "INDEX")
            assert table.schema_source == "Statistics.db"
            assert len(list(table.rows())) > 1


def test_sstables_of_different_tables(folder: Path) -> None:
    (other,) = parse_cql("CREATE TABLE ks.t (id int PRIMARY KEY, v list<int>)").tables()
    with Writer(other, folder, now=NOW) as writer:
        writer.write({"id": 4, "v": [1]}, timestamp=T)
    with pytest.raises(SchemaError, match="column v is of types that don't fit: list<int>, text"):
        Table(folder)
