"""The figures of one run, as they are kept between measuring and reporting."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Outcome, alternate
from benchmarks.suite import Group
from cqlite.sstable import SSTable


@dataclass
class GroupResult:
    """A group's outcomes by contender; rows and bytes are of its table."""

    rows: int
    uncompressed: int
    on_disk: int
    outcomes: dict[str, Outcome]


@dataclass
class Results:
    """All groups by name, and facts about the machine."""

    machine: dict[str, str] = field(default_factory=dict)
    groups: dict[str, GroupResult] = field(default_factory=dict)

    def samples(self, group: str, contender: str) -> list[dict[str, Any]]:
        """A contender's repeats; none if it failed or wasn't there."""
        found = self.groups.get(group)
        return found.outcomes[contender].samples if found and contender in found.outcomes else []

    def best(self, group: str, contender: str, clock: str = "wall") -> float | None:
        """The seconds of a contender's best repeat, for each row if the job has rows.

        clock: ``wall`` or ``cpu``.
        """
        times = [one[clock] / (one["rows"] or 1) for one in self.samples(group, contender)]
        return min(times, default=None)

    def middle(self, group: str, contender: str, value: str) -> float | None:
        """The median of one of a contender's values."""
        values = [one[value] for one in self.samples(group, contender)]
        return median(values) if values else None

    def save(self, path: Path) -> None:
        """Write JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read what save() wrote."""
        said = json.loads(path.read_text(encoding="utf-8"))
        groups = {}
        for name, group in said["groups"].items():
            outcomes = {key: Outcome(**value) for key, value in group.pop("outcomes").items()}
            groups[name] = GroupResult(**group, outcomes=outcomes)
        return cls(said["machine"], groups)


def machine() -> dict[str, str]:
    """What figures depend on; nothing that names the machine."""
    said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.+)", said)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / (1 << 30):.0f} GiB",
        "Python": platform.python_version(),
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def run(groups: Iterable[Group]) -> Results:
    """Measure all groups, saying on standard output which one is at work."""
    results = Results(machine())
    loads = [os.getloadavg()[0]]
    for group in groups:
        print(f"{group.name}: {len(group.contenders)} contenders", flush=True)
        with SSTable(group.table.data) as sstable:
            uncompressed = sstable.data_length
        on_disk = group.table.data.stat().st_size
        outcomes = alternate(group.contenders, group.repeats)
        results.groups[group.name] = GroupResult(group.table.rows, uncompressed, on_disk, outcomes)
        for name, outcome in outcomes.items():
            best = results.best(group.name, name)
            print(f"  {name}: {outcome.failure or best}", flush=True)
        loads.append(os.getloadavg()[0])
    results.machine["load"] = f"{min(loads):.1f} to {max(loads):.1f}"
    return results
