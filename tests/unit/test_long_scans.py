"""Tables that are larger than what may be held of them: memory, and interruptions."""

from __future__ import annotations

import gc
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa
import pytest

from cqlite import SSTable, Table, Writer
from cqlite.cli import _run
from cqlite.errors import CorruptSSTableError
from cqlite.export.native import NativeDump
from cqlite.schema import parse_cql
from tests.corrupt.damage import Copy, fixture
from tests.engines import using

pytestmark = pytest.mark.rust

VALUE = bytes(1 << 16)
ROWS = 6000
MOST = 128 << 20
"""Bytes that a third of the table's data have."""

INTERRUPTED = 130
SECONDS = 2.0
"""Of the processor's time in which an interrupted scan has to end; it takes a fraction of that."""


def _write(folder: Path, *, is_one_partition: bool) -> Path:
    (table,) = parse_cql("CREATE TABLE k.t (p int, c int, v blob, PRIMARY KEY (p, c))").tables()
    with Writer(table, folder) as writer:
        for number in range(ROWS):
            key = 0 if is_one_partition else number
            writer.write({"p": key, "c": number, "v": VALUE}, timestamp=1)
    (written,) = writer.sstables
    return Path(written)


@pytest.fixture(scope="module", params=["one partition", "many partitions"])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SSTable of 375 MiB, if it were not compressed."""
    folder = tmp_path_factory.mktemp("large")
    return _write(folder, is_one_partition=request.param == "one partition")


MEASURE = """
import os, resource, sys
import pyarrow.parquet
from cqlite import SSTable
from cqlite.cli import main

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

how, path, small, out = sys.argv[1:]

def command(*arguments):
    try:
        main(list(arguments))
    except SystemExit as stop:
        assert stop.code == 0

def run(path):
    if how == "dump":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        command("dump", path)
    elif how == "export":
        command("export", path, "-o", f"{out}/{len(os.listdir(out))}.parquet")
    else:
        options = {"metadata": how == "metadata", "threads": 2 if how == "threads" else 1}
        with SSTable(path) as sstable:
            for batch in sstable.scan(**options):
                del batch

run(small)
before = peak()
run(path)
print(peak() - before, file=sys.stderr)
"""


@pytest.mark.parametrize("how", ["rows", "metadata", "threads", "dump", "export"])
def test_memory_is_bounded(how: str, data: Path, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "out").mkdir()
    (table,) = parse_cql("CREATE TABLE k.t (p int, c int, v blob, PRIMARY KEY (p, c))").tables()
    with Writer(table, tmp_path / "small") as writer:
        writer.write({"p": 1, "c": 1, "v": VALUE}, timestamp=1)
    (small,) = writer.sstables
    arguments = [how, str(data), str(small), str(tmp_path / "out")]
    with using("native"):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, *arguments], capture_output=True, text=True, check=True
        )
    assert int(done.stderr.split()[-1]) < MOST


class Interrupted(KeyboardInterrupt):
    """What the handler of a signal raises, as that of Ctrl-C does."""


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Has a signal's handler raise soon, and demands that it is obeyed promptly.

    Both by the processor's time: where others have it for a while, the signal would come before
    what it is to interrupt has begun. No garbage is collected meanwhile: what is raised in a
    collection's callback is lost.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGPROF, handle)
    started = time.process_time()
    gc.disable()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.enable()
        signal.signal(signal.SIGPROF, before)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("threads", [1, 2])
def test_scans_are_interrupted(threads: int, data: Path) -> None:
    with using("native"), SSTable(data) as sstable:
        # Taken at once by pyarrow, which does not look for signals.
        stream = sstable.engine.scan(sstable.scan(threads=threads).plan)
        reader = pa.RecordBatchReader.from_stream(stream)
        with interrupted_after(0.005), pytest.raises((pa.ArrowException, Interrupted)):
            reader.read_all()
        assert isinstance(stream.error, Interrupted)
        assert stream.position < sstable.data_length


@pytest.mark.parametrize("threads", [1, 2])
def test_merging_scans_are_interrupted(threads: int, data: Path) -> None:
    with using("native"), Table(data) as table:
        reader = pa.RecordBatchReader.from_stream(table.scan(threads=threads))
        with interrupted_after(0.005), pytest.raises((pa.ArrowException, Interrupted)):
            reader.read_all()


def test_dumps_are_interrupted(data: Path) -> None:
    out = io.StringIO()
    with SSTable(data) as sstable:
        # What Python reads first is not what is interrupted.
        assert sstable.header_schema
        assert sstable.compression
        with interrupted_after(0.1), pytest.raises(Interrupted):
            NativeDump(out, sstable, 0).write()
    found: list[Any] = json.loads(out.getvalue())
    assert sum(len(partition["rows"]) for partition in found) < ROWS


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "arrow"])
def test_exports_are_interrupted(suffix: str, data: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{suffix}"
    small = str(fixture("oa", "deletions").data_path)
    with using("native"):
        # What libraries do when they are loaded is not what is interrupted.
        assert _run(["export", small, "-o", str(out)]) == 0
        out.unlink()
    with using("native"), interrupted_after(0.05):
        assert _run(["export", str(data), "-o", str(out)]) == INTERRUPTED
    assert list(tmp_path.iterdir()) == []


def test_failed_scans_leave_no_file_open(tmp_path: Path) -> None:
    """An error's traceback leads to the stream that holds the error: a cycle."""
    copy = Copy(fixture("oa", "deletions"), tmp_path)
    copy.flip("Data.db", 20)
    with using("native"):
        for _ in range(50):
            with SSTable(copy.path) as sstable, pytest.raises(CorruptSSTableError):
                sstable.to_arrow()
    gc.collect()
    is_open = [link for link in Path("/proc/self/fd").iterdir() if link.resolve() == copy.path]
    assert is_open == []
