"""Holds what cqlite makes of an SSTable's rows against the SSTable, byte by byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from cqlite.blocks import open_data
from cqlite.io import COMPRESSION_INFO, DATA, DIGEST, STATISTICS, resolve
from cqlite.sstable import SSTable
from cqlite.sstable.metadata import StatsMetadata, parse_metadata
from cqlite.sstable.write import WRITTEN_VERSIONS, rewrite, settings_of

_SNAPPY = "SnappyCompressor"
_OF_COMPRESSOR = (COMPRESSION_INFO, DATA, DIGEST)
_PIECE = 1 << 20


def differences(data: Path) -> Iterator[str]:
    """The components that differ when all of an SSTable is computed anew, a line each.

    Of a version that cqlite doesn't write there are none. Snappy's library compresses
    otherwise than the one that Cassandra has; there it is the uncompressed stream that has
    to be the same, and the compression ratio in Statistics.db may differ.
    """
    with SSTable(data) as source, tempfile.TemporaryDirectory() as scratch:
        own = source.descriptor
        if own.version.name not in WRITTEN_VERSIONS:
            return
        written = rewrite(source, Path(scratch), own.version, own.id, settings_of(source))
        found = {path.name.removeprefix(own.prefix) for path in Path(scratch).iterdir()}
        is_snappy = source.compression is not None and source.compression.compressor == _SNAPPY
        for name in sorted(found | set(source.components)):
            if name not in found or name not in source.components:
                yield f"rewrite: {name} is on one side only"
            elif written.path(name).read_bytes() == source.components.read(name):
                continue
            elif not (is_snappy and _is_the_compressors(name, source, written.path(name))):
                yield f"rewrite: {name} differs"


def _is_the_compressors(name: str, source: SSTable, written: Path) -> bool:
    """Whether a component differs by what a compressor makes of the same stream."""
    if name == STATISTICS:
        return _differing_stats(source, written) == ["compression_ratio"]
    if name != DATA:
        return name in _OF_COMPRESSOR
    with open_data(source.components) as ours, open_data(resolve(written)) as theirs:
        while piece := ours.read(_PIECE):
            if theirs.read(_PIECE) != piece:
                return False
        return not theirs.read(1)


def _differing_stats(source: SSTable, written: Path) -> list[str]:
    number = source.descriptor.version.number
    ours = parse_metadata(written.read_bytes(), number).stats
    theirs = source.metadata.stats
    return [
        field.name
        for field in fields(StatsMetadata)
        if repr(getattr(ours, field.name)) != repr(getattr(theirs, field.name))
    ]
