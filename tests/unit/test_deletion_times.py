"""Local deletion times and times to live, counted from whatever minimum a header has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cqlite import CorruptSSTableError, SSTable
from cqlite.index.model import INVALID_DELETION_TIME
from cqlite.rows import ComplexColumn, Row
from cqlite.rows.model import NO_DELETION_TIME
from tests.shared import sstables


def read(version: str, table: str, **minimums: int) -> list[Row]:
    """The rows of a fixture, had it been written with these minimums."""
    (case,) = sstables(versions={version}, own_only=True, containing=f"/{table}/")
    with SSTable(case.data_path) as opened:
        opened.__dict__["row_format"] = replace(opened.row_format, **minimums)
        return [row for partition in opened for row in partition.rows()]


def tombstones(rows: list[Row]) -> list[int | None]:
    """The local deletion times of all cells that are deleted."""
    columns = [column for row in rows for column in row.columns]
    cells = [cell for c in columns for cell in (c.cells if isinstance(c, ComplexColumn) else (c,))]
    return [cell.local_deletion_time for cell in cells if cell.is_tombstone]


@pytest.mark.parametrize(
    ("version", "written"), [("oa", 0xFFFFFFFD), ("da", 0xFFFFFFFD), ("nb", INVALID_DELETION_TIME)]
)
def test_times_below_zero_are_unsigned_from_oa_on(version: str, written: int) -> None:
    """Tombstones of what expired three seconds after it was written, from 1970 on."""
    rows = read(version, "expired", min_local_deletion_time=0)
    assert tombstones(rows) == [written] * 3
    # Rows that would expire before their time to live is over.
    expirations = [row.liveness.local_expiration_time for row in rows if row.liveness]
    assert expirations == [INVALID_DELETION_TIME, INVALID_DELETION_TIME, None]


def test_tombstones_are_earlier_than_the_minimum() -> None:
    assert tombstones(read("da", "expired", min_local_deletion_time=1_000_000)) == [999_997] * 3


def test_the_last_of_32_bits_is_no_time() -> None:
    assert tombstones(read("oa", "expired", min_local_deletion_time=2)) == [NO_DELETION_TIME] * 3


def test_cells_later_than_32_bits_are_refused() -> None:
    with pytest.raises(CorruptSSTableError, match="exceeds 32 bits") as raised:
        read("da", "expired", min_local_deletion_time=1 << 32)
    assert raised.value.where.field == "data.unfiltered.local_deletion_time"


def test_a_time_to_live_below_zero_is_refused() -> None:
    with pytest.raises(CorruptSSTableError, match="ttl -4 is below zero") as raised:
        read("da", "expired", min_ttl=-7)
    assert raised.value.where.field == "data.unfiltered.ttl"


@pytest.mark.parametrize("minimum", [-(1 << 30), 0xFFFFFFFE])
def test_deletions_of_no_valid_time_have_a_mark_of_it(minimum: int) -> None:
    rows = read("da", "deletions", min_local_deletion_time=minimum)
    found = [row.deletion for row in rows if row.deletion]
    assert found
    assert {d.local_deletion_time for d in found} == {INVALID_DELETION_TIME}
