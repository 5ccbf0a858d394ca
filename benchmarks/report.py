"""docs/benchmarks.md from the figures of a run."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks import suite
from benchmarks.goals import verdicts
from benchmarks.results import GroupResult, Results

_MARKS = {True: "yes", False: "**no**", None: "–"}

_HEAD = """# Benchmarks

Written by `make bench`; do not edit. All figures are of one run on one machine: {machine}.
Contenders take turns, repeat by repeat, after a warm-up. Times are those of the best repeat, on
the clock on the wall, and so are ratios unless they are by CPU, which counts the processor time
of all threads of the best repeat and suffers less from what else the machine does. The peak is
that of the process since its start, interpreter and libraries included. Files are in the
system's cache. One thread unless it says otherwise.

The tables are written by Cassandra 5.0.6's `CQLSSTableWriter` with LZ4 in chunks of 16 KiB, and
copied by its compaction's writer: [benchmarks/java/TableMaker.java]
(../benchmarks/java/TableMaker.java) has all of it. A row of the IoT table has two partition key
columns (sensor, day), a timestamp as clustering and five measures of mixed types; a thousand
rows are a partition.
"""

_NOTES = """
## What each of them does

- **native engine, reference engine**: `SSTable.scan()` until the last record batch, with the
  schema of Statistics.db. The reference engine reads a fiftieth of the rows.
- **Cassandra's scanner**: `SSTableReader.getScanner()` of 5.0.6 in a warm JVM, after eight
  rounds. Each value is read, either as the bytes it is, or as the object of its Java type, as
  someone who wants to do something with it would. It answers rows, not columns.
- **cqlite-py**: `execute_streaming("SELECT * …")` of the package on PyPI, rows counted; its
  `execute` refuses results of this size.
- **pyarrow**: `ParquetFile.iter_batches(use_threads=False)` of the same rows, written by pyarrow
  with LZ4 and its defaults otherwise.
- **dump**: `cqlite dump -l` and `sstabledump -l`, from the start of the process to its end, to
  /dev/null.
- **write**: `write_arrow` of a table in memory, in the order of its tokens, against
  `CQLSSTableWriter` as it comes, which sorts and writes in a second thread, and as it is when it
  is told of that order, with its rows as objects or as bytes. All write LZ4 and sync their files.
- **memory**: the whole process of writing ten times the rows, which are made batch by batch, in
  no order of tokens.
- **Cassandra's reads**: its scanner, and its reads of single rows by their keys in no order, in a
  warm JVM that takes turns between an SSTable of `write_arrow` and what Cassandra's compaction
  makes of that: by the processor time of the thread, the median of the ratios of all repeats.
- **one partition**: `SELECT * FROM t WHERE id = …` of eight SSTables that have all partitions,
  1 GB of a million; a fresh process from its start to its end, and `Session.execute` of a
  thousand statements in one that runs.
- **look-ups**: `SSTable.get(key)` from Python for 20,000 random keys of a million partitions,
  one after the other, the second time the same. Absent ones are mostly known from the Bloom
  filter. `SSTable.slice(key, start, limit=10)` at 2,000 random rows of a partition of a million,
  of which an index knows every 64 KiB.
"""


def report(results: Results, plot: str | None) -> str:
    """The page; `plot` is the name of the image beside it."""
    machine = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    parts = [_HEAD.format(machine=machine).replace("java]\n(", "java](")]
    parts.append("\n## Goals\n\n" + "\n".join(_goals(results)) + "\n")
    for name, group in results.groups.items():
        if not name.startswith(("size", "lookup", "reads", "query")):
            parts.append(
                f"\n## {_title(name, group)}\n\n" + "\n".join(_rates(results, name)) + "\n"
            )
    parts.append("\n## Cassandra's reads of what cqlite wrote\n\n")
    parts.append("\n".join(_reads(results)) + "\n")
    parts.append("\n## One partition by `cqlite query`\n\n" + "\n".join(_queries(results)) + "\n")
    parts.append("\n## Look-ups\n\n" + "\n".join(_lookups(results)) + "\n")
    if plot:
        parts.append(f"\n## Cost against size\n\n![Seconds against megabytes]({plot})\n")
    parts.append(_NOTES)
    return "".join(parts)


def _goals(results: Results) -> Iterator[str]:
    yield "| job | goal | measured | met |\n|---|---|---|---|"
    for one in verdicts(results):
        yield f"| {one.job} | {one.goal} | {one.measured} | {_MARKS[one.met]} |"


def _title(name: str, group: GroupResult) -> str:
    return f"{name.capitalize()}: {group.rows:,} rows, {group.uncompressed / 1e6:.0f} MB"


def _rates(results: Results, name: str) -> Iterator[str]:
    group = results.groups[name]
    ours = results.best(name, suite.NATIVE)
    yield "| | rows/s | MB/s uncompressed | seconds | CPU s | peak MiB | native is faster by |"
    yield "|---|---|---|---|---|---|---|"
    for contender, outcome in group.outcomes.items():
        if outcome.failure or not outcome.samples:
            yield f"| {contender} | {outcome.failure or 'not run'} | | | | | |"
            continue
        best = min(outcome.samples, key=lambda one: one["wall"])
        share = (best["rows"] or group.rows) / group.rows
        rate = f"{best['rows'] / best['wall']:,.0f}" if best["rows"] else "–"
        size = group.uncompressed * share / best["wall"] / 1e6
        cpu = min(one["cpu"] for one in outcome.samples)
        peak = max(one["rss"] for one in outcome.samples) / (1 << 20)
        theirs = results.best(name, contender)
        ratio = f"{theirs / ours:.2f}" if ours and theirs else "–"
        yield (
            f"| {contender} | {rate} | {size:,.0f} | {best['wall']:.3f} | {cpu:.3f} "
            f"| {peak:.0f} | {ratio} |"
        )


def _reads(results: Results) -> Iterator[str]:
    yield "| | rows/s of Cassandra's own | rows/s of cqlite's | time against its own |"
    yield "|---|---|---|---|"
    group = results.groups.get("reads")
    for name, outcome in (group.outcomes if group else {}).items():
        if outcome.failure or not outcome.samples:
            yield f"| {name} | {outcome.failure or 'not run'} | | |"
            continue
        best = {
            clock: min(one[clock] / one["rows"] for one in outcome.samples)
            for clock in ("own", "cpu")
        }
        rates = " | ".join(f"{1 / seconds:,.0f}" for seconds in best.values())
        yield f"| {name} | {rates} | {results.middle('reads', name, 'ratio'):.3f} |"


def _queries(results: Results) -> Iterator[str]:
    yield "| | median ms | CPU ms |\n|---|---|---|"
    group = results.groups.get("query")
    for name, outcome in (group.outcomes if group else {}).items():
        if outcome.failure or not outcome.samples:
            yield f"| {name} | {outcome.failure or 'not run'} | |"
            continue
        wall = median(one.get("p50", one["wall"]) for one in outcome.samples)
        cpu = median(one["cpu"] / one["rows"] for one in outcome.samples)
        yield f"| {name} | {wall * 1e3:.2f} | {cpu * 1e3:.2f} |"


def _lookups(results: Results) -> Iterator[str]:
    yield "| | median µs | 99th percentile µs |\n|---|---|---|"
    group = results.groups.get("lookup")
    for name, outcome in (group.outcomes if group else {}).items():
        p50, p99 = (results.middle("lookup", name, value) for value in ("p50", "p99"))
        if p50 is None or p99 is None:
            yield f"| {name} | {outcome.failure or 'not run'} | |"
        else:
            yield f"| {name} | {p50 * 1e6:.1f} | {p99 * 1e6:.1f} |"
