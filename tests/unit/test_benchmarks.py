"""The benchmarks' own machinery: repeats in turn, failures told, verdicts that claim nothing."""

import sys

from benchmarks import suite
from benchmarks.goals import growth, verdicts
from benchmarks.measure import Contender, Outcome, alternate
from benchmarks.report import report
from benchmarks.results import GroupResult, Results

SERVER = (
    "import sys\nfor n, line in enumerate(sys.stdin):\n"
    '    print(\'{"rows": %d, "wall": 1, "cpu": 1}\' % n, flush=True)'
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_repeats_are_counted_after_the_warm_up() -> None:
    outcomes = alternate(
        [
            Contender("serves", python(SERVER), warmup=2),
            Contender("few", python(SERVER), warmup=0, most=1),
            Contender("whole", python("print()"), line=None, rows=7),
        ],
        3,
    )
    assert [one["rows"] for one in outcomes["serves"].samples] == [2, 3, 4]
    assert [one["rows"] for one in outcomes["few"].samples] == [0]
    assert [one["rows"] for one in outcomes["whole"].samples] == [7, 7, 7]
    every = [one for outcome in outcomes.values() for one in outcome.samples]
    assert all(one["rss"] > 1_000_000 for one in every)


def test_a_contender_that_fails_says_why_and_has_no_figures() -> None:
    outcomes = alternate(
        [
            Contender("ends", python("raise SystemExit('not built')")),
            Contender("whole", python("1 / 0"), line=None),
        ],
        2,
    )
    assert outcomes["ends"] == Outcome([], "not built")
    assert outcomes["whole"] == Outcome([], "ZeroDivisionError: division by zero")


def test_nothing_measured_meets_no_goal() -> None:
    assert {one.met for one in verdicts(Results())} == {None}
    failed = Results(groups={"scan": GroupResult(1, 1, 1, {suite.NATIVE: Outcome([], "broken")})})
    assert {one.met for one in verdicts(failed)} == {None}
    assert f"| {suite.NATIVE} | broken |" in report(failed, None)


def test_ratios_are_of_the_best_repeats() -> None:
    def outcome(*walls: float) -> Outcome:
        return Outcome([{"rows": 10, "wall": wall, "cpu": wall, "rss": 1} for wall in walls])

    group = GroupResult(
        10, 100, 50, {suite.NATIVE: outcome(1, 2), suite.CASSANDRA_BYTES: outcome(9, 8)}
    )
    first = verdicts(Results(groups={"scan": group}))[0]
    assert (first.measured, first.met) == ("8.00 × (by CPU 8.00 ×)", True)


def test_cost_of_a_byte() -> None:
    assert growth([(10, 1.0), (20, 2.5), (40, 4.0)]) == 1


def test_reads_are_held_against_reads_of_its_own_in_the_same_repeat() -> None:
    def outcome(*ratios: float) -> Outcome:
        own = {"rows": 10, "wall": 1, "own": 1, "rss": 1}
        return Outcome([{**own, "cpu": ratio, "ratio": ratio} for ratio in ratios])

    outcomes = dict(zip(suite.READS, (outcome(1, 1.04, 2), outcome(1.2)), strict=False))
    results = Results(groups={"reads": GroupResult(10, 100, 50, outcomes)})
    found = {one.job.split(": ")[-1]: one for one in verdicts(results) if ": " in one.job}
    near, far, *_ = (found[name] for name in suite.READS)
    assert (near.measured, near.met, far.met) == ("1.040 × the time", True, False)
    assert "| scan, BIG | 10 | 10 | 1.040 |" in report(results, None)
