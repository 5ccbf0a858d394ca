"""What a gold master is made from."""

from __future__ import annotations

from dataclasses import dataclass

KEYSPACE = "goldmaster"
"""The keyspace of every table."""

T0 = 1_700_000_000_000_000
"""The first write timestamp, in microseconds."""

SHORT_TTLS = (1, 2)
"""Times to live, in seconds, that have ended when anything is asked."""

NODES = ("da", "oa", "nb")
"""Versions that nodes of 5.0.6 write."""

LEGACY = ("me", "md", "mc")
"""Versions that their own releases' CQLSSTableWriter writes."""

VERSIONS = NODES + LEGACY


@dataclass(frozen=True)
class Case:
    """One table with what is written into it; one SSTable per flush, or all of them compacted.

    name: unique, and a valid folder name; pattern: what kind of data it is; table: the table's
    name in CQL, with the keyspace; types, create: CREATE statements; flushes: the statements
    before each flush; compressor: its name, or `none`; chunk_kib: kibibytes a chunk; features:
    what it covers; key: the primary key's columns in CQL; is_compacted: into one SSTable, after
    what was to expire soon has expired.
    """

    name: str
    pattern: str
    table: str
    types: tuple[str, ...]
    create: str
    flushes: tuple[tuple[str, ...], ...]
    compressor: str
    chunk_kib: int
    features: frozenset[str]
    key: tuple[str, ...]
    is_compacted: bool = False

    @property
    def num_sstables(self) -> int:
        """How many SSTables come of it."""
        return 1 if self.is_compacted else len(self.flushes)

    @property
    def in_order(self) -> bool:
        """Whether the statements' order decides; those of others carry timestamps."""
        return "counter" in self.features


def compression(name: str, chunk_kib: int) -> str:
    """The table option for a compressor, `none` for none."""
    if name == "none":
        return "compression = {'enabled': 'false'}"
    return f"compression = {{'class': '{name}Compressor', 'chunk_length_in_kb': '{chunk_kib}'}}"
