"""Valid values of generated types: as CQL literals, and as the Python driver takes them."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from cqlite.types.text import maybe_quote, quote_literal
from tools.goldmaster.kinds import Kind

_LONGEST: Final = 4
_NULL_SHARE: Final = 0.1
_EDGE_SHARE: Final = 0.3
_EPOCH_DAY: Final = 1 << 31
_DAY: Final = 86_400_000_000_000


class Duration(NamedTuple):
    """A duration, with the attributes that the driver asks for."""

    months: int
    days: int
    nanoseconds: int


class Pairs(list[tuple[Any, Any]]):
    """A map's entries; keys may be such that a dict does not take."""

    def items(self) -> Pairs:
        """The entries, as of a dict."""
        return self


@dataclass(frozen=True)
class Value:
    """A value: ``cql`` as a literal, ``python`` as the driver binds it; null is ``None``."""

    cql: str
    python: Any


NULL: Final = Value("null", None)


def values(kind: Kind, random: Random) -> Iterator[Value]:
    """Endless values of a type, edges among them.

    Args:
        kind: the type.
        random: the source of everything; the same state gives the same values.
    """
    while True:
        yield make(kind, random)


def edges(kind: Kind) -> tuple[Value, ...]:
    """Extreme and odd values of a type, the empty ones of collections included."""
    if kind.is_scalar:
        return EDGES[kind.name]
    if kind.fields:
        nothing = ", ".join(f"{maybe_quote(name)}: null" for name in kind.fields)
        return (Value(f"{{{nothing}}}", (None,) * len(kind.fields)),)
    if kind.name == "tuple":
        count = len(kind.parameters)
        return (Value(f"({', '.join(['null'] * count)})", (None,) * count),)
    if kind.name == "vector":
        return ()
    return (Value("[]" if kind.name == "list" else "{}", Pairs() if kind.name == "map" else []),)


def make(kind: Kind, random: Random) -> Value:
    """One value of a type."""
    special = edges(kind)
    if special and random.random() < _EDGE_SHARE:
        return random.choice(special)
    if kind.is_scalar:
        return _SCALARS[kind.name](random)
    if kind.fields or kind.name == "tuple":
        return _fields(kind, random)
    return _COLLECTIONS[kind.name](kind, random)


def _fields(kind: Kind, random: Random) -> Value:
    found = [
        NULL if random.random() < _NULL_SHARE else make(inner, random) for inner in kind.parameters
    ]
    python = tuple(value.python for value in found)
    if not kind.fields:
        return Value(f"({', '.join(value.cql for value in found)})", python)
    named = zip(kind.fields, found, strict=True)
    fields = ", ".join(f"{maybe_quote(name)}: {value.cql}" for name, value in named)
    return Value(f"{{{fields}}}", python)


def _list(kind: Kind, random: Random) -> Value:
    count = kind.dimension or random.randint(1, _LONGEST)
    return _sequence([make(kind.parameters[0], random) for _ in range(count)], "[]")


def _set(kind: Kind, random: Random) -> Value:
    return _sequence(_distinct(kind.parameters[0], random), "{}")


def _sequence(items: list[Value], brackets: str) -> Value:
    text = ", ".join(value.cql for value in items)
    return Value(f"{brackets[0]}{text}{brackets[1]}", [value.python for value in items])


def _map(kind: Kind, random: Random) -> Value:
    keys = _distinct(kind.parameters[0], random)
    entries = [(key, make(kind.parameters[1], random)) for key in keys]
    text = ", ".join(f"{key.cql}: {value.cql}" for key, value in entries)
    return Value(f"{{{text}}}", Pairs((key.python, value.python) for key, value in entries))


def _distinct(kind: Kind, random: Random) -> list[Value]:
    found = {}
    for _ in range(random.randint(1, _LONGEST)):
        value = make(kind, random)
        found[value.cql] = value
    return list(found.values())


_COLLECTIONS: Final[dict[str, Callable[[Kind, Random], Value]]] = {
    "list": _list,
    "set": _set,
    "map": _map,
    "vector": _list,
}


# Scalars.


def _text(text: str) -> Value:
    return Value(quote_literal(text), text)


def _number(number: float | Decimal) -> Value:
    text = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(number), str(number))
    return Value(text, number)


def _blob(data: bytes) -> Value:
    return Value(f"0x{data.hex()}", data)


def _boolean(value: bool) -> Value:
    return Value("true" if value else "false", value)


def _uuid(value: uuid.UUID) -> Value:
    return Value(str(value), value)


def _time(nanoseconds: int) -> Value:
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Value(f"'{hour:02}:{minute:02}:{second:02}.{fraction:09}'", nanoseconds)


def _duration(months: int, days: int, nanoseconds: int) -> Value:
    sign = "-" if min(months, days, nanoseconds) < 0 else ""
    text = f"{sign}{abs(months)}mo{abs(days)}d{abs(nanoseconds)}ns"
    return Value(text, Duration(months, days, nanoseconds))


def _integers(bits: int) -> Callable[[Random], Value]:
    return lambda random: _number(random.randrange(-(1 << bits - 1), 1 << bits - 1))


def _integer_edges(bits: int) -> tuple[Value, ...]:
    top = 1 << bits - 1
    return tuple(map(_number, (0, -1, 1, -top, top - 1)))


def _random_decimal(random: Random) -> Value:
    digits = random.randrange(10 ** random.randint(1, 30))
    number = Decimal(digits).scaleb(-random.randint(0, 20))
    return _number(-number if number and random.random() < 0.5 else number)


def _random_text(random: Random, alphabet: str) -> Value:
    return _text("".join(random.choices(alphabet, k=random.randint(1, 20))))


def _random_timeuuid(random: Random) -> Value:
    return _uuid(uuid.UUID(int=random.getrandbits(128), version=1))


def _random_inet(random: Random) -> Value:
    if random.random() < 0.5:
        return _text(str(ipaddress.IPv4Address(random.getrandbits(32))))
    return _text(str(ipaddress.IPv6Address(random.getrandbits(128))))


def _random_duration(random: Random) -> Value:
    sign = random.choice((1, -1))
    parts = (random.randrange(240), random.randrange(400), random.randrange(_DAY))
    return _duration(*(sign * part for part in parts))


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.'"
_WIDE: Final = _LETTERS + 'äöüßéñ世界🎉"\\\t\n'
_FLOATS: Final = (0.0, -0.0, float("nan"), float("inf"), float("-inf"))

_SCALARS: Final[dict[str, Callable[[Random], Value]]] = {
    "ascii": lambda random: _random_text(random, _LETTERS),
    "bigint": _integers(64),
    "blob": lambda random: _blob(random.randbytes(random.randint(1, 24))),
    "boolean": lambda random: _boolean(random.random() < 0.5),
    "counter": lambda random: _number(random.randint(-1000, 1000)),
    "date": lambda random: _number(_EPOCH_DAY + random.randint(-30_000, 30_000)),
    "decimal": _random_decimal,
    "double": lambda random: _number(random.gauss(0, 1e6)),
    "duration": _random_duration,
    # Such as a float holds exactly.
    "float": lambda random: _number(random.randrange(-(1 << 20), 1 << 20) / 1024),
    "inet": _random_inet,
    "int": _integers(32),
    "smallint": _integers(16),
    "text": lambda random: _random_text(random, _WIDE),
    "time": lambda random: _time(random.randrange(_DAY)),
    "timestamp": lambda random: _number(random.randrange(2_000_000_000_000)),
    "timeuuid": _random_timeuuid,
    "tinyint": _integers(8),
    "uuid": lambda random: _uuid(uuid.UUID(int=random.getrandbits(128), version=4)),
    "varchar": lambda random: _random_text(random, _WIDE),
    "varint": lambda random: _number(random.getrandbits(random.randint(1, 200)) - (1 << 100)),
}

_TEXTS: Final = tuple(map(_text, ("", "'", '"', "Grüße, 世界 🎉", "a\tb\nc", " ")))

EDGES: Final[dict[str, tuple[Value, ...]]] = {
    "ascii": tuple(map(_text, ("", "'", " ", "~"))),
    "bigint": _integer_edges(64),
    "blob": tuple(map(_blob, (b"", b"\0", b"\xff", bytes(range(256))))),
    "boolean": (_boolean(True), _boolean(False)),
    "counter": tuple(map(_number, (0, 1, -1))),
    "date": tuple(map(_number, (0, _EPOCH_DAY - 1, _EPOCH_DAY, 2 * _EPOCH_DAY - 1))),
    "decimal": tuple(map(_number, map(Decimal, ("0", "0.00", "-0.5", "1E-100", "1E+100")))),
    "double": tuple(map(_number, (*_FLOATS, 5e-324, 1.7976931348623157e308))),
    "duration": (
        _duration(0, 0, 0),
        _duration(0, 0, -1),
        _duration(2**31 - 1, 2**31 - 1, 2**63 - 1),
    ),
    "float": tuple(map(_number, (*_FLOATS, 1.401298464324817e-45, 3.4028234663852886e38))),
    "inet": tuple(map(_text, ("0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::ff00:42"))),
    "int": _integer_edges(32),
    "smallint": _integer_edges(16),
    "text": _TEXTS,
    "time": tuple(map(_time, (0, 1, _DAY - 1))),
    "timestamp": tuple(map(_number, (0, -1, -62_135_596_800_000, 253_402_300_799_999))),
    "timeuuid": tuple(
        _uuid(uuid.UUID(text))
        for text in (
            "00000000-0000-1000-8080-808080808080",
            "ffffffff-ffff-1fff-bf7f-7f7f7f7f7f7f",
        )
    ),
    "tinyint": _integer_edges(8),
    "uuid": (_uuid(uuid.UUID(int=0)), _uuid(uuid.UUID(int=(1 << 128) - 1))),
    "varchar": _TEXTS,
    "varint": tuple(map(_number, (0, -1, 127, 128, -128, -129, 1 << 64, -(1 << 127) - 1))),
}
