"""Tables behind URLs: the same rows as from files, and little more read than is needed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from cqlite import (
    CorruptSSTableError,
    NotAnSSTableError,
    SSTable,
    Table,
    UnsupportedFeatureError,
    Writer,
)
from cqlite.cli import _run
from cqlite.io import as_path
from cqlite.schema import parse_cql
from tests.engines import on_engines, using

NOW = 1_700_000_000
T = NOW * 1_000_000
FOLDER = "t-5a1b1ca866023f77a0459273d308917a"
CREATE = "CREATE TABLE ks.t (id int, c int, v blob, PRIMARY KEY (id, c))"
(SCHEMA,) = parse_cql(CREATE).tables()


class CountedFile(AbstractBufferedFile):  # type: ignore[misc]
    """A file that tells its file system what is fetched of it."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        with self.fs.local(self.path).open("rb") as file:
            file.seek(start)
            data = file.read(end - start)
        Counted.fetched[Path(self.path).name.rpartition("-")[2]] = Counted.fetched.get(
            Path(self.path).name.rpartition("-")[2], 0
        ) + len(data)
        return data


class Counted(AbstractFileSystem):  # type: ignore[misc]
    """A directory as an object store has it: listed, and fetched by ranges of bytes."""

    protocol = "counted"
    root = Path()
    fetched: ClassVar[dict[str, int]] = {}

    def local(self, path: str) -> Path:
        return self.root / self._strip_protocol(path)

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        file = self.local(path)
        kind = "directory" if file.is_dir() else "file"
        return {"name": path, "size": file.stat().st_size, "type": kind}

    def ls(self, path: str, detail: bool = True, **options: Any) -> list[Any]:
        found = [self.info(f"{path}/{child.name}") for child in self.local(path).iterdir()]
        return found if detail else [info["name"] for info in found]

    def _open(self, path: str, mode: str = "rb", **options: Any) -> CountedFile:
        options.pop("autocommit", None)
        return CountedFile(self, path, mode, size=self.info(path)["size"], **options)

    def cat_file(self, path: str, start: Any = None, end: Any = None, **options: Any) -> bytes:
        with self.open(path, "rb") as file:
            data: bytes = file.read()
        return data


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """A data directory that is also `counted://bucket`, with two SSTables of 4 MB each."""
    folder = tmp_path / "bucket" / "ks" / FOLDER
    folder.mkdir(parents=True)
    (folder / "schema.cql").write_text(CREATE + ";")
    source = random.Random(5)
    for number, version in enumerate(("oa", "da")):
        with Writer(SCHEMA, folder, format=version, now=NOW) as writer:
            for key in range(1000):
                writer.write(
                    {"id": key, "c": number, "v": source.randbytes(4000)}, timestamp=T + number
                )
    fsspec.register_implementation("counted", Counted, clobber=True)
    Counted.root = tmp_path
    Counted.fetched = {}
    yield folder
    Counted.clear_instance_cache()


@on_engines
def test_a_lookup_fetches_little(store: Path, engine: str) -> None:
    with using(engine), Table(store) as local, Table("counted://bucket", now=NOW) as table:
        assert table.schema_source == f"counted://bucket/ks/{FOLDER}/schema.cql"
        assert len(table.sstables) == 2
        assert table.get(77) == local.get(77)
        assert len(table.get(77)) == 2
        assert table.get(5000) == []
    data = sum(path.stat().st_size for path in store.glob("*-Data.db"))
    assert data > 8_000_000
    assert Counted.fetched["Data.db"] < 600_000
    assert sum(Counted.fetched.values()) < 700_000


@on_engines
def test_scans_of_urls_give_what_files_give(store: Path, engine: str) -> None:
    url = f"counted://bucket/ks/{FOLDER}"
    with using(engine), Table(store, now=NOW) as local, Table(url, now=NOW) as table:
        assert table.is_native == (engine == "native")
        options: dict[str, Any] = {"columns": ["id", "c"], "token_range": (None, -(1 << 62))}
        assert table.scan(**options).to_arrow() == local.scan(**options).to_arrow()
    path = next(iter(as_path(url).glob("oa-*-Data.db")))
    with using(engine), SSTable(path) as sstable:
        assert len(sstable.scan(["v"], limit=10).to_arrow()) == 10


@on_engines
def test_memory_has_tables_too(store: Path, engine: str) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(str(store), f"/node/ks/{FOLDER}", recursive=True)
    with using(engine), Table("memory://node", keyspace="ks", table="t", now=NOW) as table:
        assert [row["c"] for row in table.get(3)] == [0, 1]
    memory.pipe(f"/node/ks/{FOLDER}/oa-1-big-Data.db", b"x" * 100)
    with (
        using(engine),
        Table(f"memory://node/ks/{FOLDER}", now=NOW) as table,
        pytest.raises(CorruptSSTableError, match=f"memory://.*{FOLDER}/oa-1-big-Data.db"),
    ):
        table.get(3)
    memory.rm("/node", recursive=True)


@on_engines
def test_a_store_that_fails_says_why(
    store: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"counted://bucket/ks/{FOLDER}"
    with using(engine), Table(url, now=NOW) as table:
        assert table.get(5000) == []
        monkeypatch.setattr(Counted, "local", _refuse)
        with pytest.raises(PermissionError, match="not for you"):
            table.get(77)


def _refuse(store: Counted, path: str) -> Path:
    raise PermissionError("not for you")


def test_urls_of_nothing(store: Path) -> None:
    with pytest.raises(NotAnSSTableError, match=r"memory://.*nowhere: no such file or directory"):
        Table("memory://nowhere")
    with pytest.raises(UnsupportedFeatureError, match="nothing://"):
        Table("nothing://bucket")
    assert as_path("counted://bucket/ks").parent == as_path("counted://bucket")


def test_commands_take_urls(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = [f"counted://bucket/ks/{FOLDER}", "--where", "id = 7", "--columns", "id,c"]
    assert _run(["export", *arguments, "-o", str(out)]) == 0
    assert out.read_text() == '{"id": 7, "c": 0}\n{"id": 7, "c": 1}\n'
    assert as_path(Path("counted://bucket")) == as_path("counted://bucket")
