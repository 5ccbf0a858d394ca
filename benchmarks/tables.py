"""The tables, written once by Cassandra's own writer and kept in the cache."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.jvm import JAVA, java
from tools.cassandra.cache import CACHE, environment, filling
from tools.cassandra.errors import RigError, last_lines

IOT = "iot"
IOT_ROW = 59
"""Uncompressed bytes of a row of the IoT table, for sizes in bytes."""

WIDE_KEY = 1
"""The one partition of the wide table."""

SCHEMAS = {
    IOT: "CREATE TABLE bench.iot (sensor text, day date, at timestamp, temperature double, "
    "humidity float, battery int, packets bigint, state text, PRIMARY KEY ((sensor, day), at));",
    "tiny": "CREATE TABLE bench.tiny (device text PRIMARY KEY, owner text, firmware int, "
    "seen timestamp);",
    "wide": "CREATE TABLE bench.wide (stream int, at timestamp, seq int, kind text static, "
    "value double, note text, PRIMARY KEY (stream, at, seq));",
    "collections": "CREATE TYPE bench.place (street text, number int);\n"
    "CREATE TABLE bench.collections (tenant int, id int, tags set<text>, samples list<double>, "
    "attributes map<text, int>, place place, PRIMARY KEY (tenant, id));",
}


@dataclass(frozen=True)
class Table:
    """One SSTable: what it holds, its format (``big`` or ``bti``) and its number of rows."""

    kind: str
    format: str
    rows: int

    @property
    def _folder(self) -> Path:
        recipe = (JAVA / "TableMaker.java").read_bytes() + repr(self).encode()
        name = f"{self.kind}-{self.format}-{self.rows}-{hashlib.sha256(recipe).hexdigest()[:12]}"
        return CACHE / "benchmarks" / name

    @property
    def data(self) -> Path:
        """Its Data.db; written when it isn't there.

        Raises:
            RigError: Cassandra could not write it, or Java is missing.
        """
        folder = self._folder
        if not folder.is_dir():
            with filling(folder) as new:
                self._write(new)
        return next((folder / "bench" / self.kind).glob("*-Data.db"))

    @property
    def schema(self) -> Path:
        """A CQL file with its CREATE TABLE, by a name that commands don't look for."""
        return self.data.parents[2] / f"{self.kind}.cql"

    def _write(self, folder: Path) -> None:
        target = folder / "bench" / self.kind
        target.mkdir(parents=True)
        (folder / f"{self.kind}.cql").write_text(SCHEMAS[self.kind] + "\n", encoding="utf-8")
        arguments = (self.kind, self.format, str(target), str(self.rows))
        with java("TableMaker", *arguments, heap="2G") as command:
            done = subprocess.run(
                command, capture_output=True, text=True, env=environment(), check=False
            )
        if done.returncode:
            raise RigError(f"{self} could not be written.", last_lines(done.stderr, 12))
