"""Statistics.db: what is known of an SSTable as a whole.

Follows ``org.apache.cassandra.io.sstable.metadata.MetadataSerializer``.
"""

from __future__ import annotations

import io
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cqlite import layouts
from cqlite.codec import be
from cqlite.codec.checksum import crc32, crc32_of
from cqlite.errors import ChecksumError, CorruptSSTableError, Where
from cqlite.io import STATISTICS, Components
from cqlite.io.versions import NUMBERS
from cqlite.records import record
from cqlite.sstable.metadata_model import (
    NO_COMPRESSION_RATIO,
    NO_DELETION_TIME,
    ClusteringBound,
    CommitLogPosition,
    CompactionMetadata,
    SerializationHeader,
    Slice,
    SSTableMetadata,
    StatsMetadata,
    ValidationMetadata,
)

if TYPE_CHECKING:
    from uuid import UUID

    from cqlite.sstable.histogram import EstimatedHistogram, TombstoneHistogram

__all__ = [
    "NO_COMPRESSION_RATIO",
    "NO_DELETION_TIME",
    "ClusteringBound",
    "CommitLogPosition",
    "CompactionMetadata",
    "MetadataReader",
    "SSTableMetadata",
    "SerializationHeader",
    "Slice",
    "StatsMetadata",
    "ValidationMetadata",
    "open_metadata",
    "parse_metadata",
    "read_intact_parts",
    "read_metadata",
]

CHECKSUM_LENGTH = 4
_PARTS = ("validation", "compaction", "stats", "header")
_MAX_DELETION_TIME = 0xFFFFFFFF - 2
_MAX_LEGACY_DELETION_TIME = 0x7FFFFFFF - 1
_MAX_INT = 0x7FFFFFFF
_NO_POSITION = CommitLogPosition(-1, 0)
_INCLUSIVE = ("incl_start_bound", "incl_end_bound")
_STARTS = ("incl_start_bound", "excl_start_bound")


@record
class _Part:
    """A part's bytes without its checksum, and where they start in the file."""

    content: bytes
    offset: int


class MetadataReader:
    """Reads the parts of one Statistics.db, each when it is asked for.

    Args:
        data: the whole file.
        version: number of the format version.
        where: file and component, for errors.

    Raises:
        ChecksumError: a stored checksum (from ``na`` on) does not fit.
        CorruptSSTableError: the table of contents breaks the layout.
    """

    def __init__(self, data: bytes, version: int, where: Where) -> None:
        self.data = data
        self.version = version
        self.where = where
        self.has_checksums = version >= NUMBERS["na"]
        self.has_modern_stats = version >= NUMBERS["oa"]
        self.has_accurate_min_max = version >= NUMBERS["md"]
        self._places = self._parts()
        self._verified: dict[str, _Part] = {}

    def _parts(self) -> dict[str, tuple[int, int]]:
        """Start and end of each part by its name."""
        stream = io.BytesIO(self.data)
        toc = layouts.parse("statistics.toc", stream, self.version, where=self.where)
        size = stream.tell()
        numbers = [len(toc.entries)]
        self._check_crc(toc, "num_entries_checksum", numbers, CHECKSUM_LENGTH)
        for entry in toc.entries:
            numbers += [int(entry.kind), entry.ofs_component]
        self._check_crc(toc, "entries_checksum", numbers, size - CHECKSUM_LENGTH)
        starts = [entry.ofs_component for entry in toc.entries]
        if starts[0] != size or starts != sorted(starts):
            raise self._corrupt(
                f"parts at {starts}; the first must be at {size}, the rest after it",
                size,
                "statistics.toc.entries",
            )
        ends = [*starts[1:], len(self.data)]
        return {
            entry.kind.name: (start, end)
            for entry, start, end in zip(toc.entries, starts, ends, strict=True)
        }

    def _check_crc(self, toc: Any, field: str, numbers: list[int], offset: int) -> None:
        """Checks a checksum of the table of contents against the numbers it is of."""
        stored = getattr(toc, field, None)
        computed = crc32_of(be.pack_unsigned(number, 4) for number in numbers)
        if stored not in (None, computed):
            raise ChecksumError(
                f"stored CRC32 {stored}, computed {computed}",
                self.where.at(offset, f"statistics.toc.{field}"),
            )

    def _part(self, name: str, start: int, end: int) -> _Part:
        """A part, its checksum verified."""
        if not self.has_checksums:
            return _Part(self.data[start:end], start)
        component = layouts.parse(
            "statistics.checksummed",
            self.data[start:end],
            end - start,
            where=self.where,
            base=start,
        )
        computed = crc32(component.content)
        if component.checksum != computed:
            raise ChecksumError(
                f"stored CRC32 {component.checksum} of part {name}, computed {computed}",
                self.where.at(start, "statistics.component.checksum"),
            )
        return _Part(component.content, start)

    def check(self) -> None:
        """Checks that all parts are there with their checksums, without a look into them."""
        for kind in _PARTS:
            self._part_of(kind)

    def _part_of(self, kind: str) -> _Part:
        part = self._verified.get(kind)
        if part is None:
            place = self._places.get(kind)
            if place is None:
                raise self._corrupt(f"there is no part {kind}", 0, "statistics.toc.entries")
            part = self._verified[kind] = self._part(kind, *place)
        return part

    def parse(self, kind: str, path: str, *params: int) -> tuple[Any, _Part]:
        """The part of ``kind`` as type ``path``, of which it must be all."""
        part = self._part_of(kind)
        stream = io.BytesIO(part.content)
        parsed = layouts.parse(path, stream, *params, where=self.where, base=part.offset)
        left = len(part.content) - stream.tell()
        if left:
            raise self._corrupt(
                f"{left} bytes after the end of part {kind}", part.offset + stream.tell(), path
            )
        return parsed, part

    def _corrupt(self, message: str, offset: int, field: str) -> CorruptSSTableError:
        return CorruptSSTableError(message, self.where.at(offset, field))

    def validation(self) -> ValidationMetadata:
        """The partitioner, and what the Bloom filter was sized for."""
        parsed, _ = self.parse("validation", "statistics.validation_metadata")
        return ValidationMetadata(parsed.partitioner.value, parsed.bloom_filter_fp_chance)

    def compaction(self) -> CompactionMetadata:
        """What compactions estimate by."""
        from cqlite.sstable.cardinality import HyperLogLogPlus, unpack_registers

        parsed, part = self.parse("compaction", "statistics.compaction_metadata")
        sketch = parsed.cardinality
        precision, sparse_precision = sketch.precision.value, sketch.sparse_precision.value
        where = self.where.at(part.offset, "statistics.compaction_metadata.cardinality")
        if not 4 <= precision <= 18 or not precision <= sparse_precision <= 32:
            raise CorruptSSTableError(
                f"cardinality sketch of precisions {precision} and {sparse_precision}", where
            )
        if sketch.is_normal:
            registers = unpack_registers(sketch.registers.words, precision, where)
            estimator = HyperLogLogPlus(precision, sparse_precision, registers=registers)
        else:
            sparse: list[int] = []
            for delta in sketch.sparse:
                sparse.append((sparse[-1] if sparse else 0) + delta.value & 0xFFFFFFFF)
            if len(sparse) >= 1 << sparse_precision:
                raise CorruptSSTableError(f"{len(sparse)} entries in a sparse sketch", where)
            estimator = HyperLogLogPlus(precision, sparse_precision, sparse=sparse)
        return CompactionMetadata(estimator)

    def header(self) -> SerializationHeader:
        """What rows are read with."""
        parsed, part = self.parse("header", "statistics.serialization_header")
        deletion_time = self._int(parsed, "min_local_deletion_time", part)
        return SerializationHeader(
            min_timestamp=_signed(parsed.min_timestamp.value + parsed.timestamp_epoch, 64),
            min_local_deletion_time=deletion_time + parsed.deletion_time_epoch,
            min_ttl=self._int(parsed, "min_ttl", part),
            key_type=parsed.key_type.value,
            clustering_types=tuple(t.value for t in parsed.clustering_types.types),
            static_columns=_columns(parsed.static_columns),
            regular_columns=_columns(parsed.regular_columns),
        )

    def _int(self, parsed: Any, field: str, part: _Part) -> int:
        """An unsigned vint that Cassandra takes for a signed 32-bit integer."""
        value = _signed(getattr(parsed, field).value, 64)
        if value != _signed(value, 32):
            raise self._corrupt(
                f"{value} does not fit in 32 bits",
                part.offset,
                f"statistics.serialization_header.{field}",
            )
        return value

    def stats(self) -> StatsMetadata:
        """Ranges, counts, histograms and the state of repair."""
        parsed, part = self.parse("stats", "statistics.stats_metadata", self.version)
        min_deletion = self._deletion_time(parsed.min_local_deletion_time)
        marker = getattr(parsed, "has_partition_level_deletions", None)
        return StatsMetadata(
            estimated_partition_size=self._estimated(parsed, "estimated_partition_size", part),
            estimated_cell_per_partition_count=self._estimated(
                parsed, "estimated_cell_per_partition_count", part
            ),
            commit_log_intervals=_intervals(parsed),
            min_timestamp=parsed.min_timestamp,
            max_timestamp=parsed.max_timestamp,
            min_local_deletion_time=min_deletion,
            max_local_deletion_time=self._deletion_time(parsed.max_local_deletion_time),
            min_ttl=parsed.min_ttl,
            max_ttl=parsed.max_ttl,
            compression_ratio=parsed.compression_ratio,
            estimated_tombstone_drop_time=self._tombstones(parsed.estimated_tombstone_drop_time),
            sstable_level=parsed.sstable_level,
            repaired_at=parsed.repaired_at,
            covered_clustering=self._covered(parsed, part),
            has_legacy_counter_shards=bool(parsed.has_legacy_counter_shards),
            total_columns_set=parsed.total_columns_set,
            total_rows=parsed.total_rows,
            token_space_coverage=_or(getattr(parsed, "token_space_coverage", None), float("nan")),
            originating_host_id=_uuid(getattr(parsed, "originating_host_id", None)),
            pending_repair=_uuid(getattr(parsed, "pending_repair", None)),
            is_transient=bool(getattr(parsed, "is_transient", None)),
            has_partition_level_deletions=(
                min_deletion != NO_DELETION_TIME if marker is None else bool(marker)
            ),
            first_key=_bytes(getattr(parsed, "first_key", None)),
            last_key=_bytes(getattr(parsed, "last_key", None)),
        )

    def _estimated(self, parsed: Any, field: str, part: _Part) -> EstimatedHistogram:
        """The first bucket's offset stands twice; what is above all offsets is not counted."""
        from cqlite.sstable.histogram import EstimatedHistogram

        stored = getattr(parsed, field).buckets
        offsets = tuple(bucket.offset for bucket in stored[1:])
        buckets = tuple(bucket.count for bucket in stored)
        ascending = all(map(int.__lt__, offsets, offsets[1:])) and offsets[0] >= 0
        if not ascending or stored[0].offset != offsets[0] or min(buckets) < 0:
            raise self._corrupt(
                "offsets that do not ascend, or counts below zero",
                part.offset,
                f"statistics.stats_metadata.{field}.buckets",
            )
        return EstimatedHistogram(offsets, buckets).without_overflow()

    def _deletion_time(self, value: int) -> int:
        """Up to ``nc`` a signed integer whose largest value means none, then unsigned."""
        if self.has_modern_stats:
            return NO_DELETION_TIME if value == 0xFFFFFFFF else value
        return NO_DELETION_TIME if value == _MAX_INT else _signed(value, 32)

    def _tombstones(self, parsed: Any) -> TombstoneHistogram:
        """The points, with what old versions let overflow brought into range."""
        from cqlite.sstable.histogram import TombstoneHistogram

        counts: dict[int, int] = {}
        for point in parsed.points:
            if self.has_modern_stats:
                time, count = point.local_deletion_time, point.count
                limit = _MAX_DELETION_TIME
            else:
                time, count = _truncated(point.legacy_local_deletion_time), point.legacy_count
                limit = _MAX_LEGACY_DELETION_TIME
            time = time if 0 <= time <= limit else limit
            counts[time] = min(counts.get(time, 0) + min(count, _MAX_INT), _MAX_INT)
        return TombstoneHistogram(tuple(sorted(counts.items())))

    def _covered(self, parsed: Any, part: _Part) -> Slice | None:
        covered = getattr(parsed, "covered_clustering", None)
        if covered is not None:
            start, end = covered.start.kind.name, covered.end.kind.name
            if start not in _STARTS or end in _STARTS:
                raise self._corrupt(
                    f"covered clusterings from {start} to {end}",
                    part.offset,
                    "statistics.stats_metadata.covered_clustering",
                )
            return Slice(_bound(covered.start), _bound(covered.end))
        if not self.has_accurate_min_max:
            return None
        start, end = (
            ClusteringBound(tuple(v.value for v in values.values), is_inclusive=True)
            for values in (parsed.min_clustering_values, parsed.max_clustering_values)
        )
        return Slice(start, end) if start.values or end.values else None


def open_metadata(components: Components) -> MetadataReader:
    """Statistics.db, of which all checksums are right, and whose parts are read on demand.

    Raises:
        MissingComponentError: there is no Statistics.db.
        ChecksumError: a stored checksum (from ``na`` on) does not fit.
        CorruptSSTableError: its table of contents breaks the layout, or lacks a part.
    """
    reader = MetadataReader(
        components.read(STATISTICS),
        components.descriptor.version.number,
        components.where(STATISTICS),
    )
    reader.check()
    return reader


def read_metadata(components: Components) -> SSTableMetadata:
    """Everything in Statistics.db.

    Raises:
        MissingComponentError: there is no Statistics.db.
        ChecksumError: a stored checksum (from ``na`` on) does not fit.
        CorruptSSTableError: it breaks the layout, or lacks a part.
    """
    return parse_metadata(
        components.read(STATISTICS),
        components.descriptor.version.number,
        components.where(STATISTICS),
    )


def parse_metadata(data: bytes, version: int, where: Where | None = None) -> SSTableMetadata:
    """The same from Statistics.db's bytes.

    Args:
        data: the whole file.
        version: number of the format version.
        where: file and component, for errors.
    """
    reader = MetadataReader(data, version, where or Where(component=STATISTICS))
    return SSTableMetadata(
        reader.validation(), reader.compaction(), reader.stats(), reader.header()
    )


def read_intact_parts(
    components: Components,
) -> tuple[ValidationMetadata | None, SerializationHeader]:
    """What can be had of a damaged Statistics.db, and is needed to read rows.

    The first is ``None`` where that part is damaged.

    Raises:
        MissingComponentError: there is no Statistics.db.
        CorruptSSTableError: the table of contents or the header is damaged.
    """
    where = components.where(STATISTICS)
    version = components.descriptor.version.number
    reader = MetadataReader(components.read(STATISTICS), version, where)
    header = reader.header()
    try:
        return reader.validation(), header
    except CorruptSSTableError:
        return None, header


def _intervals(parsed: Any) -> tuple[tuple[CommitLogPosition, CommitLogPosition], ...]:
    intervals = getattr(parsed, "commit_log_intervals", None)
    if intervals is not None:
        return tuple((_position(i.start), _position(i.end)) for i in intervals.intervals)
    lower = getattr(parsed, "commit_log_lower_bound", None)
    start = _NO_POSITION if lower is None else _position(lower)
    return ((start, _position(parsed.commit_log_upper_bound)),)


def _position(parsed: Any) -> CommitLogPosition:
    return CommitLogPosition(parsed.segment_id, parsed.position)


def _bound(parsed: Any) -> ClusteringBound:
    values = tuple(_value(item) for block in parsed.blocks for item in block.items)
    return ClusteringBound(values, parsed.kind.name in _INCLUSIVE)


def _value(item: Any) -> bytes | None:
    if item.is_null:
        return None
    return b"" if item.is_empty else bytes(item.value)


def _columns(parsed: Any) -> MappingProxyType[str, str]:
    return MappingProxyType(
        {
            column.name.value.decode("utf-8", "surrogateescape"): column.type.value
            for column in parsed.columns
        }
    )


def _bytes(parsed: Any) -> bytes | None:
    return None if parsed is None else bytes(parsed.value)


def _uuid(value: bytes | None) -> UUID | None:
    from uuid import UUID

    return None if value is None else UUID(bytes=bytes(value))


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _signed(value: int, bits: int) -> int:
    """``value`` modulo 2^bits as a signed integer."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def _truncated(value: float) -> int:
    """A double as a 64-bit integer, NaN as 0, the way Java casts it."""
    if value != value:
        return 0
    return int(min(max(value, -(2.0**63)), 2.0**63 - 1024))
