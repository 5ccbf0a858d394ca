"""cqlite-py of PyPI streams a query's rows: FOLDER SCHEMA.cql KEYSPACE.TABLE."""

from __future__ import annotations

import sys

from serve import serve

import cqlite

folder, schema, table = sys.argv[1:]
with cqlite.open(folder, schema=schema) as database:

    def scan() -> int:
        """All rows, counted; their values are not asked for."""
        return sum(1 for _ in database.execute_streaming(f"SELECT * FROM {table}"))

    serve(scan)
