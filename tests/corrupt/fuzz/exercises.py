"""What is done with a damaged SSTable, and what its answer is."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cqlite.export.sstabledump import SSTableDump
from cqlite.rows import Partition, PartitionReader, Unfiltered
from cqlite.sstable import SSTable
from cqlite.sstable.salvage import Salvage
from cqlite.sstable.verify import Severity, verify

Answer = Any
"""Equal to that of the undamaged SSTable, or the answer is another."""


class WrongAnswerError(Exception):
    """Something came back that contradicts the SSTable."""


def dump(path: Path) -> Answer:
    """The JSON of all rows."""
    out = io.StringIO()
    with SSTable(path) as sstable:
        SSTableDump(out, sstable.header_schema, 0).write(sstable.partitions())
    return hashlib.sha256(out.getvalue().encode()).hexdigest()


def metadata(path: Path) -> Answer:
    """Everything in Statistics.db, and the schema it tells."""
    with SSTable(path) as sstable:
        found = sstable.metadata
        found.compaction.cardinality_estimator.cardinality()
        found.stats.estimated_droppable_tombstone_ratio(0)
        schema = sstable.header_schema.to_cql()
        return repr((found.validation, found.stats, found.header, schema))


def index(path: Path) -> Answer:
    """All entries and blocks; partitions that are looked up must have the key."""
    answer = []
    with SSTable(path) as sstable:
        for entry in sstable.index:
            blocks = () if entry.row_index is None else tuple(entry.row_index.blocks())
            answer.append((entry.key, entry.data_position, blocks))
        for key in list(sstable.keys())[:20]:
            partition = sstable.find(key)
            if partition is not None and partition.key != key:
                raise WrongAnswerError(f"looked up {key.hex()}, got {partition.key.hex()}")
    return answer


def check(path: Path) -> Answer:
    """The findings of verify."""
    with SSTable(path) as sstable:
        return [(f.severity, f.check, f.where.component, f.message) for f in verify(sstable)]


def quick_check(path: Path) -> Answer:
    """The findings of verify --quick."""
    with SSTable(path) as sstable:
        found = verify(sstable, quick=True)
        return [(f.severity, f.check, f.where.component, f.message) for f in found]


@dataclass(frozen=True)
class Salvaged:
    """What was salvaged: rows, unless some have no checksum, and the ranges of losses."""

    rows: frozenset[str] | None
    lost: tuple[tuple[int, int], ...]


def salvage(path: Path) -> Answer:
    """Every row that is left, and how much was lost."""
    rows: set[str] = set()
    out = io.StringIO()
    with SSTable(path) as sstable, Salvage(sstable) as salvaged:
        writer = SSTableDump(out, sstable.header_schema, 0)
        writer.write(_watched(salvaged.partitions(), rows))
        json.loads(out.getvalue())
        lost = tuple((loss.start, loss.end) for loss in salvaged.losses)
        is_cut = any("cut off" in text for text in salvaged.notes)
    for start, end in lost:
        if not 0 <= start <= end:
            raise WrongAnswerError(f"a loss from {start} to {end}")
    return Salvaged(None if is_cut else frozenset(rows), lost)


def _watched(partitions: Iterable[Partition], rows: set[str]) -> Iterator[Partition]:
    """`partitions`, with what they hold noted in `rows`."""
    for partition in partitions:
        if partition.static_row is not None:
            rows.add(repr((partition.key, partition.static_row)))
        partition.unfiltereds = _noted(partition, partition.unfiltereds, rows)
        yield partition


def _noted(
    partition: Partition, unfiltereds: Iterable[Unfiltered], rows: set[str]
) -> Iterator[Unfiltered]:
    for unfiltered in unfiltereds:
        rows.add(repr((partition.key, unfiltered)))
        yield unfiltered


def stream(path: Path, data: bytes) -> Answer:
    """The JSON of rows read from a damaged uncompressed stream."""
    out = io.StringIO()
    with SSTable(path) as sstable:
        reader = PartitionReader(
            io.BytesIO(data), sstable.row_format, sstable.components.where("Data.db")
        )
        SSTableDump(out, sstable.header_schema, 0).write(reader.partitions())
    return hashlib.sha256(out.getvalue().encode()).hexdigest()


Exercise = Callable[[Path], Answer]

MAIN: dict[str, Exercise] = {
    "Data.db": dump,
    "CompressionInfo.db": dump,
    "CRC.db": dump,
    "Statistics.db": metadata,
    "Index.db": index,
    "Summary.db": index,
    "Partitions.db": index,
    "Rows.db": index,
    "Filter.db": index,
    "Digest.crc32": quick_check,
    "TOC.txt": quick_check,
    "version": dump,
}
"""What is done after damage to a component each time."""

OTHERS: dict[str, tuple[Exercise, ...]] = {
    "Data.db": (salvage, check),
    "CompressionInfo.db": (salvage, check),
    "CRC.db": (salvage, check),
    "Statistics.db": (dump, salvage, check),
    "Index.db": (check, salvage),
    "Partitions.db": (check, salvage),
    "Rows.db": (check,),
    "Summary.db": (check,),
    "Filter.db": (check,),
    "Digest.crc32": (check,),
    "TOC.txt": (check,),
    "version": (check,),
}
"""What is done now and then besides."""


def has_error(findings: Answer) -> bool:
    """Whether verify found an error."""
    return any(severity == Severity.ERROR for severity, *_ in findings)
