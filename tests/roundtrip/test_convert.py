"""An SSTable converted to another version holds the same, and verifies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import UnsupportedFeatureError
from cqlite.io import FORMAT_OF_VERSION, Descriptor, parse_version
from cqlite.sstable import SSTable
from cqlite.sstable.verify import Severity, verify
from cqlite.sstable.write import WRITTEN_VERSIONS, rewrite, settings_for
from tests.shared import SSTableFixture, sstables

CASES = [
    pytest.param(case, version, id=f"{case}-to-{version}")
    for case in sstables(own_only=True)
    for version in WRITTEN_VERSIONS
    if version != case.version
]
BEYOND_2038 = "ttl_beyond_2038"


def _convert(source: SSTable, version: str, directory: Path) -> Descriptor:
    target = parse_version(version, FORMAT_OF_VERSION[version])
    return rewrite(source, directory, target, "7", settings_for(source, target))


def _content(opened: SSTable) -> list[Any]:
    return [
        (partition.key, partition.deletion, partition.static_row, list(partition))
        for partition in opened
    ]


@pytest.mark.parametrize(("case", "version"), CASES)
def test_converted(case: SSTableFixture, version: str, tmp_path: Path) -> None:
    with SSTable(case.data_path) as source:
        if BEYOND_2038 in case.id and version == "nb":
            with pytest.raises(UnsupportedFeatureError, match="2038"):
                _convert(source, version, tmp_path)
            assert not list(tmp_path.iterdir())
            return
        written = _convert(source, version, tmp_path)
        with SSTable(written.path("Data.db")) as opened:
            assert _content(opened) == _content(source)
            findings = list(verify(opened))
    assert [str(f) for f in findings if f.severity is not Severity.NOTE] == []
