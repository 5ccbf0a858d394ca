"""Measures all contenders and writes docs/benchmarks.md.

    python -m benchmarks [--quick] [--only GROUP ...] [--output FOLDER]

The figures stay in the cache; --report writes the page from them without measuring. A quick run,
or one of some groups, only writes where --output says.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.goals import sizes
from benchmarks.plot import plot
from benchmarks.report import report
from benchmarks.results import Results, run
from benchmarks.suite import Suite
from tools.cassandra.cache import CACHE, ROOT

FIGURES = CACHE / "benchmarks" / "results.json"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Write docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="small tables, few repeats")
    parser.add_argument("--only", nargs="+", default=[], help="names of groups, or how they begin")
    parser.add_argument("--report", action="store_true", help="the figures of the last run")
    parser.add_argument("--output", type=Path, help="folder for page and plot")
    options = parser.parse_args()
    partial = options.quick or bool(options.only)
    if options.report:
        results = Results.load(FIGURES)
    else:
        with Suite(options.quick) as suite:
            results = run(suite.groups(tuple(options.only)))
        if not partial:
            results.save(FIGURES)
    folder = options.output or (None if partial else ROOT / "docs")
    if folder is not None:
        write(results, folder)


def write(results: Results, folder: Path) -> None:
    """The page and its plot."""
    points = sizes(results)
    if len(points) > 1:
        plot(points, folder / "benchmarks.svg")
    text = report(results, "benchmarks.svg" if len(points) > 1 else None)
    (folder / "benchmarks.md").write_text(text, encoding="utf-8")


main()
