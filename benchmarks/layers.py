"""Several SSTables of one table, written once from one of the tables and kept in the cache."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Table
from tools.cassandra.cache import CACHE, environment, filling

_WRITER = Path(__file__).parent / "contenders" / "write_layers.py"


@dataclass(frozen=True)
class Layers:
    """SSTables that overlap: so many, each with half of a table's rows.

    rows: Parquet with the table's rows; schema: a CQL file with its CREATE TABLE.
    """

    table: Table
    number: int
    rows: Path
    schema: Path

    @property
    def folder(self) -> Path:
        """The table's directory; written when it isn't there."""
        recipe = _WRITER.read_bytes() + repr((self.table, self.number)).encode()
        name = f"layers-{self.table.kind}-{hashlib.sha256(recipe).hexdigest()[:12]}"
        folder = CACHE / "benchmarks" / name
        if not folder.is_dir():
            with filling(folder) as new:
                target = new / "bench" / self.table.kind
                command = [sys.executable, str(_WRITER), str(self.rows), str(self.schema)]
                subprocess.run(
                    [*command, str(target), str(self.number)], check=True, env=environment()
                )
        return folder / "bench" / self.table.kind

    @property
    def data(self) -> list[Path]:
        """Data.db of each SSTable."""
        return sorted(self.folder.glob("*-Data.db"))
