"""Writes tests/unit/type_vectors.json: what Cassandra says about values of every type.

Run it to make the vectors anew; it needs Java and the jars of cassandra-all 5.0.6::

    python -m tests.cassandra.type_vectors LIB JVM_OPTIONS

LIB is a folder with the jars, JVM_OPTIONS a file with the flags that Cassandra needs.
The values, which are deterministic, are those of ``type_values``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cassandra.type_values import PARTITIONERS, TYPES

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "unit" / "type_vectors.json"
CASSANDRA = "5.0.6"
MADE_BY = "tests/cassandra/type_vectors.py"


def _hex(values: list[bytes]) -> str:
    return ",".join(value.hex() or "-" for value in values)


def questions() -> str:
    """The lines that TypeVectors.java reads."""
    lines = [f"type\t{name}\t{_hex(values)}" for name, values in TYPES.items()]
    lines += [f"partitioner\t{name}\t{_hex(keys)}" for name, keys in PARTITIONERS.items()]
    return "\n".join(lines) + "\n"


def ask(
    lib: Path, options: Path, lines: str, program: str = "TypeVectors"
) -> list[dict[str, object]]:
    """Cassandra's answers to these lines, one object for each."""
    flags = options.read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder:
        quiet = Path(folder, "logback.xml")
        quiet.write_text('<configuration><root level="OFF"/></configuration>', encoding="utf-8")
        jars = f"{lib}/*"
        source = str(HERE / f"{program}.java")
        subprocess.run(["javac", "-proc:none", "-cp", jars, "-d", folder, source], check=True)
        command = [
            "java",
            *flags,
            "-Duser.timezone=UTC",
            f"-Dlogback.configurationFile={quiet}",
            "-cp",
            f"{folder}:{jars}",
            program,
        ]
        done = subprocess.run(
            command, input=lines, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
    return [json.loads(line) for line in done.stdout.rstrip("\n").split("\n")]


def main(lib: str, options: str) -> None:
    """Write the vectors."""
    answers = ask(Path(lib), Path(options), questions())
    types = ",\n".join(json.dumps(a) for a in answers if "type" in a)
    partitioners = ",\n".join(json.dumps(a) for a in answers if "partitioner" in a)
    head = json.dumps({"cassandra": CASSANDRA, "java": 17, "made_by": MADE_BY})[:-1]
    text = f'{head},\n"types": [\n{types}\n],\n"partitioners": [\n{partitioners}\n]}}\n'
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
