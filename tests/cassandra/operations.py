"""The same writes as CQL for a node and as calls of a Writer, at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cqlite import Writer

SCHEMA = (
    "CREATE TYPE {keyspace}.point (x int, y text)",
    "CREATE TABLE {keyspace}.{table} (p int, a int, b text, s text static, t set<int> static, "
    "v text, n bigint, tags set<text>, m map<text, int>, l list<int>, u point, "
    "f frozen<map<int, frozen<list<text>>>>, z tuple<int, text>, vec vector<float, 3>, "
    "PRIMARY KEY (p, a, b)) WITH CLUSTERING ORDER BY (a DESC, b ASC)",
)
START = 1_700_000_000_000_000
"""Microseconds; no two operations have the same time."""
TTL = 10_000_000
"""Seconds, few enough to end before 2038, which is the last year that nb can hold."""
PARTITIONS, ROWS = 50, 40


@dataclass(frozen=True)
class Operation:
    """A write.

    Attributes:
        cql: with ``@table`` for the table.
        call: the same on a writer.
    """

    cql: str
    call: Callable[[Writer], None]

    def statement(self, table: str) -> str:
        """The CQL for a table."""
        return self.cql.replace("@table", table, 1)


def operations(seed: int, number: int) -> Iterator[Operation]:
    """So many writes in an order other than that of their times."""
    choice = random.Random(seed)
    times = [START + step for step in range(number)]
    choice.shuffle(times)
    kinds = [*[_insert] * 12, *[_update] * 4, _append, _delete_cells, _delete_elements]
    kinds += [_delete_row, _delete_range, _static]
    for time in times:
        yield choice.choice(kinds)(choice, time)
    # Few, or they would leave nothing.
    for step in range(3):
        yield _delete_partition(choice, START + number // 2 + number * (step + 1))


def _key(choice: random.Random) -> dict[str, Any]:
    a, b = divmod(choice.randrange(ROWS), 4)
    return {"p": choice.randrange(PARTITIONS), "a": a - 3, "b": "b" * b + str(b)}


def _where(key: dict[str, Any]) -> str:
    return " AND ".join(f"{name} = {_literal(value)}" for name, value in key.items())


def _literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case set():
            return "{" + ", ".join(map(_literal, sorted(value))) + "}"
        case list():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(_literal, value)) + ")"
        case dict():
            pairs = [f"{_literal(key)}: {_literal(item)}" for key, item in value.items()]
            return "{" + ", ".join(pairs) + "}"
    return str(value)


def _text(choice: random.Random) -> str:
    return "".join(choice.choices("abcé'\"\n世", k=choice.randrange(9)))


def _values(choice: random.Random) -> dict[str, Any]:
    number = choice.randrange(100)
    every: dict[str, Any] = {
        "v": _text(choice),
        "n": choice.randrange(-(1 << 63), 1 << 63),
        "tags": {f"tag {choice.randrange(6)}" for _ in range(3)},
        "m": {f"key {choice.randrange(6)}": number for _ in range(2)},
        "l": [number, number, -1],
        "f": {number: ["x", ""], -1: []},
        "z": (number, _text(choice)),
        "vec": [0.5, float(number), -2.25],
    }
    chosen = choice.sample(sorted(every), choice.randrange(1, 6))
    return {name: None if choice.randrange(12) == 0 else every[name] for name in chosen}


def _insert(choice: random.Random, time: int) -> Operation:
    row = _key(choice) | _values(choice)
    ttl = TTL if choice.randrange(5) == 0 else None
    names, literals = ", ".join(row), ", ".join(map(_literal, row.values()))
    using = f"USING TIMESTAMP {time}" + (f" AND TTL {ttl}" if ttl else "")
    return Operation(
        f"INSERT INTO @table ({names}) VALUES ({literals}) {using}",
        lambda writer: writer.write(row, timestamp=time, ttl=ttl),
    )


def _update(choice: random.Random, time: int) -> Operation:
    key, values = _key(choice), _values(choice)
    values["u"] = {"x": choice.randrange(9), "y": _text(choice)}
    point = f"{{x: {values['u']['x']}, y: {_literal(values['u']['y'])}}}"
    literals = {name: _literal(value) for name, value in values.items()} | {"u": point}
    assignments = ", ".join(f"{name} = {literal}" for name, literal in literals.items())
    return Operation(
        f"UPDATE @table USING TIMESTAMP {time} SET {assignments} WHERE {_where(key)}",
        lambda writer: writer.write(key | values, timestamp=time, update=True),
    )


def _append(choice: random.Random, time: int) -> Operation:
    key, number = _key(choice), choice.randrange(50)
    return Operation(
        f"UPDATE @table USING TIMESTAMP {time} SET tags = tags + {{'tag {number}'}}, "
        f"m = m + {{'key {number}': {number}}}, u.x = {number} WHERE {_where(key)}",
        lambda writer: writer.write(
            key | {"tags": {f"tag {number}"}, "m": {f"key {number}": number}, "u": {"x": number}},
            timestamp=time,
            update=True,
            append=("tags", "m", "u"),
        ),
    )


def _static(choice: random.Random, time: int) -> Operation:
    p, number = choice.randrange(PARTITIONS), choice.randrange(50)
    return Operation(
        f"UPDATE @table USING TIMESTAMP {time} SET s = '{number}', t = t + {{{number}}} "
        f"WHERE p = {p}",
        lambda writer: writer.write(
            {"p": p, "s": str(number), "t": {number}}, timestamp=time, update=True, append=("t",)
        ),
    )


def _delete_cells(choice: random.Random, time: int) -> Operation:
    key, names = _key(choice), choice.sample(("v", "n", "tags", "l", "f", "u"), 2)
    return Operation(
        f"DELETE {', '.join(names)} FROM @table USING TIMESTAMP {time} WHERE {_where(key)}",
        lambda writer: writer.delete_cells(key, names, timestamp=time),
    )


def _delete_elements(choice: random.Random, time: int) -> Operation:
    key, tag, name = _key(choice), f"tag {choice.randrange(6)}", f"key {choice.randrange(6)}"
    return Operation(
        f"DELETE tags['{tag}'], m['{name}'], u.y FROM @table USING TIMESTAMP {time} "
        f"WHERE {_where(key)}",
        lambda writer: writer.delete_cells(
            key, elements={"tags": [tag], "m": [name], "u": ["y"]}, timestamp=time
        ),
    )


def _delete_row(choice: random.Random, time: int) -> Operation:
    key = _key(choice)
    return Operation(
        f"DELETE FROM @table USING TIMESTAMP {time} WHERE {_where(key)}",
        lambda writer: writer.delete_row(key, timestamp=time),
    )


def _delete_range(choice: random.Random, time: int) -> Operation:
    """Of one value of the first clustering column, or between two; that one descends."""
    p, a = choice.randrange(PARTITIONS), choice.randrange(-3, 7)
    if choice.randrange(2):
        b = "b" * choice.randrange(3)
        return Operation(
            f"DELETE FROM @table USING TIMESTAMP {time} WHERE p = {p} AND a = {a} AND b > '{b}'",
            lambda writer: writer.delete_range(
                {"p": p}, (a, b), (a,), include_start=False, timestamp=time
            ),
        )
    return Operation(
        f"DELETE FROM @table USING TIMESTAMP {time} WHERE p = {p} AND a <= {a} AND a > {a - 2}",
        lambda writer: writer.delete_range(
            {"p": p}, (a,), (a - 2,), include_end=False, timestamp=time
        ),
    )


def _delete_partition(choice: random.Random, time: int) -> Operation:
    p = choice.randrange(PARTITIONS)
    return Operation(
        f"DELETE FROM @table USING TIMESTAMP {time} WHERE p = {p}",
        lambda writer: writer.delete_partition({"p": p}, timestamp=time),
    )
