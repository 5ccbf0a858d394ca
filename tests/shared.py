"""What every test needs: the SSTables there are, and Cassandra's own answers about them.

Two sets exist. `fixtures/` belongs to the project and is always there. `../shared/fixtures`
holds Apache Cassandra's legacy SSTables and more, and is used when it is present. Both carry
sstabledump's and sstablemetadata's output (5.0.6, UTC) for every SSTable.

In a test, ask for the argument `sstable` and get every one of them in turn, or parametrize
over a choice of them::

    def test_dump(sstable: SSTableFixture) -> None: ...

    @pytest.mark.parametrize("case", sstables(versions={"da"}), ids=str)
    def test_trie(case: SSTableFixture) -> None: ...
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
"""The repository's root."""

OWN = ROOT / "fixtures"
"""The project's own fixtures: <version>/<case>/."""

SHARED = ROOT.parent / "shared" / "fixtures"
"""Further fixtures outside the repository, which may be absent."""

VERSIONS = ("ma", "mb", "mc", "md", "me", "na", "nb", "nc", "oa", "da")


@dataclass(frozen=True)
class SSTableFixture:
    """One SSTable and where Cassandra's answers about it are."""

    id: str
    """Unique and readable, e.g. `own/da/types/da-1-bti`."""
    data_path: Path
    """Its Data.db."""
    golden_dump: Path
    """sstabledump's JSON."""
    golden_metadata: Path
    """sstablemetadata's text."""
    schema: Path | None
    """A schema.cql of its table, where there is one."""

    def __str__(self) -> str:
        return self.id

    @property
    def stem(self) -> str:
        """The components' common prefix, e.g. `oa-1-big`."""
        return self.data_path.name.removesuffix("-Data.db")

    @property
    def version(self) -> str:
        """The format version, e.g. `oa`."""
        return self.stem.split("-")[0]

    @property
    def generation(self) -> str:
        """The SSTable's id: a number or a UUID-based string."""
        return self.stem.split("-", 1)[1].rsplit("-", 1)[0]

    @property
    def format(self) -> str:
        """`big` or `bti`."""
        return self.stem.rsplit("-", 1)[1]

    @property
    def is_own(self) -> bool:
        """Whether it is one of the project's own."""
        return self.id.startswith("own/")

    def component(self, name: str) -> Path:
        """The path of another component, e.g. `Statistics.db`, be it there or not."""
        return self.data_path.with_name(f"{self.stem}-{name}")

    def components(self) -> dict[str, Path]:
        """The components that exist, by name (`Data.db`, `Digest.crc32`, ...)."""
        found = sorted(self.data_path.parent.glob(f"{self.stem}-*"))
        return {path.name.removeprefix(f"{self.stem}-"): path for path in found}

    def dump(self) -> Any:
        """sstabledump's answer, parsed; objects keep their key order."""
        return json.loads(self.golden_dump.read_text(encoding="utf-8"))

    def metadata(self) -> str:
        """sstablemetadata's answer."""
        return self.golden_metadata.read_text(encoding="utf-8")


def _answer(folder: Path, name: str, generation: str, suffix: str) -> Path:
    """A case of several SSTables numbers its answers; a case of one doesn't."""
    numbered = folder / f"{name}.{generation}{suffix}"
    return numbered if numbered.exists() else folder / f"{name}{suffix}"


def _own() -> Iterator[SSTableFixture]:
    for data in sorted(OWN.glob("*/*/*-Data.db")):
        folder, stem = data.parent, data.name.removesuffix("-Data.db")
        generation = stem.split("-", 1)[1].rsplit("-", 1)[0]
        schema = folder / "schema.cql"
        yield SSTableFixture(
            id=f"own/{folder.relative_to(OWN).as_posix()}/{stem}",
            data_path=data,
            golden_dump=_answer(folder, "dump", generation, ".json"),
            golden_metadata=_answer(folder, "metadata", generation, ".txt"),
            schema=schema if schema.exists() else None,
        )


def _shared() -> Iterator[SSTableFixture]:
    for data in sorted(SHARED.rglob("*-Data.db")):
        folder, stem = data.parent.relative_to(SHARED), data.name.removesuffix("-Data.db")
        golden = SHARED / "golden" / folder
        yield SSTableFixture(
            id=f"shared/{folder.as_posix()}/{stem}",
            data_path=data,
            golden_dump=golden / f"{stem}-dump.json",
            golden_metadata=golden / f"{stem}-metadata.txt",
            schema=None,
        )


@cache
def all_sstables() -> tuple[SSTableFixture, ...]:
    """Every SSTable at hand: the project's own first, then the shared ones if present."""
    return (*_own(), *_shared())


def sstables(
    *,
    versions: Collection[str] = VERSIONS,
    component: str | None = None,
    own_only: bool = False,
    containing: str = "",
) -> list[SSTableFixture]:
    """A choice of SSTables.

    versions: the format versions wanted; component: only those that have this component, e.g.
    `CompressionInfo.db`; own_only: leave out the shared ones; containing: part of the id.
    """
    return [
        case
        for case in all_sstables()
        if case.version in versions
        and containing in case.id
        and (case.is_own or not own_only)
        and (component is None or case.component(component).exists())
    ]
