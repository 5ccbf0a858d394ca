"""Sorts more fragments than memory holds: sorted runs in files, merged when they are read."""

from __future__ import annotations

import heapq
import marshal
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from cqlite.io import failure
from cqlite.sstable.write.fragments import Record

DEFAULT_MEMORY = 64 * 1024 * 1024
"""Bytes of fragments that are held at a time."""

_OVERHEAD = 250
_MAX_RUNS = 64
_BUFFER = 1 << 18
_MARSHAL_VERSION = 2


class Sorter:
    """Takes records in any order and gives them sorted.

    Args:
        directory: where files can be made; whoever made it removes it.
        memory: bytes that records may take up before they go to a file.
    """

    def __init__(self, directory: Path, memory: int = DEFAULT_MEMORY) -> None:
        self._directory = directory
        self._memory = memory
        self._held: list[Record] = []
        self._size = 0
        self._runs: list[Path] = []
        self._num_files = 0

    def add(self, record: Record) -> None:
        """Takes a record.

        Raises:
            OutputError: the disk is full.
        """
        self._held.append(record)
        self._size += sum(map(len, record)) + _OVERHEAD
        if self._size >= self._memory:
            self._spill()

    def _spill(self) -> None:
        self._held.sort()
        self._runs.append(self._write(self._held))
        self._held.clear()
        self._size = 0
        if len(self._runs) >= _MAX_RUNS:
            self._merge_runs()

    def _merge_runs(self) -> None:
        """Makes one run of all, since the system opens only so many files at a time."""
        with ExitStack() as stack:
            merged = self._write(heapq.merge(*self._open_runs(stack)))
        for path in self._runs:
            path.unlink()
        self._runs = [merged]

    def _write(self, records: Iterable[Record]) -> Path:
        path = self._directory / f"run-{self._num_files}"
        self._num_files += 1
        try:
            with path.open("xb", buffering=_BUFFER) as file:
                for record in records:
                    marshal.dump(record, file, _MARSHAL_VERSION)
        except OSError as error:
            raise failure(error, path) from error
        return path

    def _open_runs(self, stack: ExitStack) -> list[Iterator[Record]]:
        try:
            files = [stack.enter_context(path.open("rb", buffering=_BUFFER)) for path in self._runs]
        except OSError as error:
            raise failure(error, self._directory) from error
        return [_records(file) for file in files]

    def __iter__(self) -> Iterator[Record]:
        """All records, sorted."""
        self._held.sort()
        with ExitStack() as stack:
            yield from heapq.merge(*self._open_runs(stack), self._held)


def _records(file: BinaryIO) -> Iterator[Record]:
    while True:
        try:
            record: Record = marshal.load(file)
        except EOFError:
            return
        yield record
