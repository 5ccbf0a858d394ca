"""Puts a case's SSTables into the output folder, with Cassandra's answers about them."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cassandra.errors import RigError
from tools.cassandra.offline import Tools
from tools.goldmaster.case import Case


@dataclass(frozen=True)
class Place:
    """Where a version's cases go: `folder`/<case>/; seed: of the plan."""

    folder: Path
    version: str
    seed: int

    def of(self, case: Case) -> Path:
        """The folder of a case."""
        return self.folder / case.name


def take(place: Place, case: Case, components: Iterable[Path], writer: str) -> None:
    """Copy a case's components and write down what it was made from."""
    folder = place.of(case)
    folder.mkdir(parents=True, exist_ok=True)
    for path in components:
        shutil.copyfile(path, folder / path.name)
    found = len(list(folder.glob("*-Data.db")))
    if found != case.num_sstables:
        raise RigError(
            f"{place.version}/{case.name} has {found} SSTables, not {case.num_sstables}."
        )
    _write(
        folder / "case.json",
        {
            "written_by": writer,
            "pattern": case.pattern,
            "seed": place.seed,
            "compressor": case.compressor,
            "chunk_length_in_kb": case.chunk_kib,
            "features": sorted(case.features),
            "is_compacted": case.is_compacted,
        },
    )
    schema = ";\n".join((*case.types, case.create, ""))
    (folder / "schema.cql").write_text(schema, encoding="utf-8")
    flushes = [";\n".join((*flush, "")) for flush in case.flushes]
    (folder / "statements.cql").write_text("-- flush\n".join((*flushes, "")), encoding="utf-8")


def answers(place: Place, case: Case, rows: list[str], times: list[str], asked_at: int) -> None:
    """Write down what the node said: rows of SELECT JSON, and of WRITETIME and TTL.

    And between which seconds, which tell what is left of times to live.
    """
    said = {"asked_at": asked_at, "captured_at": int(time.time()), "rows": rows, "times": times}
    _write(place.of(case) / "select.json", said)


def describe(place: Place, case: Case, tools: Tools) -> int:
    """Ask the offline tools about a case's SSTables; returns how many there are."""
    folder = place.of(case)
    found = sorted(folder.glob("*-Data.db"))
    for data in found:
        number = f".{data.name.split('-')[1]}" if len(found) > 1 else ""
        (folder / f"dump{number}.json").write_text(tools.dump(data), encoding="utf-8")
        (folder / f"metadata{number}.txt").write_text(tools.metadata(data), encoding="utf-8")
    return len(found)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
