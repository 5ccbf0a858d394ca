"""Positioned reads against a mapping, for the reasons in docs/architecture.md.

    python -m benchmarks.file_access DATA.db

Each chunk of a Data.db that is compressed with LZ4 is decompressed, once from bytes that were
read into a buffer with `preadv`, and once from the file's mapping: all from front to back, as a
scan does (256 KiB a read), then 20,000 random ones, as lookups do. Both ways take turns; what
is shown is the best of several times, with the file in the page cache. A mapping is made
anew each time, and `mapped before` is one that all of its pages have been touched in.
"""

from __future__ import annotations

import mmap
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lz4.block

from cqlite.blocks import Chunk, read_compression_info
from cqlite.io import resolve

AHEAD = 1 << 18
LOOKUPS = 20_000
TIMES = 5

# Bytes before a chunk's LZ4 block: the length of what is in it.
PREFIX = 4

Job = Callable[[], int]


def decompress(data: memoryview, chunk: Chunk) -> int:
    """Decompresses a chunk; its length."""
    block = data[PREFIX : chunk.length]
    return len(lz4.block.decompress(block, uncompressed_size=chunk.uncompressed_length))


def read(file: int, chunks: Iterable[Chunk], ahead: int) -> int:
    """Decompresses chunks from a buffer; their length."""
    buffer = bytearray(max(AHEAD, ahead) * 2)
    view = memoryview(buffer)
    start = end = total = 0
    for chunk in chunks:
        if not start <= chunk.offset <= chunk.end <= end:
            wanted = max(ahead, chunk.end - chunk.offset)
            start = chunk.offset
            end = start + os.preadv(file, [view[:wanted]], start)
        total += decompress(view[chunk.offset - start : chunk.end - start], chunk)
    return total


def take(view: memoryview, chunks: Iterable[Chunk]) -> int:
    """Decompresses chunks where they are; their length."""
    return sum(decompress(view[chunk.offset : chunk.end], chunk) for chunk in chunks)


@contextmanager
def mapped(file: int) -> Iterator[memoryview]:
    """The file in memory."""
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as mapping, memoryview(mapping) as view:
        yield view


def take_anew(file: int, chunks: Iterable[Chunk]) -> int:
    """The same with a mapping of its own."""
    with mapped(file) as view:
        return take(view, chunks)


def best(jobs: dict[str, Job]) -> dict[str, float]:
    """The shortest time of each job in seconds of the processor, all of them taking turns."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(TIMES):
        for name, job in jobs.items():
            begun = time.process_time()
            assert job() > 0
            times[name].append(time.process_time() - begun)
    return {name: min(found) for name, found in times.items()}


def main(path: str) -> None:
    """Measures one file."""
    components = resolve(Path(path))
    info = read_compression_info(components)
    if info is None or not info.compressor.endswith("LZ4Compressor"):
        raise SystemExit(f"{path} is not compressed with LZ4")
    chunks = [chunk for chunk in info.chunks() if not chunk.is_raw and chunk.uncompressed_length]
    drawn = random.Random(1).choices(chunks, k=LOOKUPS)
    file = os.open(components.path("Data.db"), os.O_RDONLY)
    with mapped(file) as view:
        for what, some, ahead in (("scan", chunks, AHEAD), ("lookups", drawn, 0)):
            jobs = {
                "read": lambda some=some, ahead=ahead: read(file, some, ahead),
                "mapped anew": lambda some=some: take_anew(file, some),
                "mapped before": lambda some=some: take(view, some),
            }
            size = sum(chunk.uncompressed_length for chunk in some)
            for name, seconds in best(jobs).items():
                each = seconds / len(some) * 1e6
                print(f"{what:8} {name:14} {each:6.2f} µs a chunk, {size / seconds / 1e9:.2f} GB/s")
    os.close(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
