"""Each engine against the reference engine: the same rows, the same errors in the same places."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from cqlite.errors import CqliteError
from cqlite.sstable import SSTable
from tests.arrow import rows
from tests.engines import on_engines, using
from tests.shared import SSTableFixture, sstables

Answer = tuple[pa.Table, tuple[Any, ...] | None]


def answer(case: SSTableFixture, engine: str, **options: Any) -> Answer:
    """All rows up to an error, and what it is and where."""
    with using(engine), SSTable(case.data_path) as sstable:
        scan = sstable.scan(**options)
        batches: list[pa.RecordBatch] = []
        try:
            batches.extend(scan)
        except CqliteError as error:
            place = type(error), error.where.component, error.where.offset, error.where.field
            return _table(batches, scan.schema), place
        return _table(batches, scan.schema), None


def _table(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    table = pa.Table.from_batches(batches, schema).combine_chunks()
    table.validate(full=True)
    return table


def same(left: Answer, right: Answer) -> bool:
    return (
        left[1] == right[1]
        and left[0].schema == right[0].schema
        and (left[0].equals(right[0]) or _pylists(left[0]) == _pylists(right[0]))
    )


def _pylists(table: pa.Table) -> str:
    """Values as text, since a NaN is not equal to itself."""
    return repr(rows(table))


@on_engines
@pytest.mark.parametrize("metadata", [False, True], ids=["rows", "metadata"])
def test_all_columns(sstable: SSTableFixture, metadata: bool, engine: str) -> None:
    for empty in ("error", "null"):
        options = {"metadata": metadata, "empty": empty}
        assert same(answer(sstable, engine, **options), answer(sstable, "reference", **options))


@on_engines
@pytest.mark.parametrize("case", sstables(own_only=True), ids=str)
def test_each_column_alone(case: SSTableFixture, engine: str) -> None:
    with using("reference"), SSTable(case.data_path) as opened:
        names = [column.name for column in opened.schema.columns()]
        whole = opened.to_arrow(empty="null")
    for name in names if len(names) < 30 else names[::7]:
        found, error = answer(case, engine, columns=[name], empty="null")
        assert error is None
        assert same((found, None), (whole.select([name]).combine_chunks(), None))
