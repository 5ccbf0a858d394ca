"""Checksums: of Data.db as a whole, of its chunks or blocks, and of Statistics.db's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cqlite import layouts
from cqlite.blocks import CompressedBlocks, CompressionInfo, PlainBlocks, read_compression_info
from cqlite.codec.checksum import crc32
from cqlite.errors import CorruptSSTableError, CqliteError
from cqlite.io import COMPRESSION_INFO, CRC, DATA, DIGEST, STATISTICS, Components
from cqlite.io.native import native_function
from cqlite.sstable.metadata import read_metadata
from cqlite.sstable.verify.findings import Finding, error, note, raised

Progress = Callable[[int], None]
"""Is told how many bytes of Data.db have been read."""

_READ_LENGTH = 1 << 20


def check_checksums(components: Components, progress: Progress) -> Iterator[Finding]:
    """All checksums of the components that are there, without looking at what they protect."""
    if DATA in components:
        yield from check_data(components, progress)
    if STATISTICS in components:
        yield from check_statistics(components)


def check_data(components: Components, progress: Progress) -> Iterator[Finding]:
    """Data.db as a whole and in parts, by the native engine in one pass if it is there."""
    found = _native_pass(components, progress)
    if found is None:
        yield from check_digest(components, lambda: _digest(components, progress))
        yield from check_blocks(components, progress)
        return
    computed, damaged = found
    yield from check_digest(components, lambda: computed)
    if _has_parts(components):
        check = "chunk" if COMPRESSION_INFO in components else "crc"
        yield from (raised(check, exception) for exception in damaged)
    else:
        yield _no_parts(components)


def _native_pass(
    components: Components, progress: Progress
) -> tuple[int, list[CqliteError]] | None:
    """CRC-32 of Data.db and what is wrong with its parts.

    ``None`` without the native engine, or where the reference engine is to say what is
    wrong with the files that tell the parts.
    """
    function = native_function("checksums")
    if function is None:
        return None
    paths = {name: components.path(name) for name in components}
    try:
        found: tuple[int, list[CqliteError]] = function(
            paths, components.descriptor.version.number, progress
        )
    except CqliteError:
        return None
    return found


def _has_parts(components: Components) -> bool:
    return COMPRESSION_INFO in components or CRC in components


def _no_parts(components: Components) -> Finding:
    message = "there is neither CompressionInfo.db nor CRC.db to check blocks of the file"
    return note("crc", message, components.where(DATA))


def check_digest(components: Components, compute: Callable[[], int]) -> Iterator[Finding]:
    """The CRC-32 of all of Data.db, which ``compute`` gives, against Digest.crc32."""
    where = components.where(DATA)
    if DIGEST not in components:
        message = "there is no Digest.crc32 to check the file as a whole"
        yield note("digest", message, where)
        return
    try:
        stored = _stored_digest(components)
        computed = compute()
    except CqliteError as exception:
        yield raised("digest", exception)
        return
    if stored != computed:
        message = f"CRC-32 of the file is {computed}, {DIGEST} says {stored}"
        yield error("digest", message, where.at(0))


def _stored_digest(components: Components) -> int:
    where = components.where(DIGEST)
    version = components.descriptor.version.number
    text = layouts.parse("digest.body", components.read(DIGEST), version, where=where).checksum
    try:
        return int(text)
    except ValueError:
        raise CorruptSSTableError(
            f"{text[:20]!r} is not a number", where.at(0, "digest.body.checksum")
        ) from None


def _digest(components: Components, progress: Progress) -> int:
    value = position = 0
    with components.open(DATA) as file:
        while data := file.read(_READ_LENGTH):
            value = crc32(data, value)
            position += len(data)
            progress(position)
    return value


def check_blocks(components: Components, progress: Progress) -> Iterator[Finding]:
    """Each chunk's own CRC-32, or CRC.db where Data.db is not compressed."""
    try:
        info = read_compression_info(components)
    except CqliteError as exception:
        yield raised("compression-info", exception)
        return
    try:
        if info is not None:
            yield from _check_chunks(components, info, progress)
        else:
            yield from _check_crc(components, progress)
    except CqliteError as exception:
        yield raised("chunk" if COMPRESSION_INFO in components else "crc", exception)


def _check_chunks(
    components: Components, info: CompressionInfo, progress: Progress
) -> Iterator[Finding]:
    blocks = CompressedBlocks(components, info)
    try:
        for chunk in info.chunks():
            try:
                blocks.read_checked(chunk)
            except CqliteError as exception:
                yield raised("chunk", exception)
            progress(chunk.offset)
    finally:
        blocks.close()


def _check_crc(components: Components, progress: Progress) -> Iterator[Finding]:
    if CRC not in components:
        yield _no_parts(components)
        return
    blocks = PlainBlocks(components)
    try:
        for index in range(-(-blocks.length // blocks.block_length)):
            try:
                blocks.read(index)
            except CqliteError as exception:
                yield raised("crc", exception)
            progress(index * blocks.block_length)
        try:
            blocks.check_end()
        except CqliteError as exception:
            yield raised("crc", exception)
    finally:
        blocks.close()


def check_statistics(components: Components) -> Iterator[Finding]:
    """The checksums in Statistics.db, and that all of its parts can be read."""
    try:
        read_metadata(components)
    except CqliteError as exception:
        yield raised("statistics", exception)
