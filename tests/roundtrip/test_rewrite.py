"""Written anew from its rows, an SSTable of nb, oa or da is what Cassandra wrote."""

from __future__ import annotations

import resource
import signal
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

import pytest

from cqlite.blocks import open_data
from cqlite.errors import OutputError
from cqlite.io import DATA, Descriptor, resolve
from cqlite.sstable import SSTable
from cqlite.sstable.metadata import StatsMetadata, parse_metadata
from cqlite.sstable.write import WRITTEN_VERSIONS, rewrite, settings_of
from tests.engines import on_engines, using
from tests.shared import SSTableFixture, sstables

CASES = sstables(versions=WRITTEN_VERSIONS)
SNAPPY = "SnappyCompressor"
OF_OLDER_RELEASE = ("shared/nb/legacy_", "shared/oa/legacy_", "shared/da/legacy_")
"""Written by 4.0 and by 5.0 before its release, which listed components in no order."""

_written: dict[tuple[str, str], dict[str, bytes]] = {}


def _components(case: SSTableFixture, engine: str) -> dict[str, bytes]:
    """The components of ``case`` written anew, by name."""
    key = engine, case.id
    if key not in _written:
        with (
            using(engine),
            tempfile.TemporaryDirectory() as scratch,
            SSTable(case.data_path) as source,
        ):
            own = source.descriptor
            rewrite(source, Path(scratch), own.version, own.id, settings_of(source))
            _written[key] = {
                path.name.removeprefix(own.prefix): path.read_bytes()
                for path in Path(scratch).iterdir()
            }
    return _written[key]


def _with_component(*names: str) -> list[object]:
    return [
        pytest.param(case, name, id=f"{name}-{case}")
        for case in CASES
        for name in names
        if case.component(name).exists()
    ]


def _is_snappy(case: SSTableFixture) -> bool:
    with SSTable(case.data_path) as opened:
        return opened.compression is not None and opened.compression.compressor == SNAPPY


@on_engines
@pytest.mark.parametrize("case", CASES, ids=str)
def test_components_are_the_same_files(case: SSTableFixture, engine: str) -> None:
    assert sorted(_components(case, engine)) == sorted(case.components())


@on_engines
@pytest.mark.parametrize(
    ("case", "component"),
    _with_component("Index.db", "Summary.db", "Partitions.db", "Rows.db", "Filter.db", "CRC.db"),
)
def test_component_is_identical(case: SSTableFixture, engine: str, component: str) -> None:
    assert _components(case, engine)[component] == case.component(component).read_bytes()


@on_engines
@pytest.mark.parametrize(
    ("case", "component"), _with_component("Data.db", "CompressionInfo.db", "Digest.crc32")
)
def test_data_is_identical(
    case: SSTableFixture, engine: str, component: str, tmp_path: Path
) -> None:
    written = _components(case, engine)
    if written[component] == case.component(component).read_bytes():
        return
    # Snappy's library compresses in another way than the one that Cassandra has: what
    # it makes of the stream may differ, the stream may not.
    assert _is_snappy(case)
    descriptor = Descriptor(tmp_path, resolve(case.data_path).descriptor.version, "1")
    for name, data in written.items():
        descriptor.path(name).write_bytes(data)
    new = resolve(descriptor.path(DATA))
    with open_data(resolve(case.data_path)) as expected, open_data(new) as found:
        assert found.read() == expected.read()


@on_engines
@pytest.mark.parametrize("case", CASES, ids=str)
def test_statistics_are_identical(case: SSTableFixture, engine: str) -> None:
    found, expected = _components(case, engine)["Statistics.db"], case.component("Statistics.db")
    if found == expected.read_bytes():
        return
    # The same: Snappy's compressed length, and nothing else.
    assert _is_snappy(case)
    number = resolve(case.data_path).descriptor.version.number
    stats = [parse_metadata(data, number).stats for data in (found, expected.read_bytes())]
    differing = [
        field.name
        for field in fields(StatsMetadata)
        if repr(getattr(stats[0], field.name)) != repr(getattr(stats[1], field.name))
    ]
    assert differing == ["compression_ratio"]
    assert len(found) == expected.stat().st_size


@on_engines
@pytest.mark.parametrize("case", CASES, ids=str)
def test_toc_is_identical(case: SSTableFixture, engine: str) -> None:
    found, expected = _components(case, engine)["TOC.txt"], case.component("TOC.txt").read_bytes()
    if case.id.startswith(OF_OLDER_RELEASE):
        expected = b"".join(sorted(expected.splitlines(keepends=True)))
    assert found == expected


@on_engines
def test_only_large_snappy_chunks_differ(engine: str) -> None:
    """The exception is no larger than it has to be."""
    differing = [
        case for case in CASES if _components(case, engine)[DATA] != case.data_path.read_bytes()
    ]
    assert all(_is_snappy(case) for case in differing)
    assert len(differing) <= sum(map(_is_snappy, CASES)) // 2


@on_engines
def test_interrupted_nothing_is_left(engine: str, tmp_path: Path) -> None:
    told: list[int] = []

    def progress(position: int) -> None:
        told.append(position)
        if position == source.data_length:
            raise KeyboardInterrupt

    with using(engine), SSTable(CASES[0].data_path) as source:
        version, settings = source.descriptor.version, settings_of(source)
        with pytest.raises(KeyboardInterrupt):
            rewrite(source, tmp_path, version, "1", settings, progress)
    assert told == sorted(told)
    assert list(tmp_path.iterdir()) == []


@on_engines
def test_disk_that_fills_up_leaves_nothing(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without room, Python would leave half-written bytecode of what it imports.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    case = max(CASES, key=lambda case: case.data_path.stat().st_size)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with using(engine), SSTable(case.data_path) as source:
        version, settings = source.descriptor.version, settings_of(source)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            with pytest.raises(OutputError, match=str(tmp_path)):
                rewrite(source, tmp_path, version, "1", settings)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
    assert list(tmp_path.iterdir()) == []
