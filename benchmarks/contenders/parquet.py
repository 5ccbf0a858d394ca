"""pyarrow reads Parquet on one thread, batch by batch: FILE [COLUMN ...]."""

from __future__ import annotations

import sys

import pyarrow as pa
import pyarrow.parquet as pq
from serve import serve

path, *columns = sys.argv[1:]
pa.set_cpu_count(1)
pa.set_io_thread_count(1)


def scan() -> int:
    """All rows, counted."""
    with pq.ParquetFile(path) as file:
        batches = file.iter_batches(65_536, columns=columns or None, use_threads=False)
        return sum(batch.num_rows for batch in batches)


serve(scan)
