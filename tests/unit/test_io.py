"""File names: what they say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cqlite.errors import MissingComponentError, NotAnSSTableError, UnsupportedVersionError
from cqlite.io import Components, find_sstables, parse_path, read_toc, resolve


@pytest.mark.parametrize(
    ("name", "version", "identifier", "sstable_format", "component"),
    [
        ("oa-1-big-Data.db", "oa", "1", "big", "Data.db"),
        ("da-12-bti-Partitions.db", "da", "12", "bti", "Partitions.db"),
        ("nb-3gab_1l2x_0wxk020wzs8cpp7gdd-big-TOC.txt", "nb", None, "big", "TOC.txt"),
        ("me-7-big-SI_idx-Data.db", "me", "7", "big", "SI_idx-Data.db"),
    ],
)
def test_name_is_taken_apart(
    name: str, version: str, identifier: str | None, sstable_format: str, component: str
) -> None:
    descriptor, parsed = parse_path(Path("ks") / name)
    assert descriptor.version.name == version
    assert descriptor.version.format == sstable_format
    assert parsed == component
    assert descriptor.id == (identifier or "3gab_1l2x_0wxk020wzs8cpp7gdd")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("la-1-big-Data.db", r"Cassandra 2\.2.*older than 'ma'"),
        ("ks-table-ka-1-Data.db", r"Cassandra 2\.1.*older than 'ma'"),
        ("ks-table-jb-3-Data.db", r"Cassandra 2\.0.*older than 'ma'"),
        ("oz-1-big-Data.db", "unknown SSTable version 'oz'"),
        ("zz-1-big-Data.db", "unknown SSTable version 'zz'"),
        ("oa-1-bti-Data.db", "belongs to format 'big'"),
    ],
)
def test_other_versions_are_named_and_refused(name: str, reason: str) -> None:
    with pytest.raises(UnsupportedVersionError, match=reason):
        parse_path(name)


@pytest.mark.parametrize("name", ["Data.db", "notes.txt", "oa-x-big-Data.db", "oa-1-big"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(NotAnSSTableError):
        parse_path(name)


def test_directory_of_several_sstables_names_them(tmp_path: Path) -> None:
    for number in (2, 10, 1):
        (tmp_path / f"oa-{number}-big-Data.db").touch()
    assert [d.id for d in find_sstables(tmp_path)] == ["1", "2", "10"]
    with pytest.raises(NotAnSSTableError, match=r"3 SSTables.*oa-1-big-Data\.db, oa-2"):
        resolve(tmp_path)


def test_what_counts_as_a_file_of_an_sstable(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    for name in ("nb-7-big-SAI+aa+by-city+Meta.db", "nb-7-big-SAI+aa+by-name+Meta.db"):
        (tmp_path / name).touch()
    (tmp_path / "nb-7-big-Data.db").symlink_to("nb-7-big-SAI+aa+by-city+Meta.db")
    (tmp_path / "nb-8-big-Data.db").mkdir()
    (tmp_path / "nb-9-big-Data.db").symlink_to("nb-9-big-Data.db")
    (below / "nb-6-big-Index.db").touch()
    assert [d.id for d in find_sstables(tmp_path)] == ["7"]
    assert [d.id for d in find_sstables(tmp_path, recursive=True)] == ["7", "6"]
    assert "Data.db" in list(Components(find_sstables(tmp_path)[0]))
    assert [*Components(parse_path(tmp_path / "nb-9-big-Data.db")[0])] == []
    (tmp_path / "jb-3-Data.db").touch()
    with pytest.raises(UnsupportedVersionError, match=r"Cassandra 2\.0"):
        find_sstables(tmp_path)


def test_directory_without_sstables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnSSTableError, match="no SSTable"):
        resolve(tmp_path)


def test_table_directory_gives_keyspace_and_table(tmp_path: Path) -> None:
    table = tmp_path / "shop" / "orders-5a1c395e6bd511ef9454bdc3ab5e0a24"
    snapshot = table / "snapshots" / "daily"
    snapshot.mkdir(parents=True)
    (snapshot / "oa-1-big-Data.db").touch()
    descriptor = resolve(snapshot).descriptor
    assert (descriptor.keyspace, descriptor.table) == ("shop", "orders")
    assert descriptor.table_id == "5a1c395e6bd511ef9454bdc3ab5e0a24"


@pytest.mark.parametrize("below", ["", "snapshots/daily", "backups"])
def test_directory_of_an_index_gives_its_own_table(below: str, tmp_path: Path) -> None:
    index = tmp_path / "shop" / f"orders-{'5a1c395e' * 4}" / below / ".by_day"
    index.mkdir(parents=True)
    (index / "oa-1-big-Data.db").touch()
    descriptor = resolve(index).descriptor
    assert (descriptor.keyspace, descriptor.table) == ("shop", "orders.by_day")
    assert descriptor.table_id == "5a1c395e" * 4


def test_hidden_directory_that_is_no_index(tmp_path: Path) -> None:
    hidden = tmp_path / "shop" / ".orders"
    hidden.mkdir(parents=True)
    (hidden / "oa-1-big-Data.db").touch()
    descriptor = resolve(hidden).descriptor
    assert (descriptor.keyspace, descriptor.table) == (None, None)


def test_missing_component_is_named_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "oa-1-big-Data.db").touch()
    components: Components = resolve(tmp_path)
    with pytest.raises(MissingComponentError, match=r"Statistics\.db is missing.*has Data\.db"):
        components.read("Statistics.db")


def test_toc_lists_components(tmp_path: Path) -> None:
    (tmp_path / "oa-1-big-TOC.txt").write_text("Data.db\nTOC.txt\n")
    assert read_toc(resolve(tmp_path)) == ["Data.db", "TOC.txt"]
