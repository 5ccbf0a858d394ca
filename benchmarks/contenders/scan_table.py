"""Table.scan() of either engine to the last batch: DIRECTORY SCHEMA.cql."""

from __future__ import annotations

import sys

import pyarrow as pa
from serve import serve

import cqlite

path, schema = sys.argv[1:]
with cqlite.open(path, schema=schema) as table:

    def scan() -> int:
        """All rows, counted."""
        stream = table.scan()
        return sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(stream))

    serve(scan)
