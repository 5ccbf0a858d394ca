"""An SSTable converted to another version holds the same, and verifies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cqlite import Writer
from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.io import FORMAT_OF_VERSION, Descriptor, parse_version
from cqlite.sstable import SSTable
from cqlite.sstable.verify import Severity, verify
from cqlite.sstable.write import WRITTEN_VERSIONS, rewrite, settings_for
from tests.engines import on_engines, using
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


@on_engines
@pytest.mark.parametrize("version", ["oa", "da"])
@pytest.mark.parametrize("what", ["partition", "range"])
def test_deletions_before_1970_are_refused(
    what: str, version: str, engine: str, tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    schema = "CREATE TABLE k.t (p int, c int, v text, PRIMARY KEY (p, c))"
    with Writer(schema, tmp_path / "old", format="nb", now=1_700_000_000) as writer:
        if what == "partition":
            writer.delete_partition({"p": 1}, timestamp=-1)
        else:
            writer.delete_range({"p": 1}, timestamp=-1)
            for c in range(100):
                writer.write({"p": 1, "c": c, "v": "x" * 1000}, timestamp=c)
    with (
        using(engine),
        SSTable(writer.sstables[0]) as source,
        pytest.raises(InvalidValueError, match="at -1 microseconds; oa and later have no"),
    ):
        _convert(source, version, tmp_path / "made")
    assert not list((tmp_path / "made").iterdir())
