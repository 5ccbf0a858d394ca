"""Holds the native engine against the reference engine, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

import pyarrow as pa

import cqlite
from cqlite.errors import CqliteError
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.select.plan import ScanPlan
from cqlite.sstable.select.reference import ReferenceReader

_BATCH_ROWS = 2048
_MOST_BATCHES = 16
"""Compared of one scan. Tables with more rows than these batches have rows of one kind."""


def has_native() -> bool:
    """Whether there are two engines to compare."""
    return cqlite.engine() == "native"


def disagreements(data: Path) -> Iterator[str]:
    """How scans of the SSTable differ, a line each; plain ones, and ones with metadata.

    Of a large SSTable these are the scans' first 32,768 rows.
    """
    from cqlite import _native

    for metadata in (False, True):
        with SSTable(data) as sstable:
            scan = sstable.scan(metadata=metadata, empty="null", batch_rows=_BATCH_ROWS)
            native = _batches(_native.Reader(facts_of(sstable)), scan.plan)
            reference = _batches(ReferenceReader(sstable), scan.plan)
            pairs = islice(zip_longest(native, reference), _MOST_BATCHES)
            for index, (ours, theirs) in enumerate(pairs):
                if not _same(ours, theirs):
                    yield f"scan (metadata={metadata}): batch {index} differs between the engines"
                    break


def _batches(reader: object, plan: ScanPlan) -> Iterator[pa.RecordBatch | str]:
    """The batches, and what ends them before their time."""
    stream = reader.scan(plan)  # type: ignore[attr-defined]
    batches = pa.RecordBatchReader.from_stream(stream)
    while True:
        try:
            batch = batches.read_next_batch()
        except StopIteration:
            return
        except Exception:
            error = stream.error
            if not isinstance(error, CqliteError):
                raise
            yield f"{type(error).__name__} in {error.where.component}"
            return
        yield batch


def _same(ours: object, theirs: object) -> bool:
    if not isinstance(ours, pa.RecordBatch) or not isinstance(theirs, pa.RecordBatch):
        return ours == theirs
    if ours.schema != theirs.schema or ours.num_rows != theirs.num_rows:
        return False
    # A NaN is not equal to itself, but has the same bytes.
    return all(
        left.equals(right) or _bytes(left) == _bytes(right)
        for left, right in zip(ours.columns, theirs.columns, strict=True)
    )


def _bytes(array: pa.Array) -> bytes:
    alone = pa.concat_arrays([array])
    return bytes(pa.RecordBatch.from_arrays([alone], ["values"]).serialize())
