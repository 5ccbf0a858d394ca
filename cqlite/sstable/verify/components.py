"""Which components there are, and whether each can be read by itself."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite import layouts
from cqlite.blocks import measured_compression_info
from cqlite.errors import CqliteError
from cqlite.index.bloom import BloomFilter
from cqlite.io import (
    COMPRESSION_INFO,
    DATA,
    FILTER,
    INDEX,
    PARTITIONS,
    ROWS,
    STATISTICS,
    SUMMARY,
    TOC,
    Components,
)
from cqlite.sstable.chunks import summarised_natively
from cqlite.sstable.metadata import read_metadata
from cqlite.sstable.verify.findings import Finding, error, raised, warning

_PRIMARY = {"big": (DATA, INDEX, STATISTICS), "bti": (DATA, PARTITIONS, ROWS, STATISTICS)}
_SECONDARY = {"big": (FILTER, SUMMARY), "bti": (FILTER,)}

_SAI = "SAI+"
_SAI_COMPLETE = "ColumnComplete.db"
_SAI_GROUP_COMPLETE = "GroupComplete.db"
_SAI_SIZES = "PartitionToSize.db"
"""Names of components: the start of those of storage-attached indexes, the ends of some."""


def check_presence(components: Components) -> Iterator[Finding]:
    """The components that the format needs, whether or not TOC.txt lists them."""
    name = components.descriptor.version.format
    for component in _PRIMARY[name]:
        if component not in components:
            yield error("missing", "the file is missing", components.where(component))
    for component in _SECONDARY[name]:
        if component not in components and not (component == FILTER and _has_no_filter(components)):
            message = "the file is missing; Cassandra works without it or makes it anew"
            yield warning("missing", message, components.where(component))


def _has_no_filter(components: Components) -> bool:
    """Whether the table was set not to have Bloom filters, so that none was written."""
    try:
        return read_metadata(components).validation.bloom_filter_fp_chance >= 1
    except CqliteError:
        return False


def check_toc(components: Components) -> Iterator[Finding]:
    """TOC.txt against the files that are there."""
    where = components.where(TOC)
    if TOC not in components:
        message = "the file is missing; Cassandra makes it anew from the files that are there"
        yield warning("toc", message, where)
        return
    listed: set[str] = set()
    offset = 0
    for line in components.read(TOC).splitlines(keepends=True):
        place = where.at(offset, f"toc.body.components[{len(listed)}]")
        offset += len(line)
        try:
            component = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            yield error("toc", f"{line!r} is not UTF-8 text", place)
            continue
        if component in listed:
            yield warning("toc", f"{component} is listed twice", place)
        elif component and component not in components and not _is_of_empty(component, components):
            yield error("toc", f"{component} is listed but the file is missing", place)
        listed.add(component)
    for component in components:
        if component not in listed and not _is_of_skinny(component, listed):
            yield warning("toc", f"{component} is there but not listed", where)


def _is_of_empty(component: str, components: Components) -> bool:
    """Whether a component is of a storage-attached index in which no row of the SSTable is.

    All its components are listed, but the only file that is written then is the one that says
    that it is complete (``IndexDescriptor.isIndexEmpty``).
    """
    if not component.startswith(_SAI):
        return False
    of_index = component.rpartition("+")[0]
    return [name for name in components if name.startswith(f"{of_index}+")] == [
        f"{of_index}+{_SAI_COMPLETE}"
    ]


def _is_of_skinny(component: str, listed: set[str]) -> bool:
    """Whether it is what a storage-attached index writes of any table, and lists of wide ones.

    See ``V1OnDiskFormat.SKINNY_PER_SSTABLE_COMPONENTS``.
    """
    start, _, name = component.rpartition("+")
    is_known = start.startswith(_SAI) and name == _SAI_SIZES
    return is_known and f"{start}+{_SAI_GROUP_COMPLETE}" in listed


def check_compression_info(components: Components) -> Iterator[Finding]:
    """CompressionInfo.db: its layout, and that its chunks cover Data.db."""
    if COMPRESSION_INFO not in components:
        return
    found = summarised_natively(components)
    if found is not None and (found.last is None or found.last < components.size(DATA)):
        yield from _check_end(components, COMPRESSION_INFO, "compression_info.body", found.length)
        return
    try:
        info, length = measured_compression_info(components)
    except CqliteError as exception:
        yield raised("compression-info", exception)
        return
    yield from _check_end(components, COMPRESSION_INFO, "compression_info.body", length)
    where = components.where(COMPRESSION_INFO)
    if info.offsets and info.offsets[-1] >= info.file_length:
        message = (
            f"the last chunk starts at {info.offsets[-1]}, "
            f"Data.db has only {info.file_length} bytes"
        )
        field = f"compression_info.body.chunk_offsets[{len(info) - 1}]"
        yield error("compression-info", message, where.at(field=field))


def check_filter(components: Components) -> Iterator[Finding]:
    """Filter.db's layout; whether it has the keys is checked with the partitions."""
    if FILTER not in components:
        return
    try:
        BloomFilter.read(components)
    except CqliteError as exception:
        yield raised("filter", exception)
        return
    yield from _check_length(components, FILTER, "filter.body")


def _check_length(components: Components, component: str, path: str) -> Iterator[Finding]:
    """That nothing follows what ``component`` consists of."""
    where = components.where(component)
    with components.open(component) as file:
        layouts.parse(path, file, components.descriptor.version.number, where=where)
        end = file.tell()
    yield from _check_end(components, component, path, end)


def _check_end(components: Components, component: str, path: str, end: int) -> Iterator[Finding]:
    size = components.size(component)
    if end != size:
        where = components.where(component).at(end, path)
        yield error("length", f"{size - end} bytes follow the last field", where)
