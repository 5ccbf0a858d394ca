"""Many rows of several SSTables: what the native engine merges by blocks, as the reference does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from cqlite import Table, Writer
from cqlite.schema import parse_cql
from tests.arrow import rows
from tests.engines import ENGINES, using

NOW = 1_700_000_000
T = NOW * 1_000_000
(SCHEMA,) = parse_cql(
    "CREATE TABLE k.t (p int, c int, a int, b text, s text static, PRIMARY KEY (p, c))"
).tables()


def written(directory: Path, number: int, odd: float) -> Path:
    """An SSTable of some thousand rows, of which the part ``odd`` are not inserted as a whole."""
    dice = random.Random(number)
    directory.mkdir()
    with Writer(SCHEMA, directory, format=("nb", "oa", "da")[number % 3], now=NOW) as writer:
        for p in range(8):
            key = {"p": p}
            # Partitions of all, of one, and of some of the SSTables; large and small ones.
            if p % 3 == 1 and p % 4 != number:
                continue
            if dice.random() < odd:
                writer.write({**key, "s": f"s{number}"}, timestamp=T + number)
            for c in range(0, 2400 if p % 3 == 1 else 300, dice.choice([1, 2, 3])):
                at = T + dice.randrange(3)
                row: dict[str, Any] = {**key, "c": c, "a": dice.randrange(5), "b": f"{number}-{c}"}
                if dice.random() >= odd:
                    writer.write(row, timestamp=at)
                    continue
                kind = dice.randrange(5)
                if kind == 0:
                    writer.delete_row({**key, "c": c}, timestamp=at)
                elif kind == 1:
                    last = (c + dice.randrange(40),)
                    writer.delete_range(key, (c,), last, timestamp=at)
                elif kind == 2:
                    writer.write(row, timestamp=at, ttl=dice.choice([5, 50]))
                elif kind == 3:
                    writer.write({**key, "c": c, "a": 1}, timestamp=at, update=True)
                else:
                    writer.write({**row, "b": None}, timestamp=at)
    return Path(writer.sstables[0])


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "reference"])
@pytest.mark.parametrize("odd", [0, 0.002, 0.3])
def test_blocks_of_rows_are_merged_as_rows_are(odd: float, engine: str, tmp_path: Path) -> None:
    paths = [written(tmp_path / str(number), number, odd) for number in range(4)]
    with using("reference"), Table(*paths, schema=SCHEMA, now=NOW + 20) as table:
        expected = rows(table.scan().to_arrow())
    with using(engine), Table(*paths, schema=SCHEMA, now=NOW + 20) as table:
        for batch_rows in (65_536, 333):
            found = rows(table.scan(batch_rows=batch_rows).to_arrow())
            assert found == expected
        assert rows(table.scan(limit=700).to_arrow()) == expected[:700]
        assert rows(table.scan(["c", "b"], "p IN (1, 2)").to_arrow()) == [
            {"c": row["c"], "b": row["b"]} for row in expected if row["p"] in (1, 2)
        ]
