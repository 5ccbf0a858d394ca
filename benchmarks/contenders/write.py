"""Write Arrow's rows to a new SSTable: FILE.parquet SCHEMA.cql."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from serve import serve

from cqlite import write_arrow

path, schema = map(Path, sys.argv[1:])
table, create = pq.read_table(path), schema.read_text(encoding="utf-8")


def write() -> int:
    """All rows, as one INSERT each."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        write_arrow(table, create, folder, format="oa", timestamp=1_700_006_400_000_000)
    return table.num_rows


serve(write)
