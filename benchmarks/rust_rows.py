"""How fast the native engine's rows room walks uncompressed rows, by the processor's time of
one thread: the best of several times.

    python -m benchmarks.rust_rows [DATA.db ...]

Without arguments, the largest SSTables among the fixtures. `every cell` looks at all cells,
`chosen cells` at those of the first column alone, `rows only` at the rows' heads.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from cqlite.sstable import SSTable
from tests.rust_rows import run
from tests.shared import all_sstables

# How many fixtures are measured, and how many times each way.
LARGEST = 2
TIMES = 5


def main(arguments: list[str]) -> None:
    """Measures each SSTable."""
    files = [Path(argument) for argument in arguments]
    if not files:
        everything = (case.data_path for case in all_sstables())
        files = sorted(everything, key=lambda path: path.stat().st_size)[-LARGEST:]
    for path in files:
        with SSTable(path) as opened, tempfile.TemporaryDirectory() as folder:
            data = opened.open_data().read()
            print(f"{path}: {len(data)} bytes")
            columns = opened.reader._format.regular_columns
            chosen = [column.name for column in columns[:1]] or ["none"]
            print(run(Path(folder), "bench", opened, data, TIMES, *chosen), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
