"""SSTable.get() of one key after the other: DATA.db PREFIX KEYS ROWS.

Keys are PREFIX-0000000 to KEYS - 1, of which 20,000 random ones are looked up, the same each
time; each must have ROWS rows.
"""

from __future__ import annotations

import random
import sys
import time
from statistics import quantiles

from serve import serve

from cqlite.sstable import SSTable

LOOKUPS = 20_000

path, prefix, count, rows = sys.argv[1:]
drawn = random.Random(1).choices(range(int(count)), k=min(LOOKUPS, int(count)))
keys = [f"{prefix}-{n:07d}" for n in drawn]
with SSTable(path) as sstable:

    def look_up() -> dict[str, float]:
        """The median and the 99th percentile in seconds."""
        times = []
        for key in keys:
            start = time.perf_counter_ns()
            found = sstable.get(key)
            times.append(time.perf_counter_ns() - start)
            assert len(found) == int(rows), key
        percentiles = quantiles(times, n=100)
        return {"rows": len(keys), "p50": percentiles[49] / 1e9, "p99": percentiles[98] / 1e9}

    serve(look_up)
