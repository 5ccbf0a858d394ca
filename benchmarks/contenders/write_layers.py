"""SSTables that overlap: FILE.parquet SCHEMA.cql FOLDER NUMBER.

Each of the NUMBER SSTables has half of the rows, drawn at random but the same each time, and is
newer than the one before it.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cqlite import write_arrow

source, schema, folder = map(Path, sys.argv[1:4])
table, create = pq.read_table(source), schema.read_text(encoding="utf-8")
for layer in range(int(sys.argv[4])):
    drawn = random.Random(layer)
    mask = pa.array([drawn.random() < 0.5 for _ in range(table.num_rows)])
    at = 1_700_006_400_000_000 + layer * 1_000_000
    write_arrow(table.filter(mask), create, folder, format="oa", timestamp=at)
