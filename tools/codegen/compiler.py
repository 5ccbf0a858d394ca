"""Compilers, fetched once by Maven; the Kaitai Struct compiler, run once for all specs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from codegen.errors import CodegenError
from codegen.plan import REPOSITORY, Compiler

POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>cqlite</groupId>
  <artifactId>compiler</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>{group}</groupId>
      <artifactId>{artifact}</artifactId>
      <version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""


def program(name: str, purpose: str) -> str:
    """The path of a program; ``purpose`` is for the error if it is missing."""
    found = shutil.which(name)
    if found is None:
        raise CodegenError(f"{name} is not on the PATH, and it is needed to {purpose}.")
    return found


def fetch(compiler: Compiler, root: Path = REPOSITORY) -> Path:
    """The folder with the compiler's jars, downloaded from Maven Central if need be."""
    home = root / compiler.cache / compiler.version
    if home.is_dir():
        return home
    maven = program("mvn", f"fetch {compiler.title} from Maven Central")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        pom = Path(scratch, "pom.xml")
        pom.write_text(POM.format(**vars(compiler)), encoding="utf-8")
        jars = Path(scratch, "jars")
        run = subprocess.run(
            [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies",
             f"-DoutputDirectory={jars}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode != 0 or not any(jars.glob(f"{compiler.artifact}-*.jar")):
            reason = next(iter((run.stdout + run.stderr).strip().splitlines()), "no jar")
            raise CodegenError(f"Maven could not fetch {compiler.title}: {reason}")
        try:
            jars.replace(home)
        except OSError:
            # Another process was faster; its jars are the same.
            if not home.is_dir():
                raise
    return home


def compile_specs(
    compiler: Compiler,
    specs: Sequence[Path],
    out: Path,
    language: str,
    options: Sequence[str] = (),
    root: Path = REPOSITORY,
) -> list[str]:
    """Compiles all ``specs`` for one ``language`` into ``out`` in one run.

    Returns:
        The compiler's complaints, errors and warnings alike, one line each; the
        specs that are not concerned are in ``out`` all the same.
    """
    java = program("java", "run the Kaitai Struct compiler")
    jars = fetch(compiler, root)
    out.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{jars}{os.sep}*",
         compiler.main, "-t", language, *options, "--outdir", str(out),
         *(str(spec) for spec in specs)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = (run.stdout + run.stderr).splitlines()
    complaints = [line.strip() for line in lines if line.strip()]
    complaints = [line for line in complaints if not line.startswith("Picked up ")]
    if run.returncode != 0 and not complaints:
        complaints.append(f"the compiler ended with status {run.returncode}")
    return complaints
