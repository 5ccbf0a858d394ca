"""One SSTable as a whole."""

from cqlite.sstable.sstable import SSTable

__all__ = ["SSTable"]
