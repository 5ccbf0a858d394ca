"""Table.scan() of either engine to the last batch: DIRECTORY SCHEMA.cql [THREADS]."""

from __future__ import annotations

import sys

import pyarrow as pa
from serve import serve

import cqlite

path, schema, threads = [*sys.argv[1:], "1"][:3]
with cqlite.open(path, schema=schema) as table:

    def scan() -> int:
        """All rows, counted."""
        stream = table.scan(threads=int(threads))
        return sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(stream))

    serve(scan)
