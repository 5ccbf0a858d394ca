"""CQL's SELECT over tables: what ``org.apache.cassandra.cql3`` does for it."""

from cqlite.query.result import ResultColumn, ResultSet, Row

__all__ = ["ResultColumn", "ResultSet", "Row"]
