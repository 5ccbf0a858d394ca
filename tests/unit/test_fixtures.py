"""The committed fixtures: unchanged, complete, with provenance and Cassandra's answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.shared import OWN, SSTableFixture, sstables
from tools.fixtures import cases_files, cases_rows, cases_values, manifest
from tools.fixtures.__main__ import main

CASES = sorted(path for path in OWN.glob("*/*") if path.is_dir())

COMPONENTS = {
    "big": {"Data.db", "Index.db", "Summary.db", "Statistics.db", "TOC.txt", "Digest.crc32"},
    "bti": {"Data.db", "Partitions.db", "Rows.db", "Statistics.db", "TOC.txt", "Digest.crc32"},
}


def test_manifest_agrees_with_the_files() -> None:
    assert manifest.problems() == []


def test_size() -> None:
    total = sum(path.stat().st_size for path in OWN.rglob("*") if path.is_file())
    assert total < 6 << 20


def test_every_case_was_made() -> None:
    cases = [*cases_values.cases(), *cases_rows.cases(), *cases_files.cases()]
    wanted = {f"{version}/{case.name}" for case in cases for version in case.versions}
    assert wanted <= {path.relative_to(OWN).as_posix() for path in CASES}


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.relative_to(OWN).as_posix())
def test_provenance(folder: Path) -> None:
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["written_by"].split()[-1][0].isdigit()
    assert provenance["tools"].startswith("sstabledump and sstablemetadata of Cassandra 5.0")
    assert all(provenance[name] for name in ("about", "schema", "flushes", "captured_at"))


@pytest.mark.parametrize("case", sstables(own_only=True), ids=str)
def test_sstable_is_complete(case: SSTableFixture) -> None:
    names = set(case.components())
    assert COMPONENTS[case.format] <= names
    assert names == set(case.component("TOC.txt").read_text(encoding="ascii").split())
    assert case.data_path.parent.parent.name == case.version
    assert isinstance(case.dump(), list)
    assert case.metadata().startswith(f"SSTable: {case.version}/")


def test_every_version_and_compressor() -> None:
    own = sstables(own_only=True)
    assert {case.version for case in own} == {"da", "oa", "nb", "me", "md", "mc"}
    compressors = {
        line.split(":", 1)[1].strip()
        for case in own
        for line in case.metadata().splitlines()
        if line.startswith("Compressor:")
    }
    names = ("LZ4", "Snappy", "Deflate", "Zstd", "Noop")
    assert {f"org.apache.cassandra.io.compress.{name}Compressor" for name in names} < compressors
    assert "-" in compressors


def test_a_case_that_there_is_not_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_such"]) == 2
    assert "There is no case no_such." in capsys.readouterr().err
