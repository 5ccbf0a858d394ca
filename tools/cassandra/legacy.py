"""Older releases as writers: SSTables of mc, md, me and nb by the Cassandras that made them."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.cassandra.config import write_logback
from tools.cassandra.errors import RigError
from tools.cassandra.jdk import SOURCES, compiled, flags_11, java_11
from tools.cassandra.maven import LEGACY, jars
from tools.cassandra.sandbox import Sandbox
from tools.cassandra.service import JavaService


class LegacyWriter(JavaService):
    """CQLSSTableWriter of an older release, in one warm JVM; a context manager.

    version: the format version to write: `mc`, `md`, `me`, or `nb` (by 4.1).
    """

    def __init__(self, version: str, heap: str = "1G") -> None:
        self.version = version
        self.release = LEGACY[version]
        library = jars(self.release)
        branch = "v3" if self.release.startswith("3.") else "v4"
        sources = [SOURCES / "LegacyService.java", SOURCES / branch / "LegacyWriter.java"]
        classes = compiled(sources, library, 11)
        java = java_11()
        sandbox = Sandbox("cqlite-legacy-")
        folder = sandbox.folder
        write_logback(folder / "logback.xml", "OFF")
        (folder / "tmp").mkdir()
        command = [java, f"-Xmx{heap}", "-XX:+UseSerialGC", *flags_11()]
        command += [f"-Djava.io.tmpdir={folder}/tmp", f"-Duser.home={folder}"]
        command += [f"-Dcassandra.storagedir={folder}"]
        command += [f"-Dlogback.configurationFile={folder}/logback.xml"]
        command += [
            "-cp",
            f"{classes}:{library}/*",
            "org.apache.cassandra.io.sstable.LegacyService",
        ]
        super().__init__(f"Cassandra-{self.release}", command, sandbox)

    def write(
        self,
        folder: Path,
        table: str,
        statements: Iterable[str],
        *,
        key: Sequence[str],
        types: Sequence[str] = (),
        partitioner: str = "Murmur3Partitioner",
        column_index_size: int = 4096,
    ) -> Path:
        """Write one SSTable; returns its Data.db.

        folder: an empty folder <keyspace>/<table>; table, types: CREATE statements with the
        keyspace named; statements: INSERT, UPDATE and DELETE without bind variables; key: the
        names of the primary key's columns; column_index_size: bytes, whole KiB.
        Raises RigError with what the release says against a statement.
        """
        request = self.folder / "request.cql"
        request.write_bytes("\0".join([*types, table, *statements]).encode())
        name = f"{folder.parent.name}.{folder.name}"
        holes = ", ".join("?" * len(key))
        insert = f"INSERT INTO {name} ({', '.join(key)}) VALUES ({holes})"
        answer = self.request(
            folder, partitioner, str(column_index_size), insert, str(len(types)), request
        )
        if answer:
            said = urllib.parse.unquote_plus(answer)
            raise RigError(f"Cassandra {self.release} could not write {name}.", said)
        found = sorted(folder.glob("*-Data.db"))
        if len(found) != 1:
            raise RigError(f"Cassandra {self.release} wrote {len(found)} SSTables of {name}.")
        return found[0]
