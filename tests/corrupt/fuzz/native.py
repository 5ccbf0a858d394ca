"""The native engine under mutations: answers or typed errors, and no panic, abort or hang.

python -m tests.corrupt.fuzz.native --count 50000
python -m tests.corrupt.fuzz.native --only own/da/keys/da-1-bti:17
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from cqlite.errors import CqliteError
from tests.corrupt.fuzz.exercises import WrongAnswerError
from tests.corrupt.fuzz.native_exercises import (
    IN_INDEX,
    Answer,
    Asker,
    agreement,
    check_agreement,
    placed,
)
from tests.corrupt.fuzz.native_subject import WEIGHTS, Subject
from tests.corrupt.fuzz.run import CPU_SECONDS, Hang, Tally, limited_memory
from tests.shared import SSTableFixture, all_sstables

MAX_DATA = 30_000
"""Larger SSTables, in bytes of Data.db, are left out."""

MEMORY = 512 << 20
"""Bytes that mutations may take; the threads of a scan set aside some of them."""

DEADLY_SECONDS = 10
"""After so much time of the processor the process is killed, since the engine hangs."""

COMPARED_EVERY = 20
"""In which mutations the reference engine is asked too."""

COMPARED = {
    "facts": (),
    "Statistics.db": ("rows", "dump", "metadata"),
    **dict.fromkeys(IN_INDEX, ("get",)),
}
DATA_COMPARED = ("rows", "metadata", "dump", "get")

CHECKSUMMED = ("Data.db", "CompressionInfo.db", "CRC.db")


class NativeBench:
    """Damages an SSTable again and again."""

    def __init__(self, case: SSTableFixture, folder: Path) -> None:
        self.case = case
        self.subject = Subject(case, folder)
        names = set(self.subject.components)
        self._is_checksummed = bool(names & {"CompressionInfo.db", "CRC.db"})

    def ask_whole(self) -> None:
        """Asks everything about the whole SSTable."""
        asker = Asker(self.subject, self.subject.facts, random.Random(str(self.case)))
        for name in self.subject.names:
            for ask in asker.questions(name).values():
                outcome_of(ask)

    def component(self, number: int) -> str:
        """What mutation `number` damages."""
        names = self.subject.names
        rng = random.Random(f"{self.case}:{number}:component")
        return rng.choices(names, [WEIGHTS[name] for name in names])[0]

    def run(self, number: int) -> Iterator[str]:
        """Does mutation `number`; gives the outcome of each question.

        Raises:
            WrongAnswerError: one of them is not what it has to be.
        """
        subject, name = self.subject, self.component(number)
        seed = f"{self.case}:{number}"
        expected = self._expected(name, seed)
        try:
            facts, is_changed = subject.damage(name, random.Random(seed))
            asker = Asker(subject, facts, random.Random(seed))
            for question, ask in asker.questions(name).items():
                kind, answer = outcome_of(ask)
                if is_changed and name in CHECKSUMMED and self._is_checksummed:
                    self._judge(question, kind, answer, expected)
                yield kind
            if number % COMPARED_EVERY == 0 and subject.is_small:
                self._compare(name, number // COMPARED_EVERY)
        finally:
            subject.restore()

    def _expected(self, name: str, seed: str) -> dict[str, Answer]:
        """The answers about the whole SSTable, where they matter."""
        if name not in CHECKSUMMED:
            return {}
        asker = Asker(self.subject, self.subject.facts, random.Random(seed))
        questions = asker.questions(name)
        return {key: outcome_of(questions[key]) for key in ("rows", "scan", "dump")}

    def _judge(self, question: str, kind: str, answer: Answer, expected: dict[str, Answer]) -> None:
        """Checksums must not let other rows through."""
        if question in expected and kind == "answer" and (kind, answer) != expected[question]:
            raise WrongAnswerError(f"{question}: other rows without an error")

    def _compare(self, name: str, number: int) -> None:
        chosen = COMPARED.get(name, DATA_COMPARED)
        if chosen:
            check_agreement(*agreement(self.subject, chosen[number % len(chosen)]))


def outcome_of(ask: object) -> tuple[str, Answer]:
    """`answer` with it, or `error` with a typed one."""
    assert callable(ask)
    try:
        return "answer", ask()
    except CqliteError as error:
        return "error", str(placed(error))


def run_case(case: SSTableFixture, start: int, count: int, journal: Path) -> Tally:
    """Mutations `start` to `start + count` of one SSTable, in this process."""
    tally = Tally()
    signal.signal(signal.SIGPROF, _on_alarm)
    note = journal / str(os.getpid())
    with tempfile.TemporaryDirectory() as folder:
        bench = NativeBench(case, Path(folder))
        # What libraries set aside when they are first used is not held against a mutation.
        bench.ask_whole()
        with limited_memory(MEMORY):
            for number in range(start, start + count):
                note.write_text(f"{case}:{number}", encoding="utf-8")
                _run_one(bench, number, tally)
        bench.subject.opened.close()
    note.unlink()
    tally.max_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return tally


def _on_alarm(signum: int, frame: object) -> None:
    raise Hang


def _run_one(bench: NativeBench, number: int, tally: Tally) -> None:
    name = f"{bench.case}:{number}"
    component = bench.component(number)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    # Nobody handles this one: it ends a process whose native code does not come back.
    signal.setitimer(signal.ITIMER_VIRTUAL, DEADLY_SECONDS)
    try:
        outcomes = list(bench.run(number))
    except Hang:
        outcomes = ["hang"]
        tally.failures.append(f"{name} ({component}): more than {CPU_SECONDS} s")
    except KeyboardInterrupt:
        raise
    except BaseException:
        # A panic is no Exception.
        outcomes = ["failure"]
        tally.failures.append(f"{name} ({component}):\n{traceback.format_exc(limit=-6)}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    kind = next((found for found in outcomes if found != "answer"), "answer")
    tally.outcomes[component, kind] += 1
    tally.slowest = max(tally.slowest, (time.process_time() - started, name))


def cases() -> list[SSTableFixture]:
    """The smaller SSTables."""
    return [case for case in all_sstables() if case.data_path.stat().st_size <= MAX_DATA]


def run(
    count: int,
    processes: int = 2,
    *,
    chosen: list[SSTableFixture] | None = None,
    start: int = 0,
) -> Tally:
    """`count` mutations, as many of each SSTable, numbered from `start` on."""
    tally = Tally()
    found = cases() if chosen is None else chosen
    each = -(-count // len(found))
    with tempfile.TemporaryDirectory() as directory:
        journal = Path(directory)
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            futures = [pool.submit(run_case, case, start, each, journal) for case in found]
            for future in as_completed(futures):
                add_result(tally, future, journal)
    return tally


def add_result(tally: Tally, future: Future[Tally], journal: Path) -> None:
    """Adds what came of an SSTable; if it ended the process, which mutation did.

    Each is noted in `journal` before it is tried, and the note goes once all have been.
    """
    try:
        tally.add(future.result())
    except BrokenProcessPool:
        for note in journal.iterdir():
            tally.failures.append(f"{note.read_text(encoding='utf-8')}: ended the process")
            note.unlink()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--start", type=int, default=0, help="another number, other mutations")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--containing", default="", help="only SSTables whose name has this")
    parser.add_argument("--only", help="one mutation: SSTable:number")
    arguments = parser.parse_args()
    if arguments.only:
        name, number = arguments.only.rsplit(":", 1)
        case = next(case for case in cases() if str(case) == name)
        with tempfile.TemporaryDirectory() as journal:
            tally = run_case(case, int(number), 1, Path(journal))
    else:
        chosen = [case for case in cases() if arguments.containing in str(case)]
        tally = run(arguments.count, arguments.processes, chosen=chosen, start=arguments.start)
    print("\n\n".join((*tally.failures, str(tally))))
    sys.exit(bool(tally.failures))


if __name__ == "__main__":
    main()
