"""How fast the generated Rust decodes partitions of Data.db, in MB/s of uncompressed bytes,
by the processor's time of one thread.

    python -m benchmarks.rust_layouts [DATA.db ...]

Without arguments, the partitions of the largest SSTables among the fixtures. `every cell`
visits all rows with all their columns, `rows only` leaves the rows' bodies undecoded.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from cqlite.io import DATA
from cqlite.sstable import SSTable
from tests.parts import parts
from tests.rust import run
from tests.shared import all_sstables

# How many fixtures are measured, and how many times 64 MiB each way.
LARGEST = 2
TIMES = 1


def main(arguments: list[str]) -> None:
    """Measures each SSTable."""
    files = [Path(argument) for argument in arguments]
    if not files:
        everything = (case.data_path for case in all_sstables())
        files = sorted(everything, key=lambda path: path.stat().st_size)[-LARGEST:]
    for path in files:
        with SSTable(path) as opened, tempfile.TemporaryDirectory() as folder:
            jobs = [part for part in parts(opened, DATA) if part[0] == "data.partition"]
            size = sum(len(data) for _, _, data in jobs)
            print(f"{path}: {len(jobs)} partitions, {size} bytes")
            print(run(Path(folder), "bench", jobs, str(TIMES)), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
