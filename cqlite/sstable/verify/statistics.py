"""Statistics.db against what the rows add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cqlite import layouts
from cqlite.errors import CqliteError, Where, shown
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.index.comparator import ClusteringComparator
from cqlite.io import STATISTICS
from cqlite.sstable.collector import MAX_START, MetadataCollector
from cqlite.sstable.histogram import EstimatedHistogram
from cqlite.sstable.metadata import (
    NO_COMPRESSION_RATIO,
    NO_DELETION_TIME,
    ClusteringBound,
    Slice,
    StatsMetadata,
)
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.tombstone_builder import MAX_DELETION_TIME, ROUND_SECONDS
from cqlite.sstable.verify.findings import Finding, Severity, note
from cqlite.sstable.verify.scrubbed import has_taken_back

CHECK = "statistics"
_MIN_LONG, _MAX_LONG = -0x8000000000000000, 0x7FFFFFFFFFFFFFFF
_MAX_LEGACY_DELETION_TIME = 0x7FFFFFFF - 1
_MAX_COUNT = 0x7FFFFFFF
_MERGED_POINTS = 50
"""With at least as many points some may have been merged; a merge can make one of three."""
_TAKEN_BACK = (
    "rows are counted that are not there, as by scrub, which fails to read a partition and takes "
    "back what it has written of it"
)
_TYPE_OF_PART = {
    "compaction": "statistics.compaction_metadata",
    "stats": "statistics.stats_metadata",
    "header": "statistics.serialization_header",
}


class StatisticsCheck:
    """Compares the statistics of an SSTable with what was collected from its rows."""

    def __init__(self, sstable: SSTable, collected: MetadataCollector) -> None:
        self._sstable = sstable
        self._collected = collected
        self._version = sstable.descriptor.version
        self._stats: StatsMetadata = sstable.metadata.stats
        self._offsets = _FieldOffsets(sstable)
        types = [column.type for column in sstable.header_schema.clustering_columns]
        self._comparator = ClusteringComparator(types)

    def run(self) -> Iterator[Finding]:
        """All findings."""
        findings = list(self._all())
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors and self._has_taken_back(errors):
            yield self._finding(Severity.WARNING, "total_rows", _TAKEN_BACK)
            findings = [finding for finding in findings if finding not in errors]
        yield from findings

    def _has_taken_back(self, errors: Sequence[Finding]) -> bool:
        """Whether these are from scrub; before `na` no checksum tells them from damage."""
        covered = self._stats.covered_clustering
        ends = None if covered is None else (_start(covered.start), _end(covered.end))
        names = [(finding.where.field or "").rpartition(".")[2] for finding in errors]
        return self._version >= "na" and has_taken_back(
            names, self._stats, self._collected, ends, self._comparator
        )

    def _all(self) -> Iterator[Finding]:
        yield from self._ranges()
        yield from self._counts()
        yield from self._histograms()
        yield from self._drop_times()
        yield from self._clusterings()
        yield from self._keys()
        yield from self._compression()
        yield from self._encoding()

    def _ranges(self) -> Iterator[Finding]:
        stats, collected = self._stats, self._collected
        timestamps = collected.timestamps
        yield from self._equal("min_timestamp", stats.min_timestamp, _or(timestamps.min, _MIN_LONG))
        yield from self._equal("max_timestamp", stats.max_timestamp, _or(timestamps.max, _MAX_LONG))
        times = collected.local_deletion_times
        for name, stored, computed in (
            ("min_local_deletion_time", stats.min_local_deletion_time, times.min),
            ("max_local_deletion_time", stats.max_local_deletion_time, times.max),
        ):
            yield from self._equal(name, stored, self._clamped(computed))
        yield from self._equal("min_ttl", stats.min_ttl, _or(collected.ttls.min, 0))
        yield from self._equal("max_ttl", stats.max_ttl, _or(collected.ttls.max, 0))

    def _clamped(self, time: int | None) -> int:
        """A local deletion time as the format can hold it."""
        if time is None or time == NO_DELETION_TIME:
            return NO_DELETION_TIME
        return time if self._version >= "oa" else min(time, _MAX_LEGACY_DELETION_TIME)

    def _counts(self) -> Iterator[Finding]:
        stats, collected = self._stats, self._collected
        yield from self._equal("total_rows", stats.total_rows, collected.total_rows)
        yield from self._equal(
            "total_columns_set", stats.total_columns_set, collected.total_columns_set
        )
        yield from self._equal(
            "has_legacy_counter_shards",
            stats.has_legacy_counter_shards,
            collected.has_legacy_counter_shards,
        )
        if self._version >= "oa":
            yield from self._equal(
                "has_partition_level_deletions",
                stats.has_partition_level_deletions,
                collected.has_partition_level_deletions,
            )

    def _histograms(self) -> Iterator[Finding]:
        stats, collected = self._stats, self._collected
        cells = stats.estimated_cell_per_partition_count
        counts = collected.cell_counts.counts
        doubled = [2 * count for count in counts]
        if not self._version >= "nb" and list(cells.buckets[:-1]) == doubled[:-1]:
            # Some releases up to those of na counted each partition's cells twice.
            counts = doubled
        yield from self._histogram(
            "estimated_partition_size",
            stats.estimated_partition_size,
            collected.partition_sizes.counts,
        )
        yield from self._histogram("estimated_cell_per_partition_count", cells, counts)

    def _histogram(
        self, name: str, stored: EstimatedHistogram, counts: list[int]
    ) -> Iterator[Finding]:
        # What is above all offsets is not kept when the histogram is loaded.
        pairs = zip(stored.offsets, stored.buckets, counts, strict=False)
        differing = [f"{o}: {s} not {c}" for o, s, c in pairs if s != c]
        if differing:
            shown = ", ".join(differing[:5]) + (", …" if len(differing) > 5 else "")
            message = f"{len(differing)} buckets differ from the partitions ({shown})"
            yield self._finding(Severity.ERROR, name, message)

    def _drop_times(self) -> Iterator[Finding]:
        name = "estimated_tombstone_drop_time"
        stored = self._drop_time_points()
        total = sum(count for _, count in stored)
        if total != min(self._collected.num_drop_times, _MAX_COUNT * max(len(stored), 1)):
            message = f"{total} deletions and expirations, {self._collected.num_drop_times} found"
            yield self._finding(Severity.ERROR, name, message)
            return
        if stored in (self._built(), self._unrounded()):
            return
        # Releases merged points in different ways once there were too many; their range
        # and total are what can be compared then.
        if len(stored) < _MERGED_POINTS or not self._is_within(stored):
            yield self._finding(Severity.ERROR, name, "the points are not those of the rows")

    def _built(self) -> tuple[tuple[int, int], ...]:
        """The points as releases since 3.11 round and merge them."""
        return self._clamped_points(self._collected.drop_times.build().points)

    def _unrounded(self) -> tuple[tuple[int, int], ...] | None:
        """The points as early releases have them, if they had not to merge any."""
        times = self._collected.exact_drop_times
        return None if times is None else self._clamped_points(sorted(times.items()))

    def _clamped_points(self, points: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """``points`` as the format can hold them."""
        limit = MAX_DELETION_TIME if self._version >= "oa" else _MAX_LEGACY_DELETION_TIME
        clamped: Counter[int] = Counter()
        for time, count in points:
            clamped[min(time, limit)] += count
        return tuple(sorted(clamped.items()))

    def _drop_time_points(self) -> tuple[tuple[int, int], ...]:
        """The points in the file, without that of what never is deleted.

        Releases before those of ``md`` counted that too, at the largest time there is.
        """
        points = self._stats.estimated_tombstone_drop_time.points
        if not self._version >= "md" and points and points[-1][0] == _MAX_LEGACY_DELETION_TIME:
            return points[:-1]
        return points

    def _is_within(self, points: tuple[tuple[int, int], ...]) -> bool:
        times = self._collected.encoded_deletion_times
        if times.min is None or times.max is None:
            return not points
        return times.min <= points[0][0] and points[-1][0] <= times.max + ROUND_SECONDS

    def _clusterings(self) -> Iterator[Finding]:
        least, greatest = self._collected.covered.min, self._collected.covered.max
        covered = self._stats.covered_clustering
        if self._version >= "oa" and covered is not None:
            yield from self._exact_clusterings(covered)
        elif least != MAX_START and self._comparator.types:
            yield from self._legacy_clusterings(least, greatest)

    def _exact_clusterings(self, covered: Slice) -> Iterator[Finding]:
        start, end = _start(covered.start), _end(covered.end)
        expected = _as_start(self._collected.covered.min), _as_end(self._collected.covered.max)
        if (start, end) != expected:
            text = self._comparator.text
            stored, found = (f"from {text(a)} to {text(b)}" for a, b in ((start, end), expected))
            message = f"{stored}, the rows are {found}"
            yield self._finding(Severity.ERROR, "covered_clustering", message)

    def _legacy_clusterings(
        self, least: ClusteringPrefix, greatest: ClusteringPrefix
    ) -> Iterator[Finding]:
        """Up to ``nc`` there are only values; before ``md`` Cassandra does not rely on them."""
        lower, upper = self._offsets.legacy_clusterings()
        if not lower and not upper:
            return
        compare = self._comparator.compare
        start = ClusteringPrefix(lower, ClusteringKind["incl_start_bound"])
        end = ClusteringPrefix(upper, ClusteringKind["incl_end_bound"])
        try:
            outside = [
                name
                for name, is_outside in (
                    ("min_clustering_values", compare(start, least) > 0),
                    ("max_clustering_values", compare(end, greatest) < 0),
                )
                if is_outside
            ]
        except CqliteError as exception:
            yield self._finding(Severity.ERROR, "min_clustering_values", exception.message)
            return
        is_accurate = self._version >= "md"
        for name in outside:
            message = "rows or range tombstones are outside of these values"
            if not is_accurate:
                message += "; Cassandra knows of this before md and does not use them"
            yield self._finding(Severity.ERROR if is_accurate else Severity.WARNING, name, message)

    def _keys(self) -> Iterator[Finding]:
        stats, collected = self._stats, self._collected
        for name, stored, computed in (
            ("first_key", stats.first_key, collected.first_key),
            ("last_key", stats.last_key, collected.last_key),
        ):
            if stored is not None and computed is not None:
                yield from self._equal(name, shown(stored), shown(computed))
        sketch = self._sstable.metadata.compaction.cardinality_estimator
        expected = collected.cardinality
        if (sketch.registers, sketch.sparse) != (expected.registers, expected.sparse):
            message = (
                f"the sketch estimates {sketch.cardinality()} partitions, "
                f"one of the keys that are there {expected.cardinality()}"
            )
            where = self._offsets.where("compaction", "cardinality")
            yield Finding(Severity.ERROR, CHECK, message, where)

    def _compression(self) -> Iterator[Finding]:
        try:
            info = self._sstable.compression
        except CqliteError:
            # Reported with the component.
            return
        stored = self._stats.compression_ratio
        if info is None:
            yield from self._equal("compression_ratio", stored, NO_COMPRESSION_RATIO)
        elif stored == NO_COMPRESSION_RATIO and not self._version >= "mc":
            # Releases of ma and mb did not always collect it.
            return
        elif info.data_length:
            compressed = sum(chunk.length for chunk in info.chunks())
            yield from self._equal("compression_ratio", stored, compressed / info.data_length)

    def _encoding(self) -> Iterator[Finding]:
        """The header's minimums, of all that was in the memtable and so at most those of the rows.

        What it knows of no timestamp, or of none before it, is the epoch. Of local deletion
        times nothing is known: what has expired is compacted to tombstones of earlier ones.
        """
        header, collected = self._sstable.metadata.header, self._collected
        for name, minimum, smallest in (
            ("min_timestamp", header.min_timestamp, collected.timestamps.min),
            ("min_ttl", header.min_ttl, collected.encoded_ttls.min),
        ):
            if smallest is not None and minimum > smallest and not self._offsets.is_epoch(name):
                message = f"{minimum} is above {smallest}, which is in Data.db"
                where = self._offsets.where("header", name)
                yield Finding(Severity.WARNING, CHECK, message, where)

    def _equal(self, name: str, stored: Any, computed: Any) -> Iterator[Finding]:
        if stored != computed:
            yield self._finding(Severity.ERROR, name, f"{stored}, the rows have {computed}")

    def _finding(self, severity: Severity, name: str, message: str) -> Finding:
        return Finding(severity, CHECK, message, self._offsets.where("stats", name))


class _FieldOffsets:
    """Where fields are in Statistics.db, parsed once more for that."""

    def __init__(self, sstable: SSTable) -> None:
        components = sstable.components
        self._where = components.where(STATISTICS)
        version = components.descriptor.version.number
        parsed = layouts.parse(
            "statistics.body", components.read(STATISTICS), version, where=self._where
        )
        pairs = zip(parsed.toc.entries, parsed.components, strict=True)
        self._parts = {e.kind.name: (e.ofs_component, part.content) for e, part in pairs}

    def where(self, part: str, field: str) -> Where:
        """The place of a field of a part."""
        start, content = self._parts[part]
        offset = start + layouts.offset_of(content, field)
        return self._where.at(offset, f"{_TYPE_OF_PART[part]}.{field}")

    def is_epoch(self, name: str) -> bool:
        """Whether a minimum of the header is the time that it is counted from itself."""
        return bool(getattr(self._parts["header"][1], name).value == 0)

    def legacy_clusterings(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The least and the greatest clustering values as the format has them up to ``nc``."""
        _, stats = self._parts["stats"]
        lower, upper = (
            tuple(value.value for value in values.values)
            for values in (stats.min_clustering_values, stats.max_clustering_values)
        )
        return lower, upper


def unchecked(sstable: SSTable) -> Finding:
    """That statistics could not be compared, since not all rows could be read."""
    message = "not compared with the rows, since not all of them could be read"
    return note(CHECK, message, sstable.components.where(STATISTICS))


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _start(bound: ClusteringBound) -> ClusteringPrefix:
    name = "incl_start_bound" if bound.is_inclusive else "excl_start_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[name])


def _end(bound: ClusteringBound) -> ClusteringPrefix:
    name = "incl_end_bound" if bound.is_inclusive else "excl_end_bound"
    return ClusteringPrefix(bound.values, ClusteringKind[name])


def _as_start(prefix: ClusteringPrefix) -> ClusteringPrefix:
    if prefix.kind != ClusteringKind["clustering"]:
        return prefix
    return ClusteringPrefix(prefix.values, ClusteringKind["incl_start_bound"])


def _as_end(prefix: ClusteringPrefix) -> ClusteringPrefix:
    if prefix.kind != ClusteringKind["clustering"]:
        return prefix
    return ClusteringPrefix(prefix.values, ClusteringKind["incl_end_bound"])
