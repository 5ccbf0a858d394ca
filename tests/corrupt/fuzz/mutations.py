"""Ways to damage a file."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cqlite import layouts


@dataclass(frozen=True)
class Field:
    """A field's bytes, for mutations that aim."""

    start: int
    end: int
    path: str


Mutator = Callable[[random.Random, bytes, Sequence[Field]], bytes]

_POINTER = re.compile(r"pointer|pairs|odd|single_low|low_bits|root|ofs_|offset|position|delta")
_LENGTHS = (1, 2, 3, 4, 8, 9)
_EXTREMES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF)


def _replaced(data: bytes, start: int, new: bytes) -> bytes:
    return data[:start] + new + data[start + len(new) :]


def bit_flip(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """One to four bits."""
    damaged = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        damaged[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def byte_run(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """Some bytes become noise, zeros or ones."""
    start = rng.randrange(len(data))
    length = min(rng.choice((1, 2, 4, 16, 64, 512)), len(data) - start)
    noise = rng.choice((rng.randbytes(length), bytes(length), b"\xff" * length))
    return _replaced(data, start, noise)


def truncation(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """The file ends early, often where a field does."""
    ends = [field.start for field in fields]
    if ends and rng.random() < 0.5:
        return data[: rng.choice(ends)]
    return data[: rng.randrange(len(data))]


def extension(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """Bytes follow the end."""
    length = rng.choice((1, 4, 16, 100, 5000))
    return data + rng.choice((rng.randbytes(length), bytes(length), data[-length:]))


def insertion(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """Bytes come in between."""
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.choice(_LENGTHS)) + data[at:]


def deletion(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """Bytes are left out."""
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice((*_LENGTHS, 100)) :]


def swap(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """Two stretches of the same length change places."""
    length = min(rng.choice((1, 4, 16, 64, 256)), len(data) // 2)
    if not length:
        return data[::-1]
    first = rng.randrange(len(data) - 2 * length + 1)
    second = rng.randrange(first + length, len(data) - length + 1)
    return (
        data[:first]
        + data[second : second + length]
        + data[first + length : second]
        + data[first : first + length]
        + data[second + length :]
    )


def repetition(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """A stretch stands twice."""
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice((1, 8, 64, 1024)))
    return data[:end] + data[start:end] + data[end:]


def field_bomb(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """A field, more often an integer, takes an extreme value: lengths, counts, offsets, kinds."""
    if not fields:
        return byte_run(rng, data, fields)
    short = [field for field in fields if field.end - field.start <= 9]
    field = rng.choice(short or fields)
    length = field.end - field.start
    first = bytes((rng.choice(_EXTREMES),))
    value = rng.choice(
        (
            bytes(length),
            b"\xff" * length,
            b"\x7f" + b"\xff" * (length - 1),
            b"\x80" + bytes(length - 1),
            bytes(length - 1) + b"\x01",
            first + data[field.start + 1 : field.end],
            data[field.start : field.end - 1] + first,
        )
    )
    return _replaced(data, field.start, value)


def vint_bomb(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """A field of one byte becomes a variable-length integer of up to nine."""
    single = [field.start for field in fields if field.end - field.start == 1]
    at = rng.choice(single) if single else rng.randrange(len(data))
    extra = rng.randrange(1, 9)
    first = (0xFF00 >> extra) & 0xFF | rng.choice((0, 0xFF)) & (0x7F >> extra)
    return data[:at] + bytes((first,)) + rng.choice((b"\xff", b"\0")) * extra + data[at + 1 :]


def pointer_cycle(rng: random.Random, data: bytes, fields: Sequence[Field]) -> bytes:
    """A pointer back, as tries have them, leads to itself, a neighbour or the start."""
    pointers = [field for field in fields if _POINTER.search(field.path)]
    if not pointers:
        return field_bomb(rng, data, fields)
    field = rng.choice(pointers)
    length = field.end - field.start
    distance = rng.choice((0, 1, 2, 3, field.start, max(field.start - 1, 0), len(data)))
    return _replaced(data, field.start, (distance % (1 << 8 * length)).to_bytes(length, "big"))


MUTATORS: tuple[Mutator, ...] = (
    bit_flip,
    byte_run,
    truncation,
    extension,
    insertion,
    deletion,
    swap,
    repetition,
    field_bomb,
    field_bomb,
    vint_bomb,
    pointer_cycle,
)


def reseal_statistics(original: bytes, damaged: bytes, version: int) -> bytes:
    """`damaged` with the checksums of Statistics.db's parts made right, so that they are read."""
    toc = layouts.parse("statistics.toc", original, version)
    starts = [entry.ofs_component for entry in toc.entries]
    if not hasattr(toc, "entries_checksum") or len(damaged) != len(original):
        return damaged
    sealed = bytearray(damaged)
    for start, end in zip(starts, [*starts[1:], len(original)], strict=True):
        sealed[end - 4 : end] = zlib.crc32(sealed[start : end - 4]).to_bytes(4, "big")
    head = 8 + 8 * len(starts)
    sealed[4:8] = zlib.crc32(sealed[:4]).to_bytes(4, "big")
    sealed[head : head + 4] = zlib.crc32(sealed[:4] + sealed[8:head]).to_bytes(4, "big")
    return bytes(sealed)
