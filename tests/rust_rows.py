"""Runs the core crate's example `rows`, and says what it should print."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from cqlite.rows import Cell, ComplexColumn, DeletionTime, RangeTombstoneMarker, Row
from cqlite.schema import ColumnMetadata
from cqlite.sstable import SSTable
from tests.rust import CRATE

NOT_DROPPED = -0x8000000000000000


@cache
def program() -> Path:
    """The example `rows`, built if need be."""
    command = ["cargo", "build", "--quiet", "--release", "--example", "rows"]
    subprocess.run(command, cwd=CRATE, check=True)
    return CRATE / "target" / "release" / "examples" / "rows"


def run(folder: Path, command: str, opened: SSTable, data: bytes, *more: object) -> str:
    """What `rows COMMAND` prints for the uncompressed stream `data`.

    more: its number, and the names of the columns that are asked for unless they are all.
    """
    number, *wanted = more
    (folder / "stream").write_bytes(data)
    (folder / "format").write_text(_format(opened, wanted), encoding="utf-8")
    done = subprocess.run(
        [program(), command, folder / "stream", folder / "format", str(number)],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _format(opened: SSTable, wanted: Sequence[object]) -> str:
    format, (clustering, statics, regulars) = opened.reader._format, opened.reader.shapes

    def dropped(columns: Sequence[ColumnMetadata]) -> list[int]:
        return [format.dropped.get(column.name, NOT_DROPPED) for column in columns]

    def flags(columns: Sequence[ColumnMetadata]) -> list[int]:
        return [int(not wanted or column.name in wanted) for column in columns]

    lines: dict[str, Sequence[int]] = {
        "version": [format.version],
        "clustering": clustering,
        "statics": statics,
        "static_dropped": dropped(format.static_columns),
        "static_wanted": flags(format.static_columns),
        "regulars": regulars,
        "regular_dropped": dropped(format.regular_columns),
        "regular_wanted": flags(format.regular_columns),
        "minimums": [format.min_timestamp, format.min_local_deletion_time, format.min_ttl],
    }
    return "".join(f"{name}\t{','.join(map(str, row))}\n" for name, row in lines.items())


def expected(opened: SSTable, wanted: Sequence[str] = ()) -> Iterator[str]:
    """The lines of `rows dump`, from what the reference engine reads."""
    for partition in opened:
        deletion = _deletion(partition.deletion)
        yield f"partition {_hex(partition.key)} {deletion} {partition.position}"
        if partition.static_row is not None:
            yield from _row(partition.static_row, opened, wanted)
        for unfiltered in partition:
            if isinstance(unfiltered, Row):
                yield from _row(unfiltered, opened, wanted)
            else:
                yield _marker(unfiltered)
        yield f"partition_end {partition.end}"


def _row(row: Row, opened: SSTable, wanted: Sequence[str]) -> Iterator[str]:
    info, liveness = row.liveness, "-"
    if info is not None:
        liveness = f"{info.timestamp},{_number(info.ttl)},{_number(info.local_expiration_time)}"
    yield (
        f"row {_values(row.clustering)} {liveness} {_deletion(row.deletion)} {row.is_static:d} "
        f"{row.is_shadowable:d} {row.position} {row.size} {row.previous_size}"
    )
    format = opened.reader._format
    columns = format.static_columns if row.is_static else format.regular_columns
    indexes = {column.name: index for index, column in enumerate(columns)}
    for column in row.columns:
        name = column.column.name
        if wanted and name not in wanted:
            continue
        if isinstance(column, ComplexColumn):
            yield from _complex(column, indexes[name])
        else:
            yield f"cell {indexes[name]} {_cell(column)}"
    yield f"row_end {row.num_unread}"


def _complex(column: ComplexColumn, index: int) -> Iterator[str]:
    yield f"complex {index} {_deletion(column.deletion)} {len(column.cells)}"
    for cell in column.cells:
        yield f"complex_cell {index} {_hex(cell.path or b'')} {_cell(cell)}"


def _marker(marker: RangeTombstoneMarker) -> str:
    return (
        f"marker {marker.kind.value} {_values(marker.values)} {_deletion(marker.close)} "
        f"{_deletion(marker.open)} {marker.position} {marker.size} {marker.previous_size} "
        f"{marker.num_unread}"
    )


def _cell(cell: Cell) -> str:
    times = f"{cell.timestamp} {_number(cell.ttl)} {_number(cell.local_deletion_time)}"
    return f"{_hex(cell.raw)} {times} {cell.is_tombstone:d}"


def _deletion(deletion: DeletionTime | None) -> str:
    if deletion is None:
        return "-"
    return f"{deletion.marked_for_delete_at},{deletion.local_deletion_time}"


def _values(values: Sequence[bytes | None]) -> str:
    return f"[{','.join('-' if value is None else _hex(value) for value in values)}]"


def _hex(data: bytes) -> str:
    return f"x{data.hex()}"


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
