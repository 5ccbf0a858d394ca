"""SSTables that all have the same partitions, with a schema.cql: FOLDER NUMBER PARTITIONS.

A partition is one row of some 120 bytes; each SSTable is newer than the one before it.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pyarrow as pa

from cqlite import write_arrow

CREATE = "CREATE TABLE bench.partitions (id bigint PRIMARY KEY, a text, n int, b blob);"

folder, number, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for layer in range(number):
    drawn = random.Random(layer)
    columns = {
        "id": pa.array(range(count), pa.int64()),
        "a": pa.array(f"name-{at}-{layer}" for at in range(count)),
        "n": pa.array((drawn.getrandbits(30) for _ in range(count)), pa.int32()),
        "b": pa.array((drawn.randbytes(56).hex().encode() for _ in range(count)), pa.binary()),
    }
    at = 1_700_006_400_000_000 + layer * 1_000_000
    write_arrow(pa.table(columns), CREATE, folder, format="da", timestamp=at)
(folder / "schema.cql").write_text(CREATE + "\n", encoding="utf-8")
