"""A table of small partitions, each of them in all of its SSTables, as look-ups find it worst."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.cassandra.cache import CACHE, environment, filling

_WRITER = Path(__file__).parent / "contenders" / "write_partitions.py"


@dataclass(frozen=True)
class Partitions:
    """The table: so many SSTables, and the number of partitions that each of them has."""

    number: int
    rows: int

    @property
    def folder(self) -> Path:
        """The table's directory; written when it isn't there."""
        recipe = _WRITER.read_bytes() + repr(self).encode()
        name = f"partitions-{self.rows}-{hashlib.sha256(recipe).hexdigest()[:12]}"
        folder = CACHE / "benchmarks" / name
        if not folder.is_dir():
            with filling(folder) as new:
                target = new / "bench" / "partitions"
                command = [sys.executable, str(_WRITER), str(target)]
                numbers = [str(self.number), str(self.rows)]
                subprocess.run([*command, *numbers], check=True, env=environment())
        return folder / "bench" / "partitions"

    @property
    def data(self) -> Path:
        """Data.db of the first SSTable."""
        return min(self.folder.glob("*-Data.db"))
