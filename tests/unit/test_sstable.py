"""The Python interface: opening, iterating, finding, closing."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cqlite import MissingComponentError, NotAnSSTableError, SSTable
from cqlite.rows import PartitionReader, Unfiltered
from tests.memory import peak_of
from tests.shared import SSTableFixture, sstables

CASE = sstables(versions={"oa"}, own_only=True, containing="/types/")[0]


def test_opens_from_any_component_and_from_its_directory(tmp_path: Path) -> None:
    for path in CASE.components().values():
        shutil.copy(path, tmp_path)
        with SSTable(path) as sstable:
            assert sstable.descriptor.version.name == "oa"
    with SSTable(tmp_path) as sstable:
        assert next(iter(sstable)).position == 0


def test_relative_and_text_paths_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASE.data_path.parent)
    with SSTable(CASE.data_path.name) as sstable:
        assert sum(1 for _ in sstable) > 0


def test_every_partition_is_found_by_its_key(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        positions = {}
        for number, partition in enumerate(opened):
            if number % 2 == 0:  # partitions can be left half read, or unread
                next(iter(partition), None)
            positions[partition.key] = partition.position
        keys = list(opened.keys())
        assert list(positions) == keys
        for key, position in list(positions.items())[:50]:
            found = opened.find(key)
            assert found is not None
            assert (found.key, found.position) == (key, position)
        assert opened.key_range == (keys[0], keys[-1])
        tokens = [opened.token(key) for key in keys]
        assert tokens == sorted(tokens)
        assert opened.token_range == (tokens[0], tokens[-1])


def test_absent_key_is_not_found() -> None:
    with SSTable(CASE.data_path) as sstable:
        assert sstable.find(b"\xff" * 40) is None


def test_iterating_twice_gives_the_same() -> None:
    with SSTable(CASE.data_path) as sstable:
        first, second = ([p.key for p in sstable] for _ in range(2))
        assert first == second


def test_cells_decode_to_python_values() -> None:
    with SSTable(CASE.data_path) as sstable:
        values = {
            cell.column.name: cell.value
            for partition in sstable
            for row in partition.rows()
            for cell in row.cells()
            if not cell.is_tombstone
        }
    assert len({type(value) for value in values.values()}) > 8


def test_missing_statistics_are_named(tmp_path: Path) -> None:
    shutil.copy(CASE.data_path, tmp_path)
    with (
        SSTable(tmp_path) as sstable,
        pytest.raises(MissingComponentError, match=r"Statistics\.db is missing"),
    ):
        next(iter(sstable))


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnSSTableError, match="no such file"):
        SSTable(tmp_path / "oa-1-big-Data.db")


class _Repeated(io.RawIOBase):
    """The same bytes again and again, up to a length."""

    def __init__(self, data: bytes, times: int) -> None:
        self._data = data
        self._length = len(data) * times
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = (0, self._position, self._length)[whence] + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        start = self._position % len(self._data)
        size = min(len(buffer), len(self._data) - start, self._length - self._position)
        buffer[:size] = self._data[start : start + size]
        self._position += size
        return size


def test_memory_does_not_grow_with_the_table() -> None:
    with SSTable(CASE.data_path) as sstable:
        data = sstable.open_data().read()

        def unfiltereds(times: int) -> Iterator[Unfiltered]:
            stream = io.BufferedReader(_Repeated(data, times))
            where = sstable.components.where("Data.db")
            for partition in PartitionReader(stream, sstable.row_format, where).partitions():
                yield from partition

        few, small = peak_of(unfiltereds(10), every=200)
        many, large = peak_of(unfiltereds(60), every=200)
    assert many == 6 * few
    assert large < 1.5 * small


def test_importing_the_package_imports_no_library() -> None:
    libraries = ("kaitaistruct", "rich", "lz4", "typer", "yaml")
    code = f"import sys, cqlite; print([m for m in {libraries} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
