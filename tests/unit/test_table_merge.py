"""Tables answer by the mutations alone, however these were split over SSTables."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from cqlite import Table, Writer
from cqlite.schema import parse_cql
from cqlite.sstable.select.plan import Restriction, Slice, SliceBound
from cqlite.table import TableRow
from tests.arrow import rows as arrow_rows
from tests.engines import ENGINES, using

NOW = 1_700_000_000
T = NOW * 1_000_000
(SCHEMA,) = parse_cql(
    "CREATE TABLE k.t (p int, c int, v int, w int, m map<int, int>, s int static, "
    "PRIMARY KEY (p, c))"
).tables()
NEVER = -(1 << 63)


@dataclass(frozen=True)
class Op:
    """A call of a Writer: a method, its arguments and the times."""

    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(hash=False)
    timestamp: int

    def apply(self, writer: Writer) -> None:
        """Makes the call."""
        getattr(writer, self.method)(*self.arguments, timestamp=self.timestamp, **self.options)


small = st.integers(0, 1)
clusterings = st.integers(0, 2)
timestamps = st.integers(0, 3).map(lambda number: T + 2 * number)
columns = st.fixed_dictionaries(
    {},
    optional={
        "v": st.none() | small,
        "w": small,
        "m": st.dictionaries(small, small, max_size=2),
    },
)


@st.composite
def writes(draw: st.DrawFn) -> Op:
    row = {"p": draw(st.sampled_from([0, 0, 1])), "c": draw(clusterings), **draw(columns)}
    options: dict[str, Any] = {"ttl": draw(st.sampled_from([None, None, 10, 20]))}
    if draw(st.booleans()):
        row["s"] = draw(st.none() | small)
    options["update"] = draw(st.booleans())
    if row.get("m") and draw(st.booleans()):
        options["append"] = ("m",)
    return Op("write", (row,), options, draw(timestamps))


@st.composite
def deletions(draw: st.DrawFn) -> Op:
    key = {"p": draw(st.sampled_from([0, 0, 1]))}
    kind = draw(st.sampled_from(["partition", "row", "row", "range", "range", "cells", "element"]))
    at = draw(timestamps)
    if kind == "partition":
        return Op("delete_partition", (key,), {}, at)
    if kind == "range":
        first, last = sorted((draw(clusterings), draw(clusterings)))
        if draw(st.booleans()):
            last += 1
        inclusive = {"include_start": draw(st.booleans()) or first == last}
        inclusive["include_end"] = draw(st.booleans()) or first == last
        return Op("delete_range", (key, (first,), (last,)), inclusive, at)
    key["c"] = draw(clusterings)
    if kind == "row":
        return Op("delete_row", (key,), {}, at)
    if kind == "cells":
        return Op("delete_cells", (key, (draw(st.sampled_from(["v", "m"])),)), {}, at)
    return Op("delete_cells", (key, ()), {"elements": {"m": [draw(small)]}}, at)


mutations = st.lists(writes() | deletions(), min_size=6, max_size=14)


# What CQL says that the mutations mean, told apart from any SSTable.


@dataclass(frozen=True)
class Written:
    """A value of a column or of an element: what it is, when it was written, when it ends."""

    timestamp: int
    value: int | None
    ttl: int | None

    def rank(self) -> tuple[Any, ...]:
        ends = None if self.ttl is None else NOW + self.ttl
        if self.value is None:
            return (self.timestamp, 2, NOW, 0, b"")
        data = self.value.to_bytes(4, "big")
        if ends is None:
            return (self.timestamp, 0, 0, 0, data)
        return (self.timestamp, 1, ends, 0, data)


def expected(ops: Sequence[Op], now: int) -> Iterator[tuple[Any, ...]]:
    """Rows of all ``ops`` together at ``now``: p, c, v, w, m and s."""
    for p in sorted({op.arguments[0]["p"] for op in ops}, key=[1, 0].index):
        mine = [op for op in ops if op.arguments[0]["p"] == p]
        static = live(mine, None, "s", now)
        rows = [(p, *row) for c in range(4) if (row := expected_row(mine, c, now)) is not None]
        yield from ((*row, static) for row in rows)
        if not rows and static is not None:
            yield (p, None, None, None, None, static)


def expected_row(ops: Sequence[Op], c: int, now: int) -> tuple[Any, ...] | None:
    v, w = live(ops, c, "v", now), live(ops, c, "w", now)
    elements = {key: live(ops, c, "m", now, key) for key in range(3)}
    m = {key: value for key, value in elements.items() if value is not None} or None
    inserts = [
        (op.timestamp, op.options["ttl"] is not None, op.options["ttl"] or 0)
        for op in ops
        if op.method == "write" and op.arguments[0]["c"] == c and not op.options["update"]
    ]
    newest = max(inserts, default=(NEVER, False, 0))
    inserted = newest[0] > deleted(ops, c) and (not newest[1] or now < NOW + newest[2])
    return (c, v, w, m) if inserted or v is not None or w is not None or m else None


def deleted(ops: Sequence[Op], c: int | None) -> int:
    """Until when the row is deleted; static columns by the partition alone."""
    found = [NEVER]
    for op in ops:
        if op.method == "delete_partition":
            found.append(op.timestamp)
        elif c is None:
            continue
        elif op.method == "delete_row" and op.arguments[0]["c"] == c:
            found.append(op.timestamp)
        elif op.method == "delete_range":
            (first,), (last,) = op.arguments[1:]
            above = c > first or (c == first and op.options["include_start"])
            if above and (c < last or (c == last and op.options["include_end"])):
                found.append(op.timestamp)
    return max(found)


def live(ops: Sequence[Op], c: int | None, name: str, now: int, key: int | None = None) -> Any:
    """The value of a column, or of a key of the map, that counts."""
    until = deleted(ops, c)
    found = []
    for op in ops:
        if c is not None and op.arguments[0].get("c") != c:
            continue
        deletion, of_op = said(op, name, key)
        until = max(until, deletion)
        found += of_op
    counting = [one for one in found if one.timestamp > until]
    newest = max(counting, key=Written.rank, default=Written(0, None, None))
    return None if newest.ttl is not None and now >= NOW + newest.ttl else newest.value


def said(op: Op, name: str, key: int | None) -> tuple[int, list[Written]]:
    """Until when ``op`` deletes the column, and what it writes to it or to a key of the map."""
    if op.method == "write" and name in op.arguments[0]:
        value, ttl = op.arguments[0][name], op.options["ttl"]
        if key is None:
            return NEVER, [Written(op.timestamp, value, ttl)]
        until = NEVER if "append" in op.options else op.timestamp - 1
        return until, [Written(op.timestamp, value[key], ttl)] if key in value else []
    if op.method != "delete_cells":
        return NEVER, []
    removed = [Written(op.timestamp, None, None)]
    if key is None:
        return NEVER, removed if name in op.arguments[1] else []
    if name in op.arguments[1]:
        return op.timestamp, []
    return NEVER, removed if key in op.options.get("elements", {}).get(name, ()) else []


# What tables say.


def written(directory: Path, parts: Sequence[Sequence[Op]], versions: Sequence[str]) -> list[Path]:
    """Writes each of ``parts`` to an SSTable of its own."""
    paths = []
    for number, (ops, version) in enumerate(zip(parts, versions, strict=True)):
        place = directory / str(number)
        place.mkdir(parents=True)
        with Writer(SCHEMA, place, format=version, now=NOW) as writer:
            for op in ops:
                op.apply(writer)
        paths += writer.sstables
    return [Path(path) for path in paths]


def decoded(row: TableRow) -> tuple[Any, ...]:
    """The row's values as Python has them, in the order of ``expected``."""
    types = [SCHEMA.column(name).type for name in ("p", "c", "v", "w", "m", "s")]
    return tuple(
        None if data is None else kind.freeze().decode(data)
        for kind, data in zip(types, row.values, strict=True)
    )


def shown(row: dict[str, Any]) -> tuple[Any, ...]:
    """The same of a row of a scan."""
    values = {name: dict(value) if name == "m" and value else value for name, value in row.items()}
    return tuple(values[name] for name in ("p", "c", "v", "w", "m", "s"))


@st.composite
def restrictions(draw: st.DrawFn) -> tuple[Restriction, tuple[int, ...], range]:
    """A restriction, and the keys and clusterings that it lets through."""
    first = draw(st.integers(0, 3))
    last = draw(st.integers(first, 3))
    keys = draw(st.sampled_from([None, (0,), (1, 0)]))
    piece = Slice(SliceBound((bound(first),)), SliceBound((bound(last),), inclusive=False))
    slices = draw(st.sampled_from([None, (piece,), (piece, Slice(SliceBound((bound(last),))))]))
    allowed = {None: range(4), 1: range(first, last), 2: range(first, 4)}
    restriction = Restriction(keys and tuple(map(bound, keys)), slices=slices)
    return restriction, keys or (1, 0), allowed[slices and len(slices)]


def bound(value: int) -> bytes:
    """A serialized int."""
    return value.to_bytes(4, "big")


@settings(max_examples=60)
@given(
    ops=mutations,
    split=st.lists(st.integers(0, 3), min_size=14, max_size=14),
    versions=st.tuples(*[st.sampled_from(["nb", "oa", "da"])] * 5),
    later=st.sampled_from([0, 10, 15, 20]),
    restricted=restrictions(),
)
def test_any_split_of_mutations_gives_what_they_mean(
    ops: list[Op],
    split: list[int],
    versions: tuple[str, ...],
    later: int,
    restricted: tuple[Restriction, tuple[int, ...], range],
) -> None:
    parts: list[list[Op]] = [[], [], [], []]
    for op, number in zip(ops, split, strict=False):
        parts[number].append(op)
    rows = list(expected(ops, NOW + later))
    with tempfile.TemporaryDirectory() as directory:
        many = written(Path(directory) / "many", parts, versions[:4])
        one = written(Path(directory) / "one", [ops], versions[4:])
        for paths, engine in itertools.product((many, many[::-1], one), ENGINES):
            if not paths:
                assert rows == []
                continue
            with using(engine):
                check(Table(*paths, schema=SCHEMA, now=NOW + later), rows, *restricted)
        if many:
            told = [timed(many, engine, NOW + later, restricted[0]) for engine in ENGINES]
            assert all(each == told[0] for each in told)


def check(
    table: Table,
    rows: list[tuple[Any, ...]],
    restriction: Restriction,
    keys: Sequence[int],
    clusterings: range,
) -> None:
    """That the table has ``rows``, in both directions, and as a restriction says."""
    names = ["p", "c", "v", "w", "m", "s"]
    with table:
        assert [decoded(row) for row in table.rows(names)] == rows
        assert [shown(row) for row in arrow_rows(table.scan(names).to_arrow())] == rows
        backwards = [decoded(row) for row in table.rows(names, reverse=True)]
        assert backwards == [row for p in (1, 0) for row in rows[::-1] if row[0] == p]
        wanted = [
            row
            for row in rows
            if row[0] in keys
            and (row[1] in clusterings or (row[1] is None and restriction.slices is None))
        ]
        assert [decoded(row) for row in table.rows(names, restriction)] == wanted


def timed(paths: Sequence[Path], engine: str, now: int, restriction: Restriction) -> list[Any]:
    """When cells were written, also at earlier times, and what was there and stored then."""
    with using(engine), Table(*paths, schema=SCHEMA, now=now) as table:
        states = [table, table.as_of(T + 1), table.as_of(T + 4)]
        return [
            (
                list(state.rows(cells=True, now=now)),
                list(state.rows(restriction=restriction, cells=True, now=now)),
                arrow_rows(state.scan(now=now).to_arrow()),
                arrow_rows(state.scan(metadata=True).to_arrow()),
                arrow_rows(state.scan(["v", "m"], "c >= 1 AND c < 3", metadata=True).to_arrow()),
                arrow_rows(state.scan(metadata=True, limit=3, batch_rows=2).to_arrow()),
            )
            for state in states
        ]
