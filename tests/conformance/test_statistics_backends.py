"""Statistics.db is the same to all generated parsers, and so is what is wrong with it."""

from __future__ import annotations

import random

import pytest

from cqlite import layouts
from cqlite.errors import CorruptSSTableError
from cqlite.io import resolve
from cqlite.layouts import kaitai, native
from cqlite.sstable.metadata import parse_metadata, read_metadata
from tests.corrupt.test_metadata import load, resealed
from tests.engines import ENGINES, on_engines, using
from tests.shared import SSTableFixture, sstables

CHECKSUMMED = ("na", "nb", "nc", "oa", "da")


def _outcome(data: bytes, version: int, backend: str) -> tuple[object, ...]:
    """All that is in the bytes, or what is wrong with them and where."""
    with layouts.use(backend):
        try:
            found = parse_metadata(data, version)
        except CorruptSSTableError as error:
            return type(error), error.message, error.where
    sketch = found.compaction.cardinality_estimator
    parts = repr((found.validation, found.stats, found.header))
    return parts, sketch.precision, sketch.sparse_precision, sketch.registers, sketch.sparse


def test_all_backends_see_the_same(sstable: SSTableFixture) -> None:
    data, version = load(sstable)
    expected = _outcome(data, version, "kaitai")
    with using(ENGINES[-1]):
        assert _outcome(data, version, "native") == expected
    assert _outcome(data, version, "construct") == expected


def _damaged(number: int, part: bytes) -> bytes:
    chance = random.Random(number)
    changed = bytearray(part)
    for _ in range(chance.choice((1, 2, 4))):
        changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(changed)


def test_damage_is_the_same_to_all() -> None:
    failures = set()
    for number, case in enumerate(sstables(own_only=True)):
        data, version = load(case)
        if case.version in CHECKSUMMED:
            bad = resealed(data, version, number % 4, lambda part, n=number: _damaged(n, part))
        else:
            bad = _damaged(number, data)
        for candidate in (bad, data[: 11 * number]):
            with using(ENGINES[-1]):
                outcome = _outcome(candidate, version, "native")
            assert outcome == _outcome(candidate, version, "kaitai"), case
            failures.add(outcome[0])
    assert len(failures) > 3


@on_engines
def test_the_native_engine_needs_no_parser_in_python(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: set[str] = set()
    parse = kaitai.parse

    def noted(path: str, *arguments: object) -> object:
        parsed.add(path)
        return parse(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kaitai, "parse", noted)
    case = sstables(versions=("oa",), own_only=True)[0]
    with using(engine):
        read_metadata(resolve(case.data_path))
    assert parsed == (set() if engine == "native" else native.STATISTICS)
