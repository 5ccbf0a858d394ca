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
    return [*_scan(results), *_process(results), *_lookup(results), _linear(results)]


def _verdict(
    job: str, goal: str, value: float | None, show: Callable[[float], str], met: bool
) -> Verdict:
    if value is None:
        return Verdict(job, goal, UNKNOWN, None)
    return Verdict(job, goal, show(value), met)


def _at_least(job: str, goal: str, value: float | None, least: float, unit: str = " ×") -> Verdict:
    met = value is not None and value >= least
    return _verdict(job, goal, value, lambda number: f"{number:.2f}{unit}", met)


def _ratio(slow: float | None, fast: float | None) -> float | None:
    return slow / fast if slow and fast else None


def _scan(results: Results) -> Iterator[Verdict]:
    job = "scan of all columns to Arrow, IoT"
    ours = results.best("scan", suite.NATIVE)
    for contender, least in (
        (suite.CASSANDRA_BYTES, 7),
        (suite.CASSANDRA_OBJECTS, 7),
        (suite.OTHER, 70),
        (suite.PARQUET, 0.8),
    ):
        ratio = _ratio(results.best("scan", contender), ours)
        yield _at_least(job, f"at least {least} × {contender}", ratio, least)
    ratio = _ratio(ours, results.best("scan", suite.NATIVE_COLUMN))
    yield _at_least("scan of one column of eight", "at least 2 × all columns", ratio, 2)


def _process(results: Results) -> Iterator[Verdict]:
    ratio = _ratio(results.best("dump", suite.SSTABLEDUMP), results.best("dump", suite.NATIVE))
    yield _at_least("`dump -l`, whole process", "at least 10 × sstabledump", ratio, 10)
    job = "export to Parquet, whole process"
    size = results.groups["export"].uncompressed if "export" in results.groups else 0
    seconds = results.middle("export", suite.NATIVE, "wall")
    for_1_gb = seconds * 1e9 / size if seconds and size else None
    met = for_1_gb is not None and for_1_gb < 5
    yield _verdict(job, "1 GB in under 5 s", for_1_gb, lambda number: f"{number:.2f} s", met)
    peak = results.middle("export", suite.NATIVE, "rss")
    met = peak is not None and peak < 128 * _MIB
    yield _verdict(
        job, "under 128 MiB at its peak", peak, lambda number: f"{number / _MIB:.0f} MiB", met
    )
    seconds = results.best("verify", suite.NATIVE)
    rate = results.groups["verify"].on_disk / seconds / 1e9 if seconds else None
    yield _at_least(
        "`verify` checksums", "at least 2 GB/s of Data.db as it is on disk", rate, 2, " GB/s"
    )


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
