"""A short run of the fuzzer, which CI runs for longer, and that the fuzzer notices failures."""

from __future__ import annotations

import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from cqlite.errors import CorruptSSTableError
from tests.corrupt.fuzz import exercises
from tests.corrupt.fuzz.mutations import MUTATORS, Field
from tests.corrupt.fuzz.run import Bench, Tally, Target, outcome_of, run, run_batch, targets
from tests.shared import sstables


def test_damage_ends_in_an_error_or_a_right_answer() -> None:
    cases = [case for name in ("wide", "deletions") for case in sstables(containing=f"/{name}/")]
    chosen = [target for target in targets() if target.case.is_own and target.case in cases]
    tally = run(400, processes=2, chosen=chosen)
    assert tally.failures == []
    assert tally.count("all", "all") >= 400
    assert {component for component, _ in tally.outcomes} == {*exercises.MAIN, "stream"}


def test_a_mutation_is_the_same_each_time() -> None:
    data = bytes(range(256))
    fields = [Field(3, 4, "flags"), Field(8, 12, "pointer")]
    for mutator in MUTATORS:
        first, again = (mutator(random.Random(f"seed {mutator}"), data, fields) for _ in range(2))
        assert first == again != data


def _sleepy(path: Path) -> object:
    while True:
        pass


def _greedy(path: Path) -> object:
    return len(bytearray(1 << 30))


def _careless(path: Path) -> object:
    raise KeyError(path)


def _batch_with(exercise: exercises.Exercise) -> Tally:
    """One mutation after which `exercise` is done. In a process of its own."""
    case = sstables(versions={"oa"}, own_only=True, containing="/deletions/")[0]
    calls = iter((lambda path: 0, exercise))
    exercises.MAIN["Filter.db"] = lambda path: next(calls)(path)
    exercises.MAIN["Filter.db"].__name__ = "chosen"
    return run_batch(Target(case, "Filter.db"), 1, 1)


@pytest.mark.parametrize(
    ("exercise", "message"),
    [(_sleepy, "more than 2 s"), (_greedy, "MemoryError"), (_careless, "KeyError")],
)
def test_the_fuzzer_notices(exercise: exercises.Exercise, message: str) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        tally = pool.submit(_batch_with, exercise).result()
    assert len(tally.failures) == 1
    assert message in tally.failures[0]


def test_memory_that_became_a_typed_error_is_noticed() -> None:
    def hidden() -> None:
        try:
            raise MemoryError
        except MemoryError as error:
            raise CorruptSSTableError("too much") from error

    with pytest.raises(MemoryError):
        outcome_of(hidden, None)


def test_other_rows_without_an_error_are_noticed(tmp_path: Path) -> None:
    case = sstables(versions={"oa"}, own_only=True, containing="/deletions/")[0]
    bench = Bench(Target(case, "Data.db"), tmp_path)
    with pytest.raises(exercises.WrongAnswerError):
        bench.judge(exercises.dump, "different", "other", "rows")
    with pytest.raises(exercises.WrongAnswerError):
        bench.judge(exercises.check, "different", [], [])
