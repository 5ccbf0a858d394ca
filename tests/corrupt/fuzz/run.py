"""Runs mutations in processes of their own, within limits of time and memory.

python -m tests.corrupt.fuzz.run --count 20000
python -m tests.corrupt.fuzz.run --only own/da/keys/da-1-bti:Index.db:17
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cqlite.errors import CqliteError
from cqlite.inspect import claims
from cqlite.io import Components, parse_path
from tests.corrupt.fuzz import exercises
from tests.corrupt.fuzz.mutations import MUTATORS, Field, reseal_statistics
from tests.shared import SSTableFixture, all_sstables

CPU_SECONDS = 2
"""As long may one mutation take, of the processor's time, so that a busy machine doesn't count."""

MEMORY = 256 << 20
"""As many bytes may one process take on top of what it takes before the first mutation."""

MAX_DATA = 5000
"""Larger SSTables, in bytes of Data.db, are left out: there is nothing in them but more."""

WEIGHTS = {"Data.db": 4, "stream": 4, "Statistics.db": 3, "Index.db": 3, "Partitions.db": 3}
"""How many mutations a component gets, in comparison; others get one part, and these half."""
RARE = {"Digest.crc32", "TOC.txt", "version"}

OTHER_EVERY = 6
VERSION_NAMES = ("ma", "mb", "mc", "md", "me", "na", "nb", "nc", "oa", "da", "ka", "zz")


class Hang(BaseException):
    """Too much of the processor's time; not an Exception, so that nothing takes it for one."""


@dataclass
class Tally:
    """What came of some mutations."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    max_rss: int = 0

    def add(self, other: Tally) -> None:
        self.outcomes += other.outcomes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.max_rss = max(self.max_rss, other.max_rss)

    def count(self, component: str, kind: str) -> int:
        """How many mutations of `component` (or `all`) came out as `kind` (or `all`)."""
        return sum(
            number
            for (a, b), number in self.outcomes.items()
            if component in (a, "all") and kind in (b, "all")
        )

    def __str__(self) -> str:
        components = [*sorted({component for component, _ in self.outcomes}), "all"]
        kinds = [*sorted({kind for _, kind in self.outcomes}), "all"]
        lines = [f"{'':20}" + "".join(f"{kind:>12}" for kind in kinds)]
        for component in components:
            cells = "".join(f"{self.count(component, kind):>12}" for kind in kinds)
            lines.append(f"{component:20}{cells}")
        lines.append(f"slowest {self.slowest[0]:.2f} s: {self.slowest[1]}")
        lines.append(f"largest process {self.max_rss >> 20} MiB")
        return "\n".join(lines)


@dataclass(frozen=True)
class Target:
    """A component of an SSTable; `stream` is the uncompressed Data.db, `version` the file names."""

    case: SSTableFixture
    component: str

    @property
    def name(self) -> str:
        return f"{self.case}:{self.component}"


def targets() -> list[Target]:
    """All components of the smaller SSTables."""
    found = []
    for case in all_sstables():
        if case.data_path.stat().st_size > MAX_DATA:
            continue
        names = [
            name
            for name, path in case.components().items()
            if name in exercises.MAIN and path.stat().st_size
        ]
        found += [Target(case, name) for name in (*names, "stream", "version")]
    return found


class Bench:
    """A copy of an SSTable, of which one component gets damaged again and again."""

    def __init__(self, target: Target, directory: Path) -> None:
        self.target = target
        self.path = directory / target.case.data_path.name
        for name, source in target.case.components().items():
            shutil.copyfile(source, directory / f"{target.case.stem}-{name}")
        self.version = parse_path(self.path)[0].version
        self.components = Components(parse_path(self.path)[0])
        self._baselines: dict[str, Any] = {}
        self.original = self._original()
        self.fields = self._fields()

    def _original(self) -> bytes:
        if self.target.component == "stream":
            with exercises.SSTable(self.path) as sstable:
                return sstable.open_data().read()
        if self.target.component == "version":
            return b"-"
        return self.components.read(self.target.component)

    def _fields(self) -> list[Field]:
        name = {"stream": "Data.db"}.get(self.target.component, self.target.component)
        if name == "version" or (name == self.target.component == "Data.db"):
            return []
        return [Field(c.start, c.end, c.path) for c in claims(self.components, name)]

    def exercises(self, number: int) -> list[exercises.Exercise]:
        """What is done in mutation `number`."""
        if self.target.component == "stream":
            return []
        chosen = [exercises.MAIN[self.target.component]]
        if number % OTHER_EVERY == 0:
            others = exercises.OTHERS[self.target.component]
            chosen.append(others[number // OTHER_EVERY % len(others)])
        return chosen

    def baseline(self, exercise: exercises.Exercise) -> Any:
        """The answer about the undamaged SSTable."""
        if exercise.__name__ not in self._baselines:
            self._baselines[exercise.__name__] = exercise(self.path)
        return self._baselines[exercise.__name__]

    def run(self, number: int) -> Iterator[str]:
        """Does mutation `number`; gives the outcome of each exercise.

        Raises:
            exercises.WrongAnswerError: one of them is not what it has to be.
        """
        rng = random.Random(f"{self.target.name}:{number}")
        if self.target.component == "version":
            yield self._run_version(rng)
            return
        data = rng.choice(MUTATORS)(rng, self.original or b"\0", self.fields)
        if self.target.component == "stream":
            yield outcome_of(lambda: exercises.stream(self.path, data), None)[0]
            return
        sealed = self.target.component == "Statistics.db" and rng.random() < 0.5
        if sealed:
            data = reseal_statistics(self.original, data, self.version.number)
        chosen = self.exercises(number)
        baselines = [self.baseline(exercise) for exercise in chosen]
        path = self.components.path(self.target.component)
        path.write_bytes(data)
        try:
            for exercise, baseline in zip(chosen, baselines, strict=True):
                kind, answer = outcome_of(partial(exercise, self.path), baseline)
                if data != self.original and not sealed:
                    self.judge(exercise, kind, answer, baseline)
                yield kind
        finally:
            path.write_bytes(self.original)

    def _run_version(self, rng: random.Random) -> str:
        """The file names say another version."""
        version = rng.choice(VERSION_NAMES)
        form = "bti" if version == "da" else "big"
        stem = f"{version}-{self.target.case.generation}-{form}"
        directory = Path(tempfile.mkdtemp(dir=self.path.parent))
        try:
            for name in self.target.case.components():
                shutil.copyfile(self.components.path(name), directory / f"{stem}-{name}")
            return outcome_of(lambda: exercises.dump(directory / f"{stem}-Data.db"), None)[0]
        finally:
            shutil.rmtree(directory)

    @property
    def _is_checksummed(self) -> bool:
        """Whether every changed byte of the component is found by a checksum."""
        component = self.target.component
        if component == "Data.db":
            return {"CompressionInfo.db", "CRC.db"} & set(self.components) != set()
        return component == "Statistics.db" and self.version >= "na"

    def judge(self, exercise: exercises.Exercise, kind: str, answer: Any, baseline: Any) -> None:
        """Whether damage may have made this of the answer."""
        guarded = self._is_checksummed or self.target.component in ("CompressionInfo.db", "CRC.db")
        if exercise in (exercises.dump, exercises.metadata):
            if guarded and kind == "different":
                raise exercises.WrongAnswerError("other rows or metadata without an error")
        elif exercise is exercises.salvage:
            if guarded and kind == "different" and answer.rows is not None:
                wrong = answer.rows - baseline.rows
                if wrong:
                    raise exercises.WrongAnswerError(
                        f"salvaged a row that is not there: {min(wrong)}"
                    )
        elif (
            exercise is exercises.check and self._is_checksummed and not _finds_error(kind, answer)
        ):
            raise exercises.WrongAnswerError("verify finds no error")


def _finds_error(kind: str, answer: Any) -> bool:
    return kind != "error" and exercises.has_error(answer)


def outcome_of(function: Callable[[], Any], baseline: Any) -> tuple[str, Any]:
    """`same` or `different` with the answer, or `error` where there is a typed one.

    `answer` if there is no baseline to compare it with.
    """
    try:
        answer = function()
    except CqliteError as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, MemoryError):
                raise cause from None
            cause = cause.__cause__
        return "error", error
    if baseline is None:
        return "answer", answer
    return ("same" if answer == baseline else "different"), answer


def _on_alarm(signum: int, frame: Any) -> None:
    raise Hang


@contextmanager
def limited_memory(more: int) -> Iterator[None]:
    """Allows this process so many bytes more than it has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def run_batch(target: Target, start: int, count: int) -> Tally:
    """Mutations `start` to `start + count`, in this process."""
    tally = Tally()
    signal.signal(signal.SIGPROF, _on_alarm)
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(target, Path(directory))
        for exercise in (exercises.MAIN.get(target.component, exercises.dump), exercises.salvage):
            bench.baseline(exercise)
        with limited_memory(MEMORY):
            for number in range(start, start + count):
                _run_one(bench, number, tally)
    tally.max_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return tally


def _run_one(bench: Bench, number: int, tally: Tally) -> None:
    name = f"{bench.target.name}:{number}"
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        outcomes = list(bench.run(number))
    except Hang:
        outcomes = ["hang"]
        tally.failures.append(f"{name}: more than {CPU_SECONDS} s")
    except Exception:
        outcomes = ["failure"]
        tally.failures.append(f"{name}:\n{traceback.format_exc(limit=-6)}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    tally.outcomes[bench.target.component, outcomes[0]] += 1
    tally.slowest = max(tally.slowest, (time.process_time() - started, name))


def run(
    count: int, processes: int = 2, *, chosen: list[Target] | None = None, start: int = 0
) -> Tally:
    """`count` mutations, spread over all components of all SSTables, numbered from `start` on."""
    tally = Tally()
    found = targets() if chosen is None else chosen
    by_component: dict[str, list[Target]] = {}
    for target in found:
        by_component.setdefault(target.component, []).append(target)
    weights = {name: WEIGHTS.get(name, 0.5 if name in RARE else 1) for name in by_component}
    part = count / sum(weights.values())
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context) as pool:
        futures = []
        for name, group in by_component.items():
            each = max(1, math.ceil(part * weights[name] / len(group)))
            futures += [pool.submit(run_batch, target, start, each) for target in group]
        for future in futures:
            tally.add(future.result())
    return tally


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--start", type=int, default=0, help="another number, other mutations")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--containing", default="", help="only components whose name has this")
    parser.add_argument("--own", action="store_true", help="only the project's own SSTables")
    parser.add_argument("--only", help="one mutation: SSTable:component:number")
    arguments = parser.parse_args()
    if arguments.only:
        name, number = arguments.only.rsplit(":", 1)
        target = next(target for target in targets() if target.name == name)
        tally = run_batch(target, int(number), 1)
    else:
        chosen = [
            target
            for target in targets()
            if arguments.containing in target.name and (target.case.is_own or not arguments.own)
        ]
        tally = run(arguments.count, arguments.processes, chosen=chosen, start=arguments.start)
    print("\n\n".join((*tally.failures, str(tally))))
    sys.exit(bool(tally.failures))


if __name__ == "__main__":
    main()
