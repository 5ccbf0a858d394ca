"""Make gold masters: python -m tools.goldmaster FOLDER [--seed N] [--versions da,oa] [--check]."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tools.cassandra.errors import RigError
from tools.goldmaster import check, coverage, manifest
from tools.goldmaster.case import VERSIONS, Case
from tools.goldmaster.plan import FULL, SMALL, digest, plan
from tools.goldmaster.progress import Progress
from tools.goldmaster.record import Place
from tools.goldmaster.write import write

SEED = 1
"""The seed of the coverage table in docs/."""

_AT_ONCE = 2


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.goldmaster", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where to write; must not exist yet")
    parser.add_argument("--seed", type=int, default=SEED, help="decides every statement")
    parser.add_argument("--versions", default=",".join(VERSIONS), help="some of %(default)s")
    parser.add_argument("--small", action="store_true", help="few tables, for a quick look")
    parser.add_argument("--check", action="store_true", help="hold cqlite against them too")
    parser.add_argument("--docs", action="store_true", help="only write docs/coverage.md")
    arguments = parser.parse_args(given)
    arguments.versions = arguments.versions.split(",")
    unknown = set(arguments.versions) - set(VERSIONS)
    if unknown:
        parser.error(f"no such version: {', '.join(sorted(unknown))}")
    return arguments


def make(folder: Path, seed: int, cases: dict[str, list[Case]]) -> int:
    """Write everything into a new folder; returns the number of SSTables."""
    total = sum(case.num_sstables for chosen in cases.values() for case in chosen)
    with Progress(total) as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
        # The nodes take longest, so they come first.
        running = [
            pool.submit(write, Place(folder / version, version, seed), chosen, progress.report)
            for version, chosen in cases.items()
        ]
        try:
            for future in as_completed(running):
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    manifest.write(folder, seed, digest(cases))
    return total


def main(given: list[str]) -> int:
    arguments = _arguments(given)
    cases = plan(arguments.seed, SMALL if arguments.small else FULL)
    if arguments.docs:
        coverage.DOCUMENT.write_text(coverage.table(cases), encoding="utf-8")
        return 0
    if arguments.folder is None or arguments.folder.exists():
        print(f"{arguments.folder or 'FOLDER'} must be a new folder.", file=sys.stderr)
        return 2
    chosen = {version: cases[version] for version in arguments.versions}
    start = time.monotonic()
    try:
        total = make(arguments.folder, arguments.seed, chosen)
    except RigError as error:
        print(error, file=sys.stderr)
        return 1
    print(coverage.table(chosen))
    print(f"{total} SSTables in {time.monotonic() - start:.0f} s, seed {arguments.seed}")
    return check.main(arguments.folder) if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
