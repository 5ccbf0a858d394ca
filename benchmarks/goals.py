"""The goals, and what a run says to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import suite
from benchmarks.results import Results

_MIB = 1 << 20
UNKNOWN = "not measured"


@dataclass(frozen=True)
class Verdict:
    """A goal in words, what was measured, and whether that meets it (``None``: unknown)."""

    job: str
    goal: str
    measured: str
    met: bool | None


def verdicts(results: Results) -> list[Verdict]:
    """All goals in order."""
    groups = (_scan, _merge, _process, _writing, _reads, _lookup, _query)
    return [*(verdict for group in groups for verdict in group(results)), _linear(results)]


def _verdict(
    job: str, goal: str, value: float | None, show: Callable[[float], str], met: bool
) -> Verdict:
    if value is None:
        return Verdict(job, goal, UNKNOWN, None)
    return Verdict(job, goal, show(value), met)


def _faster(
    results: Results, job: str, goal: str, groups: str, pair: tuple[str, str], least: float
) -> Verdict:
    """How many times the seconds of the second of a pair the first takes."""
    ratios = []
    for clock in ("wall", "cpu"):
        slow, fast = (results.best(groups, contender, clock) for contender in pair)
        ratios.append(slow / fast if slow and fast else None)
    wall, cpu = ratios
    met = wall is not None and wall >= least
    return _verdict(
        job, goal, wall, lambda number: f"{number:.2f} × (by CPU {cpu or 0:.2f} ×)", met
    )


def _peak(job: str, most: int, peak: float | None) -> Verdict:
    """Whether a process takes less memory than so many MiB; ``peak`` is in bytes."""
    goal = f"under {most} MiB at its peak"
    met = peak is not None and peak < most * _MIB
    return _verdict(job, goal, peak, lambda number: f"{number / _MIB:.0f} MiB", met)


def _scan(results: Results) -> Iterator[Verdict]:
    job = "scan of all columns to Arrow, IoT"
    for contender, least in (
        (suite.CASSANDRA_BYTES, 7),
        (suite.CASSANDRA_OBJECTS, 7),
        (suite.OTHER, 70),
        (suite.PARQUET, 0.8),
    ):
        goal = f"at least {least} × {contender}"
        yield _faster(results, job, goal, "scan", (contender, suite.NATIVE), least)
    pair = (suite.NATIVE, suite.NATIVE_COLUMN)
    goal = "at least 2 × all columns"
    yield _faster(results, "scan of one column of eight", goal, "scan", pair, 2)


def _merge(results: Results) -> Iterator[Verdict]:
    goal = "at least 5 × Cassandra's scanners, merged and filtered"
    pair = (suite.CASSANDRA_MERGE, suite.NATIVE)
    yield _faster(results, "merging scan of 8 SSTables that overlap", goal, "merge", pair, 5)


def _process(results: Results) -> Iterator[Verdict]:
    pair = (suite.SSTABLEDUMP, suite.NATIVE)
    goal = "at least 10 × sstabledump"
    yield _faster(results, "`dump -l`, whole process", goal, "dump", pair, 10)
    job = "export to Parquet, whole process"
    size = results.groups["export"].uncompressed if "export" in results.groups else 0
    seconds = results.middle("export", suite.NATIVE, "wall")
    for_1_gb = seconds * 1e9 / size if seconds and size else None
    met = for_1_gb is not None and for_1_gb < 5
    yield _verdict(job, "1 GB in under 5 s", for_1_gb, lambda number: f"{number:.2f} s", met)
    yield _peak(job, 128, results.middle("export", suite.NATIVE, "rss"))
    seconds = results.best("verify", suite.NATIVE)
    rate = results.groups["verify"].on_disk / seconds / 1e9 if seconds else None
    goal = "at least 2 GB/s of Data.db as it is on disk"
    met = rate is not None and rate >= 2
    yield _verdict("`verify` checksums", goal, rate, lambda number: f"{number:.2f} GB/s", met)


def _megabytes(results: Results, group: str, clock: str) -> float | None:
    """Uncompressed megabytes that the native engine does in a second."""
    seconds = results.best(group, suite.NATIVE, clock)
    return results.groups[group].uncompressed / seconds / 1e6 if seconds else None


def _writing(results: Results) -> Iterator[Verdict]:
    rate, by_cpu = (_megabytes(results, "rewrite", clock) for clock in ("wall", "cpu"))
    goal = "at least 200 MB/s of Data.db uncompressed"
    met = rate is not None and rate >= 200
    yield _verdict(
        "`rewrite`", goal, rate, lambda number: f"{number:.0f} MB/s (by CPU {by_cpu or 0:.0f})", met
    )
    job = "Arrow to an SSTable, IoT"
    for contender in (suite.WRITER, suite.WRITER_OBJECTS, suite.WRITER_BYTES):
        goal = f"at least 10 × {contender}"
        yield _faster(results, job, goal, "write", (contender, suite.NATIVE), 10)
    peak = results.middle("memory", suite.NATIVE, "rss")
    yield _peak("Arrow to an SSTable, ten times the rows", 256, peak)


def _reads(results: Results) -> Iterator[Verdict]:
    for name in suite.READS:
        ratio = results.middle("reads", name, "ratio")
        job, goal = f"Cassandra reads what cqlite wrote: {name}", "within 5 % of its own files"
        met = ratio is not None and ratio <= 1.05
        yield _verdict(job, goal, ratio, lambda number: f"{number:.3f} × the time", met)


def _lookup(results: Results) -> Iterator[Verdict]:
    for form in ("BIG", "BTI"):
        for what, most in (("present", 20), ("absent", 3)):
            p50 = results.middle("lookup", f"{suite.NATIVE}, {form}, {what}", "p50")
            met = p50 is not None and p50 * 1e6 < most
            yield _verdict(
                f"look-up in {form}, {what}",
                f"median under {most} µs",
                p50,
                lambda seconds: f"{seconds * 1e6:.1f} µs",
                met,
            )


def _query(results: Results) -> Iterator[Verdict]:
    for contender, clock, most in ((suite.FRESH, "wall", 100), (suite.WARM, "p50", 1)):
        seconds = results.middle("query", contender, clock)
        met = seconds is not None and seconds * 1e3 < most
        yield _verdict(
            f"`cqlite query` of a partition that 8 SSTables have, {contender.partition(', ')[2]}",
            f"median under {most} ms",
            seconds,
            lambda value: f"{value * 1e3:.1f} ms",
            met,
        )


def sizes(results: Results) -> list[tuple[int, float]]:
    """Uncompressed bytes and best seconds of the scans of growing tables."""
    points = []
    for name, group in results.groups.items():
        times = [one["wall"] for one in results.samples(name, suite.NATIVE)]
        if name.startswith("size ") and times:
            points.append((group.uncompressed, min(times)))
    return points


def growth(points: list[tuple[int, float]]) -> float:
    """Seconds per byte at the largest size against that at the smallest, 1 if linear."""
    (small, first), *_, (large, last) = points
    return (last / large) / (first / small)


def _linear(results: Results) -> Verdict:
    points = sizes(results)
    worth = growth(points) if len(points) > 1 else None
    return _verdict(
        "cost against size",
        "linear",
        worth,
        lambda number: f"a byte of the largest costs {number:.2f} × one of the smallest",
        worth is not None and worth < 1.2,
    )
