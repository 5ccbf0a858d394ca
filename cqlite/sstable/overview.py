"""All that small components say of an SSTable: what Cassandra's sstablemetadata shows.

Follows ``org.apache.cassandra.tools.SSTableMetadataViewer``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cqlite import layouts
from cqlite.blocks import CompressionParameters, read_compression_parameters
from cqlite.errors import InvalidTypeError, InvalidValueError, Where
from cqlite.io import STATISTICS, SUMMARY, Components, Descriptor
from cqlite.sstable.metadata import ClusteringBound, SSTableMetadata, read_metadata
from cqlite.types import CqlType, parse_partitioner, parse_type


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """How Summary.db samples Index.db.

    Attributes:
        min_index_interval: partitions from one entry to the next at full sampling.
        sampling_level: how many of every 128 entries are kept.
        size: number of entries.
        size_at_full_sampling: number of entries that there would be at full sampling.
        first_key: serialized key of the first partition.
        last_key: serialized key of the last partition.
    """

    min_index_interval: int
    sampling_level: int
    size: int
    size_at_full_sampling: int
    first_key: bytes
    last_key: bytes


@dataclass(frozen=True, slots=True)
class KeyPosition:
    """A partition key and where it stands on the ring.

    Attributes:
        key: serialized key.
        text: the key as Cassandra's tools print it.
        token: the token as Cassandra's tools print it.
    """

    key: bytes
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of an SSTable without its data and index.

    Attributes:
        descriptor: which SSTable.
        metadata: Statistics.db.
        compression: CompressionInfo.db, ``None`` where Data.db is not compressed.
        summary: Summary.db, ``None`` where there is none.
        first: the first partition's key, ``None`` where it is not known.
        last: the last partition's key, ``None`` where it is not known.
        covered: the values of start and end of the covered clusterings as Cassandra's
            tools print them, ``None`` for null; ``None`` where all must be taken to be.
    """

    descriptor: Descriptor
    metadata: SSTableMetadata
    compression: CompressionParameters | None
    summary: IndexSummary | None
    first: KeyPosition | None
    last: KeyPosition | None
    covered: tuple[tuple[str | None, ...], tuple[str | None, ...]] | None

    def key_text(self, key: bytes) -> str:
        """A serialized partition key as Cassandra's tools print it."""
        return parse_type(self.metadata.header.key_type).to_string(key)


def read_overview(components: Components) -> Overview:
    """What the small components say.

    Raises:
        MissingComponentError: there is no Statistics.db.
        CorruptSSTableError: a component breaks its layout, or a checksum does not fit.
        InvalidValueError: a key does not fit its type.
    """
    metadata = read_metadata(components)
    summary = _read_summary(components)
    first, last = metadata.stats.first_key, metadata.stats.last_key
    if first is None and last is None and summary is not None:
        first, last = summary.first_key, summary.last_key
    with _located(components.where(STATISTICS)):
        covered = _covered(metadata)
        positions = _position(metadata, first), _position(metadata, last)
    return Overview(
        components.descriptor,
        metadata,
        read_compression_parameters(components),
        summary,
        *positions,
        covered,
    )


@contextmanager
def _located(where: Where) -> Iterator[None]:
    """Says in errors about types and values which file they are about."""
    try:
        yield
    except (InvalidTypeError, InvalidValueError) as error:
        if error.where.file is not None:
            raise
        raise type(error)(error.message, where) from error


def _position(metadata: SSTableMetadata, key: bytes | None) -> KeyPosition | None:
    if key is None:
        return None
    key_type = parse_type(metadata.header.key_type)
    token = parse_partitioner(metadata.validation.partitioner, key_type).token(key)
    return KeyPosition(key, key_type.to_string(key), str(token))


def _covered(
    metadata: SSTableMetadata,
) -> tuple[tuple[str | None, ...], tuple[str | None, ...]] | None:
    covered = metadata.stats.covered_clustering
    if covered is None:
        return None
    types = [parse_type(name) for name in metadata.header.clustering_types]
    return _texts(types, covered.start), _texts(types, covered.end)


def _texts(types: list[CqlType], bound: ClusteringBound) -> tuple[str | None, ...]:
    if len(bound.values) > len(types):
        raise InvalidValueError(
            f"{len(bound.values)} covered clustering values, {len(types)} clustering columns"
        )
    return tuple(
        None if value is None else kind.to_string(value)
        for kind, value in zip(types, bound.values, strict=False)
    )


def _read_summary(components: Components) -> IndexSummary | None:
    if SUMMARY not in components:
        return None
    body = layouts.parse(
        "summary.body",
        components.read(SUMMARY),
        components.descriptor.version.number,
        where=components.where(SUMMARY),
    )
    return IndexSummary(
        body.min_index_interval,
        body.sampling_level,
        len(body.entries),
        body.size_at_full_sampling,
        bytes(body.first_key),
        bytes(body.last_key),
    )
