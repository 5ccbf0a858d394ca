"""Session.execute() of one statement after the other: FOLDER PARTITIONS.

Each asks for one of a thousand random partitions of bench.partitions, the same each time.
"""

from __future__ import annotations

import random
import sys
import time
from statistics import quantiles

from serve import serve

from cqlite import Session

QUERIES = 1000

folder, count = sys.argv[1], int(sys.argv[2])
keys = random.Random(1).choices(range(count), k=QUERIES)
with Session([folder]) as session:

    def ask() -> dict[str, float]:
        """The median and the 99th percentile in seconds."""
        times = []
        for key in keys:
            start = time.perf_counter_ns()
            (row,) = session.execute(f"SELECT * FROM bench.partitions WHERE id = {key}").dicts()
            times.append(time.perf_counter_ns() - start)
            assert row["id"] == key
        percentiles = quantiles(times, n=100)
        return {"rows": len(keys), "p50": percentiles[49] / 1e9, "p99": percentiles[98] / 1e9}

    serve(ask)
