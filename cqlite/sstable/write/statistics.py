"""Statistics.db from what was collected of the rows, and from what rows don't say.

Follows ``MetadataSerializer``, ``StatsMetadata`` and ``SerializationHeader.Serializer``;
the reverse of ``metadata``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cqlite import layouts
from cqlite.codec import be
from cqlite.codec.checksum import crc32, crc32_of
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.index.build import block_items
from cqlite.layouts.build import blank, build, encoded, make, vint
from cqlite.sstable.cardinality import HyperLogLogPlus, pack_registers
from cqlite.sstable.collector import MetadataCollector
from cqlite.sstable.histogram import TombstoneHistogram
from cqlite.sstable.metadata import (
    NO_DELETION_TIME,
    CommitLogPosition,
    SerializationHeader,
    ValidationMetadata,
)
from cqlite.sstable.write.settings import Provenance

_OA = int(layouts.enum("version.id")["oa"])
_KINDS = layouts.enum("statistics.metadata_type")
_CHECKSUM_LENGTH = 4
_CODEC_VERSION = -2
_BLOCK = 32
_SMALLER_POINT = 4
_MIN_LONG, _MAX_LONG = -0x8000000000000000, 0x7FFFFFFFFFFFFFFF
_MAX_INT = 0x7FFFFFFF
_MAX_UINT = 0xFFFFFFFF
_NO_POSITION = CommitLogPosition(-1, 0)
_CLUSTERING = ClusteringKind["clustering"]


class StatisticsWriter:
    """Builds Statistics.db.

    Args:
        version: number of the format version.
        header: the columns and minimums that Data.db was written with.
        collected: what the rows add up to.
    """

    def __init__(
        self, version: int, header: SerializationHeader, collected: MetadataCollector
    ) -> None:
        self._version = version
        self._header = header
        self._collected = collected

    def build(
        self, validation: ValidationMetadata, compression_ratio: float, provenance: Provenance
    ) -> bytes:
        """The whole file.

        Args:
            validation: the partitioner and the Bloom filter's false positive rate.
            compression_ratio: compressed over uncompressed length, -1 if not compressed.
            provenance: what rows do not say.
        """
        parts = {
            "validation": _validation(validation),
            "compaction": _compaction(self._collected.cardinality),
            "stats": self._stats(compression_ratio, provenance),
            "header": header_part(self._header),
        }
        return _with_contents(self._version, parts)

    def _stats(self, compression_ratio: float, provenance: Provenance) -> bytes:
        collected = self._collected
        intervals = sorted(provenance.commit_log_intervals)
        histogram = collected.drop_times.build()
        timestamps, times = collected.timestamps, collected.local_deletion_times
        pending, host = provenance.pending_repair, provenance.originating_host_id
        fields: dict[str, Any] = {
            "estimated_partition_size": _estimated(collected.partition_sizes),
            "estimated_cell_per_partition_count": _estimated(collected.cell_counts),
            "commit_log_upper_bound": _position(intervals[-1][1] if intervals else _NO_POSITION),
            "min_timestamp": _MIN_LONG if timestamps.min is None else timestamps.min,
            "max_timestamp": _MAX_LONG if timestamps.max is None else timestamps.max,
            "min_local_deletion_time": self._deletion_time(times.min),
            "max_local_deletion_time": self._deletion_time(times.max),
            "min_ttl": collected.ttls.min or 0,
            "max_ttl": collected.ttls.max or 0,
            "compression_ratio": compression_ratio,
            "estimated_tombstone_drop_time": self._tombstones(histogram),
            "sstable_level": provenance.sstable_level,
            "repaired_at": provenance.repaired_at,
            "has_legacy_counter_shards": int(collected.has_legacy_counter_shards),
            "total_columns_set": collected.total_columns_set,
            "total_rows": collected.total_rows,
            "commit_log_lower_bound": _position(intervals[0][0] if intervals else _NO_POSITION),
            "commit_log_intervals": _intervals(intervals),
            "has_pending_repair": int(pending is not None),
            "is_transient": int(provenance.is_transient),
            "has_originating_host_id": int(host is not None),
        }
        if pending is not None:
            fields["pending_repair"] = pending.bytes
        if host is not None:
            fields["originating_host_id"] = host.bytes
        fields |= self._ranges(histogram, provenance)
        return build("statistics.stats_metadata", self._version, **fields)

    def _ranges(self, histogram: TombstoneHistogram, provenance: Provenance) -> dict[str, Any]:
        """What versions up to ``nc`` and from ``oa`` on have different fields for."""
        collected = self._collected
        start, end = _bounds(collected.covered.min, collected.covered.max)
        if self._version < _OA:
            return {
                "min_clustering_values": _legacy_values(start.values),
                "max_clustering_values": _legacy_values(end.values),
            }
        return {
            "covered_clustering": _covered(self._header.clustering_types, start, end),
            "has_partition_level_deletions": int(collected.has_partition_level_deletions),
            "first_key": _vint_bytes(collected.first_key or b""),
            "last_key": _vint_bytes(collected.last_key or b""),
            "token_space_coverage": provenance.token_space_coverage,
            "padding": bytes(_SMALLER_POINT * len(histogram.points)),
        }

    def _deletion_time(self, time: int | None) -> int:
        if time is None or time == NO_DELETION_TIME:
            return _MAX_INT if self._version < _OA else _MAX_UINT
        return min(time, _MAX_INT - 1) if self._version < _OA else time

    def _tombstones(self, histogram: TombstoneHistogram) -> Any:
        version = self._version
        if version < _OA:
            points = [
                make(
                    "statistics.tombstone_point",
                    version,
                    legacy_local_deletion_time=float(time),
                    legacy_count=count,
                )
                for time, count in histogram.points
            ]
        else:
            points = [
                make("statistics.tombstone_point", version, local_deletion_time=time, count=count)
                for time, count in histogram.points
            ]
        count = len(points)
        return make(
            "statistics.tombstone_histogram",
            version,
            max_bin_size=count,
            num_points=count,
            points=points,
        )


def header_part(header: SerializationHeader) -> bytes:
    """The part that says what rows are read with."""
    probe = blank("statistics.serialization_header")
    return build(
        "statistics.serialization_header",
        min_timestamp=vint(header.min_timestamp - probe.timestamp_epoch),
        min_local_deletion_time=vint(
            be.wrap_s32(header.min_local_deletion_time - probe.deletion_time_epoch)
        ),
        min_ttl=vint(header.min_ttl),
        key_type=_type_name(header.key_type),
        clustering_types=_type_list(header.clustering_types),
        static_columns=_columns(header.static_columns),
        regular_columns=_columns(header.regular_columns),
    )


def _with_contents(version: int, parts: Mapping[str, bytes]) -> bytes:
    """The parts behind a table of contents, each with its checksum."""
    entry_length = len(_toc_entry("validation", 0))
    offset = 3 * _CHECKSUM_LENGTH + len(parts) * entry_length
    numbers = [len(parts)]
    entries = []
    contents = b""
    for kind, content in parts.items():
        entries.append(
            make("statistics.toc_entry", kind=_KINDS[kind], ofs_component=offset + len(contents))
        )
        numbers += [int(_KINDS[kind]), offset + len(contents)]
        contents += build(
            "statistics.checksummed",
            len(content) + _CHECKSUM_LENGTH,
            content=content,
            checksum=crc32(content),
        )
    toc = build(
        "statistics.toc",
        version,
        num_entries=len(entries),
        num_entries_checksum=_crc(numbers[:1]),
        entries=entries,
        entries_checksum=_crc(numbers),
    )
    return toc + contents


def _toc_entry(kind: str, offset: int) -> bytes:
    return build("statistics.toc_entry", kind=_KINDS[kind], ofs_component=offset)


def _crc(numbers: Iterable[int]) -> int:
    return crc32_of(be.pack_unsigned(number, 4) for number in numbers)


def _validation(validation: ValidationMetadata) -> bytes:
    name = validation.partitioner
    return build(
        "statistics.validation_metadata",
        partitioner=make("statistics.short_string", len_value=len(name.encode()), value=name),
        bloom_filter_fp_chance=validation.bloom_filter_fp_chance,
    )


def _compaction(sketch: HyperLogLogPlus) -> bytes:
    fields: dict[str, Any] = {
        "codec": _CODEC_VERSION,
        "precision": _uleb(sketch.precision),
        "sparse_precision": _uleb(sketch.sparse_precision),
    }
    sparse = sketch.sparse
    if sparse is None:
        words = pack_registers(sketch.registers or ())
        length = 4 * len(words)
        registers = make("statistics.registers", words=words)
        fields |= {"format": _uleb(0), "len_registers": _uleb(length), "registers": registers}
    else:
        deltas = [
            after - before & _MAX_UINT for before, after in zip((0, *sparse), sparse, strict=False)
        ]
        fields |= {
            "format": _uleb(1),
            "num_sparse": _uleb(len(sparse)),
            "sparse": [_uleb(delta) for delta in deltas],
        }
    cardinality = make("statistics.cardinality", **fields)
    return build(
        "statistics.compaction_metadata",
        len_cardinality=len(encoded(cardinality)),
        cardinality=cardinality,
    )


def _uleb(value: int) -> Any:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups[-1] |= 0x80
        groups.append(value & 0x7F)
    return make("statistics.uleb", groups=groups)


def _estimated(buckets: Any) -> Any:
    """A histogram, where each count stands beside the offset before its own."""
    offsets = (buckets.offsets[0], *buckets.offsets)
    made = [
        make("statistics.estimated_bucket", offset=offset, count=count)
        for offset, count in zip(offsets, buckets.counts, strict=True)
    ]
    return make("statistics.estimated_histogram", num_buckets=len(made), buckets=made)


def _position(position: CommitLogPosition) -> Any:
    return make(
        "statistics.commit_log_position",
        segment_id=position.segment_id,
        position=position.position,
    )


def _intervals(intervals: Sequence[tuple[CommitLogPosition, CommitLogPosition]]) -> Any:
    made = [
        make("statistics.commit_log_interval", start=_position(start), end=_position(end))
        for start, end in intervals
    ]
    return make("statistics.commit_log_intervals", num_intervals=len(made), intervals=made)


def _bounds(
    least: ClusteringPrefix, greatest: ClusteringPrefix
) -> tuple[ClusteringPrefix, ClusteringPrefix]:
    """The least and the greatest clustering or bound, as start and end of a range."""
    if least.kind == _CLUSTERING:
        least = ClusteringPrefix(least.values, ClusteringKind["incl_start_bound"])
    if greatest.kind == _CLUSTERING:
        greatest = ClusteringPrefix(greatest.values, ClusteringKind["incl_end_bound"])
    return least, greatest


def _legacy_values(values: Sequence[bytes | None]) -> Any:
    made = []
    for value in values:
        if value is None:
            break
        made.append(make("statistics.short_bytes", len_value=len(value), value=value))
    return make("statistics.clustering_values", num_values=len(made), values=made)


def _covered(types: Sequence[str], start: ClusteringPrefix, end: ClusteringPrefix) -> Any:
    lengths = [_value_length(text) for text in types]
    return make(
        "statistics.covered_clustering",
        types=_type_list(types),
        lengths=lengths,
        start=_slice_bound(lengths, start),
        end=_slice_bound(lengths, end),
    )


def _value_length(text: str) -> Any:
    probe = blank("statistics.value_length", text)
    if probe.is_reversed or probe.is_vector:
        return make("statistics.value_length", text, inner=_value_length(probe.inner_text))
    return make("statistics.value_length", text)


def _slice_bound(lengths: list[Any], bound: ClusteringPrefix) -> Any:
    shapes = [length.value for length in lengths]
    values = bound.values
    blocks = []
    for first in range(0, len(values), _BLOCK):
        header, items = block_items(shapes[first:], values[first : first + _BLOCK])
        params = (lengths, first, len(values))
        blocks.append(make("statistics.slice_block", *params, header=header, items=items))
    return make(
        "statistics.slice_bound",
        lengths,
        kind=bound.kind,
        num_values=len(values),
        blocks=blocks,
    )


def _type_list(types: Sequence[str]) -> Any:
    made = [_type_name(text) for text in types]
    return make("statistics.type_list", num_types=vint(len(made)), types=made)


def _type_name(text: str) -> Any:
    return make("statistics.type_name", len_value=vint(len(text.encode())), value=text)


def _columns(columns: Mapping[str, str]) -> Any:
    made = [
        make(
            "statistics.column",
            name=_vint_bytes(name.encode("utf-8", "surrogateescape")),
            type=_type_name(text),
        )
        for name, text in columns.items()
    ]
    return make("statistics.column_list", num_columns=vint(len(made)), columns=made)


def _vint_bytes(data: bytes) -> Any:
    return make("statistics.vint_bytes", len_value=vint(len(data)), value=data)
