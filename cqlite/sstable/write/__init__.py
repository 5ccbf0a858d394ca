"""Writing SSTables, byte for byte as Cassandra 5.0 does."""

from cqlite.sstable.write.rewrite import rewrite, settings_for, settings_of
from cqlite.sstable.write.settings import Provenance, Settings
from cqlite.sstable.write.table_writer import Writer
from cqlite.sstable.write.writer import WRITTEN_VERSIONS, SSTableWriter

__all__ = [
    "WRITTEN_VERSIONS",
    "Provenance",
    "SSTableWriter",
    "Settings",
    "Writer",
    "rewrite",
    "settings_for",
    "settings_of",
]
