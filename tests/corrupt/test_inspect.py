"""Damaged components end `inspect` with a typed error, or are shown as what they are."""

from __future__ import annotations

import random
import shutil
from itertools import islice
from pathlib import Path

import pytest

from cqlite.blocks import open_data
from cqlite.errors import CqliteError
from cqlite.inspect import component_source
from cqlite.inspect.show import View, lines
from cqlite.io import COMPRESSION_INFO, CRC, DATA, resolve
from tests.shared import SSTableFixture, sstables

ROUNDS = 40
SHOWN = 20_000


def own(name: str) -> SSTableFixture:
    return sstables(own_only=True, containing=f"own/{name}/")[0]


CASES = [
    (own(case), component)
    for case, component in (
        *(("oa/types", DATA), ("mc/deletions", DATA), ("me/collections", "Statistics.db")),
        *(("da/statics", "Statistics.db"), ("oa/wide", "Index.db"), ("oa/many", "Summary.db")),
        *(("da/wide", "Rows.db"), ("da/many", "Partitions.db")),
    )
]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """`content` with a byte changed, cut off, overwritten with ones, or with bytes put in."""
    made = bytearray(content)
    at = chance.randrange(len(made))
    match chance.randrange(4):
        case 0:
            made[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        case 1:
            del made[at:]
        case 2:
            made[at : at + 8] = b"\xff" * 8
        case _:
            made[at:at] = chance.randbytes(chance.randrange(9))
    return bytes(made)


@pytest.mark.parametrize(("case", "component"), CASES, ids=str)
def test_damage(case: SSTableFixture, component: str, tmp_path: Path) -> None:
    for name, path in case.components().items():
        if name not in (COMPRESSION_INFO, CRC):
            shutil.copy(path, tmp_path)
    # Without compression, so that damage is not found by a checksum.
    with open_data(resolve(case.data_path)) as stream:
        (tmp_path / case.data_path.name).write_bytes(stream.read())
    target = tmp_path / case.component(component).name
    content = target.read_bytes()
    chance = random.Random(f"{case} {component}")
    refusals: list[CqliteError] = []
    for _ in range(ROUNDS):
        target.write_bytes(damaged(content, chance))
        try:
            with component_source(resolve(target), component, tries=True) as source:
                for _line in islice(lines(View(source, None), source.nodes()), SHOWN):
                    pass
        except CqliteError as error:
            refusals.append(error)
    assert refusals
    assert all(error.where.file is not None for error in refusals)
