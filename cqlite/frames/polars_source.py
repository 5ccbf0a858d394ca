"""A table as a lazy frame of Polars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cqlite.errors import UnsupportedFeatureError
from cqlite.frames.dataset import TableSource
from cqlite.frames.hints import where_of
from cqlite.frames.polars_filter import conditions_of
from cqlite.sstable.select.plan import Empty
from cqlite.sstable.select.portable import FOR_POLARS
from cqlite.table import Table

if TYPE_CHECKING:
    import polars


def scan_polars(
    table: Table | str | Path,
    /,
    *more_paths: str | Path,
    empty: Empty = "error",
    **options: Any,
) -> polars.LazyFrame:
    """A table as a ``polars.LazyFrame``, of which only what a query needs is read.

        cqlite.scan_polars("data/shop/orders-…").filter(pl.col("id") == 5).collect()

    Columns that are not asked for are not read. Filters on the primary key are looked up as
    far as they are comparisons with values; all filters are applied by Polars. Types are
    those of :meth:`Scan.to_polars`.

    Args:
        table: a table, which must stay open, or a path of one.
        more_paths: further ones, such as those of other replicas.
        empty: what becomes of values without bytes that Arrow's types don't have.
        options: what else ``Table`` takes, with a path, such as ``keyspace`` and ``table``.

    Raises:
        NotAnSSTableError, SchemaError: see ``Table``.
        UnsupportedFeatureError: Polars or pyarrow is not installed.
        polars.exceptions.ComputeError: while it is collected, if an SSTable is damaged.
    """
    try:
        import polars
        from polars.io.plugins import register_io_source
    except ModuleNotFoundError:
        raise UnsupportedFeatureError("this needs polars: pip install polars") from None
    opened = table if isinstance(table, Table) else Table(table, *more_paths, **options)
    source = TableSource(opened, FOR_POLARS, empty, owns=opened is not table)
    schema = polars.from_arrow(source.schema.empty_table())

    def read(
        columns: list[str] | None,
        predicate: polars.Expr | None,
        limit: int | None,
        batch_rows: int | None,
    ) -> Iterator[polars.DataFrame]:
        names = _names(source, columns, predicate)
        where = None
        if predicate is not None:
            where = where_of(conditions_of(predicate), opened.schema, opened.partitioner)
        # A filter takes rows away after they were read, so a limit is on what it leaves.
        most = limit if predicate is None else None
        for batch in source.batches(names, where, most):
            frame = polars.from_arrow(batch)
            assert isinstance(frame, polars.DataFrame)
            if predicate is not None:
                frame = frame.filter(predicate)
            frame = frame.select(columns) if columns is not None else frame
            if limit is not None:
                frame = frame.head(limit)
                limit -= frame.height
            yield frame
            if limit == 0:
                return

    assert isinstance(schema, polars.DataFrame)
    frame: polars.LazyFrame = register_io_source(read, schema=schema.schema)
    return frame


def _names(
    source: TableSource, columns: Sequence[str] | None, predicate: Any
) -> Sequence[str] | None:
    """The columns that are read, in the table's order."""
    if columns is None:
        return None
    needed = set(columns) | set(() if predicate is None else predicate.meta.root_names())
    return [name for name in source.schema.names if name in needed] or source.schema.names[:1]
