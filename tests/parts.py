"""The components of an SSTable, cut into objects of the layouts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from cqlite import layouts
from cqlite.blocks import CompressedBlocks
from cqlite.index.claims import claims
from cqlite.io import DATA, INDEX, PARTITIONS, ROWS, SPEC_OF_COMPONENT
from cqlite.sstable import SSTable

# A layout, its parameters and the bytes that are of it.
Part = tuple[str, tuple[Any, ...], bytes]


def parts(opened: SSTable, component: str) -> Iterator[Part]:
    """All of ``component``, cut into what is parsed at one go."""
    data = opened.components.read(component)
    version = opened.descriptor.version.number
    if component == DATA:
        yield from _data_parts(opened)
    elif component == INDEX:
        yield "index.body", (version,), data
        yield from _promoted_indexes(opened, data)
    elif component in (PARTITIONS, ROWS):
        position = 0
        for claim in claims(opened.components, component):
            assert claim.offset == position
            position += claim.size
            yield claim.layout, claim.params, data[claim.offset : position]
        assert position == len(data)
    else:
        yield f"{SPEC_OF_COMPONENT[component]}.body", (version,), data


def _data_parts(opened: SSTable) -> Iterator[Part]:
    """The chunks on disk, then the partitions of the uncompressed stream."""
    if opened.compression is not None:
        blocks = CompressedBlocks(opened.components, opened.compression)
        data = opened.components.read(DATA)
        for chunk in opened.compression.chunks():
            end = chunk.offset + chunk.length + 4
            yield "chunk.compressed_chunk", (chunk.length,), data[chunk.offset : end]
        blocks.close()
    params = (opened.descriptor.version.number, *opened.reader.shapes)
    stream = opened.open_data()
    positions = [partition.position for partition in opened] + [opened.data_length]
    for start, end in itertools.pairwise(positions):
        stream.seek(start)
        yield "data.partition", params, stream.read(end - start)


def _promoted_indexes(opened: SSTable, data: bytes) -> Iterator[Part]:
    version = opened.descriptor.version.number
    for entry in layouts.parse("index.body", data, version).entries:
        promoted = getattr(entry, "promoted_index", None)
        if promoted:
            yield "index.promoted_index", (version, opened.reader.shapes[0]), promoted
