"""An SSTable's copy that the native engine reads, and ways to damage it.

Besides its components there are three more to damage: `stream`, the uncompressed Data.db,
and `chunk`, a compressed chunk, whose checksums are made right again, so that the damage is
read; and `facts`, what Python tells the engine.
"""

from __future__ import annotations

import random
import shutil
import zlib
from dataclasses import replace
from pathlib import Path

from cqlite.blocks import CompressionInfo
from cqlite.blocks.compressors import compressor
from cqlite.blocks.write import Compression, compression_info
from cqlite.errors import CqliteError
from cqlite.inspect import claims
from cqlite.io import Components, parse_path
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import ColumnFacts, Facts, facts_of
from cqlite.sstable.select.plan import (
    OutputColumn,
    PositionRange,
    Restriction,
    ScanPlan,
    Slice,
    SliceBound,
)
from tests.corrupt.fuzz.mutations import MUTATORS, Field, reseal_statistics
from tests.shared import SSTableFixture

WEIGHTS = {
    "Data.db": 3,
    "stream": 6,
    "chunk": 2,
    "facts": 2,
    "CompressionInfo.db": 2,
    "CRC.db": 2,
    "Index.db": 2,
    "Summary.db": 1,
    "Partitions.db": 3,
    "Rows.db": 6,
    "Filter.db": 1,
    "Statistics.db": 1,
}
"""How often a component is damaged, in comparison."""

SMALL = 5000
"""Up to so many bytes of Data.db the fields are known, and the reference engine is asked too."""

TYPES = (
    "AsciiType",
    "UTF8Type",
    "BytesType",
    "BooleanType",
    "InetAddressType",
    "UUIDType",
    "TimeUUIDType",
    "EmptyType",
    "ByteType",
    "ShortType",
    "Int32Type",
    "LongType",
    "IntegerType",
    "FloatType",
    "DoubleType",
    "DecimalType",
    "TimestampType",
    "SimpleDateType",
    "TimeType",
    "DurationType",
    "CounterColumnType",
    "ReversedType(TimestampType)",
    "ListType(Int32Type)",
    "SetType(UTF8Type)",
    "MapType(Int32Type,UTF8Type)",
    "FrozenType(ListType(DoubleType))",
    "FrozenType(MapType(UTF8Type,FrozenType(SetType(DurationType))))",
    "TupleType(Int32Type,UTF8Type)",
    "UserType(ks,74,61:Int32Type,62:FrozenType(ListType(UTF8Type)))",
    "VectorType(FloatType,3)",
    "VectorType(UTF8Type,2)",
    "CompositeType(UTF8Type,Int32Type)",
)


class Subject:
    """A copy of `case` in `folder`, and what was asked of it while it was whole.

    Attributes:
        opened: the SSTable, with what Python has read of it before any damage.
        facts: what the engine is told.
        keys: serialized keys of some partitions.
        plans: scans by their names; those that stand for others of their kind, too.
    """

    def __init__(self, case: SSTableFixture, folder: Path) -> None:
        self.case = case
        self.path = folder / case.data_path.name
        for name, source in case.components().items():
            shutil.copyfile(source, folder / f"{case.stem}-{name}")
        self.components = Components(parse_path(self.path)[0])
        self.version = self.components.descriptor.version
        self.is_small = case.data_path.stat().st_size <= SMALL
        self.opened = SSTable(self.path)
        self.facts = facts_of(self.opened)
        self.keys, self.clusterings = self._rows()
        self.plans = self._plans()
        self.originals = {
            name: self.components.read(name) for name in self.components if name in WEIGHTS
        }
        data = self.opened.open_data()
        data.seek(0)
        self.stream = data.read()
        self.fields = {name: self._fields(name) for name in (*self.originals, "stream")}
        sizes = {**{name: len(data) for name, data in self.originals.items()}, "facts": 1}
        sizes["stream"] = sizes["chunk"] = len(self.stream)
        self.names = [name for name in WEIGHTS if sizes.get(name)]

    def _rows(self) -> tuple[list[bytes], list[tuple[bytes, ...]]]:
        keys, clusterings = [], []
        for partition in self.opened:
            keys.append(partition.key)
            rows = (tuple(row.clustering) for row in partition if hasattr(row, "clustering"))
            clusterings += [found for found in list(rows)[:20] if found and None not in found]
            if len(keys) == 20:
                break
        return keys, clusterings[:20]

    def _fields(self, name: str) -> list[Field]:
        component = {"stream": "Data.db"}.get(name, name)
        if name == "Data.db" or not self.is_small:
            return []
        try:
            return [Field(c.start, c.end, c.path) for c in claims(self.components, component)]
        except CqliteError:
            # Some SSTables are fixtures because they are damaged.
            return []

    def _plans(self) -> dict[str, ScanPlan]:
        plain = self.opened.scan(empty="null").plan
        metadata = self.opened.scan(empty="null", metadata=True).plan
        return {
            "rows": plain,
            "metadata": metadata,
            "strict": replace(plain, empty="error", batch_rows=2),
            "threads": replace(plain, threads=2, batch_rows=5),
            "decimals": replace(plain, columns=tuple(map(_as_decimal, plain.columns))),
        }

    def plan(self, rng: random.Random) -> ScanPlan:
        """A scan of any kind."""
        plan = rng.choice(list(self.plans.values()))
        if rng.random() < 0.2:
            plan = replace(plan, columns=(rng.choice(plan.columns),))
        if rng.random() < 0.2:
            plan = replace(plan, limit=rng.choice((0, 1, 3, 100)))
        if rng.random() < 0.2:
            plan = replace(plan, batch_rows=rng.choice((1, 7)), batch_bytes=rng.choice((1, 50)))
        return replace(plan, restriction=self.restriction(rng)) if rng.random() < 0.3 else plan

    def restriction(self, rng: random.Random) -> Restriction:
        """Keys, part of the order of partitions, or slices of rows."""
        kind = rng.randrange(3)
        if kind == 0:
            keys = sorted(
                {self.key(rng) for _ in range(rng.randrange(4))},
                key=self.opened.partitioner.byte_comparable,
            )
            return Restriction(keys=tuple(keys), slices=self.slices(rng))
        if kind == 1:
            start, end = sorted(rng.randbytes(rng.randrange(1, 10)) for _ in range(2))
            return Restriction(positions=PositionRange(start, rng.choice((None, end))))
        return Restriction(slices=self.slices(rng))

    def slices(self, rng: random.Random) -> tuple[Slice, ...] | None:
        """Rows from one that there is to the next."""
        if not self.clusterings or rng.random() < 0.5:
            return None
        ends = (rng.choice(self.clusterings) for _ in range(2))
        bounds = [SliceBound(e[: rng.randrange(len(e) + 1)], rng.random() < 0.5) for e in ends]
        return (Slice(bounds[0], rng.choice((SliceBound(), bounds[1]))),)

    def key(self, rng: random.Random) -> bytes:
        """A partition's key, or any."""
        if self.keys and rng.random() < 0.8:
            return rng.choice(self.keys)
        return rng.randbytes(rng.choice((0, 1, 4, 16)))

    # Damage.

    def damage(self, name: str, rng: random.Random) -> tuple[Facts, bool]:
        """Damages the component; gives what to tell the engine, and whether anything changed."""
        if name == "facts":
            return other_facts(self.facts, rng), True
        if name in ("stream", "chunk"):
            self._write_stream(name, rng)
            return self.facts, True
        before = self.originals[name]
        after = rng.choice(MUTATORS)(rng, before, self.fields[name])
        if name == "Statistics.db" and rng.random() < 0.8:
            after = reseal_statistics(before, after, self.version.number)
        self.components.path(name).write_bytes(after)
        return self.facts, after != before

    def restore(self) -> None:
        """As it was."""
        for name, data in self.originals.items():
            path = self.components.path(name)
            if path.stat().st_size != len(data) or path.read_bytes() != data:
                path.write_bytes(data)

    def _write_stream(self, name: str, rng: random.Random) -> None:
        """Data.db, and what goes with it, of a damaged stream, or with a damaged chunk."""
        stream = self.stream
        if name == "stream":
            stream = rng.choice(MUTATORS)(rng, stream, self.fields["stream"])
        info = self.opened.compression
        if info is None:
            self._write_plain(stream)
        else:
            self._write_compressed(stream, info, rng, is_damaged=name == "chunk")

    def _write_plain(self, stream: bytes) -> None:
        self.components.path("Data.db").write_bytes(stream)
        if "CRC.db" not in self.originals:
            return
        head = self.originals["CRC.db"][:4]
        length = int.from_bytes(head, "big")
        sums = (zlib.crc32(stream[at : at + length]) for at in range(0, len(stream), length))
        joined = head + b"".join(value.to_bytes(4, "big") for value in sums)
        self.components.path("CRC.db").write_bytes(joined)

    def _write_compressed(
        self, stream: bytes, info: CompressionInfo, rng: random.Random, *, is_damaged: bool
    ) -> None:
        length = rng.choice((info.chunk_length, info.chunk_length, 64, 1024))
        limit = info.max_compressed_length or 0x7FFFFFFF
        compress = compressor(info.compressor, info.options)
        parts = [stream[at : at + length] for at in range(0, len(stream) or 1, length)]
        damaged = rng.randrange(len(parts)) if is_damaged else -1
        offsets, data = [], bytearray()
        for index, part in enumerate(parts):
            chunk = compress(part)
            if len(chunk) >= limit:
                chunk = part.ljust(limit, b"\0")
            if index == damaged:
                chunk = rng.choice(MUTATORS)(rng, chunk, [])
            offsets.append(len(data))
            data += chunk + zlib.crc32(chunk).to_bytes(4, "big")
        self.components.path("Data.db").write_bytes(data)
        compression = Compression(info.compressor, info.options, length, limit)
        written = compression_info(compression, self.version.number, len(stream), offsets)
        self.components.path("CompressionInfo.db").write_bytes(written)


def _as_decimal(column: OutputColumn) -> OutputColumn:
    if column.type in ("DecimalType", "IntegerType"):
        return replace(column, decimal=(10, 2))
    return column


def other_facts(facts: Facts, rng: random.Random) -> Facts:
    """Facts that are about another table."""
    times = (0, -1, 1 << 31, -(1 << 63), (1 << 63) - 1, rng.getrandbits(40))
    kind = rng.randrange(6)
    if kind == 0:
        return replace(facts, version=rng.randrange(12))
    if kind == 1:
        return replace(
            facts,
            min_timestamp=rng.choice(times),
            min_local_deletion_time=rng.choice(times),
            min_ttl=rng.choice(times),
        )
    if kind == 2:
        names = [column.name for column in facts.columns]
        dropped = {name: rng.choice(times) for name in names if rng.random() < 0.5}
        return replace(facts, dropped=dropped)
    if kind == 3 and len(facts.columns) > 1:
        chosen = rng.randrange(len(facts.columns))
        return replace(facts, columns=facts.columns[:chosen] + facts.columns[chosen + 1 :])
    return replace(facts, columns=tuple(_other_type(c, rng) for c in facts.columns))


def _other_type(column: ColumnFacts, rng: random.Random) -> ColumnFacts:
    return replace(column, type=rng.choice(TYPES)) if rng.random() < 0.4 else column


def fitted(plan: ScanPlan, facts: Facts) -> ScanPlan:
    """`plan` with the columns that `facts` has."""
    types: dict[str, list[str]] = {}
    for column in facts.columns:
        types.setdefault(column.kind, []).append(column.type)
    columns = []
    for output in plan.columns:
        found = types.get(output.kind, ())
        if output.position is None or output.position >= len(found):
            columns.append(replace(output, position=None))
        else:
            columns.append(replace(output, type=found[output.position]))
    return replace(plan, columns=tuple(columns))
