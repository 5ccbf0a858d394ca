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


WIDE = range(2000)
DELETED = range(500, 1500)


def wide(directory: Path, version: str) -> tuple[Path, Path]:
    """A partition of many rows; and an SSTable that deletes a range of it but for some rows."""
    found = []
    for number in range(2):
        place = directory / str(number)
        place.mkdir()
        options = {"format": version, "column_index_size": 2048}
        with Writer(SCHEMA, place, now=T // 10**6, **options) as writer:
            for c in WIDE if number == 0 else WIDE[::10]:
                values = {"p": 1, "c": c, "v": f"{number} {c} {c * 7919:x}" * 10}
                writer.write(values, timestamp=T + 20 * number)
            if number == 1:
                ends = [DELETED.start], [DELETED.stop]
                writer.delete_range({"p": 1}, *ends, include_end=False, timestamp=T + 10)
        found += [Path(path) for path in writer.sstables]
    return found[0], found[1]


def clusterings(table: Table) -> list[int]:
    return [row["c"] for row in table.scan(["c"]).to_arrow().to_pylist()]


@pytest.mark.parametrize("version", ["oa", "da"])
@pytest.mark.parametrize("is_last", [False, True], ids=["goes on", "rest is lost"])
def test_damage_inside_of_a_range_deletion(tmp_path: Path, version: str, *, is_last: bool) -> None:
    """Beyond what can be read it deletes nothing: what it may have deleted is shown, and told."""
    rows, deletion = wide(tmp_path, version)
    left = [c for c in WIDE if c not in DELETED or c % 10 == 0]
    with Table(rows, deletion, schema=SCHEMA) as table:
        assert clusterings(table) == left
    data = bytearray(deletion.read_bytes())
    middle = len(data) // 2
    for place in range(middle, len(data) if is_last else middle + 1, 1000):
        data[place] ^= 0x55
    deletion.write_bytes(data)
    with Table(rows, deletion, schema=SCHEMA, salvage=True) as table:
        found = clusterings(table)
        assert any("partition 1" in loss for loss in table.losses)
    assert set(left) <= set(found)
    shown = sorted(set(found) - set(left))
    assert DELETED.start + 200 < shown[0] < 1000
    assert shown == [c for c in range(shown[0], shown[-1] + 1) if c % 10]
    assert shown[-1] == DELETED.stop - 1 if is_last else shown[-1] < DELETED.stop - 200
