"""A short run of the native engine's fuzzer, and that it notices what it is there for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import pytest

from cqlite.errors import CorruptSSTableError, CqliteError, UnsupportedFeatureError, Where
from tests.corrupt.fuzz import native
from tests.corrupt.fuzz.exercises import WrongAnswerError
from tests.corrupt.fuzz.native_exercises import Asker, check_agreement, placed
from tests.corrupt.fuzz.native_subject import WEIGHTS
from tests.corrupt.fuzz.run import Tally
from tests.engines import has_native, must_have_native
from tests.shared import SSTableFixture, sstables

CASE = sstables(versions={"oa"}, own_only=True, containing="/deletions/")[0]


def _small(component: str) -> list[SSTableFixture]:
    """SSTables that have something in the component, the oldest version first."""
    found = set(sstables(own_only=True, component=component)) & set(native.cases())
    filled = (case for case in found if case.component(component).stat().st_size)
    return sorted(filled, key=lambda case: (case.version, str(case)))


def test_damage_ends_in_an_error_or_an_answer() -> None:
    if not has_native():
        assert not must_have_native()
        return
    components = [name for name in WEIGHTS if name.endswith(".db")]
    chosen = {case for name in components for case in _small(name)[:2]}
    tally = native.run(1000, processes=2, chosen=sorted(chosen, key=str))
    assert tally.failures == []
    assert tally.count("all", "all") >= 1000
    assert {component for component, _ in tally.outcomes} == set(WEIGHTS)
    assert tally.count("stream", "answer")


class Panic(BaseException):
    """As PyO3 has it, which is no Exception."""


def _panic() -> object:
    raise Panic


def _sleepy() -> object:
    while True:
        pass


def _greedy() -> object:
    return len(bytearray(1 << 30))


def _tally_of(ask: Callable[[], object], folder: Path) -> Tally:
    """One mutation after which `ask` is called. In a process of its own."""
    native.NativeBench.ask_whole = lambda self: None  # type: ignore[method-assign]
    Asker.questions = lambda self, name: {"chosen": ask}  # type: ignore[method-assign]
    return native.run_case(CASE, 1, 1, folder)


@pytest.mark.parametrize(
    ("ask", "message"), [(_panic, "Panic"), (_sleepy, "more than 2 s"), (_greedy, "MemoryError")]
)
def test_the_fuzzer_notices(ask: Callable[[], object], message: str, tmp_path: Path) -> None:
    if not has_native():
        assert not must_have_native()
        return
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        tally = pool.submit(_tally_of, ask, tmp_path).result()
    assert len(tally.failures) == 1
    assert message in tally.failures[0]


def end_of_a_process(folder: Path) -> None:
    """Prints what the fuzzer says of a mutation that ends the process that tries it."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        future = pool.submit(_tally_of, os.abort, folder)
        tally = Tally()
        native.add_result(tally, future, folder)
    assert isinstance(future.exception(), BrokenProcessPool)
    print(*tally.failures)


def test_the_fuzzer_notices_the_end_of_a_process(tmp_path: Path) -> None:
    if not has_native():
        assert not must_have_native()
        return
    program = f"from {__name__} import *; end_of_a_process(Path({str(tmp_path)!r}))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{CASE}:1: ended the process\n"), done.stderr


def test_errors_must_be_placed() -> None:
    with pytest.raises(WrongAnswerError, match="no file"):
        placed(CorruptSSTableError("damaged"))
    with pytest.raises(WrongAnswerError, match="a bug of it"):
        placed(UnsupportedFeatureError("the engine failed, which is a bug of it"))


ERROR = CorruptSSTableError("damaged", Where("a", "Data.db", 3))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("a", None), ("b", None)),
        (("a", ERROR), ("a", None)),
        (("a", None), ("a", ERROR)),
        (("a", ERROR), ("a", UnsupportedFeatureError("no", ERROR.where))),
        (("a", ERROR), ("a", CorruptSSTableError("damaged", Where("a", "Index.db")))),
    ],
)
def test_engines_that_disagree_are_noticed(
    left: tuple[str, CqliteError | None], right: tuple[str, CqliteError | None]
) -> None:
    check_agreement(left, left)
    with pytest.raises(WrongAnswerError):
        check_agreement(left, right)
