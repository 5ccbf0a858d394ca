"""One table over many SSTables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cqlite.errors import Where
from cqlite.io import DATA
from cqlite.schema import TableSchema
from cqlite.sstable import SSTable
from cqlite.sstable.select.arguments import encode_key, make_plan
from cqlite.sstable.select.engine import engine
from cqlite.sstable.select.frames import Frames
from cqlite.sstable.select.lookup import RowDecoder, slices_between
from cqlite.sstable.select.plan import (
    BATCH_ROWS,
    Empty,
    OutputColumn,
    Restriction,
)
from cqlite.table.discover import Discovery, discover
from cqlite.table.engine import TableReader, native_reader
from cqlite.table.model import TableRow
from cqlite.table.plan import TablePlan
from cqlite.table.schema import Given, fitted, schema_of_table
from cqlite.table.trace import Trace
from cqlite.types import Partitioner

if TYPE_CHECKING:
    from cqlite.rows import Partition
    from cqlite.sstable.select.arguments import Decimals
    from cqlite.sstable.select.scan import Scan
    from cqlite.sstable.select.tokens import TokenRange
    from cqlite.table.diff import Difference
    from cqlite.table.reference import ReferenceTableReader

EVERYTHING = Restriction()
"""All partitions and rows."""


class Table(Frames):
    """A table as its SSTables together hold it, merged as Cassandra merges them.

        with Table("data/ks/t-5a1c…/") as table:
            for row in table.rows(["id", "v"]): ...

    Args:
        path: a table's directory, a snapshot, a data directory, or an SSTable's component.
        more_paths: further ones, such as those of other replicas.
        keyspace: the table's, where the paths have several.
        table: its name, where the paths have several.
        schema: the schema, CQL text or the path of a file with it; else what is found by
            the SSTables, or what they say themselves.
        now: seconds since 1970, by which what has a time to live is expired or not; by
            default the time of opening.
        salvage: whether SSTables are read around damage, by the reference engine, rather
            than that damage is an error; :attr:`losses` says what that cost.

    Attributes:
        sstables: those that are merged.
        schema: the columns as they are asked for.
        schema_source: what told the schema.
        now: see above.
        warnings: what was passed over or does not fit, in sentences.

    Raises:
        NotAnSSTableError: there are no SSTables, or those of several tables.
        SchemaError: the schema lacks the table, or an SSTable can't be of it.
    """

    def __init__(
        self,
        path: str | Path,
        *more_paths: str | Path,
        keyspace: str | None = None,
        table: str | None = None,
        schema: Given = None,
        now: int | None = None,
        salvage: bool = False,
    ) -> None:
        found = discover((path, *more_paths), keyspace, table)
        self.path = path
        self._salvages = salvage
        self._unreadable: list[str] = []
        self.now = int(time.time()) if now is None else now
        self._open(found, schema)

    def _open(self, found: Discovery, given: Given) -> None:
        headers = [SSTable(d.path(DATA)) for d in found.sstables]
        if self._salvages:
            headers = self._readable(headers)
        schema = schema_of_table(headers, given, found.schema_files)
        self.schema = schema.schema
        self.schema_source = schema.source
        self.warnings = (*found.warnings, *schema.warnings)
        self.sstables: tuple[SSTable, ...] = tuple(
            s.with_schema(fitted(self.schema, s.header_schema)) for s in headers
        )
        self._as_of: int | None = None
        self._lookups: dict[tuple[str, ...] | None, tuple[list[OutputColumn], RowDecoder]] = {}
        self._open_engines()

    def _open_engines(self) -> None:
        # A copy has the other table's, whose time is another one.
        self.__dict__.pop("_reference", None)
        self._is_native = not self._salvages and engine() != "reference"
        self._engine: TableReader = (
            native_reader(self.sstables, self.schema, lambda: self._reference, self._as_of)
            if self._is_native
            else self._reference
        )

    @cached_property
    def _reference(self) -> ReferenceTableReader:
        from cqlite.table.reference import ReferenceTableReader
        from cqlite.table.source import Source

        where = Where(self.path)
        if not self._salvages:
            sources = [Source(sstable, self._as_of) for sstable in self.sstables]
            return ReferenceTableReader(sources, self.schema, self.partitioner, where)
        from cqlite.table.salvage import SalvageSource, SalvageTableReader

        damaged = [SalvageSource(sstable, self._as_of) for sstable in self.sstables]
        return SalvageTableReader(damaged, self.schema, self.partitioner, where)

    def _readable(self, sstables: list[SSTable]) -> list[SSTable]:
        """Those of which there is anything to be read; what is wrong with others is noted."""
        from cqlite.table.salvage import unreadable

        reasons = [(sstable, unreadable(sstable)) for sstable in sstables]
        self._unreadable = [reason for _, reason in reasons if reason is not None]
        found = [sstable for sstable, reason in reasons if reason is None]
        if not found:
            # There is nothing to salvage: the first one says why.
            _ = sstables[0].header_schema
        return found

    @property
    def losses(self) -> list[str]:
        """With ``salvage``, what the reads up to now did not get, in sentences."""
        return self._unreadable + getattr(self._engine, "losses", [])

    @property
    def is_native(self) -> bool:
        """Whether scans are the native engine's."""
        return self._is_native

    @property
    def partitioner(self) -> Partitioner:
        """What orders the partitions."""
        return self.schema.partitioner

    @property
    def header_schema(self) -> TableSchema:
        """The schema; columns of a plan are places in it."""
        return self.schema

    def as_of(self, timestamp: int) -> Table:
        """The table as it stood at a time of writing, as far as the files still tell.

        What was written or deleted later is not there, and what has a time to live is
        expired or not by that time. Compactions forget what was overwritten or deleted
        before them. Closing this or the other table closes the files of both.

        Args:
            timestamp: microseconds since 1970, as writes carry it.
        """
        from copy import copy

        found = copy(self)
        found.now = timestamp // 1_000_000
        found._as_of = timestamp
        found._open_engines()
        return found

    # Rows.

    def rows(
        self,
        columns: Sequence[str] | None = None,
        restriction: Restriction = EVERYTHING,
        *,
        cells: bool = False,
        now: int | None = None,
        reverse: bool = False,
        trace: Trace | None = None,
    ) -> Iterator[TableRow]:
        """The live rows, in the order of partitions and then of clusterings.

        Args:
            columns: names of the columns wanted, in the order of the values; all by default.
            restriction: partitions and rows that are wanted.
            cells: whether to tell when cells were written.
            now: seconds since 1970; the table's by default.
            reverse: whether the rows of a partition come in reversed order.
            trace: to which is added what is read for them, and what is skipped.

        Raises:
            SchemaError: there is no such column.
            CorruptSSTableError: and what derives from it, at damage; rows before it have
                been given.
        """
        plan = self._plan(self._outputs(columns), restriction, now=now, reverse=reverse)
        if trace is not None:
            return self._reference.rows(plan, trace, cells=cells)
        return self._engine.rows(plan, Trace(), cells=cells)

    def partitions(
        self,
        restriction: Restriction = EVERYTHING,
        *,
        now: int | None = None,
        gc_before: int | None = None,
        trace: Trace | None = None,
    ) -> Iterator[Partition]:
        """The merged partitions, with all deletions that shadow something or may.

        Rows and markers of a partition can be taken once, before the next partition.

        Args:
            restriction: partitions and rows that are wanted.
            now: seconds since 1970, for ``gc_before``; the table's by default.
            gc_before: seconds since 1970: what was deleted or has expired before is left
                out, as a compaction does then; by default all is kept.
            trace: to which is added what is read for them, and what is skipped.

        Raises:
            CorruptSSTableError: and what derives from it, at damage.
        """
        found = self._reference.partitions(restriction, Trace() if trace is None else trace)
        if gc_before is None:
            return found
        from cqlite.table.purge import Purger

        at = self.now if now is None else now
        return map(Purger(at, gc_before, self.schema.strict_liveness).partition, found)

    def exact_rows(self) -> int | None:
        """The number of live rows by metadata alone, ``None`` where those don't tell exactly.

        They do where nothing is deleted or expires, and SSTables have no tokens in common.
        """
        if self._as_of is not None or self._salvages:
            return None
        from cqlite.table.totals import exact_rows

        return exact_rows(self.sstables, self.schema)

    def exact_bounds(self) -> tuple[bytes, bytes] | None:
        """The least and the greatest value of the first clustering column, serialized.

        By metadata alone; ``None`` where those don't tell exactly, or there are no rows.
        """
        if self._as_of is not None or self._salvages:
            return None
        from cqlite.table.totals import exact_bounds

        return exact_bounds(self.sstables, self.schema)

    def _outputs(self, columns: Sequence[str] | None) -> list[OutputColumn]:
        every = {c.name: c for c in make_plan(self).columns}
        if columns is None:
            return list(every.values())
        for name in columns:
            if name not in every:
                make_plan(self, [name])
        return [every[name] for name in columns]

    def _plan(
        self,
        columns: Sequence[OutputColumn],
        restriction: Restriction,
        *,
        now: int | None,
        reverse: bool = False,
        **options: Any,
    ) -> TablePlan:
        return TablePlan(
            columns=tuple(columns),
            restriction=restriction,
            now=self.now if now is None else now,
            as_of=self._as_of,
            strict_liveness=self.schema.strict_liveness,
            reverse=reverse,
            **options,
        )

    def scan(
        self,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        *,
        now: int | None = None,
        token_range: TokenRange | None = None,
        limit: int | None = None,
        batch_rows: int = BATCH_ROWS,
        metadata: bool = False,
        decimals: Decimals | None = None,
        empty: Empty = "error",
        threads: int = 1,
    ) -> Scan:
        """The live rows as Arrow record batches; see ``SSTable.scan`` and docs/table.md.

        Args:
            columns: names of the columns wanted, all by default.
            where: a CQL WHERE clause without the word, on columns of the primary key.
            now: seconds since 1970; the table's by default.
            token_range: only tokens above the first one up to and with the second;
                ``None`` for no bound.
            limit: rows that are wanted at most.
            batch_rows: rows that a batch has at most.
            metadata: make deletions rows, and times of writing and expiry columns, of all
                that is left once the SSTables are merged; ``now`` is not minded then.
            decimals: precision and scale of ``decimal`` and ``varint`` columns that are to
                be Arrow decimals, by name; else they are text.
            empty: what becomes of values without bytes that Arrow's types don't have:
                ``error`` or ``null``.
            threads: how many threads the native engine may use; the answer is the same.

        Raises:
            SchemaError, InvalidValueError, InvalidTypeError, UnsupportedFeatureError: see
                ``SSTable.scan``.
        """
        from cqlite.sstable.select.scan import Scan

        asked = make_plan(
            self,
            columns,
            where,
            token_range=token_range,
            limit=limit,
            batch_rows=batch_rows,
            metadata=metadata,
            decimals=decimals,
            empty=empty,
            threads=threads,
        )
        plan = self._plan(
            asked.columns,
            asked.restriction,
            now=now,
            limit=asked.limit,
            batch_rows=asked.batch_rows,
            metadata=asked.metadata,
            empty=asked.empty,
            threads=asked.threads,
        )
        return Scan(self._engine, plan)

    def get(self, key: Any, *, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The live rows of one partition as dictionaries, none if it is not there.

            table.get("alice")

        Args:
            key: the partition key's value, or a tuple of its columns' values.
            columns: names of the columns wanted, all by default.

        Raises:
            InvalidValueError: ``key`` is no value of its type.
            MissingComponentError: an SSTable has no index.
            CorruptSSTableError: index or data are damaged.
        """
        return list(self.slice(key, columns=columns))

    def slice(
        self,
        key: Any,
        start: Any = None,
        end: Any = None,
        *,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Live rows of one partition, in their order; see ``SSTable.slice``.

            table.slice("alice", (2024,), (2025,))

        Args:
            key: the partition key's value, or a tuple of its columns' values.
            start: values of the first clustering columns, a tuple or a single one; rows
                before those that begin with them are left out.
            end: the same for the end; rows that begin with them are in.
            columns: names of the columns wanted, all by default.
            limit: rows that are wanted at most.

        Raises:
            InvalidValueError, MissingComponentError, CorruptSSTableError: see :meth:`get`.
        """
        outputs, decoder = self._lookup(None if columns is None else tuple(columns))
        restriction = Restriction(
            keys=(encode_key(self.schema, key),), slices=slices_between(self.schema, start, end)
        )
        plan = self._plan(outputs, restriction, now=None, limit=limit)
        return (decoder.row(row.values) for row in self._engine.rows(plan, Trace()))

    def _lookup(self, columns: tuple[str, ...] | None) -> tuple[list[OutputColumn], RowDecoder]:
        """What lookups of ``columns`` need, kept for the next time."""
        found = self._lookups.get(columns)
        if found is None:
            outputs = self._outputs(columns)
            found = self._lookups[columns] = outputs, RowDecoder(outputs, Where(self.path))
        return found

    # Other tables.

    def diff(
        self,
        other: Table,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        metadata: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> Iterator[Difference]:
        """What differs between this table, the left one, and another; see docs/diff.md.

            for difference in Table("before").diff(Table("after")): ...

        Args:
            other: another table, snapshot or replica, with the same primary key.
            columns: names of the columns that are compared, all by default.
            where: a CQL WHERE clause without the word, on columns of the primary key.
            metadata: compare what is stored, with times and deletions, rather than live
                rows; always all columns.
            progress: called now and then with how much has been compared, from 0 to 1.

        Raises:
            SchemaError: the tables' keys are of different types, there is no such column,
                or ``where`` is malformed.
            InvalidValueError, UnsupportedFeatureError: see :meth:`scan`.
            CorruptSSTableError: and what derives from it, at damage; differences before it
                have been given.
        """
        from cqlite.sstable.select.arguments import restriction_of
        from cqlite.table.diff import Compared, diff_rows, diff_stored

        named = self if self.schema.names_are_known else other
        restriction = restriction_of(named, where, None)
        compared = None if progress is None else Compared(self, other, progress)
        if metadata:
            return diff_stored(self, other, restriction, compared)
        return diff_rows(self, other, restriction, columns, compared)

    # Closing.

    def close(self) -> None:
        """Closes all files; partitions that were handed out can't be read any more."""
        for sstable in self.sstables:
            sstable.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Table({self.schema.keyspace}.{self.schema.name}, {len(self.sstables)} SSTables)"


def open_table(
    path: str | Path,
    *more_paths: str | Path,
    keyspace: str | None = None,
    table: str | None = None,
    schema: Given = None,
    now: int | None = None,
    salvage: bool = False,
) -> Table:
    """A :class:`Table`, opened; takes and raises what that does."""
    return Table(
        path,
        *more_paths,
        keyspace=keyspace,
        table=table,
        schema=schema,
        now=now,
        salvage=salvage,
    )
