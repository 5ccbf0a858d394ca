"""WHERE clauses: ``org.apache.cassandra.cql3.restrictions``."""

from cqlite.sstable.select.where.compiled import compile_where

__all__ = ["compile_where"]
