"""What is measured: groups of contenders that take turns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.jvm import java
from benchmarks.layers import Layers
from benchmarks.measure import Contender
from benchmarks.partitions import Partitions
from benchmarks.tables import IOT, IOT_ROW, WIDE_KEY, Table
from tools.cassandra.cache import CACHE, environment, filling

CQLITE_PY = "0.17.0"
NATIVE = "native engine"
NATIVE_PARALLEL = "native engine, two threads"
NATIVE_COLUMN = "native engine, one column of eight"
REFERENCE = "reference engine"
CASSANDRA_OBJECTS = "Cassandra's scanner, values as Java objects"
CASSANDRA_BYTES = "Cassandra's scanner, values as bytes"
CASSANDRA_MERGE = "Cassandra's scanners, merged and filtered, values as bytes"
FRESH, WARM = f"{NATIVE}, fresh process", f"{NATIVE}, warm process"
LAYERS = 8
WRITER = "CQLSSTableWriter, Java objects"
WRITER_OBJECTS = "CQLSSTableWriter, sorted, Java objects"
WRITER_BYTES = "CQLSSTableWriter, sorted, serialized values"
OTHER = f"cqlite-py {CQLITE_PY}"
PARQUET = "pyarrow, Parquet/LZ4"
PARQUET_COLUMN = "pyarrow, Parquet/LZ4, one column of eight"
SSTABLEDUMP = "sstabledump"
READS = {
    f"{job}, {form}": (line, version)
    for form, version in (("BIG", "oa"), ("BTI", "da"))
    for job, line in (("scan", "scan"), ("single rows", "rows"))
}
"""What Cassandra reads of what cqlite wrote, with the words for it and the version."""

_SCRIPTS = Path(__file__).parent / "contenders"
_MB = 1_000_000


@dataclass(frozen=True)
class Group:
    """Contenders at the same job, with the SSTable that it is done on."""

    name: str
    table: Table | Partitions
    contenders: Sequence[Contender]
    repeats: int


def script(name: str, *arguments: object, python: str = sys.executable) -> list[str]:
    """The command of one of contenders/."""
    return [python, str(_SCRIPTS / f"{name}.py"), *map(str, arguments)]


def engine(name: str, command: list[str], **more: object) -> Contender:
    """A contender on the engine that its name begins with, which fails if that isn't built."""
    chosen = {"CQLITE_ENGINE": name.split()[0]}
    if name.startswith(NATIVE) and not has_native():
        command = [sys.executable, "-c", "raise SystemExit('not built')"]
    return Contender(name, command, environment=chosen, **more)  # type: ignore[arg-type]


def has_native() -> bool:
    """Whether this installation has the native engine."""
    try:
        return hasattr(import_module("cqlite._native"), "Reader")
    except ModuleNotFoundError:
        return False


def cqlite(*arguments: str | Path) -> list[str]:
    """The command line tool."""
    return [str(Path(sys.executable).with_name("cqlite")), *map(str, arguments)]


def other_python() -> str:
    """The Python of an environment that has cqlite-py and nothing of this project."""
    folder = CACHE / "benchmarks" / f"cqlite-py-{CQLITE_PY}"
    if not folder.is_dir():
        with filling(folder) as new:
            subprocess.run([sys.executable, "-m", "venv", str(new)], check=True)
            pip = [str(new / "bin" / "python"), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, f"cqlite-py=={CQLITE_PY}"], check=True)
    return str(folder / "bin" / "python")


def parquet(table: Table) -> Path:
    """The table's rows as Parquet with LZ4, written once from a scan."""
    path = table.data.parents[2] / "table.parquet"
    if not path.exists():
        command = script("write_parquet", table.data, table.schema, path)
        subprocess.run(command, check=True, env=environment())
    return path


def write(table: Table, version: str, folder: Path) -> Path:
    """Data.db of the table's rows as cqlite writes them, in a folder like Cassandra's."""
    from pyarrow.parquet import read_table

    from cqlite import write_arrow

    target = folder / "bench" / table.kind
    target.parent.mkdir(parents=True)
    schema = table.schema.read_text(encoding="utf-8")
    rows = read_table(parquet(table))
    write_arrow(rows, schema, target, format=version, timestamp=1_700_006_400_000_000)
    return next(target.glob("*-Data.db"))


class Suite:
    """All groups; a context manager, whose commands are valid until its end.

    quick: small tables and few repeats, to see that everything works.
    """

    def __init__(self, quick: bool = False) -> None:
        self._million = 50_000 if quick else 1_000_000
        self._gigabyte = _MB * (32 if quick else 1000)
        self._few = 2 if quick else 5
        self._many = 3 if quick else 9
        self._stack = ExitStack()

    def __enter__(self) -> Suite:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def groups(self, only: Sequence[str] = ()) -> Iterator[Group]:
        """The groups; a table is made when its group's turn comes.

        only: beginnings of names of groups; all groups without.
        """
        makers: dict[str, Callable[[], Group]] = {
            "scan": self._scan,
            "dump": self._dump,
            "verify": self._verify,
            "export": self._export,
            "lookup": self._lookup,
            "query": self._query,
            "merge": self._merge,
            "rewrite": self._rewrite,
            "write": self._write,
            "memory": self._memory,
            "reads": self._reads,
        }
        for kind, form in (
            ("iot", "bti"),
            ("wide", "big"),
            ("tiny", "big"),
            ("collections", "big"),
        ):
            makers[f"{kind} {form}"] = partial(self._table, kind, form)
        for size in (1, 4, 16, 64, 256, 1000):
            if size * _MB <= self._gigabyte:
                makers[f"size {size}"] = partial(self._size, size)
        for name, maker in makers.items():
            if not only or name.startswith(tuple(only)):
                yield maker()

    def _java(self, *arguments: str, heap: str = "1G") -> list[str]:
        return self._stack.enter_context(java(*arguments, heap=heap))

    def _others(self, table: Table) -> list[Contender]:
        scanner = self._java("Scanner", str(table.data))
        folder = table.data.parents[2]
        other = script(
            "cqlite_py", folder, table.schema, f"bench.{table.kind}", python=other_python()
        )
        return [
            Contender(CASSANDRA_OBJECTS, scanner, line="typed", warmup=8),
            Contender(CASSANDRA_BYTES, scanner, line="bytes", warmup=8),
            Contender(PARQUET, script("parquet", parquet(table))),
            Contender(OTHER, other, warmup=0, most=3),
        ]

    def _scan(self) -> Group:
        table = Table(IOT, "big", self._million)
        small = Table(IOT, "big", self._million // 50)
        contenders = [
            engine(NATIVE, script("scan", table.data)),
            engine(NATIVE_PARALLEL, script("scan", table.data, 2)),
            engine(NATIVE_COLUMN, script("scan", table.data, 1, "temperature")),
            *self._others(table),
            Contender(PARQUET_COLUMN, script("parquet", parquet(table), "temperature")),
            engine(REFERENCE, script("scan", small.data), most=3),
        ]
        return Group("scan", table, contenders, self._many)

    def _table(self, kind: str, form: str) -> Group:
        rows = self._million // (5 if kind == "collections" else 1)
        table = Table(kind, form, rows)
        contenders = [engine(NATIVE, script("scan", table.data)), *self._others(table)]
        return Group(f"{kind} {form}", table, contenders, self._few)

    def _dump(self) -> Group:
        table = Table(IOT, "big", self._million)
        small = Table(IOT, "big", self._million // 50)
        theirs = self._java("org.apache.cassandra.tools.SSTableExport", "-l", str(table.data))
        contenders = [
            engine(NATIVE, cqlite("dump", "-l", table.data), line=None, rows=table.rows),
            Contender(SSTABLEDUMP, theirs, line=None, rows=table.rows),
            engine(REFERENCE, cqlite("dump", "-l", small.data), line=None, rows=small.rows, most=2),
        ]
        return Group("dump", table, contenders, self._few)

    def _big(self) -> Table:
        return Table(IOT, "big", self._gigabyte // IOT_ROW // 1000 * 1000)

    def _verify(self) -> Group:
        table = self._big()
        command = script("verify", table.data)
        return Group(
            "verify", table, [engine(NATIVE, command), engine(REFERENCE, command)], self._few
        )

    def _export(self) -> Group:
        table = self._big()
        target = table.data.parents[2] / "export.parquet"
        self._stack.callback(target.unlink, missing_ok=True)
        command = cqlite("export", table.data, "--force", "-o", target)
        ours = engine(NATIVE, command, line=None, rows=table.rows)
        return Group("export", table, [ours], self._few)

    def _lookup(self) -> Group:
        contenders = []
        for form in ("big", "bti"):
            table = Table("tiny", form, self._million)
            for prefix, rows, what in (("device", 1, "present"), ("absent", 0, "absent")):
                command = script("lookup", table.data, prefix, self._million, rows)
                contenders.append(engine(f"{NATIVE}, {form.upper()}, {what}", command))
            wide = Table("wide", form, self._million)
            command = script("slice", wide.data, WIDE_KEY)
            contenders.append(engine(f"{NATIVE}, {form.upper()}, slice of ten rows", command))
        return Group("lookup", table, contenders, self._few)

    def _query(self) -> Group:
        table = Partitions(LAYERS, self._million)
        statement = f"SELECT * FROM bench.partitions WHERE id = {self._million // 3}"
        command = cqlite("query", statement, "--data", table.folder)
        contenders = [
            engine(FRESH, command, line=None, rows=1, warmup=2),
            engine(WARM, script("query", table.folder, self._million)),
        ]
        return Group("query", table, contenders, self._many)

    def _merge(self) -> Group:
        table = Table(IOT, "big", self._million)
        layers = Layers(table, LAYERS, parquet(table), table.schema)
        theirs = self._java("MergeScanner", *map(str, layers.data))
        contenders = [
            engine(NATIVE, script("scan_table", layers.folder, table.schema)),
            engine(NATIVE_PARALLEL, script("scan_table", layers.folder, table.schema, 2)),
            Contender(CASSANDRA_MERGE, theirs, warmup=4),
        ]
        return Group("merge", table, contenders, self._few)

    def _rewrite(self) -> Group:
        table = Table(IOT, "big", self._million)
        small = Table(IOT, "big", self._million // 50)
        contenders = [
            engine(NATIVE, script("rewrite", table.data)),
            engine(REFERENCE, script("rewrite", small.data), most=2),
        ]
        return Group("rewrite", table, contenders, self._few)

    def _write(self) -> Group:
        table = Table(IOT, "big", self._million)
        small = Table(IOT, "big", self._million // 50)
        folder = self._stack.enter_context(TemporaryDirectory())
        theirs = self._java("RowWriter", str(table.data), str(table.schema), folder, heap="2G")
        contenders = [
            engine(NATIVE, script("write", parquet(table), table.schema)),
            Contender(WRITER, theirs, line="unsorted"),
            Contender(WRITER_OBJECTS, theirs, line="typed"),
            Contender(WRITER_BYTES, theirs, line="bytes"),
            engine(REFERENCE, script("write", parquet(small), small.schema), most=2),
        ]
        return Group("write", table, contenders, self._few)

    def _memory(self) -> Group:
        table = Table(IOT, "big", self._million)
        rows = 10 * self._million
        command = script("write_many", table.schema, rows)
        ours = engine(NATIVE, command, line=None, rows=rows)
        return Group("memory", table, [ours], 2)

    def _reads(self) -> Group:
        table = Table(IOT, "big", self._million)
        commands = {}
        for version in ("oa", "da"):
            folder = Path(self._stack.enter_context(TemporaryDirectory()))
            copy = folder / "copy" / "bench" / table.kind
            copy.mkdir(parents=True)
            commands[version] = self._java("Reads", str(write(table, version, folder)), str(copy))
        contenders = [
            Contender(name, commands[version], line=line, warmup=3)
            for name, (line, version) in READS.items()
        ]
        return Group("reads", table, contenders, self._few)

    def _size(self, megabytes: int) -> Group:
        table = Table(IOT, "big", megabytes * _MB // IOT_ROW // 1000 * 1000)
        ours = engine(NATIVE, script("scan", table.data))
        return Group(f"size {megabytes}", table, [ours], self._few)
