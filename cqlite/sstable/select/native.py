"""The native engine's readers, with what the reference engine still does for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cqlite.index import IndexEntry
from cqlite.sstable.select.engine import ArrowStream, RawRow, Reader
from cqlite.sstable.select.facts import facts_of
from cqlite.sstable.select.plan import ScanPlan, Slice
from cqlite.sstable.select.reference import ReferenceReader
from cqlite.sstable.select.sources import Found

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable


def open_native(module: Any, sstable: SSTable) -> Reader:
    """``sstable`` as the native ``module`` has it open.

    Raises:
        MissingComponentError, CorruptSSTableError, SchemaError: see ``facts_of``.
    """
    native = module.Reader(facts_of(sstable))
    return native if hasattr(native, "rows") else NativeScans(native, sstable)


class NativeScans:
    """Scans natively; of lookups, only the index and the Bloom filter are native."""

    def __init__(self, native: Any, sstable: SSTable) -> None:
        self._native = native
        self._sstable = sstable
        self._reference = ReferenceReader(sstable)

    def scan(self, plan: ScanPlan) -> ArrowStream:
        """See ``Reader``."""
        stream: ArrowStream = self._native.scan(plan)
        return stream

    def rows(
        self,
        key: bytes,
        columns: tuple[tuple[str, int | None], ...],
        slices: tuple[Slice, ...] | None,
        limit: int | None,
    ) -> Iterable[RawRow]:
        """See ``Reader``."""
        if slices is not None:
            return self._reference.rows(key, columns, slices, limit)
        position = self._native.find(key)
        if position is None:
            return ()
        partition = self._sstable.partition_of(key, IndexEntry(key, position))
        return self._reference.rows_of([Found(partition)], columns, slices, limit)

    def close(self) -> None:
        """See ``Reader``."""
        self._native.close()
