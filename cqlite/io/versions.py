"""Format versions: which exist, which cqlite reads, and their numbers in the specs.

Follows ``BigFormat.BigVersion`` and ``BtiFormat.BtiVersion``.
"""

from __future__ import annotations

from collections.abc import Mapping

from cqlite._generated import enums
from cqlite.errors import UnsupportedVersionError, Where
from cqlite.records import record

FORMAT_OF_VERSION = {
    **dict.fromkeys(("ma", "mb", "mc", "md", "me", "na", "nb", "nc", "oa"), "big"),
    "da": "bti",
}
"""The format (``big`` or ``bti``) of each version that cqlite reads, oldest first in each."""

NUMBERS: Mapping[str, int] = enums.MEMBERS["VersionId"]
"""The number of each version that the specs' ``version`` parameters take."""

_OLDER = {
    "jb": "Cassandra 2.0",
    "ja": "Cassandra 2.0",
    "ka": "Cassandra 2.1",
    "la": "Cassandra 2.2",
    "lb": "Cassandra 2.2",
    "ic": "Cassandra 1.2",
    "ib": "Cassandra 1.2",
    "ia": "Cassandra 1.2",
    "hf": "Cassandra 1.1",
    "he": "Cassandra 1.1",
    "hd": "Cassandra 1.1",
    "hc": "Cassandra 1.0",
    "hb": "Cassandra 1.0",
    "h": "Cassandra 1.0",
}


@record
class Version:
    """A format version, such as ``oa`` of format ``big``.

    Attributes:
        name: two letters, the start of the SSTable's file names.
        format: ``big`` or ``bti``.
    """

    name: str
    format: str

    @property
    def number(self) -> int:
        """The number that the specs' ``version`` parameters take."""
        return NUMBERS[self.name]

    def __ge__(self, other: str) -> bool:
        """Whether every feature of version ``other`` (its name) is in this one."""
        return self.number >= NUMBERS[other]

    def __str__(self) -> str:
        return self.name


def parse_version(name: str, sstable_format: str, where: Where | None = None) -> Version:
    """The version ``name`` of ``sstable_format``.

    Raises:
        UnsupportedVersionError: older than ``ma``, newer than what is known, or of the
            other format.
    """
    if name in _OLDER:
        raise UnsupportedVersionError(
            f"SSTable version {name!r} ({_OLDER[name]}) is older than 'ma' (Cassandra 3.0), "
            "the oldest that cqlite reads; upgrade it with Cassandra's sstableupgrade first",
            where,
        )
    expected = FORMAT_OF_VERSION.get(name)
    if expected is None:
        known = ", ".join(FORMAT_OF_VERSION)
        raise UnsupportedVersionError(
            f"unknown SSTable version {name!r} of format {sstable_format!r}; cqlite reads {known}",
            where,
        )
    if expected != sstable_format:
        raise UnsupportedVersionError(
            f"SSTable version {name!r} belongs to format {expected!r}, not {sstable_format!r}",
            where,
        )
    return Version(name, sstable_format)
