"""The generated Rust on damaged bytes: an answer or an error, soon, and never a panic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cqlite.io import SPEC_OF_COMPONENT
from cqlite.sstable import SSTable
from tests.parts import Part, parts
from tests.rust import run
from tests.shared import sstables

pytestmark = pytest.mark.rust

ROUNDS = 50_000
# For one damaged input of some kilobytes at most, on a busy machine.
LONGEST = 5_000
# Whole files can be large, and their parts are what matters.
LARGEST = 64 << 10


def _seeds() -> list[Part]:
    found: list[Part] = []
    for case in sstables(own_only=True):
        with SSTable(case.data_path) as opened:
            for component in opened.components:
                if component in SPEC_OF_COMPONENT:
                    found += [p for p in parts(opened, component) if len(p[2]) <= LARGEST][:40]
    return found


def test_damage_is_refused_or_read(tmp_path: Path) -> None:
    answer = run(tmp_path, "fuzz", _seeds(), str(ROUNDS))
    match = re.fullmatch(r"(\d+) taken (\d+) refused (\d+) ms at most\n", answer)
    assert match is not None, answer
    taken, refused, longest = (int(number) for number in match.groups())
    assert taken + refused == ROUNDS
    assert min(taken, refused) > ROUNDS // 100
    assert longest < LONGEST
