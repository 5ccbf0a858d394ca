"""SSTable.slice() of ten rows each in the middle of one wide partition: DATA.db KEY.

The slices start at 2,000 random rows, the same each time.
"""

from __future__ import annotations

import random
import sys
import time
from statistics import quantiles

from serve import serve

from cqlite.sstable import SSTable

SLICES = 2_000
ROWS = 10

path, key = sys.argv[1], int(sys.argv[2])
with SSTable(path) as sstable:
    names = [column.name for column in sstable.schema.clustering_columns]
    clusterings = sstable.to_arrow(names)
    drawn = random.Random(1).choices(range(clusterings.num_rows - ROWS), k=SLICES)
    starts = [tuple(row[name] for name in names) for row in clusterings.take(drawn).to_pylist()]
    del clusterings

    def look_up() -> dict[str, float]:
        """The median and the 99th percentile in seconds."""
        times = []
        for start in starts:
            begun = time.perf_counter_ns()
            found = list(sstable.slice(key, start, limit=ROWS))
            times.append(time.perf_counter_ns() - begun)
            assert len(found) == ROWS, start
            assert tuple(found[0][name] for name in names) == start
        percentiles = quantiles(times, n=100)
        return {"rows": len(starts), "p50": percentiles[49] / 1e9, "p99": percentiles[98] / 1e9}

    serve(look_up)
