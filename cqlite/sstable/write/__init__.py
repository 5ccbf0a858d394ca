"""Writing SSTables, byte for byte as Cassandra 5.0 does."""

from cqlite.sstable.write.rewrite import rewrite, settings_of
from cqlite.sstable.write.settings import Provenance, Settings
from cqlite.sstable.write.writer import SSTableWriter

__all__ = ["Provenance", "SSTableWriter", "Settings", "rewrite", "settings_of"]
