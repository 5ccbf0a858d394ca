"""Has Cassandras write the cases: 5.0.6 nodes, and older releases by themselves."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cqlite.schema import parse_cql
from tools.cassandra.config import NodeConfig
from tools.cassandra.errors import RigError
from tools.cassandra.legacy import LegacyWriter
from tools.cassandra.maven import CURRENT, LEGACY
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools
from tools.goldmaster.answered import times_of
from tools.goldmaster.case import KEYSPACE, NODES, SHORT_TTLS, Case
from tools.goldmaster.record import Place, answers, describe, take

Report = Callable[[str, str, int], None]
"""Called with a version, what was done, and how many SSTables became ready by it."""

CONFIGS = {
    "da": NodeConfig(format="bti"),
    "oa": NodeConfig(format="big"),
    "nb": NodeConfig(
        format="big",
        compatibility="CASSANDRA_4",
        # TTLs that end after 2038, which nb can't hold, are cut short rather than refused.
        properties=(("cassandra.expiration_date_overflow_policy", "CAP"),),
    ),
}
"""The nodes' configurations by the version that they write."""


def write(place: Place, cases: list[Case], report: Report) -> None:
    """Write all of a version's cases. Raises RigError with the case and the statement."""
    with Tools() as tools:
        if place.version in NODES:
            _by_node(place, cases, tools, report)
        else:
            _by_release(place, cases, report)
        for case in cases:
            report(place.version, case.name, describe(place, case, tools))


def _by_node(place: Place, cases: list[Case], tools: Tools, report: Report) -> None:
    with Node(CONFIGS[place.version], tools=tools) as node:
        report(place.version, "node runs", 0)
        node.cql(
            f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        for case in cases:
            with _telling(place, case):
                node.cql_all((*case.types, case.create))
        node.nodetool("disableautocompaction", KEYSPACE)
        report(place.version, "tables made", 0)
        for number in range(max(len(case.flushes) for case in cases)):
            for case in cases:
                with _telling(place, case):
                    node.cql_concurrently(_flush(case, number), in_order=case.in_order)
            node.flush(KEYSPACE)
            report(place.version, f"flush {number + 1}", 0)
        time.sleep(max(SHORT_TTLS) + 1)
        node.compact(KEYSPACE, *(case.name for case in cases if case.is_compacted))
        report(place.version, "some compacted", 0)
        for case in cases:
            with _telling(place, case):
                _take(node, place, case)
        report(place.version, "answers taken", 0)


def _flush(case: Case, number: int) -> tuple[str, ...]:
    return case.flushes[number] if number < len(case.flushes) else ()


@contextmanager
def _telling(place: Place, case: Case) -> Iterator[None]:
    """Errors say which case they are of."""
    try:
        yield
    except Exception as error:
        raise RigError(f"{place.version}/{case.name} failed.", str(error)) from error


def _take(node: Node, place: Place, case: Case) -> None:
    # Once those that were compacted are gone.
    source = node.sstables(KEYSPACE, case.name)[0].parent
    files = (path for path in source.glob(f"{place.version}-*") if path.is_file())
    take(place, case, files, f"a node of Cassandra {CURRENT}")
    asked_at = int(time.time())
    rows = [row.json for row in node.cql(f"SELECT JSON * FROM {case.table}")]
    schema = parse_cql(";\n".join((*case.types, case.create))).table(KEYSPACE, case.name)
    assert schema is not None
    asked = times_of(schema)
    times = [row.json for row in node.cql(asked)] if asked else []
    answers(place, case, rows, times, asked_at)


def _by_release(place: Place, cases: list[Case], report: Report) -> None:
    version = place.version
    writer = f"CQLSSTableWriter of Cassandra {LEGACY[version]}"
    with LegacyWriter(version) as release, tempfile.TemporaryDirectory() as scratch:
        for case in cases:
            folder = Path(scratch, case.name)
            folder.mkdir()
            with _telling(place, case):
                for number, flush in enumerate(case.flushes, 1):
                    _release_writes(release, case, flush, folder, number)
                take(place, case, folder.glob(f"{version}-*"), writer)
        report(version, "written", 0)


def _release_writes(
    release: LegacyWriter, case: Case, flush: tuple[str, ...], folder: Path, number: int
) -> None:
    """Write one flush, and move what came of it into a folder with a number of its own."""
    target = folder / str(number) / KEYSPACE / case.name
    target.mkdir(parents=True)
    release.write(target, case.create, flush, key=case.key, types=case.types)
    for path in target.iterdir():
        version, _, rest = path.name.split("-", 2)
        path.rename(folder / f"{version}-{number}-{rest}")
