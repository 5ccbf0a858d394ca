"""Names for new SSTables: numbers, or UUIDs in Cassandra's short form.

Follows ``SequenceBasedSSTableId`` and ``UUIDBasedSSTableId``.
"""

from __future__ import annotations

import itertools
import secrets
import string
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from cqlite.io import find_sstables

_DIGITS = string.digits + string.ascii_lowercase
_INTERVALS_PER_SECOND = 10_000_000
_SECONDS_PER_DAY = 86_400
_LONG = 0xFFFFFFFFFFFFFFFF


def new_ids(directory: Path, kind: Literal["number", "uuid"]) -> Iterator[str]:
    """Ids that no SSTable in ``directory`` has, without end.

    Args:
        directory: need not be there.
        kind: numbers, or UUIDs of the present time.

    Raises:
        ValueError: another kind.
    """
    if kind == "uuid":
        return iter(lambda: short_form(_time_uuid()), "")
    if kind != "number":
        raise ValueError(f"no ids of kind {kind!r}")
    found = find_sstables(directory) if directory.is_dir() else []
    last = max((int(each.id) for each in found if each.id.isdigit()), default=0)
    return map(str, itertools.count(last + 1))


def _time_uuid() -> uuid.UUID:
    """A UUID of version 1 that tells nothing of the machine."""
    return uuid.uuid1(node=secrets.randbits(48) | 1 << 40, clock_seq=secrets.randbits(14))


def short_form(value: uuid.UUID) -> str:
    """The text of a UUID of version 1 in file names: day, second, the rest, each base 36."""
    seconds, intervals = divmod(value.time, _INTERVALS_PER_SECOND)
    days, seconds = divmod(seconds, _SECONDS_PER_DAY)
    rest = _base36(intervals, 5) + _base36(value.int & _LONG, 13)
    return f"{_base36(days, 4)}_{_base36(seconds, 4)}_{rest}"


def _base36(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(width, "0")
