"""Damage in one of a table's SSTables: where it is, and the rows before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cqlite import Table, Writer
from cqlite.errors import CqliteError
from cqlite.schema import parse_cql
from tests.engines import on_engines, using

T = 1_700_000_000_000_000
(SCHEMA,) = parse_cql(
    "CREATE TABLE k.t (p int, c int, v text, PRIMARY KEY (p, c)) "
    "WITH compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 4}"
).tables()


def written(directory: Path) -> list[Path]:
    """Two SSTables with the same partitions, the second one with newer and with further rows."""
    paths = []
    for number in range(2):
        place = directory / str(number)
        place.mkdir()
        with Writer(SCHEMA, place, now=T // 10**6) as writer:
            for p in range(200):
                for c in range(number, 10, number + 1):
                    values = {"p": p, "c": c, "v": f"{number} {p} {c} {p * c * 7919:x}"}
                    writer.write(values, timestamp=T + number)
        paths += [Path(path) for path in writer.sstables]
    return paths


def read(table: Table) -> tuple[list[dict[str, Any]], CqliteError | None]:
    """The rows of a scan up to an error, and that."""
    rows: list[dict[str, Any]] = []
    try:
        for batch in table.scan(batch_rows=50):
            rows += batch.to_pylist()
    except CqliteError as error:
        return rows, error
    return rows, None


@on_engines
@pytest.mark.parametrize("number", [0, 1])
def test_damage_is_told_and_rows_before_it_are_given(
    number: int, engine: str, tmp_path: Path
) -> None:
    paths = written(tmp_path)
    with using(engine), Table(*paths, schema=SCHEMA) as table:
        rows, error = read(table)
    assert error is None
    assert len(rows) == 200 * 10
    data = bytearray(paths[number].read_bytes())
    data[len(data) // 2] ^= 0x55
    paths[number].write_bytes(data)
    with using(engine), Table(*paths, schema=SCHEMA) as table:
        before, error = read(table)
    assert error is not None
    assert error.where is not None
    assert Path(str(error.where.file)) == paths[number]
    assert error.where.component == "Data.db"
    assert error.where.offset is not None
    assert before == rows[: len(before)]
    assert len(before) > 300
