"""Cassandra's jars, fetched from Maven Central into the cache."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.cassandra.cache import CACHE, environment, filling
from tools.cassandra.errors import RigError, last_lines

CURRENT = "5.0.6"
"""The release that judges."""

LEGACY = {"mc": "3.11.2", "md": "3.11.10", "me": "3.11.19", "nb": "4.1.10"}
"""The release that writes a format version by itself."""

_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>cqlite</groupId><artifactId>rig</artifactId><version>1</version><dependencies>
{dependencies}
</dependencies></project>
"""
_DEPENDENCY = (
    "<dependency><groupId>{0}</groupId><artifactId>{1}</artifactId>"
    "<version>{2}</version></dependency>"
)


def jars(version: str = CURRENT) -> Path:
    """The folder with a Cassandra release and what it needs; fetched when it isn't there.

    Raises RigError when Maven is missing or can't fetch.
    """
    folder = CACHE / "cassandra" / version
    if not folder.is_dir():
        wanted = [("org.apache.cassandra", "cassandra-all", version)]
        if version != CURRENT:
            # CQLSSTableWriter of these releases names classes of the driver but doesn't bring it.
            wanted.append(("com.datastax.cassandra", "cassandra-driver-core", "3.11.5"))
        fetch(wanted, folder)
    return folder


def fetch(artifacts: list[tuple[str, str, str]], folder: Path) -> None:
    """Copy artifacts (group, artifact, version) with their dependencies into a new folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise RigError("Maven is missing: no `mvn` on the PATH (Debian: apt-get install maven).")
    with filling(folder) as new:
        pom = new.parent / "pom.xml"
        pom.write_text(
            _POM.format(dependencies="\n".join(_DEPENDENCY.format(*one) for one in artifacts)),
            encoding="utf-8",
        )
        command = [maven, "-q", "-B", "-f", str(pom)]
        command += ["dependency:copy-dependencies", f"-DoutputDirectory={new}"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(), check=False
        )
        if done.returncode:
            names = ", ".join(":".join(one) for one in artifacts)
            raise RigError(f"Maven could not fetch {names}.", last_lines(done.stdout + done.stderr))
