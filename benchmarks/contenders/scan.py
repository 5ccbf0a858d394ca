"""SSTable.scan() of either engine to the last batch: DATA.db [THREADS [COLUMN ...]]."""

from __future__ import annotations

import sys

import pyarrow as pa
from serve import serve

from cqlite.sstable import SSTable

path, threads, *columns = [*sys.argv[1:], "1"] if len(sys.argv) == 2 else sys.argv[1:]
with SSTable(path) as sstable:

    def scan() -> int:
        """All rows, counted."""
        stream = sstable.scan(columns or None, threads=int(threads))
        return sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(stream))

    serve(scan)
