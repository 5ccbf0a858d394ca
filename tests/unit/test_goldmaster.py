"""The plan of the gold masters: the same from the same seed, large and varied enough."""

from __future__ import annotations

from functools import cache

from tools.goldmaster import coverage
from tools.goldmaster.__main__ import SEED
from tools.goldmaster.case import LEGACY, NODES, VERSIONS, Case
from tools.goldmaster.plan import COMPRESSORS, LEGACY_COMPRESSORS, SMALL, digest, plan


@cache
def _full() -> dict[str, list[Case]]:
    return plan(SEED)


def test_same_seed_same_statements() -> None:
    assert digest(plan(7, SMALL)) == digest(plan(7, SMALL))
    assert digest(plan(7, SMALL)) != digest(plan(8, SMALL))


def test_more_than_500_sstables() -> None:
    cases = _full()
    assert set(cases) == set(VERSIONS)
    assert sum(case.num_sstables for chosen in cases.values() for case in chosen) > 500


def test_every_pattern_with_every_compressor() -> None:
    for versions, compressors in ((NODES, COMPRESSORS), (LEGACY, LEGACY_COMPRESSORS)):
        for version in versions:
            found = {(case.pattern, case.compressor) for case in _full()[version]}
            for pattern in ("time_series", "user_activity", "iot", "ledger", "random"):
                assert {name for kind, name in found if kind == pattern} == set(compressors)


def test_names_are_unique_and_flushes_are_not_empty() -> None:
    for chosen in _full().values():
        assert len({case.name for case in chosen}) == len(chosen)
        assert all(case.flushes and all(case.flushes) for case in chosen)


def test_coverage_document_is_current() -> None:
    assert coverage.DOCUMENT.read_text(encoding="utf-8") == coverage.table(_full())
