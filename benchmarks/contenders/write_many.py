"""Write rows that are made batch by batch to a new SSTable: SCHEMA.cql ROWS."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from cqlite import write_arrow

PARTITION = 1000
DAY = 86_400_000
STATES = ("operational", "calibrating", "degraded")

create, rows = Path(sys.argv[1]).read_text(encoding="utf-8"), int(sys.argv[2])
steps = range(PARTITION)
measures = {
    "at": pa.array([step * DAY // PARTITION for step in steps], pa.timestamp("ms", "UTC")),
    "temperature": pa.array([20 + step % 77 / 9 for step in steps], pa.float64()),
    "humidity": pa.array([40 + step % 31 / 7 for step in steps], pa.float32()),
    "battery": pa.array([3000 + step // 9 for step in steps], pa.int32()),
    "packets": pa.array([step * 13 for step in steps], pa.int64()),
    "state": pa.array([STATES[step % 97 % 3] for step in steps], pa.string()),
}


def partition(number: int) -> pa.RecordBatch:
    """The rows of a sensor's day; the order of all is not that of the tokens."""
    sensor = pa.array([f"sensor-{number // 10:05}"] * PARTITION, pa.string())
    day = pa.array([19_000 + number % 10] * PARTITION, pa.int32()).cast(pa.date32())
    return pa.record_batch({"sensor": sensor, "day": day, **measures})


def partitions() -> Iterator[pa.RecordBatch]:
    """All rows."""
    for number in range(rows // PARTITION):
        yield partition(number)


with tempfile.TemporaryDirectory() as folder:
    reader = pa.RecordBatchReader.from_batches(partition(0).schema, partitions())
    write_arrow(reader, create, folder, format="oa", timestamp=1_700_006_400_000_000)
