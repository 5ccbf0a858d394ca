"""Rows of all kinds in any mixture: what the reference engine wrote, the native one writes again.

It writes rows block by block where nothing is special about them; here such rows come beside,
among and behind others.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cqlite import Writer
from cqlite.sstable import SSTable
from cqlite.sstable.write import rewrite, settings_of
from tests.engines import ENGINES, using

NOW = 1_700_000_000
T = NOW * 1_000_000
SCHEMA = (
    "CREATE TABLE k.t (p int, a text, b int, v text, n bigint, f blob, s int static, "
    "PRIMARY KEY (p, a, b))"
)
ROWS = 400

Write = Callable[[Writer, random.Random, dict[str, object], int], None]


def _whole(writer: Writer, choice: random.Random, key: dict[str, object], time: int) -> None:
    values = {"v": "x" * choice.randrange(1, 200), "n": choice.getrandbits(40), "f": b"f"}
    writer.write(key | values, timestamp=time)


def _with_empty_values(
    writer: Writer, choice: random.Random, key: dict[str, object], time: int
) -> None:
    values = {"v": choice.choice(["", "v"]), "n": 1, "f": choice.choice([b"", b"f"])}
    writer.write(key | values, timestamp=time)


def _partly(writer: Writer, choice: random.Random, key: dict[str, object], time: int) -> None:
    writer.write(key | {"v": "partly"}, timestamp=time, update=choice.random() < 0.5)


def _expiring(writer: Writer, choice: random.Random, key: dict[str, object], time: int) -> None:
    writer.write(key | {"v": "v", "n": 2, "f": b"f"}, timestamp=time, ttl=choice.randrange(1, 9))


def _nulls(writer: Writer, _: random.Random, key: dict[str, object], time: int) -> None:
    writer.write(key | {"v": "v", "n": None, "f": None}, timestamp=time)


def _deleted(writer: Writer, _: random.Random, key: dict[str, object], time: int) -> None:
    writer.delete_row(key, timestamp=time)


OTHERS: tuple[Write, ...] = (_with_empty_values, _partly, _expiring, _nulls, _deleted)


def _fill(writer: Writer, seed: int) -> None:
    choice = random.Random(seed)
    for p in range(3):
        if p == 1:
            writer.write({"p": p, "s": 5}, timestamp=T)
        # Long runs of whole rows, then others one by one or a few.
        share = (0.0, 0.005, 0.2)[p]
        for row in range(ROWS):
            a = "" if row < 3 else f"a{row // 40:03}"
            kind = choice.choice(OTHERS) if choice.random() < share else _whole
            kind(writer, choice, {"p": p, "a": a, "b": row}, T + choice.randrange(1 << 20))
        if p > 0:
            writer.delete_range({"p": p}, ("a003",), ("a006",), timestamp=T)


@pytest.mark.parametrize("engine", ENGINES[-1:])
@pytest.mark.parametrize(("version", "size"), [("nb", None), ("oa", 4096), ("da", 4096)])
def test_mixture(version: str, size: int | None, engine: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    with Writer(SCHEMA, old, format=version, now=NOW, column_index_size=size) as writer:
        _fill(writer, 1 if size is None else 2)
    new.mkdir()
    with using(engine), SSTable(old) as source:
        own = source.descriptor
        rewrite(source, new, own.version, own.id, settings_of(source))
    found = {path.name: path.read_bytes() for path in new.iterdir()}
    assert found == {path.name: path.read_bytes() for path in old.iterdir()}
