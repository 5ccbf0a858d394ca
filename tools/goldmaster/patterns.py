"""Cases as applications have them: time series, sessions, users' activity, IoT, a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tools.goldmaster.case import KEYSPACE, SHORT_TTLS, T0, Case, compression
from tools.goldmaster.kinds import scalar
from tools.goldmaster.values import make

_HOUR = 3_600_000


def _text(rng: Random, length: int) -> str:
    words = ("alpha", "beta", "gamma", "delta", "error", "warning", "ok", "Grüße", "42", "✓")
    return " ".join(rng.choice(words) for _ in range(length))


def _one(kind: str, rng: Random) -> str:
    return make(scalar(kind), rng).cql


class _Builder:
    """A case in the making: the table's name and the statements so far."""

    def __init__(self, pattern: str, compressor: str, chunk_kib: int) -> None:
        self.name = f"{pattern}_{compressor.lower()}_{chunk_kib}"
        self.table = f"{KEYSPACE}.{self.name}"
        self.compressor = compressor
        self.chunk_kib = chunk_kib
        self.pattern = pattern
        self._flushes: list[list[str]] = [[]]
        self._written = 0

    def at(self, ttl: int = 0) -> str:
        """USING TIMESTAMP, each a second later, and a TTL unless 0."""
        self._written += 1
        using = f"USING TIMESTAMP {T0 + self._written * 1_000_000}"
        return f"{using} AND TTL {ttl}" if ttl else using

    def run(self, statement: str) -> None:
        """Add a statement."""
        self._flushes[-1].append(statement)

    def flush(self) -> None:
        """What follows goes to another SSTable."""
        self._flushes.append([])

    def case(
        self,
        columns: str,
        key: tuple[str, ...],
        features: tuple[str, ...],
        *,
        options: str = "",
        types: tuple[str, ...] = (),
    ) -> Case:
        """The finished case."""
        more = f"{options} AND " if options else ""
        chosen = compression(self.compressor, self.chunk_kib)
        return Case(
            name=self.name,
            pattern=self.pattern,
            table=self.table,
            types=types,
            create=f"CREATE TABLE {self.table} ({columns}) WITH {more}{chosen}",
            flushes=tuple(map(tuple, self._flushes)),
            compressor=self.compressor,
            chunk_kib=self.chunk_kib,
            features=frozenset(features),
            key=key,
        )


def time_series(rng: Random, compressor: str, chunk_kib: int) -> Case:
    """Measurements, newest first, all with a TTL; late ones; whole hours deleted."""
    new = _Builder("time_series", compressor, chunk_kib)
    for flush in range(2):
        if flush:
            new.flush()
        for n in range(60):
            moment = 1_700_000_000_000 + (flush * 60 + n) * 60_000 - rng.choice((0, 0, _HOUR))
            new.run(
                f"INSERT INTO {new.table} (sensor, day, ts, value, quality, tags) VALUES "
                f"('s{n % 4}', '2023-11-1{n % 2 + 4}', {moment}, {rng.gauss(20, 5):.6f}, "
                f"{rng.randrange(100)}, {{'unit': 'C', 'n': '{n}'}}) {new.at(30_000_000)}"
            )
        new.run(
            f"DELETE FROM {new.table} {new.at()} WHERE sensor = 's1' AND day = '2023-11-15' "
            f"AND ts >= 1700000000000 AND ts < {1_700_000_000_000 + _HOUR // 4}"
        )
    return new.case(
        "sensor text, day date, ts timestamp, value double, quality tinyint, "
        "tags map<text, text>, PRIMARY KEY ((sensor, day), ts)",
        ("sensor", "day", "ts"),
        ("ttl", "range deletion", "reversed", "collection", "several partition key columns"),
        options="CLUSTERING ORDER BY (ts DESC) AND default_time_to_live = 20000000",
    )


def sessions(rng: Random, compressor: str, chunk_kib: int) -> Case:
    """Logins that all expire, many of them before the node compacts them; nothing is deleted.

    So compaction makes tombstones that are earlier than all that it is told of in advance.
    """
    new = _Builder("sessions", compressor, chunk_kib)
    for flush in range(2):
        if flush:
            new.flush()
        for n in range(60):
            where = f"WHERE user = 'u{n % 7}' AND id = {rng.randrange(20)}"
            ttl = rng.choice((*SHORT_TTLS, 90_000_000))
            new.run(
                rng.choice(
                    (
                        f"UPDATE {new.table} {new.at(ttl)} SET agent = '{_text(rng, 3)}', "
                        f"hits = {n} {where}",
                        f"UPDATE {new.table} {new.at(ttl)} SET pages = pages + {{'p{n % 9}'}} "
                        f"{where}",
                        f"UPDATE {new.table} {new.at(ttl)} SET seen = {n} WHERE user = 'u{n % 7}'",
                        f"INSERT INTO {new.table} (user, id, hits) VALUES "
                        f"('u{n % 7}', {rng.randrange(20)}, {n}) {new.at(ttl)}",
                    )
                )
            )
    made = new.case(
        "user text, id int, seen int static, agent text, hits int, pages set<text>, "
        "PRIMARY KEY (user, id)",
        ("user", "id"),
        ("ttl", "static", "collection"),
    )
    return replace(made, is_compacted=True)


def user_activity(rng: Random, compressor: str, chunk_kib: int) -> Case:
    """Users with a static profile and their events; edits, deletions of events and users."""
    new = _Builder("user_activity", compressor, chunk_kib)
    users = [_one("uuid", rng) for _ in range(6)]
    events = [_one("timeuuid", rng) for _ in range(40)]
    for flush in range(3):
        if flush:
            new.flush()
        for number, user in enumerate(users):
            new.run(
                f"UPDATE {new.table} {new.at()} SET name = '{_text(rng, 2)}', likes = "
                f"likes + {{'{_text(rng, 1)}', 'x{flush}'}} WHERE user = {user}"
            )
            for event in rng.sample(events, 8):
                new.run(
                    f"INSERT INTO {new.table} (user, event, kind, payload, device) VALUES ({user}, "
                    f"{event}, 'k{number}', '{_text(rng, 6)}', {{os: 'linux', "
                    f"build: {rng.randrange(99)}}}) {new.at()}"
                )
            event = rng.choice(events)
            where = f"WHERE user = {user} AND event = {event}"
            new.run(f"DELETE payload FROM {new.table} {new.at()} {where}")
            where = f"WHERE user = {user} AND event = {rng.choice(events)}"
            new.run(f"UPDATE {new.table} {new.at()} SET device.build = null {where}")
            where = f"WHERE user = {user} AND event = {rng.choice(events)}"
            new.run(f"DELETE FROM {new.table} {new.at()} {where}")
        new.run(f"DELETE FROM {new.table} {new.at()} WHERE user = {rng.choice(users)}")
    name = f"device_{new.name}"
    return new.case(
        "user uuid, event timeuuid, name text static, likes set<text> static, kind ascii, "
        f"payload text, device {name}, PRIMARY KEY (user, event)",
        ("user", "event"),
        ("static", "udt", "collection", "row deletion", "partition deletion", "cell deletion"),
        options="CLUSTERING ORDER BY (event DESC)",
        types=(f"CREATE TYPE {KEYSPACE}.{name} (os text, build int)",),
    )


def iot(rng: Random, compressor: str, chunk_kib: int) -> Case:
    """Devices that report some of many columns, some of them to expire."""
    new = _Builder("iot", compressor, chunk_kib)
    kinds = {
        "temperature": "float",
        "humidity": "double",
        "battery": "smallint",
        "status": "tinyint",
        "address": "inet",
        "firmware": "ascii",
        "uptime": "duration",
        "raw": "blob",
        "at_day": "time",
        "online": "boolean",
    }
    for flush in range(2):
        if flush:
            new.flush()
        for n in range(70):
            chosen = [name for name in kinds if rng.random() < 0.5]
            values = [_one(kinds[name], rng) for name in chosen]
            names = "".join(f", {name}" for name in chosen)
            new.run(
                f"INSERT INTO {new.table} (device, bucket, at{names}) VALUES ('dev-{n % 7:03}', "
                f"{n % 3}, {1_700_000_000_000 + rng.randrange(500) * 1000}"
                f"{''.join(f', {value}' for value in values)}) "
                f"{new.at(rng.choice((0, 0, 40_000_000)))}"
            )
    return new.case(
        "device text, bucket int, at timestamp, "
        + ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        + ", PRIMARY KEY ((device), bucket, at)",
        ("device", "bucket", "at"),
        ("ttl", "column subsets", "several clustering columns"),
    )


def ledger(rng: Random, compressor: str, chunk_kib: int) -> Case:
    """Accounts with numbered entries; corrections, a tuple, exact numbers."""
    new = _Builder("ledger", compressor, chunk_kib)
    for flush in range(2):
        if flush:
            new.flush()
        for n in range(60):
            account, entry = n % 5, rng.randrange(40)
            new.run(
                f"INSERT INTO {new.table} (account, entry, amount, currency, balance, booked, "
                f"memo) VALUES ({account}, {entry}, {_one('decimal', rng)}, 'EUR', "
                f"{_one('varint', rng)}, (0x{rng.randbytes(4).hex()}, {n}, null), "
                f"['{_text(rng, 3)}']) {new.at()}"
            )
            if n % 10 == 0:
                new.run(
                    f"UPDATE {new.table} {new.at()} SET memo = memo + ['corrected'], "
                    f"amount = {_one('decimal', rng)} WHERE account = {account} "
                    f"AND entry = {entry}"
                )
    return new.case(
        "account bigint, entry bigint, amount decimal, currency ascii, balance varint, "
        "booked tuple<blob, int, text>, memo list<text>, PRIMARY KEY (account, entry)",
        ("account", "entry"),
        ("tuple", "collection", "exact numbers"),
    )


PATTERNS: dict[str, Callable[[Random, str, int], Case]] = {
    "time_series": time_series,
    "sessions": sessions,
    "user_activity": user_activity,
    "iot": iot,
    "ledger": ledger,
}
"""The makers by name; each takes a source of numbers, a compressor and KiB per chunk."""
